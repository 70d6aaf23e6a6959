"""How final a published figure is (mức độ chính thức): a closed set, kept as facts like any other.

A statistics office gives an estimate before the period ends, a provisional figure after it, and the
official one a year later. Each mark is a value of its own in the ledger, told with the figure: a
later one is a new fact, the earlier one stays, and an answer as of a moment knows what was known
then. An element that is marked has a companion element, so that every engine carries it along.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

SUFFIX = "-mark"
"""The companion of an element bears its name with this at the end."""


class Mark(StrEnum):
    """How final a figure is. Read GLOSSARY for the Vietnamese words."""

    UNSAID = "unsaid"
    ESTIMATE = "estimate"
    PROVISIONAL = "provisional"
    OFFICIAL = "official"

    @property
    def code(self) -> Decimal:
        """The number it is kept as in the ledger."""
        return Decimal(list(Mark).index(self))


MARK_LABELS: Mapping[Mark, str] = {
    Mark.UNSAID: "chưa ghi mức độ",
    Mark.ESTIMATE: "ước tính",
    Mark.PROVISIONAL: "sơ bộ",
    Mark.OFFICIAL: "chính thức",
}


def mark_of(code: Decimal) -> Mark | None:
    """The mark behind a value of the ledger; None for a value that is none.

    >>> mark_of(Decimal(2))
    <Mark.PROVISIONAL: 'provisional'>
    """
    known = {mark.code: mark for mark in Mark}
    return known.get(code)
