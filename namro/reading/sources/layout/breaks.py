"""Words cut in two at the end of a line: by a column too narrow for them, or by a hyphen."""

from __future__ import annotations

import re

from namro.vietnamese import is_syllable

_HALF_DATE = re.compile(r"(?:\d{1,2}/){1,2}\d{0,3}")
_DATE = re.compile(r"(?:\d{1,2}/){1,2}\d{4}")


_NUMBER = re.compile(r"(?:\d{1,3}|[IVXL]{1,5}) (?:\d{1,2}|[IVXL]{1,4})[.)]?")


def is_cut_number(before: str, after: str) -> bool:
    """Whether two lines are the number of one row, cut: "10" over "3.", "VI" over "I.".

    For a first column only, and where the line before is too wide to take the next.
    """
    return bool(_NUMBER.fullmatch(f"{before} {after}") and before.isdigit() == after[0].isdigit())


def between(before: str, after: str, *, fills: bool) -> str:
    """What stands between two lines: a blank, or nothing where a word runs on.

    `fills` says that the first line is as wide as its column, so that a word may be cut there.
    """
    if re.search(r"\w-$", before):
        return ""
    first, rest = before.split(), after.split()
    if not fills or len(first) != 1 or not rest:
        return " "
    return "" if _is_cut(first[0], rest[0].rstrip(".,;:)")) else " "


def _is_cut(left: str, right: str) -> bool:
    """Whether two stretches are one word: a date, an abbreviation, a syllable of Vietnamese.

    A column cuts only the word that alone is wider than it, so `left` is a whole line.
    """
    if _HALF_DATE.fullmatch(left) and right.isdigit():
        return bool(_DATE.fullmatch(left + right))
    if not left.isalpha() or not right.isalpha():
        return False
    if left.isupper() and right.isupper():
        return len(left) >= 3 and not (is_syllable(left) and is_syllable(right))
    if not right.islower():
        return False
    return is_syllable(left + right) and not (is_syllable(left) and is_syllable(right))
