"""The filled form → values with their cells, and every fault at once.

Three questions in order: can the file be opened, is it this unit's form of this round and
unchanged, and is each cell's content sound. A reader that stops at the first fault would make a
clerk come back ten times.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from namro.terms import Fault, Place
from namro.vietnamese import format_date, format_number, tidy
from namro.workbook.cells import Remark, failed_formula, parse_cell
from namro.workbook.layout import (
    ENTRY,
    FAULT,
    FAULT_HEADING,
    FIRST_ROW,
    HEAD_ROW,
    LABEL,
    MOST_NOTE,
    NOTE,
    PREVIOUS,
    UNIT,
    Layout,
    Spot,
    cell_name,
    value_date,
)
from namro.workbook.package import SheetCells, Unreadable
from namro.workbook.returned import FRESH, FoundForm, Returned, open_returned


@dataclass(frozen=True)
class Cell:
    """One answer: `value` None means left blank; `cell` as "Biểu 1!E7"; `note` the unit's own."""

    value: Decimal | None
    cell: str
    note: str | None = None


@dataclass
class ReadReturn:
    """What a file said. With any error nothing may be saved; notices are for the eye.

    `values` holds every element whose cell could be read without error, blank ones included.
    `seen` is that of the layout the file was made from; None where it says nothing. `recognised`:
    it is this form, so that its faults can be mended in its cells.
    """

    values: dict[str, Cell] = field(default_factory=dict)
    errors: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    seen: int | None = None
    recognised: bool = False

    @property
    def faults(self) -> list[Fault]:
        """Errors first, then notices."""
        return [*self.errors, *self.notices]


def read(file: Path, layout: Layout) -> ReadReturn:
    """Reads a returned form and compares it with the layout it was made from.

    Never raises for what is in the file: every fault is in the result, with its cell, a Vietnamese
    sentence and the mend. OSError only when the file is not there.
    """
    try:
        returned = open_returned(file)
    except Unreadable as unreadable:
        return ReadReturn(errors=[unreadable.fault])
    found = read_form(returned, layout)
    if returned.forms and returned.forms[0].sound:
        found.notices += returned.unread()
    return found


def read_form(returned: Returned, layout: Layout) -> ReadReturn:
    """Reads one form of an opened file, as `read` does; sheets of no form are not spoken of."""
    found, file = ReadReturn(), returned.name
    form = returned.form_of(layout.key)
    if form is None:
        found.errors.append(returned.no_key())
        return found
    found.errors += _check_key(form, layout, Place(file))
    if found.errors:
        return found
    found.seen, found.recognised = form.seen, True
    for sheet in layout.sheets:
        cells = returned.sheets.get(sheet.title)
        if cells is None:
            found.errors.append(_missing_sheet(sheet.title, Place(file)))
            continue
        moved = find_moved(cells, list(layout.spots_of(sheet.title)))
        found.errors += _say_moved(moved, file)
        for spot in layout.spots_of(sheet.title):
            if spot not in moved:
                _read_cell(cells, spot, found, file)
        if not moved:
            found.notices += _say_unread(cells, layout, file)
    found.errors += _check_ceilings(layout, found.values, file)
    if not found.errors and all(cell.value is None for cell in found.values.values()):
        said = "Biểu chưa có số liệu nào."
        fault = Fault("ALL_BLANK", said, "Nhập số liệu rồi gửi lại.", Place(file))
        found.notices.append(fault)
    return found


# --- is it the right form -------------------------------------------------------------------


def _check_key(form: FoundForm, layout: Layout, place: Place) -> list[Fault]:
    if not form.sound:
        return [Fault("KEY_ALTERED", "Trang khóa của biểu mẫu đã bị sửa.", FRESH, place)]
    faults = [
        _other_key(name, form, layout, place)
        for name in _KEY_FAULTS.keys() | layout.key.keys()
        if form.key.get(name) != layout.key.get(name)
    ]
    ours = tuple(line for line in layout.key_lines() if line[0] == "cell")
    if not faults and form.cells != ours:
        faults = [
            Fault(
                "OLD_VERSION",
                "Biểu mẫu trong tệp là bản cũ: các dòng số liệu không còn khớp với biểu hiện hành.",
                FRESH,
                place,
            )
        ]
    return sorted(faults, key=lambda fault: fault.code)


_KEY_FAULTS = {
    "unit": ("WRONG_UNIT", "Tệp này là biểu của {theirs}, không phải của {ours}."),
    "round": ("WRONG_ROUND", "Tệp này là biểu của đợt báo cáo {theirs}, không phải {ours}."),
    "receiver": ("WRONG_RECEIVER", "Tệp này gửi cho {theirs}, không phải {ours}."),
    "version": ("OLD_VERSION", "Tệp này là biểu mẫu bản {theirs}; biểu hiện hành là bản {ours}."),
}


def _other_key(name: str, form: FoundForm, layout: Layout, place: Place) -> Fault:
    code, message = _KEY_FAULTS.get(
        name,
        ("WRONG_FORM", "Tệp này là biểu mẫu khác (mã {theirs}), không phải biểu có mã {ours}."),
    )
    ours = {line[1]: line[2] for line in layout.key_lines() if line[0] == "label" and len(line) > 2}
    theirs = form.labels.get(name, "")
    return Fault(
        code,
        message.format(
            theirs=_named(theirs, ours.get(name, ""), form.key.get(name, "")),
            ours=_named(ours.get(name, ""), theirs, layout.key.get(name, "")),
        ),
        "Chọn đúng tệp, hoặc tải biểu mẫu của đơn vị mình trong đợt này.",
        place,
    )


def _named(label: str, other_label: str, key: str) -> str:
    """“xã A”; with its code where both go by the same name, or the code alone."""
    if not label:
        return f"“{key}”" if key else "“không ghi”"
    return f"“{label}” (mã {key})" if label == other_label else f"“{label}”"


# --- are the rows where they were -----------------------------------------------------------


def _missing_sheet(title: str, place: Place) -> Fault:
    return Fault(
        "SHEET_MISSING",
        f"Không thấy trang tính “{title}”: đã bị xóa hoặc đổi tên.",
        f"Đặt lại tên trang tính thành “{title}”, hoặc tải lại biểu mẫu.",
        place,
    )


def find_moved(cells: SheetCells, spots: Sequence[Spot]) -> dict[Spot, int | None]:
    """Rows whose label is no longer beside their cell → the row where it is now, or None."""
    now: dict[str, list[int]] = {}
    for (row, column), text in cells.values.items():
        if column == LABEL and isinstance(text, str):
            now.setdefault(tidy(text), []).append(row)
    moved: dict[Spot, int | None] = {}
    for spot in spots:
        places = now.get(tidy(spot.asked.label), [])
        unit = cells.values.get((spot.row, UNIT), "")
        if spot.row not in places or tidy(str(unit)) != tidy(spot.asked.unit_of_measure):
            elsewhere = [row for row in places if row != spot.row]
            moved[spot] = elsewhere[0] if elsewhere else None
    return moved


def _say_moved(moved: dict[Spot, int | None], file: str) -> Iterator[Fault]:
    """One fault per run of rows that shifted together: one inserted row is one fault."""
    shifts = [
        (spot, None if now is None else now - spot.row, spot.row - order)
        for order, (spot, now) in enumerate(moved.items())
    ]
    for (shift, _), group in groupby(shifts, key=lambda entry: entry[1:]):
        spots = [spot for spot, _, _ in group]
        first, last = spots[0], spots[-1]
        rows = f"Dòng {first.row + 1}"
        if last is not first:
            rows = f"Các dòng từ {first.row + 1} đến {last.row + 1}"
        if shift is None:
            what = f"{rows}: không còn thấy chỉ tiêu “{tidy(first.asked.title)}” như biểu đã cấp"
            message = f"{what}; dòng đã bị xóa hoặc sửa chữ."
        else:
            way = "xuống" if shift > 0 else "lên"
            message = (
                f"{rows} (từ “{tidy(first.asked.title)}”) đã bị chuyển {way} {abs(shift)} dòng: có "
                "dòng được chèn, xóa hoặc sắp xếp lại."
            )
        yield Fault("ROWS_MOVED", message, FRESH, Place(file, cell=first.cell))


# --- is each cell sound ---------------------------------------------------------------------


def _read_cell(cells: SheetCells, spot: Spot, found: ReadReturn, file: str) -> None:
    address = (spot.row, ENTRY)
    if address in cells.failed:
        value, remarks = None, [failed_formula(cells.failed[address])]
    else:
        value, remarks = parse_cell(cells.values.get(address), spot.asked)
    note, about_note = _read_note(cells, spot)
    for remark in [*remarks, *about_note]:
        (found.notices if remark.notice else found.errors).append(_fault(remark, spot, file))
    if all(remark.notice for remark in remarks):
        found.values[spot.asked.element] = Cell(value, spot.cell, note)


def _fault(remark: Remark, spot: Spot, file: str) -> Fault:
    return Fault(
        remark.code,
        f"Dòng {spot.number} “{tidy(spot.asked.title)}”: {remark.message}",
        remark.suggestion,
        Place(file, cell=spot.cell),
    )


def _read_note(cells: SheetCells, spot: Spot) -> tuple[str | None, list[Remark]]:
    raw = cells.values.get((spot.row, NOTE))
    if raw is None:
        return None, []
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    note = unicodedata.normalize("NFC", str(raw)).replace("\r\n", "\n").strip()
    if len(note) <= MOST_NOTE:
        return note, []
    return None, [
        Remark(
            "NOTE_TOO_LONG",
            f"Ghi chú dài {format_number(len(note))} ký tự, quá {format_number(MOST_NOTE)} ký tự.",
            "Rút gọn ghi chú; phần dài gửi kèm ở mục minh chứng.",
        )
    ]


def _check_ceilings(layout: Layout, values: dict[str, Cell], file: str) -> Iterator[Fault]:
    for spot in layout.spots.values():
        part, whole = values.get(spot.asked.element), values.get(spot.asked.at_most or "")
        if not part or not whole or part.value is None or whole.value is None:
            continue
        if part.value > whole.value:
            other = layout.spots[spot.asked.at_most or ""]
            small, large = (_shown(s, c.value) for s, c in ((spot, part), (other, whole)))
            yield Fault(
                "ABOVE_WHOLE",
                f"Dòng {spot.number} “{tidy(spot.asked.title)}”: {small} lớn hơn {large} của “"
                f"{tidy(other.asked.title)}” (ô {other.cell}).",
                "Kiểm tra lại cả hai số; phần không thể lớn hơn tổng.",
                Place(file, cell=spot.cell),
            )


def _shown(spot: Spot, value: Decimal | None) -> str:
    if value is None:
        return "ô trống"
    return format_date(value_date(value)) if spot.asked.kind == "date" else format_number(value)


# --- what was not read ----------------------------------------------------------------------


def _say_unread(cells: SheetCells, layout: Layout, file: str) -> Iterator[Fault]:
    """Content outside the form is not read; saying so keeps it from being lost in silence."""
    sheet = next(s for s in layout.sheets if s.title == cells.name)
    known = layout.fixed_texts(sheet)
    table = range(FIRST_ROW, FIRST_ROW + len(sheet.rows))
    marked = cells.values.get((HEAD_ROW, FAULT)) == FAULT_HEADING  # a copy that names its faults
    extra = [
        address
        for address, value in sorted(cells.values.items())
        if not (address[0] in table and address[1] <= NOTE)
        and not (address in known and tidy(str(value)) == tidy(known[address]))
        and address != (table.stop + 1, PREVIOUS)  # the date line above the signature
        and not (marked and address[1] == FAULT)
    ]
    if extra:
        names = ", ".join(cell_name(cells.name, *address) for address in extra[:5])
        more = f" và {len(extra) - 5} ô khác" if len(extra) > 5 else ""
        yield Fault(
            "CELLS_NOT_READ",
            f"Nội dung ngoài các ô của biểu không được đọc: ô {names}{more}.",
            "Điều cần giải thích ghi ở cột Ghi chú.",
            Place(file, cell=cell_name(cells.name, *extra[0])),
        )
