"""Marks that recognition lost or changed, put right where the words can mean nothing else.

"tôi thiểu", "triệu đông", "Liên mình": the letters are right, the marks are not. The engine is as
sure of them as of others, so what tells is the phrase. Two right words may meet in one that looks
like it ("theo hướng dân chủ"): only forms of which this cannot be are rewritten, and the mended
word has a low confidence, for the slip may stand on the paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from namro.reading import slips
from namro.reading.sources.layout import Word
from namro.reading.sources.scan.signs import MENDED
from namro.vietnamese import fold

_LETTERS = re.compile(r"[^\W\d_]+")


def mended(words: Sequence[Word]) -> list[Word]:
    """The words, in the order in which they were read, those misread with their marks."""
    out = list(words)
    starts: dict[int, int] = {}
    text = ""
    for i, word in enumerate(words):
        for found in _LETTERS.finditer(word.text):
            starts[len(text) + found.start()] = i
        text += word.text + " "
    for start, end, meant in slips.misread(text):
        parts = [m.span() for m in _LETTERS.finditer(text, start, end)]
        for (a, b), right in zip(parts, _LETTERS.findall(meant), strict=False):
            said = text[a:b]
            if a in starts and said.lower() != right.lower() and fold(said) == fold(right):
                out[starts[a]] = _with(out[starts[a]], said, right)
    return out


def _with(word: Word, said: str, right: str) -> Word:
    """The word with its letters put right, its capital kept."""
    right = right[0].upper() + right[1:] if said[0].isupper() else right
    confidence = min(word.confidence, MENDED)
    return replace(word, text=word.text.replace(said, right, 1), confidence=confidence)
