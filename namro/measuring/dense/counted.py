"""Counts of raw records as cells, beside those of elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from namro.measuring.dense.book import Known, ending, within
from namro.measuring.dense.leaves import Cells
from namro.measuring.dense.slabs import Contents, Whole, scaled_up
from namro.measuring.kinds import Count, Term
from namro.terms import Period


@dataclass(frozen=True)
class Counted:
    """How many records met the conditions of some counts: `rows[slug]` is a count's row.

    `cells`: period → (values in ten-thousandths, told), count × unit; a count is told where a slice
    was, even one without rows.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    cells: Mapping[Period, tuple[Whole, NDArray[np.int16]]] = field(default_factory=dict)


def is_counted(term: Term) -> bool:
    """Whether a term rests on records, wholly or in part."""
    return any(isinstance(item, Count) for item in term.items)


def cells_for(terms: Sequence[Term], known: Known, counted: Counted) -> Cells:
    """The cells that some terms read: those of the ledger, with counts among them where need be."""
    if not any(is_counted(term) for term in terms):
        return known
    items = {item.slug: item for term in terms for item in term.items}
    of_ledger = [slug for slug, item in items.items() if not isinstance(item, Count)]
    of_records = [slug for slug, item in items.items() if isinstance(item, Count)]
    return _Beside(known, counted, of_ledger, of_records)


@dataclass
class _Beside:
    """Elements, then counts, as `leaves.Cells`."""

    known: Known
    counted: Counted
    elements: Sequence[str]
    counts: Sequence[str]

    def numbers(self, slugs: Sequence[str]) -> NDArray[np.intp]:
        row = {slug: n for n, slug in enumerate((*self.elements, *self.counts))}
        return np.array([row[slug] for slug in slugs], np.intp)

    def ending(self, first: int, last: int) -> list[Period]:
        return ending(self._periods(), first, last)

    def within(self, first: int, last: int) -> list[Period]:
        return within(self._periods(), first, last)

    def _periods(self) -> set[Period]:
        told = set(self.counted.cells)
        return told | set(self.known.book.slabs) if self.elements else told

    def cells(self, period: Period) -> Contents:
        """The cells of a period: item × unit."""
        shape = (len(self.elements) + len(self.counts), self.known.book.tree.size)
        values, told = np.zeros(shape, np.int64), np.zeros(shape, np.int16)
        if self.elements and period in self.known.book.slabs:
            held, count, scale = self.known.cells(period)
            rows = self.known.numbers(self.elements)
            here = np.flatnonzero(rows < held.shape[0])
            values[here, : held.shape[1]] = scaled_up(held[rows[here]], scale)
            told[here, : held.shape[1]] = count[rows[here]]
        if period in self.counted.cells:
            rows = np.array([self.counted.rows[slug] for slug in self.counts], np.intp)
            held, count = self.counted.cells[period]
            values[len(self.elements) :], told[len(self.elements) :] = held[rows], count[rows]
        return Contents(values, told)
