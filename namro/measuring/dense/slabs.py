"""All cells of one period (a slab): what stands in each now, and every change, oldest first.

A cell is addressed by the numbers of its element and its unit. What was known at a moment is the
present less the changes that came after it, or the sum of those that came before: whichever are
fewer are added up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from namro.terms import Period

Whole = NDArray[np.int64]
Small = NDArray[np.int32]
Flags = NDArray[np.bool_]
Shape = tuple[int, int]
"""(elements, units) known so far."""

SCALE = 10_000
"""Values are whole numbers of ten-thousandths."""

FOREVER = np.iinfo(np.int64).max


def decimals(numbers: Whole) -> list[Decimal]:
    """Whole numbers of ten-thousandths as decimals."""
    if (numbers % SCALE).any():
        return [from_scaled(number) for number in numbers.tolist()]
    return [Decimal(number) for number in (numbers // SCALE).tolist()]


def from_scaled(number: int) -> Decimal:
    """A whole number of ten-thousandths as a decimal."""
    whole, left = divmod(number, SCALE)
    return Decimal(number) / SCALE if left else Decimal(whole)


@dataclass(frozen=True)
class Rows:
    """Ledger rows as arrays of one length; `at` in microseconds since 1970."""

    element: Small
    unit: Small
    delta: Whole
    dn: NDArray[np.int8]
    at: Whole

    def __len__(self) -> int:
        return len(self.at)

    def taken(self, chosen: NDArray[np.intp] | Flags) -> Rows:
        """Some of the rows."""
        return Rows(*(getattr(self, f.name)[chosen] for f in fields(self)))


def joined(pieces: list[Rows]) -> Rows:
    """Several lots of rows as one."""
    return Rows(*(np.concatenate([getattr(p, f.name) for p in pieces]) for f in fields(Rows)))


class Contents(NamedTuple):
    """What stands in the cells of a period: element × unit. `values` are whole numbers, of any
    width, of `scale` ten-thousandths; `told` is above nought where something is told."""

    values: Whole
    told: NDArray[np.int16]
    scale: int = 1


def _nothing() -> None:
    """What is in memory need not be called for."""


@dataclass(frozen=True)
class Slab:
    """One period's cells. `values`, `told` (sum of dn): element × unit; the rest are the changes.

    `moments[i]` is when the changes `starts[i]` up to `starts[i + 1]` were recorded. Numbers may be
    narrow; `values` and `delta` are then of `scale` ten-thousandths. `call`: asks the system for
    the cells as a whole, before they are read bit by bit.
    """

    values: Whole
    told: NDArray[np.int16]
    delta: Whole
    moments: Whole
    starts: Whole
    element: Small
    unit: Small
    dn: NDArray[np.int8]
    scale: int = 1
    call: Callable[[], None] = _nothing

    @property
    def shape(self) -> Shape:
        return self.values.shape[0], self.values.shape[1]

    def known(self, as_of: int) -> Contents:
        """The cells as they were known at a moment."""
        self.call()
        before = int(self.starts[np.searchsorted(self.moments, as_of, side="right")])
        if before == len(self.delta):
            return Contents(self.values, self.told, self.scale)
        if before * 2 < len(self.delta):
            values, told = np.zeros(self.shape, np.int64), np.zeros(self.shape, np.int16)
            return self._changed(values, told, slice(0, before), np.add)
        values, told = scaled_up(self.values, self.scale), self.told.astype(np.int16)
        return self._changed(values, told, slice(before, None), np.subtract)

    def _changed(
        self, values: Whole, told: NDArray[np.int16], which: slice, change: np.ufunc
    ) -> Contents:
        place = self.element[which].astype(np.int64) * self.shape[1] + self.unit[which]
        change.at(values.reshape(-1), place, scaled_up(self.delta[which], self.scale))
        change.at(told.reshape(-1), place, self.dn[which].astype(np.int16))
        return Contents(values, told)


def scaled_up(numbers: Whole, scale: int) -> Whole:
    """A copy of numbers of any width, in ten-thousandths."""
    return np.multiply(numbers, scale, dtype=np.int64)


def added(slab: Slab | None, rows: Rows, shape: Shape) -> Slab:
    """A slab with more changes; `shape` may have grown since. The slab given stays as it was."""
    values, told = np.zeros(shape, np.int64), np.zeros(shape, np.int16)
    everything = rows
    if slab is not None:
        values[: slab.shape[0], : slab.shape[1]] = scaled_up(slab.values, slab.scale)
        told[: slab.shape[0], : slab.shape[1]] = slab.told
        at = np.repeat(slab.moments, np.diff(slab.starts))
        delta = scaled_up(slab.delta, slab.scale)
        everything = joined([Rows(slab.element, slab.unit, delta, slab.dn, at), rows])
    place = rows.element.astype(np.int64) * shape[1] + rows.unit
    np.add.at(values.reshape(-1), place, rows.delta)
    np.add.at(told.reshape(-1), place, rows.dn.astype(np.int16))
    if len(rows) and np.any(everything.at[1:] < everything.at[:-1]):
        everything = everything.taken(np.argsort(everything.at, kind="stable"))
    moments, first = np.unique(everything.at, return_index=True)
    starts = np.append(first, len(everything)).astype(np.int64)
    return Slab(
        *(values, told, everything.delta, moments, starts),
        *(everything.element, everything.unit, everything.dn),
    )


def ends(period: Period) -> int:
    """The last month of a period, counted as `Period.first` is."""
    return period.first + period.length - 1
