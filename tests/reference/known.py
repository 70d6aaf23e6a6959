"""What the referee is told: ledger entries, slices of records, units and who owes what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from namro.measuring.kinds import Count, Item
from namro.terms import Period

LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True)
class Said:
    """A ledger entry: what was said, when; value None withdraws."""

    id: int
    element: str
    unit: str
    period: str
    value: Decimal | None
    at: datetime


@dataclass(frozen=True)
class Slice:
    """A slice of raw records of one unit and period."""

    batch: str
    dataset: str
    unit: str
    period: str
    at: datetime
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Held:
    """Something that held for a unit on some days: `what` is an ancestor or a measure owed."""

    unit: str
    what: str
    tree: str = "GOVERNMENT"
    since: date = LONG_AGO
    until: date | None = None
    known: datetime = datetime(2000, 1, 1)
    forgotten: datetime = datetime(9000, 1, 1)

    def knew(self, as_of: datetime) -> bool:
        return self.known <= as_of < self.forgotten

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Gave:
    """A unit gave way to its heirs on a day (none: dissolved; itself among them: goes on smaller).

    `known`: since when anybody knows.
    """

    unit: str
    heirs: tuple[str, ...]
    on: date
    known: datetime = datetime(2000, 1, 1)


@dataclass
class World:
    """All facts of a small province."""

    said: list[Said] = field(default_factory=list)
    slices: list[Slice] = field(default_factory=list)
    above: list[Held] = field(default_factory=list)
    owed: list[Held] = field(default_factory=list)
    gave: list[Gave] = field(default_factory=list)

    @property
    def dawn(self) -> int:
        """The first month anything was said of; looking further back is in vain."""
        told = [s.period for s in (*self.said, *self.slices)]
        return min((Period.of(code).first for code in told), default=0)

    def as_known(self, as_of: datetime) -> World:
        """The same world with the tree, the debts and the reorganisations known at a moment."""
        return World(
            self.said,
            self.slices,
            [h for h in self.above if h.knew(as_of)],
            [h for h in self.owed if h.knew(as_of)],
            [g for g in self.gave if g.known <= as_of],
        )

    def leaves(self, measure: str, unit: str, day: date) -> list[str]:
        owing = {h.unit for h in self.owed if h.what == measure and h.on(day)}
        return sorted(
            {h.unit for h in self.above if h.unit in owing and h.what == unit and h.on(day)}
        )

    def cell(self, item: Item, unit: str, period: str, as_of: datetime) -> Fraction | None:
        """What stood in a cell at a moment: the last thing said, or the newest slice's count."""
        if isinstance(item, Count):
            slices = [
                s
                for s in self.slices
                if (s.dataset, s.unit, s.period) == (item.dataset, unit, period) and s.at <= as_of
            ]
            if not slices:
                return None
            newest = max(slices, key=lambda s: (s.at, s.batch))
            return Fraction(sum(meets(item, row) for row in newest.rows))
        said = [
            s
            for s in self.said
            if (s.element, s.unit, s.period) == (item.slug, unit, period) and s.at <= as_of
        ]
        last = max(said, key=lambda s: s.id, default=None)
        return None if last is None or last.value is None else Fraction(last.value)


def meets(count: Count, row: Mapping[str, Any]) -> bool:
    for condition in count.where:
        told, wanted = row.get(condition.column), condition.values
        if condition.test == "present":
            good = (told is not None) == wanted[0]
        elif told is None:
            good = False
        elif condition.test == "at_least":
            good = told >= wanted[0]
        elif condition.test == "at_most":
            good = told <= wanted[0]
        else:
            good = (told in wanted) == (condition.test != "not")
        if not good:
            return False
    return True
