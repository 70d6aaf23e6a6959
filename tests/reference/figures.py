"""The referee's answer: month by month for each leaf, leaf by leaf for each figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from namro.measuring.kinds import Measure
from namro.terms import Period
from tests.reference.descent import Line
from tests.reference.known import World
from tests.reference.leaves import Asked, Pair


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
    mark: str | None = None


NO_DATA = (None, None, None)


def figure(
    measure: Measure,
    world: World,
    *,
    unit: str,
    period: Period,
    as_of: datetime,
    tree_on: date | None = None,
) -> Figure:
    """The figure of a measure at a unit for a period, as of a moment, under the tree of a day."""
    known = world.as_known(as_of)
    return _figure(measure, Asked(known, unit, period, as_of, measure.slug, tree_on))


def _figure(measure: Measure, asked: Asked) -> Figure:
    if measure.kind == "combined":
        return _combined(measure, asked)
    leaves = asked.leaves(measure)
    beside = tuple(_figure(other, asked) for other in measure.beside)
    inner = measure.of or measure
    due = _due(measure, asked.period)
    lines = [Line(inner, measure, asked).told(leaf, None) for leaf in leaves]
    found = [t for t in lines if t is not None]
    pairs = [t.pair for t in found]
    heard = sum(1 for t in found if t.spoke_since(due))
    told = _of_pairs(measure, pairs, len(leaves), asked.period) if pairs else NO_DATA
    if measure.kind == "ratio":
        return _with_estates(measure, asked, leaves, pairs, heard, beside)
    final = _mark(measure, pairs) if told != NO_DATA else None
    return Figure(*told, len(pairs), heard, len(leaves), beside, final)


def _mark(measure: Measure, pairs: list[Pair]) -> str | None:
    """How final a published number is: only where its element is marked at all."""
    if measure.kind != "level" or not measure.denominator:
        return None
    names = {0: "unsaid", 1: "estimate", 2: "provisional", 3: "official"}
    [(_, code)] = pairs
    return names.get(int(code or 0))


def _with_estates(
    measure: Measure,
    asked: Asked,
    leaves: list[str],
    pairs: list[Pair],
    heard: int,
    beside: tuple[Figure, ...],
) -> Figure:
    left, counted = [], len(pairs)
    for pair, counts in _estates(measure, asked):
        left.append(pair)
        counted += counts
    every = [*pairs, *left]
    told = _of_pairs(measure, every, len(leaves), asked.period) if every else NO_DATA
    if not leaves or not counted:
        told = NO_DATA
    return Figure(*told, counted if leaves else 0, heard, len(leaves), beside)


def _estates(measure: Measure, asked: Asked) -> Iterable[tuple[Pair, int]]:
    """What units that were split or dissolved left to the unit asked, and whether it counts."""
    line, day = Line(measure, measure, asked), asked.day(measure)
    for gone, heirs, on in line.endings():
        if len(heirs) == 1:
            continue
        told = line.told(gone, on)
        if told is None:
            continue
        finals = set().union(*(line.finals(h, on) for h in heirs))
        if not finals:
            eve = on - timedelta(days=1)
            keepers = {h.what for h in asked.world.above if h.unit == gone and h.on(eve)}
            if measure.over != "latest" and asked.unit in keepers - line.dead():
                yield told.pair, 0
            continue
        tops = [{h.what for h in asked.world.above if h.unit == f and h.on(day)} for f in finals]
        if asked.unit not in set.intersection(*tops) - finals:
            continue
        counts = any(line.owed(f, None) and line.told(f, None) for f in finals)
        spoke = any(line.spoke_after(h, on) for h in heirs)
        if measure.over != "latest" or not spoke:
            yield told.pair, int(not counts)


def _due(measure: Measure, period: Period) -> int:
    """The first month of the last whole month, quarter, half or year that is over by then."""
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[measure.frequency]
    last = period.first + period.length - 1
    while (last + 1) % months:
        last -= 1
    return last - months + 1


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
    values = [_score(part, value) for part, value in zip(measure.parts, values, strict=True)]
    if measure.how == "min":
        least = parts[values.index(min(values))]
        told = (least.numerator, least.denominator, least.value)
    elif measure.how == "mean":
        told = (None, None, sum(values) / len(values))
    else:
        weights = [Fraction(p.weight) for p in measure.parts]
        told = (None, None, sum(w * v for w, v in zip(weights, values, strict=True)))
    return Figure(*told, *units, parts)


def _score(part: Any, value: Fraction) -> Fraction:
    if part.full_at:
        share = value / Fraction(part.full_at)
        return Fraction(1) if share > 1 else Fraction(0) if share < 0 else share
    if not part.steps:
        return value
    best = Fraction(0)
    for step in part.steps:
        if Fraction(step.reaches) <= value:
            best = Fraction(step.gives)
    return best


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
