"""Ruling lines → the cells of tables, for drawn lines (PDF) and lines found in pictures alike.

Lines are in PDF points, top-left origin. A cell that lines do not part spans rows or columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from namro.reading.blocks import Box

NEAR = 3.0
MAX_LINES = 4000
_COVERED = 0.6


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: `at` is its y (level) or x (upright), from `start` to `end`."""

    at: float
    start: float
    end: float
    level: bool


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: first row and column, how many of each it spans, and its box."""

    row: int
    column: int
    down: int
    across: int
    box: Box


@dataclass(frozen=True)
class Grid:
    """A ruled table: its box, its cells from the top left, how many columns it has."""

    box: Box
    cells: tuple[GridCell, ...]
    columns: int


def grids_of(rules: Iterable[Rule], near: float = NEAR) -> list[Grid]:
    """The tables that the lines draw, top to bottom. A lone frame or underline is none."""
    drawn = list(rules)
    level = _merged([rule for rule in drawn if rule.level], near)
    upright = _merged([rule for rule in drawn if not rule.level], near)
    if len(level) + len(upright) > MAX_LINES:
        return []
    grids = []
    for rows, columns in _connected(level, upright, near):
        grid = _grid(rows, columns, near)
        if grid and grid.columns >= 2:
            grids.append(grid)
    return sorted(grids, key=lambda grid: grid.box[1])


def _merged(rules: Sequence[Rule], near: float) -> list[Rule]:
    """Stretches of one line made one line."""
    out: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (round(r.at / near), r.start)):
        for i in range(len(out) - 1, max(-1, len(out) - 12), -1):
            before = out[i]
            if abs(before.at - rule.at) <= near * 0.7 and rule.start <= before.end + near:
                if rule.end + near >= before.start:
                    start, end = min(before.start, rule.start), max(before.end, rule.end)
                    out[i] = Rule(before.at, start, end, rule.level)
                    break
        else:
            out.append(rule)
    return [rule for rule in out if rule.end - rule.start > 2 * near]


def _crosses(level: Rule, upright: Rule, near: float) -> bool:
    return (
        level.start - near <= upright.at <= level.end + near
        and upright.start - near <= level.at <= upright.end + near
    )


def _connected(
    level: Sequence[Rule], upright: Sequence[Rule], near: float
) -> list[tuple[list[Rule], list[Rule]]]:
    """Lines that touch, in groups: each may be a table."""
    rules = [*level, *upright]
    group = list(range(len(rules)))

    def head(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for i, row in enumerate(level):
        for j, column in enumerate(upright, start=len(level)):
            if _crosses(row, column, near):
                group[head(i)] = head(j)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(rules):
        rows, columns = found.setdefault(head(i), ([], []))
        (rows if rule.level else columns).append(rule)
    return [pair for pair in found.values() if len(pair[0]) >= 2 and pair[1]]


def _edges(places: Iterable[float], outer: Iterable[float], near: float) -> list[float]:
    """Distinct places of lines; the outer ends where no line closes the table there."""
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > 1.5 * near:
            edges.append(place)
    for place in outer:
        if all(abs(place - edge) > 4 * near for edge in edges):
            edges.append(place)
    return sorted(edges)


def _grid(rows: Sequence[Rule], columns: Sequence[Rule], near: float) -> Grid | None:
    sides = min(r.start for r in rows), max(r.end for r in rows)
    xs = _edges((c.at for c in columns), sides, near)
    ys = _edges((r.at for r in rows), (), near)
    if len(xs) < 3 or len(ys) < 2:
        return None
    whole = (xs[0], ys[0], xs[-1], ys[-1])
    return Grid(whole, tuple(_cells(rows, columns, xs, ys, near)), len(xs) - 1)


def _cells(
    rows: Sequence[Rule],
    columns: Sequence[Rule],
    xs: Sequence[float],
    ys: Sequence[float],
    near: float,
) -> list[GridCell]:
    """Base cells joined where no line parts them, each group one cell."""
    wide = len(xs) - 1
    count = wide * (len(ys) - 1)
    group = list(range(count))

    def head(i: int) -> int:
        while group[i] != i:
            i = group[i]
        return i

    for i, (top, bottom) in enumerate(pairwise(ys)):
        for j, (left, right) in enumerate(pairwise(xs)):
            here = i * wide + j
            if j and not _drawn(columns, left, top, bottom, near):
                group[head(here)] = head(here - 1)
            if i and not _drawn(rows, top, left, right, near):
                group[head(here)] = head(here - wide)
    found: dict[int, list[int]] = {}
    for here in range(count):
        found.setdefault(head(here), []).append(here)
    return sorted(
        (_cell([divmod(h, wide) for h in members], xs, ys) for members in found.values()),
        key=lambda cell: (cell.row, cell.column),
    )


def _cell(members: Sequence[tuple[int, int]], xs: Sequence[float], ys: Sequence[float]) -> GridCell:
    top, left = min(m[0] for m in members), min(m[1] for m in members)
    bottom, right = max(m[0] for m in members), max(m[1] for m in members)
    box = (xs[left], ys[top], xs[right + 1], ys[bottom + 1])
    return GridCell(top, left, bottom - top + 1, right - left + 1, box)


def _drawn(rules: Sequence[Rule], at: float, start: float, end: float, near: float) -> bool:
    """Whether a line stands at `at` along most of the way from `start` to `end`."""
    covered, reached = 0.0, start
    here = (rule for rule in rules if abs(rule.at - at) <= 1.5 * near)
    for rule in sorted(here, key=lambda rule: rule.start):
        covered += max(0.0, min(end, rule.end) - max(reached, rule.start))
        reached = max(reached, rule.end)
    return covered >= _COVERED * (end - start)
