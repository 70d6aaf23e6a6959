"""Reorganised units, as figures kept live need them: who bears whose figures on which day.

An installation where nothing was ever reorganised pays one query for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from namro.measuring.definitions import Term
from namro.measuring.figures import NOTHING, Parts
from namro.measuring.lines import Owed, estate_parts
from namro.measuring.reorganised import descent_of
from namro.measuring.succession import Descent, Phase, Succession
from namro.terms import Period
from namro.web.facts import expectations
from namro.web.facts.cells import UnitCells, cells_of
from namro.web.facts.models import EstateFigure
from namro.web.facts.rules import in_force
from namro.web.org.models import UnitAncestor
from namro.web.org.queries import successions

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
    """All reorganisations; `on(day)` is what that day sees of them."""

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


def load() -> Tree:
    """The reorganisations of now. One query, two where there are any."""
    known = [Succession(*row) for row in successions()]
    units = {u for s in known for u in (s.unit, s.heir) if u is not None}
    rows = UnitAncestor.objects.filter(unit_id__in=units) if units else UnitAncestor.objects.none()
    lineage = rows.values_list("unit_id", "ancestor_id", "from_on", "to_on")
    return Tree(known, list(lineage))


def owed(owing: expectations.Owing, term: Term, day: date) -> Owed:
    """Whether a unit owed the term's measure on the last day of one of its phases."""

    def asked(unit: int, phase: Phase[int]) -> bool:
        return in_force(owing.get((term.measure, unit), ()), phase.last_day(day))

    return asked


def cells_for(cells: UnitCells, term: Term) -> Mapping:
    """The cells of one unit that a term may use: the fewer, the faster."""
    return {place: v for item in term.items for place, v in cells.get(item.slug, {}).items()}


def of_term(cells: Mapping[int, UnitCells], term: Term) -> dict[int, Mapping]:
    """The same of many units."""
    return {unit: cells_for(told, term) for unit, told in cells.items()}


def changed(asked: list[Left], tree: Tree) -> Iterator[tuple[Left, Parts]]:
    """Bring what was left up to date; give each difference, for those who keep it."""
    if not asked:
        return
    before = _kept(asked)
    for left, parts in zip(asked, _computed(asked, tree), strict=True):
        difference = parts - before.get(left.place, NOTHING)
        if difference == NOTHING:
            continue
        term, period, unit, ended_on = left.place
        EstateFigure.objects.update_or_create(
            term=term, period=period, unit_id=unit, ended_on=ended_on,
            defaults={
                "numerator": parts.numerator,
                "denominator": parts.denominator,
                "counted": parts.counted,
            },
        )  # fmt: skip
        yield left, difference


def _kept(asked: list[Left]) -> dict[tuple, Parts]:
    rows = EstateFigure.objects.filter(
        unit_id__in={left.head.unit for left in asked},
        period__in={left.period.code for left in asked},
    ).values_list("term", "period", "unit_id", "ended_on", "numerator", "denominator", "counted")
    return {tuple(row[:4]): Parts(*row[4:]) for row in rows}


def _computed(asked: list[Left], tree: Tree) -> list[Parts]:
    units: set[int] = set()
    for left in asked:
        descent = tree.on(left.period.last_day(left.term.calendar))
        estate = descent.estates[left.head]
        units |= descent.members(left.head) | {phase.unit for phase in estate.after}
        units |= tree.inherited_by(estate.finals)
    cells = cells_of(units, {i.slug for left in asked for i in left.term.items})
    owing = expectations.kept(units)
    found = []
    for left in asked:
        day = left.period.last_day(left.term.calendar)
        told, debts = of_term(cells, left.term), owed(owing, left.term, day)
        found.append(estate_parts(left.term, left.head, tree.on(day), told, debts, left.period))
    return found
