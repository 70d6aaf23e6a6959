"""What was said, and the signed changes it makes: pure decisions of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from namro.terms import Period

Cell = tuple[str, int, str]
"""(element, unit id, period code): what one value speaks of."""

Interval = tuple[date, date | None]
"""From a day (included) until a day (left out); None: still in force."""


REMOVAL_REASONS = {"TERM": "hết thời hạn lưu", "REQUEST": "theo yêu cầu", "FAULT": "nạp nhầm"}
"""Why records were deleted."""

REQUEST_STATES = {
    "WAITING": "Chờ duyệt",
    "DONE": "Đã xóa",
    "REFUSED": "Không duyệt",
    "WITHDRAWN": "Đã rút",
}
"""How a request to delete a person's records stands (tình trạng đề nghị xóa)."""

DOUBT_STATES = {
    "OPEN": "Chưa trả lời",
    "EXPLAINED": "Đã giải trình",
    "ACCEPTED": "Đã chấp nhận",
    "CORRECTED": "Đã đính chính",
}
"""How a doubt about a value stands (tình trạng điểm nghi vấn)."""


@dataclass(frozen=True)
class Said:
    """What a unit said of an element and a period; value None withdraws what it said before.

    `cell` is where it stood in the return ("Biểu 1!D7"), empty for the web form.
    """

    element: str
    unit_id: int
    period_code: str
    value: Decimal | None
    cell: str = ""


@dataclass(frozen=True)
class Change:
    """The signed change that one saying makes to the ledger: see models.Observation."""

    said: Said
    delta: Decimal
    dn: int


class Entered(NamedTuple):
    """A row of the ledger as it was just entered: see models.Observation."""

    pk: int
    element: str
    unit_id: int
    period: str
    value: Decimal | None
    delta: Decimal
    dn: int
    recorded_at: datetime
    source: str
    cell: str


class FaultySaying(ValueError):
    """A value that the ledger cannot take; the message is Vietnamese."""


def changes(
    current: Mapping[Cell, Decimal], told: Mapping[str, Iterable[Said]]
) -> dict[str, list[Change]]:
    """The changes that turn what stands in the ledger into what is said: source → its changes.

    `current` holds the cells that have a value; `told`: source → what it says, one source after
    another. A value that says nothing new makes no change, nor does withdrawing what was never
    said. Raises FaultySaying for a period code that is none.
    """
    now = dict(current)
    return {source: _changes(now, said) for source, said in told.items()}


def _changes(now: dict[Cell, Decimal], said: Iterable[Said]) -> list[Change]:
    """Those of one source; what it says is put into `now`."""
    found = []
    for one in said:
        check_period(one.period_code)
        cell = (one.element, one.unit_id, one.period_code)
        before = now.get(cell)
        if one.value == before:
            continue
        if one.value is None:
            assert before is not None
            found.append(Change(one, -before, -1))
            del now[cell]
            continue
        found.append(Change(one, one.value - (before or Decimal(0)), 0 if cell in now else 1))
        now[cell] = one.value
    return found


def check_period(code: str) -> None:
    """Raises FaultySaying for a code that is no period."""
    try:
        Period.of(code)
    except ValueError as why:
        raise FaultySaying(str(why)) from why


def is_within(value: Decimal, digits: int) -> bool:
    """Whether a value has no more decimals than its element allows."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return True
    return value == value.quantize(Decimal(1).scaleb(-digits))


def in_force(intervals: Iterable[Interval], on: date) -> bool:
    """Whether any of the intervals holds the day."""
    return any(start <= on and (end is None or on < end) for start, end in intervals)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """The same days in as few intervals as will do, in order."""
    found: list[Interval] = []
    for start, end in sorted(intervals, key=lambda i: i[0]):
        if found and (found[-1][1] is None or start <= found[-1][1]):
            last_start, last_end = found[-1]
            until = None if last_end is None or end is None else max(last_end, end)
            found[-1] = (last_start, until)
        else:
            found.append((start, end))
    return found


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """The days of `intervals` that none of `taken` holds, in order."""
    left = merged(intervals)
    for start, end in merged(taken):
        cut: list[Interval] = []
        for since, until in left:
            before = start if until is None else min(until, start)
            if since < before:
                cut.append((since, before))
            if end is not None and (until is None or end < until):
                cut.append((max(since, end), until))
        left = cut
    return left


def first_difference(before: Iterable[Interval], now: Iterable[Interval]) -> date:
    """The first day that only one of the two holds; the earliest there is where both are alike."""
    old, new = list(before), list(now)
    cuts = sorted({d for days in (*old, *new) for d in days if d is not None})
    return next((d for d in cuts if in_force(old, d) != in_force(new, d)), date.min)
