"""The small tables as arrays: who stands above whom, who owes what, each on days and as known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
        coded = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        if not pa.types.is_dictionary(coded.type):
            coded = coded.dictionary_encode()
        numbers = [self.number(text) for text in coded.dictionary.to_pylist()]
        table = np.array(numbers or [0], dtype=np.int32)
        found: Small = table[coded.indices.to_numpy(zero_copy_only=False)]
        return found


@dataclass(frozen=True)
class Days:
    """When rows hold, and when they were taken for true; ends are left out."""

    from_on: Small
    to_on: Small
    known_from: Whole
    known_until: Whole

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
    """The leaves beneath some units: `leaf[starts[i]:starts[i + 1]]` are those of `above[i]`.

    Numbers of units; a leaf stands beneath itself, and once beneath each, whatever the trees.
    """

    above: NDArray[np.int64]
    starts: NDArray[np.int64]
    leaf: NDArray[np.int64]


class Tree:
    """Lineage and debts. `units` is shared with the cells and grows by what only stands here."""

    def __init__(self, lineage: Any, expected: Any, units: Numbers) -> None:
        self._unit = units.column(lineage["unit"])
        self._above = units.column(lineage["ancestor"])
        self._lineage = _days(lineage)
        self.measures = Numbers()
        self._measure = self.measures.column(expected["measure"])
        self._owing = units.column(expected["unit"])
        self._expected = _days(expected)
        self.size = len(units)
        self.tops = np.unique(self._above)

    def reach(self, day: date, as_of: int, units: Whole | None) -> Reach:
        """Who lies beneath some units (None: beneath any) on a day, as known at a moment."""
        held = self._lineage.hold(day, as_of)
        if units is not None:
            asked = np.zeros(self.size, bool)
            asked[units] = True
            held &= asked[self._above]
        pairs = np.unique(self._above[held].astype(np.int64) * self.size + self._unit[held])
        above, starts = np.unique(pairs // self.size, return_index=True)
        return Reach(above, np.append(starts, len(pairs)), pairs % self.size)

    def owing(self, measures: Sequence[str], day: date, as_of: int) -> Flags:
        """measure × unit: who owes each on a day, as known at a moment."""
        held = self._expected.hold(day, as_of)
        place = np.full(len(self.measures) + 1, -1)
        for row, measure in enumerate(measures):
            place[self.measures.of.get(measure, -1)] = row
        place[-1] = -1
        rows = place[self._measure[held]]
        found = np.zeros((len(measures), self.size), bool)
        found[rows[rows >= 0], self._owing[held][rows >= 0]] = True
        return found
