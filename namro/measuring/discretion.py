"""Small cells among their neighbours: what is not published cannot be reckoned from what is.

A hidden unit could be found by taking its sisters from the sum above them. So another one is hidden
with it: the smallest sister, and where there is none the sum itself; then what that in turn would
tell. All sums are those of a tree of families (a unit and those directly beneath it): as long as
no family has exactly one hidden member, no hidden count follows from the shown ones.

The hidden sisters' own sum can be found too. So it must not itself be small, nor nought or whole
where the family's sum is not: else each of them would be known.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from namro.measuring.assembly import Result, is_small
from namro.measuring.kinds import Measure

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


def withheld(
    measure: Measure, results: Mapping[str, Result], families: Iterable[Family]
) -> dict[str, Result]:
    """The results as they may be published: unit → result, `hidden` where one is kept back.

    `results`: those of `bare(measure)` at all units, for one period; `families`: the whole tree.
    """
    tree = [(above, sorted(set(beneath))) for above, beneath in families]
    hidden = {}
    for kept in _keeping(measure):
        counts = {
            unit: found
            for unit, result in results.items()
            if (found := _counts(result, kept.slug)) is not None
        }
        assert kept.small_below is not None
        hidden[kept.slug] = hidden_units(counts, kept.small_below, tree)
    return {unit: _published(result, measure, hidden) for unit, result in results.items()}


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


def hidden_units(counts: Mapping[str, Counts], least: int, families: Sequence[Family]) -> set[str]:
    """The units whose counts are kept back: the small ones, and those that would tell them.

    Deterministic: of several that would do, the one with the smallest counts, then the first code.
    """
    hidden = {unit for unit, (above, below) in counts.items() if is_small(above, below, least)}
    kins = [_Kin(above, [u for u in kin if u in counts]) for above, kin in families]
    of_unit: dict[str, list[_Kin]] = defaultdict(list)
    for kin in kins:
        for unit in (kin.above, *kin.beneath):
            of_unit[unit].append(kin)
    open_ = deque(kins)
    while open_:
        kin = open_[0]
        told = kin.telling(counts, least, hidden)
        if told is None:
            open_.popleft()
            continue
        hidden.add(told)
        open_.extend(of_unit[told])
    return hidden


@dataclass(frozen=True)
class _Kin:
    above: str
    beneath: list[str]

    def telling(self, counts: Mapping[str, Counts], least: int, hidden: set[str]) -> str | None:
        """The next unit of the family to be hidden, if one must be."""
        if self.above not in counts or not self.beneath:
            return None
        kept = [unit for unit in self.beneath if unit in hidden]
        shown = [unit for unit in self.beneath if unit not in hidden]
        first = min(shown, key=lambda u: (counts[u][1], counts[u][0], u)) if shown else None
        if self.above in hidden:
            return None if kept else first
        if len(kept) == 1 or (kept and self._tells(kept, counts, least)):
            return first or self.above
        return None

    def _tells(self, kept: list[str], counts: Mapping[str, Counts], least: int) -> bool:
        """Whether the sum of those kept back says too much of each of them."""
        above, below = counts[self.above]
        hidden_above = sum((counts[u][0] for u in kept), Decimal(0))
        hidden_below = sum((counts[u][1] for u in kept), Decimal(0))
        if is_small(hidden_above, hidden_below, least):
            return len(kept) < len(self.beneath)
        rest = (hidden_above, hidden_below - hidden_above)
        return any(
            not part and whole for part, whole in zip(rest, (above, below - above), strict=True)
        )
