"""What is known before anybody fills a form in: counted from records, or said to another level.

Such a figure stands in its cell from the start, with where it comes from; nobody types it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from namro.measuring.dense.slabs import from_scaled
from namro.terms import Period
from namro.web.facts.cells import cells_of
from namro.web.facts.library import library
from namro.web.facts.models import Observation
from namro.web.frame.prepared import prepared
from namro.web.reporting.models import Duty, Submission


@dataclass(frozen=True)
class KnownValue:
    """A figure that the site holds already, and how it came here."""

    value: Decimal
    told: str


def known_of(duty: Duty) -> dict[str, KnownValue]:
    """Element → what is known of it for the duty's unit and period; records go first."""
    found = _reported(duty) | _recorded(duty)
    if duty.round.is_periodic:
        return found
    # The ledger knows months: what happened in one is not what happened in a week or nine months.
    elements = library().elements
    return {slug: told for slug, told in found.items() if elements[slug].time == "stock"}


def _recorded(duty: Duty) -> dict[str, KnownValue]:
    known, period = library(), Period.of(duty.round.period)
    counts = {
        slug: known.elements[slug].recorded_as for slug in duty.elements if slug in known.elements
    }
    sources = {source: period.first for source in counts.values() if source}
    if not sources:
        return {}
    until = period.first + period.length
    counted = cells_of([duty.unit_id], sources, known, until=until)[duty.unit_id]
    found = {}
    for slug, source in counts.items():
        scaled = counted.scaled(source, period.code) if source else None
        if scaled is not None:
            found[slug] = KnownValue(from_scaled(scaled), "đếm từ dữ liệu hồ sơ đã nhận")
    return found


@prepared
def _said(unit: int, period: str, elements: list[str]) -> QuerySet[Observation]:
    rows = Observation.objects.filter(unit=unit, period=period, element__in=elements)
    return rows.order_by("pk")


def _reported(duty: Duty) -> dict[str, KnownValue]:
    """What stands in the ledger and did not come from this form."""
    rows = _said(duty.unit_id, duty.round.period, duty.elements)
    last = {row.element: row for row in rows}
    if not last:
        return {}
    own = {f"submission:{pk}" for pk in duty.submissions.values_list("pk", flat=True)}
    others = {slug: row for slug, row in last.items() if row.source not in own}
    receivers = _receivers(others)
    return {
        slug: KnownValue(row.value, receivers.get(row.source, "đã có trong hệ thống"))
        for slug, row in others.items()
        if row.value is not None
    }


def _receivers(rows: Mapping[str, Observation]) -> dict[str, str]:
    """A source that is a return → to whom it was reported."""
    numbers = [
        r.source.partition(":")[2] for r in rows.values() if r.source.startswith("submission:")
    ]
    kept = Submission.objects.filter(pk__in=[int(n) for n in numbers if n.isdigit()])
    return {
        f"submission:{s.pk}": f"đã báo cáo {s.duty.receiver.name}"
        for s in kept.select_related("duty__receiver")
    }
