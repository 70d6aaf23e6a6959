"""Whose word stands in a cell: what is said anew against what stands, by the version it rests on.

Pure. Different cells never meet; in one cell a word replaces only what its author had seen, and
anything else waits beside it for a person. Nothing is ever dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

Content = Mapping[str, Any]
Cell = tuple[str, str]
"""(element, part); the element "" is the return as a whole."""

LONGEST_AWAY = timedelta(days=60)


class Part(StrEnum):
    """What of a row a cell holds."""

    VALUE = "value"
    NOTE = "note"


class Origin(StrEnum):
    """Where something was typed (nơi nhập)."""

    WEB = "WEB"
    OFFLINE = "OFFLINE"
    EXCEL = "EXCEL"
    FOR_UNIT = "FOR_UNIT"  # brought in by who receives the return, on the unit's behalf

    @property
    def label(self) -> str:
        return ORIGIN_LABELS[self]


ORIGIN_LABELS = {
    Origin.WEB: "nhập trên trang",
    Origin.OFFLINE: "nhập khi mất mạng, gửi sau",
    Origin.EXCEL: "từ tệp Excel",
    Origin.FOR_UNIT: "nơi nhận nhập thay từ tệp Excel",
}


class Outcome(StrEnum):
    """What becomes of something said into a cell."""

    SAME = "SAME"  # it says nothing new
    TAKEN = "TAKEN"  # it is shown from now on; its author had seen what stood there
    AMENDED = "AMENDED"  # its author changes what already waits beside
    AGREED = "AGREED"  # its author changes what waits beside to what is shown: nothing waits on
    ASIDE = "ASIDE"  # it waits beside what is shown, for a person to choose


@dataclass(frozen=True)
class Standing:
    """What stands in one cell: the version shown (None: nothing yet) and those that wait."""

    shown: int | None = None
    content: Content = field(default_factory=dict)
    asides: Mapping[int, Content] = field(default_factory=dict)


def judge(said: Content, base: int | None, seen: Content, standing: Standing) -> Outcome:
    """What becomes of `said`, whose author had seen the version `base` with the content `seen`.

    To have seen another version that says the same as the one shown is to have seen it. What a file
    says again is new only in where it came from.
    """
    where = said.get("cell")
    if where and where != standing.content.get("cell") and alike(said, standing.content):
        return Outcome.TAKEN
    if alike(said, seen):
        return Outcome.SAME
    if base == standing.shown or alike(seen, standing.content):
        return Outcome.TAKEN
    if alike(said, standing.content):
        return Outcome.AGREED if base in standing.asides else Outcome.SAME
    if base in standing.asides:
        return Outcome.AMENDED
    if any(alike(said, waiting) for waiting in standing.asides.values()):
        return Outcome.SAME
    return Outcome.ASIDE


def alike(one: Content, other: Content) -> bool:
    """Whether two say the same; from which cell of a file it came does not matter."""
    return _meaning(one) == _meaning(other)


def _meaning(content: Content) -> tuple[Any, str, str]:
    return content.get("value"), content.get("typed") or "", content.get("note") or ""


def typed_at(at: datetime, age: float | None) -> datetime:
    """When something was typed: received at `at`, typed `age` seconds before by the device's count.

    The device's own date is never believed; an impossible age counts as none.
    """
    if age is None or not 0 <= age <= LONGEST_AWAY.total_seconds():
        return at
    return at - timedelta(seconds=age)


def field_name(cell: Cell) -> str:
    """How the page names a cell: "v-…" its figure, "n-…" its note, "note" that of the return."""
    element, part = cell
    if not element:
        return "note"
    return f"v-{element}" if part == Part.VALUE else f"n-{element}"


def cell_of(name: str) -> Cell | None:
    """The cell a page means by a name; None where it means none."""
    if name == "note":
        return "", Part.NOTE.value
    parts = {"v-": Part.VALUE, "n-": Part.NOTE}
    part = parts.get(name[:2])
    return (name[2:], part.value) if part and len(name) > 2 else None
