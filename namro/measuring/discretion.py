"""Small cells among their neighbours: what is not published cannot be reckoned from what is.

A hidden unit could be found by taking its sisters from the sum above them. So another one is hidden
with it: the smallest sister, and where there is none the sum itself; then what that in turn would
tell. All sums are those of a tree of families (a unit and those directly beneath it): as long as
no family has exactly one hidden member, no hidden count follows from the shown ones.

The hidden sisters' own sum can be found too. So it must not itself be small, nor nought or whole
where the family's sum is not: else each of them would be known.

Periods are neighbours as well. Of a year to date, what two of them differ by is the count of the
months between: it is held to the same rules as a count, and the later of the two is kept back. Of
single periods, a longer one is kept back where one of its months is: else it would tell that month.
Another moment and another tree are held against the answer that everybody sees (`confined`).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from namro.measuring.assembly import Result, is_small
from namro.measuring.kinds import Element, Measure
from namro.terms import Period

Counts = tuple[Decimal, Decimal]
"""Numerator and denominator of one unit."""

Family = tuple[str, Sequence[str]]
"""A unit and those directly beneath it, by code."""


def is_discreet(measure: Measure) -> bool:
    """Whether the measure, or a part of it, keeps small counts to itself."""
    return any(True for _ in _keeping(measure))


def _keeping(measure: Measure) -> Iterator[Measure]:
    if measure.small_below is not None:
        yield measure
    for part in measure.parts:
        yield from _keeping(part.measure)


def bare(measure: Measure) -> Measure:
    """The measure without that: its results show all counts, for `withheld` and nobody else."""
    if not is_discreet(measure):
        return measure
    parts = tuple(replace(part, measure=bare(part.measure)) for part in measure.parts)
    return replace(measure, small_below=None, parts=parts)


Bare = Mapping[Period, Mapping[str, Result]]
"""The results of a bare measure at all units, by period and unit."""


def withheld(
    measure: Measure, results: Mapping[str, Result], families: Iterable[Family]
) -> dict[str, Result]:
    """The results as they may be published, of one period by itself: see `withheld_over`."""
    period = next((result.period for result in results.values()), Period(0, 1))
    tree = list(families)
    return withheld_over(measure, {period: results}, [period], lambda _: tree)[period]


def withheld_over(
    measure: Measure,
    results: Bare,
    periods: Collection[Period],
    families: Callable[[Period], Iterable[Family]],
) -> dict[Period, dict[str, Result]]:
    """The results as they may be published: unit → result, `hidden` where one is kept back.

    `results`: those of `bare(measure)` at all units, for the periods asked and all that `beside`
    names with them; `families`: the whole tree of a period.
    """
    hiding = [_Hiding(kept, results, families) for kept in _keeping(measure)]
    found = {}
    for period in periods:
        hidden = {of.kept.slug: of.hidden(period) for of in hiding}
        told = results.get(period, {})
        found[period] = {u: _published(result, measure, hidden) for u, result in told.items()}
    return found


def beside(measure: Measure, period: Period) -> set[Period]:
    """The other periods that decide what of one is kept back: of a year to date the months before
    its last, of single periods the months of a longer one."""
    found: set[Period] = set()
    for kept in _keeping(measure):
        found.update(_earlier(kept, period), _within(kept, period))
    return found


def _earlier(measure: Measure, period: Period) -> list[Period]:
    if measure.over != "year_to_date":
        return []
    last = period.last_month
    return [Period(first, 1) for first in range(last.year * 12, last.first)]


def _within(measure: Measure, period: Period) -> list[Period]:
    return list(period.months()) if measure.over == "period" and period.length > 1 else []


class _Hiding:
    """What of one measure is kept back, period by period; each is worked out once."""

    def __init__(
        self, kept: Measure, results: Bare, families: Callable[[Period], Iterable[Family]]
    ) -> None:
        self.kept, self._results, self._families = kept, results, families
        self._found: dict[Period, set[str]] = {}

    def hidden(self, period: Period) -> set[str]:
        if period not in self._found:
            self._found[period] = self._work_out(period)
        return self._found[period]

    def _work_out(self, period: Period) -> set[str]:
        assert self.kept.small_below is not None
        tree = [(above, sorted(set(kin))) for above, kin in self._families(period)]
        before = [(self._counts(p), self.hidden(p)) for p in _earlier(self.kept, period)]
        months = set().union(*(self.hidden(p) for p in _within(self.kept, period)))
        return hidden_units(self._counts(period), self.kept.small_below, tree, before, months)

    def _counts(self, period: Period) -> dict[str, Counts]:
        return {
            unit: found
            for unit, result in self._results.get(period, {}).items()
            if (found := _counts(result, self.kept.slug)) is not None
        }


def confined(results: Mapping[str, Result], seen: Mapping[str, Result]) -> dict[str, Result]:
    """Results asked in another way (as of a moment past, under another tree), of which only that
    is told which stands in the answer that everybody sees: nothing new can be reckoned from them.

    `results`: of the bare measure; `seen`: what is published of the same period.
    """
    found = {}
    for unit, result in results.items():
        now = seen.get(unit)
        is_told = now is not None and not now.hidden and _told(now) == _told(result)
        nothing = result.numerator is None and result.value is None and not result.parts
        found[unit] = result if nothing or is_told else _kept_back(result)
    return found


def _told(result: Result) -> tuple[object, ...]:
    parts = tuple(_told(part) for part in result.parts)
    return result.hidden, result.numerator, result.denominator, result.value, parts


def _kept_back(result: Result) -> Result:
    return replace(result, parts=tuple(map(_kept_back, result.parts))).kept_back()


def discreet_elements(measures: Iterable[Measure]) -> set[str]:
    """The elements whose values some measure keeps back where they are small."""
    kept = (one for measure in measures for one in _keeping(measure))
    sources = (source for one in kept for source in (one.numerator, one.denominator))
    items = (item for source in sources if source for item in source.items)
    return {item.slug for item in items if isinstance(item, Element)}


def _counts(result: Result, slug: str) -> Counts | None:
    """What a measure, or a part of it, counted at a unit; None where it counted nothing."""
    if result.measure == slug:
        if result.numerator is None or result.denominator is None:
            return None
        return (result.numerator, result.denominator) if result.denominator else None
    found = (_counts(part, slug) for part in result.parts)
    return next((counts for counts in found if counts is not None), None)


def _published(result: Result, measure: Measure, hidden: Mapping[str, set[str]]) -> Result:
    measures = {part.measure.slug: part.measure for part in measure.parts}
    parts = tuple(
        _published(part, measures[part.measure], hidden) if part.measure in measures else part
        for part in result.parts
    )
    told = replace(result, parts=parts, definition=measure)
    if result.unit in hidden.get(result.measure, ()):
        return told.kept_back()
    return told.kept_back() if measure.parts and any(p.hidden for p in parts) else told


def hidden_units(
    counts: Mapping[str, Counts],
    least: int,
    families: Sequence[Family],
    before: Iterable[tuple[Mapping[str, Counts], Collection[str]]] = (),
    also: Collection[str] = (),
) -> set[str]:
    """The units whose counts are kept back: the small ones, and those that would tell them.

    `before`: of earlier sums that these go on from, the counts and who is kept back there; what
    was added since must not be told either. `also`: units kept back for another reason.
    Deterministic: of several that would do, the one with the smallest counts, then the first code.
    """
    tables = [_Table(counts, set()), *(_added(counts, b, set(h)) for b, h in before)]
    hidden = {u for t in tables for u in t.small(least)} | {u for u in also if u in counts}
    kins = [_Kin(above, [u for u in kin if u in counts]) for above, kin in families]
    of_unit: dict[str, list[_Kin]] = defaultdict(list)
    for kin in kins:
        for unit in (kin.above, *kin.beneath):
            of_unit[unit].append(kin)
    open_ = deque(kins)
    while open_:
        kin = open_[0]
        asked = (kin.telling(t, least, hidden | t.hidden) for t in tables)
        told = next((unit for unit in asked if unit is not None), None)
        if told is None:
            open_.popleft()
            continue
        hidden.add(told)
        open_.extend(of_unit[told])
    return hidden


@dataclass(frozen=True)
class _Table:
    """Counts that can be reckoned wherever neither of two published sums is kept back."""

    counts: Mapping[str, Counts]
    hidden: set[str]
    is_added: bool = False

    def small(self, least: int) -> Iterator[str]:
        for unit, (above, below) in self.counts.items():
            if unit not in self.hidden and is_small(above, below, least):
                yield unit


def _added(counts: Mapping[str, Counts], before: Mapping[str, Counts], hidden: set[str]) -> _Table:
    """What was added at each unit since an earlier sum, or taken away: of that, how much."""
    nothing = (Decimal(0), Decimal(0))
    found = {}
    for unit, (above, below) in counts.items():
        above_then, below_then = before.get(unit, nothing)
        rest = (below - above) - (below_then - above_then)
        more = abs(above - above_then)
        found[unit] = (more, more + abs(rest))
    return _Table(found, hidden, is_added=True)


@dataclass(frozen=True)
class _Kin:
    above: str
    beneath: list[str]

    def telling(self, table: _Table, least: int, hidden: set[str]) -> str | None:
        """The next unit of the family to be hidden, if one must be."""
        counts = table.counts
        if self.above not in counts or not self.beneath:
            return None
        kept = [unit for unit in self.beneath if unit in hidden]
        shown = [unit for unit in self.beneath if unit not in hidden]
        first = min(shown, key=lambda u: (counts[u][1], counts[u][0], u)) if shown else None
        if self.above in hidden:
            return None if kept else first
        if len(kept) == 1 or (kept and self._tells(kept, table, least)):
            return first or self.above
        return None

    def _tells(self, kept: list[str], table: _Table, least: int) -> bool:
        """Whether the sum of those kept back says too much of each of them."""
        counts = table.counts
        above, below = counts[self.above]
        hidden_above = sum((counts[u][0] for u in kept), Decimal(0))
        hidden_below = sum((counts[u][1] for u in kept), Decimal(0))
        if is_small(hidden_above, hidden_below, least):
            return len(kept) < len(self.beneath)
        if table.is_added:  # that nothing came to any of them tells of nobody
            return False
        rest = (hidden_above, hidden_below - hidden_above)
        return any(
            not part and whole for part, whole in zip(rest, (above, below - above), strict=True)
        )
