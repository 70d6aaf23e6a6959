"""Raw records at the door: a CSV file in, one Parquet slice out, or faults and no file at all.

Columns that are not to be kept (names, identity numbers) are never read into a value; hashed ones
are kept only as keyed hashes, so that a person is not counted twice and not known either.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa

from namro.measuring.cells import BadCell, remembering, typed_parser
from namro.measuring.compile import columns_used, tally_of_slice
from namro.measuring.engines import in_memory
from namro.measuring.kinds import Column, Count, Dataset
from namro.measuring.schema import records_table, slice_path
from namro.measuring.store import arrow_schema, write_parquet
from namro.terms import Fault, Period, Place
from namro.vietnamese import fold, format_date, tidy

SHOWN_FAULTS = 100
_CHUNK = 20_000
_UNIT_TITLES = ("Mã đơn vị", "Đơn vị")


@dataclass(frozen=True)
class RecordsRead:
    """What came of a CSV file: rows and rows per unit, or the faults that stopped it.

    `path` is the slice written, None with faults. `ignored` are columns that are not kept.
    """

    rows: int
    slices: Mapping[str, int]
    faults: tuple[Fault, ...]
    path: Path | None = None
    ignored: tuple[str, ...] = ()


class _Faults:
    """Faults found so far; keeps the first hundred and counts the rest."""

    def __init__(self, file: str) -> None:
        self._file, self._found, self._more = file, list[Fault](), 0

    def add(self, code: str, message: str, suggestion: str, line: int | None = None) -> None:
        if len(self._found) >= SHOWN_FAULTS:
            self._more += 1
            return
        where = f"Dòng {line}: " if line else ""
        place = Place(file=self._file, line=line)
        self._found.append(Fault(code, where + message, suggestion, place))

    def __bool__(self) -> bool:
        return bool(self._found)

    def all(self) -> tuple[Fault, ...]:
        if not self._more:
            return tuple(self._found)
        more = f"Còn {self._more} lỗi khác chưa liệt kê."
        hint = "Sửa các lỗi trên rồi nộp lại tệp."
        return (*self._found, Fault("MORE_FAULTS", more, hint, Place(file=self._file)))


def receive(
    csv_path: Path,
    dataset: Dataset,
    *,
    units: set[str],
    period: Period,
    batch: str,
    out: Path,
    hash_key: bytes,
) -> RecordsRead:
    """Check a CSV of raw records and write its slice, sorted by unit; all or nothing.

    The file is UTF-8 (with or without a BOM), comma, semicolon or tab; its head names the columns
    by slug or Vietnamese title, in any order. `units`: codes that may send records. Every date of
    the dataset's date column must lie in `period` by the dataset's calendar. `out`: the store, or
    the very .parquet file. With faults (Vietnamese, by line and column) nothing is written.
    """
    faults = _Faults(csv_path.name)
    door = _Door(dataset, units, period, batch, hash_key, faults)
    try:
        with csv_path.open(encoding="utf-8-sig", newline="") as file:
            door.read(file)
    except UnicodeDecodeError:
        faults.add("NOT_UTF8", "Tệp không phải mã UTF-8.", "Lưu lại tệp dạng “CSV UTF-8”.")
    except csv.Error as why:
        faults.add("NOT_CSV", f"Tệp không đúng dạng CSV ({why}).", "Xuất lại tệp từ phần mềm.")
    if not faults and not door.rows:
        faults.add("NO_ROWS", "Tệp không có bản ghi nào.", "Kiểm tra lại tệp đã xuất.")
    if faults:
        return RecordsRead(0, {}, faults.all(), ignored=door.ignored)
    path = out if out.suffix == ".parquet" else slice_path(out, dataset.slug, period.code, batch)
    write_parquet(door.table(), path)
    return RecordsRead(door.rows, dict(sorted(door.slices.items())), (), path, door.ignored)


@dataclass
class _Door:
    dataset: Dataset
    units: set[str]
    period: Period
    batch: str
    hash_key: bytes
    faults: _Faults
    rows: int = 0
    ignored: tuple[str, ...] = ()
    slices: Counter[str] = field(default_factory=Counter)
    _keys: set[str] = field(default_factory=set)
    _chunks: list[Any] = field(default_factory=list)

    def read(self, file: TextIO) -> None:
        head = file.readline()
        mark = max(",;\t", key=head.count)
        names = next(csv.reader([head], delimiter=mark), [])
        places = self._places(names)
        if places is None:
            return
        columns = list(places)
        parsers = [self._parser(name) for name in columns]
        at = [places[name] for name in columns]
        waiting: list[list[Any]] = []
        reader = csv.reader(file, delimiter=mark, strict=True)
        for cells in reader:
            if not any(cells):
                continue
            row = self._row(cells, len(names), at, parsers, reader.line_num + 1)
            if row is not None and not self.faults:
                waiting.append(row)
            if len(waiting) >= _CHUNK:
                self._keep(columns, waiting)
                waiting = []
        self._keep(columns, waiting)

    def _places(self, names: list[str]) -> dict[str, int] | None:
        """Column → its place in the file; None (and faults) when one is missing or doubled."""
        told = {n: [n, c.title] for n, c in self.dataset.columns.items()}
        told[self.dataset.unit] = [self.dataset.unit, *_UNIT_TITLES]
        known = {fold(word): name for name, words in told.items() for word in words}
        found: dict[str, int] = {}
        ignored = []
        for place, name in enumerate(names):
            column = known.get(fold(name))
            if column is None:
                ignored.append(tidy(name))
            elif column in found:
                hint = "Mỗi cột chỉ để một lần."
                self.faults.add("DOUBLE_COLUMN", f"cột “{tidy(name)}” có hai lần.", hint, 1)
            else:
                found[column] = place
        self.ignored = tuple(ignored)
        self._missing(found)
        return None if self.faults else found

    def _missing(self, found: Mapping[str, int]) -> None:
        titles = {self.dataset.unit: _UNIT_TITLES[0]}
        titles |= {n: c.title for n, c in self.dataset.columns.items() if c.required}
        for name, title in titles.items():
            if name not in found:
                hint = "Thêm cột này vào dòng đầu của tệp."
                self.faults.add("MISSING_COLUMN", f"thiếu cột “{title}”.", hint, 1)

    def _row(
        self,
        cells: list[str],
        width: int,
        at: list[int],
        parsers: list[Callable[[str], Any]],
        line: int,
    ) -> list[Any] | None:
        if len(cells) != width:
            message = f"có {len(cells)} ô, dòng đầu có {width} cột."
            self.faults.add(
                "WRONG_WIDTH", message, "Kiểm tra dấu phân cách và dấu ngoặc kép.", line
            )
            return None
        row: list[Any] = []
        for place, parse in zip(at, parsers, strict=True):
            try:
                row.append(parse(cells[place].strip()))
            except BadCell as bad:
                code, message, suggestion = bad.args
                self.faults.add(code, message, suggestion, line)
                row.append(None)
        row.append(line)
        return row

    def _keep(self, columns: list[str], rows: list[list[Any]]) -> None:
        """A chunk of rows into columns; the units and keys are counted on the way."""
        if not rows:
            return
        told = dict(zip([*columns, "row"], zip(*rows, strict=True), strict=True))
        self.slices.update(told[self.dataset.unit])
        self.rows += len(rows)
        told["unit"] = told[self.dataset.unit]
        told["batch"] = (self.batch,) * len(rows)
        schema = arrow_schema(records_table(self.dataset))
        empty = (None,) * len(rows)
        arrays = [pa.array(told.get(f.name, empty), type=f.type) for f in schema]
        self._chunks.append(pa.Table.from_arrays(arrays, schema=schema))

    def table(self) -> Any:
        """Every row kept, by unit and by line."""
        return pa.concat_tables(self._chunks).sort_by([("unit", "ascending"), ("row", "ascending")])

    def _parser(self, name: str) -> Callable[[str], Any]:
        """Cell text → value for a column; what it returns for a text is remembered."""
        if name == self.dataset.unit:
            return remembering(self._unit)
        column = self.dataset.columns[name]
        parse = typed_parser(column)
        if name == self.dataset.date:
            parse = self._in_period(parse, column)
        if name == self.dataset.key:
            return self._once(self._hashed(name, parse), column)
        return remembering(self._hashed(name, parse))

    def _hashed(self, name: str, parse: Callable[[str], Any]) -> Callable[[str], Any]:
        if name not in self.dataset.hashed:
            return parse

        def hashed(text: str) -> str | None:
            value = parse(text)
            if value is None:
                return None
            return hmac.digest(self.hash_key, str(value).encode(), hashlib.sha256).hex()[:32]

        return hashed

    def _unit(self, text: str) -> str:
        if text in self.units:
            return text
        message = f"cột “{_UNIT_TITLES[0]}”: không có đơn vị nào mang mã “{text}”."
        raise BadCell("UNKNOWN_UNIT", message, "Ghi đúng mã đơn vị.")

    def _once(self, parse: Callable[[str], Any], column: Column) -> Callable[[str], Any]:
        """A key may stand once in a file."""

        def once(text: str) -> Any:
            value = parse(text)
            if text in self._keys:
                hint = "Mỗi bản ghi chỉ để một dòng."
                raise BadCell(
                    "DUPLICATE_KEY", f"cột “{column.title}”: “{text}” đã có ở trên.", hint
                )
            self._keys.add(text)
            return value

        return once

    def _in_period(self, parse: Callable[[str], Any], column: Column) -> Callable[[str], Any]:
        first = self.period.first_day(self.dataset.calendar)
        last = self.period.last_day(self.dataset.calendar)

        def within(text: str) -> date | None:
            day: date | None = parse(text)
            if day is not None and not first <= day <= last:
                span = f"{format_date(first)} đến {format_date(last)}"
                message = f"cột “{column.title}”: {format_date(day)} ngoài kỳ ({span})."
                raise BadCell("DATE_OUTSIDE", message, "Chọn đúng kỳ hoặc bỏ dòng này.")
            return day

        return within


def tally(
    slices: Path | Iterable[Path], dataset: Dataset, sources: Iterable[Count]
) -> dict[tuple[str, str], int]:
    """(count slug, unit) → how many records of the slices meet each count's conditions.

    `slices`: Parquet files that `receive` wrote; `sources`: usually `library.counts_of(slug)`.
    Every unit with a row in a slice gets every count, 0 included.
    """
    files = [slices] if isinstance(slices, Path) else list(slices)
    counts = list({c.slug: c for c in sources if c.dataset == dataset.slug}.values())
    if not files or not counts:
        return {}
    with in_memory() as tables:
        records = tables.parquet(files, columns_used(counts))
        rows = tables.session().rows(tally_of_slice(records, counts))
    return {
        (count.slug, row[0]): int(row[i]) for row in rows for i, count in enumerate(counts, start=1)
    }
