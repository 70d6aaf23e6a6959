"""Slices of raw records → the counts that enter figures: as rows, and as arrays.

Both ways count the newest slice of each unit and period by one scan of the records; a slice of
which records were deleted is not counted again, its counts of before stand (`kept_tallies`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from namro.measuring import compile as texts
from namro.measuring import dense, lookups
from namro.measuring.dense.slabs import SCALE, Flags, Whole
from namro.measuring.dense.slices import Chosen
from namro.measuring.dense.tree import microseconds, numbered
from namro.measuring.engines import Session, StoreFault, Tables
from namro.measuring.figures import reaches
from namro.measuring.kinds import Count, Item, Term
from namro.terms import Period

Pairs = Sequence[tuple[Term, Item]]


def tallies(
    session: Session, tables: Tables, terms: Sequence[Term], period: Period, as_of: datetime
) -> list[tuple[str, str, str, Decimal, str]]:
    """(count slug, unit, period, count, batch) of every slice that may enter a figure."""
    found = []
    for dataset, pairs in _by_dataset(terms):
        counts = _counts(pairs)
        slices = newest(session, dataset, as_of, _entering(pairs, period))
        kept = kept_tallies(session)
        for batch, unit, told in slices:
            left = kept.get((batch, unit), {})
            found += [
                (count.slug, unit, told, left[count.slug], batch)
                for count in counts
                if count.slug in left
            ]
        slices = [s for s in slices if s[:2] not in kept]
        if not slices:
            continue
        session.feed("slices", slices)
        records = tables.records(
            dataset, texts.columns_used(counts), [(told, batch) for batch, _, told in slices]
        )
        batches = {(unit, told): batch for batch, unit, told in slices}
        for row in session.rows(texts.tally_statement(records, counts)):
            for count, number in zip(counts, row[2:], strict=True):
                batch = batches[row[0], row[1]]
                found.append((count.slug, row[0], row[1], Decimal(number), batch))
    return found


def _by_dataset(terms: Sequence[Term]) -> Iterator[tuple[str, Pairs]]:
    """Each data set with the counts over it and the terms that rest on them."""
    found: dict[str, list[tuple[Term, Item]]] = {}
    for term in terms:
        for item in term.items:
            if isinstance(item, Count):
                found.setdefault(item.dataset, []).append((term, item))
    yield from sorted(found.items())


def _counts(pairs: Pairs) -> list[Count]:
    return list({item.slug: item for _, item in pairs if isinstance(item, Count)}.values())


def _entering(pairs: Pairs, asked: Period) -> Callable[[Period], bool]:
    """Whether what was told of a period may enter a figure of one of the terms."""
    alike = {(item.time, item.carry, term.over): (term, item) for term, item in pairs}
    return lambda told: any(reaches(term, item, told, asked) for term, item in alike.values())


def kept_tallies(session: Session) -> dict[tuple[str, str], dict[str, Decimal]]:
    """(batch, unit) → its counts, of slices of which records were deleted; "": records left."""
    found: dict[tuple[str, str], dict[str, Decimal]] = {}
    for batch, unit, source, value in session.rows(lookups.KEPT):
        found.setdefault((batch, unit), {})[source] = Decimal(value)
    return found


def newest(
    session: Session, dataset: str, as_of: datetime, is_wanted: Callable[[Period], bool]
) -> list[tuple[str, str, str]]:
    """(batch, unit, period) of the slices that count, of the periods wanted.

    A batch holds one period, by contract; StoreFault where one does not.
    """
    told = set()
    for batch, first, last in session.rows(lookups.BATCHES, dataset=dataset):
        if first != last:
            raise _in_two_periods(batch, first, last)
        told.add(first)
    wanted = sorted(code for code in told if is_wanted(Period.of(code)))
    session.feed("wanted_periods", [(code,) for code in wanted])
    rows = session.rows(lookups.NEWEST, dataset=dataset, as_of=as_of) if wanted else []
    return [(row[0], row[1], row[2]) for row in rows]


def _in_two_periods(batch: str, first: str, last: str) -> StoreFault:
    return StoreFault(
        f"Lô bản ghi {batch} nằm ở hai kỳ ({first} và {last}) nên sẽ bị tính "
        "trùng; mỗi lô chỉ được thuộc một kỳ."
    )


def count_records(
    tables: Tables, terms: Sequence[Term], period: Period, as_of: datetime
) -> dense.Counted:
    """The same as cells beside those of the tables' book, for terms that arrays compute.

    Raises StoreFault for a batch in two periods, or one whose records are missing.
    """
    assert tables.book is not None
    book, told = tables.book, []
    for dataset, pairs in _by_dataset(terms):
        if dataset in book.slices.two_periods:
            raise _in_two_periods(*book.slices.two_periods[dataset])
        wanted = _entering(pairs, period)
        slices = book.slices.newest(dataset, wanted, microseconds(as_of))
        told.append(_Tally(tables, book, dataset, _counts(pairs), slices))
    slugs = [count.slug for tally in told for count in tally.counts]
    periods = sorted({p for tally in told for p in tally.slices.periods})
    shape = (len(periods), len(slugs), book.tree.size)
    values, there = np.zeros(shape, np.int64), np.zeros(shape, np.int16)
    row = 0
    for tally in told:
        rows = slice(row, row + len(tally.counts))
        tally.put(values[:, rows], there[:, rows], periods)
        row = rows.stop
    rows_of = {slug: n for n, slug in enumerate(slugs)}
    cells = zip(values, there, strict=True)
    return dense.Counted(rows_of, dict(zip(periods, cells, strict=True)))


@dataclass(frozen=True)
class _Tally:
    """The counts of a data set's slices, on their way into cells: period × count × unit."""

    tables: Tables
    book: dense.Book
    dataset: str
    counts: Sequence[Count]
    slices: Chosen

    def put(self, values: Whole, there: NDArray[np.int16], periods: Sequence[Period]) -> None:
        """Count, and put it into cells of zeros."""
        place = {period: n for n, period in enumerate(periods)}
        of_batch = np.array([place[told] for told in self.slices.periods], np.int64)
        at, unit = of_batch[self.slices.batch], self.slices.unit
        live = self._put_kept(values, there, at)
        there[at[live], :, unit[live]] = 1
        if live.any():
            self._put_scanned(values, at, live)

    def _put_kept(self, values: Whole, there: NDArray[np.int16], at: Whole) -> Flags:
        """Put what is kept of slices whose records were deleted; which are to be counted."""
        live, kept, units = np.ones(len(at), bool), self.book.slices.kept, self.book.units.texts
        gone = np.array([name in kept for name in self.slices.batches], bool)
        for n in np.flatnonzero(gone[self.slices.batch]).tolist():
            unit = int(self.slices.unit[n])
            left = kept[self.slices.batches[self.slices.batch[n]]].get(units[unit])
            live[n] = left is None
            for row, count in enumerate(self.counts):
                if left is not None and count.slug in left:
                    values[at[n], row, unit], there[at[n], row, unit] = left[count.slug], 1
        return live

    def _put_scanned(self, values: Whole, at: Whole, live: Flags) -> None:
        names, size = self.slices.batches, values.shape[2]
        read = np.unique(self.slices.batch[live]).tolist()
        files = [(self.slices.periods[n].code, names[n]) for n in read]
        records = self.tables.slices(self.dataset, texts.columns_used(self.counts), files)
        with self.tables.scan() as session:
            found = session.columns(texts.tally_of_batches(records, self.counts))
        batch = numbered(found["batch"], pa.array(names))
        unit = numbered(found["unit"], self.book.codes)
        # what was replaced by a newer slice, or lies beneath nobody, is of no figure
        wanted = (self.slices.batch * size + self.slices.unit)[live]
        place = np.minimum(np.searchsorted(wanted, batch * size + unit), len(wanted) - 1)
        good = (wanted[place] == batch * size + unit) & (batch >= 0) & (unit >= 0)
        slot = at[live][place[good]]
        for row in range(len(self.counts)):
            values[slot, row, unit[good]] = found[f"c{row}"].to_numpy()[good] * SCALE
