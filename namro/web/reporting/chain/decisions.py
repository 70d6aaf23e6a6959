"""The decision on a return at each step of its way: pass it on, approve it, send it back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from namro.web.facts import actions as facts
from namro.web.facts.rules import Entered, Said
from namro.web.frame.days import say_moment
from namro.web.frame.prepared import prepared
from namro.web.frame.rows import insert_rows
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import NotAllowed
from namro.web.reporting import queries
from namro.web.reporting.chain.authority import authority_of
from namro.web.reporting.chain.findings import doubts_about
from namro.web.reporting.chain.models import Decision, Hold
from namro.web.reporting.chain.rules import (
    FAULT_LABELS,
    ChainStep,
    DecisionKind,
    step_after,
    waits_for,
)
from namro.web.reporting.form import entries
from namro.web.reporting.form.sheets import bare
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


@transaction.atomic
def approve(*, submission: Submission, by: User | None, at: datetime) -> list[Entered]:
    """Pass a return on to its next step or, after the last, make it official (phê duyệt báo cáo).

    Official: its values enter the ledger, see `regime.RoundKind`. Gives the rows of the ledger
    written (none for values that say nothing new, or while a step is still to come). Raises
    NotAllowed, and AlreadyDecided for the second of two approvers.
    """
    away = _allow(by, submission, at)
    steps = submission.duty.round.terms.chain
    following = step_after(submission.step or ChainStep.RECEIVER, steps)
    if following and by:
        _pass_on(submission, following, by, away, at)
        return []
    now = _claim(submission, status=Status.APPROVED, decided_by=by, decided_at=at)
    if now.sent_at is None:  # the unit's own head was the last to decide
        Submission.objects.filter(pk=now.pk).update(sent_at=at)
    _keep(now, submission.step, DecisionKind.APPROVED, "", by, away, at)
    found = []
    if now.duty.round.is_periodic:
        found = facts.record(said=sayings_of(now), source=f"submission:{now.pk}", by=by, at=at)
    journal_decision("approve", f"Duyệt {now}", now, by, away, at, count=len(found))
    return found


def _pass_on(
    submission: Submission, following: ChainStep, by: User, away: User | None, at: datetime
) -> None:
    sent = submission.sent_at or at  # whoever passes it on lets it leave the unit
    now = _claim(submission, step=following.value, sent_at=sent)
    _keep(now, submission.step, DecisionKind.PASSED, "", by, away, at)
    journal_decision(
        "pass_on", f"Duyệt, chuyển tiếp {now}", now, by, away, at, step=submission.step
    )


def _keep(
    submission: Submission,
    step: str,
    what: DecisionKind,
    reason: str,
    by: User | None,
    away: User | None,
    at: datetime,
) -> None:
    """In the return's own history; what was held back is so no longer, nor what it replaces."""
    decision = Decision(
        submission=submission, step=step or ChainStep.RECEIVER.value, what=what.value, by=by,
        on_behalf_of=away, reason=reason, at=at,
    )  # fmt: skip
    insert_rows([decision])
    one: dict[str, object] = {"submission": submission}
    if what is DecisionKind.APPROVED:
        one = {"submission__duty": submission.duty_id}
    Hold.objects.filter(released_at=None, **one).update(released_at=at, released_by=by)


def journal_decision(
    verb: str,
    summary: str,
    submission: Submission,
    by: User | None,
    away: User | None,
    at: datetime,
    **details: object,
) -> None:
    """Into the journal; of who decided in a colleague's place, both names are said."""
    if away and by:
        summary = f"{by.full_name} thay {away.full_name}: {summary}"
        details["on_behalf_of"] = away.pk
    code = submission.duty.unit.code
    record(by, f"reporting.{verb}", submission, at=at, unit_code=code, summary=summary, **details)


def sayings_of(submission: Submission) -> list[Said]:
    """The values said; a blank withdraws what an approved version of this return said before."""
    duty = submission.duty
    earlier = _said_before(submission)
    found = []
    for one in bare(duty):
        slug = one.element.slug
        entry = submission.values.get(slug) or {}
        value = entries.value_of(entry)
        if value is not None or slug in earlier:
            cell = (entry.get("cell") or "")[:60]
            found.append(Said(slug, duty.unit_id, duty.round.period, value, cell))
    return found


def _said_before(submission: Submission) -> set[str]:
    return {
        slug
        for values in _values_before(submission.duty_id, submission.version)
        for slug, entry in values.items()
        if entry.get("value") is not None
    }


@prepared
def _values_before(duty: int, version: int) -> QuerySet[Submission, dict[str, Any]]:
    rows = Submission.objects.filter(duty=duty, status=Status.APPROVED, version__lt=version)
    return rows.values_list("values", flat=True)


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
    _keep(now, submission.step, DecisionKind.SENT_BACK, now.reason, by, away, at)
    journal_decision("send_back", f"Trả lại {now}", now, by, away, at, **why)
    return now


@dataclass
class Outcome:
    """What became of each of many returns."""

    approved: list[Submission] = field(default_factory=list)
    left: list[tuple[Submission, str]] = field(default_factory=list)


def approve_sound(
    *,
    submissions: Iterable[Submission],
    by: User | None,
    at: datetime,
    seen: Collection[int] = (),
) -> Outcome:
    """Approve those without findings, each in its own transaction (duyệt nhiều báo cáo).

    `seen`: keys of returns whose findings the person has looked at and takes as they are. What has
    other findings, is held back, or was decided meanwhile, is left and said. A hold is never passed
    over here: it is lifted, or the return decided on its own page.
    """
    outcome = Outcome()
    for judged in queries.judge(submissions):
        one = judged.submission
        if judged.held:
            outcome.left.append((one, f"đang được giữ lại: {judged.held}"))
            continue
        if one.pk not in seen and (judged.findings or doubts_about(one)):
            outcome.left.append((one, "có điểm cần xem, phải xem trước khi duyệt"))
            continue
        try:
            approve(submission=one, by=by, at=at)
        except (AlreadyDecided, NotAllowed, facts.FaultySaying) as why:
            outcome.left.append((one, str(why)))
        else:
            outcome.approved.append(one)
    return outcome
