"""The words of the chain, and whose turn it is: pure decisions."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from namro.web.reporting.duties.regime import STEP_LABELS, ChainStep


class RoundEventKind(StrEnum):
    """What happened to a round."""

    OPENED = "OPENED"
    ADDED = "ADDED"
    DUE_MOVED = "DUE_MOVED"
    SETTINGS = "SETTINGS"
    CLOSED = "CLOSED"
    REOPENED = "REOPENED"
    EXEMPTED = "EXEMPTED"
    RECALLED = "RECALLED"


EVENT_LABELS = {
    RoundEventKind.OPENED: "Mở đợt",
    RoundEventKind.ADDED: "Bổ sung đơn vị, số liệu",
    RoundEventKind.DUE_MOVED: "Đổi hạn nộp",
    RoundEventKind.SETTINGS: "Đổi chế độ của đợt",
    RoundEventKind.CLOSED: "Đóng đợt",
    RoundEventKind.REOPENED: "Mở lại đợt",
    RoundEventKind.EXEMPTED: "Cho phép nộp sau khi khóa",
    RoundEventKind.RECALLED: "Thôi cho phép nộp sau khi khóa",
}


class DecisionKind(StrEnum):
    """What was decided at a step."""

    PASSED = "PASSED"
    APPROVED = "APPROVED"
    SENT_BACK = "SENT_BACK"


DECISION_LABELS = {
    DecisionKind.PASSED: "Duyệt, chuyển tiếp",
    DecisionKind.APPROVED: "Duyệt thành số chính thức",
    DecisionKind.SENT_BACK: "Trả lại",
}


class SendBackFault(StrEnum):
    """Why a return was sent back, for counting (loại lỗi)."""

    WRONG = "WRONG"
    INCOMPLETE = "INCOMPLETE"
    OFF_TARGET = "OFF_TARGET"


FAULT_LABELS = {
    SendBackFault.WRONG: "Số liệu sai",
    SendBackFault.INCOMPLETE: "Thiếu số liệu hoặc minh chứng",
    SendBackFault.OFF_TARGET: "Chưa đúng yêu cầu",
}


class AppraisalState(StrEnum):
    """How the evidence of a task's update stands (thẩm định minh chứng)."""

    WAITING = "WAITING"
    ACCEPTED = "ACCEPTED"
    WANTING = "WANTING"

    @property
    def label(self) -> str:
        return APPRAISAL_LABELS[self]


APPRAISAL_LABELS = {
    AppraisalState.WAITING: "Chờ thẩm định",
    AppraisalState.ACCEPTED: "Đã nghiệm thu",
    AppraisalState.WANTING: "Cần bổ sung",
}


NO_HEAD = "Đơn vị chưa có người đứng đầu"
"""Why a return passed its own unit without a decision there."""


def first_step(steps: Sequence[ChainStep], has_head: bool) -> ChainStep | None:
    """Where a return handed in waits first. A unit without anybody to decide for it is passed, as
    long as a step follows at which somebody does."""
    first = step_after("", steps)
    if first is ChainStep.UNIT and not has_head:
        return step_after(first, steps) or first
    return first


def step_after(step: str, steps: Sequence[ChainStep]) -> ChainStep | None:
    """The step that follows ("": the first); None after the last: then it is official."""
    if not step:
        return steps[0] if steps else None
    order = list(ChainStep)
    here = order.index(ChainStep(step))
    return next((s for s in steps if order.index(s) > here), None)


def leaves_unit(steps: Sequence[ChainStep], step: str) -> bool:
    """Whether a return that waits at this step has left the unit that made it."""
    return step != ChainStep.UNIT or ChainStep.UNIT not in steps


def waits_for(step: str) -> str:
    """Whom a return waits for, in words."""
    return {
        ChainStep.UNIT.value: "Chờ lãnh đạo đơn vị duyệt",
        ChainStep.RECEIVER.value: "Đã nộp, chờ duyệt",
        ChainStep.OFFICE.value: "Chờ Văn phòng xác nhận",
    }.get(step, "Đã nộp, chờ duyệt")


def awaited(step: str, receiver: str) -> str:
    """Whose word a return waits for, in a sentence."""
    return {ChainStep.UNIT.value: "lãnh đạo đơn vị", ChainStep.OFFICE.value: "Văn phòng"}.get(
        step, receiver
    )


def waiting_clause(step: str, receiver: str) -> str:
    """What a return waits for, as the end of a sentence."""
    who = awaited(step, receiver)
    if step == ChainStep.UNIT:
        return f"đang chờ {who} duyệt, chưa gửi đi"
    return f"đang chờ {who} {'xác nhận' if step == ChainStep.OFFICE else 'duyệt'}"


__all__ = [
    "APPRAISAL_LABELS",
    "DECISION_LABELS",
    "EVENT_LABELS",
    "FAULT_LABELS",
    "NO_HEAD",
    "STEP_LABELS",
    "AppraisalState",
    "ChainStep",
    "DecisionKind",
    "RoundEventKind",
    "SendBackFault",
    "awaited",
    "first_step",
    "leaves_unit",
    "step_after",
    "waiting_clause",
    "waits_for",
]
