"""What the units of a round sent to one receiver, side by side, with their sums (tổng hợp).

The department reads, comments and sends back here; it retypes nothing. Sums are of parts: counts
that add up, never percentages or dates. What is official and what still waits are told apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q

from namro.measuring.definitions import Element
from namro.vietnamese import sort_key
from namro.web.facts.library import library
from namro.web.org.models import Unit
from namro.web.reporting.chain.few import KEPT_BACK, Sight
from namro.web.reporting.duties.standing import DutyLine, handed_in
from namro.web.reporting.form import entries
from namro.web.reporting.models import Duty, Submission
from namro.web.reporting.rules import Status


@dataclass
class SumRow:
    """One unit's return: the version that counts here, and what it says."""

    line: DutyLine
    shown: Submission | None  # approved, else waiting; None: nothing to sum up
    values: dict[str, Decimal] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    few: frozenset[str] = frozenset()  # elements kept from who looks (see `few.Sight`)
    told: set[str] = field(default_factory=set)  # elements with a value, be it kept back
    comments: int = 0

    @property
    def held(self) -> bool:
        """What is shown here is held back: it is in no sum."""
        hold = self.line.held
        return bool(hold and self.shown and hold.submission_id == self.shown.pk)

    @property
    def official(self) -> bool:
        return bool(self.shown and self.shown.status == Status.APPROVED and not self.held)


@dataclass
class SumColumn:
    """One figure over all units."""

    element: Element
    official: Decimal | None = None
    with_waiting: Decimal | None = None
    heard: int = 0
    expected: int = 0
    few: bool = False  # a unit's value is kept from who looks, and so the sum

    @property
    def official_text(self) -> str:
        return KEPT_BACK if self.few else entries.written(self.official)

    @property
    def with_waiting_text(self) -> str:
        return KEPT_BACK if self.few else entries.written(self.with_waiting)


@dataclass
class SumTable:
    """The rows by name, a column a figure."""

    rows: list[SumRow]
    columns: list[SumColumn]

    @property
    def held(self) -> list[DutyLine]:
        return [r.line for r in self.rows if r.line.held]

    @property
    def heard(self) -> int:
        return sum(1 for r in self.rows if r.official)


def table_of(lines: Iterable[DutyLine], sight: Sight | None = None) -> SumTable:
    """The table of one receiver's lines in a round. Two queries. `sight`: of who looks (None: who
    sees all)."""
    kept = sorted(lines, key=lambda line: sort_key(line.duty.unit.name))
    shown = _shown([line.duty for line in kept])
    few = {x.duty.pk: sight.hidden(x.duty) if sight else frozenset() for x in kept}
    rows = [_row(line, shown.get(line.duty.pk), few[line.duty.pk]) for line in kept]
    wanted = {slug for line in kept for slug in line.duty.elements}
    elements = [e for slug, e in library().elements.items() if slug in wanted]
    return SumTable(rows, [_column(e, rows) for e in elements])


def _shown(duties: list[Duty]) -> dict[int, Submission]:
    """Duty id → its newest approved version, else the one that waits outside its unit."""
    found: dict[int, Submission] = {}
    rows = Submission.objects.filter(handed_in(), duty__in=duties)
    rows = rows.annotate(said=Count("comments"))
    for row in rows.order_by("version"):
        before = found.get(row.duty_id)
        if row.status == Status.APPROVED or before is None or before.status != Status.APPROVED:
            found[row.duty_id] = row
    return found


def _row(line: DutyLine, shown: Submission | None, few: frozenset[str]) -> SumRow:
    row = SumRow(line, shown, few=few)
    for slug in line.duty.elements if shown else ():
        element = library().elements.get(slug)
        entry = shown.values.get(slug) if shown else None
        value = entries.value_of(entry)
        if element is None or value is None:
            continue
        row.told.add(slug)
        if slug in few:
            row.texts[slug] = KEPT_BACK
            continue
        row.values[slug] = value
        row.texts[slug] = entries.shown(entry, element.kind)
    row.comments = getattr(shown, "said", 0)
    return row


def adds_up(element: Element) -> bool:
    """Whether the figures of units may be added: counts and amounts, not shares or days."""
    return element.kind == "number" and "%" not in element.unit_of_measure


def _column(element: Element, rows: list[SumRow]) -> SumColumn:
    asked = [r for r in rows if element.slug in r.line.duty.elements]
    told = [r for r in asked if element.slug in r.told]
    found = SumColumn(element, expected=len(asked), heard=sum(r.official for r in told))
    found.few = any(element.slug in r.few for r in told)
    if told and not found.few and adds_up(element):
        official = [r.values[element.slug] for r in told if r.official]
        found.official = sum(official, Decimal(0)) if official else None
        waiting = [r.values[element.slug] for r in told if not r.held]
        found.with_waiting = sum(waiting, Decimal(0)) if waiting else None
    return found


def receivers_of(lines: Iterable[DutyLine]) -> list[Unit]:
    """Who receives in a round, by name."""
    found = {line.duty.receiver_id: line.duty.receiver for line in lines}
    return sorted(found.values(), key=lambda u: sort_key(u.name))


@dataclass(frozen=True)
class HeldBack:
    """A return handed in and held back: whose, why, since when."""

    unit: str
    reason: str
    at: datetime


def held_back(
    periods: Iterable[str], elements: Iterable[str], units: Iterable[int]
) -> list[HeldBack]:
    """Returns held back that speak of these elements, units and periods; two queries at most."""
    wanted, found = set(elements), []
    rows = Submission.objects.filter(
        Q(holds__released_at=None) & Q(holds__isnull=False), handed_in(),
        duty__round__period__in=set(periods), duty__round__kind="PERIOD",
        duty__unit__in=list(units),
    )  # fmt: skip
    for s in rows.select_related("duty__unit").prefetch_related("holds"):
        if wanted & set(s.duty.elements):
            hold = next(h for h in s.holds.all() if h.released_at is None)
            found.append(HeldBack(s.duty.unit.name, hold.reason, hold.at))
    return found
