"""Writes of this room: open a round here; a return's life in drafts, decisions and workbooks,

tasks in tasks, raw records in record_files. All are called as `actions.…`.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction

from namro.terms import Calendar, Period
from namro.vietnamese import format_date, tidy
from namro.web.facts import actions as facts
from namro.web.frame import clock
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans.models import Plan
from namro.web.reporting import rounds
from namro.web.reporting.decisions import (
    AlreadyDecided,
    MissingReason,
    Outcome,
    approve,
    approve_sound,
    send_back,
)
from namro.web.reporting.drafts import (
    FaultyFile,
    FaultyReturn,
    LockedReturn,
    StaleDraft,
    attach,
    check_return,
    detach,
    said,
    save_draft,
    submit,
)
from namro.web.reporting.entries import UnknownElement
from namro.web.reporting.models import Duty, Holiday, Round
from namro.web.reporting.record_files import FaultyRecordFile, check_records, receive_records
from namro.web.reporting.rounds import proposed_due_at
from namro.web.reporting.sheets import frequencies, is_required
from namro.web.reporting.tasks import FaultyUpdate, return_task, update_task
from namro.web.reporting.workbooks import FaultyWorkbook, receive_workbook, workbook_of

__all__ = [
    "AlreadyDecided",
    "FaultyFile",
    "FaultyRecordFile",
    "FaultyReturn",
    "FaultyRound",
    "FaultyUpdate",
    "FaultyWorkbook",
    "LockedReturn",
    "MissingReason",
    "Outcome",
    "StaleDraft",
    "UnknownElement",
    "approve",
    "approve_sound",
    "attach",
    "check_records",
    "check_return",
    "detach",
    "mark_day",
    "move_due",
    "open_round",
    "proposed_due_at",
    "receive_records",
    "receive_workbook",
    "return_task",
    "said",
    "save_draft",
    "send_back",
    "submit",
    "unmark_day",
    "update_task",
    "workbook_of",
]


class FaultyRound(ValueError):
    """A round that cannot be opened so; the message is Vietnamese."""


@transaction.atomic
def open_round(
    *,
    plan: Plan,
    period_code: str,
    due_at: datetime | None = None,
    by: User | None,
    at: datetime,
    calendar: Calendar = Calendar.ADMINISTRATIVE,
) -> Round:
    """Open a period for reporting: a duty for each unit and receiver (mở đợt báo cáo).

    `due_at` None: as proposed. Opening again adds what assignments have since added, and changes
    nothing else. Raises NotAllowed, FaultyRound (no such period, due too early, nobody to ask).
    """
    if by:
        allow(by, Verb.OPEN_ROUND, plan.root, on=clock.day_of(at))
    period = _period(period_code)
    due_at = due_at or proposed_due_at(period, calendar)
    _check_due(period, calendar, due_at)
    found = rounds.prospect(plan, period)
    if not found.duties:
        raise FaultyRound(
            "Chưa mở được đợt báo cáo: chưa có đơn vị nào phải báo cáo. Hãy gắn cách đo và phân "
            "công đơn vị chủ trì, đơn vị thực hiện cho các chỉ tiêu trước."
        )
    Plan.objects.select_for_update().get(pk=plan.pk)
    opened, is_new = Round.objects.get_or_create(
        plan=plan,
        period=period.code,
        defaults={"calendar": calendar, "due_at": due_at, "opened_by": by, "opened_at": at},
    )
    added = _add_duties(opened, found.duties)
    if is_new or added:
        facts.open_period(period_code=period.code, at=at)
        record(
            by, "reporting.open_round", opened, at=at, unit_code=plan.root.code,
            summary=f"Mở {opened}" if is_new else f"Bổ sung {opened}", added=added,
        )  # fmt: skip
    return opened


def _period(code: str) -> Period:
    try:
        return Period.of(code)
    except ValueError as why:
        raise FaultyRound("Hãy chọn kỳ báo cáo trong danh sách.") from why


def _check_due(period: Period, calendar: Calendar, due_at: datetime) -> None:
    last = period.last_day(calendar)
    if clock.day_of(due_at) <= last:
        raise FaultyRound(
            f"Hạn nộp phải sau ngày cuối kỳ ({format_date(last)}): đơn vị cần ít nhất một ngày làm "
            "việc để tổng hợp số liệu."
        )


def _add_duties(opened: Round, wanted: dict[tuple[int, int], list[str]]) -> int:
    """Create what is missing; an element a unit already owes in the round is not asked twice."""
    kept = {(d.unit_id, d.receiver_id): d for d in opened.duties.select_for_update()}
    owed: dict[int, set[str]] = defaultdict(set)
    for duty in kept.values():
        owed[duty.unit_id].update(duty.elements)
    added, fresh, often = 0, [], frequencies({opened.plan_id})
    for (unit, receiver), elements in wanted.items():
        new = [e for e in elements if e not in owed[unit]]
        duty = kept.get((unit, receiver))
        added += len(new)
        if new and duty:
            duty.elements = [*duty.elements, *new]
            duty.required = is_required(opened, duty.elements, often)
            duty.save(update_fields=["elements", "required"])
        elif new:
            fresh.append(
                Duty(
                    round=opened, unit_id=unit, receiver_id=receiver, elements=new,
                    required=is_required(opened, new, often),
                )
            )  # fmt: skip
    Duty.objects.bulk_create(fresh)
    return added


@transaction.atomic
def move_due(*, round: Round, due_at: datetime, by: User | None, at: datetime) -> Round:
    """Give a round another moment to be due (đổi hạn nộp). Raises NotAllowed, FaultyRound."""
    if by:
        allow(by, Verb.OPEN_ROUND, round.plan.root, on=clock.day_of(at))
    _check_due(Period.of(round.period), Calendar(round.calendar), due_at)
    before, round.due_at = round.due_at, due_at
    round.save(update_fields=["due_at"])
    record(
        by, "reporting.move_due", round, at=at, unit_code=round.plan.root.code,
        summary=f"Đổi hạn nộp {round}", before=before, after=due_at,
    )  # fmt: skip
    return round


@transaction.atomic
def mark_day(*, on: date, name: str, works: bool, by: User | None, at: datetime) -> Holiday:
    """Say that a day is off, or a swapped working day (ngày nghỉ, ngày làm bù)."""
    if by:
        allow(by, Verb.OPEN_ROUND, on=clock.day_of(at))
    if not tidy(name):
        raise FaultyRound("Hãy ghi tên ngày nghỉ, ví dụ “Tết Nguyên đán”.")
    day, _ = Holiday.objects.update_or_create(
        on=on, defaults={"name": tidy(name)[:120], "works": works}
    )
    what = "làm bù" if works else "nghỉ"
    record(by, "reporting.mark_day", day, at=at, summary=f"Ngày {what} {format_date(on)}: {day}")
    return day


@transaction.atomic
def unmark_day(*, day: Holiday, by: User | None, at: datetime) -> None:
    """Take a marked day off the calendar."""
    if by:
        allow(by, Verb.OPEN_ROUND, on=clock.day_of(at))
    record(by, "reporting.unmark_day", day, at=at, summary=f"Bỏ {format_date(day.on)}: {day}")
    day.delete()
