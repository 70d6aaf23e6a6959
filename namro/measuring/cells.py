"""The text of one cell → a value of its column's type, or a fault said in Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from namro.measuring.kinds import Column
from namro.vietnamese import fold, parse_number

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_SPOKEN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?")
_LARGEST = Decimal(10) ** 14

Parser = Callable[[str], Any]


class BadCell(Exception):
    """A cell that cannot be taken: code, message, suggestion."""


def typed_parser(column: Column, *, secret: bool = False) -> Parser:
    """The parser of a column: "" is None, or EMPTY where the column is required.

    What stands in a `secret` cell (a person's number) is never said in a fault.

    It raises BadCell. Dates are 2025-07-02 or 02/7/2025 (a time of day behind them is left out),
    numbers are as Vietnamese officials write them, choices by value or label.
    """
    parsers: dict[str, Parser] = {"text": str, "number": _number, "date": _date}
    parse = parsers.get(column.type) or _choice(column)

    def checked(text: str) -> Any:
        if not text:
            if column.required:
                raise BadCell("EMPTY", f"cột “{column.title}” để trống.", "Điền đủ ô này.")
            return None
        try:
            return parse(text)
        except ValueError:
            raise BadCell(*_fault(column, "" if secret else text)) from None

    return checked


def _fault(column: Column, text: str) -> tuple[str, str, str]:
    said = f"cột “{column.title}”: “{text}”" if text else f"cột “{column.title}”: nội dung ô"
    if column.type == "number":
        return "NOT_A_NUMBER", f"{said} không phải là số.", "Chỉ ghi số, tối đa 4 chữ số thập phân."
    if column.type == "date":
        return "NOT_A_DATE", f"{said} không phải là ngày.", "Ghi ngày/tháng/năm, ví dụ 02/7/2025."
    allowed = ", ".join(column.values.values())
    return "UNKNOWN_CHOICE", f"{said} không có trong danh mục.", f"Chọn một trong: {allowed}."


def _number(text: str) -> Decimal:
    number = parse_number(text)
    if number.quantize(Decimal("0.0001")) != number or abs(number) >= _LARGEST:
        raise ValueError(text)
    return number


def _date(text: str) -> date:
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _SPOKEN.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise ValueError(text)
    return date(int(year), int(month), int(day))


def _choice(column: Column) -> Parser:
    by_label = {fold(label): value for value, label in column.values.items()}
    # A code is no Vietnamese word written without its signs: "nợ" (owed) is not the code "no".
    by_code = {value.casefold(): value for value in column.values}

    def choose(text: str) -> str:
        value = by_label.get(fold(text)) or by_code.get(text.casefold())
        if value is None:
            raise ValueError(text)
        return value

    return choose
