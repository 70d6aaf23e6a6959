"""Signs that the engine has no word for: ≥ and ≤, the marks before items, two syllables as one.

Tesseract's Vietnamese model has no ≥ and ≤: it reads > and <. The bar below is looked for in the
picture, and how clear it was goes into the confidence, for a wrong comparator is a wrong target.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from namro.vietnamese import fold, is_syllable

BAR = 0.62  # of the sign's width, dark without a gap, in its lowest sixth
_CLEAR, _DOUBTFUL = 0.9, 0.5
MENDED = 0.6  # how sure a sign is that was put right
_MOST_SYLLABLES = 4
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_TWICE = re.compile(r"([^\W\d_])\1")
_NARROW, _WIDE, _CAPITAL = 0.65, 1.6, 1.4
_FULL = 0.6  # of the box around a dot, dark: a disc fills three quarters
_SHORT_NAME = re.compile(r"(?:UBND|HĐND|MTTQ|UBMTTQ|BTV|BCH|BCĐ|VPUBND|LĐLĐ)(?=[a-zà-ỹđ])")
_BARRED = {">": "≥", "<": "≤"}


def with_bars(text: str, word: Any) -> tuple[str, float]:
    """The word with its true signs, and how sure they are (1 where it has none).

    `word` is the grey picture of the word alone, as an array.
    """
    if not any(char in _BARRED for char in text):
        return text, 1.0
    dark = word < (int(word.min()) + int(word.max())) / 2
    inks = _runs_of_columns(dark)
    signs = len(text) - text.count(" ")
    out, sure = "", 1.0
    for i, char in enumerate(text):
        if char not in _BARRED:
            out += char
            continue
        left, right = inks[min(i, len(inks) - 1)] if len(inks) >= signs else (0, dark.shape[1])
        share = _bar_share(dark[:, left:right])
        out += _BARRED[char] if share > BAR else char
        sure = min(sure, _CLEAR if abs(share - BAR) > 0.15 else _DOUBTFUL)
    return out, sure


def item_sign(word: Any, *, full: bool = False) -> str:
    """The mark before an item, told by its shape: "•", "-", or nothing where it is a speck; `full`:
    nothing, too, where it is hollow as letters are."""
    rows, columns = _ink(word)
    if not len(rows):
        return ""
    if full and _dark(word)[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].mean() < _FULL:
        return ""
    high, wide = int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1
    if wide >= 1.6 * high:
        return "-" if wide >= 5 else ""
    return "•" if min(high, wide) >= 4 and high <= 1.6 * wide else ""


def _dark(word: Any) -> Any:
    return word < (int(word.min()) + int(word.max())) / 2


def _ink(word: Any) -> tuple[Any, Any]:
    dark = _dark(word)
    return dark.any(axis=1).nonzero()[0], dark.any(axis=0).nonzero()[0]


def tidy_number(text: str) -> str:
    """The sign before an item, read with one sign too many: "2..." is "2.", "c):" is "c)", "ởđ)"
    is "đ)"; a stroke read before the first letter goes."""
    text = re.sub(r"^_+(?=[^\W\d_])", "", text)
    text = re.sub(r"^(\d{1,2})[.,]{2,}$", r"\1.", text)
    text = re.sub(r"^[^\W\d_](đ\))$", r"\1", text)
    return re.sub(r"^([a-zđ]\))[^\w\s]$", r"\1", text)


def stop_of_number(text: str, after: str) -> str:
    """The number before an item, its stop read as a colon: "3:" is "3." where the word `after` it
    begins with a letter; "16: 00" and "1: 50.000" are a time and a scale."""
    return re.sub(r"^(\d{1,2}):$", r"\1.", text) if after[:1].isalpha() else text


def single_stroke(text: str) -> str:
    """The number of a term of the National Assembly, its 1 read twice: "QHI15" is "QH15"."""
    return re.sub(r"(?<=QH)[Il|](?=1\d(?!\d))", "", text)


def without_bars_of_tables(text: str) -> str:
    """A word of a cell without the remnants of ruling lines that were taken for signs."""
    if "|" in text and not any(c.isalnum() for c in text):
        return ""
    return text.strip("|_") if any(c.isalnum() for c in text) else text


def seams(text: str, gap: float | None = None) -> list[int]:
    """Where syllables were read as one word ("Mụcđích" 3, "Làcơsở" 2 and 4); none where not.

    The word must have marks of Vietnamese, so that foreign words stay whole; of two syllables one
    must be longer than a letter, or a capital begin the second ("SởY"); more must be longer so
    each; short names of bodies end before a small letter ("UBNDtỉnh"). `gap`: where the widest gap
    lies, as a share of the word's width; it tells "Bố trí" from "Bốt rí".
    """
    word = text.rstrip(".,;:)")
    if not word.isalpha() or len(word) < 3 or is_syllable(word) or fold(word) == word.lower():
        return []
    body = _SHORT_NAME.match(word)
    if body and is_syllable(word[body.end() :]):
        return [body.end()]
    two = [at for at in range(len(word) - 1, 0, -1) if _parts_at(word, at)]
    if two and gap is not None:
        two.sort(key=lambda at: abs(_width(text[:at]) - gap * _width(text)))
    return two[:1] or _syllables(word, _MOST_SYLLABLES)


def _width(text: str) -> float:
    """How wide letters are in print, a small "a" being one."""
    total = 0.0
    for char in text:
        low = fold(char)
        wide = _NARROW if low in "iljrtf.,;:)" else _WIDE if low in "mw" else 1.0
        total += wide * (_CAPITAL if char.isupper() else 1.0)
    return total


def undoubled(text: str) -> str:
    """A word in which a letter was read twice ("tỉnnh"): once, where only so it is a syllable."""
    found = _LETTERS.search(text)
    if not found or is_syllable(found[0]) or fold(found[0]) == found[0].lower():
        return text
    once = _TWICE.sub(r"\1", found[0])
    return text.replace(found[0], once, 1) if is_syllable(once) else text


def widest_gap(word: Any) -> float | None:
    """Where the widest gap without ink lies in the picture of a word, as a share of its width."""
    runs = _runs_of_columns(_dark(word))
    gaps = [(right - left, (left + right) / 2) for (_, left), (right, _) in pairwise(runs)]
    return max(gaps)[1] / word.shape[1] if gaps else None


def _parts_at(text: str, at: int) -> bool:
    left, right = text[:at], text[at:]
    if not (is_syllable(left) and is_syllable(right)):
        return False
    if right[0].isupper() and left[-1].islower():
        return True
    marked = fold(left) != left.lower() and fold(right) != right.lower()
    return len(text) > 3 and (marked or len(left) > 1 < len(right))


def _syllables(text: str, most: int) -> list[int]:
    """The ends of the syllables before the last, the first as long as can be; [] where none."""
    for at in range(len(text) - 2, 1, -1) if most > 1 else ():
        if is_syllable(text[:at]):
            if is_syllable(text[at:]):
                return [at]
            rest = _syllables(text[at:], most - 1)
            if rest:
                return [at, *(at + more for more in rest)]
    return []


def _runs_of_columns(dark: Any) -> list[tuple[int, int]]:
    """The columns of each sign of a word: runs of columns that hold ink."""
    runs: list[tuple[int, int]] = []
    start = -1
    for x, ink in enumerate([*dark.any(axis=0).tolist(), False]):
        if ink and start < 0:
            start = x
        elif not ink and start >= 0:
            runs.append((start, x))
            start = -1
    return runs


def _bar_share(sign: Any) -> float:
    """The longest dark run in the lowest sixth of the ink, as a share of the sign's width."""
    rows = sign.any(axis=1).nonzero()[0]
    columns = sign.any(axis=0).nonzero()[0]
    if len(rows) < 6 or len(columns) < 3:
        return 0.0
    ink = sign[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    lowest = ink[-max(1, len(ink) // 6) :]
    longest = max(_longest_run(row.tolist()) for row in lowest)
    return longest / float(ink.shape[1])


def _longest_run(row: list[bool]) -> int:
    longest = run = 0
    for dark in row:
        run = run + 1 if dark else 0
        longest = max(longest, run)
    return longest
