"""Small counts of persons kept back alike in every table: neighbours are looked at, too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from namro.measuring.assembly import Result
from namro.measuring.definitions import Measure
from namro.measuring.discretion import Family, bare, is_discreet, withheld
from namro.terms import Period
from namro.web.org.models import UnitLink
from namro.web.org.queries import in_force

__all__ = ["bare", "families", "is_discreet", "published"]

Results = dict[tuple[str, str, str], Result]


def published(
    measures: Iterable[Measure],
    results: Mapping[tuple[str, str, str], Result],
    trees: Mapping[Period, date | None],
) -> Results:
    """The results as they may be shown, by (measure, unit, period).

    `results`: those of the bare measures at all units for some periods; `trees`: the periods, with
    the day whose units are asked where it is not the period's last.
    """
    found: Results = dict(results)
    of: dict[tuple[str, str], dict[str, Result]] = defaultdict(dict)
    for (slug, unit, code), result in found.items():
        of[slug, code][unit] = result
    kin: dict[date, list[Family]] = {}
    for measure in measures:
        for period, tree_on in trees.items() if is_discreet(measure) else ():
            day = tree_on or period.last_day(measure.calendar)
            if day not in kin:
                kin[day] = families(day)
            told = withheld(measure, of[measure.slug, period.code], kin[day])
            found |= {(measure.slug, unit, period.code): r for unit, r in told.items()}
    return found


def families(on: date) -> list[Family]:
    """Each unit with those directly beneath it on a day, each tree by itself."""
    rows = UnitLink.objects.filter(in_force(on)).order_by("superior__code", "tree", "unit__code")
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for above, tree, unit in rows.values_list("superior__code", "tree", "unit__code"):
        found[above, tree].append(unit)
    return [(above, kin) for (above, _), kin in found.items()]
