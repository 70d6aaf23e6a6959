"""Which item of one document answers which of the other: likeness, best matching, confidence.

Likeness mixes rare words shared (weighted by how few items hold them), words contained, and
letters (which forgive a slip of the keyboard or of a scan). The matching is the one-to-one
assignment of the greatest total, so that one near twin does not take the place of another.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from namro.reading.comparison.findings import Candidate, Item
from namro.reading.comparison.levels import level_of
from namro.reading.comparison.wording import topic
from namro.reading.plan import ReadTarget

Scores = NDArray[np.float64]

_CANDIDATES = 5
_SAME = 0.97


def likeness(old: Sequence[Item], new: Sequence[Item], *, loose: bool = False) -> Scores:
    """How alike each old item is to each new one, 0…1, as a matrix old × new.

    `loose`: two documents of different hands, where words are contained rather than repeated and
    a target may be answered by a task; else versions of one document, kinds kept apart.
    """
    if not old or not new:
        return np.zeros((len(old), len(new)))
    scores: Scores = _alike([_about(i) for i in old], [_about(i) for i in new], loose)
    if not loose:  # of two hands, the rest of a sentence says little
        quotes = _alike([topic(i.quote) for i in old], [topic(i.quote) for i in new], loose)
        scores = 0.75 * scores + 0.25 * quotes
    kind = _equal([i.kind for i in old], [i.kind for i in new])
    scores *= np.where(kind, 1.0, 0.85 if loose else 0.0)
    scores *= 1 - 0.12 * _units_differ(old, new)
    scores += 0.04 * _equal([_figure(i) for i in old], [_figure(i) for i in new])
    scores += 0.03 * _equal([_deadline(i) for i in old], [_deadline(i) for i in new])
    scores += 0.002 * (1 - np.abs(np.subtract.outer(_places(old), _places(new))))
    rounded: Scores = np.round(np.clip(scores / 1.072, 0, 1), 6).astype(np.float64)
    return rounded


def _about(item: Item) -> list[str]:
    return topic(item.words if item.kind == "target" else item.quote)


def _places(items: Sequence[Item]) -> Scores:
    return np.arange(len(items)) / len(items)


def _alike(old: Sequence[list[str]], new: Sequence[list[str]], loose: bool) -> Scores:
    shared, was, now = _weights(old, new)
    letters = process.cdist(
        [" ".join(sorted(t)) for t in old],
        [" ".join(sorted(t)) for t in new],
        scorer=fuzz.ratio,
        dtype=np.float64,
    )
    both = np.sqrt(np.outer(was, now))
    common = np.divide(shared, both, out=np.zeros_like(shared), where=both > 0)
    if not loose:
        return 0.5 * common + 0.5 * letters / 100
    least = np.minimum.outer(was, now)
    inside = np.divide(shared, least, out=np.zeros_like(shared), where=least > 0)
    usual = float(np.median(np.concatenate([was, now]))) or 1.0
    inside *= np.clip(least / (0.3 * usual), 0, 1)  # two words are soon contained
    return 0.45 * common + 0.35 * inside + 0.2 * letters / 100


def _weights(old: Sequence[list[str]], new: Sequence[list[str]]) -> tuple[Scores, Scores, Scores]:
    """Weight shared by each pair, and of each item alone: words, and pairs of words."""
    grams = [_grams(t) for t in (*old, *new)]
    index = {g: n for n, g in enumerate(sorted({g for gs in grams for g in gs}))}
    held = np.zeros((len(grams), len(index)))
    for row, found in enumerate(grams):
        held[row, [index[g] for g in found]] = 1
    rare = np.log((len(grams) + 1) / held.sum(axis=0)) if index else np.zeros(0)
    weighted = held * rare
    total = weighted.sum(axis=1)
    cut = len(old)
    return weighted[:cut] @ held[cut:].T, total[:cut], total[cut:]


def _grams(words: list[str]) -> set[str]:
    return {*words, *(f"{a} {b}" for a, b in pairwise(words))}


def _equal(old: Sequence[Hashable], new: Sequence[Hashable]) -> NDArray[Any]:
    """Where both sides say the same; None says nothing."""
    codes: dict[Hashable, int] = {}
    was, now = (
        np.array([-1 if v is None else codes.setdefault(v, len(codes)) for v in side])
        for side in (old, new)
    )
    same: NDArray[Any] = np.equal.outer(was, now) & np.greater_equal.outer(was, np.zeros(len(now)))
    return same


def _figure(item: Item) -> Hashable:
    level = level_of(item.thing) if isinstance(item.thing, ReadTarget) else None
    return (level.value, level.unit) if level else None


def _deadline(item: Item) -> Hashable:
    thing = item.thing
    return thing.deadline if isinstance(thing, ReadTarget) else thing.deadline_iso


def _units_differ(old: Sequence[Item], new: Sequence[Item]) -> NDArray[Any]:
    """Where one counts in per cent and the other in something else."""
    was, now = (np.array([_share(i) for i in side]) for side in (old, new))
    apart: NDArray[Any] = np.equal.outer(was, -now) & np.not_equal.outer(was, np.zeros(len(now)))
    return apart


def _share(item: Item) -> int:
    level = level_of(item.thing) if isinstance(item.thing, ReadTarget) else None
    return 0 if level is None else 1 if level.unit.startswith("%") else -1


def matched(scores: Scores, floor: float) -> list[tuple[int, int]]:
    """The one-to-one pairs of the greatest total likeness, none below `floor`."""
    if not scores.size:
        return []
    # Half a second to load, which only a comparison should cost.
    from scipy.optimize import linear_sum_assignment

    gain = np.where(scores >= floor, scores, 0.0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if scores[i, j] >= floor]


def ranked(row: Scores, items: Sequence[Item], least: float) -> tuple[Candidate, ...]:
    """The likeliest items for one, best first, none below `least`."""
    order = sorted(range(len(items)), key=lambda j: (-row[j], j))[:_CANDIDATES]
    return tuple(Candidate(items[j], float(row[j])) for j in order if row[j] >= least)


def confidence(scores: Scores, i: int, j: int, floor: float) -> float:
    """How sure the link is, 0…1: how alike the two are, and how far the next best is behind."""
    score = float(scores[i, j])
    if score >= _SAME:  # word for word: a twin elsewhere does not make it doubtful
        return 1.0
    rivals = np.concatenate([np.delete(scores[i], j), np.delete(scores[:, j], i)])
    lead = score - float(rivals.max()) if rivals.size else score
    sure = 0.5 + 0.5 * min(1.0, max(0.0, (score - floor) / (0.85 - floor)))
    return sure * (0.75 if lead < 0.03 else 0.9 if lead < 0.1 else 1.0)


def confidence_of_none(row: Scores, floor: float) -> float:
    """How sure it is that nothing answers an item: the nearer the best one, the less."""
    best = float(row.max()) if row.size else 0.0
    return 1 - 0.6 * min(1.0, best / floor)
