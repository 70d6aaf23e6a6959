"""Cells of pages, finished and kept in memory while the rows they are made of stay as they are.

Sixteen readers ask the same few thousand figures over and over, while a value is approved now and
then. What a page shows of a unit is made once of its figure rows and used again as long as these
are the same: the token of their state (facts/versions.py) is read anew for every page. Where it is
another, only the cells of units whose rows changed are made anew; where it is not known which
changed, all are. What is put in was read under the very token it is kept under. Who may see a cell
is asked before, on every page; nothing here knows of viewers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from threading import Lock
from typing import Any, Protocol

from namro.measuring.definitions import Library
from namro.web.facts import queries as facts
from namro.web.facts import versions
from namro.web.facts.packed import Packed
from namro.web.facts.queries import FigureRow
from namro.web.results.columns import Judge
from namro.web.results.weighing import Weighed, weigh

MOST_CELLS = 2_000_000
"""Some 270 MB, in a nation of 3,321 communes: every page of its newest period, and something of the
months before. A third of it would throw out at each page what the next one asks for."""

_MOST_WHOLES = 48
"""Of one column: more lists of units than provinces are asked for by chance only."""

_TRIES = 3
_MISSING = object()

Units = tuple[int, ...]


class Column(Protocol):
    """What a page shows of one target at many units."""

    weight: int
    """How much room a cell takes, beside a standing and a text."""

    @property
    def key(self) -> Hashable:
        """All that cells depend on besides figure rows, their periods too."""
        ...

    @property
    def periods(self) -> Sequence[str]:
        """The periods whose rows cells are made of."""
        ...

    @property
    def terms(self) -> Sequence[str]:
        """The terms whose rows cells are made of."""
        ...

    @property
    def judge(self) -> Judge | None:
        """Who judges its rows, where `weighed` may take them instead of `cells`."""
        ...

    def weighed(self, told: Weighed, units: Collection[int]) -> dict[int, Any]:
        """The same cells as of `cells`, from rows that were judged together."""
        ...

    def cells(self, rows: Iterable[FigureRow], units: Collection[int]) -> dict[int, Any]:
        """The cells of units from all of their rows of the terms; where there is none, nothing."""
        ...

    def whole(self, cells: Mapping[int, Any], before: Any) -> Any:
        """What the page takes of the cells of all its units. `before`: the same when some of the
        cells were others, or None. Kept too, and shared: never to be changed."""
        ...


@dataclass
class _Kept:
    """Of one column: cells by unit id (None: there is none), wholes by units."""

    periods: Sequence[str]
    weight: int
    cells: dict[int, Any] = field(default_factory=dict)
    wholes: dict[Units, Any] = field(default_factory=dict)
    outdated: dict[Units, Any] = field(default_factory=dict)
    counted: int = 0
    """The size as the shelf has it in its own."""

    @property
    def size(self) -> int:
        return self.weight * len(self.cells) + sum(map(len, (*self.wholes, *self.outdated)))

    def forget(self, changed: set[int]) -> None:
        for unit in changed:
            self.cells.pop(unit, None)
        for units in [u for u in self.wholes if not changed.isdisjoint(u)]:
            self.outdated[units] = self.wholes.pop(units)
        if len(self.outdated) > _MOST_WHOLES:
            self.outdated.clear()

    def missing(self, units: Units) -> list[int]:
        if units in self.wholes:
            return []
        told = map(self.cells.get, units, repeat(_MISSING))
        return [unit for unit, cell in zip(units, told, strict=True) if cell is _MISSING]

    def _at(self, units: Units) -> dict[int, Any]:
        """The cells that there are; where all units are asked, in the order they were made in."""
        if len(self.cells) == len(units) and self.cells.keys() == set(units):
            told: Iterable[tuple[int, Any]] = self.cells.items()
        else:
            told = zip(units, map(self.cells.__getitem__, units), strict=True)
        return {unit: cell for unit, cell in told if cell is not None}

    def whole(self, column: Column, units: Units) -> Any:
        if units not in self.wholes:
            cells = self._at(units)
            if len(self.wholes) >= _MOST_WHOLES:
                self.wholes.clear()
            self.wholes[units] = column.whole(cells, self.outdated.pop(units, None))
        return self.wholes[units]


class Shelf:
    """What this process keeps: all of it of one state of the figure rows."""

    def __init__(self, most: int = MOST_CELLS) -> None:
        self._most = most
        self._token: int | None = None
        self._library: Library | None = None
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._size = 0
        self._turn = Lock()

    def follow(self, token: int, library: Library) -> None:
        """Forget what has changed until this state, all where definitions did. At most a query."""
        with self._turn:
            if self._library is not library:
                self._clear()
                self._library = library
            before = self._token
        if before == token:
            return
        changed = None if before is None else versions.changed(before, token)
        with self._turn:
            if self._token != before:
                return  # another has gone on meanwhile: who finds another token here asks again
            if changed is None:
                self._clear()
            else:
                for kept in self._kept.values():
                    if periods := changed.keys() & kept.periods:
                        kept.forget(set().union(*(changed[period] for period in periods)))
                        self._count(kept)
            self._token = token

    def missing(
        self, token: int, columns: Iterable[Column], units: Units
    ) -> dict[Hashable, list[int]] | None:
        """The units of which cells must be made, by column; None in another state."""
        with self._turn:
            if self._token != token:
                return None
            return {
                column.key: missing
                for column in columns
                if (missing := self._of(column).missing(units))
            }

    def put(self, token: int, made: Mapping[Hashable, Mapping[int, Any]]) -> None:
        """Keep cells that were made of rows in this state."""
        with self._turn:
            if self._token == token:
                for key, cells in made.items():
                    if kept := self._kept.get(key):  # else dropped since, to bound what is kept
                        kept.cells.update(cells)
                        self._count(kept)
                self._bound()

    def wholes(
        self, token: int, columns: Iterable[Column], units: Units
    ) -> dict[Hashable, Any] | None:
        """What the page takes; None where it is not all there in this state."""
        with self._turn:
            if self._token != token:
                return None
            try:
                return {c.key: self._whole(c, units) for c in columns}
            except KeyError:
                return None

    def _whole(self, column: Column, units: Units) -> Any:
        kept = self._of(column)
        is_made = units not in kept.wholes
        found = kept.whole(column, units)
        if is_made:
            self._count(kept)
        return found

    def _of(self, column: Column) -> _Kept:
        kept = self._kept.get(column.key)
        if kept is None:
            kept = self._kept[column.key] = _Kept(column.periods, column.weight)
        else:
            self._kept.move_to_end(column.key)
        return kept

    def _count(self, kept: _Kept) -> None:
        """Take the size of a column anew: counting all at every miss would keep others waiting."""
        size = kept.size
        self._size += size - kept.counted
        kept.counted = size

    def _clear(self) -> None:
        self._kept.clear()
        self._size = 0

    def _bound(self) -> None:
        """Drop what was not asked for longest, until the rest is no more than may be kept."""
        while self._size > self._most:
            _, gone = self._kept.popitem(last=False)
            self._size -= gone.counted


shelf = Shelf()
"""That of this process."""


def shown(
    columns: Sequence[Column],
    units: Units,
    library: Library,
) -> dict[Hashable, Any]:
    """What a page takes of some columns at units, by key: kept, or made of figure rows. One query,
    three more where something has changed or was not asked before.

    `library`: the definitions that the columns go by. Where others write again and again
    meanwhile, all is read in one go, and not kept.
    """
    if not columns:
        return {}
    for _ in range(_TRIES):
        token = versions.token()
        if token is None:
            break
        shelf.follow(token, library)
        missing = shelf.missing(token, columns, units)
        if missing is None:
            continue
        if missing:
            asked = [c for c in columns if c.key in missing]
            wanted = sorted({unit for told in missing.values() for unit in told})
            rows, seen = facts.figure_rows_and_token(_terms(asked), _periods(asked), wanted)
            if seen != token:
                continue
            shelf.put(token, _made(asked, rows, wanted))
        found = shelf.wholes(token, columns, units)
        if found is not None:
            return found
    by_term = _by_term(facts.figure_rows(_terms(columns), _periods(columns), units))
    return {c.key: c.whole(c.cells(_rows_of(c, by_term), units), None) for c in columns}


def _periods(columns: Iterable[Column]) -> list[str]:
    return list(dict.fromkeys(code for column in columns for code in column.periods))


def _terms(columns: Iterable[Column]) -> list[str]:
    return list(dict.fromkeys(term for column in columns for term in column.terms))


def _made(
    columns: Sequence[Column], told: list[FigureRow] | Packed, units: Sequence[int]
) -> dict[Hashable, dict[int, Any]]:
    """The cells of columns at units, None where there is none; those of runs judged together."""
    found: dict[Hashable, dict[int, Any]] = {}
    rest = columns
    if isinstance(told, Packed):
        found = _judged_at_once(columns, told, units)
        rest = [c for c in columns if c.key not in found]
        told = told.rows(_terms(rest))
    by_term = _by_term(told)
    found |= {c.key: c.cells(_rows_of(c, by_term), units) for c in rest}
    for cells in found.values():
        if len(cells) < len(units):
            for unit in units:
                cells.setdefault(unit, None)
    return found


def _judged_at_once(
    columns: Sequence[Column], told: Packed, units: Sequence[int]
) -> dict[Hashable, dict[int, Any]]:
    """The cells of those columns whose rows are one run that numbers of 64 bits can judge."""
    asked = [
        (column, column.judge, told.runs[column.terms[0]])
        for column in columns
        if len(column.terms) == 1 and column.terms[0] in told.runs
        if column.judge is not None and column.judge.mark is not None
    ]
    if not asked:
        return {}
    weighed = weigh([(judge, run) for _, judge, run in asked if judge])
    return {c.key: c.weighed(one, units) for (c, *_), one in zip(asked, weighed, strict=True)}


def _by_term(rows: Iterable[FigureRow]) -> dict[str, list[FigureRow]]:
    found: dict[str, list[FigureRow]] = {}
    for row in rows:
        found.setdefault(row[2], []).append(row)
    return found


def _rows_of(column: Column, by_term: Mapping[str, list[FigureRow]]) -> list[FigureRow]:
    """Of its terms and periods: others were read beside them."""
    rows = (row for term in column.terms for row in by_term.get(term, ()))
    return [row for row in rows if row[1] in column.periods]
