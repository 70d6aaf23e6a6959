"""Small counts of persons kept back alike in every table: neighbours are looked at, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet

from namro.measuring.assembly import Result
from namro.measuring.definitions import Library, Measure
from namro.measuring.discretion import (
    Family,
    bare,
    beside,
    confined,
    discreet_elements,
    is_discreet,
    withheld_over,
)
from namro.terms import Period
from namro.web.facts.models import Doubt
from namro.web.org.models import UnitLink, User
from namro.web.org.queries import in_force, units_within
from namro.web.org.rules import Verb

__all__ = ["bare", "doubts_told", "families", "held_against", "is_discreet", "needed", "published"]

Results = dict[tuple[str, str, str], Result]


def needed(measures: Iterable[Measure], periods: Collection[Period]) -> list[Period]:
    """The periods asked and those that decide with them what of discreet measures is shown."""
    found = set(periods)
    for measure in measures:
        found.update(*(beside(measure, period) for period in periods))
    return sorted(found)


def published(
    measures: Iterable[Measure],
    results: Mapping[tuple[str, str, str], Result],
    periods: Collection[Period],
) -> Results:
    """The results of some periods as they may be shown, by (measure, unit, period).

    `results`: those of the bare measures at all units, for all periods that are `needed`.
    """
    of: dict[tuple[str, Period], dict[str, Result]] = defaultdict(dict)
    for (slug, unit, _), result in results.items():
        of[slug, result.period][unit] = result
    asked = {p.code for p in periods}
    found: Results = {place: r for place, r in results.items() if place[2] in asked}
    kin: dict[date, list[Family]] = {}
    for measure in filter(is_discreet, measures):

        def tree(period: Period, calendar=measure.calendar) -> list[Family]:
            day = period.last_day(calendar)
            if day not in kin:
                kin[day] = families(day)
            return kin[day]

        told = {period: rows for (slug, period), rows in of.items() if slug == measure.slug}
        for period, rows in withheld_over(measure, told, periods, tree).items():
            found |= {(measure.slug, unit, period.code): r for unit, r in rows.items()}
    return found


def held_against(
    measures: Iterable[Measure], results: Results, seen: Mapping[tuple[str, str, str], Result]
) -> Results:
    """Results asked in another way; of discreet measures only what `seen` tells too."""
    found = dict(results)
    for slug in (measure.slug for measure in measures if is_discreet(measure)):
        own = {place: result for place, result in results.items() if place[0] == slug}
        told = confined(_by_unit(own), _by_unit(seen))
        found |= {place: told["|".join(place)] for place in own}
    return found


def _by_unit(results: Mapping[tuple[str, str, str], Result]) -> dict[str, Result]:
    return {"|".join(place): result for place, result in results.items()}


def doubts_told(rows: QuerySet[Doubt], viewer: User, on: date, known: Library) -> QuerySet[Doubt]:
    """The doubts without those that name a value which is kept back where it is small, except for
    who enters, approves or may see single records of that unit."""
    kept = discreet_elements(known.measures.values())
    if not kept:
        return rows
    theirs = Q()
    for verb in (Verb.REPORT, Verb.APPROVE, Verb.SEE_RECORDS):
        theirs |= Q(unit__in=units_within(viewer, verb, on).values("pk"))
    return rows.filter(theirs | ~Q(element__in=kept))


def families(on: date) -> list[Family]:
    """Each unit with those directly beneath it on a day, each tree by itself."""
    rows = UnitLink.objects.filter(in_force(on)).order_by("superior__code", "tree", "unit__code")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for above, tree, unit in rows.values_list("superior__code", "tree", "unit__code"):
        found[above, tree].append(unit)
    return [(above, kin) for (above, _), kin in found.items()]
