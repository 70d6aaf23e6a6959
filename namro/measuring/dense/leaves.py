"""The sums of many terms at every unit by itself: the latest of a stock, the sum of a flow.

The rules are those of `figures.py` and `statement.py`, said a third time and held against both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from namro.measuring.dense.book import Known
from namro.measuring.dense.picks import Pick, Places, picks
from namro.measuring.dense.slabs import FOREVER, Flags, Shape, Small, Whole, ends
from namro.measuring.figures import due_first, window
from namro.measuring.kinds import Term
from namro.terms import Period


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


def leaves(terms: Sequence[Term], known: Known, period: Period, wanted: Flags) -> Sums:
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
        found.put(np.array(places), _flows(flows, known, span, period, units))
    return found


def _rows(terms: Sequence[Term]) -> dict[str, int]:
    slugs = dict.fromkeys(item.slug for term in terms for item in term.items)
    return {slug: row for row, slug in enumerate(slugs)}


def _due(terms: Sequence[Term], period: Period) -> Small:
    return np.array([due_first(term, period) for term in terms], np.int32)[:, None]


def _stocks(terms: Sequence[Term], known: Known, period: Period, wanted: Flags) -> Sums:
    row_of = _rows(terms)
    values, last = _latest(terms, row_of, known, period, wanted)
    check_bound(values, max(len(t.items) for t in terms))
    shape, due = (len(terms), len(wanted)), _due(terms, period)
    found = Sums.empty(shape)
    found.counted[:] = found.heard[:] = True
    for pick in picks(terms, row_of):
        getattr(found, pick.side)[pick.terms] += values[pick.rows]
        if pick.is_needed:
            told = last[pick.rows]
            found.counted[pick.terms] &= told >= 0
            found.heard[pick.terms] &= told >= due[pick.terms]
    found.numerator[~found.counted] = 0
    found.denominator[~found.counted] = 0
    return found


def _latest(
    terms: Sequence[Term], row_of: Mapping[str, int], known: Known, period: Period, wanted: Flags
) -> tuple[Whole, Small]:
    """element × unit: the latest value still valid (0: none), and the month it speaks of (-1)."""
    values = np.zeros((len(row_of), len(wanted)), np.int64)
    last = np.full(values.shape, -1, np.int32)
    carry = {item.slug: item.carry for term in terms for item in term.items}
    for months in sorted(set(carry.values())):
        alike = [s for s, c in carry.items() if c == months and s in known.book.elements.of]
        elements = np.array([known.book.elements.of[s] for s in alike], np.intp)
        rows = np.array([row_of[s] for s in alike], np.intp)
        for told in known.ending(ends(period) - months, ends(period)):
            if not _fill(values, last, rows, elements, known, told, wanted):
                break
    return values, last


def _fill(
    values: Whole,
    last: Small,
    rows: Places,
    elements: Places,
    known: Known,
    told: Period,
    wanted: Flags,
) -> bool:
    """Put a period's values where none is yet; whether some are still missing."""
    cells, count = known.cells(told)
    width = cells.shape[1]
    here = elements < cells.shape[0]
    rows, elements = rows[here], elements[here]
    gaps = last[rows, :width] < 0
    if gaps.all():
        there = count[elements] > 0
        values[rows, :width] = cells[elements] * there
        last[rows, :width] = np.where(there, ends(told), -1)
        return True
    gaps &= wanted[:width]
    row, unit = np.nonzero(gaps)
    there = count[elements[row], unit] > 0
    row, unit = row[there], unit[there]
    values[rows[row], unit] = cells[elements[row], unit]
    last[rows[row], unit] = ends(told)
    return bool(gaps.any())


def _flows(terms: Sequence[Term], known: Known, span: Period, period: Period, units: int) -> Sums:
    found = Sums.empty((len(terms), units))
    told, bound = known.within(span.first, ends(span)), 0.0
    row_of, due = _rows(terms), _due(terms, period)
    chosen = picks(terms, row_of)
    elements = [known.book.elements.of.get(slug, -1) for slug in row_of]
    complete: dict[Period, Flags] = {}
    for cell in told:
        values, there = _cells_of(known, cell, elements, units)
        if not there.any():
            continue
        bound += float(np.abs(values).max()) * max(len(t.items) for t in terms)
        if bound >= FOREVER:
            raise TooLarge
        complete[cell] = _complete(chosen, there, (len(terms), units))
        enters = complete[cell].copy()
        for longer in complete:
            if (
                longer.length > cell.length
                and longer.first <= cell.first
                and ends(cell) <= ends(longer)
            ):
                enters &= ~complete[longer]
        for pick in chosen:
            getattr(found, pick.side)[pick.terms] += values[pick.rows] * enters[pick.terms]
        found.counted[:] |= enters
        found.heard[:] |= enters & (ends(cell) >= due)
    return found


def _cells_of(
    known: Known, period: Period, elements: Sequence[int], units: int
) -> tuple[Whole, Flags]:
    cells, count = known.cells(period)
    values = np.zeros((len(elements), units), np.int64)
    there = np.zeros((len(elements), units), bool)
    rows = [row for row, e in enumerate(elements) if 0 <= e < cells.shape[0]]
    taken = [elements[row] for row in rows]
    there[rows, : cells.shape[1]] = count[taken] > 0
    values[rows, : cells.shape[1]] = cells[taken]
    values[~there] = 0
    return values, there


def _complete(chosen: Sequence[Pick], there: Flags, shape: Shape) -> Flags:
    found = np.ones(shape, bool)
    for pick in chosen:
        if pick.is_needed:
            found[pick.terms] &= there[pick.rows]
    return found


def check_bound(values: Whole, times: int) -> None:
    """Raises TooLarge where `times` of these may not be added up in 64 bits."""
    if values.size and float(np.abs(values).max()) * times >= FOREVER:
        raise TooLarge
