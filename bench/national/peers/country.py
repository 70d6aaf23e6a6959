"""The country of the comparison, from a seed: what each commune told of each element and month.

34 provinces, 3,321 communes, 40 elements, 36 months, 70% told: about 3.3 million values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from namro.terms import Period

Whole = NDArray[np.int64]

LAST = Period.of("202512")
ELEMENTS, MONTHS, TOLD = 40, 36, 0.70


@dataclass(frozen=True)
class Question:
    """A matrix that is asked: elements × months × provinces, all numbered from 0.

    "flow": the sum of what was told of the month. "stock": of what each commune last told.
    """

    name: str
    kind: Literal["flow", "stock"]
    elements: tuple[int, ...]
    months: tuple[int, ...]
    provinces: tuple[int, ...]

    @property
    def cells(self) -> int:
        return len(self.elements) * len(self.months) * len(self.provinces)


@dataclass(frozen=True)
class Country:
    """`communes` and `provinces` may be fewer for a trial. Units: from 0, the nation first."""

    communes: int = 3321
    provinces: int = 34
    seed: int = 1

    @cached_property
    def periods(self) -> list[Period]:
        return [LAST.shifted(m - MONTHS + 1) for m in range(MONTHS)]

    @cached_property
    def values(self) -> Whole:
        """What was told, element × month × commune; -1 where nothing was."""
        chance = np.random.default_rng(self.seed)
        shape = (ELEMENTS, MONTHS, self.communes)
        told = chance.integers(0, 40_000, shape)
        return np.where(chance.random(shape) < TOLD, told, -1)

    @cached_property
    def province_of(self) -> Whole:
        return np.arange(self.communes) % self.provinces

    @cached_property
    def rows(self) -> tuple[Whole, Whole, Whole, Whole]:
        """(element, month, commune, value) of everything told, in the order of the months."""
        month, element, commune = np.nonzero(self.values.transpose(1, 0, 2) >= 0)
        return element, month, commune, self.values[element, month, commune]

    # What an installation needs to know of a tree of units (bench.national.site).
    @property
    def first_commune(self) -> int:
        return 1 + self.provinces

    @property
    def size(self) -> int:
        return self.first_commune + self.communes

    @cached_property
    def above(self) -> Whole:
        """The unit above each; the nation's own is 0."""
        return np.concatenate([np.zeros(1 + self.provinces, np.int64), 1 + self.province_of])

    def level(self, unit: int) -> int:
        return 0 if unit == 0 else 1 if unit < self.first_commune else 3

    def questions(self) -> dict[str, Question]:
        elements, year = tuple(range(ELEMENTS)), tuple(range(MONTHS - 12, MONTHS))
        provinces = tuple(range(self.provinces))
        asked = (
            Question("Q1", "flow", elements, year, provinces),
            Question("Q2", "stock", elements, year, provinces),
            Question("Q4", "stock", elements[:2], year, provinces[3:4]),
        )
        return {q.name: q for q in asked}
