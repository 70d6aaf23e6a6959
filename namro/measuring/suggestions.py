"""How alike two Vietnamese sentences are, so that the site can suggest a measure for a target.

A suggestion only: a person confirms it. Words and pairs of words are compared without diacritics,
because scanned plans lose them; rare words weigh more than common ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from namro.vietnamese import fold

_WORDS = re.compile(r"[a-z0-9]+")


def tokens(text: str) -> set[str]:
    """Words and neighbouring pairs: "phủ sóng 5G" → {phu, song, 5g, "phu song", "song 5g"}."""
    words = [w for w in _WORDS.findall(fold(text)) if not w.isdigit()]
    return {*words, *(f"{a} {b}" for a, b in pairwise(words))}


def rarity(texts: Mapping[str, Iterable[str]]) -> Mapping[str, float]:
    """Token → weight: the fewer of the named groups of texts hold it, the more it tells."""
    held: dict[str, int] = {}
    for told in texts.values():
        for token in set().union(*(tokens(text) for text in told)):
            held[token] = held.get(token, 0) + 1
    return {token: math.log(1 + len(texts) / n) for token, n in held.items()}


def likeness(sentence: str, told: Iterable[str], weight: Mapping[str, float]) -> float:
    """0–1: the best weighted overlap (Dice) of the sentence with any of the texts."""
    asked = tokens(sentence)

    def heaviness(some: set[str]) -> float:
        return sum(weight.get(t, 1.0) for t in some)

    best = 0.0
    for text in told:
        other = tokens(text)
        whole = heaviness(asked) + heaviness(other)
        best = max(best, 2 * heaviness(asked & other) / whole if whole else 0.0)
    return round(best, 4)
