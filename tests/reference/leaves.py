"""What one unit told of a measure by itself, looked up month by month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from namro.measuring.kinds import Item, Measure
from namro.terms import Period
from tests.reference.known import World

Pair = tuple[Fraction, Fraction | None]
Life = tuple[date | None, date | None]


@dataclass(frozen=True)
class Asked:
    """The question: the world, where, for when, as of when, and whose leaves."""

    world: World
    unit: str
    period: Period
    as_of: datetime
    root: str
    tree_on: date | None = None

    def day(self, measure: Measure) -> date:
        return self.tree_on or self.period.last_day(measure.calendar)

    def leaves(self, measure: Measure) -> list[str]:
        return self.world.leaves(self.root, self.unit, self.day(measure))


def _in_life(life: Life, period: Period, measure: Measure) -> bool:
    last = period.last_day(measure.calendar)
    return (life[0] is None or life[0] <= last) and (life[1] is None or last < life[1])


def leaf_told(  # noqa: C901 – all of the rule in one place
    measure: Measure, asked: Asked, leaf: str, life: Life, spans: tuple[tuple[int, int], ...]
) -> Any:
    """The sums of one leaf, the last month it told all of, and (flow) the spans of months told.

    None when it is left out. Only what was told in the unit's phase (`life`) is looked at.
    """
    above = measure.numerator.items if measure.numerator else ()
    below = measure.denominator.items if measure.denominator else ()
    if measure.over == "latest":
        return _latest(measure, above, below, asked, leaf, life)
    first, last = asked.period.first, asked.period.first + asked.period.length - 1
    if measure.over == "year_to_date":
        while first % 12:
            first -= 1
    taken: set[int] = set()
    whole: list[tuple[int, int]] = []
    pair = None
    for length in (12, 6, 3, 1):
        for start in range(first, last - length + 2):
            months = set(range(start, start + length))
            if start % length or months & taken:
                continue
            code = Period(start, length).code
            if not _in_life(life, Period(start, length), measure):
                continue
            tops = [asked.world.cell(i, leaf, code, asked.as_of) for i in above]
            bottoms = [asked.world.cell(i, leaf, code, asked.as_of) for i in below]
            if None in tops or None in bottoms:
                continue
            taken |= months
            if any(a <= start and start + length <= b and b - a > length for a, b in spans):
                continue
            whole.append((start, start + length))
            before = pair or (Fraction(0), Fraction(0))
            pair = (before[0] + sum(tops), before[1] + sum(bottoms))
    if pair is None:
        return None
    return pair, max(end for _, end in whole) - 1, tuple(whole)


def _latest(
    measure: Measure,
    above: Iterable[Item],
    below: Iterable[Item],
    asked: Asked,
    leaf: str,
    life: Life,
) -> tuple[Pair, int] | None:
    last = asked.period.first + asked.period.length - 1

    def newest(item: Item) -> tuple[Fraction, int] | None:
        for end in range(last, max(last - item.carry, asked.world.dawn) - 1, -1):
            for length in (1, 3, 6, 12):
                start = end - length + 1
                if start % length == 0 and _in_life(life, Period(start, length), measure):
                    code = Period(start, length).code
                    told = asked.world.cell(item, leaf, code, asked.as_of)
                    if told is not None:
                        return told, end
        return None

    tops, bottoms = [newest(i) for i in above], [newest(i) for i in below]
    if None in tops:
        return None
    if measure.kind in ("milestone", "level"):  # the end of a term, the mark of a number: if any
        until = bottoms[0][0] if bottoms and bottoms[0] else None
        return (tops[0][0], until), tops[0][1]
    if None in bottoms:
        return None
    above_sum = sum((n for n, _ in tops), Fraction(0))
    below_sum = sum((n for n, _ in bottoms), Fraction(0))
    if measure.weighted:
        above_sum = above_sum / 100 * below_sum
    return (above_sum, below_sum), min(end for _, end in (*tops, *bottoms))
