"""Thousands of figures judged at once: what `columns.Judge` does for a row, for runs of them.

The same whole numbers, held against the same products; what does not fit into 64 bits, or is not
usual (nothing to divide by, below nought, more digits needed), goes to the judge of its column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from namro.terms import Standing
from namro.web.facts.packed import Run, Whole
from namro.web.facts.queries import FigureRow
from namro.web.frame.exact import SCALE
from namro.web.results.columns import UNHEARD, UNUSUAL, Judge, Seen
from namro.web.results.rules import DRAWN

_LIMIT = float(1 << 61)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The rows of one column, judged.

    `keys`: what is shown of each (see `Judge.of_key`). `above` ÷ `below`: the value, only where the
    row `is_usual`.
    """

    judge: Judge
    run: Run
    keys: Whole
    above: Whole
    below: Whole
    is_usual: np.ndarray

    def seen(self, order: Whole | None = None) -> list[Seen]:
        """What a page shows of the rows, in their order or in another."""
        keys = (self.keys if order is None else self.keys[order]).tolist()
        found = [*map(self.judge.seens.get, keys)]
        if not all(found):
            for n, told in enumerate(found):
                if told is None and keys[n] == UNUSUAL:
                    found[n] = self.judge.seen(self.row(n if order is None else int(order[n])))
                elif told is None:
                    found[n] = self.judge.of_key(keys[n])
        return found  # type: ignore[return-value]

    def row(self, number: int) -> FigureRow:
        """A row by itself; its period and term are the column's."""
        unit, *told = (int(column[number]) for column in self.run)
        return (unit, "", "", *told)  # type: ignore[return-value]

    def drawn(self) -> Whole:
        """What is drawn of each usual row (see `columns.drawer`)."""
        return (2 * self.above * DRAWN + self.below) // (2 * self.below)


def weigh(asked: Sequence[tuple[Judge, Run]]) -> list[Weighed]:
    """The rows of some columns, each judged by its own judge (who must have a `mark`)."""
    sizes = [len(run.units) for _, run in asked]
    run = Run(*map(np.concatenate, zip(*(run for _, run in asked), strict=True)))
    marks = np.array([judge.mark for judge, _ in asked], np.int64).T.repeat(sizes, axis=1)
    keys, *told = _judged(run, marks)
    ends = np.cumsum(sizes)
    return [
        Weighed(judge, own, keys[b:e], *(column[b:e] for column in told))
        for (judge, own), b, e in zip(asked, ends - sizes, ends, strict=True)
    ]


def _judged(run: Run, marks: np.ndarray) -> tuple[Whole, Whole, Whole, np.ndarray]:
    """Keys, above, below, whether usual."""
    scale, is_share, tens, sign, goal, of, least, *due, short, most_above, most_below = marks
    below = np.where(is_share, run.expected * SCALE, run.denominator)
    is_heard = run.counted > 0
    is_usual = is_heard & (run.numerator >= 0) & (below > 0)
    is_usual &= run.numerator.astype(np.float64) * scale * most_above < _LIMIT
    is_usual &= below.astype(np.float64) * most_below < _LIMIT
    above = np.where(is_usual, run.numerator, 0) * scale
    below = np.where(is_usual, below, 1)
    whole = (2 * above * tens + below) // (2 * below)
    is_reached = sign * (above * of - goal * below) >= least
    seems = sign * (whole * of - goal * tens) >= least
    is_good = (due[1] > 0) & (above * due[1] >= due[0] * below)
    code = np.where(is_reached, 0, np.where(is_good, 1, short))
    keys = np.where(is_usual & (seems == is_reached), whole * len(Standing) + code, UNUSUAL)
    return np.where(is_heard, keys, UNHEARD), above, below, is_usual
