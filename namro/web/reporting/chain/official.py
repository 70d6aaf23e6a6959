"""What approval makes official: the values of returns enter the ledger, and the journal says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from namro.web.facts import actions as facts
from namro.web.facts.rules import Entered, Said
from namro.web.frame.prepared import prepared
from namro.web.org.models import User
from namro.web.reporting.chain import history
from namro.web.reporting.chain.rules import DecisionKind
from namro.web.reporting.form import entries
from namro.web.reporting.form.sheets import bare
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status


@dataclass(frozen=True)
class Claim:
    """A return taken to be made official: its row as it stands now, with the step it waited at; in
    whose place that is decided (None: by a post of one's own)."""

    submission: Submission
    away: User | None


def make_official(
    claims: Sequence[Claim], by: User | None, at: datetime
) -> dict[int, list[Entered]]:
    """What follows once returns are claimed, in the claimer's transaction: return → its rows of the
    ledger. Raises FaultySaying."""
    returns = [claim.submission for claim in claims]
    if unsent := [one.pk for one in returns if one.sent_at is None]:
        # The unit's own head was the last to decide.
        Submission.objects.filter(pk__in=unsent).update(sent_at=at)
    found: dict[int, list[Entered]] = {one.pk: [] for one in returns}
    said = sayings_of([one for one in returns if one.duty.round.is_periodic])
    if said:
        told = {f"submission:{pk}": some for pk, some in said.items()}
        rows = facts.record_all(told=told, by=by, at=at)
        found |= zip(said, rows.values(), strict=True)
    decided = [
        history.Decided(
            claim.submission, claim.away, "approve", f"Duyệt {claim.submission}",
            {"count": len(found[claim.submission.pk])},
        )
        for claim in claims
    ]  # fmt: skip
    history.keep(DecisionKind.APPROVED, decided, by, at)
    history.journal(decided, by, at)
    return found


def sayings_of(returns: Collection[Submission]) -> dict[int, list[Said]]:
    """Return → the values said; a blank withdraws what an approved version before it said."""
    earlier = _values_before({one.duty_id for one in returns}) if returns else []
    found = {}
    for one in returns:
        before = {
            slug
            for duty, version, values in earlier
            if duty == one.duty_id and version < one.version
            for slug, entry in values.items()
            if entry.get("value") is not None
        }
        found[one.pk] = list(_said(one, before))
    return found


def _said(submission: Submission, before: set[str]):
    duty = submission.duty
    for one in bare(duty):
        slug = one.element.slug
        entry = submission.values.get(slug) or {}
        value = entries.value_of(entry)
        if value is not None or slug in before:
            cell = (entry.get("cell") or "")[:60]
            yield Said(slug, duty.unit_id, duty.round.period, value, cell)


@prepared
def _values_before(duties: set[int]) -> QuerySet[Submission, tuple[int, int, dict[str, Any]]]:
    rows = Submission.objects.filter(duty__in=duties, status=Status.APPROVED)
    return rows.values_list("duty_id", "version", "values")
