"""The receiver's decision on a return: approve it, or send it back with a reason (duyệt, trả)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from namro.web.facts import actions as facts
from namro.web.facts.rules import Entered, Said
from namro.web.frame import clock
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import NotAllowed
from namro.web.reporting import entries, queries
from namro.web.reporting.drafts import said as moment_said
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status
from namro.web.reporting.sheets import bare


class AlreadyDecided(Exception):
    """Another person decided first; the message is Vietnamese and says who, what and when."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        who = submission.decided_by.full_name if submission.decided_by else "hệ thống"
        words = {
            Status.APPROVED: f"đã được {who} duyệt lúc {moment_said(submission.decided_at)}",
            Status.SENT_BACK: f"đã bị {who} trả lại lúc {moment_said(submission.decided_at)}",
            Status.DRAFT: "chưa nộp",
        }
        state = words.get(Status(submission.status), "đang chờ duyệt")
        super().__init__(f"Báo cáo của {submission.duty.unit} (bản {submission.version}) {state}.")


class MissingReason(ValueError):
    """A return is never sent back without saying why."""


def allow_decision(by: User | None, submission: Submission, at: datetime) -> None:
    """Raise NotAllowed unless the person decides for the receiver and did not hand this in."""
    if by is None:
        return
    if not queries.may_decide(by, submission.duty.receiver, clock.day_of(at)):
        raise NotAllowed(
            f"Báo cáo này gửi {submission.duty.receiver.name}; đồng chí không duyệt thay được."
        )
    if submission.submitted_by_id == by.pk:
        raise NotAllowed("Người nộp báo cáo không tự duyệt báo cáo của mình.")


def _claim(
    submission: Submission, status: Status, by: User | None, at: datetime, **more: object
) -> Submission:
    """Decide once: whoever comes second finds nothing left to decide."""
    claimed = Submission.objects.filter(pk=submission.pk, status=Status.SUBMITTED).update(
        status=status, decided_by=by, decided_at=at, **more
    )
    now = Submission.objects.select_related(
        "duty__round", "duty__unit", "duty__receiver", "decided_by"
    ).get(pk=submission.pk)
    if not claimed:
        raise AlreadyDecided(now)
    return now


@transaction.atomic
def approve(*, submission: Submission, by: User | None, at: datetime) -> list[Entered]:
    """Make a return official: its values enter the ledger (phê duyệt báo cáo).

    Gives the rows of the ledger written (none for values that say nothing new). Raises NotAllowed,
    and AlreadyDecided for the second of two approvers.
    """
    allow_decision(by, submission, at)
    now = _claim(submission, Status.APPROVED, by, at)
    found = facts.record(said=_sayings(now), source=f"submission:{now.pk}", by=by, at=at)
    record(
        by,
        "reporting.approve",
        now,
        at=at,
        unit_code=now.duty.unit.code,
        summary=f"Duyệt {now}",
        count=len(found),
    )
    return found


def _sayings(submission: Submission) -> list[Said]:
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
    versions = submission.duty.submissions.filter(
        status=Status.APPROVED, version__lt=submission.version
    )
    return {
        slug
        for values in versions.values_list("values", flat=True)
        for slug, entry in values.items()
        if entry.get("value") is not None
    }


@transaction.atomic
def send_back(
    *,
    submission: Submission,
    reason: str,
    by: User | None,
    at: datetime,
    remarks: Mapping[str, str] | None = None,
) -> Submission:
    """Send a return back to be mended (trả lại), with a reason and, by element, what is wrong.

    Raises MissingReason where neither is given, NotAllowed, AlreadyDecided.
    """
    allow_decision(by, submission, at)
    told = {k: v.strip()[:500] for k, v in (remarks or {}).items() if v.strip()}
    unknown = set(told) - set(submission.duty.elements)
    if unknown:
        raise entries.UnknownElement("Lý do ghi cho một số liệu không có trong báo cáo.")
    if not reason.strip() and not told:
        raise MissingReason("Hãy ghi lý do trả lại, chung cho cả báo cáo hoặc ở từng dòng.")
    now = _claim(submission, Status.SENT_BACK, by, at, reason=reason.strip(), remarks=told)
    record(
        by,
        "reporting.send_back",
        now,
        at=at,
        unit_code=now.duty.unit.code,
        summary=f"Trả lại {now}",
        reason=now.reason,
        remarks=told,
    )
    return now


@dataclass
class Outcome:
    """What became of each of many returns."""

    approved: list[Submission] = field(default_factory=list)
    left: list[tuple[Submission, str]] = field(default_factory=list)


def approve_sound(*, submissions: Iterable[Submission], by: User | None, at: datetime) -> Outcome:
    """Approve those without findings, each in its own transaction (duyệt nhiều báo cáo).

    What has findings, or was decided meanwhile, is left and said.
    """
    outcome = Outcome()
    for judged in queries.judge(submissions):
        if judged.findings:
            outcome.left.append((judged.submission, "có điểm cần xem, phải mở ra duyệt riêng"))
            continue
        try:
            approve(submission=judged.submission, by=by, at=at)
        except (AlreadyDecided, NotAllowed, facts.FaultySaying) as why:
            outcome.left.append((judged.submission, str(why)))
        else:
            outcome.approved.append(judged.submission)
    return outcome
