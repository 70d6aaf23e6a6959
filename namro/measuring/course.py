"""Where a figure is heading (dự báo): the last value, and the usual step for each period left.

A random walk with drift (Hyndman and Athanasopoulos, Forecasting, 5.2): after T values the mean
step is (last − first) ÷ (T − 1); h periods on, the value is last + h × step, and eight times in
ten it lies within t × s × √(h × (1 + h ÷ (T − 1))), s being the spread of the steps and t Student's
factor for so few of them. Simple enough to be checked by hand; it says what comes of going on as
before, and decides no standing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Literal

from namro.measuring.standing import reached, shown_exactly
from namro.terms import Comparator, Threshold

FEWEST = 4
"""Values without which nothing is said of the future."""

EIGHT_IN_TEN = (1.886, 1.638, 1.533, 1.476, 1.440, 1.415, 1.397, 1.383, 1.372, 1.363, 1.356)
"""Student's t for eight times in ten, from two degrees of freedom on: few steps tell little of how
far they spread."""

Outlook = Literal["LIKELY", "UNSURE", "UNLIKELY"]
OUTLOOK_LABELS = {
    "LIKELY": "Nhiều khả năng đạt",
    "UNSURE": "Chưa chắc đạt",
    "UNLIKELY": "Khó đạt",
}


@dataclass(frozen=True)
class Projection:
    """The value to expect, and between which it lies eight times in ten (khoảng dự báo)."""

    value: Fraction
    low: Fraction
    high: Fraction
    step: Fraction
    ahead: int
    rests_on: int


def project(
    values: Sequence[Fraction | None],
    ahead: int,
    *,
    least: Fraction | None = Fraction(0),
    most: Fraction | None = None,
) -> Projection | None:
    """What the values, one a period and oldest first, lead to `ahead` periods after the last.

    `least`, `most`: what no value can go beyond (0 and 100 for a share of a whole). None where
    fewer than four values are known, the last one is not, or nothing lies ahead.
    """
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(known) < FEWEST or ahead < 1 or values[-1] is None:
        return None
    (first_at, first), (last_at, last) = known[0], known[-1]
    span = last_at - first_at
    step = (last - first) / span
    # A gap of g periods counts as g steps of its mean: its spread is less by the root of g.
    off = [float((v - u - (j - i) * step) ** 2 / (j - i)) for (i, u), (j, v) in pairwise(known)]
    spread = sqrt(sum(off) / (len(off) - 1))
    factor = EIGHT_IN_TEN[min(len(off) - 3, len(EIGHT_IN_TEN) - 1)]
    wide = Fraction(factor * spread * sqrt(ahead * (1 + ahead / span))).limit_denominator(10**6)
    middle = last + ahead * step

    def held(value: Fraction) -> Fraction:
        value = value if least is None else max(value, least)
        return value if most is None else min(value, most)

    ends = held(middle - wide), held(middle + wide)
    return Projection(held(middle), *ends, step, ahead, len(known))


def outlook(projection: Projection, threshold: Threshold) -> Outlook | None:
    """Whether going on as before reaches the threshold; None for one that is no number."""
    if threshold.comparator is Comparator.MILESTONE or threshold.value is None:
        return None
    ends = [reached(v, threshold) for v in (projection.low, projection.high)]
    if all(ends):
        return "LIKELY"
    within = _crosses(projection, threshold)
    return "UNSURE" if any(ends) or within else "UNLIKELY"


def _crosses(projection: Projection, threshold: Threshold) -> bool:
    """Whether a range of values lies inside the interval, both ends of which miss it."""
    if threshold.comparator is not Comparator.RANGE or threshold.value is None:
        return False
    return projection.low <= Fraction(threshold.value) <= projection.high


def explain_course(projection: Projection, digits: int, unit_of_measure: str | None) -> str:
    """The projection as one Vietnamese sentence."""

    def told(value: Fraction) -> str:
        return shown_exactly(value, digits, unit_of_measure)

    points = "điểm phần trăm" if (unit_of_measure or "").startswith("%") else unit_of_measure
    sign = "tăng" if projection.step >= 0 else "giảm"
    step = shown_exactly(abs(projection.step), digits + 1, points)
    return (
        f"Nếu giữ nhịp của {projection.rests_on} kỳ gần đây (mỗi kỳ {sign} {step}) thì đến hạn, "
        f"sau {projection.ahead} kỳ nữa, khoảng {told(projection.value)}; mười lần thì tám lần "
        f"nằm giữa {told(projection.low)} và {told(projection.high)}."
    )


@dataclass(frozen=True)
class Trial:
    """How projections of the past turned out (thử lại trên số cũ)."""

    trials: int
    error: float
    error_of_standing_still: float
    within: float


def back_test(series: Sequence[Sequence[Fraction | None]], ahead: int) -> Trial | None:
    """Project each series from each point of its past, and compare with what came.

    `error`: the mean absolute miss; beside it that of "as it is now"; `within`: the share of
    outcomes inside the interval, 0.8 when it is right. None without a single trial.
    """
    misses, stills, inside = [], [], 0
    for values in series:
        for end in range(FEWEST, len(values) - ahead + 1):
            past, came = values[:end], values[end + ahead - 1]
            projection = project(past, ahead)
            if projection is None or came is None or past[-1] is None:
                continue
            misses.append(abs(float(projection.value - came)))
            stills.append(abs(float(past[-1] - came)))
            inside += projection.low <= came <= projection.high
    if not misses:
        return None
    n = len(misses)
    return Trial(n, sum(misses) / n, sum(stills) / n, inside / n)
