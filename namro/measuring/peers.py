"""Whether a unit's share is unlike that of its peers (khác hẳn đơn vị cùng loại).

Honest shares are seldom a bell: units come in two sorts (wards and mountain communes), stop at
100%, or count five persons. A plain outlier rule asks about one in five of those. Here a share is
asked about only where all three hold, which `bench.doubts` measures on honest and planted values:

- far: more than 2.5 spreads from the median, on the scale where a share's chance spread is the same
  everywhere (arcsine of the root); the spread is the robust one (median distance × 1.4826) of all
  or of the own side, whichever is wider, and the chance of few being counted is added;
- apart: 1.4 times as far as the farthest peer on that side, so never one of a group;
- worth a question: ten points or more from the median share.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, hypot, sin, sqrt
from statistics import median

ENOUGH, FAR, APART, WORTH = 8, 2.5, 1.4, 0.10
_BELL = 1.4826
"""Median distance × this is the standard deviation of a bell."""


def usual_share(part: float, whole: float, peers: Sequence[tuple[float, float]]) -> float | None:
    """The usual share of the peers (0–1) where this unit's is unlike it; None where it is not.

    `peers`: (part, whole) of like units. Fewer than eight sound ones say nothing.
    """
    told = [_level(p, w) for p, w in peers if w > 0 and 0 <= p <= w]
    if len(told) < ENOUGH or whole <= 0:
        return None
    own, middle = _level(min(part, whole), whole), median(told)
    away = [abs(other - middle) for other in told]
    side = [
        a for a, other in zip(away, told, strict=True) if (other - middle) * (own - middle) >= 0
    ]
    distance, usual = abs(own - middle), sin(middle) ** 2
    spread = _BELL * max(median(away), median(side))
    if distance <= FAR * hypot(spread, 0.5 / sqrt(whole)) or distance <= APART * max(side):
        return None
    return usual if abs(part / whole - usual) >= WORTH else None


def _level(part: float, whole: float) -> float:
    """A share on the scale of Freeman and Tukey (Anscombe's form): chance spreads it alike."""
    return asin(sqrt((part + 0.375) / (whole + 0.75)))
