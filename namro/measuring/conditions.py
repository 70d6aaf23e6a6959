"""Conditions on raw records: read from TOML, told in Vietnamese.

They are column = value, one of, at least, at most, not, present; nothing is ever evaluated.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast, get_args

from namro.measuring.keys import Keys
from namro.measuring.kinds import Column, Condition, Count, Dataset, Test, Value
from namro.vietnamese import format_date, format_number


def read_conditions(keys: Keys, dataset: Dataset) -> tuple[Condition, ...]:
    """The `where` table of a count, each value checked against its column's type.

    Raises FaultyDefinition for an unknown column, test or choice. Order is canonical.
    """
    found = []
    for name in dataset.columns:
        if name in keys:
            found.extend(_conditions(keys, name, dataset.columns[name], keys.raw(name)))
    keys.finish()
    return tuple(sorted(found, key=lambda c: c.slug))


def _conditions(keys: Keys, name: str, column: Column, told: Any) -> list[Condition]:
    if not isinstance(told, dict):
        return [Condition(name, "is", (_value(keys, name, column, told),))]
    found = []
    for test, value in told.items():
        if test not in get_args(Test):
            raise keys.fault(
                name, f"điều kiện “{test}” không có; dùng: {', '.join(get_args(Test))}."
            )
        found.append(_condition(keys, name, column, cast(Test, test), value))
    return found


def _condition(keys: Keys, name: str, column: Column, test: Test, value: Any) -> Condition:
    if test == "present":
        if not isinstance(value, bool):
            raise keys.fault(name, "present phải là true hoặc false.")
        return Condition(name, test, (value,))
    if test in ("at_least", "at_most") and column.type not in ("number", "date"):
        raise keys.fault(name, f"{test} chỉ dùng cho cột kiểu number hoặc date.")
    several = value if test == "one_of" else [value]
    if not isinstance(several, list) or not several:
        raise keys.fault(name, "one_of phải là danh sách không trống.")
    values = sorted((_value(keys, name, column, v) for v in several), key=str)
    return Condition(name, test, tuple(values))


def _value(keys: Keys, name: str, column: Column, told: Any) -> Value:
    if isinstance(told, list | dict):
        raise keys.fault(name, "nhiều giá trị viết là { one_of = [giá trị, giá trị] }.")
    if column.type == "choice" and told not in column.values:
        raise keys.fault(
            name, f"“{told}” không phải giá trị của cột; có: {', '.join(column.values)}."
        )
    if column.type == "number" and not isinstance(told, bool) and isinstance(told, int | Decimal):
        return Decimal(told)
    if column.type == "date" and isinstance(told, date):
        return told
    if column.type in ("text", "choice") and isinstance(told, str):
        return told
    raise keys.fault(name, f"giá trị {told!r} không đúng kiểu {column.type} của cột.")


def describe(count: Count, dataset: Dataset) -> str:
    """The conditions of a count in Vietnamese: "kênh tiếp nhận là trực tuyến"; empty when none."""
    return "; ".join(_told(c, dataset.columns[c.column]) for c in count.where)


def _told(condition: Condition, column: Column) -> str:
    title = column.title[:1].lower() + column.title[1:]
    if condition.test == "present":
        return f"{title} {'đã' if condition.values[0] else 'chưa'} có"
    values = " hoặc ".join(f"“{_shown(v, column)}”" for v in condition.values)
    words = {"is": "là", "one_of": "là", "at_least": "từ", "at_most": "đến", "not": "khác"}
    return f"{title} {words[condition.test]} {values}"


def _shown(value: Value, column: Column) -> str:
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, Decimal):
        return format_number(value)
    return column.values.get(str(value), str(value))
