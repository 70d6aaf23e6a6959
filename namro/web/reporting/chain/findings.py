"""What the data-quality checks would ask about a return, were it approved: for who approves."""

from __future__ import annotations

from decimal import Decimal

from namro.web.facts.doubts import preview
from namro.web.facts.library import library
from namro.web.reporting.models import Submission


def doubts_about(submission: Submission) -> list[tuple[str, str, str]]:
    """(title of the figure, name of the check, why), none for what the ledger does not take."""
    duty = submission.duty
    if not duty.round.is_periodic:
        return []
    told = {e: v.get("value") for e, v in submission.values.items()}
    values = {e: Decimal(v) for e, v in told.items() if v not in (None, "")}
    titles = {e.slug: e.title for e in library().elements.values()}
    found = preview(duty.unit, duty.round.period, values)
    return [(titles[f.place[0]], f.check_label, f.why) for f in found]
