"""The sums of many terms at every unit by itself: the latest of a stock, the sum of a flow.

The rules are those of `figures.py` and `statement.py`, said a third time and held against both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

import numpy as np

from namro.measuring.dense.picks import Pick, Places, picks
from namro.measuring.dense.slabs import (
    FOREVER,
    Contents,
    Flags,
    Shape,
    Small,
    Whole,
    ends,
    scaled_up,
)
from namro.measuring.figures import due_first, window
from namro.measuring.kinds import Term
from namro.terms import Period


class Cells(Protocol):
    """What leaves are computed from: the cells of units (`book.Known`), or of their phases."""

    def numbers(self, slugs: Sequence[str]) -> Places:
        """The rows of elements; of one that nobody ever told, one beyond all."""

    def cells(self, period: Period) -> Contents:
        """The cells of a period: element × unit, as far as it knows of them."""

    def ending(self, first: int, last: int) -> list[Period]:
        """The periods that end in these months: the latest first, the shorter first."""

    def within(self, first: int, last: int) -> list[Period]:
        """The periods that lie in these months, the longest first."""


class TooLarge(Exception):
    """A sum may be larger or finer than whole ten-thousandths in 64 bits hold: the question goes
    the way that knows no such bound."""


SUMS = ("numerator", "denominator", "counted", "heard")


@dataclass(frozen=True)
class Sums:
    """term × unit: the two sums of what the unit told, whether it counts, whether it was heard."""

    numerator: Whole
    denominator: Whole
    counted: Flags
    heard: Flags

    @classmethod
    def empty(cls, shape: Shape) -> Sums:
        """Nobody told anything."""
        numerator, denominator = np.zeros((2, *shape), np.int64)
        counted, heard = np.zeros((2, *shape), bool)
        return cls(numerator, denominator, counted, heard)

    def put(self, terms: Places, others: Sums) -> None:
        """Take over the rows of some terms."""
        for name in SUMS:
            getattr(self, name)[terms] = getattr(others, name)

    def rows(self, terms: Places) -> Sums | None:
        """The sums of some terms, to be written into; None where they do not stand together."""
        if (np.diff(terms) != 1).any():
            return None
        here = slice(int(terms[0]), int(terms[-1]) + 1)
        return Sums(*(getattr(self, name)[here] for name in SUMS))


@dataclass(frozen=True)
class Later:
    """Pairs of columns: what the one in `later` told of a longer period covers what the one in
    `earlier` told of months within it."""

    earlier: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    later: Whole = field(default_factory=lambda: np.zeros(0, np.int64))

    def cover(self, complete: Flags) -> Flags:
        """term × unit: who is covered by what was told of a longer period."""
        found = complete.copy()
        np.logical_or.at(found.T, self.earlier, complete.T[self.later])
        return found


ALONE = Later()


def leaves(
    terms: Sequence[Term], known: Cells, period: Period, wanted: Flags, later: Later = ALONE
) -> Sums:
    """The sums of terms whose items are all elements, all stocks or all flows.

    `wanted`: the units that matter; what is said of the others is left open. Raises TooLarge.
    """
    found = Sums.empty((len(terms), len(wanted)))
    alike: dict[Period | None, list[int]] = {}
    for n, term in enumerate(terms):
        is_flow = term.needed[0].time == "flow"
        alike.setdefault(window(term, period) if is_flow else None, []).append(n)
    for span, numbers in alike.items():
        places, told = np.array(numbers, np.intp), [terms[n] for n in numbers]
        there = found.rows(places)
        out = there or Sums.empty((len(told), len(wanted)))
        if span is None:
            _stocks(told, known, period, wanted, out)
        else:
            _flows(told, known, span, period, later, out)
        if there is None:
            found.put(places, out)
    return found


def largest(values: Whole) -> float:
    """The largest of the values, signs aside."""
    return max(float(values.max(initial=0)), -float(values.min(initial=0)))


def _rows(terms: Sequence[Term], known: Cells) -> dict[str, int]:
    """element → row: those that are carried alike stand together, in the order of the cells."""
    carry = {item.slug: item.carry for term in terms for item in term.items}
    number = dict(zip(carry, known.numbers(list(carry)).tolist(), strict=True))
    told = sorted(carry, key=lambda slug: (carry[slug], number[slug]))
    return {slug: row for row, slug in enumerate(told)}


def _chosen(elements: Places) -> Places | slice:
    """Rows of cells; those that lie side by side are looked at where they are."""
    if (np.diff(elements) != 1).any():
        return elements
    return slice(int(elements[0]), int(elements[-1]) + 1)


def _due(terms: Sequence[Term], period: Period) -> Small:
    return np.array([due_first(term, period) for term in terms], np.int32)[:, None]


def _stocks(
    terms: Sequence[Term], known: Cells, period: Period, wanted: Flags, found: Sums
) -> None:
    """Put the sums into `found`, where nothing is yet."""
    row_of = _rows(terms, known)
    values, last = _latest(terms, row_of, known, period, wanted)
    if largest(values) * max(len(t.items) for t in terms) >= FOREVER:
        raise TooLarge
    due = _due(terms, period)
    found.counted[:] = found.heard[:] = True
    for pick in picks(terms, row_of):
        target = getattr(found, pick.side)
        if pick.is_first and len(pick.terms) == len(target):
            np.take(values, pick.rows, axis=0, out=target, mode="clip")
        else:
            _add(target, pick, values[pick.rows])
        if pick.is_needed:
            told = last[pick.rows]
            _and(found.counted, pick, told >= 0)
            _and(found.heard, pick, told >= due[pick.terms])
    found.numerator[:] *= found.counted
    found.denominator[:] *= found.counted


def _add(target: Whole, pick: Pick, values: Whole) -> None:
    if len(pick.terms) == len(target):
        target += values
    else:
        target[pick.terms] += values


def _and(target: Flags, pick: Pick, flags: Flags) -> None:
    if len(pick.terms) == len(target):
        target &= flags
    else:
        target[pick.terms] &= flags


def _latest(
    terms: Sequence[Term], row_of: Mapping[str, int], known: Cells, period: Period, wanted: Flags
) -> tuple[Whole, Small]:
    """element × unit: the latest value still valid (0: none), and the month it speaks of (-1)."""
    values = np.zeros((len(row_of), len(wanted)), np.int64)
    last = np.full(values.shape, -1, np.int32)
    carry = {item.slug: item.carry for term in terms for item in term.items}
    for months, alike in groupby(row_of, key=lambda slug: carry[slug]):
        slugs = list(alike)
        rows = slice(row_of[slugs[0]], row_of[slugs[-1]] + 1)
        of_group = _Latest(values[rows], last[rows], known.numbers(slugs), wanted)
        for told in known.ending(ends(period) - months, ends(period)):
            if not of_group.fill(known.cells(told), ends(told)):
                break
    return values, last


@dataclass
class _Latest:
    """Elements × units that are filled from one period after another, the latest first; `gaps`:
    the flat places where nothing is yet, None where nothing is anywhere."""

    values: Whole
    last: Small
    elements: Places
    wanted: Flags
    gaps: Places | None = None

    def fill(self, cells: Contents, month: int) -> bool:
        """Put a period's values where none is yet; whether some were missing."""
        if self.gaps is None and self.elements.max() < len(cells.values):
            self._fill_all(cells, month)
            return True
        gaps = self._open() if self.gaps is None else self.gaps
        row, unit = np.divmod(gaps, self.last.shape[1])
        element, (height, width) = self.elements[row], cells.values.shape
        here = np.flatnonzero((element < height) & (unit < width))
        here = here[cells.told[element[here], unit[here]] > 0]
        told = cells.values[element[here], unit[here]]
        self.values[row[here], unit[here]] = scaled_up(told, cells.scale)
        self.last[row[here], unit[here]] = month
        self.gaps = np.delete(gaps, here)
        return bool(len(gaps))

    def _fill_all(self, cells: Contents, month: int) -> None:
        rows, width = _chosen(self.elements), cells.values.shape[1]
        there, target = cells.told[rows] > 0, self.values[:, :width]
        np.multiply(cells.values[rows], cells.scale, out=target, dtype=np.int64)
        target *= there
        np.copyto(self.last[:, :width], month, where=there)
        self.gaps = self._open()

    def _open(self) -> Places:
        return np.flatnonzero((self.last < 0) & self.wanted)


def _flows(
    terms: Sequence[Term], known: Cells, span: Period, period: Period, later: Later, found: Sums
) -> None:
    """Put the sums into `found`, where nothing is yet."""
    bound, units = 0.0, found.counted.shape[1]
    row_of, due = _rows(terms, known), _due(terms, period)
    chosen, elements = picks(terms, row_of), known.numbers(list(row_of))
    complete: dict[Period, Flags] = {}
    for cell in known.within(span.first, ends(span)):
        values, there = _cells_of(known, cell, elements, units)
        if not there.any():
            continue
        bound += largest(values) * max(len(t.items) for t in terms)
        if bound >= FOREVER:
            raise TooLarge
        complete[cell] = _complete(chosen, there, (len(terms), units))
        enters = complete[cell].copy()
        for longer in [p for p in complete if p != cell and _lies_in(cell, p)]:
            enters &= ~later.cover(complete[longer])
        for pick in chosen:
            _add(getattr(found, pick.side), pick, values[pick.rows] * enters[pick.terms])
        found.counted[:] |= enters
        found.heard[:] |= enters & (ends(cell) >= due)


def _lies_in(inner: Period, outer: Period) -> bool:
    return outer.first <= inner.first and ends(inner) <= ends(outer)


def _cells_of(known: Cells, period: Period, elements: Places, units: int) -> tuple[Whole, Flags]:
    """element × unit: the values of a period, 0 where nothing is told."""
    cells, count, scale = known.cells(period)
    height, width = cells.shape
    if width == units and elements.max() < height:
        rows = _chosen(elements)
        told: Flags = count[rows] > 0
        values = scaled_up(cells[rows], scale)
        values *= told
        return values, told
    values, there = (
        np.zeros((len(elements), units), np.int64),
        np.zeros((len(elements), units), bool),
    )
    here = np.flatnonzero(elements < height)
    there[here, :width] = count[elements[here]] > 0
    values[here, :width] = scaled_up(cells[elements[here]], scale)
    values *= there
    return values, there


def _complete(chosen: Sequence[Pick], there: Flags, shape: Shape) -> Flags:
    found = np.ones(shape, bool)
    for pick in chosen:
        if pick.is_needed:
            _and(found, pick, there[pick.rows])
    return found
