"""Units that were reorganised: the few leaves that no array holds, by the rules of `lines.py`.

What such a unit bears is computed from its cells and those of the units it took over, one by one.
Where they are many, SQL answers the question (`direct.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from namro.measuring.assembly import Parts
from namro.measuring.dense.book import Known
from namro.measuring.dense.judging import FIELDS, PartsOfMany
from namro.measuring.dense.leaves import TooLarge
from namro.measuring.dense.slabs import FOREVER, SCALE, Flags
from namro.measuring.kinds import Term
from namro.measuring.lines import Owed, estate_parts, line_leaf
from namro.measuring.succession import Descent, Phase
from namro.terms import Period

MANY = 20_000
"""Leaves (terms × units that bear others' figures) up to which they are computed one by one."""


def many(terms: Sequence[Term], descents: Mapping[Any, Descent[str]]) -> bool:
    """Whether reorganised units are too many to be computed one by one."""
    bearers = max((len(d.phases) + len(d.estates) for d in descents.values()), default=0)
    return bearers * len(terms) > MANY


@dataclass
class Heirs:
    """The reorganised units of a question, on one day's tree."""

    known: Known
    descent: Descent[str]
    period: Period
    day: date
    cells: dict[str, dict[tuple[str, str], Decimal]] = field(default_factory=dict)
    _owing: dict[tuple[str, date], Flags] = field(default_factory=dict)

    def put(self, terms: Sequence[Term], parts: PartsOfMany, owing: Flags) -> None:
        """Put what reorganised units bear in the place of what they told themselves."""
        number = self.known.book.units.of
        for unit in self.descent.phases:
            if unit not in number:
                continue
            place = number[unit]
            for row, term in enumerate(terms):
                told = Parts()
                if owing[row, place]:
                    line, owed = self.descent.line_of(unit), self._owed(term)
                    told = line_leaf(term, line, self.cells, owed, self.period)
                for name, value in zip(FIELDS, scaled_parts(told), strict=True):
                    getattr(parts, name)[row, place] = value

    def left(self, terms: Sequence[Term]) -> Iterator[tuple[int, frozenset[str], Parts]]:
        """(term's row, who keeps it, what a split or dissolved unit left)."""
        for head, estate in self.descent.estates.items():
            for row, term in enumerate(terms):
                owed = self._owed(term)
                parts = estate_parts(term, head, self.descent, self.cells, owed, self.period)
                if parts != Parts():
                    yield row, estate.above, parts

    def _owed(self, term: Term) -> Owed:
        def owed(unit: str, phase: Phase[str]) -> bool:
            day = phase.last_day(self.day)
            if (term.measure, day) not in self._owing:
                held = self.known.book.tree.owing([term.measure], day, self.known.as_of)[0]
                self._owing[term.measure, day] = held
            place = self.known.book.units.of.get(unit)
            return place is not None and bool(self._owing[term.measure, day][place])

        return owed


def heirs_of(
    terms: Sequence[Term], known: Known, descent: Descent[str], period: Period, day: date
) -> Heirs:
    """The reorganised units of a question, with their cells."""
    found = Heirs(known, descent, period, day)
    slugs = {item.slug for term in terms for item in term.items}
    units = [u for u in descent.phases if u in known.book.units.of]
    found.cells.update({unit: {} for unit in descent.phases})
    for told in known.book.slabs:
        for slug, unit, value in _cells(known, told, sorted(slugs), units):
            found.cells[unit][slug, told.code] = value
    return found


def _cells(
    known: Known, told: Period, slugs: Sequence[str], units: Sequence[str]
) -> Iterator[tuple[str, str, Decimal]]:
    values, count = known.cells(told)
    elements, numbers = known.book.elements.of, known.book.units.of
    rows = [(s, elements[s]) for s in slugs if elements.get(s, len(values)) < len(values)]
    columns = [(u, numbers[u]) for u in units if numbers[u] < values.shape[1]]
    if not rows or not columns:
        return
    places = np.ix_([row for _, row in rows], [column for _, column in columns])
    there = count[places] > 0
    for row, column in zip(*np.nonzero(there), strict=True):
        value = Decimal(int(values[places][row, column])) / SCALE
        yield rows[row][0], columns[column][0], value


def scaled_parts(parts: Parts) -> tuple[int, int, int, int]:
    """Parts in ten-thousandths. Raises TooLarge for what 64 bits do not hold exactly."""
    sums = [value * SCALE for value in (parts.numerator, parts.denominator)]
    if any(s != s.to_integral_value() or abs(s) >= FOREVER for s in sums):
        raise TooLarge
    return int(sums[0]), int(sums[1]), parts.counted, parts.heard
