"""The life of a submission and of a task, as pure decisions."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from namro.terms import TaskState


class Status(StrEnum):
    """How far a submission is (tình trạng báo cáo)."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    SENT_BACK = "SENT_BACK"
    APPROVED = "APPROVED"

    @property
    def label(self) -> str:
        return STATUS_LABELS[self]


STATUS_LABELS = {
    Status.DRAFT: "Đang nhập",
    Status.SUBMITTED: "Đã nộp, chờ duyệt",
    Status.SENT_BACK: "Bị trả lại",
    Status.APPROVED: "Đã duyệt",
}


def task_state(done_on: date | None, due_on: date | None, today: date) -> TaskState:
    """The official state of a task: done on time or late, not done within term or overdue."""
    if done_on:
        return TaskState.DONE_LATE if due_on and done_on > due_on else TaskState.DONE_ON_TIME
    return TaskState.OVERDUE if due_on and today > due_on else TaskState.WITHIN_TERM
