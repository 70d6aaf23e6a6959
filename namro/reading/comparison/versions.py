"""Two versions of one plan: what was added, dropped, weakened, postponed (so sánh hai bản)."""

from __future__ import annotations

from collections.abc import Iterable

from namro.reading.comparison.differences import between
from namro.reading.comparison.findings import (
    OF_EFFECT,
    Change,
    Comparison,
    Difference,
    Item,
    Line,
    items_of,
)
from namro.reading.comparison.likeness import (
    confidence,
    confidence_of_none,
    likeness,
    matched,
    ranked,
)
from namro.reading.plan import ReadPlan

FLOOR = 0.5  # below it two items are two things
_SHOWN = 0.3  # candidates a person may want to choose from


def compare_versions(old: ReadPlan, new: ReadPlan) -> Comparison:
    """Each target and task of both versions, once: in both, or in one only.

    Lines stand in the order of the old version; what was added stands where it is in the new.
    """
    was, now = items_of(old), items_of(new)
    scores = likeness(was, now)
    pairs = dict(matched(scores, FLOOR))
    lines: list[Line] = []
    for i, item in enumerate(was):
        nearest = ranked(scores[i], now, _SHOWN)
        if i in pairs:
            sure = confidence(scores, i, pairs[i], FLOOR)
            lines.append(judge_versions(item, now[pairs[i]], sure, nearest))
        else:
            sure = confidence_of_none(scores[i], FLOOR)
            lines.append(Line((Change.DROPPED,), item, None, (), sure, nearest))
    taken = set(pairs.values())
    for j, item in enumerate(now):
        if j not in taken:
            sure = confidence_of_none(scores[:, j], FLOOR)
            nearest = ranked(scores[:, j], was, _SHOWN)
            _insert(lines, Line((Change.ADDED,), None, item, (), sure, nearest))
    return Comparison(old, new, tuple(lines))


def _insert(lines: list[Line], added: Line) -> None:
    """After the line of the item before it in the new version, else at the head of its kind."""
    assert added.new is not None
    kind, number = added.new.kind, added.new.number
    at = next((n for n, line in enumerate(lines) if _kind(line) == kind), None)
    if at is None:  # no such kind yet: targets stand first
        at = 0 if kind == "target" else len(lines)
    for n, line in enumerate(lines):
        if line.new and line.new.kind == kind and line.new.number < number:
            at = n + 1
    lines.insert(at, added)


def _kind(line: Line) -> str:
    item = line.old or line.new
    return item.kind if item else ""


def judge_versions(
    old: Item,
    new: Item,
    sure: float = 1.0,
    candidates: Iterable[object] = (),
) -> Line:
    """The line of a pair: its differences and what they come to. Also for a pair a person chose."""
    differences = between(old, new)
    changes = changes_of(differences)
    return Line(changes, old, new, differences, sure, tuple(candidates))  # type: ignore[arg-type]


def changes_of(differences: Iterable[Difference]) -> tuple[Change, ...]:
    """What a pair's differences come to, the gravest first; new words alone are a rewording."""
    said = {OF_EFFECT[d.effect] for d in differences if d.effect in OF_EFFECT}
    weighty = said - {Change.REWORDED}
    found = weighty or said or {Change.UNCHANGED}
    return tuple(c for c in Change if c in found)
