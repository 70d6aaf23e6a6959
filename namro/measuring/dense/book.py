"""Everything a question needs: slabs by period, the tree, and which number stands for what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from namro.measuring.dense import layout
from namro.measuring.dense.slabs import Contents, Rows, Slab, Small, Whole, added, ends, joined
from namro.measuring.dense.slices import Slices, slices_of
from namro.measuring.dense.tree import Numbers, Tree
from namro.measuring.schema import segments
from namro.terms import Period

Progress = Callable[[int, int], None]
"""(segments done, all)."""

WAITING = 8_000_000
"""Ledger rows held in memory before they are written: some 400 MB with what merging needs."""

_SMALL = ("unit_ancestors", "expected", "successions", "kept_tallies")
_TRIES = 3


@dataclass(frozen=True)
class Book:
    """The cells of all periods and the tree, for many questions; nothing in it ever changes."""

    elements: Numbers
    units: Numbers
    slabs: Mapping[Period, Slab]
    tree: Tree
    reorganised: bool
    slices: Slices

    @cached_property
    def codes(self) -> Any:
        """The codes of the units by number, as a pyarrow array."""
        return pa.array(self.units.texts, pa.string())

    @cached_property
    def rank(self) -> Whole:
        """Of each unit, its place in the order of codes."""
        found = np.empty(len(self.units), np.int64)
        found[pc.sort_indices(self.codes).to_numpy()] = np.arange(len(found))
        return found

    def known(self, as_of: int) -> Known:
        """What was known at a moment (microseconds since 1970), for one question."""
        return Known(self, as_of)


@dataclass
class Known:
    """A book as it was known at a moment; what had to be taken back is kept for the question."""

    book: Book
    as_of: int
    _cells: dict[Period, Contents] = field(default_factory=dict)

    def cells(self, period: Period) -> Contents:
        """The cells of a period: element × unit, as far as it knows of them."""
        if period not in self._cells:
            self._cells[period] = self.book.slabs[period].known(self.as_of)
        return self._cells[period]

    def numbers(self, slugs: Sequence[str]) -> NDArray[np.intp]:
        """The rows of elements; of one that nobody ever told, one beyond all."""
        beyond = len(self.book.elements)
        return np.array([self.book.elements.of.get(slug, beyond) for slug in slugs], np.intp)

    def ending(self, first: int, last: int) -> list[Period]:
        """The periods that end in these months: the latest first, the shorter first."""
        return ending(self.book.slabs, first, last)

    def within(self, first: int, last: int) -> list[Period]:
        """The periods that lie in these months, the longest first."""
        return within(self.book.slabs, first, last)


def ending(periods: Iterable[Period], first: int, last: int) -> list[Period]:
    """Those of the periods that end in these months: the latest first, the shorter first."""
    found = [p for p in periods if first <= ends(p) <= last]
    return sorted(found, key=lambda p: (-ends(p), -p.first))


def within(periods: Iterable[Period], first: int, last: int) -> list[Period]:
    """Those of the periods that lie in these months, the longest first."""
    found = [p for p in periods if first <= p.first and ends(p) <= last]
    return sorted(found, key=lambda p: (-p.length, p.first))


def exists(store: Path) -> bool:
    """Whether there is a dense copy at all; `bring` makes one."""
    return layout.is_there(store)


Stamp = tuple[int, int, int]
"""Number, size and time of a file: one written anew is another one."""

_books: dict[Path, tuple[Any, Book]] = {}
_turn = Lock()


def open_book(store: Path) -> Book | None:
    """The dense copy of a store; None where there is none, or one that lags behind its ledger.

    Kept in memory, mapped, as long as neither the copy nor the small tables are others.
    """
    for _ in range(_TRIES):
        told = layout.held(store)
        if not layout.is_there(store) or told.segments != layout.segments(store):
            return None
        small = {name: _stamp(store / f"{name}.parquet") for name in _SMALL}
        batches = {file: _stamp(file) for file in segments(store, "batches")}
        stamp = (told.made, told.segments, small, batches)
        with _turn:
            if store in _books and _books[store][0] == stamp:
                return _books[store][1]
        try:
            book = _opened(store, told, batches)
        except FileNotFoundError:
            continue  # a writer put a newer file in its place between two looks
        with _turn:
            _books.clear()
            _books[store] = (stamp, book)
        return book
    return None


def _stamp(file: Path) -> Stamp | None:
    try:
        told = file.stat()
    except FileNotFoundError:
        return None
    return told.st_ino, told.st_size, told.st_mtime_ns


_segments: dict[Path, tuple[Stamp | None, Any]] = {}
"""Segments of batches that were read, as they are only ever added. Replaced, never changed: threads
read it without a lock."""


def _opened(store: Path, told: layout.Held, batches: Mapping[Path, Stamp | None]) -> Book:
    global _segments
    slabs = {Period.of(code): layout.read_slab(store, file) for code, file in told.files.items()}
    small = {name: _small(store / f"{name}.parquet") for name in _SMALL}
    kept, read = _segments, {}
    for file, stamp in batches.items():
        one = kept.get(file)
        read[file] = one if one is not None and one[0] == stamp else (stamp, _batch(file))
    _segments = read
    if read:
        small["batches"] = pa.concat_tables([table for _, table in read.values()])
    return _book(Numbers(told.elements), Numbers(told.units), slabs, small)


_SLICE = ("batch", "dataset", "unit", "period", "recorded_at")


def _batch(file: Path) -> Any:
    texts = list(_SLICE[:4])
    return pq.read_table(file, columns=list(_SLICE), read_dictionary=texts)


def _small(file: Path) -> Any:
    return pq.read_table(file, read_dictionary=["unit", "measure"]) if file.is_file() else None


def _book(
    elements: Numbers, units: Numbers, slabs: Mapping[Period, Slab], small: Mapping[str, Any]
) -> Book:
    tree = Tree(small["unit_ancestors"], small["expected"], units)
    gave = small["successions"]
    slices = slices_of(small.get("batches"), small.get("kept_tallies"), units)
    is_reorganised = bool(gave is not None and gave.num_rows)
    return Book(elements, units, slabs, tree, is_reorganised, slices)


def in_memory(tables: Mapping[str, Any]) -> Book:
    """A book of pyarrow tables by the names of schema.py, for tests and one-off questions."""
    elements, units = Numbers(), Numbers()
    waiting = dict(_parted(tables["observations"], elements, units))
    shape = (len(elements), len(units))
    slabs = {Period.of(code): added(None, rows, shape) for code, rows in waiting.items()}
    return _book(elements, units, slabs, tables)


def bring(store: Path, progress: Progress | None = None) -> None:
    """Fold into the dense copy what its store's ledger has more; make it anew where it is of other
    segments. One writer at a time; interrupted, the next call goes on."""
    told, there = layout.held(store), layout.segments(store)
    if any(there.get(name) != identity for name, identity in told.segments.items()):
        told = layout.Held(made=told.made)
    missing = [name for name in there if name not in told.segments]
    if missing or not layout.is_there(store):
        _Folding(store, told, there).fold(missing, progress)


class _Folding:
    """Segments on their way into the slabs of a dense copy."""

    def __init__(self, store: Path, told: layout.Held, there: dict[str, layout.Identity]) -> None:
        self._store, self._held, self._there = store, told, there
        self._elements, self._units = Numbers(told.elements), Numbers(told.units)
        self._waiting: dict[str, list[Rows]] = {}
        self._taken: list[str] = []

    def fold(self, names: list[str], progress: Progress | None) -> None:
        for done, name in enumerate(names):
            if progress:
                progress(done, len(names))
            table = pq.read_table(
                self._store / "observations" / name,
                columns=["element", "unit", "period", "delta", "dn", "recorded_at"],
                read_dictionary=["element", "unit", "period"],
            )
            for code, rows in _parted(table, self._elements, self._units):
                self._waiting.setdefault(code, []).append(rows)
            self._taken.append(name)
            if sum(len(r) for told in self._waiting.values() for r in told) >= WAITING:
                self._settle()
        self._settle()

    def _settle(self) -> None:
        held, shape = self._held, (len(self._elements), len(self._units))
        held.made += 1
        for code in sorted(self._waiting):
            rows = joined(self._waiting.pop(code))
            kept = held.files.get(code)
            slab = added(layout.read_slab(self._store, kept) if kept else None, rows, shape)
            name = f"{code}-{held.made:06d}.cells"
            held.files[code] = layout.write_slab(self._store, name, slab)
        held.elements, held.units = self._elements.texts, self._units.texts
        held.segments |= {name: self._there[name] for name in self._taken}
        self._taken.clear()
        layout.settle(self._store, held)


def _parted(table: Any, elements: Numbers, units: Numbers) -> Iterator[tuple[str, Rows]]:
    """Ledger rows by the code of their period."""
    periods = Numbers()
    period = periods.column(table["period"])
    rows = Rows(
        elements.column(table["element"]),
        units.column(table["unit"]),
        scaled(table["delta"]),
        table["dn"].cast(pa.int8()).to_numpy(),
        table["recorded_at"].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy(),
    )
    order = np.argsort(period, kind="stable")
    starts = np.searchsorted(period[order], np.arange(len(periods) + 1))
    for number, code in enumerate(periods.texts):
        yield code, rows.taken(order[starts[number] : starts[number + 1]])


def scaled(column: Any) -> Whole:
    """A column of DECIMAL(18,4) as whole numbers of ten-thousandths."""
    exact = column.cast(pa.decimal128(18, 4))
    exact = exact.combine_chunks() if isinstance(exact, pa.ChunkedArray) else exact
    halves = np.frombuffer(exact.buffers()[1], "<i8").reshape(-1, 2)
    found: Whole = halves[exact.offset : exact.offset + len(exact), 0].copy()
    return found  # eighteen digits fit the lower half, sign and all


__all__ = ["Book", "Known", "Small", "bring", "in_memory", "open_book", "scaled"]
