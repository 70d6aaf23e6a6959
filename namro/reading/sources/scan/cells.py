"""What a narrow column and the engine together spoil in a cell, put right where the rest tells.

A column too narrow for a word leaves its last letter alone on a line, and a letter alone is read
badly: "12/202" over "s", "thườn" over "5". The mended letter has a low confidence.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from namro.reading.sources.layout import Line, Page, TableCell
from namro.reading.sources.layout.tables import fills_column
from namro.reading.sources.scan.signs import MENDED
from namro.vietnamese import is_syllable

_HALF_YEAR = re.compile(r"(?:\d{1,2}/){1,2}20\d")
_DIGITS = {"s": "5", "S": "5", "o": "0", "O": "0", "l": "1", "I": "1", "B": "8"}
_SURE = 0.8


def mend(page: Page) -> None:
    """Put right the lone last letters in the cells of a page."""
    for table in page.tables:
        for cell in table.cells:
            _mend_cell(cell)


def _mend_cell(cell: TableCell) -> None:
    for i, (before, after) in enumerate(pairwise(cell.lines), start=1):
        first = after.words[0]
        if len(before.words) != 1 or len(first.text) != 1:
            continue
        if first.confidence > _SURE and not fills_column(cell.lines, i, cell.right):
            continue
        meant = _meant(before.text, first.text)
        if meant != first.text:
            word = replace(first, text=meant, confidence=min(first.confidence, MENDED))
            words = (word, *after.words[1:])
            cell.lines[i] = Line(words, after.page)


def _meant(left: str, letter: str) -> str:
    """The letter that must have stood there; the same where nothing tells."""
    if _HALF_YEAR.fullmatch(left):
        return _DIGITS.get(letter, letter)
    if left.isalpha() and left.endswith("n") and not letter.isalpha() and is_syllable(left + "g"):
        return "g"
    return letter
