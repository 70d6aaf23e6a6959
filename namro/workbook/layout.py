"""What a form asks, and where each answer stands (bố cục biểu số liệu).

A `Layout` alone decides every cell: `write` draws it, `read` compares a returned file with it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from namro.vietnamese import tidy

Kind = Literal["number", "date", "choice"]

# Columns, from 0: TT | Chỉ tiêu số liệu | Đơn vị tính | Kỳ trước | Kỳ này | Ghi chú
NUMBER, LABEL, UNIT, PREVIOUS, ENTRY, NOTE = range(6)
HEADINGS = ("TT", "Chỉ tiêu số liệu", "Đơn vị tính", "Kỳ trước", "Kỳ này", "Ghi chú")
HEAD_ROW = 5
FIRST_ROW = 6  # the first entry is E7
KEY_SHEET = "Khóa biểu mẫu"
LIST_SHEET = "Danh sách biểu"
FAULT_SHEET = "Lỗi"
OWN_SHEETS = (LIST_SHEET, FAULT_SHEET)  # the site's own, never read
FAULT, FAULT_HEADING = NOTE + 1, "Lỗi cần sửa"  # a column of a copy with its faults written in
MOST_FORMS = 100  # in one workbook
MOST_NOTE = 1000  # characters in a note
MOST_DIGITS = 15  # significant digits a spreadsheet number keeps
_FORBIDDEN_IN_SHEET_NAMES = set("[]:*?/\\'!")


def date_value(day: date) -> Decimal:
    """A day as the number it is kept as: 3 September 2025 → 20250903.

    >>> date_value(date(2025, 9, 3))
    Decimal('20250903')
    """
    return Decimal(day.year * 10000 + day.month * 100 + day.day)


def value_date(value: Decimal) -> date:
    """The day behind a date row's value (20250903); ValueError where it names no day.

    >>> value_date(Decimal(20250903))
    datetime.date(2025, 9, 3)
    """
    number = int(value)
    if number != value:
        raise ValueError(f"Không phải là ngày: {value}")
    return date(number // 10000, number // 100 % 100, number % 100)


NOTHING_WORDS = "không phát sinh"
SAYS_NOTHING = ("khong phat sinh", "kps")  # as they are written without signs


class Nothing(Decimal):
    """The figure 0 that says: nothing happened in the period (không phát sinh). It is no blank."""


NOTHING = Nothing(0)


@dataclass(frozen=True)
class Row:
    """One figure asked for (một dòng số liệu).

    `element` is the figure's slug; `digits` the decimals allowed. `minimum` None means 0: below
    zero only where a row says so. For kind "date" values and limits are `date_value` numbers.
    `at_most` names the element that must not be exceeded (the denominator); it binds where that
    element stands in the same layout. `note` is guidance, printed under the title. `previous` is
    the value of the period before. `choices` of kind "choice": what may be chosen, kept as 1, 2, …
    `nothing`: "không phát sinh" may stand there (`Nothing`).
    """

    element: str
    title: str
    unit_of_measure: str
    kind: Kind = "number"
    digits: int = 0
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    at_most: str | None = None
    note: str | None = None
    previous: Decimal | None = None
    choices: tuple[str, ...] = ()
    nothing: bool = False

    def chosen(self, value: Decimal | None) -> str:
        """The words of a kept choice; "" for none of them."""
        known = {Decimal(place): words for place, words in enumerate(self.choices, start=1)}
        return known.get(value, "") if value is not None else ""

    @property
    def label(self) -> str:
        """What stands in the title's cell: the title, and under it the guidance."""
        return f"{tidy(self.title)}\n{tidy(self.note)}" if self.note else tidy(self.title)

    @property
    def least(self) -> Decimal:
        if self.minimum is not None:
            return self.minimum
        return Decimal(19000101) if self.kind == "date" else Decimal(0)


@dataclass(frozen=True)
class Sheet:
    """One sheet of the form (một biểu): `title` is also the name of its tab."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Spot:
    """Where a row stands: sheet name, row and the visible TT number."""

    sheet: str
    row: int  # from 0
    number: int  # TT, from 1
    asked: Row

    @property
    def cell(self) -> str:
        return cell_name(self.sheet, self.row, ENTRY)


@dataclass(frozen=True)
class Layout:
    """A form for one unit and one round.

    `key` says which form it is (round, unit, receiver, version, …); `read` refuses a file with
    another key. `seen` says how much of what was filled in before the file shows (any whole
    number of the caller's); it comes back with the file. Labels are what people see. ValueError
    when a sheet name, an element or a limit cannot stand in a workbook.
    """

    key: Mapping[str, str]
    title: str
    unit_name: str
    period_label: str
    due_label: str
    sheets: tuple[Sheet, ...]
    receiver_name: str = ""
    seen: int | None = None

    def __post_init__(self) -> None:
        names = [sheet.title.casefold() for sheet in self.sheets]
        elements = [row.element for sheet in self.sheets for row in sheet.rows]
        if not elements:
            raise ValueError("Biểu mẫu không có dòng số liệu nào")
        if len({*names, KEY_SHEET.casefold()}) != len(names) + 1:
            raise ValueError("Hai biểu trùng tên")
        if len(set(elements)) != len(elements):
            raise ValueError("Một số liệu được hỏi hai lần")
        for sheet in self.sheets:
            _check_sheet_name(sheet.title)

    @cached_property
    def spots(self) -> dict[str, Spot]:
        """Element → where it stands, in the order of the form."""
        return {
            row.element: Spot(sheet.title, FIRST_ROW + place, place + 1, row)
            for sheet in self.sheets
            for place, row in enumerate(sheet.rows)
        }

    def spots_of(self, sheet: str) -> Iterator[Spot]:
        return (spot for spot in self.spots.values() if spot.sheet == sheet)

    def fixed_texts(self, sheet: Sheet) -> dict[tuple[int, int], str]:
        """(row, column) → text of every cell outside the table's rows."""
        texts = {
            (0, 0): f"Đơn vị báo cáo: {tidy(self.unit_name)}",
            (1, 0): tidy(self.title).upper(),
            (2, 0): tidy(sheet.title),
            (3, 0): f"Kỳ báo cáo: {tidy(self.period_label)}. Hạn gửi: {tidy(self.due_label)}",
            (4, 0): INSTRUCTIONS,
        }
        if self.receiver_name:
            texts[0, PREVIOUS] = f"Nơi nhận báo cáo: {tidy(self.receiver_name)}"
        texts |= {(HEAD_ROW, column): heading for column, heading in enumerate(HEADINGS)}
        end = FIRST_ROW + len(sheet.rows) + 1
        texts[end, PREVIOUS] = "Ngày        tháng        năm"
        texts[end + 1, 0] = "NGƯỜI LẬP BIỂU"
        texts[end + 1, PREVIOUS] = "THỦ TRƯỞNG ĐƠN VỊ"
        return texts

    def key_lines(self) -> list[tuple[str, ...]]:
        """The hidden sheet: the key, what people call it, and each cell's element."""
        labels = (
            ("unit", self.unit_name),
            ("round", self.period_label),
            ("receiver", self.receiver_name),
        )
        lines: list[tuple[str, ...]] = [("key", name, self.key[name]) for name in sorted(self.key)]
        lines += [("label", name, tidy(label)) for name, label in labels]
        lines += [("seen", str(self.seen))] if self.seen is not None else []
        lines += [
            ("cell", s.cell, s.asked.element, tidy(s.asked.label), s.asked.kind)
            for s in self.spots.values()
        ]
        return [line if line[-1] else line[:-1] for line in lines]  # empty cells are not stored


INSTRUCTIONS = (
    "Cách ghi: chỉ ghi vào các ô nền vàng. Chưa có số liệu thì để trống; không phát sinh "
    "thì ghi 0. Không chèn, xóa, chuyển chỗ hoặc sắp xếp lại các dòng. "
    "Điều cần giải thích ghi ở cột Ghi chú."
)


def checksum(lines: list[tuple[str, ...]]) -> str:
    """SHA-256 of the hidden sheet's lines; guards against accidents, not against forgery."""
    text = json.dumps(lines, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def column_name(column: int) -> str:
    """0 → "A", 25 → "Z", 26 → "AA"."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(sheet: str, row: int, column: int) -> str:
    """("Biểu 1", 6, 4) → "Biểu 1!E7"."""
    return f"{sheet}!{column_name(column)}{row + 1}"


def _check_sheet_name(name: str) -> None:
    if not 0 < len(name) <= 31 or set(name) & _FORBIDDEN_IN_SHEET_NAMES or name != tidy(name):
        raise ValueError(f"Tên biểu không dùng được trong Excel: {name!r}")
