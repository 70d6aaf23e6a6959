"""Who owes which measure, from when to when: derived from the assignments of targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Q

from namro.measuring.definitions import Library, Measure
from namro.web.facts import sql
from namro.web.facts.models import Expected, FormerExpected
from namro.web.facts.rules import Interval, first_difference, merged, without
from namro.web.org.rules import Kind
from namro.web.plans.models import Assignment
from namro.web.plans.rules import Part

Pair = tuple[str, int]
"""(measure, unit id)."""

Owing = dict[Pair, list[Interval]]
"""(measure, unit id) → the days on which the unit owes it."""


def supplied_by_one(measure: Measure) -> bool:
    """Whether one unit supplies the figure for the whole province."""
    return tuple(measure.scope) == (Kind.PROVINCE.value,)


def present(library: Library, pairs: Collection[Pair] | None = None) -> Owing:
    """What the assignments say now: the executors of each bound target; of some pairs, or all.

    Where a single unit supplies the figure, those who lead owe it on the days without an executor.
    """
    rows = (
        Assignment.objects.filter(target__isnull=False, part__in=(Part.EXECUTOR, Part.LEAD))
        .exclude(target__measure="")
        .values_list("target_id", "target__measure", "unit_id", "part", "from_on", "to_on")
    )
    if pairs is not None:
        asked = Q(target__measure__in={m for m, _ in pairs}, unit__in={u for _, u in pairs})
        rows = rows.filter(asked | Q(target__measure__in=_supplied_by_one(library)))
    executed: dict[int, list[Interval]] = defaultdict(list)
    for target, _, _, part, start, end in rows:
        if part == Part.EXECUTOR:
            executed[target].append((start, end))
    found: dict[Pair, list[Interval]] = defaultdict(list)
    for target, slug, unit, part, start, end in rows:
        measure = library.measures.get(slug)
        if measure is None or (pairs is not None and (slug, unit) not in pairs):
            continue
        if part == Part.EXECUTOR:
            found[slug, unit].append((start, end))
        elif supplied_by_one(measure):
            found[slug, unit] += without([(start, end)], executed[target])
    return {p: merged(days) if len(days) > 1 else days for p, days in found.items() if days}


def _supplied_by_one(library: Library) -> list[str]:
    return [slug for slug, one in library.measures.items() if supplied_by_one(one)]


def _apart(library: Library) -> set[Pair]:
    """The pairs whose derived rows may not be what the assignments say: compared by the database,
    a row with a row. Few rows are merged of several, or are a single unit's: those are named too.
    """
    single = _supplied_by_one(library)
    plain = list(library.measures.keys() - set(single))
    owed = (
        "SELECT t.measure, a.unit_id, a.from_on, a.to_on FROM plans_assignment a "
        "JOIN plans_target t ON t.id = a.target_id "
        f"WHERE a.part = %s AND {sql.among('t.measure')}"
    )
    row = "measure, unit_id, from_on, to_on"
    kept_now = f"SELECT {row} FROM facts_expected WHERE NOT ({sql.among('measure')})"
    rows = sql.rows(
        f"SELECT measure, unit_id FROM ({owed} EXCEPT {kept_now}) AS more "
        f"UNION SELECT measure, unit_id FROM ({kept_now} EXCEPT {owed}) AS less "
        f"UNION SELECT measure, unit_id FROM facts_expected WHERE {sql.among('measure')} "
        "UNION SELECT t.measure, a.unit_id FROM plans_assignment a "
        f"JOIN plans_target t ON t.id = a.target_id WHERE {sql.among('t.measure')}",
        *(Part.EXECUTOR, sql.listed(plain), sql.listed(single)),
        *(sql.listed(single), Part.EXECUTOR, sql.listed(plain)),
        *(sql.listed(single), sql.listed(single)),
    )
    return set(rows)


def asking(
    units: Collection[int] | None = None, measures: Collection[str] | None = None
) -> sql.Statement:
    """What asks the derived rows, for some units and measures or all."""
    asked = [(c, v) for c, v in (("unit_id", units), ("measure", measures)) if v is not None]
    where = f" WHERE {' AND '.join(sql.among(column) for column, _ in asked)}" if asked else ""
    return sql.Statement(
        f"SELECT measure, unit_id, from_on, to_on FROM facts_expected{where}",
        [sql.listed(values) for _, values in asked],
    )


def told(rows: Iterable[sql.Row]) -> Owing:
    """What was answered."""
    found: Owing = defaultdict(list)
    for slug, unit, start, end in rows:
        found[slug, unit].append((start, end))
    return found


def kept(units: Collection[int] | None = None, measures: Collection[str] | None = None) -> Owing:
    """What the derived rows say, for some units and measures or all. One query."""
    statement = asking(units, measures)
    return told(sql.rows(statement.text, *statement.parameters))


def renew(library: Library, *, at: datetime | None) -> dict[Pair, date]:
    """Make the derived rows say what the assignments say; give the pairs (measure, unit) that
    changed, each with the first day that is another.

    What they said before is kept with the moments between which it was so. `at` None: this is the
    first time they say anything, and so it always was.
    """
    pairs = _apart(library)
    if not pairs:
        return {}
    asked = {unit for _, unit in pairs}, {measure for measure, _ in pairs}
    before = {p: sorted(days, key=lambda d: d[0]) for p, days in kept(*asked).items() if p in pairs}
    now = present(library, pairs)
    changed = {p for p in pairs if before.get(p) != now.get(p)}
    theirs = Expected.objects.filter(unit__in={u for _, u in changed})
    rows = [r for r in theirs if (r.measure, r.unit_id) in changed]
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
        for start, end in now.get((slug, unit), ())
    )
    return {p: first_difference(before.get(p, ()), now.get(p, ())) for p in changed}
