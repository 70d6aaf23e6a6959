"""Units that were reorganised, as arrays: phases instead of units, then what bearers inherit.

The rules are those of `measuring/lines.py`. A phase's cells are its unit's in the phase's months;
so the sums of phases are found like those of units, on an axis of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from namro.measuring.dense.book import Known
from namro.measuring.dense.leaves import Cells
from namro.measuring.dense.slabs import Contents, Flags, Small, Whole, ends
from namro.measuring.succession import Descent, Phase
from namro.terms import Calendar, Period

Phases = Mapping[Phase[str], int]


@dataclass
class PhaseCells:
    """The cells a question reads, phase by phase in the place of units."""

    known: Cells
    slugs: Sequence[str]
    unit: Whole
    first: Small
    last: Small
    _cells: dict[Period, Contents] = field(default_factory=dict)

    def numbers(self, slugs: Sequence[str]) -> NDArray[np.intp]:
        """The rows of elements."""
        row = {slug: n for n, slug in enumerate(self.slugs)}
        return np.array([row[slug] for slug in slugs], np.intp)

    def ending(self, first: int, last: int) -> list[Period]:
        """As `Cells.ending`."""
        return self.known.ending(first, last)

    def within(self, first: int, last: int) -> list[Period]:
        """As `Cells.within`."""
        return self.known.within(first, last)

    def cells(self, period: Period) -> Contents:
        """The cells of a period: element × phase; nothing where the phase does not hold it."""
        if period not in self._cells:
            self._cells[period] = self._gathered(period)
        return self._cells[period]

    def _gathered(self, period: Period) -> Contents:
        values, told, scale = self.known.cells(period)
        elements, shape = self.known.numbers(self.slugs), (len(self.slugs), len(self.unit))
        found, count = np.zeros(shape, np.int64), np.zeros(shape, np.int16)
        month = ends(period)
        holds = (self.first <= month) & (month <= self.last)
        columns = np.flatnonzero(holds & (0 <= self.unit) & (self.unit < values.shape[1]))
        rows = np.flatnonzero(elements < values.shape[0])
        units = self.unit[columns]
        for row in rows.tolist():  # row by row: what is gathered stays near
            found[row, columns] = values[elements[row]].take(units)
            count[row, columns] = told[elements[row]].take(units)
        return Contents(found, count, scale)


@dataclass(frozen=True)
class Paths:
    """Who may inherit from whom. `phase[p, d]`: the phase at depth d of path p, -1 beyond its end.

    Paths of one bearer stand together, from `starts[b]` on; `bearer[p]` is their number. `of[h]`:
    the bearer that phase h leads to.
    """

    phase: Whole
    bearer: Whole
    starts: Whole
    of: Whole


class Lineages:
    """The phases of a descent, numbered, and their paths."""

    def __init__(self, descent: Descent[str], calendar: Calendar, units: Mapping[str, int]) -> None:
        phases = [phase for told in descent.phases.values() for phase in told]
        self.number: Phases = {phase: n for n, phase in enumerate(phases)}
        self.unit = np.array([units.get(phase.unit, -1) for phase in phases], np.int64)
        months = np.array([phase.months(calendar) for phase in phases], np.int32)
        self.first, self.last = months[:, 0], months[:, 1]
        self.days = [phase.last_day(descent.on) for phase in phases]
        self.bearers = list(descent.lines)
        self.paths = self._paths(descent)

    def _paths(self, descent: Descent[str]) -> Paths:
        told = [
            [[self.number[ph] for ph in path] for path in descent.lines[b]] for b in self.bearers
        ]
        flat = [path for paths in told for path in paths]
        phase = np.full((len(flat), max(map(len, flat))), -1, np.int64)
        of = np.zeros(len(self.number), np.int64)
        bearer = np.repeat(np.arange(len(told)), [len(paths) for paths in told])
        for n, path in enumerate(flat):
            phase[n, : len(path)] = path
            of[path] = bearer[n]
        starts = np.searchsorted(bearer, np.arange(len(told)))
        return Paths(phase, bearer, starts, of)

    def cells(self, known: Cells, slugs: Sequence[str]) -> PhaseCells:
        """The cells of the phases."""
        return PhaseCells(known, slugs, self.unit, self.first, self.last)

    def owed(self, known: Known, measures: Sequence[str]) -> Flags:
        """measure × phase: whether its unit owed the measure on the phase's last day."""
        found = np.zeros((len(measures), len(self.unit)), bool)
        for day in set(self.days):
            here = np.array([d == day for d in self.days]) & (self.unit >= 0)
            owing = known.book.tree.owing(measures, day, known.as_of)
            found[:, here] = owing[:, self.unit[here]]
        return found


@dataclass(frozen=True)
class Line:
    """Which paths must be told, for measures that were owed alike.

    `required[p]`; `owed[p, d]`: the phases on required paths that may be told; `needed[b]`: how
    many paths a bearer has.
    """

    required: Flags
    owed: Flags
    needed: Whole


def line_of(paths: Paths, owed: Flags) -> Line:
    """The paths as far back as somebody owed the measure (`owed`: phase); one that is the beginning
    of another is none of its own; where nobody before the bearer owed, the bearer stands alone."""
    there = (paths.phase >= 0) & owed[paths.phase]
    depth = np.arange(there.shape[1])
    deepest = np.where(there, depth, 0).max(axis=1)
    inner = np.zeros(len(owed), bool)
    inner[paths.phase[there & (depth < deepest[:, None])]] = True
    tip = np.where(deepest > 0, paths.phase[np.arange(len(deepest)), deepest], -1)
    required = np.zeros(len(tip), bool)
    required[np.unique(tip, return_index=True)[1]] = True
    required &= (tip >= 0) & ~inner[tip]
    needed = np.add.reduceat(required.astype(np.int64), paths.starts)
    alone = paths.starts[(needed == 0) & there[paths.starts, 0]]
    told = there & required[:, None]
    required[alone] = told[alone, 0] = True
    return Line(required, told, np.maximum(needed, 1))


def later_pairs(paths: Paths, line: Line) -> tuple[Whole, Whole]:
    """(earlier, later) phases of the same line: what the later told of a longer period covers."""
    pairs = set()
    width = paths.phase.shape[1]
    for near in range(width):
        for far in range(near + 1, width):
            both = line.owed[:, near] & line.owed[:, far]
            pairs |= set(zip(paths.phase[both, far], paths.phase[both, near], strict=True))
    found = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
