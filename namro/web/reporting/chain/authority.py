"""Who may decide on a return at the step it waits at: by one's own post, or for somebody away."""

from __future__ import annotations

from collections.abc import Collection, Set
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


def authority_of(
    by: User, submission: Submission, at: datetime, hands: Set[int] | None = None
) -> User | None:
    """In whose place a person decides on a return; None: by their own post.

    `hands`: what `hands_on` says of it, where it was read before. Raises NotAllowed: not theirs to
    decide at this step, or one's own work where four eyes are asked for.
    """
    on, barred = clock.day_of(at), hands
    if barred is None:
        barred = hands_on([submission])[submission.pk]
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


def hands_on(returns: Collection[Submission]) -> dict[int, set[int]]:
    """Return → who had a hand in it: entered what stands in it (be it in an earlier version),
    proved it, handed it in or were away while it was done for them, decided a step before. Where
    the regime does not ask for other eyes, only who entered something on the unit's behalf."""
    strict = [one for one in returns if one.duty.round.terms.four_eyes]
    told = _typed(strict, anyone=True)
    told |= _typed([one for one in returns if one.pk not in told], anyone=False)
    if strict:
        for pk, who in _proved([one.pk for one in strict]):
            told[pk].add(who)
        passed = _decided([one.pk for one in strict])
        for one in strict:
            told[one.pk] |= {one.submitted_by_id, one.on_behalf_of_id, one.saved_by_id}
            before = [who for pk, step, *who in passed if pk == one.pk and step != one.step]
            told[one.pk] |= {who for pair in before for who in pair}
    return {pk: {who for who in some if who is not None} for pk, some in told.items()}


def _typed(returns: Collection[Submission], *, anyone: bool) -> dict[int, set[int | None]]:
    """Return → who entered what stands in it; not `anyone`: only on behalf of the unit."""
    found: dict[int, set[int | None]] = {one.pk: set() for one in returns}
    if returns:
        rows = _typed_by([one.pk for one in returns], [one.duty_id for one in returns], anyone)
        for one in returns:
            found[one.pk] = {who for duty, who in rows if duty == one.duty_id}
    return found


@prepared
def _typed_by(
    returns: list[int], duties: list[int], anyone: bool
) -> QuerySet[CellEntry, tuple[int, int | None]]:
    standing = Q(submission__in=returns) | Q(open=True, aside=False)
    said = CellEntry.objects.filter(standing, duty__in=duties)
    if not anyone:
        said = said.filter(origin=Origin.FOR_UNIT)
    return said.order_by().values_list("duty_id", "by").distinct()


@prepared
def _proved(returns: list[int]) -> QuerySet[Evidence, tuple[int, int | None]]:
    rows = Evidence.objects.filter(submission__in=returns).order_by()
    return rows.values_list("submission_id", "added_by").distinct()


@prepared
def _decided(returns: list[int]) -> QuerySet[Decision, tuple[int, str, int | None, int | None]]:
    rows = Decision.objects.filter(submission__in=returns).order_by()
    return rows.values_list("submission_id", "step", "by", "on_behalf_of").distinct()
