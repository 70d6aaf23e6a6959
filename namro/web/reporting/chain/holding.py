"""A level holds data back only with a reason (giữ lại, chưa tổng hợp).

What waits is then in no sum. What is official is taken out of the ledger, so that no total above
counts it, and stands there again, as it was, once it is held no longer: both are rows of the
ledger, so that what was told of an earlier moment stays as it was told.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from namro.vietnamese import tidy
from namro.web.facts import actions as facts
from namro.web.facts.models import Observation
from namro.web.facts.rules import Said
from namro.web.org.models import User
from namro.web.reporting.chain.authority import authority_of, keeper_of
from namro.web.reporting.chain.history import Decided, journal
from namro.web.reporting.chain.models import Hold
from namro.web.reporting.chain.official import sayings_of
from namro.web.reporting.chain.talk import FaultyComment
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status


@transaction.atomic
def hold(*, submission: Submission, reason: str, by: User | None, at: datetime) -> Hold:
    """Keep a return out of the figures for the time being, and say why (giữ lại).

    What waits, by whoever may decide on it now; what is official, by the receiver's people or who
    coordinates. Raises NotAllowed, FaultyComment.
    """
    told = tidy(reason)[:500]
    now = _locked(submission)
    away = _allow(now, by, at)
    if not told:
        raise FaultyComment("Hãy ghi lý do giữ lại; lý do hiện cạnh số đơn vị đã báo cáo.")
    if now.status not in (Status.SUBMITTED, Status.APPROVED) or _is_replaced(now):
        raise FaultyComment("Chỉ giữ lại được báo cáo đang chờ duyệt hoặc số chính thức hiện hành.")
    if now.holds.filter(released_at=None).exists():
        raise FaultyComment("Báo cáo này đang được giữ lại.")
    kept = Hold.objects.create(submission=now, reason=told, by=by, at=at)
    count = _withdraw(kept, now, by, at) if now.status == Status.APPROVED else 0
    why = {"reason": told, "count": count}
    journal([Decided(now, away, "hold", f"Giữ lại, chưa tổng hợp {now}", why)], by, at)
    return kept


@transaction.atomic
def release(*, submission: Submission, by: User | None, at: datetime) -> None:
    """Hold a return back no longer (thôi giữ): what was official is so again. Raises NotAllowed;
    twice does nothing."""
    now = _locked(submission)
    away = _allow(now, by, at)
    kept = now.holds.filter(released_at=None).first()
    if kept is None:
        return
    kept.released_at, kept.released_by = at, by
    kept.save(update_fields=["released_at", "released_by"])
    count = _restore(kept, now, by, at)
    journal([Decided(now, away, "release", f"Thôi giữ {now}", {"count": count})], by, at)


def _locked(submission: Submission) -> Submission:
    """The return as it is now; none of its versions is decided on meanwhile."""
    rows = Submission.objects.select_for_update().filter(duty=submission.duty_id)
    list(rows.order_by("pk").values_list("pk"))
    words = ("duty__round__plan__root", "duty__unit", "duty__receiver")
    return Submission.objects.select_related(*words).get(pk=submission.pk)


def _allow(submission: Submission, by: User | None, at: datetime) -> User | None:
    """In whose place `by` does it; the installation itself (None) always may."""
    if by is None:
        return None
    right = keeper_of if submission.status == Status.APPROVED else authority_of
    return right(by, submission, at)


def _is_replaced(submission: Submission) -> bool:
    later = submission.duty.submissions.filter(version__gt=submission.version)
    return submission.status == Status.APPROVED and later.filter(status=Status.APPROVED).exists()


def _standing(submission: Submission) -> list[Observation]:
    """The newest row of the ledger for each figure of the return's form."""
    duty = submission.duty
    rows = Observation.objects.filter(
        unit=duty.unit_id, period=duty.round.period, element__in=duty.elements
    )
    return list({row.element: row for row in rows.order_by("pk")}.values())


def _withdraw(kept: Hold, submission: Submission, by: User | None, at: datetime) -> int:
    """Take what this return says out of the ledger; what another return said since stays."""
    if not submission.duty.round.is_periodic:
        return 0
    own = {f"submission:{pk}" for pk in submission.duty.submissions.values_list("pk", flat=True)}
    said = [
        Said(row.element, row.unit_id, row.period, None)
        for row in _standing(submission)
        if row.source in own and row.value is not None
    ]
    return len(facts.record(said=said, source=f"hold:{kept.pk}", by=by, at=at)) if said else 0


def _restore(kept: Hold, submission: Submission, by: User | None, at: datetime) -> int:
    """Say again what the hold took out, and nothing that was said otherwise since."""
    gone = {row.element for row in _standing(submission) if row.source == f"hold:{kept.pk}"}
    told = sayings_of([submission])[submission.pk]
    said = [s for s in told if s.element in gone and s.value is not None]
    source = f"submission:{submission.pk}"
    return len(facts.record(said=said, source=source, by=by, at=at)) if said else 0
