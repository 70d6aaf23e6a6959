"""The nation as numbers: its units, what each told of each element and month, what was corrected.

Everything follows from the seed and the scale; nothing here knows a database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from namro.terms import Period

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

PROVINCES, GROUPS, COMMUNES = 34, 347, 3321
ELEMENTS, MEASURES = 200, 100
MONTHS = int(os.environ.get("NAMRO_BENCH_MONTHS", "60"))
"""Of 150, the same units have 100 million rows behind them."""
DOSSIERS = 50_000_000
LAST = Period.of("202610")
REPORTED, CORRECTED = 0.97, 0.05
CARRY = 3
FLOWS, SHARES = range(60, 80), range(80, 100)
"""Measures over the year to date, and shares of units; the others are ratios of stocks."""
LEAST = 70
"""What a unit must reach (%) to be counted in a share of units."""


@dataclass(frozen=True)
class Rows:
    """Ledger rows of one month, in the order of their ids; `value` in whole units."""

    element: Whole
    unit: Whole
    period: Whole
    value: Whole
    delta: Whole
    dn: Whole

    def __len__(self) -> int:
        return len(self.unit)


@dataclass(frozen=True)
class Nation:
    """`units` are numbered from 0: the nation, provinces, groups, communes."""

    scale: float = 0.02
    seed: int = 1

    @cached_property
    def communes(self) -> int:
        return max(PROVINCES, round(COMMUNES * self.scale))

    @cached_property
    def groups(self) -> int:
        return max(PROVINCES, round(GROUPS * self.scale))

    @cached_property
    def above(self) -> Whole:
        """The unit above each; the nation's own is 0."""
        provinces = np.zeros(PROVINCES + 1, dtype=np.int64)
        groups = 1 + np.arange(self.groups) % PROVINCES
        communes = 1 + PROVINCES + np.arange(self.communes) % self.groups
        return np.concatenate([provinces, groups, communes])

    @property
    def first_commune(self) -> int:
        return 1 + PROVINCES + self.groups

    @property
    def size(self) -> int:
        return self.first_commune + self.communes

    def level(self, unit: int) -> int:
        starts = (1, 1 + PROVINCES, self.first_commune)
        return sum(unit >= start for start in starts)

    @cached_property
    def periods(self) -> list[Period]:
        return [LAST.shifted(m - MONTHS + 1) for m in range(MONTHS)]

    def told(self, month: int) -> tuple[Whole, Whole, Flags, Flags]:
        """(first values, final values, who told, who corrected) of a month: element × commune.

        Elements come in pairs: an even one is the whole of which the odd one after it is a part.
        """
        chance = np.random.default_rng([self.seed, month])
        shape = (ELEMENTS, self.communes)
        whole = self._sizes + (self._sizes * month) // 400
        part = (whole * (self._shares + chance.integers(0, 40, self._shares.shape))) // 1000
        final = np.empty(shape, dtype=np.int64)
        final[0::2], final[1::2] = whole, part
        told = chance.random(shape) < REPORTED
        corrected = told & (chance.random(shape) < CORRECTED)
        first = final + corrected * chance.integers(1, 9, shape)
        return first, final, told, corrected

    @cached_property
    def _sizes(self) -> Whole:
        chance = np.random.default_rng([self.seed, 1001])
        return chance.integers(800, 40_000, (ELEMENTS // 2, self.communes))

    @cached_property
    def _shares(self) -> Whole:
        chance = np.random.default_rng([self.seed, 1002])
        return chance.integers(450, 950, (ELEMENTS // 2, self.communes))

    def rows(self, month: int) -> Rows:
        """What reached the ledger in a month: its reports, then corrections of the month before."""
        first, _, told, _ = self.told(month)
        element, unit = np.nonzero(told)
        value = first[told]
        now = Rows(
            element, unit, np.full(len(unit), month), value, value, np.ones(len(unit), np.int64)
        )
        if month == 0:
            return now
        first, final, _, corrected = self.told(month - 1)
        element, unit = np.nonzero(corrected)
        value = final[corrected]
        late = Rows(
            element, unit, np.full(len(unit), month - 1), value, value - first[corrected],
            np.zeros(len(unit), np.int64),
        )  # fmt: skip
        return Rows(*(np.concatenate([a, b]) for a, b in zip(_all(now), _all(late), strict=True)))

    def standing(self) -> tuple[Whole, Flags]:
        """What stands in the ledger at the end, element × month × commune, and where it does."""
        shape = (ELEMENTS, MONTHS, self.communes)
        values, has = np.zeros(shape, np.int32), np.zeros(shape, bool)
        for month in range(MONTHS):
            first, final, told, _ = self.told(month)
            values[:, month] = first if month == MONTHS - 1 else final
            has[:, month] = told
        return values, has


def _all(rows: Rows) -> tuple[Whole, ...]:
    return rows.element, rows.unit, rows.period, rows.value, rows.delta, rows.dn


@dataclass(frozen=True)
class Leaves:
    """The parts of one measure, month × commune."""

    numerator: Whole
    denominator: Whole
    counted: Whole
    heard: Whole

    def __iter__(self) -> Iterator[Whole]:
        return iter((self.numerator, self.denominator, self.counted, self.heard))


def leaves_of(measure: int, values: Whole, has: Flags) -> Leaves:
    """The parts of a measure at each commune: part over whole, as its kind has it.

    `values` and `has`: as `Nation.standing` gives them.
    """
    sides = [(values[e].astype(np.int64), has[e]) for e in (2 * measure + 1, 2 * measure)]
    heard = sides[0][1] & sides[1][1]
    if measure in FLOWS:
        return _year_to_date(*(np.where(heard, v, 0) for v, _ in sides), heard)
    (part, has_part), (whole, has_whole) = (_carried(v, h) for v, h in sides)
    counted = has_part & has_whole
    part, whole = np.where(counted, part, 0), np.where(counted, whole, 0)
    if measure in SHARES:
        part, whole = (counted & (part * 100 >= LEAST * whole)), counted
    return Leaves(*(a.astype(np.int64) for a in (part, whole, counted, heard & counted)))


def _carried(values: Whole, has: Flags) -> tuple[Whole, Flags]:
    values, found = values.copy(), has.copy()
    for month in range(1, MONTHS):
        for back in range(1, min(CARRY, month) + 1):
            gap = ~found[month] & has[month - back]
            values[month] = np.where(gap, values[month - back], values[month])
            found[month] |= gap
    return values, found


def _year_to_date(part: Whole, whole: Whole, heard: Flags) -> Leaves:
    counted = heard.copy()
    for month in range(1, MONTHS):
        if (LAST.first - MONTHS + 1 + month) % 12:
            part[month] += part[month - 1]
            whole[month] += whole[month - 1]
            counted[month] |= counted[month - 1]
    return Leaves(part, whole, counted.astype(np.int64), heard.astype(np.int64))
