"""Figures kept live: the leaf is recomputed, its difference added to all above it, each once.

Called inside the caller's transaction, with the ledger locked: so no other writer is between the
reading of a row and its writing, and rows are written in one order (no deadlock on PostgreSQL).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from namro.measuring import figures
from namro.measuring.definitions import Library, Term
from namro.measuring.figures import NOTHING, Parts
from namro.measuring.lines import line_leaf
from namro.terms import Calendar, Period
from namro.web.facts import descents, expectations, lineage, sql, totals
from namro.web.facts.cells import Cells, UnitCells, cells_of
from namro.web.facts.rules import Cell, in_force

Leaf = tuple[int, Term, Period]
"""One figure of one unit by itself: (unit id, term, period)."""


PERIODS = sql.Statement("SELECT code FROM facts_knownperiod")


def known_periods(rows: Iterable[sql.Row] | None = None) -> list[Period]:
    """The periods for which figures are kept. `rows`: where `PERIODS` was answered before."""
    codes = sql.rows(PERIODS.text) if rows is None else rows
    return sorted((Period.of(code) for (code,) in codes), key=lambda p: (p.first, p.length))


def touched(
    library: Library,
    changed: Iterable[Cell],
    tree: descents.Tree | None = None,
    periods: Collection[Period] | None = None,
) -> list[Leaf]:
    """The leaves that changed cells (source, unit, period code) may change, in known periods."""
    by_place: dict[tuple[int, str], set[str]] = defaultdict(set)
    for source, unit, period in changed:
        by_place[unit, period].add(source)
    asked = tuple(known_periods() if periods is None else periods)
    tree = tree or descents.load({unit for unit, _ in by_place})
    leaves: dict[tuple[int, str, int, int], Leaf] = {}
    for (unit, period), sources in by_place.items():
        for term, told in _reached(library, frozenset(sources), period, asked):
            # Where nothing was reorganised, no day is asked.
            day = told.last_day(term.calendar) if tree.known else date.max
            for bearer in tree.bearers(unit, day):
                leaves[bearer, term.slug, told.first, told.length] = bearer, term, told
    return list(leaves.values())


@lru_cache(maxsize=128)
def _reached(
    library: Library, sources: frozenset[str], period: str, asked: tuple[Period, ...]
) -> list[tuple[Term, Period]]:
    """Kept, since all units fill in the same form."""
    return figures.touched(library, sources, Period.of(period), asked)


def needed(leaves: Iterable[Leaf]) -> dict[str, int]:
    """What must be read to compute the leaves: source → the first month that matters."""
    since: dict[str, int] = {}
    for _, term, period in leaves:
        for item in term.items:
            first = figures.earliest(term, item, period)
            if first < since.get(item.slug, first + 1):
                since[item.slug] = first
    return since


def latest(leaves: Iterable[Leaf]) -> int:
    """The month before which all periods of the leaves end: no cell later than that matters."""
    return max((period.first + period.length for _, _, period in leaves), default=0)


class _Asked(NamedTuple):
    """A leaf to be computed: where its row lies, and whether the unit owes the measure."""

    code: str
    unit: int
    slug: str
    term: Term
    period: Period
    day: date
    owes: bool


def _asked(leaves: Iterable[Leaf], owing: expectations.Owing) -> list[_Asked]:
    days: dict[tuple[str, Calendar], date] = {}
    found = []
    for unit, term, period in leaves:
        code, calendar = period.code, term.calendar
        day = days.get((code, calendar))
        if day is None:
            day = days[code, calendar] = period.last_day(calendar)
        owes = in_force(owing.get((term.measure, unit), ()), day)
        found.append(_Asked(code, unit, term.slug, term, period, day, owes))
    return found


class Beside(NamedTuple):
    """What must be known beside the cells to recompute leaves, as it was read."""

    owing: expectations.Owing
    own: dict[totals.Key, totals.Scaled]
    above: lineage.Above


def asking(leaves: Collection[Leaf], tree: descents.Tree) -> list[sql.Statement]:
    """What asks for all that is needed beside the cells; its answers make a `Beside`."""
    units = {unit for unit, _, _ in leaves}
    terms = {term.slug: term.measure for _, term, _ in leaves}
    codes = {period.code for period in {period for *_, period in leaves}}
    return [
        expectations.asking(units | tree.inherited_by(units), set(terms.values())),
        totals.asking(codes, units, terms),
        sql.Statement(lineage.LINES + sql.among("unit_id"), [sql.listed(units)]),
    ]


def beside(answers: Sequence[sql.Answer]) -> Beside:
    """What was answered."""
    owing, own, above = (answer.rows for answer in answers)
    return Beside(expectations.told(owing), totals.own(own), lineage.Above(above))


def recompute(
    leaves: Collection[Leaf],
    *,
    tree: descents.Tree | None = None,
    cells: Cells | None = None,
    known: Beside | None = None,
) -> int:
    """Bring the leaves and all above them up to date; give the number of rows written.

    `tree`, `cells`, `known`: where they were read before, for these leaves and what these took
    over.
    """
    if not leaves:
        return 0
    tree = tree or descents.load({unit for unit, _, _ in leaves})
    owing, own, above = known or beside(sql.together(asking(leaves, tree)))
    asked, differences = _asked(leaves, owing), totals.Differences()
    for one, now in zip(asked, _computed(asked, tree, owing, cells), strict=True):
        code, unit, slug, *_ = one
        before = own.get((code, unit, slug), totals.NONE)
        difference = totals.less(totals.scaled(now, int(one.owes)), before)
        if difference != totals.NONE:
            differences.put_in(code, unit, slug, difference)
            differences.add(code, above.of(unit, one.day), slug, difference)
    for left, parts in descents.changed(tree.estates_of(leaves), tree):
        changed = totals.scaled(parts, 0)
        differences.add(left.period.code, left.above, left.term.slug, changed)
    return differences.write()


def compute(asked: list[Leaf], tree: descents.Tree | None = None) -> list[Parts]:
    """Each leaf from its own cells and those of units it took over; nothing where the unit does not
    owe the measure."""
    units = {unit for unit, _, _ in asked}
    tree = tree or descents.load(units)
    owing = expectations.kept(units | tree.inherited_by(units))
    return list(_computed(_asked(asked, owing), tree, owing))


def _computed(
    asked: list[_Asked],
    tree: descents.Tree,
    owing: expectations.Owing,
    cells: Cells | None = None,
) -> Iterator[Parts]:
    if cells is None:
        units = {one.unit for one in asked}
        leaves = [(one.unit, one.term, one.period) for one in asked]
        everyone = units | tree.inherited_by(units)
        cells = cells_of(everyone, needed(leaves), until=latest(leaves))
    kept: dict[tuple[int, str], UnitCells] = {}
    for _, unit, slug, term, period, day, owes in asked:
        if not owes:
            yield NOTHING
            continue
        descent = tree.on(day) if tree.known else None
        if descent and unit in descent.phases:
            line, owed = descent.line_of(unit), descents.owed(owing, term, day)
            told = descents.of_term(cells, term, descent.members(descent.living(unit)))
            yield line_leaf(term, line, told, owed, period)
            continue
        if (unit, slug) not in kept:
            kept[unit, slug] = descents.cells_for(cells, unit, term)
        yield figures.leaf(term, kept[unit, slug], period)
