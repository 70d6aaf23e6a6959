"""The referee: every kind of measure in plain Python and fractions, written to be obviously right.

It shares no line with the measuring room but the words (kinds.py). It is slow and walks everything:
for each leaf it looks month by month, for each figure leaf by leaf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from namro.measuring.kinds import Count, Item, Measure
from namro.terms import Period

LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True)
class Said:
    """A ledger entry: what was said, when; value None withdraws."""

    id: int
    element: str
    unit: str
    period: str
    value: Decimal | None
    at: datetime


@dataclass(frozen=True)
class Slice:
    """A slice of raw records of one unit and period."""

    batch: str
    dataset: str
    unit: str
    period: str
    at: datetime
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Held:
    """Something that held for a unit on some days: `what` is an ancestor or a measure owed."""

    unit: str
    what: str
    tree: str = "GOVERNMENT"
    since: date = LONG_AGO
    until: date | None = None

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass
class World:
    """All facts of a small province."""

    said: list[Said] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    above: list[Held] = field(default_factory=list)
    owed: list[Held] = field(default_factory=list)

    @property
    def dawn(self) -> int:
        """The first month anything was said of; looking further back is in vain."""
        told = [s.period for s in (*self.said, *self.slices)]
        return min((Period.of(code).first for code in told), default=0)

    def leaves(self, measure: str, unit: str, day: date) -> list[str]:
        owing = {h.unit for h in self.owed if h.what == measure and h.on(day)}
        return sorted(
            {h.unit for h in self.above if h.unit in owing and h.what == unit and h.on(day)}
        )

    def cell(self, item: Item, unit: str, period: str, as_of: datetime) -> Fraction | None:
        """What stood in a cell at a moment: the last thing said, or the newest slice's count."""
        if isinstance(item, Count):
            slices = [
                s
                for s in self.slices
                if (s.dataset, s.unit, s.period) == (item.dataset, unit, period) and s.at <= as_of
            ]
            if not slices:
                return None
            newest = max(slices, key=lambda s: (s.at, s.batch))
            return Fraction(sum(meets(item, row) for row in newest.rows))
        said = [
            s
            for s in self.said
            if (s.element, s.unit, s.period) == (item.slug, unit, period) and s.at <= as_of
        ]
        last = max(said, key=lambda s: s.id, default=None)
        return None if last is None or last.value is None else Fraction(last.value)


def meets(count: Count, row: Mapping[str, Any]) -> bool:
    for condition in count.where:
        told, wanted = row.get(condition.column), condition.values
        if condition.test == "present":
            good = (told is not None) == wanted[0]
        elif told is None:
            good = False
        elif condition.test == "at_least":
            good = told >= wanted[0]
        elif condition.test == "at_most":
            good = told <= wanted[0]
        else:
            good = (told in wanted) == (condition.test != "not")
        if not good:
            return False
    return True


@dataclass(frozen=True)
class Figure:
    """What the referee says of a measure at a unit."""

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    counted: int
    heard: int
    expected: int
    parts: tuple[Figure, ...] = ()


NO_DATA = (None, None, None)


@dataclass(frozen=True)
class Asked:
    """The question: the world, where, for when, as of when, and whose leaves."""

    world: World
    unit: str
    period: Period
    as_of: datetime
    root: str

    def leaves(self, measure: Measure) -> list[str]:
        day = self.period.last_day(measure.calendar)
        return self.world.leaves(self.root, self.unit, day)


def figure(measure: Measure, world: World, *, unit: str, period: Period, as_of: datetime) -> Figure:
    """The figure of a measure at a unit for a period, as of a moment."""
    return _figure(measure, Asked(world, unit, period, as_of, measure.slug))


def _figure(measure: Measure, asked: Asked) -> Figure:
    if measure.kind == "combined":
        return _combined(measure, asked)
    leaves = asked.leaves(measure)
    beside = tuple(_figure(other, asked) for other in measure.beside)
    inner = measure.of or measure
    due = _due(measure, asked.period)
    found = [x for x in (_leaf(inner, asked, leaf) for leaf in leaves) if x is not None]
    pairs = [pair for pair, _ in found]
    heard = sum(1 for _, last in found if last >= due)
    told = _of_pairs(measure, pairs, len(leaves), asked.period) if pairs else NO_DATA
    return Figure(*told, len(pairs), heard, len(leaves), beside)


def _due(measure: Measure, period: Period) -> int:
    """The first month of the last whole month, quarter, half or year that is over by then."""
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[measure.frequency]
    last = period.first + period.length - 1
    while (last + 1) % months:
        last -= 1
    return last - months + 1


Pair = tuple[Fraction, Fraction | None]


def _of_pairs(measure: Measure, pairs: list[Pair], expected: int, period: Period) -> Any:
    above = sum((p[0] for p in pairs), Fraction(0))
    if measure.kind == "level":
        return (above, None, above) if len(pairs) == 1 else NO_DATA
    if measure.kind == "milestone":
        there = Fraction(sum(_stands(p, measure, period) for p in pairs))
        return there, Fraction(len(pairs)), Fraction(1 if there else 0)
    if measure.kind == "share_of_units":
        good = Fraction(sum(_good(p, measure, period) for p in pairs))
        return good, Fraction(expected), good / expected * 100
    below = sum((p[1] or 0 for p in pairs), Fraction(0))
    scale = 100 if measure.unit_of_measure.startswith("%") else 1
    return above, below, (above / below * scale if below else None)


def _good(pair: Pair, measure: Measure, period: Period) -> bool:
    assert measure.of is not None
    if measure.of.kind == "milestone":
        return _stands(pair, measure, period)
    scale = 100 if measure.of.unit_of_measure.startswith("%") else 1
    return bool(pair[1]) and pair[0] / pair[1] * scale >= Fraction(measure.at_least or 0)


def _stands(pair: Pair, measure: Measure, period: Period) -> bool:
    today = int(period.last_day(measure.calendar).strftime("%Y%m%d"))
    since, until = int(pair[0]), int(pair[1] or 0)
    return since != 0 and since <= today and (until == 0 or until >= today)


def _combined(measure: Measure, asked: Asked) -> Figure:
    parts = tuple(_figure(part.measure, asked) for part in measure.parts)
    expected = len(asked.leaves(measure))
    choose = max if measure.how in ("all", "any") else min
    units = choose(p.counted for p in parts), choose(p.heard for p in parts), expected
    if measure.how in ("all", "any"):
        told = _logical(measure, parts)
        return Figure(*told, *units, parts)
    values = [p.value for p in parts]
    if None in values:
        return Figure(*NO_DATA, *units, parts)
    if measure.how == "min":
        least = parts[values.index(min(values))]
        told = (least.numerator, least.denominator, least.value)
    elif measure.how == "mean":
        told = (None, None, sum(values) / len(values))
    else:
        weights = [Fraction(p.weight) for p in measure.parts]
        told = (None, None, sum(w * v for w, v in zip(weights, values, strict=True)))
    return Figure(*told, *units, parts)


def _logical(measure: Measure, parts: tuple[Figure, ...]) -> Any:
    answers = []
    for part, told in zip(measure.parts, parts, strict=True):
        if told.value is None:
            answers.append("unknown")
        else:
            goal = 1 if part.reaches is None else Fraction(part.reaches)
            answers.append("yes" if told.value >= goal else "no")
    counted = (Fraction(answers.count("yes")), Fraction(len(answers)))
    if measure.how == "all":
        if "no" in answers:
            return *counted, Fraction(0)
        return NO_DATA if "unknown" in answers else (*counted, Fraction(1))
    if "yes" in answers:
        return *counted, Fraction(1)
    return NO_DATA if "unknown" in answers else (*counted, Fraction(0))


def _leaf(measure: Measure, asked: Asked, leaf: str) -> tuple[Pair, int] | None:
    """The sums of one leaf and the last month it told all of, or None when it is left out."""
    above = measure.numerator.items if measure.numerator else ()
    below = measure.denominator.items if measure.denominator else ()
    if measure.over == "latest":
        return _latest(measure, above, below, asked, leaf)
    first, last = asked.period.first, asked.period.first + asked.period.length - 1
    if measure.over == "year_to_date":
        while first % 12:
            first -= 1
    taken: set[int] = set()
    pair = None
    for length in (12, 6, 3, 1):
        for start in range(first, last - length + 2):
            months = set(range(start, start + length))
            if start % length or months & taken:
                continue
            code = Period(start, length).code
            tops = [asked.world.cell(i, leaf, code, asked.as_of) for i in above]
            bottoms = [asked.world.cell(i, leaf, code, asked.as_of) for i in below]
            if None in tops or None in bottoms:
                continue
            taken |= months
            before = pair or (Fraction(0), Fraction(0))
            pair = (before[0] + sum(tops), before[1] + sum(bottoms))
    return None if pair is None else (pair, max(taken))


def _latest(
    measure: Measure, above: Iterable[Item], below: Iterable[Item], asked: Asked, leaf: str
) -> tuple[Pair, int] | None:
    last = asked.period.first + asked.period.length - 1

    def newest(item: Item) -> tuple[Fraction, int] | None:
        for end in range(last, max(last - item.carry, asked.world.dawn) - 1, -1):
            for length in (1, 3, 6, 12):
                start = end - length + 1
                if start % length == 0:
                    code = Period(start, length).code
                    told = asked.world.cell(item, leaf, code, asked.as_of)
                    if told is not None:
                        return told, end
        return None

    tops, bottoms = [newest(i) for i in above], [newest(i) for i in below]
    if None in tops:
        return None
    if measure.kind == "milestone":
        until = bottoms[0][0] if bottoms and bottoms[0] else None
        return (tops[0][0], until), tops[0][1]
    if None in bottoms:
        return None
    above_sum = sum((n for n, _ in tops), Fraction(0))
    below_sum = sum((n for n, _ in bottoms), Fraction(0))
    return (above_sum, below_sum), min(end for _, end in (*tops, *bottoms))
