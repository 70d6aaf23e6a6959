"""Sums at the units → parts: what is weighed or judged unit by unit, for many terms at once.

The same rules as `figures.sums` and `figures.judged`, over arrays and in whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from namro.measuring.dense.leaves import Sums, TooLarge, largest
from namro.measuring.dense.slabs import FOREVER, SCALE, Flags, Whole
from namro.measuring.kinds import Term
from namro.terms import Period

FIELDS = ("numerator", "denominator", "counted", "heard")


@dataclass(frozen=True)
class PartsOfMany:
    """Parts as arrays, term × unit: the sums in ten-thousandths, the units counted and heard."""

    numerator: Whole
    denominator: Whole
    counted: Whole
    heard: Whole


def weigh(terms: Sequence[Term], told: Sums) -> None:
    """Turn rates into rate × weight where a term is weighted. Raises TooLarge."""
    for row, term in enumerate(terms):
        if not term.weighted:
            continue
        rate, weight = told.numerator[row], told.denominator[row]
        if largest(rate) * largest(weight) >= FOREVER:
            raise TooLarge
        weighed, left = np.divmod(rate * weight, SCALE * 100)
        if left.any():
            raise TooLarge
        told.numerator[row] = weighed


def judged(terms: Sequence[Term], told: Sums, period: Period) -> PartsOfMany:
    """The parts of each unit by itself: its sums, or 1 and 0 where each unit is judged.

    What was told is used up by it.
    """
    above, below = told.numerator, told.denominator
    for row, term in enumerate(terms):
        counted = told.counted[row]
        if term.rule == "milestone":
            good = _stands(above[row], below[row], term, period)
        elif term.kind == "share_of_units":
            good = _reached(above[row], below[row], term)
        else:
            continue
        above[row] = (good & counted) * SCALE
        below[row] = counted * SCALE
    heard = told.heard & told.counted
    return PartsOfMany(above, below, told.counted.astype(np.int64), heard.astype(np.int64))


def _stands(since: Whole, until: Whole, term: Term, period: Period) -> Flags:
    on = period.last_day(term.calendar)
    day = (on.year * 10000 + on.month * 100 + on.day) * SCALE
    found: Flags = (since > 0) & (since <= day) & ((until == 0) | (until >= day))
    return found


def _reached(above: Whole, below: Whole, term: Term) -> Flags:
    least, parts = (term.at_least or Decimal(0)).as_integer_ratio()
    sides = (above, term.scale * parts), (below, least)
    if any(largest(side) * abs(times) >= FOREVER for side, times in sides):
        raise TooLarge
    left, right = above * (term.scale * parts), below * least
    found: Flags = ((below > 0) & (left >= right)) | ((below < 0) & (left <= right))
    return found
