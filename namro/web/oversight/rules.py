"""The ladder of reminders: which steps are reached, to whom; pure."""

from __future__ import annotations

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


def steps_reached(due_on: date, today: date) -> list[Step]:
    """Every step whose day has come; a late run of the job loses none."""
    passed = (today - due_on).days
    return [step for step, day in LADDER if passed >= day]
