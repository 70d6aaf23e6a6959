"""A target's course: what comes of going on as before, and the three statuses kept apart."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import QuerySet

from namro.measuring.course import OUTLOOK_LABELS, Projection, explain_course, outlook, project
from namro.measuring.definitions import Measure, elements_of
from namro.terms import Period
from namro.web.facts.models import Observation
from namro.web.reporting.models import Evidence
from namro.web.results.queries import TargetResult, Trend

MOST_UNITS = 400
"""Of more units it is not said how many sent evidence: that is asked unit by unit."""


@dataclass(frozen=True)
class Course:
    """What is expected at the deadline (dự báo đến hạn): a word, its sentence, the range."""

    label: str
    sentence: str
    found: Projection


def course_of(told: TargetResult) -> Course | None:
    """The course of a target from its trend; None where nothing can be said.

    A target that is reached, past its deadline, or no number has none.
    """
    measure, points = told.measure, _usable(told)
    if measure is None or measure.is_logical or not points:
        return None
    last = points[-1][0]
    due_on = told.target.due_on
    ahead = (due_on.year * 12 + due_on.month - 1 - (last.first + last.length - 1)) // last.length
    most = Fraction(100) if _is_share(measure) else None
    values = [None if v is None else Fraction(v) for _, v in points]
    found = project(values, ahead, most=most)
    verdict = outlook(found, told.threshold) if found else None
    if found is None or verdict is None:
        return None
    words = explain_course(found, measure.digits, measure.unit_of_measure)
    return Course(OUTLOOK_LABELS[verdict], words, found)


def _usable(told: TargetResult) -> Trend:
    """The trend up to the last value; of a year to date only this year, which begins anew."""
    points = list(told.trend)
    while points and points[-1][1] is None:
        points.pop()
    if points and told.measure and told.measure.over == "year_to_date":
        points = [p for p in points if p[0].year == points[-1][0].year]
    return points


def _is_share(measure: Measure) -> bool:
    return measure.unit_of_measure == "%"


def evidenced(
    measure: Measure, unit_ids: Collection[int], period: Period, as_of: datetime | None
) -> int | None:
    """How many of the units sent evidence with the values that stand; None where not asked.

    Counted are values of the measure's elements up to the period, each by its newest saying.
    """
    elements = [e.slug for e in elements_of(measure)]
    if not elements or len(unit_ids) > MOST_UNITS:
        return None
    sent = _submissions(elements, unit_ids, period.first + period.length, as_of)
    proven = set(
        Evidence.objects.filter(
            submission__in=set().union(*sent.values()), element__in=["", *elements]
        ).values_list("submission_id", flat=True)
    )
    return sum(not numbers.isdisjoint(proven) for numbers in sent.values())


_NEAR = 3
"""Months back in which most have spoken: a ledger holds years."""


def _submissions(
    elements: Sequence[str], units: Collection[int], end: int, as_of: datetime | None
) -> dict[int, set[int]]:
    """Unit id → the returns its standing values came with, of periods that end by a month."""
    rows = Observation.objects.filter(element__in=elements, value__gte=0)
    if as_of is not None:
        rows = rows.filter(recorded_at__lte=as_of)
    newest: dict[tuple[int, str], tuple[int, str]] = {}
    near = [
        Period(last - n, n).code
        for last in range(end - _NEAR + 1, end + 1)
        for n in (1, 3, 6, 12)
        if last % n == 0
    ]
    _hear(newest, rows.filter(unit_id__in=units, period__in=near), end)
    silent = {unit for unit in units if any((unit, e) not in newest for e in elements)}
    if silent:  # those who have not spoken since then, or never
        _hear(newest, rows.filter(unit_id__in=silent), end)
    found: dict[int, set[int]] = {}
    for (unit, _), (_, source) in newest.items():
        if source.startswith("submission:"):
            found.setdefault(unit, set()).add(int(source.partition(":")[2]))
    return found


def _hear(
    newest: dict[tuple[int, str], tuple[int, str]], rows: QuerySet[Observation], end: int
) -> None:
    """Take in (unit, element) → (last month, source) of what speaks of the latest month by `end`,
    of two of one month what was said later."""
    # Sorted here: asked to, the database might walk the whole ledger in order.
    told = rows.order_by().values_list("pk", "unit_id", "element", "period", "source")
    for _, unit, element, code, source in sorted(told):
        period = Period.of(code)
        last = period.first + period.length
        if last <= end and last >= newest.get((unit, element), (0, ""))[0]:
            newest[unit, element] = (last, source)
