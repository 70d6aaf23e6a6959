"""Who owes which measure, from when to when: derived from the assignments of targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from namro.measuring.definitions import Library, Measure
from namro.web.facts import sql
from namro.web.facts.models import Expected, FormerExpected
from namro.web.facts.rules import Interval, merged, without
from namro.web.org.rules import Kind
from namro.web.plans.models import Assignment
from namro.web.plans.rules import Part

Owing = dict[tuple[str, int], list[Interval]]
"""(measure, unit id) → the days on which the unit owes it."""


def supplied_by_one(measure: Measure) -> bool:
    """Whether one unit supplies the figure for the whole province."""
    return tuple(measure.scope) == (Kind.PROVINCE.value,)


def present(library: Library) -> Owing:
    """What the assignments say now: the executors of each bound target.

    Where a single unit supplies the figure, those who lead owe it on the days without an executor.
    """
    rows = (
        Assignment.objects.filter(target__isnull=False, part__in=(Part.EXECUTOR, Part.LEAD))
        .exclude(target__measure="")
        .values_list("target_id", "target__measure", "unit_id", "part", "from_on", "to_on")
    )
    executed: dict[int, list[Interval]] = defaultdict(list)
    for target, _, _, part, start, end in rows:
        if part == Part.EXECUTOR:
            executed[target].append((start, end))
    found: dict[tuple[str, int], list[Interval]] = defaultdict(list)
    for target, slug, unit, part, start, end in rows:
        measure = library.measures.get(slug)
        if measure is None:
            continue
        if part == Part.EXECUTOR:
            found[slug, unit].append((start, end))
        elif supplied_by_one(measure):
            found[slug, unit] += without([(start, end)], executed[target])
    return {p: merged(days) if len(days) > 1 else days for p, days in found.items() if days}


def kept(units: Collection[int] | None = None, measures: Collection[str] | None = None) -> Owing:
    """What the derived rows say, for some units and measures or all."""
    asked = [(c, v) for c, v in (("unit_id", units), ("measure", measures)) if v is not None]
    where = f" WHERE {' AND '.join(sql.among(column) for column, _ in asked)}" if asked else ""
    rows = sql.rows(
        f"SELECT measure, unit_id, from_on, to_on FROM facts_expected{where}",
        *(sql.listed(values) for _, values in asked),
    )
    found: Owing = defaultdict(list)
    for slug, unit, start, end in rows:
        found[slug, unit].append((start, end))
    return found


def replace(owing: Owing, *, at: datetime | None) -> set[tuple[str, int]]:
    """Make the derived rows say `owing`; give the pairs (measure, unit) that changed.

    What they said before is kept with the moments between which it was so. `at` None: this is the
    first time they say anything, and so it always was.
    """
    before = {pair: sorted(days, key=lambda d: d[0]) for pair, days in kept().items()}
    changed = {p for p in before.keys() | owing.keys() if before.get(p) != owing.get(p)}
    rows = [r for r in Expected.objects.all() if (r.measure, r.unit_id) in changed]
    FormerExpected.objects.bulk_create(
        FormerExpected(
            measure=r.measure, unit_id=r.unit_id, from_on=r.from_on, to_on=r.to_on,
            known_from=r.known_from, known_until=at,
        )
        for r in rows if at
    )  # fmt: skip
    Expected.objects.filter(pk__in=[r.pk for r in rows]).delete()
    Expected.objects.bulk_create(
        Expected(measure=slug, unit_id=unit, from_on=start, to_on=end, known_from=at)
        for slug, unit in sorted(changed)
        for start, end in owing.get((slug, unit), ())
    )
    return changed
