"""A value as the mapping wants it written: scaled, rounded, as a number or as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from namro.vietnamese import format_date
from namro.workbook.filling.mapping import Look

Written = Decimal | str | date | None
"""What stands in a cell: a number, text, a day or moment; None: nothing."""


@dataclass(frozen=True)
class Number:
    """An exact figure and how many decimals the product shows it with."""

    value: Fraction
    digits: int


Value = Number | str | date | None


def written(value: Value, look: Look) -> Written:
    """The value as it is to stand in the cell; what is missing as the mapping's mark for it."""
    if value is None or value == "":
        return _missing(look)
    if isinstance(value, Number):
        return _number(value, look)
    if isinstance(value, date):
        return _day(value, look)
    return value


def _missing(look: Look) -> Written:
    match look.missing:
        case "dash":
            return "-"
        case "zero":
            return Decimal(0)
        case "words":
            return look.missing_words
        case _:
            return None


def _number(number: Number, look: Look) -> Written:
    """Rounded half up as the pages do, then scaled: the other system reads the figure shown."""
    digits = number.digits if look.digits is None else look.digits
    tens = abs(number.value) * 10**digits + Fraction(1, 2)
    whole = tens.numerator // tens.denominator
    rounded = Decimal(-whole if number.value < 0 else whole).scaleb(-digits)
    scaled = rounded * look.factor
    if look.number == "number":
        return scaled
    text = f"{scaled:f}"
    return text.replace(".", ",") if look.number == "comma" else text


def _day(day: date, look: Look) -> Written:
    match look.date:
        case "dmy":
            return day.strftime("%d/%m/%Y")
        case "iso":
            return day.strftime("%Y-%m-%d")
        case "words":
            return f"ngày {format_date(day)}"
        case "moment" if isinstance(day, datetime):
            return f"{day:%H:%M} ngày {format_date(day)}"
        case "moment":
            return f"ngày {format_date(day)}"
        case _:
            return day
