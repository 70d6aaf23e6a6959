"""Reorganised units, as figures kept live need them: who bears whose figures on which day.

Only those reorganisations are read that the units asked for come from or go into: a unit to which
nothing ever happened pays one query, in a nation of ten thousand mergers too. They are read as the
figures know them (see `lineage.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection

from namro.measuring.definitions import Term
from namro.measuring.figures import NOTHING, Parts
from namro.measuring.lines import Owed, estate_parts
from namro.measuring.reorganised import descent_of
from namro.measuring.succession import Descent, Phase, Succession
from namro.terms import Period
from namro.web.facts import expectations, sql
from namro.web.facts.cells import Cells, UnitCells, cells_of
from namro.web.facts.models import EstateFigure
from namro.web.facts.rules import in_force
from namro.web.frame.exact import to_scaled

Leaf = tuple[int, Term, Period]


@dataclass(frozen=True)
class Left:
    """What a split or dissolved unit left, to be computed: of which term and period, for whom."""

    head: Phase[int]
    term: Term
    period: Period
    above: frozenset[int]

    @property
    def place(self) -> tuple[str, str, int, date | None]:
        return self.term.slug, self.period.code, self.head.unit, self.head.until


@dataclass
class Tree:
    """Reorganisations, all or those that touch some units; `on(day)` is what the day sees."""

    known: list[Succession[int]]
    lineage: list[tuple[int, int, date, date | None]]
    seen: dict[date, Descent[int]] = field(default_factory=dict)

    def on(self, day: date) -> Descent[int]:
        if not self.known:
            return Descent(day)
        # Days between two reorganisations or moves see the same but for the day itself.
        if day not in self.seen:
            self.seen[day] = descent_of(self.known, self.lineage, day)
        return self.seen[day]

    def bearers(self, unit: int, day: date) -> set[int]:
        """The units whose figures a value of the unit may reach, itself included."""
        if not self.known:
            return {unit}
        return {unit} | {phase.unit for phase in self.on(day).bearers(unit)}

    def inherited_by(self, units: Iterable[int]) -> set[int]:
        """All units that may ever have led to these."""
        found, waiting = set[int](), set(units)
        while waiting:
            before = {s.unit for s in self.known if s.heir in waiting} - found
            found |= before
            waiting = before
        return found

    def estates_of(self, asked: Iterable[Leaf]) -> list[Left]:
        """The estates that the leaves belong to, or are heirs of."""
        found: dict[tuple, Left] = {}
        for unit, term, period in asked if self.known else ():
            descent = self.on(period.last_day(term.calendar))
            for head, estate in descent.estates.items() if term.pools else ():
                if estate.concerns(unit) or unit in descent.members(head):
                    left = Left(head, term, period, estate.above)
                    found[left.place] = left
        return list(found.values())


_MANY = 100
"""Units: for more of them all reorganisations are read at once."""


def load(units: Collection[int] | None = None, rows: Sequence[sql.Row] | None = None) -> Tree:
    """The reorganisations of now that have to do with some units, or all. One query, or a few where
    there are any. `rows`: where `asking(units)` was answered before."""
    if units is None or len(units) > _MANY:
        rows = sql.rows(f"SELECT {_ROW} FROM {_KNOWN}")
    else:
        rows = _around(set(units), _KNOWN, rows)
    if not rows:
        return Tree([], [])
    known = [Succession(*row[1:]) for row in sorted(rows, key=lambda row: (row[3], row[0]))]
    named = {u for s in known for u in (s.unit, s.heir) if u is not None}
    lineage = sql.rows(
        "SELECT unit_id, ancestor_id, from_on, to_on FROM facts_knownancestor "
        f"WHERE {sql.among('unit_id')}",
        sql.listed(named),
    )
    return Tree(known, lineage)


_KNOWN = "facts_knownsuccession"
_ROW = 'id, unit_id, heir_id, "on"'


def related(units: set[int], table: str) -> set[int]:
    """The units and all that reorganisations tie to them, in however many steps, by one table."""
    rows = sql.rows(f"SELECT {_ROW} FROM {table}") if len(units) > _MANY else _around(units, table)
    return units | {u for row in rows for u in row[1:3] if u is not None}


def asking(units: Collection[int], table: str = _KNOWN) -> sql.Statement:
    """What asks for the reorganisations that lead to units or away from them in one step."""
    either = f"{sql.among('unit_id')} OR {sql.among('heir_id')}"
    return sql.Statement(
        f"SELECT {_ROW} FROM {table} WHERE {either}", [sql.listed(units), sql.listed(units)]
    )


def _around(units: set[int], table: str, rows: Sequence[sql.Row] | None = None) -> list[sql.Row]:
    """All reorganisations that lead to units or away from them, in however many steps."""
    found: dict[int, sql.Row] = {}
    waiting, seen = units, set(units)
    while waiting:
        if rows is None:
            statement = asking(waiting, table)
            rows = sql.rows(statement.text, *statement.parameters)
        found |= {row[0]: row for row in rows}
        waiting = {u for row in rows for u in row[1:3] if u is not None} - seen
        seen |= waiting
        rows = None
    return list(found.values())


def owed(owing: expectations.Owing, term: Term, day: date) -> Owed:
    """Whether a unit owed the term's measure on the last day of one of its phases."""

    def asked(unit: int, phase: Phase[int]) -> bool:
        return in_force(owing.get((term.measure, unit), ()), phase.last_day(day))

    return asked


def cells_for(cells: Cells, unit: int, term: Term) -> UnitCells:
    """The cells of one unit that a term may use."""
    told = cells.get(unit)
    return UnitCells() if told is None else told.of([item.slug for item in term.items])


def of_term(cells: Cells, term: Term, units: Iterable[int]) -> dict[int, Mapping]:
    """The same of several units."""
    return {unit: cells_for(cells, unit, term) for unit in units}


_COLUMNS = "term period unit_id ended_on numerator denominator counted".split()
_PUT = (
    "ON CONFLICT (term, period, unit_id, ended_on) DO UPDATE SET "
    "numerator = excluded.numerator, denominator = excluded.denominator, counted = excluded.counted"
)


def changed(asked: list[Left], tree: Tree) -> list[tuple[Left, Parts]]:
    """Bring what was left up to date; give each difference, for those who keep it."""
    if not asked:
        return []
    before, found, rows = _kept(asked), [], {}
    for left, parts in zip(asked, _computed(asked, tree), strict=True):
        difference = parts - before.get(left.place, NOTHING)
        if difference != NOTHING:
            found.append((left, difference))
            *place, ended_on = left.place
            day = connection.ops.adapt_datefield_value(ended_on)
            above, below = to_scaled(parts.numerator), to_scaled(parts.denominator)
            rows[left.place] = (*place, day, above, below, parts.counted)
    sql.insert(EstateFigure, _COLUMNS, list(rows.values()), then=_PUT)
    return found


def _kept(asked: list[Left]) -> dict[tuple, Parts]:
    rows = EstateFigure.objects.filter(
        unit_id__in={left.head.unit for left in asked},
        period__in={left.period.code for left in asked},
    ).values_list("term", "period", "unit_id", "ended_on", "numerator", "denominator", "counted")
    return {tuple(row[:4]): Parts(*row[4:]) for row in rows}


def _computed(asked: list[Left], tree: Tree) -> list[Parts]:
    units: dict[tuple[Phase[int], date], set[int]] = {}
    for left in asked:
        day = left.period.last_day(left.term.calendar)
        if (left.head, day) not in units:
            units[left.head, day] = _telling(left.head, tree.on(day))
    everyone = {unit for told in units.values() for unit in told}
    cells = cells_of(everyone, {i.slug for left in asked for i in left.term.items})
    owing = expectations.kept(everyone)
    found = []
    for left in asked:
        day = left.period.last_day(left.term.calendar)
        told = of_term(cells, left.term, units[left.head, day])
        debts = owed(owing, left.term, day)
        found.append(estate_parts(left.term, left.head, tree.on(day), told, debts, left.period))
    return found


def _telling(head: Phase[int], descent: Descent[int]) -> set[int]:
    """The units whose cells may decide what is left, and whether it still stands."""
    estate = descent.estates[head]
    found = descent.members(head) | {phase.unit for phase in estate.after}
    for unit in estate.finals:
        found |= descent.members(descent.living(unit))
    return found
