"""What the data-quality checks would ask about a return, were it approved: for who approves."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from namro.web.facts.doubts import Telling, preview
from namro.web.facts.library import library
from namro.web.reporting.models import Submission

Doubts = list[tuple[str, str, str]]
"""(title of the figure, name of the check, why)"""


def doubts_about(submission: Submission) -> Doubts:
    """None for what the ledger does not take."""
    return doubts_of([submission])[submission.pk]


def doubts_of(returns: Collection[Submission]) -> dict[int, Doubts]:
    """The same for many, read in one go: return → its doubts."""
    found: dict[int, Doubts] = {one.pk: [] for one in returns}
    told = {one.pk: _telling(one) for one in returns if one.duty.round.is_periodic}
    elements = library().elements
    for pk, doubts in zip(told, preview(told.values()), strict=True):
        found[pk] = [(elements[f.place[0]].title, f.check_label, f.why) for f in doubts]
    return found


def _telling(submission: Submission) -> Telling:
    duty = submission.duty
    told = {slug: entry.get("value") for slug, entry in submission.values.items()}
    values = {slug: Decimal(text) for slug, text in told.items() if text not in (None, "")}
    return Telling(duty.unit_id, duty.round.period, values)
