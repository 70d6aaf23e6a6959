"""A copy of a refused file with its faults written in: what was said, and beside it what is wrong.

Of a form all of it is there (workbook.fault_copy). Of raw records only columns that a data set
keeps are in it, and none that names a person; a short file is copied whole, of a long one the rows
that have faults. It lies in a folder of its own and goes with it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePath
from typing import Any

import xlsxwriter
from django.conf import settings

from namro.measuring.kinds import Dataset
from namro.measuring.records import CellFault, RecordsRead, opened, told_faults
from namro.measuring.records.door import columns_by_title, is_head
from namro.measuring.records.faults import letters
from namro.vietnamese import capitalised
from namro.web.facts.library import library
from namro.web.reporting.models import Duty, RecordFile
from namro.workbook import Layout, Marked, ReadReturn, Returned, write_fault_copy

WHOLE_UP_TO = 20_000
_MOST_ROWS = 1_048_575
_FAULT_WIDTH, _CELL_WIDTH = 60, 18
_SECRET = "(không lưu)"
Row = tuple[int, Sequence[str], list[CellFault]]


def folder() -> Path:
    """Where the copies lie."""
    kept = Path(settings.NAMRO_HOME) / "refused"
    kept.mkdir(mode=0o700, parents=True, exist_ok=True)
    return kept


def path_of(kept: RecordFile) -> Path:
    """The copy of a refused file."""
    return folder() / f"{kept.pk}.xlsx"


def path_of_duty(duty: Duty) -> Path:
    """The copy of the last form refused on a duty's own page."""
    return folder() / f"duty-{duty.pk}.xlsx"


def path_of_delivered(delivery: int, position: int) -> Path:
    """The copy of a refused file of a delivery of many."""
    return folder() / f"forms-{delivery}-{position}.xlsx"


def write_of_duty(duty: Duty, returned: Returned, layout: Layout, found: ReadReturn) -> bool:
    """Write the copy of a refused form; False where the file is not that form at all."""
    if not found.recognised:
        return False
    write_forms(path_of_duty(duty), returned, [Marked(layout, found.errors)])
    return True


def write_forms(out: Path, returned: Returned, forms: Sequence[Marked]) -> None:
    """Write a copy of a returned file with these of its forms, whole or not at all."""
    beside = out.with_suffix(".part")
    try:
        write_fault_copy(returned, forms, beside)
        os.replace(beside, out)
    finally:
        beside.unlink(missing_ok=True)


def write(kept: RecordFile, source: Path, read: RecordsRead | None) -> bool:
    """Write the copy of a file that was refused; False where it has no rows to show."""
    if read is None or read.all_faults is None or not read.places:
        return False
    dataset = library().datasets[kept.dataset]
    columns = columns_by_title(dataset)
    beside = folder() / f".{kept.pk}.part"
    try:
        suffix = PurePath(kept.file_name).suffix
        with opened(source, lambda row: is_head(row, columns), suffix) as file:
            rows = _rows(file.blocks, read)
            _sheet(beside, dataset, read, rows)
        os.replace(beside, path_of(kept))
    finally:
        beside.unlink(missing_ok=True)
    return True


def _rows(blocks: Any, read: RecordsRead) -> Iterator[Row]:
    """(line, cells, faults) of the rows to show, in the order of lines; no cells where a row is
    not of the head's shape. A short file is shown whole."""
    assert read.all_faults is not None
    faults = groupby(told_faults(read.all_faults), key=lambda f: f.line)
    line, found = _next(faults)
    whole = read.checked <= WHOLE_UP_TO
    for block in blocks:
        for i, at in enumerate(block.lines):
            while line is not None and line < at:
                yield line, (), found
                line, found = _next(faults)
            if line == at or whole:
                cells = [column[i] for column in block.columns]
                yield at, cells, found if line == at else []
            if line == at:
                line, found = _next(faults)
    while line is not None:
        yield line, (), found
        line, found = _next(faults)


def _next(faults: Iterator[tuple[int, Iterator[CellFault]]]) -> tuple[int | None, list[CellFault]]:
    line, found = next(faults, (None, iter(())))
    return line, list(found)


def _sheet(out: Path, dataset: Dataset, read: RecordsRead, rows: Iterator[Row]) -> None:
    titles = {n: c.title for n, c in dataset.columns.items()}
    titles[dataset.unit] = "Mã đơn vị"
    shown = sorted(read.places.items(), key=lambda p: p[1])
    heads = ["Dòng trong tệp gốc", *(titles[n] for n, _ in shown), "Lỗi", "Cách sửa"]
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Bản ghi có lỗi")
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True})
        bad = book.add_format({"bg_color": "#FFC7CE", "border": 1})
        sheet.set_column(0, len(shown), _CELL_WIDTH)
        sheet.set_column(len(shown) + 1, len(shown) + 2, _FAULT_WIDTH)
        sheet.write_row(0, 0, heads, head)
        sheet.freeze_panes(1, 1)
        for at, (line, cells, faults) in enumerate(rows, start=1):
            if at > _MOST_ROWS:
                break
            _row(sheet, at, line, cells, faults, shown, dataset, bad)


def _row(
    sheet: Any,
    at: int,
    line: int,
    cells: Sequence[str],
    faults: list[CellFault],
    shown: list[tuple[str, int]],
    dataset: Dataset,
    bad: Any,
) -> None:
    wrong = {f.column for f in faults}
    if line:
        sheet.write_number(at, 0, line)
    for column, (name, place) in enumerate(shown, start=1):
        text = cells[place] if cells else ""
        if text and name in dataset.hashed:
            text = _SECRET
        if place in wrong:
            sheet.write_string(at, column, text, bad)
        elif text:
            sheet.write_string(at, column, text)
    if faults:
        told = (f"{_cell(f)}{capitalised(f.message)}" for f in faults)
        sheet.write_string(at, len(shown) + 1, "\n".join(told)[:32_000])
        hints = dict.fromkeys(f.suggestion for f in faults if f.suggestion)
        sheet.write_string(at, len(shown) + 2, "\n".join(hints)[:32_000])


def _cell(fault: CellFault) -> str:
    return f"Ô {letters(fault.column)}{fault.line}: " if fault.line and fault.column >= 0 else ""
