"""The words and decisions of plans: parts, states of a reading."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """In which part a unit owes something (vai)."""

    LEAD = "LEAD"
    PARTNER = "PARTNER"
    ADVISER = "ADVISER"
    EXECUTOR = "EXECUTOR"

    @property
    def label(self) -> str:
        return PART_LABELS[self]


PART_LABELS = {
    Part.LEAD: "Chủ trì",
    Part.PARTNER: "Phối hợp",
    Part.ADVISER: "Tham mưu",
    Part.EXECUTOR: "Thực hiện, báo cáo số liệu",
}


class ReadingState(StrEnum):
    """How far a reading is."""

    QUEUED = "QUEUED"
    READING = "READING"
    READ = "READ"
    FAILED = "FAILED"
    CONFIRMED = "CONFIRMED"


READING_LABELS = {
    ReadingState.QUEUED: "Chờ đọc",
    ReadingState.READING: "Đang đọc",
    ReadingState.READ: "Chờ rà soát",
    ReadingState.FAILED: "Không đọc được",
    ReadingState.CONFIRMED: "Đã xác nhận",
}
