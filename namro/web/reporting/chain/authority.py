"""Who may decide on a return at the step it waits at: by one's own post, or for somebody away."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from namro.web.frame import clock
from namro.web.frame.prepared import prepared
from namro.web.org.models import User
from namro.web.org.queries import NotAllowed
from namro.web.reporting import rights
from namro.web.reporting.chain import deputies
from namro.web.reporting.chain.models import Decision
from namro.web.reporting.duties.regime import ChainStep
from namro.web.reporting.form.merging import Origin
from namro.web.reporting.models import CellEntry, Evidence, Submission


def own_right(user: User, submission: Submission, on: date) -> bool:
    """Whether a person's own posts let them decide at the return's step."""
    duty = submission.duty
    if submission.step == ChainStep.UNIT:
        return rights.heads(user, duty.unit, on) or rights.may_decide_vacant(user, duty.unit, on)
    if submission.step == ChainStep.OFFICE:
        return rights.confirms(user, duty.round.plan, on)
    return rights.may_decide(user, duty.receiver, on)


def authority_of(by: User, submission: Submission, at: datetime) -> User | None:
    """In whose place a person decides on a return; None: by their own post.

    Raises NotAllowed: not theirs to decide at this step, or one's own work where four eyes are
    asked for.
    """
    on, barred = clock.day_of(at), _hands(submission)
    own = own_right(by, submission, on)
    if own and by.pk not in barred:
        return None
    for away in deputies.in_place_of(by, on):
        if own_right(away, submission, on) and not barred & {by.pk, away.pk}:
            return away
    if own:
        raise NotAllowed(
            "Người nhập, nộp hoặc đã duyệt bước trước không tự duyệt báo cáo này; cần một người "
            "khác xem lại."
        )
    raise NotAllowed(_whose(submission))


def keeper_of(by: User, submission: Submission, at: datetime) -> User | None:
    """In whose place a person holds back what is official, or lets it stand again: the receiver's
    people and who coordinates; None: by their own post. Raises NotAllowed."""
    on, receiver = clock.day_of(at), submission.duty.receiver
    if rights.may_decide(by, receiver, on):
        return None
    for away in deputies.in_place_of(by, on):
        if rights.may_decide(away, receiver, on):
            return away
    raise NotAllowed(f"Chỉ {receiver.name} và người điều phối giữ lại số chính thức này.")


def _whose(submission: Submission) -> str:
    duty = submission.duty
    if submission.step == ChainStep.UNIT:
        return f"Báo cáo này chờ lãnh đạo {duty.unit.name} duyệt; đồng chí không duyệt thay được."
    if submission.step == ChainStep.OFFICE:
        return "Báo cáo này chờ Văn phòng xác nhận; đồng chí không duyệt thay được."
    return f"Báo cáo này gửi {duty.receiver.name}; đồng chí không duyệt thay được."


def _hands(submission: Submission) -> set[int]:
    """Who had a hand in the return: entered what stands in it (be it in an earlier version), proved
    it, handed it in or were away while it was done for them, decided a step before. Where the
    regime does not ask for other eyes, only who entered something on the unit's behalf."""
    four_eyes = submission.duty.round.terms.four_eyes
    typed = _typed_by(submission.pk, submission.duty_id, four_eyes)
    if not four_eyes:
        return {pk for pk in typed if pk is not None}
    known = _proved_or_passed_by(submission.pk, submission.step)
    sent = (submission.submitted_by_id, submission.on_behalf_of_id, submission.saved_by_id)
    return {pk for pk in (*sent, *typed, *known) if pk is not None}


@prepared
def _typed_by(submission: int, duty: int, anyone: bool) -> QuerySet[CellEntry, int | None]:
    standing = Q(submission=submission) | Q(open=True, aside=False)
    said = CellEntry.objects.filter(standing, duty=duty)
    if not anyone:
        said = said.filter(origin=Origin.FOR_UNIT)
    return said.order_by().values_list("by", flat=True).distinct()


@prepared
def _proved_or_passed_by(submission: int, step: str) -> QuerySet[Evidence, int | None]:
    proofs = Evidence.objects.filter(submission=submission).order_by()
    before = Decision.objects.filter(submission=submission).exclude(step=step).order_by()
    passed = (before.values_list(who, flat=True) for who in ("by", "on_behalf_of"))
    return proofs.values_list("added_by", flat=True).union(*passed)
