"""A returned file with its faults → the same forms again, what was typed in them, faults marked.

The cell is coloured and has a remark, a column beside the form says what is wrong, and a sheet
before all forms lists every fault with a link to its cell. It is drawn anew from the layouts: rows
that were moved stand where they belong, and mended it comes back as the form itself would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from namro.terms import Fault
from namro.workbook.layout import (
    ENTRY,
    FAULT,
    FAULT_HEADING,
    FAULT_SHEET,
    HEAD_ROW,
    KEY_SHEET,
    NOTE,
    Layout,
    Spot,
    cell_name,
)
from namro.workbook.package import SheetCells
from namro.workbook.read import find_moved
from namro.workbook.returned import Returned
from namro.workbook.write import (
    OPEN,
    Looks,
    begin,
    check_forms,
    draw_sheet,
    height_of,
    shape_of,
    write_key,
)

_MOST_TEXT = 32_000
_WRONG = OPEN | {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
_FAULT_WIDTH = 60
_WIDTHS = (6, 26, 10, 80, 60)
_HEADS = ("TT", "Trang tính", "Ô", "Lỗi", "Cách sửa")
_HOW = (
    "Sửa ngay trong tệp này ở các ô nền đỏ rồi gửi lại tệp; các số khác giữ nguyên như đã ghi. "
    "Trang tính và ô đồng chí thêm vào ngoài biểu không có trong bản sao này."
)


@dataclass(frozen=True)
class Marked:
    """A form and what is wrong with it; the faults name their cells as `read` does."""

    layout: Layout
    faults: Sequence[Fault] = ()


def write_fault_copy(returned: Returned, forms: Sequence[Marked], out: Path) -> None:
    """Writes the copy of a file that was refused: all its forms, the sound ones too.

    ValueError as `write.write_many`.
    """
    layouts = [_as_seen(returned, form.layout) for form in forms]
    check_forms(layouts)
    with xlsxwriter.Workbook(str(out), {"in_memory": True}) as book:
        looks = Looks(book)
        _draw_faults(book.add_worksheet(FAULT_SHEET), forms, looks)
        begin(book, layouts, looks)
        for form in forms:
            _draw_form(book, returned, form, looks)
        write_key(book.add_worksheet(KEY_SHEET), layouts)


def _as_seen(returned: Returned, layout: Layout) -> Layout:
    """The layout with what the form's author had before them: the copy rests on the same."""
    form = returned.form_of(layout.key)
    return replace(layout, seen=form.seen if form else None)


def _draw_faults(page: Any, forms: Sequence[Marked], looks: Looks) -> None:
    page.merge_range(0, 0, 0, len(_HEADS) - 1, "", looks("title"))
    page.write_string(0, 0, "CÁC LỖI CẦN SỬA", looks("title"))
    page.merge_range(1, 0, 1, len(_HEADS) - 1, "", looks("wrapped"))
    page.write_string(1, 0, _HOW, looks("wrapped"))
    page.set_row(1, 34)
    for column, (head, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        page.write_string(3, column, head, looks("head"))
        page.set_column(column, column, width)
    faults = ((form, fault) for form in forms for fault in form.faults)
    for row, (form, fault) in enumerate(faults, start=4):
        sheet, _, cell = (_cell(fault) or "").rpartition("!")
        sheet = sheet or form.layout.sheets[0].title
        page.write_number(row, 0, row - 3, looks("middle"))
        page.write_string(row, 1, sheet, looks("label"))
        if cell:
            page.write_url(row, 2, f"internal:'{sheet}'!{cell}", looks("link"), cell)
        page.write_string(row, 3, fault.message[:_MOST_TEXT], looks("label"))
        page.write_string(row, 4, (fault.suggestion or "")[:_MOST_TEXT], looks("label"))
        page.set_row(row, _room(fault.message, _WIDTHS[3]))
    page.freeze_panes(4, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.activate()


def _room(text: str, width: int) -> float:
    """Height for a wrapped text: programs other than Excel do not grow rows on opening."""
    lines = sum(-(-len(line) // (width - 8)) or 1 for line in text.split("\n"))
    return min(16.5 * lines + 4, 400.0)


def _cell(fault: Fault) -> str | None:
    return fault.place.cell if fault.place else None


def _draw_form(book: Any, returned: Returned, form: Marked, looks: Looks) -> None:
    wrong: dict[str, list[Fault]] = {}
    for fault in form.faults:
        if cell := _cell(fault):
            wrong.setdefault(cell, []).append(fault)
    for sheet in form.layout.sheets:
        page = book.add_worksheet(sheet.title)
        draw_sheet(page, form.layout, sheet, looks)
        page.set_column(FAULT, FAULT, _FAULT_WIDTH)
        page.write_string(HEAD_ROW, FAULT, FAULT_HEADING, looks("head"))
        cells = returned.sheets.get(sheet.title, SheetCells(sheet.title))
        for spot, row in _places(cells, list(form.layout.spots_of(sheet.title))):
            faults = wrong.get(spot.cell, ())
            raw = cells.values.get((row, ENTRY))
            shape = shape_of(spot.asked) | _shape_of_raw(raw)
            look = looks("figure", **shape, **(_WRONG if faults else OPEN))
            _write_raw(page, spot.row, ENTRY, raw, look)
            note = looks("note", **OPEN)
            _write_raw(page, spot.row, NOTE, cells.values.get((row, NOTE)), note)
            if faults:
                _say(page, spot, faults, looks)


def _places(cells: SheetCells, spots: Sequence[Spot]) -> Iterator[tuple[Spot, int]]:
    """Each row and where its answer stands in the file; -1 where its label is gone."""
    moved: Mapping[Spot, int | None] = find_moved(cells, spots)
    for spot in spots:
        now = moved.get(spot, spot.row)
        yield spot, -1 if now is None else now


def _say(page: Any, spot: Spot, faults: Sequence[Fault], looks: Looks) -> None:
    told = "\n".join(f"{f.message} {f.suggestion or ''}".strip() for f in faults)[:_MOST_TEXT]
    page.write_string(spot.row, FAULT, told, looks("label", font_color="#9C0006"))
    page.set_row(spot.row, max(height_of(spot.asked), _room(told, _FAULT_WIDTH)))
    size = {"x_scale": 2.5, "y_scale": 1.5, "author": "Năm Rõ"}
    page.write_comment(cell_name("", spot.row, ENTRY)[1:], told[:1000], size)


def _shape_of_raw(raw: Any) -> dict[str, Any]:
    """A day stays a day, a time a time, whatever the row asks."""
    if isinstance(raw, date):
        return {"num_format": "dd/mm/yyyy"}
    return {"num_format": "hh:mm:ss"} if isinstance(raw, time | timedelta) else {}


def _write_raw(page: Any, row: int, column: int, raw: Any, look: Any) -> None:
    """What was typed, of the kind it was; a formula is not kept, only what it came to."""
    if raw is None:
        page.write_blank(row, column, None, look)
    elif isinstance(raw, bool):
        page.write_boolean(row, column, raw, look)
    elif isinstance(raw, int | float):
        page.write_number(row, column, raw, look)
    elif isinstance(raw, datetime | date | time | timedelta):
        page.write_datetime(row, column, raw, look)
    else:
        page.write_string(row, column, str(raw)[:_MOST_TEXT], look)
