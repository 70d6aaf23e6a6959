"""The referee: every kind of measure in plain Python and fractions, written to be obviously right.

It shares no line with the measuring room but the words (kinds.py). It is slow and walks everything:
for each leaf it looks month by month, for each figure leaf by leaf.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
    known: datetime = datetime(2000, 1, 1)
    forgotten: datetime = datetime(9000, 1, 1)

    def knew(self, as_of: datetime) -> bool:
        return self.known <= as_of < self.forgotten

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Gave:
    """A unit gave way to its heirs on a day (none: dissolved; itself among them: goes on smaller).

    `known`: since when anybody knows.
    """

    unit: str
    heirs: tuple[str, ...]
    on: date
    known: datetime = datetime(2000, 1, 1)


@dataclass
class World:
    """All facts of a small province."""

    said: list[Said] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    above: list[Held] = field(default_factory=list)
    owed: list[Held] = field(default_factory=list)
    gave: list[Gave] = field(default_factory=list)

    @property
    def dawn(self) -> int:
        """The first month anything was said of; looking further back is in vain."""
        told = [s.period for s in (*self.said, *self.slices)]
        return min((Period.of(code).first for code in told), default=0)

    def as_known(self, as_of: datetime) -> World:
        """The same world with the tree, the debts and the reorganisations known at a moment."""
        return World(
            self.said,
            self.slices,
            [h for h in self.above if h.knew(as_of)],
            [h for h in self.owed if h.knew(as_of)],
            [g for g in self.gave if g.known <= as_of],
        )

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
    tree_on: date | None = None

    def day(self, measure: Measure) -> date:
        return self.tree_on or self.period.last_day(measure.calendar)

    def leaves(self, measure: Measure) -> list[str]:
        return self.world.leaves(self.root, self.unit, self.day(measure))


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
    return Figure(*told, len(pairs), heard, len(leaves), beside)


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


Pair = tuple[Fraction, Fraction | None]


@dataclass(frozen=True)
class Told:
    """What one unit (with those it took over) comes to: its sums, whose they are, who spoke when.

    `last` has one last month for each line of descent: all of them must have spoken.
    """

    pair: Pair
    sources: frozenset[tuple[str, date | None]]
    last: tuple[int, ...]

    def spoke_since(self, due: int) -> bool:
        return all(month >= due for month in self.last)


@dataclass(frozen=True)
class Line:
    """A unit back through those that gave way to it; a phase is (unit, day it ended or None)."""

    inner: Measure
    measure: Measure
    asked: Asked

    def endings(self) -> list[tuple[str, tuple[str, ...], date]]:
        day = self.asked.day(self.measure)
        found: dict[tuple[str, date], list[str]] = {}
        for g in self.asked.world.gave:
            if g.on <= day:
                found.setdefault((g.unit, g.on), []).extend(g.heirs)
        return [(unit, tuple(heirs), on) for (unit, on), heirs in found.items()]

    def dead(self) -> set[str]:
        ended = self.endings()
        return {u for u, _, _ in ended} - {u for u, heirs, _ in ended if u in heirs}

    def start(self, unit: str, end: date | None) -> date | None:
        days = [on for gone, heirs, on in self.endings() if unit in (gone, *heirs)]
        return max((d for d in days if end is None or d < end), default=None)

    def before(self, unit: str, end: date | None) -> list[tuple[str, date]]:
        start = self.start(unit, end)
        if start is None:
            return []
        there = [(g, heirs) for g, heirs, on in self.endings() if on == start]
        found = [(g, start) for g, heirs in there if heirs == (unit,)]
        if unit not in [g for g, _ in there]:
            found.append((unit, start))
        return [p for p in found if self.matters(*p)]

    def finals(self, unit: str, start: date) -> set[str]:
        """The living units that a phase beginning on a day leads to."""
        later = [on for g, hs, on in self.endings() if unit in (g, *hs) and on > start]
        if not later:
            return {unit}
        end = min(later)
        after = [h for g, hs, on in self.endings() if g == unit and on == end for h in hs]
        gone = any(g == unit and on == end for g, _, on in self.endings())
        return set().union(*(self.finals(h, end) for h in (after if gone else [unit])))

    def spoke_after(self, unit: str, start: date) -> bool:
        """Whether a phase beginning on a day, or any it leads to, told the stock itself."""
        later = [on for g, hs, on in self.endings() if unit in (g, *hs) and on > start]
        end = min(later, default=None)
        if self.inner.over == "latest" and self._own(unit, end, ()) is not None:
            return True
        if end is None:
            return False
        after = [h for g, hs, on in self.endings() if g == unit and on == end for h in hs]
        gone = any(g == unit and on == end for g, _, on in self.endings())
        return any(self.spoke_after(h, end) for h in (after if gone else [unit]))

    def owed(self, unit: str, end: date | None) -> bool:
        last = end - timedelta(days=1) if end else self.asked.day(self.measure)
        return any(
            h.unit == unit and h.what == self.asked.root and h.on(last)
            for h in self.asked.world.owed
        )

    def matters(self, unit: str, end: date | None) -> bool:
        return self.owed(unit, end) or bool(self.before(unit, end))

    def told(
        self, unit: str, end: date | None, spans: tuple[tuple[int, int], ...] = ()
    ) -> Told | None:
        """What the phase and those before it come to. `spans`: months later phases told whole."""
        if self.inner.over == "latest":
            found = self._stock(unit, end)
            single = self.measure.kind == "level" or self.inner.kind == "milestone"
            return None if found and single and len(found.sources) > 1 else found
        return self._flow(unit, end, spans)

    def _own(self, unit: str, end: date | None, spans: tuple[tuple[int, int], ...]) -> Any:
        if not self.owed(unit, end):
            return None
        life = (self.start(unit, end), end)
        return _leaf(self.inner, self.asked, unit, life, spans)

    def _stock(self, unit: str, end: date | None) -> Told | None:
        own = self._own(unit, end, ())
        if own is not None:
            return Told(own[0], frozenset({(unit, end)}), (own[1],))
        earlier = [self._stock(*p) for p in self.before(unit, end)]
        if not earlier or None in earlier:
            return None
        return _together([t for t in earlier if t])

    def _flow(self, unit: str, end: date | None, spans: tuple[tuple[int, int], ...]) -> Told | None:
        own = self._own(unit, end, spans)
        within = (*spans, *(own[2] if own else ()))
        befores = self.before(unit, end)
        earlier = [self._flow(*p, within) for p in befores]
        last = [m for t in earlier for m in (t.last if t else (0,))]
        mine = [own[1]] if own else []
        months = tuple(max([m, *mine]) for m in last) if last else tuple(mine)
        whole = [t for t in earlier if t]
        if own:
            whole.append(Told(own[0], frozenset({(unit, end)}), ()))
        if not whole:
            return None
        return Told(_together(whole).pair, frozenset(), months)


def _together(told: list[Told]) -> Told:
    pairs = [t.pair for t in told]
    above = sum((p[0] for p in pairs), Fraction(0))
    below = [p[1] for p in pairs if p[1] is not None]
    return Told(
        (above, sum(below, Fraction(0)) if below else None),
        frozenset().union(*(t.sources for t in told)),
        tuple(m for t in told for m in t.last),
    )


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


Life = tuple[date | None, date | None]


def _in_life(life: Life, period: Period, measure: Measure) -> bool:
    last = period.last_day(measure.calendar)
    return (life[0] is None or life[0] <= last) and (life[1] is None or last < life[1])


def _leaf(  # noqa: C901 – all of the rule in one place
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
    if measure.kind == "milestone":
        until = bottoms[0][0] if bottoms and bottoms[0] else None
        return (tops[0][0], until), tops[0][1]
    if None in bottoms:
        return None
    above_sum = sum((n for n, _ in tops), Fraction(0))
    below_sum = sum((n for n, _ in bottoms), Fraction(0))
    if measure.weighted:
        above_sum = above_sum / 100 * below_sum
    return (above_sum, below_sum), min(end for _, end in (*tops, *bottoms))
