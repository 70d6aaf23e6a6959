"""What is locked, and for whom not: closed rounds, the cut-off after the deadline, exemptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from namro.web.frame import clock
from namro.web.frame.days import say_moment
from namro.web.frame.prepared import prepared
from namro.web.reporting import rights, rules
from namro.web.reporting.chain.models import Decision, Exemption, RoundEvent
from namro.web.reporting.chain.rules import (
    NO_HEAD,
    ChainStep,
    DecisionKind,
    first_step,
    leaves_unit,
    step_after,
)
from namro.web.reporting.form.merging import Part
from namro.web.reporting.models import CellEntry, Duty, Holiday, Round, Submission
from namro.web.reporting.rules import Status


class LockedRound(Exception):
    """Nothing can be handed in any more; the message is Vietnamese and says since when, and the way
    out. What was filled in stays saved."""


@dataclass(frozen=True)
class Lock:
    """Since when a duty is locked, and why."""

    since: datetime
    closed: bool

    def sentence(self) -> str:
        why = "đã đóng" if self.closed else "đã khóa nhận báo cáo"
        return (
            f"Đợt báo cáo này {why} từ {say_moment(self.since)}, chưa nộp được. Số đã nhập vẫn "
            "được lưu; cần nộp thì đề nghị người điều phối kế hoạch cho phép nộp sau khi khóa."
        )


def locks_at(duty: Duty) -> datetime | None:
    """The moment at which hand-ins end by themselves; None where the regime does not lock."""
    days = duty.round.terms.lock_days
    if days is None:
        return None
    due = timezone.localtime(duty.due)
    marked = dict(Holiday.objects.values_list("on", "works"))
    last = rules.working_days_after(due.date(), days, marked)
    return due + timedelta(days=(last - due.date()).days)


def exemption_of(duty: Duty, at: datetime) -> Exemption | None:
    """The leave to hand in though locked, in force at a moment."""
    return next(iter(_exemptions(duty.round_id, duty.unit_id, at)), None)


@prepared
def _exemptions(round: int, unit: int, at: datetime) -> QuerySet[Exemption]:
    rows = Exemption.objects.filter(round=round, unit=unit, withdrawn_at=None, until__gte=at)
    return rows.select_related("by").order_by("-until")[:1]


def lock_of(duty: Duty, at: datetime) -> Lock | None:
    """What keeps a duty from being handed in at a moment; None where nothing does.

    The cut-off never locks the correction of what was approved: a wrong figure can be mended.
    """
    closed, moment = duty.round.closed_at, locks_at(duty)
    lock = None
    if closed:
        lock = Lock(closed, True)
    elif moment and at > moment and not _corrects(duty):
        lock = Lock(moment, False)
    return None if lock is None or exemption_of(duty, at) else lock


def _corrects(duty: Duty) -> bool:
    return duty.submissions.filter(status=Status.APPROVED).exists()


def hand_in(submission: Submission, at: datetime) -> dict[str, object]:
    """Where a return handed in now stands: its first step, and when it left the unit.

    Holds the round until the transaction ends, so that whoever closes it at the same moment comes
    before or after, never between. Raises LockedRound.
    """
    duty = submission.duty
    duty.round.closed_at = _closed_at(duty.round)
    if lock := lock_of(duty, at):
        raise LockedRound(lock.sentence())
    steps = duty.round.terms.chain
    asks_head = step_after("", steps) is ChainStep.UNIT
    heads = rights.heads_on(clock.day_of(at)).filter(unit=duty.unit_id)
    first = first_step(steps, not asks_head or heads.exists())
    assert first is not None
    return {"step": first.value, "sent_at": at if leaves_unit(steps, first) else None}


def tell_passed(submission: Submission, at: datetime) -> bool:
    """Whether a return handed in passed its own unit, which has nobody to decide; its history says
    so."""
    steps = submission.duty.round.terms.chain
    if steps[0] is not ChainStep.UNIT or submission.step == ChainStep.UNIT:
        return False
    Decision.objects.create(
        submission=submission, step=ChainStep.UNIT.value, what=DecisionKind.PASSED.value,
        by=None, reason=NO_HEAD, at=at,
    )  # fmt: skip
    return True


def _closed_at(round: Round) -> datetime | None:
    """When the round was closed, as the row itself says now; many may look, none may close."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM reporting_round WHERE id = %s FOR SHARE", [round.pk])
    return _ends_of(round.pk)[0]


@prepared
def _ends_of(round: int) -> QuerySet[Round, datetime | None]:
    return Round.objects.filter(pk=round).values_list("closed_at", flat=True)


def unexplained(submission: Submission) -> list[str]:
    """What a correction of an approved return still lacks: its reason, as a sentence.

    The note of what was approved, carried over into the correction, is no reason for it.
    """
    approved = next(iter(_approved_before(submission.duty_id, submission.version)), None)
    if approved is None or _is_told_since(approved, submission):
        return []
    return ["Đính chính số liệu đã duyệt thì phải nêu lý do ở ô Thuyết minh chung."]


@prepared
def _approved_before(duty: int, version: int) -> QuerySet[Submission]:
    rows = Submission.objects.filter(duty=duty, status=Status.APPROVED, version__lt=version)
    return rows.order_by("-version")[:1]


def _is_told_since(approved: Submission, submission: Submission) -> bool:
    """Whether the general note was written after a version was approved."""
    note = submission.note.strip()
    if not note or note != approved.note.strip():
        return bool(note)
    said = CellEntry.objects.filter(duty=submission.duty_id, element="", part=Part.NOTE.value)
    shown = said.filter(open=True, aside=False)
    return shown.filter(submission__version__gt=approved.version).exists()


def events_of(round: Round) -> list[RoundEvent]:
    """What happened to a round, newest first."""
    return list(round.events.select_related("by").order_by("-at", "-pk"))


def exemptions_of(round: Round, at: datetime) -> list[Exemption]:
    """Leaves to hand in though locked that are in force, the soonest to end first."""
    rows = Exemption.objects.filter(round=round, withdrawn_at=None, until__gte=at)
    return list(rows.select_related("unit", "by", "round__plan__root").order_by("until", "pk"))
