"""Units in time: what a unit inherits from those that gave way to it, and what nobody can inherit.

A reorganisation (sắp xếp đơn vị) cuts the life of the units it touches into phases. On the day a
tree is looked at, each earlier phase leads to one that bears its figures:

- merged, absorbed or given another code: the one unit it led to. Its past is the sum of theirs;
- split, or dissolved: no unit. What it told cannot be divided, so it is an estate, kept by the
  units that stand above all its heirs (of one dissolved: above itself), and by no unit beneath.

A phase counts for a measure when its unit owed the measure on the phase's last day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Generic, TypeVar

from namro.terms import Calendar, Period

U = TypeVar("U", bound=Hashable)


@dataclass(frozen=True)
class Succession(Generic[U]):
    """A unit gave way to another on a day: `heir` None is dissolved, itself is "goes on smaller".

    Several rows of one unit and day are a split.
    """

    unit: U
    heir: U | None
    on: date


@dataclass(frozen=True)
class Phase(Generic[U]):
    """A unit between two reorganisations: from `since` (included) until `until` (left out)."""

    unit: U
    since: date | None = None
    until: date | None = None

    @property
    def holder(self) -> str:
        """The name under which its sums are kept apart: the unit itself where it still lives."""
        return str(self.unit) if self.until is None else f"{self.unit}@{self.until.isoformat()}"

    def holds(self, period: Period, calendar: Calendar) -> bool:
        """Whether what was told of a period belongs to the phase: its last day decides."""
        last = period.last_day(calendar)
        return (self.since is None or self.since <= last) and (
            self.until is None or last < self.until
        )

    def months(self, calendar: Calendar) -> tuple[int, int]:
        """The first and the last month whose last day lies in the phase."""
        first = Period.month_of(self.since, calendar).first if self.since else 0
        last = Period.month_of(self.until, calendar).first - 1 if self.until else 10**6
        return first, last

    def last_day(self, on: date) -> date:
        """The phase's last day; for one that goes on, the day that is looked at."""
        return on if self.until is None else self.until - timedelta(days=1)


Path = tuple[Phase[U], ...]
"""From the phase that bears the figures (first) back to one that inherits from nobody (last)."""


@dataclass(frozen=True)
class Estate(Generic[U]):
    """What a split or dissolved unit left: who stands in its place, and who keeps its figures.

    `after`: every phase that came after it, down to the living ones.
    """

    finals: frozenset[U]
    above: frozenset[U]
    after: frozenset[Phase[U]] = frozenset()

    def concerns(self, unit: U) -> bool:
        """Whether what the unit tells may decide if the estate still stands."""
        return unit in self.finals or any(phase.unit == unit for phase in self.after)


@dataclass(frozen=True)
class Descent(Generic[U]):
    """The reorganisations up to a day, as that day sees them.

    `lines`: bearer → its paths; units that nothing ever happened to are not named. `phases`: unit →
    its phases in order. `estates`: bearers that are no living unit.
    """

    on: date
    lines: Mapping[Phase[U], tuple[Path[U], ...]] = field(default_factory=dict)
    phases: Mapping[U, tuple[Phase[U], ...]] = field(default_factory=dict)
    estates: Mapping[Phase[U], Estate[U]] = field(default_factory=dict)

    def line_of(self, unit: U) -> tuple[Path[U], ...]:
        """The paths of a living unit: of one that nothing happened to, itself alone."""
        return self.lines.get(self.living(unit), ((Phase(unit),),))

    def living(self, unit: U) -> Phase[U]:
        """The phase in which a unit lives on the day (of one that is gone: after its end)."""
        return self.phases.get(unit, (Phase(unit),))[-1]

    def bearers(self, unit: U) -> set[Phase[U]]:
        """Every bearer that something told by the unit may reach, itself included."""
        return self._bearers.get(unit, set()) | {self.living(unit)}

    @cached_property
    def _bearers(self) -> Mapping[U, set[Phase[U]]]:
        """Looked up for thousands of units."""
        found: dict[U, set[Phase[U]]] = defaultdict(set)
        for bearer, paths in self.lines.items():
            for phase in {phase for path in paths for phase in path}:
                found[phase.unit].add(bearer)
        for head, estate in self.estates.items():
            for unit in estate.finals:
                found[unit].add(head)
        return found

    def members(self, bearer: Phase[U]) -> set[U]:
        """The units whose cells a bearer's figures rest on."""
        return {ph.unit for path in self.lines.get(bearer, ((bearer,),)) for ph in path}


def descent_on(
    successions: Iterable[Succession[U]],
    day: date,
    above: Mapping[U, Collection[U]],
    above_before: Mapping[U, Collection[U]],
) -> Descent[U]:
    """The descent that a day sees.

    `above`: unit → units above it on the day, itself included. `above_before`: the same of the
    units that are dissolved, on the last day of their lives.
    """
    known = [s for s in successions if s.on <= day]
    if not known:
        return Descent(day)
    gone: dict[tuple[U, date], list[U]] = defaultdict(list)
    cuts: dict[U, set[date]] = defaultdict(set)
    for s in known:
        gone[s.unit, s.on] += [s.heir] if s.heir is not None else []
        cuts[s.unit].add(s.on)
        if s.heir is not None:
            cuts[s.heir].add(s.on)
    phases = {unit: _phases(unit, sorted(days)) for unit, days in cuts.items()}
    heirs = {p: _heirs(p, gone, phases) for told in phases.values() for p in told if p.until}
    lines = _lines(phases, heirs)
    dead = {s.unit for s in known} - {s.unit for s in known if s.heir == s.unit}
    estates = {
        head: _estate(head, heirs, above, set(above_before.get(head.unit, ())) - dead)
        for head in lines
        if head.until is not None
    }
    return Descent(day, lines, phases, estates)


def _phases(unit: U, days: list[date]) -> tuple[Phase[U], ...]:
    ends: list[date | None] = [None, *days, None]
    return tuple(Phase(unit, a, b) for a, b in pairwise(ends))


def _heirs(
    phase: Phase[U],
    gone: Mapping[tuple[U, date], list[U]],
    phases: Mapping[U, tuple[Phase[U], ...]],
) -> list[Phase[U]]:
    """The phases that begin where this one ends; a unit that only took others in goes on."""
    assert phase.until is not None
    after = gone.get((phase.unit, phase.until), [phase.unit])
    return [p for unit in after for p in phases[unit] if p.since == phase.until]


def _lines(
    phases: Mapping[U, tuple[Phase[U], ...]], heirs: Mapping[Phase[U], list[Phase[U]]]
) -> dict[Phase[U], tuple[Path[U], ...]]:
    before: dict[Phase[U], list[Phase[U]]] = defaultdict(list)
    for phase, after in heirs.items():
        if len(after) == 1:
            before[after[0]].append(phase)
    bearers = [p for told in phases.values() for p in told if len(heirs.get(p, ())) != 1]
    return {b: tuple(_back(b, before)) for b in bearers}


def _back(bearer: Phase[U], before: Mapping[Phase[U], list[Phase[U]]]) -> Iterable[Path[U]]:
    waiting: list[Path[U]] = [(bearer,)]
    while waiting:
        path = waiting.pop()
        earlier = before.get(path[-1], ())
        if not earlier:
            yield path
        waiting += [(*path, phase) for phase in earlier]


def _estate(
    head: Phase[U],
    heirs: Mapping[Phase[U], list[Phase[U]]],
    above: Mapping[U, Collection[U]],
    keepers: set[U],
) -> Estate[U]:
    finals, after, waiting = set[U](), set[Phase[U]](), list(heirs[head])
    while waiting:
        phase = waiting.pop()
        after.add(phase)
        if phase.until is None:
            finals.add(phase.unit)
        else:
            waiting += heirs[phase]
    if not finals:
        return Estate(frozenset(), frozenset(keepers - {head.unit}), frozenset(after))
    common = set.intersection(*(set(above.get(unit, ())) for unit in finals))
    return Estate(frozenset(finals), frozenset(common - finals), frozenset(after))
