"""What a file of records says: its head, then its rows, block by block, every cell as text.

CSV (comma, semicolon, tab; UTF-8 or UTF-16), Excel (excel.py) and Parquet. Typed cells become the
text an official would write: numbers with a decimal comma, days as 2025-07-02; so that one check
serves all kinds of files.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from namro.measuring.records import excel

SUFFIXES = (".csv", ".txt", ".xlsx", ".xlsm", ".parquet")
BLOCK = 50_000
_TURNED = 500


class UnreadableRecords(Exception):
    """A file that cannot be read on: code, message, suggestion."""


@dataclass(frozen=True)
class Block:
    """Some rows: their lines in the file, and one sequence of texts a column of the head.

    `misshapen`: (line, cells) of rows with more or fewer cells than the head.
    """

    lines: Sequence[int]
    columns: Sequence[Sequence[str]]
    misshapen: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True)
class Opened:
    """A file at its head: `names` of the columns and their line; `blocks` is read once.

    `sheet`: the sheet of a workbook. `failed`: line and column → what a formula came to (#REF!).
    `total`: rows, where the file says so before it is read.
    """

    names: Sequence[str]
    line: int
    blocks: Iterator[Block]
    sheet: str = ""
    failed: excel.Failed | None = None
    total: int | None = None


@contextmanager
def opened(
    file: Path, is_head: Callable[[Sequence[str]], bool], suffix: str = ""
) -> Iterator[Opened]:
    """Open a file of records at its head.

    `is_head`: whether a row names columns of the data set (a workbook has titles above its head).
    `suffix`: the kind of file where its name does not say it. Raises UnreadableRecords, also while
    the blocks are read.
    """
    kind = (suffix or file.suffix).lower()
    if kind == ".parquet":
        with _parquet_faults(), pq.ParquetFile(file) as held:
            names, total = held.schema_arrow.names, held.metadata.num_rows
            yield Opened(names, 0, _parquet_blocks(held), total=total)
    elif kind in (".xlsx", ".xlsm"):
        with _excel_faults(), excel.sheets(file) as book:
            sheet = excel.sheet_of_records(book, lambda row: is_head([spoken(c) for c in row]))
            names = [spoken(cell) for cell in sheet.head]
            blocks = _excel_blocks(sheet, len(names))
            yield Opened(names, sheet.line, blocks, sheet.name, sheet.failed)
    else:
        with _csv_faults(), file.open(encoding=_encoding(file), newline="") as text:
            yield _csv(text)


def _csv(text: TextIO) -> Opened:
    line, head = 1, text.readline()
    if head.lower().startswith("sep="):  # Excel's own word for the mark between cells
        line, head = 2, text.readline()
    mark = max(",;\t", key=head.count)
    names = next(csv.reader([head], delimiter=mark), [])
    return Opened(names, line, _csv_blocks(text, mark, len(names), line))


@contextmanager
def _csv_faults() -> Iterator[None]:
    try:
        yield
    except UnicodeError as why:
        hint = "Lưu lại tệp dạng “CSV UTF-8”."
        raise UnreadableRecords("NOT_UTF8", "Tệp không phải mã UTF-8.", hint) from why
    except csv.Error as why:
        said = f"Tệp không đúng dạng CSV ({why})."
        raise UnreadableRecords("NOT_CSV", said, "Xuất lại tệp từ phần mềm.") from why


@contextmanager
def _excel_faults() -> Iterator[None]:
    try:
        yield
    except excel.BadWorkbook as why:
        raise UnreadableRecords(*why.args) from why


@contextmanager
def _parquet_faults() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as why:
        hint = "Xuất lại tệp từ phần mềm."
        raise UnreadableRecords("NOT_PARQUET", "Tệp không đúng dạng Parquet.", hint) from why


def _encoding(file: Path) -> str:
    with file.open("rb") as start:
        return "utf-16" if start.read(2) in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _csv_blocks(text: TextIO, mark: str, width: int, before: int) -> Iterator[Block]:
    reader = csv.reader(text, delimiter=mark, strict=True)
    gathered = _Gathered(width)
    misshapen: list[tuple[int, int]] = []
    for cells in reader:
        if len(cells) != width:
            if any(cells):
                misshapen.append((reader.line_num + before, len(cells)))
        elif any(cells):
            gathered.add(reader.line_num + before, cells)
        if len(gathered.lines) + len(misshapen) >= BLOCK:
            yield gathered.block(misshapen)
            gathered, misshapen = _Gathered(width), []
    yield gathered.block(misshapen)


def _excel_blocks(sheet: excel.Sheet, width: int) -> Iterator[Block]:
    gathered = _Gathered(width)
    for line, cells in sheet.rows:
        texts = [cell if type(cell) is str else spoken(cell) for cell in cells[:width]]
        texts += [""] * (width - len(texts))
        if any(texts) or sheet.failed.touches(line, width):
            gathered.add(line, texts)
        if len(gathered.lines) >= BLOCK:
            yield gathered.block()
            gathered = _Gathered(width)
    yield gathered.block()


class _Gathered:
    """Rows on their way to a block, turned into columns a few at a time: of hundreds of thousands
    of short lists kept alive, the collector would look at each again and again."""

    def __init__(self, width: int) -> None:
        self.lines: list[int] = []
        self._columns: list[list[str]] = [[] for _ in range(width)]
        self._rows: list[Sequence[str]] = []

    def add(self, line: int, row: Sequence[str]) -> None:
        self.lines.append(line)
        self._rows.append(row)
        if len(self._rows) == _TURNED:
            self._turn()

    def _turn(self) -> None:
        for column, texts in zip(self._columns, zip(*self._rows, strict=True), strict=False):
            column.extend(texts)
        self._rows.clear()

    def block(self, misshapen: Sequence[tuple[int, int]] = ()) -> Block:
        """What was gathered, as a block."""
        self._turn()
        return Block(self.lines, self._columns, misshapen)


def _parquet_blocks(held: Any) -> Iterator[Block]:
    done = 0
    for batch in held.iter_batches(batch_size=BLOCK):
        columns = [[spoken(cell) for cell in column.to_pylist()] for column in batch.columns]
        yield Block(range(done + 1, done + batch.num_rows + 1), columns)
        done += batch.num_rows


def spoken(cell: Any) -> str:
    """A typed cell as an official writes it; nothing is rounded."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bool):
        return "có" if cell else "không"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float | Decimal):
        return f"{Decimal(str(cell)):f}".replace(".", ",")
    if isinstance(cell, datetime):
        whole = cell.time() == time()
        return cell.date().isoformat() if whole else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
