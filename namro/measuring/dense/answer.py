"""The parts of many terms at many units for one period, as columns.

What is asked is grouped by calendar, because the day of the tree and of the debts hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np

from namro.measuring.assembly import Parts
from namro.measuring.dense.book import Book, Known
from namro.measuring.dense.counted import Counted, cells_for, is_counted
from namro.measuring.dense.judging import FIELDS, PartsOfMany, judged, weigh
from namro.measuring.dense.leaves import Cells, TooLarge, largest, leaves
from namro.measuring.dense.lines import Inheritance, inherited
from namro.measuring.dense.rollup import roll
from namro.measuring.dense.slabs import FOREVER, SCALE, Flags, Whole
from namro.measuring.dense.tree import Reach, microseconds
from namro.measuring.kinds import Term
from namro.measuring.succession import Descent
from namro.terms import Calendar, Period

Descents = Mapping[tuple[Calendar, Period], Descent[str]]


@dataclass(frozen=True)
class Columns:
    """The parts of some terms at some units for a period: each array is term × unit.

    `numerator` and `denominator` are whole ten-thousandths. `expected`: leaves beneath (or being)
    the unit that owe the term's measure; 0 where nobody does, and then all else is 0. `own`: what
    each unit put in by itself, where that was asked for.
    """

    period: Period
    terms: tuple[Term, ...]
    units: tuple[str, ...]
    numerator: Whole
    denominator: Whole
    counted: Whole
    heard: Whole
    expected: Whole
    own: Columns | None = None

    @classmethod
    def empty(
        cls,
        period: Period,
        terms: Sequence[Term],
        units: Sequence[str],
        own: Columns | None = None,
    ) -> Columns:
        """Nobody owes anything yet."""
        numerator, denominator, counted, heard, expected = np.zeros(
            (5, len(terms), len(units)), np.int64
        )
        parts = (numerator, denominator, counted, heard, expected)
        return cls(period, tuple(terms), tuple(units), *parts, own)

    def with_rows_of(self, other: Columns) -> Columns:
        """These, with what another answer says of the terms and units it knows."""
        row = {term.slug: n for n, term in enumerate(self.terms)}
        column = {unit: n for n, unit in enumerate(self.units)}
        rows = [row[term.slug] for term in other.terms]
        target = np.ix_(rows, [column[unit] for unit in other.units])
        for name in (*FIELDS, "expected"):
            getattr(self, name)[target] = getattr(other, name)
        if other.own is None:
            return self
        own = self.own or Columns.empty(self.period, self.terms, self.units)
        return replace(self, own=own.with_rows_of(other.own))

    def put(self, row: int, column: int, parts: Parts, expected: int) -> None:
        """One figure that was computed elsewhere. Raises TooLarge."""
        for name, value in zip(FIELDS, scaled_parts(parts), strict=True):
            getattr(self, name)[row, column] = value
        self.expected[row, column] = expected


def fits(term: Term) -> bool:
    """Whether arrays can compute a term: all stocks or all flows."""
    return len({item.time for item in term.items}) == 1


def parts_of(
    book: Book,
    terms: Sequence[Term],
    period: Period,
    *,
    as_of: datetime,
    units: Sequence[str] | None = None,
    tree_on: date | None = None,
    descents: Descents | None = None,
    counted: Counted | None = None,
    with_own: bool = False,
) -> Columns:
    """The parts of terms (of each `fits`) at units, as of a moment in UTC without a zone.

    `units`: None is every unit that stands above one, itself included; they come in the order of
    their codes. `descents`: see `reorganised.descents_of`. `counted`: the records that their
    counts speak of (`tallying.count_records`). Raises TooLarge.
    """
    known, numbers = book.known(microseconds(as_of)), book.units.of
    chosen = book.tree.tops if units is None else [numbers[u] for u in set(units) if u in numbers]
    asked = np.array(chosen, np.int64)
    asked = asked[np.argsort(book.rank[asked])]
    codes = book.codes.take(asked).to_pylist()
    found = Columns.empty(period, terms, codes)
    if with_own:
        found = replace(found, own=Columns.empty(period, terms, codes))
    alike: dict[tuple[Calendar, bool], list[int]] = {}
    for n, term in sorted(enumerate(terms), key=lambda one: _reads(one[1])):
        alike.setdefault((term.calendar, is_counted(term)), []).append(n)
    for (calendar, _), rows in alike.items():
        day = tree_on or period.last_day(calendar)
        descent = (descents or {}).get((calendar, period)) or Descent(day)
        told = [terms[n] for n in rows]
        cells = cells_for(told, known, counted or Counted())
        question = _Question(known, cells, told, period, day, descent)
        question.answer(found, np.array(rows, np.int64), asked)
    return found


AT_ONCE = 25
"""Terms whose units are summed together: few, so that what is summed stays near the processor, and
the system need not hand out fresh memory for it time and again (a third of all that it cost)."""


def _reads(term: Term) -> tuple[str, str]:
    """Terms that read the same cells are asked side by side."""
    return term.needed[0].time, term.over


@dataclass
class _Question:
    """Terms of one calendar, for a period, on a day's tree."""

    known: Known
    cells: Cells
    terms: Sequence[Term]
    period: Period
    day: date
    descent: Descent[str]

    def answer(self, found: Columns, rows: Whole, asked: Whole) -> None:
        """Put the parts into the rows of the answer."""
        measures = list(dict.fromkeys(term.measure for term in self.terms))
        tree, as_of = self.known.book.tree, self.known.as_of
        owing = tree.owing(measures, self.day, as_of)
        of_term = np.array([measures.index(term.measure) for term in self.terms], np.intp)
        heirs = None
        if self.descent.phases:
            heirs = inherited(self.known, self.cells, self.terms, self.descent, self.period)
        reach = tree.reach(self.day, as_of, asked)
        wanted = np.any(owing, axis=0)
        if heirs is None:  # who lies beneath nobody that is asked need not be looked for
            wanted &= reach.beneath(tree.size)
        owed = owing[of_term]
        for some in _stretches(len(rows), AT_ONCE if heirs is None else len(rows)):
            parts = self._leaves(some, wanted, owed[some], heirs)
            if found.own is not None:
                for name in FIELDS:
                    getattr(found.own, name)[rows[some]] = getattr(parts, name)[:, asked]
                found.own.expected[rows[some]] = owed[some][:, asked]
            for name in FIELDS:
                roll(getattr(parts, name), reach, getattr(found, name), rows[some])
            if heirs is not None:
                self._add_left(found, rows, heirs.left(parts), asked)
        for flags, measured in _alike(owing):
            _expect(found, rows[np.isin(of_term, measured)], flags, reach)

    def _leaves(
        self, some: slice, wanted: Flags, owed: Flags, heirs: Inheritance | None
    ) -> PartsOfMany:
        terms = self.terms[some]
        told = leaves(terms, self.cells, self.period, wanted)
        weigh(terms, told)
        parts = judged(terms, told, self.period)
        for flags, rows in _alike(owed):
            nobody = np.ix_(rows, np.flatnonzero(~flags))
            for name in FIELDS:
                getattr(parts, name)[nobody] = 0
        if heirs is not None:
            heirs.put(parts, owed)
        return parts

    def _add_left(
        self,
        found: Columns,
        rows: Whole,
        left: Iterator[tuple[frozenset[str], PartsOfMany]],
        asked: Whole,
    ) -> None:
        numbers = self.known.book.units.of
        place = {int(number): n for n, number in enumerate(asked)}
        for keepers, parts in left:
            kept = (place.get(numbers.get(keeper, -1)) for keeper in keepers)
            columns = np.array([column for column in kept if column is not None], np.int64)
            for name in FIELDS:
                total, more = getattr(found, name), getattr(parts, name)
                if largest(total) + largest(more) >= FOREVER:
                    raise TooLarge
                total[np.ix_(rows, columns)] += more[:, None]


def _stretches(length: int, most: int) -> Iterator[slice]:
    """Runs of so many at most."""
    for start in range(0, length, most):
        yield slice(start, min(start + most, length))


def _alike(flags: Flags) -> list[tuple[Flags, Whole]]:
    """Each different row, and the numbers of those that are like it."""
    found: dict[bytes, list[int]] = {}
    for n, row in enumerate(flags):
        found.setdefault(row.tobytes(), []).append(n)
    return [(flags[rows[0]], np.array(rows, np.int64)) for rows in found.values()]


def _expect(found: Columns, rows: Whole, owing: Flags, reach: Reach) -> None:
    """Say in some rows how many leaves owe them; where nobody does, nothing is told."""
    expected = np.zeros((1, reach.size), np.int64)
    roll(owing[None].astype(np.int64), reach, expected, np.zeros(1, np.int64))
    found.expected[rows] = expected
    nobody = np.ix_(rows, np.flatnonzero(expected[0] == 0))
    for name in FIELDS:
        getattr(found, name)[nobody] = 0


def scaled_parts(parts: Parts) -> tuple[int, int, int, int]:
    """Parts in ten-thousandths. Raises TooLarge for what 64 bits do not hold exactly."""
    sums = [value * SCALE for value in (parts.numerator, parts.denominator)]
    if any(s != s.to_integral_value() or abs(s) >= FOREVER for s in sums):
        raise TooLarge
    return int(sums[0]), int(sums[1]), parts.counted, parts.heard
