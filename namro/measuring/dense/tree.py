"""The small tables as arrays: who stands above whom, who owes what, each on days and as known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from namro.measuring.dense.slabs import FOREVER, Flags, Small, Whole

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001
_NEVER = np.iinfo(np.int32).max


def microseconds(moment: datetime) -> int:
    """A moment in UTC without a zone, as the arrays count: since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _day(day: date) -> int:
    return day.toordinal() - _EPOCH.toordinal()


class Numbers:
    """Texts by number, in the order in which they were first seen."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        self.texts = list(texts)
        self.of = {text: number for number, text in enumerate(self.texts)}

    def __len__(self) -> int:
        return len(self.texts)

    def number(self, text: str) -> int:
        """The number of a text; a new one where it was never seen."""
        found = self.of.setdefault(text, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found

    def column(self, column: Any) -> Small:
        """A column of texts as numbers."""
        numbers, texts = coded(column)
        table = np.array([self.number(text) for text in texts.to_pylist()] or [0], np.int32)
        found: Small = table[numbers]
        return found


def numbered(column: Any, texts: Any) -> Whole:
    """A column of texts as places among others (a pyarrow array); -1 for what is not there."""
    numbers, said = coded(column)
    table = pc.fill_null(pc.index_in(said, value_set=texts), -1).to_numpy()
    found: Whole = np.append(table, -1).astype(np.int64)[numbers]
    return found


def coded(column: Any) -> tuple[Whole, Any]:
    """A column of texts as places among its different texts, and these."""
    one = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not pa.types.is_dictionary(one.type):
        one = one.dictionary_encode()
    return one.indices.to_numpy(zero_copy_only=False).astype(np.int64), one.dictionary


Span = tuple[int, int]
"""Which days and moments are alike: between them no row begins or ends."""


@dataclass(frozen=True)
class Days:
    """When rows hold, and when they were taken for true; ends are left out."""

    from_on: Small
    to_on: Small
    known_from: Whole
    known_until: Whole

    @cached_property
    def _turns(self) -> tuple[Whole, Whole]:
        """The days and the moments on which any row begins or ends."""
        on = np.unique(np.concatenate([self.from_on, self.to_on]).astype(np.int64))
        return on, np.unique(np.concatenate([self.known_from, self.known_until]))

    def span(self, day: date, as_of: int) -> Span:
        """What two days and moments have in common when the same rows hold."""
        on, known = self._turns
        found = on.searchsorted(_day(day), "right"), known.searchsorted(as_of, "right")
        return int(found[0]), int(found[1])

    def hold(self, day: date, as_of: int) -> Flags:
        """Which rows hold on a day, as known at a moment."""
        number = _day(day)
        on = (self.from_on <= number) & (self.to_on > number)
        known = (self.known_from <= as_of) & (self.known_until > as_of)
        found: Flags = on & known
        return found


def _days(table: Any) -> Days:
    return Days(
        _whole(table, "from_on", pa.date32(), pa.int32(), -_NEVER).astype(np.int32),
        _whole(table, "to_on", pa.date32(), pa.int32(), _NEVER).astype(np.int32),
        _whole(table, "known_from", pa.timestamp("us"), pa.int64(), -FOREVER),
        _whole(table, "known_until", pa.timestamp("us"), pa.int64(), FOREVER),
    )


def _whole(table: Any, name: str, typed: Any, whole: Any, empty: int) -> NDArray[Any]:
    if name not in table.column_names:
        return np.full(table.num_rows, empty, np.int64)
    filled = pc.fill_null(table[name].cast(typed).cast(whole), empty)
    found: NDArray[Any] = filled.to_numpy()
    return found


@dataclass(frozen=True)
class Reach:
    """The leaves beneath each of some asked units, by number; positions are those of the asked.

    `alone`: positions beneath which lies one leaf only, `only`: that leaf. Of the others,
    `leaf[starts[i]:starts[i + 1]]` lie beneath the one at `above[i]`, each once, whatever the
    trees. Positions that are in neither have nobody beneath them.
    """

    size: int
    alone: Whole
    only: Whole
    above: Whole
    starts: Whole
    leaf: Whole

    def beneath(self, units: int) -> Flags:
        """Of all units, who lies beneath one that is asked."""
        found = np.zeros(units, bool)
        found[self.only] = found[self.leaf] = True
        return found


def _reach(pairs: Whole, asked: int, units: int) -> Reach:
    """From sorted pairs position × units + leaf."""
    above, first = np.unique(pairs // units, return_index=True)
    count = np.diff(np.append(first, len(pairs)))
    many = np.repeat(count > 1, count)
    leaf = pairs % units
    starts = np.concatenate([[0], np.cumsum(count[count > 1])]).astype(np.int64)
    return Reach(asked, above[count == 1], leaf[~many], above[count > 1], starts, leaf[many])


class Tree:
    """Lineage and debts. `units` is shared with the cells and grows by what only stands here.

    The last answers are kept: from one period to the next they are mostly the same.
    """

    def __init__(self, lineage: Any, expected: Any, units: Numbers) -> None:
        self._unit = units.column(lineage["unit"])
        self._above = units.column(lineage["ancestor"])
        self._lineage = _days(lineage)
        self.measures = Numbers()
        self._measure = self.measures.column(expected["measure"]).astype(np.int64)
        self._owing = units.column(expected["unit"])
        self._expected = _days(expected)
        self.size = len(units)
        self.tops = np.unique(self._above)
        self._reached: tuple[tuple[Span, bytes], Reach] | None = None
        self._owed: tuple[Span, Flags] | None = None

    def reach(self, day: date, as_of: int, asked: Whole) -> Reach:
        """Who lies beneath some units on a day, as known at a moment."""
        key, last = (self._lineage.span(day, as_of), asked.tobytes()), self._reached
        if last is not None and last[0] == key:
            return last[1]
        held = self._lineage.hold(day, as_of)
        position = np.full(self.size, -1, np.int64)
        position[asked] = np.arange(len(asked))
        held &= position[self._above] >= 0
        pairs: Whole = np.unique(position[self._above[held]] * self.size + self._unit[held])
        found = _reach(pairs, len(asked), self.size)
        self._reached = (key, found)
        return found

    def owing(self, measures: Sequence[str], day: date, as_of: int) -> Flags:
        """measure × unit: who owes each on a day, as known at a moment."""
        key, last = self._expected.span(day, as_of), self._owed
        if last is None or last[0] != key:
            held = self._expected.hold(day, as_of)
            whole = np.zeros((len(self.measures) + 1, self.size), bool)
            whole.reshape(-1)[(self._measure * self.size + self._owing)[held]] = True
            last = self._owed = (key, whole)
        found: Flags = last[1][[self.measures.of.get(m, -1) for m in measures]]
        return found  # the last row is of a measure that nobody owes
