"""Figures kept live: the leaf is recomputed, its difference added to all above it, each once.

Called inside the caller's transaction, with the ledger locked: so no other writer is between the
reading of a row and its writing, and rows are written in one order (no deadlock on PostgreSQL).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from namro.measuring import figures
from namro.measuring.definitions import Library, Term
from namro.measuring.figures import NOTHING, Parts
from namro.measuring.lines import line_leaf
from namro.terms import Period
from namro.web.facts import descents, expectations, sql, totals
from namro.web.facts.cells import Cells, UnitCells, cells_of
from namro.web.facts.rules import Cell, Interval, in_force

Leaf = tuple[int, Term, Period]
"""One figure of one unit by itself: (unit id, term, period)."""

Above = Mapping[int, list[tuple[int, Interval]]]
"""unit id → the units above it (itself included), in either tree, and when."""


def known_periods() -> list[Period]:
    """The periods for which figures are kept."""
    codes = (code for (code,) in sql.rows("SELECT code FROM facts_knownperiod"))
    return sorted(map(Period.of, codes), key=lambda p: (p.first, p.length))


def touched(
    library: Library, changed: Iterable[Cell], tree: descents.Tree | None = None
) -> list[Leaf]:
    """The leaves that changed cells (source, unit, period code) may change, in known periods."""
    by_place: dict[tuple[int, str], set[str]] = defaultdict(set)
    for source, unit, period in changed:
        by_place[unit, period].add(source)
    asked, tree = known_periods(), tree or descents.load({unit for unit, _ in by_place})
    found: dict[tuple[frozenset[str], str], list[tuple[Term, Period]]] = {}
    leaves: dict[tuple[int, str, Period], Leaf] = {}
    for (unit, period), sources in by_place.items():
        alike = (frozenset(sources), period)
        if alike not in found:
            found[alike] = figures.touched(library, sources, Period.of(period), asked)
        for term, told in found[alike]:
            for bearer in tree.bearers(unit, told.last_day(term.calendar)):
                leaves[bearer, term.slug, told] = bearer, term, told
    return list(leaves.values())


def needed(leaves: Iterable[Leaf]) -> dict[str, int]:
    """What must be read to compute the leaves: source → the first month that matters."""
    since: dict[str, int] = {}
    ways: dict[tuple[str, Period], Term] = {(term.slug, p): term for _, term, p in leaves}
    for (_, period), term in ways.items():
        for item in term.items:
            first = figures.earliest(term, item, period)
            since[item.slug] = min(since.get(item.slug, first), first)
    return since


def recompute(
    leaves: Iterable[Leaf], *, tree: descents.Tree | None = None, cells: Cells | None = None
) -> int:
    """Bring the leaves and all above them up to date; give the number of rows written.

    `tree`, `cells`: where they were read before, for these leaves and what these took over.
    """
    told = [(period.code, unit, term.slug, term, period) for unit, term, period in leaves]
    if not told:
        return 0
    told.sort(key=lambda a: a[:3])
    asked = [(unit, term, period) for _, unit, _, term, period in told]
    units = {unit for unit, _, _ in asked}
    tree = tree or descents.load(units)
    above = _above(units)
    owing = expectations.kept(units | tree.inherited_by(units), {t.measure for _, t, _ in asked})
    own = totals.own({a[0] for a in told}, units, {a[2] for a in told})
    differences = totals.Differences()
    ancestors: dict[tuple[int, date], set[int]] = {}
    parts = _computed(asked, tree, owing, cells)
    for (code, unit, slug, term, period), now in zip(told, parts, strict=True):
        day = period.last_day(term.calendar)
        owes = int(in_force(owing.get((term.measure, unit), ()), day))
        difference = totals.less(totals.scaled(now, owes), own.get((code, unit, slug), totals.NONE))
        if difference == totals.NONE:
            continue
        if (unit, day) not in ancestors:
            ancestors[unit, day] = _ancestors(above, unit, day)
        differences.put_in(code, unit, slug, difference)
        differences.add(code, ancestors[unit, day], slug, difference)
    for estate, left in descents.changed(tree.estates_of(asked), tree):
        differences.add(estate.period.code, estate.above, estate.term.slug, totals.scaled(left, 0))
    return differences.write()


def compute(asked: list[Leaf], tree: descents.Tree | None = None) -> list[Parts]:
    """Each leaf from its own cells and those of units it took over; nothing where the unit does not
    owe the measure."""
    units = {unit for unit, _, _ in asked}
    tree = tree or descents.load(units)
    return _computed(asked, tree, expectations.kept(units | tree.inherited_by(units)))


def _computed(
    asked: list[Leaf],
    tree: descents.Tree,
    owing: expectations.Owing,
    cells: Cells | None = None,
) -> list[Parts]:
    if cells is None:
        units = {unit for unit, _, _ in asked}
        cells = cells_of(units | tree.inherited_by(units), needed(asked))
    kept: dict[tuple[int, str], UnitCells] = {}
    found = []
    for unit, term, period in asked:
        day = period.last_day(term.calendar)
        if not in_force(owing.get((term.measure, unit), ()), day):
            found.append(NOTHING)
            continue
        descent = tree.on(day)
        if unit in descent.phases:
            line, owed = descent.line_of(unit), descents.owed(owing, term, day)
            found.append(line_leaf(term, line, descents.of_term(cells, term), owed, period))
            continue
        place = (unit, term.slug)
        if place not in kept:
            kept[place] = descents.cells_for(cells, unit, term)
        found.append(figures.leaf(term, kept[place], period))
    return found


def _above(units: Collection[int]) -> Above:
    found: dict[int, list[tuple[int, Interval]]] = defaultdict(list)
    rows = sql.rows(
        "SELECT unit_id, ancestor_id, from_on, to_on FROM org_unitancestor "
        f"WHERE {sql.among('unit_id')}",
        sql.listed(units),
    )
    for unit, ancestor, start, end in rows:
        found[unit].append((ancestor, (start, end)))
    return found


def _ancestors(above: Above, unit: int, on: date) -> set[int]:
    """The unit itself and all above it on a day, in both trees, each once."""
    return {unit} | {a for a, days in above.get(unit, ()) if in_force((days,), on)}
