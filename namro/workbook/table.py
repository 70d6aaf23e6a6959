"""A list on the site → the same list as a plain .xlsx (xuất danh sách)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, Literal

import xlsxwriter

_MADE = datetime(2025, 1, 1)  # noqa: DTZ001  a fixed moment: the file's bytes depend on its content only
_BASE: dict[str, Any] = {
    "font_name": "Times New Roman",
    "font_size": 12,
    "valign": "top",
    "border": 1,
}
_HEAD_ROW = 3
_MOST_TEXT = 32_767  # characters a cell can hold
_MOST_ROWS = 1_048_576 - _HEAD_ROW - 1
_MOST_DIGITS = 15
_CUT = " […]"
_LINE = 16.0  # points
_MOST_HEIGHT = 400.0

ColumnKind = Literal["text", "number", "percent", "date", "moment"]
Value = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True)
class Column:
    """A column: `width` in characters. Kinds: "text"; "number" (with `digits` decimals, or as many
    as there are); "percent" (71.9 is shown as 71,9%); "date"; "moment" (date and time)."""

    title: str
    width: float = 16
    kind: ColumnKind = "text"
    digits: int | None = None


class TooManyRows(ValueError):
    """More rows than a sheet can hold."""


def write_table(
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    out: Path | BinaryIO,
    *,
    as_of: str = "",
) -> None:
    """Writes a list: title, the line that says as of when (`as_of`, a Vietnamese sentence), a
    frozen head with filters, then one line per row of values in the order of `columns`.

    `out` is a path or a binary file. Text is always stored as text, so that no content can act
    as a formula. Moments are written as they are given; their time zone is the caller's matter.
    Raises TooManyRows, and ValueError for a row of another length.
    """
    target = out if not isinstance(out, Path) else str(out)
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, {"in_memory": True, **plain}) as book:
        book.set_properties({"title": title, "created": _MADE})
        page = book.add_worksheet("Danh sách")
        _write_head(book, page, title, as_of, columns)
        looks = [_look(book, column) for column in columns]
        guarded = book.add_format(_BASE | {"text_wrap": True, "quote_prefix": True})
        last = _HEAD_ROW
        for last, row in enumerate(rows, start=_HEAD_ROW + 1):
            if last > _MOST_ROWS + _HEAD_ROW:
                raise TooManyRows(
                    f"Danh sách dài hơn {_MOST_ROWS} dòng, không ghi được vào một trang tính; "
                    "hãy lọc bớt rồi xuất lại."
                )
            page.set_row(last, _height(row, columns))
            for place, (value, look) in enumerate(zip(row, looks, strict=True)):
                _write_value(page, (last, place), value, columns[place], look, guarded)
        page.autofilter(_HEAD_ROW, 0, last, len(columns) - 1)
        _set_up_print(page)


def _write_head(book: Any, page: Any, title: str, as_of: str, columns: Sequence[Column]) -> None:
    font = {"font_name": "Times New Roman"}
    page.write_string(0, 0, title, book.add_format(font | {"font_size": 14, "bold": True}))
    page.write_string(1, 0, as_of, book.add_format(font | {"font_size": 11, "italic": True}))
    head = book.add_format(
        _BASE
        | {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True}
        | {"bg_color": "#E7E9ED"}
    )
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width)
        page.write_string(_HEAD_ROW, place, column.title, head)
    page.freeze_panes(_HEAD_ROW + 1, 0)


def _height(row: Sequence[Value], columns: Sequence[Column]) -> float:
    """Room for the longest wrapped text: not every program grows rows on opening."""
    lines = 1
    for value, column in zip(row, columns, strict=True):
        if isinstance(value, str):
            room = max(1, int(column.width))
            lines = max(lines, sum(-(-len(line) // room) or 1 for line in value.split("\n")))
    return min(_LINE * lines + 2, _MOST_HEIGHT)


def _look(book: Any, column: Column) -> Any:
    decimals = "General" if column.digits is None else "#,##0"
    decimals += "." + "0" * column.digits if column.digits else ""
    shapes: dict[str, dict[str, Any]] = {
        "text": {"text_wrap": True},
        "number": {"num_format": decimals, "align": "right"},
        "percent": {"num_format": f'{decimals}"%"', "align": "right"},
        "date": {"num_format": "dd/mm/yyyy", "align": "center"},
        "moment": {"num_format": "dd/mm/yyyy hh:mm", "align": "center"},
    }
    return book.add_format(_BASE | shapes[column.kind])


def _write_value(
    page: Any, at: tuple[int, int], value: Value, column: Column, look: Any, guarded: Any
) -> None:
    if value is None or value == "":
        page.write_blank(*at, None, look)
    elif isinstance(value, datetime):
        page.write_datetime(*at, value.replace(tzinfo=None), look)
    elif isinstance(value, date):
        page.write_datetime(*at, value, look)
    elif isinstance(value, str) or column.kind == "text" or not _fits(value):
        _write_text(page, at, str(value), look, guarded)
    else:
        page.write_number(*at, float(value), look)


def _fits(value: int | float | Decimal) -> bool:
    """Whether a spreadsheet number keeps every digit (and is a number at all)."""
    exact = Decimal(str(value))
    return exact.is_finite() and len(exact.normalize().as_tuple().digits) <= _MOST_DIGITS


def _write_text(page: Any, at: tuple[int, int], text: str, look: Any, guarded: Any) -> None:
    if len(text) > _MOST_TEXT:
        text = text[: _MOST_TEXT - len(_CUT)] + _CUT
    # The quote prefix keeps text that looks like a formula text even after it is edited.
    page.write_string(*at, text, guarded if text[0] in "=+-@\t\r" else look)


def _set_up_print(page: Any) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.set_margins(left=0.8, right=0.6, top=0.7, bottom=0.7)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEAD_ROW)
    page.set_footer('&C&"Times New Roman"&10Trang &P/&N')
