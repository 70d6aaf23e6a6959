"""Reads of the ledger and its figures. Who may see them is decided above, by unit (results)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from namro.measuring.definitions import Term
from namro.measuring.figures import Parts
from namro.terms import Period
from namro.web.facts.cells import newest_slices
from namro.web.facts.models import (
    BatchSlice,
    Doubt,
    Expected,
    Figure,
    KnownPeriod,
    Observation,
)
from namro.web.facts.rules import Interval, in_force
from namro.web.facts.verification import Difference, differences
from namro.web.org import queries as org
from namro.web.org.models import Unit, User
from namro.web.org.rules import Verb

__all__ = [
    "Difference",
    "Kept",
    "Reach",
    "doubts_within",
    "figures",
    "known_periods",
    "newest_slices",
    "observations_of",
    "owing_units",
    "reach_of",
    "slices_of",
    "verify",
]


def known_periods() -> list[Period]:
    """The periods for which figures are kept, earliest end first."""
    found = [Period.of(code) for code in KnownPeriod.objects.values_list("code", flat=True)]
    return sorted(found, key=lambda p: (p.first + p.length, p.length))


@dataclass
class Kept:
    """What is kept for one unit and period: term → its parts, measure → how many units owe it."""

    parts: dict[str, Parts] = field(default_factory=dict)
    expected: dict[str, int] = field(default_factory=dict)


def figures(
    terms: Iterable[Term], periods: Iterable[Period], unit_ids: Collection[int]
) -> dict[tuple[int, str], Kept]:
    """(unit id, period code) → what is kept, for units with all below them. One query."""
    found: dict[tuple[int, str], Kept] = defaultdict(Kept)
    measure = {term.slug: term.measure for term in terms}
    rows = Figure.objects.filter(
        unit_id__in=unit_ids, period__in=[p.code for p in periods], term__in=measure
    ).values_list(
        *("unit_id", "period", "term", "expected"),
        *("numerator", "denominator", "counted", "heard"),
    )
    for unit, period, term, expected, *parts in rows:
        place = found[unit, period]
        place.parts[term] = Parts(*parts)
        place.expected[measure[term]] = expected
    return found


@dataclass(frozen=True)
class Reach:
    """Which units owe which measures beneath (or being) one unit, on any day (phạm vi phải báo)."""

    owing: dict[str, dict[tuple[Interval, Interval], set[int]]]

    def units(self, measure: str, on: date) -> set[int]:
        """The ids of the units that owe the measure on a day."""
        found: set[int] = set()
        for both, units in self.owing.get(measure, {}).items():
            if all(in_force((days,), on) for days in both):
                found |= units
        return found


def reach_of(unit: Unit, measures: Collection[str]) -> Reach:
    """Who owes these measures beneath (or being) a unit, with the days. One query."""
    beneath = Q(unit__ancestors__ancestor=unit)
    alone = Q(unit=unit, unit__ancestors__isnull=True)
    rows = Expected.objects.filter(beneath | alone, measure__in=measures).values_list(
        *("measure", "unit_id", "from_on", "to_on"),
        *("unit__ancestors__from_on", "unit__ancestors__to_on"),
    )
    found: dict[str, dict] = defaultdict(lambda: defaultdict(set))
    for measure, owing, start, end, under_from, under_to in rows:
        found[measure][(start, end), (under_from or date.min, under_to)].add(owing)
    return Reach(found)


def owing_units(measure: str, on: date) -> QuerySet[Unit]:
    """All units that owe a measure on a day, as the figures were computed."""
    now = Expected.objects.filter(measure=measure, from_on__lte=on).filter(
        Q(to_on__isnull=True) | Q(to_on__gt=on)
    )
    return Unit.objects.filter(pk__in=now.values("unit_id"))


def observations_of(
    elements: Collection[str], unit_ids: Collection[int], periods: Collection[str] | None = None
) -> QuerySet[Observation]:
    """What was said of some elements by some units, oldest first, corrections included."""
    rows = Observation.objects.filter(element__in=elements, unit_id__in=unit_ids)
    if periods is not None:
        rows = rows.filter(period__in=periods)
    return rows.select_related("unit").order_by("pk")


def slices_of(
    dataset: str, unit_ids: Collection[int], periods: Collection[str] | None = None
) -> QuerySet[BatchSlice]:
    """The slices of a data set that some units sent, replaced ones too, newest first."""
    rows = BatchSlice.objects.filter(batch__dataset=dataset, unit_id__in=unit_ids)
    if periods is not None:
        rows = rows.filter(batch__period__in=periods)
    return rows.select_related("unit", "batch__recorded_by").order_by("-batch_id", "unit_id")


def doubts_within(
    viewer: User, on: date, *, elements: Collection[str] | None = None
) -> QuerySet[Doubt]:
    """Doubts about values of units whose figures the viewer may see, newest first."""
    units = org.units_within(viewer, Verb.SEE_FIGURES, on).values("pk")
    rows = Doubt.objects.filter(unit__in=units)
    if elements is not None:
        rows = rows.filter(element__in=elements)
    return rows.select_related("unit", "answered_by").order_by("-found_at", "-pk")


def verify(periods: Collection[Period] | None = None) -> list[Difference]:
    """Every figure row that differs from the direct computation over the store; [] is sound.

    `periods`: those to be looked at; None is all that are kept.
    """
    return list(differences(periods))
