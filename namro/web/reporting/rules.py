"""The life of a submission, of a task and of a data file, as pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from namro.terms import Period, TaskState


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
NOT_STARTED = "Chưa nhập"
ENTERED_FOR = "Nơi nhận đã nhập thay, chờ đơn vị xem lại và nộp"
NOT_OWED = "Kỳ này không bắt buộc"
HELD_BACK = "Đang được giữ lại"


class UpdateKind(StrEnum):
    """What a task's update says (loại cập nhật)."""

    PROGRESS = "PROGRESS"
    DONE = "DONE"
    RETURNED = "RETURNED"

    @property
    def label(self) -> str:
        return UPDATE_LABELS[self]


UPDATE_LABELS = {
    UpdateKind.PROGRESS: "Cập nhật tiến độ",
    UpdateKind.DONE: "Báo cáo hoàn thành",
    UpdateKind.RETURNED: "Yêu cầu làm lại",
}


class FileState(StrEnum):
    """How far a file of raw records is (tình trạng tệp dữ liệu)."""

    WAITING = "WAITING"
    CHECKING = "CHECKING"
    REFUSED = "REFUSED"
    TAKEN = "TAKEN"

    @property
    def label(self) -> str:
        return FILE_LABELS[self]


FILE_LABELS = {
    FileState.WAITING: "Chờ kiểm tra",
    FileState.CHECKING: "Đang kiểm tra",
    FileState.REFUSED: "Bị từ chối",
    FileState.TAKEN: "Đã nhận",
}


def task_state(done_on: date | None, due_on: date | None, today: date) -> TaskState:
    """The official state of a task: done on time or late, not done within term or overdue."""
    if done_on:
        return TaskState.DONE_LATE if due_on and done_on > due_on else TaskState.DONE_ON_TIME
    return TaskState.OVERDUE if due_on and today > due_on else TaskState.WITHIN_TERM


# Days overdue, for the ageing of tables: (least, most, label).
AGEING: tuple[tuple[int, int, str], ...] = (
    (1, 30, "Quá hạn đến 30 ngày"),
    (31, 60, "Quá hạn 31–60 ngày"),
    (61, 120, "Quá hạn 61–120 ngày"),
    (121, 100_000, "Quá hạn trên 120 ngày"),
)


def age(days_late: int) -> str:
    """The ageing bucket of a number of days overdue; "" when not overdue."""
    return next((label for low, high, label in AGEING if low <= days_late <= high), "")


# --- when a return is due --------------------------------------------------------------------

# Public holidays on fixed days; Tết, Giỗ Tổ and swapped days are the installation's table.
FIXED_HOLIDAYS = frozenset({(1, 1), (4, 30), (5, 1), (9, 2)})


def is_working(day: date, marked: Mapping[date, bool]) -> bool:
    """Whether a day is worked: as marked (True: a swapped working day), else Monday to Friday."""
    if day in marked:
        return marked[day]
    return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS


def working_days_after(day: date, count: int, marked: Mapping[date, bool]) -> date:
    """The day that comes `count` working days after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working(day, marked)
    return day


# --- who owes what ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What one target asks: its elements, of the executors, for the receiver (unit ids)."""

    target: str
    elements: tuple[str, ...]
    receiver: int
    executors: tuple[int, ...]


@dataclass(frozen=True)
class Shared:
    """An element two receivers want of one unit: it is asked once, for the first (`receiver`)."""

    element: str
    unit: int
    receiver: int
    also: int
    target: str


def share_out(asked: Sequence[Asked]) -> tuple[dict[tuple[int, int], list[str]], list[Shared]]:
    """(unit, receiver) → elements, no element twice for one unit; and what was asked twice."""
    duties: dict[tuple[int, int], list[str]] = {}
    taken: dict[tuple[int, str], int] = {}
    shared = []
    for one in asked:
        for unit in one.executors:
            for element in one.elements:
                first = taken.setdefault((unit, element), one.receiver)
                if first != one.receiver:
                    shared.append(Shared(element, unit, first, one.receiver, one.target))
                elif element not in duties.setdefault((unit, one.receiver), []):
                    duties[unit, one.receiver].append(element)
    return {key: elements for key, elements in duties.items() if elements}, shared


_MONTHS_BETWEEN = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def falls_due(frequencies: Iterable[str], period: Period) -> bool:
    """Whether a figure of these frequencies is awaited in a period; else it is given when new."""
    end = period.first + period.length
    return any(end % _MONTHS_BETWEEN[f] == 0 for f in frequencies)


# --- figures beside those of the last period -------------------------------------------------

JUMP = Decimal("0.5")


def is_jump(before: Decimal | None, now: Decimal | None) -> bool:
    """A change of more than half of the value before: asked about, never refused."""
    if not before or now is None:
        return False
    return abs(now - before) > abs(before) * JUMP


def change_in_percent(before: Decimal | None, now: Decimal | None) -> Decimal | None:
    """The change in percent of the value before; None where there is nothing to compare."""
    if not before or now is None:
        return None
    return (now - before) * 100 / abs(before)
