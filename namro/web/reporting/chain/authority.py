"""Who may decide on a return at the step it waits at: by one's own post, or for somebody away."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from namro.web.frame import clock
from namro.web.org.models import User
from namro.web.org.queries import NotAllowed
from namro.web.reporting import rights
from namro.web.reporting.chain import deputies
from namro.web.reporting.chain.models import Decision
from namro.web.reporting.duties.regime import ChainStep
from namro.web.reporting.form.merging import Origin
from namro.web.reporting.models import CellEntry, Submission


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
    standing = Q(submission=submission) | Q(open=True, aside=False)
    said = CellEntry.objects.filter(standing, duty=submission.duty_id)
    if not submission.duty.round.terms.four_eyes:
        brought_in = said.filter(origin=Origin.FOR_UNIT).order_by()
        return set(brought_in.values_list("by", flat=True).distinct()) - {None}
    typed = said.order_by().values_list("by", flat=True).distinct()
    proved = submission.evidence.values_list("added_by", flat=True)
    before = Decision.objects.filter(submission=submission).exclude(step=submission.step)
    passed = before.values_list("by", "on_behalf_of")
    sent = (submission.submitted_by_id, submission.on_behalf_of_id, submission.saved_by_id)
    people = {*sent, *typed, *proved}
    people |= {pk for pair in passed for pk in pair}
    return {pk for pk in people if pk is not None}
