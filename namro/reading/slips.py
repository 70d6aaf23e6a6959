"""Slips of the pen: words one mark or letter away from a phrase that every official paper uses.

Two right words that only meet may look like a slip ("theo hướng dân chủ"). `find` doubts, and may
be wrong; what `misread` finds can hardly be anything else, so that a reader may put it right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from namro.reading.letters import regex

_TONES = {"\u0300", "\u0309", "\u0303", "\u0301", "\u0323"}
_WORD = re.compile(r"[^\W\d_]+")
# "30 triệu đông" is money, "10 triệu đông người" is not.
_MONEY = regex(
    r"(?<=\d )(?P<money>triệu|tỷ|tỉ|nghìn|ngàn) đông(?!\w)"
    r"(?! (?:người|dân|bào|đảo|con|đúc|lạnh|nhất|hơn|đủ|y|nam|bắc|trùng|khách|lao|thành|hộ)(?!\w))"
)


@lru_cache(maxsize=100_000)
def _syllable(word: str) -> tuple[str, str, str]:
    """A syllable as plain letters, letters with their shape (ơ, â, đ), and tone.

    "uỷ" and "ủy" are one: only where the tone mark is put differs.
    """
    parts = unicodedata.normalize("NFD", word.lower())
    tone = "".join(c for c in parts if c in _TONES)
    shape = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
    plain = "".join(c for c in parts if not unicodedata.combining(c)).replace("đ", "d")
    return plain, shape, tone


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[tuple[str, ...], set[tuple[str, ...]]], int]:
    """Phrases by their plain letters, and the greatest number of syllables; those that are right
    but never meant ("= cần bổ sung") with "=" before their words."""
    text = files("namro.reading").joinpath("phrases.txt").read_text(encoding="utf-8")
    book: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    longest = 0
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        words = tuple(m[0] for m in _WORD.finditer(line))
        longest = max(longest, len(words))
        kept = ("=", *words) if line.startswith("=") else words
        book.setdefault(tuple(_syllable(w)[0] for w in words), set()).add(kept)
    return book, longest


@lru_cache(maxsize=1)
def _misread() -> tuple[dict[str, str], re.Pattern[str]]:
    """Forms that are no words side by side, and what is meant; the pattern that finds them."""
    text = files("namro.reading").joinpath("misread.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    book = dict(line.split(" = ") for line in lines)
    forms = "|".join(re.escape(form) for form in sorted(book, key=len, reverse=True))
    return book, re.compile(rf"(?<!\w)(?:{forms})(?!\w)", re.IGNORECASE)


def misread(text: str) -> Iterator[tuple[int, int, str]]:
    """Each form that can only be a slip: start, end, and what is meant; in order.

    >>> [text for _, _, text in misread("ít nhất 30 triệu đông, đạt tôi thiểu 80%")]
    ['triệu đồng', 'tối thiểu']
    """
    book, pattern = _misread()
    found = [(*m.span(), book[m[0].lower()]) for m in pattern.finditer(text) if m[0][1:].islower()]
    found += [(*m.span(), f"{m['money']} đồng") for m in _MONEY.finditer(text)]
    yield from sorted(found)


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Each slip: start, end, and what is probably meant; in order, no two at one place.

    >>> [text for _, _, text in find("Phân đầu hoàn thành")]
    ['phấn đấu']
    """
    sure = list(misread(text))
    near = (
        slip for slip in _near(text) if not any(a < slip[1] and slip[0] < b for a, b, _ in sure)
    )
    yield from sorted([*sure, *near])


def _near(text: str) -> Iterator[tuple[int, int, str]]:
    """Words near a known phrase; longest phrases first."""
    book, longest = _phrases()
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(text)]
    plain = [_syllable(w[2])[0] for w in words]
    at = 0
    while at < len(words):
        size = 0
        reach = _reach(text, words, at, longest)
        for size in range(reach, 1, -1):
            if size == 2 and words[at][1] + 1 != words[at + 1][0]:
                continue
            meant = _meant(book, words[at : at + size], tuple(plain[at : at + size]))
            if meant is None:
                continue
            if meant:
                yield words[at][0], words[at + size - 1][1], meant
            break
        else:
            size = 1
        at += size if size > 1 else 1


def _reach(text: str, words: list[tuple[int, int, str]], at: int, longest: int) -> int:
    """How many words from `at` on are parted by a blank or a comma only, no capital among them."""
    size = 1
    while size < longest and at + size < len(words):
        gap = text[words[at + size - 1][1] : words[at + size][0]]
        if gap not in (" ", ", ", " - ") or words[at + size][2][:1].isupper():
            break
        size += 1
    return size


def _meant(
    book: dict[tuple[str, ...], set[tuple[str, ...]]],
    words: list[tuple[int, int, str]],
    plain: tuple[str, ...],
) -> str | None:
    """The phrase meant; "" when the words are right as they stand; None when no phrase is near."""
    near = book.get(plain)
    if near is None or words[0][2].isupper():
        return None
    mine = [_syllable(w[2])[1:] for w in words]
    for phrase in near:
        theirs = [_syllable(w)[1:] for w in phrase if w != "="]
        if mine == theirs:
            return ""
    wrong = min(
        (
            (sum(a != b for a, b in zip(mine, [_syllable(w)[1:] for w in p], strict=True)), p)
            for p in near
            if p[0] != "="
        ),
        default=None,
    )
    return " ".join(wrong[1]) if wrong and wrong[0] <= 2 else None
