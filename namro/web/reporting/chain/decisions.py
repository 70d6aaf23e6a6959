"""The decision on a return at each step of its way: pass it on, approve it, send it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from namro.web.facts.rules import Entered
from namro.web.frame.days import say_moment
from namro.web.frame.prepared import prepared
from namro.web.org.models import User
from namro.web.reporting.chain.authority import authority_of
from namro.web.reporting.chain.history import Decided, journal, keep
from namro.web.reporting.chain.official import Claim, make_official
from namro.web.reporting.chain.rules import (
    FAULT_LABELS,
    ChainStep,
    DecisionKind,
    step_after,
    waits_for,
)
from namro.web.reporting.form import entries
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status


class AlreadyDecided(Exception):
    """Another person decided first; the message is Vietnamese and says who, what and when."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        who = submission.decided_by.full_name if submission.decided_by else "hệ thống"
        words = {
            Status.APPROVED: f"đã được {who} duyệt lúc {say_moment(submission.decided_at)}",
            Status.SENT_BACK: f"đã bị {who} trả lại lúc {say_moment(submission.decided_at)}",
            Status.DRAFT: "chưa nộp",
            Status.SUBMITTED: f"đã qua bước duyệt ấy, nay {waits_for(submission.step).lower()}",
        }
        super().__init__(
            f"Báo cáo của {submission.duty.unit} (bản {submission.version}) "
            f"{words[Status(submission.status)]}."
        )


class MissingReason(ValueError):
    """A return is never sent back without saying why."""


def _read(submission: Submission) -> Submission:
    """The row as it is now, with what decisions need."""
    return _rows(submission.pk)[0]


@prepared
def _rows(submission: int) -> QuerySet[Submission]:
    return Submission.objects.select_related(
        "duty__round__plan__root", "duty__unit", "duty__receiver", "decided_by"
    ).filter(pk=submission)


def _claim(submission: Submission, **now: object) -> Submission:
    """Decide once: whoever comes second finds nothing left to decide at this step.

    What was read before is not believed: the row must still wait at the step it was read at.
    """
    waiting = Submission.objects.filter(
        pk=submission.pk, status=Status.SUBMITTED, step=submission.step
    )
    claimed = waiting.update(**now)
    fresh = _read(submission)
    if not claimed:
        raise AlreadyDecided(fresh)
    return fresh


def _allow(by: User | None, submission: Submission, at: datetime) -> User | None:
    """In whose place `by` decides; the installation itself (None) always may."""
    return authority_of(by, submission, at) if by else None


def is_last_step(submission: Submission, by: User | None) -> bool:
    """Whether approving makes it official; for the installation itself (None) every step is."""
    return by is None or not _following(submission)


def _following(submission: Submission) -> ChainStep | None:
    return step_after(submission.step or ChainStep.RECEIVER, submission.duty.round.terms.chain)


@transaction.atomic
def approve(*, submission: Submission, by: User | None, at: datetime) -> list[Entered]:
    """Pass a return on to its next step or, after the last, make it official (phê duyệt báo cáo).

    Official: its values enter the ledger, see `regime.RoundKind`. Gives the rows of the ledger
    written (none for values that say nothing new, or while a step is still to come). Raises
    NotAllowed, and AlreadyDecided for the second of two approvers.
    """
    away = _allow(by, submission, at)
    if by and (following := _following(submission)):
        _pass_on(submission, following, by, away, at)
        return []
    now = _claim(submission, status=Status.APPROVED, decided_by=by, decided_at=at)
    return make_official([Claim(now, away)], by, at)[now.pk]


def _pass_on(
    submission: Submission, following: ChainStep, by: User, away: User | None, at: datetime
) -> None:
    sent = submission.sent_at or at  # whoever passes it on lets it leave the unit
    now = _claim(submission, step=following.value, sent_at=sent)
    step = {"step": submission.step}
    done = Decided(submission, away, "pass_on", f"Duyệt, chuyển tiếp {now}", step)
    keep(DecisionKind.PASSED, [done], by, at)
    journal([done], by, at)


@transaction.atomic
def send_back(
    *,
    submission: Submission,
    reason: str,
    by: User | None,
    at: datetime,
    remarks: Mapping[str, str] | None = None,
    fault: str = "",
) -> Submission:
    """Send a return back to be mended (trả lại), with a reason and, by element, what is wrong.

    `fault`: of `chain.rules.FAULT_LABELS`, for counting. Raises MissingReason where no reason is
    given, NotAllowed, AlreadyDecided.
    """
    away = _allow(by, submission, at)
    told = {k: v.strip()[:500] for k, v in (remarks or {}).items() if v.strip()}
    unknown = set(told) - set(submission.duty.elements)
    if unknown:
        raise entries.UnknownElement("Lý do ghi cho một số liệu không có trong báo cáo.")
    if not reason.strip() and not told:
        raise MissingReason("Hãy ghi lý do trả lại, chung cho cả báo cáo hoặc ở từng dòng.")
    why = {
        "reason": reason.strip(),
        "remarks": told,
        "fault": fault if fault in FAULT_LABELS else "",
    }
    now = _claim(submission, status=Status.SENT_BACK, decided_by=by, decided_at=at, **why)
    done = Decided(now, away, "send_back", f"Trả lại {now}", why)
    keep(DecisionKind.SENT_BACK, [done], by, at, now.reason)
    journal([done], by, at)
    return now
