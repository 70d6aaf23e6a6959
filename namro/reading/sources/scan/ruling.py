"""The ruling lines of a picture: found as long straight runs of ink, and painted over.

What is left of a line would be read as "|" and "_", and letters that touch it would be misread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from namro.reading.sources.grids import Grid, Rule, grids_of
from namro.reading.sources.scan.cleaning import ink_of, paper_of

_LEVEL_INCHES, _UPRIGHT_INCHES = 0.5, 0.2  # a row of one line is a quarter of an inch
_FILLED = 0.92
_PARTS = 4
_MAX_LINES = 600


def grids_in(grey: Any, dpi: float) -> tuple[list[Grid], list[Rule]]:
    """The tables of a straight picture and its lines, in pixels."""
    import numpy as np

    ink = ink_of(grey)
    lines = [
        *(Rule(at, a, b, True) for at, a, b in _lines(ink, round(_LEVEL_INCHES * dpi))),
        *(
            Rule(at, a, b, False)
            for at, a, b in _lines(np.ascontiguousarray(ink.T), round(_UPRIGHT_INCHES * dpi))
        ),
    ]
    return grids_of(lines, near=dpi / 24), lines


def without_lines(grey: Any, lines: Sequence[Rule], dpi: float) -> Any:
    """The picture with its lines painted over in the colour of the paper."""
    from PIL import ImageDraw

    out = grey.copy()
    draw, paper, half = ImageDraw.Draw(out), paper_of(grey), max(2, round(dpi / 70))
    for line in lines:
        low, high = round(line.at) - half, round(line.at) + half
        start, end = round(line.start) - half, round(line.end) + half
        box = (start, low, end, high) if line.level else (low, start, high, end)
        draw.rectangle(box, fill=paper)
    return out


def _lines(ink: Any, length: int) -> list[tuple[float, float, float]]:
    """Where, from and to of each level line at least `length` long."""
    near = ink.copy()
    near[1:] |= ink[:-1]
    near[:-1] |= ink[1:]
    found: list[tuple[float, float, float]] = []
    open_lines: list[list[float]] = []  # first row, last row, start, end
    for row, start, end in _runs(near, length):
        for line in reversed(open_lines[-200:]):
            if row - line[1] <= 2 and start <= line[3] + 3 and end >= line[2] - 3:
                line[1], line[2], line[3] = row, min(line[2], start), max(line[3], end)
                break
        else:
            open_lines.append([row, row, start, end])
    for top, bottom, left, right in open_lines[:_MAX_LINES]:
        if bottom - top <= 0.25 * length:  # thicker is a bar or a picture, not a line
            found.append(((top + bottom) / 2, left, right))
    return found


def _runs(near: Any, length: int) -> Iterator[tuple[int, int, int]]:
    """Row, start and end of every stretch that is nearly all ink over `length` pixels or more."""
    import numpy as np

    if near.shape[1] < length:
        return
    rows = _inky_rows(near, length)
    sums = np.zeros((len(rows), near.shape[1] + 1), dtype="int32")
    np.cumsum(near[rows], axis=1, out=sums[:, 1:])
    full = (sums[:, length:] - sums[:, :-length]) >= _FILLED * length
    for i in np.flatnonzero(full.any(axis=1)).tolist():
        edges = np.flatnonzero(np.diff(full[i].astype("int8"), prepend=0, append=0))
        for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            yield int(rows[i]), start, stop - 1 + length


def _inky_rows(near: Any, length: int) -> Any:
    """The rows that may hold such a stretch: it covers several parts of the row, one after another,
    each a quarter as long as it, and what it may lack of ink is all that these may lack."""
    import numpy as np
    from PIL import Image

    part = max(1, length // _PARTS)
    whole = (length - part + 1) // part
    least = 255 * (whole - (1 - _FILLED) * length / part) - whole  # less by the rounding
    inked = Image.fromarray(near.view("uint8") * np.uint8(255)).reduce((part, 1))
    shares = np.asarray(inked).astype("uint16")
    count = shares.shape[1] - whole + 1
    together = sum(shares[:, at : at + count] for at in range(whole))
    return np.flatnonzero(np.max(together, axis=1) >= least)
