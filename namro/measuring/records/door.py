"""A file of records through the door: checked cell by cell, kept whole or not at all."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from namro.measuring.cells import BadCell
from namro.measuring.kinds import Dataset
from namro.measuring.records import decisions, gathering
from namro.measuring.records.columns import UNIT_TITLE, ReadColumn, columns_of
from namro.measuring.records.faults import CellFault, Faults
from namro.measuring.records.files import Block, Opened, UnreadableRecords, opened
from namro.measuring.records.units import KnownUnits
from namro.measuring.schema import records_table, slice_path
from namro.measuring.store import arrow_schema
from namro.terms import Fault, Period
from namro.vietnamese import fold, tidy

_UNIT_TITLES = (UNIT_TITLE, "Đơn vị", "Tên đơn vị", "Mã xã", "Xã, phường")
_HINT_COLUMN = "Thêm cột này vào dòng đầu của bảng."

Progress = Callable[[int, int | None], None]
"""Called with (rows checked, rows in all where the file says so)."""


@dataclass(frozen=True)
class RecordsRead:
    """What came of a file: rows and rows per unit, or the faults that stopped it.

    `path` is the slice written, None with faults. `ignored` are columns that are not kept.
    `faults` are the first; all of them stand in `all_faults` (told_faults) while the caller's
    folder is there. `places`: column → its place in the file, `checked`: rows looked at.
    """

    rows: int
    slices: Mapping[str, int]
    faults: tuple[Fault, ...]
    path: Path | None = None
    ignored: tuple[str, ...] = ()
    all_faults: Path | None = None
    places: Mapping[str, int] = field(default_factory=dict)
    sheet: str = ""
    checked: int = 0


def receive(
    file: Path,
    dataset: Dataset,
    *,
    units: KnownUnits,
    period: Period,
    batch: str,
    out: Path,
    hash_key: bytes,
    room: Path | None = None,
    suffix: str = "",
    progress: Progress | None = None,
) -> RecordsRead:
    """Check a file of raw records and write its slice, sorted by unit; all or nothing.

    CSV, Excel or Parquet (`suffix` where the name does not say it); the head names the columns by
    slug or Vietnamese title, in any order. `units`: those that may send records. Every date of the
    dataset's date column must lie in `period` by the dataset's calendar. `out`: the store, or the
    very .parquet file. `room`: a folder for what is half done and for the list of faults; without
    one that list is not kept. With faults (Vietnamese, by cell) no slice is written. A call that
    was cut off leaves nothing behind but the room; the next begins anew.
    """
    path = out if out.suffix == ".parquet" else slice_path(out, dataset.slug, period.code, batch)
    with (
        tempfile.TemporaryDirectory(dir=room) as folder,
        Faults(file.name, room or Path(folder)) as faults,
    ):
        columns = columns_by_title(dataset)
        door = _Door(dataset, units, period, batch, hash_key, faults, Path(folder), progress)
        try:
            with opened(file, lambda row: is_head(row, columns), suffix) as told:
                door.read(told, columns)
        except UnreadableRecords as why:
            faults.add(*why.args)
        rows, slices = door.finish(path)
    return RecordsRead(
        rows, slices, faults.shown(), None if faults else path, door.ignored,
        faults.written() if room else None, door.places, faults.sheet, door.rows,
    )  # fmt: skip


def columns_by_title(dataset: Dataset) -> dict[str, str]:
    """What a head may say (folded) → the column it means."""
    told = {n: [n, c.title] for n, c in dataset.columns.items()}
    told[dataset.unit] = [dataset.unit, *_UNIT_TITLES]
    return {fold(word): name for name, words in told.items() for word in words}


def is_head(row: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Whether a row names columns of the data set: two at least."""
    return len({columns[f] for name in row if (f := fold(name)) in columns}) >= 2


@dataclass
class _Door:
    dataset: Dataset
    units: KnownUnits
    period: Period
    batch: str
    hash_key: bytes
    faults: Faults
    folder: Path
    progress: Progress | None
    rows: int = 0
    ignored: tuple[str, ...] = ()
    places: dict[str, int] = field(default_factory=dict)
    slices: Counter[str] = field(default_factory=Counter)
    _parts: Any = None

    def read(self, file: Opened, columns: Mapping[str, str]) -> None:
        self.faults.sheet = file.sheet
        self._place(file, columns)
        if self.faults:
            return
        readers = columns_of(
            self.dataset, list(self.places), self.units, self.period, self.hash_key
        )
        schema = arrow_schema(records_table(self.dataset))
        with pq.ParquetWriter(self.folder / "parts.parquet", schema, compression="zstd") as parts:
            for block in file.blocks:
                self._take(block, file, readers, parts, schema)
                if self.progress:
                    self.progress(self.rows, file.total)

    def _place(self, file: Opened, columns: Mapping[str, str]) -> None:
        """Find each column's place in the file; faults when one is missing or doubled."""
        ignored = []
        for place, name in enumerate(file.names):
            column = columns.get(fold(name))
            if column is None:
                ignored.append(tidy(name))
            elif column in self.places:
                said = f"cột “{tidy(name)}” có hai lần."
                self.faults.add("DOUBLE_COLUMN", said, "Mỗi cột chỉ để một lần.", file.line, place)
            else:
                self.places[column] = place
        self.ignored = tuple(name for name in ignored if name)
        titles = {self.dataset.unit: UNIT_TITLE}
        titles |= {n: c.title for n, c in self.dataset.columns.items() if c.required}
        for name, title in titles.items():
            if name not in self.places:
                said = f"thiếu cột “{title}”."
                self.faults.add("MISSING_COLUMN", said, _HINT_COLUMN, file.line)

    def _take(
        self,
        block: Block,
        file: Opened,
        readers: Mapping[str, ReadColumn],
        parts: Any,
        schema: Any,
    ) -> None:
        """A block of rows: values to the parts, what is wrong to the faults, in order of lines."""
        told: dict[str, Any] = {}
        wrong = _misshapen(block, len(file.names)) + _failed(block, file, self.places)
        for name, reader in readers.items():
            place = self.places[name]
            told[name], bad = reader.read(block.columns[place])
            wrong += [CellFault(block.lines[i], place, *why.args) for i, why in bad]
        for fault in sorted(_once_a_cell(wrong)):
            self.faults.add(fault.code, fault.message, fault.suggestion, fault.line, fault.column)
        count = len(block.lines)
        self.slices.update(u for u in told[self.dataset.unit] if u is not None)
        self.rows += count
        told |= {"row": block.lines, "unit": told[self.dataset.unit], "batch": [self.batch] * count}
        empty = [None] * count
        arrays = [pa.array(told.get(f.name, empty), type=f.type) for f in schema]
        parts.write_table(pa.Table.from_arrays(arrays, schema=schema))

    def finish(self, path: Path) -> tuple[int, Mapping[str, int]]:
        """Look for keys that stand twice; without faults, write the slice."""
        parts = self.folder / "parts.parquet"
        if self.rows:
            title = self.dataset.columns[self.dataset.key].title
            place = self.places[self.dataset.key]
            secret = self.dataset.key in self.dataset.hashed
            doubled = gathering.doubled_keys(parts, self.dataset.key, self.folder)
            self.faults.join(
                CellFault(line, place, *_doubled(title, "" if secret else key, first))
                for line, first, key in doubled
            )
            self.faults.join(
                CellFault(line, self.places[column], "MIXED_VERSION", said, hint)
                for line, column, said, hint in decisions.mixed(parts, self.dataset, self.folder)
            )
        if not self.faults and not self.rows:
            self.faults.add("NO_ROWS", "Tệp không có bản ghi nào.", "Kiểm tra lại tệp đã xuất.")
        if self.faults:
            return 0, {}
        gathering.in_order(parts, path, self.folder)
        return self.rows, dict(sorted(self.slices.items()))


def _doubled(title: str, key: str, first: int) -> tuple[str, str, str]:
    said = f"“{key}” đã có ở dòng {first}" if key else f"trùng với dòng {first}"
    return "DUPLICATE_KEY", f"cột “{title}”: {said}.", "Mỗi bản ghi chỉ để một dòng."


def _misshapen(block: Block, width: int) -> list[CellFault]:
    hint = "Kiểm tra dấu phân cách và dấu ngoặc kép."
    return [
        CellFault(line, -1, "WRONG_WIDTH", f"có {cells} ô, dòng đầu có {width} cột.", hint)
        for line, cells in block.misshapen
    ]


def _failed(block: Block, file: Opened, places: Mapping[str, int]) -> list[CellFault]:
    """Formulas that came to nothing, in the columns that are kept."""
    if file.failed is None or not file.failed.cells:
        return []
    found = []
    wanted = set(places.values())
    for line in block.lines:
        for column, said in file.failed.cells.get(line, {}).items():
            if column in wanted:
                why = BadCell(
                    "FORMULA",
                    f"công thức báo lỗi {said}." if said else "công thức chưa được tính.",
                    "Tính lại, rồi dán giá trị thay cho công thức.",
                )
                found.append(CellFault(line, column, *why.args))
    return found


def _once_a_cell(faults: list[CellFault]) -> list[CellFault]:
    """A formula's fault says it all: the cell is not said to be empty besides."""
    formulas = {(f.line, f.column) for f in faults if f.code == "FORMULA"}
    return [f for f in faults if f.code == "FORMULA" or (f.line, f.column) not in formulas]
