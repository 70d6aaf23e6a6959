"""Roman numerals, their strokes counted in the picture: "III" is often read "II", "VIII" "VII".

The engine goes along a line in steps and drops one of several equal letters that stand close. A
heading with a wrong numeral is a gap in the numbering, so the stems are counted.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from namro.reading.sources.scan.signs import MENDED

# One letter with a mark is a syllable (ĐƠN VỊ); a dot under one of several is a speck.
_NUMERAL = re.compile(r"([VX]{0,2})(I|[IỊỈÌÍĨH]*I[IỊỈÌÍĨH]*|[ỊỈÌÍĨ]{2,})([.,:;)]?)")
_MOST = 3  # of one letter, in a numeral
_BAND = 0.25, 0.75  # of the height: between the serifs
_LEAST_HIGH = 8  # pixels
_UPRIGHT = 0.85  # of the band, reached by a stroke: a dot does not
_FULL = 0.75  # of the box around a stroke in the band, dark: a slanting one leaves more of it
_EVEN = 1.35


def is_one(text: str) -> bool:
    """Whether a word as it was read may be a Roman numeral that ends in I."""
    return _NUMERAL.fullmatch(text) is not None


def counted(text: str, word: Any) -> tuple[str, float]:
    """The numeral with as many I as there are stems, and how sure it is (1 where it stays): never
    fewer than were read, the same where nothing tells.

    `word` is the grey picture of the word alone, as an array.
    """
    found = _NUMERAL.fullmatch(text)
    stems = _stems(word) if found else 0
    if not found or not len(found[2]) <= stems <= _MOST:
        return text, 1.0
    meant = f"{found[1]}{'I' * stems}{found[3]}"
    return meant, 1.0 if meant == text else MENDED


def _stems(word: Any) -> int:
    """How many upright strokes stand evenly at the end of a word."""
    import numpy as np

    dark = word < (int(word.min()) + int(word.max())) / 2
    rows = dark.any(axis=1).nonzero()[0]
    if len(rows) < _LEAST_HIGH:
        return 0
    top, high = int(rows[0]), int(rows[-1] - rows[0]) + 1
    band = dark[top + round(_BAND[0] * high) : top + round(_BAND[1] * high)]
    edges = np.flatnonzero(np.diff(band.any(axis=0), prepend=False, append=False)).tolist()
    found: list[float] = []  # their middles, from the right
    for left, right in list(zip(edges[::2], edges[1::2], strict=True))[::-1]:
        stroke = band[:, left:right]
        if stroke.any(axis=1).mean() < _UPRIGHT:
            continue  # a dot beside them
        if stroke.mean() < _FULL:
            break  # slanting, or two with a bar between
        found.append((left + right) / 2)
    apart = [a - b for a, b in pairwise(found)]
    even = sum(max(apart[:n]) <= _EVEN * min(apart[:n]) for n in range(1, len(apart) + 1))
    return even + 1 if found else 0
