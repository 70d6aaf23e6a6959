"""Bold type in a picture, told by how thick its strokes are beside those of the page.

Headings of a plan are known by their weight; a scan keeps it only in the ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median
from typing import Any

from namro.reading.sources.layout import Word, lines_of
from namro.reading.sources.scan.cleaning import ink_of

HEAVY = 1.25
_MIN_HEIGHT, _MIN_LETTERS = 8, 2


def with_weight(words: Sequence[Word], grey: Any) -> list[Word]:
    """The same words, bold where their lines' strokes are thicker than the page's usual ones.

    Nothing of numpy is in them: a page comes from another process, and who is given it would load
    numpy to take it in.
    """
    import numpy as np

    ink = ink_of(grey)
    starts = ink.copy()
    starts[:, 1:] &= ~ink[:, :-1]

    def thickness(word: Word) -> float | None:
        left, top, right, bottom = (max(0, round(edge)) for edge in word.box)
        letters = sum(c.isalpha() for c in word.text)
        if letters < _MIN_LETTERS or bottom - top < _MIN_HEIGHT:
            return None
        where = slice(top, bottom), slice(left, right)
        count = int(np.count_nonzero(starts[where]))
        strokes = int(np.count_nonzero(ink[where])) / count if count else 0.0
        return strokes / (bottom - top) ** 0.25 if strokes else None

    lines = lines_of(words, 0)
    by_line = [[t for w in line.words if (t := thickness(w)) is not None] for line in lines]
    known = [t for found in by_line for t in found]
    if len(known) < 20:
        return list(words)
    usual = median(known)
    out: list[Word] = []
    for line, found in zip(lines, by_line, strict=True):
        heavy = bool(found) and median(found) > HEAVY * usual
        out += [replace(word, bold=heavy) for word in line.words]
    return out
