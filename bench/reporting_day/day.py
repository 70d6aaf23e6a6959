"""The day as numbers: units, what each says of each figure, who errs, repeats, leaves blank.

Everything follows from the seed and the number of units; nothing here knows a database.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bench.national.nation import FLOWS
from namro.terms import Period

Whole = NDArray[np.int64]

MEASURES = (*range(10), *FLOWS[:10])
"""Ten ratios of stocks, ten over the year to date: forty figures, an even one the whole."""
ELEMENTS = tuple(e for m in MEASURES for e in (2 * m, 2 * m + 1))
MONTHS = 13
"""Reported before: a year and a month, so that there is something beside each figure."""
SENDINGS = 3
REPEATED, MISTYPED, JUMPING, BLANK, TWICE = 0.2, 0.1, 0.05, 0.05, 0.03
"""How often: a sending repeated; a figure typed wrong first; one that jumped; a pair left blank;
the form handed in twice."""
AT_A_PROVINCE = 98


@dataclass(frozen=True)
class Said:
    """What one officer says: rounds of cells as they are typed, then the whole form.

    `sendings`: element → text, each typed anew over the one before; `asked`: something is asked
    about before it is taken.
    """

    sendings: list[dict[int, str]]
    repeated: list[bool]
    final: dict[int, str]
    twice: bool


@dataclass(frozen=True)
class Day:
    """`units` are numbered from 0: the nation, provinces, their departments, communes."""

    communes: int
    period: Period
    seed: int = 1

    @property
    def provinces(self) -> int:
        return max(1, round(self.communes / AT_A_PROVINCE))

    @cached_property
    def above(self) -> Whole:
        provinces = np.zeros(self.provinces + 1, np.int64)
        departments = 1 + np.arange(self.provinces)
        return np.concatenate([provinces, departments, 1 + self.province_of])

    @cached_property
    def province_of(self) -> Whole:
        """The province of each commune, from 0."""
        return np.arange(self.communes) % self.provinces

    @property
    def first_commune(self) -> int:
        return 1 + 2 * self.provinces

    @property
    def size(self) -> int:
        return self.first_commune + self.communes

    def level(self, unit: int) -> int:
        return sum(unit >= start for start in (1, 1 + self.provinces, self.first_commune))

    @cached_property
    def periods(self) -> list[Period]:
        """Those reported before, oldest first."""
        return [self.period.shifted(n - MONTHS) for n in range(MONTHS)]

    def told(self, month: int) -> Whole:
        """What was told in a month (MONTHS: today): element of the form × commune."""
        chance = np.random.default_rng([self.seed, 7])
        shape = (len(ELEMENTS) // 2, self.communes)
        sizes, shares = chance.integers(800, 40_000, shape), chance.integers(550, 900, shape)
        chance = np.random.default_rng([self.seed, month])
        found = np.empty((len(ELEMENTS), self.communes), np.int64)
        found[0::2] = sizes + sizes * month // 400
        found[1::2] = found[0::2] * (shares + chance.integers(0, 30, shape)) // 1000
        return found

    @cached_property
    def today(self) -> Whole:
        """What is official in the end; -1: left blank."""
        found, chance = self.told(MONTHS), np.random.default_rng([self.seed, 9])
        jumping = chance.random(self.communes) < JUMPING
        found[0, jumping] *= 3
        blank = np.nonzero(chance.random(self.communes) < BLANK)[0]
        pair = chance.integers(1, len(MEASURES), len(blank))
        found[2 * pair, blank] = found[2 * pair + 1, blank] = -1
        return found

    def said(self, commune: int) -> Said:
        """What the officer of a commune does."""
        chance = random.Random(f"{self.seed} {commune}")
        values = self.today[:, commune]
        texts = {e: f"{v:,}".replace(",", ".") for e, v in enumerate(values.tolist()) if v >= 0}
        places = list(texts)
        cut = [len(places) * n // SENDINGS for n in range(SENDINGS + 1)]
        rounds = [{e: texts[e] for e in places[a:b]} for a, b in pairwise(cut)]
        if chance.random() < MISTYPED:
            wrong = chance.choice(list(rounds[0]))
            rounds[-1][wrong] = rounds[0][wrong]
            rounds[0][wrong] = str(chance.randint(1, 700))
        repeated = [chance.random() < REPEATED for _ in rounds]
        return Said(rounds, repeated, texts, chance.random() < TWICE)
