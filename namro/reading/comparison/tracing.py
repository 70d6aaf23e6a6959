"""A plan against its superior's: covered, weaker, later, missing, extra (đối chiếu cấp trên)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from namro.reading.comparison.concern import concerns
from namro.reading.comparison.differences import between
from namro.reading.comparison.findings import (
    Candidate,
    Coverage,
    Difference,
    Effect,
    Item,
    Trace,
    Traced,
    items_of,
)
from namro.reading.comparison.levels import level_of, weigh
from namro.reading.comparison.likeness import (
    Scores,
    confidence,
    confidence_of_none,
    likeness,
    matched,
    ranked,
)
from namro.reading.plan import ReadPlan, ReadTarget

FLOOR = 0.4  # below it nothing answers the superior's item
_STRONG = 0.55  # enough to say that an item not meant for this level is carried out all the same
_TWINS = 0.93  # one item written twice in a document, in its body and its appendix
_SHOWN = 0.22


def trace(superior: ReadPlan, plan: ReadPlan) -> Trace:
    """The traceability table: each target and task of the superior's, then what is extra.

    Links are proposals with candidates and a confidence: a person confirms them.
    """
    above, below = items_of(superior), items_of(plan)
    scores = likeness(above, below, loose=True)
    tops, subs = _twins(above), _twins(below)
    links = _links(above, below, scores, tops, subs)
    once = _said_once(scores, tops, subs)
    lines = []
    for i, item in enumerate(above):
        nearest = ranked(scores[i], below, _SHOWN)
        j = links.get(i)
        if j is not None and (concerns(item, plan) or scores[i, j] >= _STRONG):
            sure = confidence(once, tops[i], j, FLOOR)
            due = plan.document.valid_to
            lines.append(judge_trace(item, below[j], due, sure, nearest))
        else:
            coverage = Coverage.MISSING if concerns(item, plan) else Coverage.ELSEWHERE
            sure = confidence_of_none(scores[i], FLOOR)
            lines.append(Traced(coverage, item, None, (), sure, nearest))
    answered = {subs[links[i]] for i in links if lines[i].plan}
    lines += _extra(above, below, scores, {j for j, twin in enumerate(subs) if twin in answered})
    return Trace(superior, plan, tuple(lines))


def _extra(
    above: Sequence[Item], below: Sequence[Item], scores: Scores, answered: Collection[int]
) -> Iterator[Traced]:
    """What the plan asks and the superior does not."""
    for j, item in enumerate(below):
        if j not in answered:
            sure = confidence_of_none(scores[:, j], FLOOR)
            nearest = ranked(scores[:, j], above, _SHOWN)
            yield Traced(Coverage.EXTRA, None, item, (), sure, nearest)


def _said_once(scores: Scores, tops: Sequence[int], subs: Sequence[int]) -> Scores:
    """The likeness of what is said once: a twin is no rival of what it repeats."""
    once = scores.copy()
    once[[i for i, top in enumerate(tops) if top != i]] = 0
    once[:, [j for j, sub in enumerate(subs) if sub != j]] = 0
    return once


def _links(
    above: Sequence[Item],
    below: Sequence[Item],
    scores: Scores,
    tops: Sequence[int],
    subs: Sequence[int],
) -> dict[int, int]:
    """Superior's item → plan's item: one to one among what is said once; what is said twice
    follows its twin, and what is left may share an item that answers it just as well."""
    if not scores.size:
        return {}
    rows = [i for i in range(len(above)) if tops[i] == i]
    columns = [j for j in range(len(below)) if subs[j] == j]
    found = matched(scores[np.ix_(rows, columns)], FLOOR)
    links = {rows[i]: columns[j] for i, j in found}
    for i, top in enumerate(tops):
        if top in links:
            links.setdefault(i, links[top])
        elif (shared := _shared(above[i], below, scores[i])) is not None:
            links[i] = subs[shared]
    return links


def _shared(item: Item, below: Sequence[Item], row: Scores) -> int | None:
    """An item that answers another already, when it speaks of the same by the same day."""
    best = int(row.argmax())
    near = row[best] >= _STRONG + 0.1 and item.kind == below[best].kind
    same = not any(d.field == "deadline" for d in between(item, below[best], tracing=True))
    return best if near and same else None


def _twins(items: Sequence[Item]) -> list[int]:
    """For each item the first one that says the same; itself where it is the first."""
    scores = likeness(items, items)
    found: list[int] = []
    for i, item in enumerate(items):
        near = (j for j in range(i) if found[j] == j and scores[i, j] >= _TWINS)
        found.append(next((j for j in near if _same_level(item, items[j])), i))
    return found


def _same_level(one: Item, other: Item) -> bool:
    was, now = one.thing, other.thing
    if isinstance(was, ReadTarget) and isinstance(now, ReadTarget):
        equal = weigh(level_of(was), level_of(now)) is Effect.SAME
        named = {d for d in (was.deadline, now.deadline) if d}
        return equal and len(named) < 2
    return True


def judge_trace(
    superior: Item,
    plan: Item,
    due: str | None = None,
    sure: float = 1.0,
    candidates: Iterable[Candidate] = (),
) -> Traced:
    """The line of a link. `due`: the plan's own end. Also for a link a person chose."""
    differences = between(superior, plan, tracing=True, due=due)
    return Traced(
        coverage_of(superior, plan, differences),
        superior,
        plan,
        differences,
        sure,
        tuple(candidates),
    )


def coverage_of(superior: Item, plan: Item, differences: Iterable[Difference]) -> Coverage:
    """What a link's differences come to; a target answered by mere words is never covered."""
    effects = {d.effect for d in differences}
    if Effect.WEAKER in effects:
        return Coverage.WEAKER
    if Effect.LATER in effects:
        return Coverage.LATER
    if Effect.UNCLEAR in effects or superior.kind != plan.kind:
        return Coverage.UNCLEAR
    return Coverage.COVERED
