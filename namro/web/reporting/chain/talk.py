"""What a level says of a return without retyping it (ý kiến)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from namro.web.frame import clock
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import NotAllowed
from namro.web.reporting import rights
from namro.web.reporting.chain.models import Comment
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status

MOST_COMMENT = 2000


class FaultyComment(ValueError):
    """A comment or a reason that cannot be taken; the message is Vietnamese."""


def speaks_for(user: User, submission: Submission, at: datetime) -> Unit | None:
    """The side for which a person may speak of a return: who made it, who receives it, who
    coordinates; None for anybody else."""
    on, duty = clock.day_of(at), submission.duty
    if rights.may_report(user, duty.unit, on) or rights.heads(user, duty.unit, on):
        return duty.unit
    if submission.sent_at and rights.may_decide(user, duty.receiver, on):
        return duty.receiver
    return None


@transaction.atomic
def comment(
    *, submission: Submission, element: str = "", text: str, by: User, at: datetime
) -> Comment:
    """Say something of a return or of one of its figures; both sides see it (ý kiến).

    What the same person just said there is not said again. Raises NotAllowed, FaultyComment.
    """
    side = speaks_for(by, submission, at)
    if side is None or submission.status == Status.DRAFT:
        raise NotAllowed("Chỉ đơn vị báo cáo, nơi nhận và người điều phối ghi ý kiến ở đây.")
    told = text.replace("\r\n", "\n").strip()
    if not told:
        raise FaultyComment("Hãy ghi nội dung ý kiến.")
    if len(told) > MOST_COMMENT:
        raise FaultyComment(f"Ý kiến dài quá {MOST_COMMENT} ký tự. Hãy rút gọn.")
    if element and element not in submission.duty.elements:
        raise FaultyComment("Báo cáo này không có số liệu đã chọn. Hãy tải lại trang.")
    Submission.objects.select_for_update().get(pk=submission.pk)
    last = submission.comments.order_by("pk").last()
    if last and (last.element, last.text, last.by_id) == (element, told, by.pk):
        return last  # the button pressed twice
    kept = Comment.objects.create(
        submission=submission, element=element, text=told, unit=side, by=by, at=at
    )
    record(
        by, "reporting.comment", submission, at=at, unit_code=submission.duty.unit.code,
        summary=f"Ý kiến về {submission}", element=element, text=told[:300],
    )  # fmt: skip
    return kept
