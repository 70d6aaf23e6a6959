"""What was decided on returns, kept: in their own history, and in the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from namro.web.frame.rows import insert_rows
from namro.web.org.journal import Line, record_all
from namro.web.org.models import User
from namro.web.reporting.chain.models import Decision, Hold
from namro.web.reporting.chain.rules import ChainStep, DecisionKind
from namro.web.reporting.models import Submission


@dataclass(frozen=True)
class Decided:
    """What somebody did to a return: in the journal `verb`, `summary` and `details`; in whose place
    (None: by a post of their own)."""

    submission: Submission
    away: User | None
    verb: str
    summary: str
    details: Mapping[str, object] = field(default_factory=dict)


def keep(
    what: DecisionKind, returns: Sequence[Decided], by: User | None, at: datetime, reason: str = ""
) -> None:
    """In the history of returns that waited at their `step`. What was held back is so no longer,
    nor, once approved, what it replaces."""
    insert_rows(
        [
            Decision(
                submission=one.submission, step=one.submission.step or ChainStep.RECEIVER.value,
                what=what.value, by=by, on_behalf_of=one.away, reason=reason, at=at,
            )
            for one in returns
        ]
    )  # fmt: skip
    held = Hold.objects.filter(released_at=None)
    if what is DecisionKind.APPROVED:
        held = held.filter(submission__duty__in=[one.submission.duty_id for one in returns])
    else:
        held = held.filter(submission__in=[one.submission.pk for one in returns])
    held.update(released_at=at, released_by=by)


def journal(returns: Sequence[Decided], by: User | None, at: datetime) -> None:
    """Into the journal; of who decided in a colleague's place, both names are said."""
    record_all(by, [_line(one, by) for one in returns], at=at)


def _line(one: Decided, by: User | None) -> Line:
    summary, details = one.summary, dict(one.details)
    if one.away and by:
        summary = f"{by.full_name} thay {one.away.full_name}: {summary}"
        details["on_behalf_of"] = one.away.pk
    code = one.submission.duty.unit.code
    return Line(f"reporting.{one.verb}", one.submission, summary, code, details)
