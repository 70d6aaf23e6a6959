"""The sums of many terms at every unit by itself: the latest of a stock, the sum of a flow.

The rules are those of `figures.py` and `statement.py`, said a third time and held against both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from namro.measuring.dense.picks import Pick, Places, picks
from namro.measuring.dense.slabs import FOREVER, Flags, Shape, Small, Whole, ends
from namro.measuring.figures import due_first, window
from namro.measuring.kinds import Term
from namro.terms import Period


class Cells(Protocol):
    """What leaves are computed from: the cells of units (`book.Known`), or of their phases."""

    def numbers(self, slugs: Sequence[str]) -> Places:
        """The rows of elements; of one that nobody ever told, one beyond all."""

    def cells(self, period: Period) -> tuple[Whole, NDArray[np.int16]]:
        """(values, told) of a period: element × unit, as far as it knows of them."""

    def ending(self, first: int, last: int) -> list[Period]:
        """The periods that end in these months: the latest first, the shorter first."""

    def within(self, first: int, last: int) -> list[Period]:
        """The periods that lie in these months, the longest first."""


class TooLarge(Exception):
    """A sum may be larger or finer than whole ten-thousandths in 64 bits hold: the question goes
    the way that knows no such bound."""


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
        for name in ("numerator", "denominator", "counted", "heard"):
            getattr(self, name)[terms] = getattr(others, name)


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
    units = len(wanted)
    found = Sums.empty((len(terms), units))
    stocks = [n for n, term in enumerate(terms) if term.needed[0].time == "stock"]
    if stocks:
        found.put(np.array(stocks), _stocks([terms[n] for n in stocks], known, period, wanted))
    spans: dict[Period, list[int]] = {}
    for n, term in enumerate(terms):
        if term.needed[0].time == "flow":
            spans.setdefault(window(term, period), []).append(n)
    for span, places in spans.items():
        flows = [terms[n] for n in places]
        found.put(np.array(places), _flows(flows, known, span, period, units, later))
    return found


def largest(values: Whole) -> float:
    """The largest of the values, signs aside."""
    return max(float(values.max(initial=0)), -float(values.min(initial=0)))


def _rows(terms: Sequence[Term]) -> dict[str, int]:
    """element → row: those that are carried alike stand together."""
    carry = {item.slug: item.carry for term in terms for item in term.items}
    return {slug: row for row, slug in enumerate(sorted(carry, key=lambda s: carry[s]))}


def _due(terms: Sequence[Term], period: Period) -> Small:
    return np.array([due_first(term, period) for term in terms], np.int32)[:, None]


def _stocks(terms: Sequence[Term], known: Cells, period: Period, wanted: Flags) -> Sums:
    row_of = _rows(terms)
    values, last = _latest(terms, row_of, known, period, wanted)
    if largest(values) * max(len(t.items) for t in terms) >= FOREVER:
        raise TooLarge
    found, due = Sums.empty((len(terms), len(wanted))), _due(terms, period)
    found.counted[:] = found.heard[:] = True
    for pick in picks(terms, row_of):
        _add(getattr(found, pick.side), pick, values[pick.rows])
        if pick.is_needed:
            told = last[pick.rows]
            _and(found.counted, pick, told >= 0)
            _and(found.heard, pick, told >= due[pick.terms])
    found.numerator[:] *= found.counted
    found.denominator[:] *= found.counted
    return found


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
        elements = known.numbers(slugs)
        for told in known.ending(ends(period) - months, ends(period)):
            if not _fill(values[rows], last[rows], elements, known, told, wanted):
                break
    return values, last


def _fill(
    values: Whole, last: Small, elements: Places, known: Cells, told: Period, wanted: Flags
) -> bool:
    """Put a period's values where none is yet; whether some are still missing."""
    cells, count = known.cells(told)
    height, width = cells.shape
    gaps = last[:, :width] < 0
    if gaps.all() and elements.max() < height:
        there = count[elements] > 0
        np.multiply(cells[elements], there, out=values[:, :width])
        last[:, :width][there] = ends(told)
        return True
    gaps &= wanted[:width]
    row, unit = np.divmod(np.flatnonzero(gaps), width)
    some = bool(len(row))
    here = elements[row] < height
    row, unit = row[here], unit[here]
    there = count[elements[row], unit] > 0
    row, unit = row[there], unit[there]
    values[row, unit] = cells[elements[row], unit]
    last[row, unit] = ends(told)
    return some


def _flows(
    terms: Sequence[Term], known: Cells, span: Period, period: Period, units: int, later: Later
) -> Sums:
    found, bound = Sums.empty((len(terms), units)), 0.0
    row_of, due = _rows(terms), _due(terms, period)
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
    return found


def _lies_in(inner: Period, outer: Period) -> bool:
    return outer.first <= inner.first and ends(inner) <= ends(outer)


def _cells_of(known: Cells, period: Period, elements: Places, units: int) -> tuple[Whole, Flags]:
    """element × unit: the values of a period, 0 where nothing is told."""
    cells, count = known.cells(period)
    height, width = cells.shape
    values, there = (
        np.zeros((len(elements), units), np.int64),
        np.zeros((len(elements), units), bool),
    )
    here = np.flatnonzero(elements < height)
    there[here, :width] = count[elements[here]] > 0
    values[here, :width] = cells[elements[here]]
    values *= there
    return values, there


def _complete(chosen: Sequence[Pick], there: Flags, shape: Shape) -> Flags:
    found = np.ones(shape, bool)
    for pick in chosen:
        if pick.is_needed:
            _and(found, pick, there[pick.rows])
    return found
