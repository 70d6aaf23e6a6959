"""Who owes which measure, from when to when: derived from the assignments of targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from namro.measuring.definitions import Library, Measure
from namro.web.facts.models import Expected
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
    return {pair: merged(days) for pair, days in found.items() if days}


def kept(units: Iterable[int] | None = None) -> Owing:
    """What the derived rows say, for some units or all."""
    rows = Expected.objects.all() if units is None else Expected.objects.filter(unit__in=units)
    found: Owing = defaultdict(list)
    for slug, unit, start, end in rows.values_list("measure", "unit_id", "from_on", "to_on"):
        found[slug, unit].append((start, end))
    return found


def replace(owing: Owing) -> set[tuple[str, int]]:
    """Make the derived rows say `owing`; give the pairs (measure, unit) that changed."""
    before = {pair: sorted(days, key=lambda d: d[0]) for pair, days in kept().items()}
    changed = {p for p in before.keys() | owing.keys() if before.get(p) != owing.get(p)}
    if changed:
        Expected.objects.all().delete()
        Expected.objects.bulk_create(
            Expected(measure=slug, unit_id=unit, from_on=start, to_on=end)
            for (slug, unit), days in sorted(owing.items())
            for start, end in days
        )
    return changed
