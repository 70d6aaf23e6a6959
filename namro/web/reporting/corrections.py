"""Corrections of approved figures (đính chính): each a new version beside the old, for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from namro.measuring.definitions import Element
from namro.web.facts.library import library
from namro.web.org.models import User
from namro.web.reporting import entries
from namro.web.reporting.models import Submission
from namro.web.reporting.queries import visible_duties
from namro.web.reporting.rules import Status


@dataclass(frozen=True)
class Correction:
    """One figure that a later approved version says otherwise."""

    submission: Submission  # the version that corrects
    element: Element
    before: str
    after: str
    reason: str


def corrections(viewer: User, on: date) -> list[Correction]:
    """Every corrected figure within a viewer's sight, the newest decision first."""
    approved = Q(submissions__status=Status.APPROVED)
    duties = visible_duties(viewer, on).annotate(times=Count("submissions", filter=approved))
    rows = Submission.objects.filter(
        status=Status.APPROVED, duty__in=duties.filter(times__gt=1).values("pk")
    ).select_related("duty__round", "duty__unit", "duty__receiver", "submitted_by", "decided_by")
    found: list[Correction] = []
    before: Submission | None = None
    for row in rows.order_by("duty", "version"):
        if before and before.duty_id == row.duty_id:
            found += _between(before, row)
        before = row
    return sorted(found, key=lambda c: (c.submission.decided_at, c.submission.pk), reverse=True)


def _between(old: Submission, new: Submission) -> list[Correction]:
    found = []
    for slug in new.duty.elements:
        element = library().elements.get(slug)
        was, now = old.values.get(slug), new.values.get(slug)
        if element is None or entries.value_of(was) == entries.value_of(now):
            continue
        said = (now or {}).get("note") or new.note
        texts = [entries.shown(e, element.kind) or "để trống" for e in (was, now)]
        found.append(Correction(new, element, texts[0], texts[1], said))
    return found
