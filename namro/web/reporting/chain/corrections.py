"""Corrections of approved figures (đính chính): each a new version beside the old, for ever."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from namro.measuring.definitions import Element
from namro.web.facts.library import library
from namro.web.org.models import User
from namro.web.reporting.chain.few import KEPT_BACK, Sight
from namro.web.reporting.form import entries
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
    )
    words = ("duty__round__plan", "duty__unit", "duty__receiver", "submitted_by", "decided_by")
    rows = rows.select_related(*words)
    found: list[Correction] = []
    sight = Sight(viewer, on)
    before: Submission | None = None
    for row in rows.order_by("duty", "version"):
        if before and before.duty_id == row.duty_id:
            found += _between(before, row, sight.hidden(row.duty))
        before = row
    return sorted(found, key=lambda c: (c.submission.decided_at, c.submission.pk), reverse=True)


def _between(old: Submission, new: Submission, few: Collection[str]) -> list[Correction]:
    """What differs; of the few kept from who looks only that it does."""
    found = []
    for slug in new.duty.elements:
        element = library().elements.get(slug)
        was, now = old.values.get(slug), new.values.get(slug)
        if element is None or entries.value_of(was) == entries.value_of(now):
            continue
        said = (now or {}).get("note") or new.note
        texts = [entries.shown(e, element.kind) or "để trống" for e in (was, now)]
        if slug in few:
            texts, said = [KEPT_BACK, KEPT_BACK], ""
        elif few and not (now or {}).get("note"):
            said = ""  # the note of the whole return, which may speak of them
        found.append(Correction(new, element, texts[0], texts[1], said))
    return found
