"""The template's own rules on entry (kiểm tra dữ liệu nhập): which values a cell takes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

Address = tuple[int, int]
Area = tuple[int, int, int, int]
_RANGE = re.compile(
    r"(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?"
)


@dataclass(frozen=True)
class Validation:
    """One rule over some areas; `choices` for a list, else `low`, `high` by `operator`."""

    areas: tuple[Area, ...]
    kind: str
    operator: str
    choices: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None

    def covers(self, at: Address) -> bool:
        return any(a[0] <= at[0] <= a[2] and a[1] <= at[1] <= a[3] for a in self.areas)

    def objection(self, value: str | Decimal | date) -> str:
        """Why the template would not take the value, in Vietnamese; "" if it would."""
        if self.kind == "list":
            said = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
            fits = said in self.choices
            return "" if fits else f"không có trong danh sách chọn của ô ({self._shown()})"
        if isinstance(value, date):
            return ""
        if self.kind == "textLength":
            measured = Decimal(len(str(value)))
        else:
            if not isinstance(value, Decimal):
                return "là chữ, ô chỉ nhận số"
            measured = value
            if self.kind == "whole" and value != value.to_integral_value():
                return "không phải số nguyên, ô chỉ nhận số nguyên"
        return "" if self._within(measured) else "nằm ngoài giới hạn của ô trong biểu mẫu"

    def _shown(self) -> str:
        return ", ".join(self.choices[:4]) + (", …" if len(self.choices) > 4 else "")

    def _within(self, value: Decimal) -> bool:
        low, high = self.low, self.high
        if low is None or (self.operator in ("between", "notBetween") and high is None):
            return True  # reckoned from other cells: only Excel can say
        match self.operator:
            case "between":
                return high is None or low <= value <= high
            case "notBetween":
                return high is None or not low <= value <= high
            case "equal":
                return value == low
            case "notEqual":
                return value != low
            case "greaterThan":
                return value > low
            case "lessThan":
                return value < low
            case "greaterThanOrEqual":
                return value >= low
            case _:
                return value <= low


def validations_of(
    root: etree._Element,
    sheet: str,
    texts: Mapping[str, Mapping[Address, str]],
    names: Mapping[str, str],
) -> list[Validation]:
    """All rules of a sheet that can be told without Excel, those of newer files included."""
    found = []
    for node in root.iter("{*}dataValidation"):
        kind = node.get("type", "none")
        if kind not in ("list", "whole", "decimal", "textLength"):
            continue
        parts = {etree.QName(p).localname: "".join(p.itertext()).strip() for p in node
                 if isinstance(p.tag, str)}  # fmt: skip
        areas = _areas(node.get("sqref") or parts.get("sqref", ""))
        first, second = parts.get("formula1", ""), parts.get("formula2", "")
        operator = node.get("operator", "between")
        if kind != "list":
            found.append(Validation(areas, kind, operator, (), _number(first), _number(second)))
        elif choices := _choices(first, sheet, texts, names):
            found.append(Validation(areas, kind, operator, choices))
    return found


def _areas(text: str) -> tuple[Area, ...]:
    found = []
    for piece in text.split():
        if m := _RANGE.fullmatch(piece):
            first = (int(m[4]) - 1, _column(m[3]))
            last = (int(m[6]) - 1, _column(m[5])) if m[5] else first
            found.append((*first, *last))
    return tuple(found)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _choices(
    formula: str,
    sheet: str,
    texts: Mapping[str, Mapping[Address, str]],
    names: Mapping[str, str],
) -> tuple[str, ...]:
    """A list's choices: written out, or from the cells it points at. Empty: not to be told."""
    if formula.startswith('"'):
        return tuple(c.strip() for c in formula.strip('"').split(","))
    m = _RANGE.fullmatch(names.get(formula, formula).lstrip("="))
    if not m:
        return ()
    cells = texts.get((m[1] or m[2] or sheet).replace("''", "'"), {})
    area = _areas(f"{m[3]}{m[4]}:{m[5] or m[3]}{m[6] or m[4]}")[0]
    return tuple(
        text for at, text in cells.items()
        if area[0] <= at[0] <= area[2] and area[1] <= at[1] <= area[3]
    )  # fmt: skip


def first_objection(
    rules: Sequence[Validation], at: Address, value: str | Decimal | date | datetime
) -> str:
    """What the first rule over a cell has against a value; "" if none."""
    objections = (r.objection(value) for r in rules if r.covers(at))
    return next((o for o in objections if o), "")
