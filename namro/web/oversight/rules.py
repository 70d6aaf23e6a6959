"""The ladder of reminders: which steps are reached, which is sent, to whom; pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum


class Step(StrEnum):
    """The steps of urging (các bước đôn đốc)."""

    SOON = "SOON"
    DUE = "DUE"
    LATE = "LATE"
    HEAD = "HEAD"
    SUPERIOR = "SUPERIOR"

    @property
    def label(self) -> str:
        return STEP_LABELS[self]

    @property
    def audience(self) -> Audience:
        """Whom this step addresses."""
        return _AUDIENCES.get(self, Audience.RESPONSIBLE)


class Audience(StrEnum):
    """Whom a letter is for (người nhận)."""

    RESPONSIBLE = "RESPONSIBLE"  # the assigned person, else the unit's reporters
    HEAD = "HEAD"  # who leads the unit
    SUPERIOR = "SUPERIOR"  # who leads and co-ordinates in the superior unit


_AUDIENCES = {Step.HEAD: Audience.HEAD, Step.SUPERIOR: Audience.SUPERIOR}

STEP_LABELS = {
    Step.SOON: "Sắp đến hạn",
    Step.DUE: "Đến hạn hôm nay",
    Step.LATE: "Quá hạn",
    Step.HEAD: "Quá hạn – báo lãnh đạo đơn vị",
    Step.SUPERIOR: "Quá hạn – báo cấp trên",
}

# Days after the deadline at which a step is reached; an administrator's default, not law.
LADDER: tuple[tuple[Step, int], ...] = (
    (Step.SOON, -3),
    (Step.DUE, 0),
    (Step.LATE, 1),
    (Step.HEAD, 7),
    (Step.SUPERIOR, 15),
)


def ladder_in_words() -> str:
    """The ladder as the outbox explains it."""
    days = {step: abs(day) for step, day in LADDER}
    return (
        f"Mỗi việc được nhắc trước hạn {days[Step.SOON]} ngày, đúng hạn, quá hạn {days[Step.LATE]} "
        f"ngày; quá hạn {days[Step.HEAD]} ngày báo lãnh đạo đơn vị, {days[Step.SUPERIOR]} ngày báo "
        "cấp trên. Mỗi bước chỉ gửi một lần."
    )


def steps_reached(due_on: date, today: date) -> list[Step]:
    """Every step whose day has come; a late run of the job loses none."""
    passed = (today - due_on).days
    return [step for step, day in LADDER if passed >= day]


def next_step(reached: list[Step], settled: Collection[str]) -> tuple[Step | None, list[Step]]:
    """The step to send now, and those it passes over (a late run must not flood anyone).

    `settled` are the steps already sent or passed over. A step lower than one already settled
    is passed over too, never sent after it.

    >>> next_step([Step.SOON, Step.DUE, Step.LATE], {"SOON"})
    (<Step.LATE: 'LATE'>, [<Step.DUE: 'DUE'>])
    """
    open_steps = [s for s in reached if s not in settled]
    if not open_steps:
        return None, []
    highest = reached[-1]
    if highest in settled:
        return None, open_steps
    return highest, open_steps[:-1]


def lateness(due_on: date, today: date) -> str:
    """How the deadline stands, in words: "còn 3 ngày", "đến hạn hôm nay", "quá hạn 8 ngày"."""
    passed = (today - due_on).days
    if passed == 0:
        return "đến hạn hôm nay"
    return f"quá hạn {passed} ngày" if passed > 0 else f"còn {-passed} ngày"


class Outcome(StrEnum):
    """What became of a reminder (tình trạng)."""

    SENT = "SENT"
    WAITING = "WAITING"
    FAILED = "FAILED"
    NO_ADDRESS = "NO_ADDRESS"
    NOBODY = "NOBODY"
    PASSED_OVER = "PASSED_OVER"
    WITHDRAWN = "WITHDRAWN"

    @property
    def label(self) -> str:
        return OUTCOME_LABELS[self]


OUTCOME_LABELS = {
    Outcome.SENT: "Đã gửi",
    Outcome.WAITING: "Chờ gửi",
    Outcome.FAILED: "Chưa gửi được",
    Outcome.NO_ADDRESS: "Người nhận chưa có địa chỉ thư",
    Outcome.NOBODY: "Đơn vị chưa có người nhận",
    Outcome.PASSED_OVER: "Không gửi, đã có bước cao hơn",
    Outcome.WITHDRAWN: "Không gửi nữa, việc đã xong",
}
