"""What a unit said last before a period: it stands beside each figure of a form.

In: units, elements, a period. Out: the value in force of the latest earlier period. Read around the
period first, where nearly all of it lies: a form of today must not cost more each year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from namro.measuring.definitions import Element
from namro.terms import Period
from namro.web.facts.models import Observation
from namro.web.frame.prepared import prepared

Place = tuple[int, str]
"""(unit, element)."""

NEAR = 3
"""Months before a period within which a value is looked for first."""
_LENGTHS = (1, 3, 6, 12)


@dataclass(frozen=True)
class LastValue:
    """A value in force, the period it was said of, and its paper trail."""

    value: Decimal
    period: Period
    source: str

    @property
    def submission(self) -> int:
        """The return it came from; 0: none."""
        kind, _, number = self.source.partition(":")
        return int(number) if kind == "submission" and number.isdigit() else 0


def last_values(
    wanted: Collection[Place], elements: Mapping[str, Element], period: Period
) -> dict[Place, LastValue]:
    """The value in force of the latest earlier period of each place that has one: of a stock any
    period's, of a flow only one of the same length."""
    found = _read(wanted, elements, period, codes=[p.code for p in _near(period)])
    missing = [place for place in wanted if place not in found]
    return found | _read(missing, elements, period) if missing else found


def _near(period: Period) -> Iterator[Period]:
    """All periods, of whatever length, that end within the months before."""
    for end in range(period.first - max(NEAR, period.length) + 1, period.first + 1):
        for length in _LENGTHS:
            if end % length == 0:
                yield Period(end - length, length)


def _read(
    wanted: Collection[Place],
    elements: Mapping[str, Element],
    period: Period,
    codes: Collection[str] | None = None,
) -> dict[Place, LastValue]:
    units, slugs = {u for u, _ in wanted}, {e for _, e in wanted}
    rows = _said(units, slugs) if codes is None else _said_in(units, slugs, codes)
    told: dict[Place, dict[str, tuple[Decimal | None, str]]] = defaultdict(dict)
    for unit, element, code, value, source in rows:
        told[unit, element][code] = (value, source)
    latest = {p: _latest(told[p], elements[p[1]], period) for p in wanted if p in told}
    return {place: value for place, value in latest.items() if value}


_Row = tuple[int, str, str, Decimal | None, str]


@prepared
def _said(units: set[int], elements: set[str]) -> QuerySet[Observation, _Row]:
    rows = Observation.objects.filter(unit__in=units, element__in=elements).order_by("pk")
    return rows.values_list("unit_id", "element", "period", "value", "source")


@prepared
def _said_in(
    units: set[int], elements: set[str], periods: Collection[str]
) -> QuerySet[Observation, _Row]:
    rows = Observation.objects.filter(unit__in=units, element__in=elements, period__in=periods)
    return rows.order_by("pk").values_list("unit_id", "element", "period", "value", "source")


def _latest(
    told: Mapping[str, tuple[Decimal | None, str]], element: Element, period: Period
) -> LastValue | None:
    """The latest of what is in force: after a withdrawal, the value of the period before it."""
    found = [
        LastValue(value, own, source)
        for code, (value, source) in told.items()
        if value is not None and _is_beside(own := Period.of(code), element, period)
    ]
    return max(
        found, key=lambda v: (v.period.first + v.period.length, v.period.length), default=None
    )


def _is_beside(own: Period, element: Element, period: Period) -> bool:
    before = own.first + own.length <= period.first
    return before and (element.time == "stock" or own.length == period.length)


def returns_of(values: Iterable[LastValue]) -> set[int]:
    """The returns that values came from."""
    return {value.submission for value in values} - {0}
