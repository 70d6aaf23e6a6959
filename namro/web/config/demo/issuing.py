"""Tasks worked on, reminders sent, and one report issued."""

from __future__ import annotations

from datetime import timedelta

from namro.web.config.demo.planning import lead_units_of_tasks
from namro.web.org.rules import Role
from namro.web.oversight import reminders
from namro.web.papers import actions as papers
from namro.web.plans.models import Plan
from namro.web.reporting import actions

PROGRESS = (
    "Đã ban hành hướng dẫn tổ chức hội nghị quán triệt; 100% đảng ủy trực thuộc đã nhận.",
    "Đã xây dựng kế hoạch kiểm tra, giám sát; đang tổ chức thực hiện tại các đơn vị.",
    "Các đảng ủy trực thuộc đã tổ chức phổ biến, quán triệt; đang triển khai nhiệm vụ được giao.",
)


def update_tasks(plan: Plan, staff: dict, times) -> None:
    """The first task is done, the next are on their way, the rest have not been heard of."""
    leads = lead_units_of_tasks(plan)
    for number, task in enumerate(plan.tasks.order_by("position")[: len(PROGRESS)]):
        unit = leads[task.pk]
        officer = unit and staff.get((unit.code, Role.REPORTER))
        if not officer:
            continue
        day = times.started_on + timedelta(days=20 + 10 * number)
        actions.update_task(
            task=task,
            unit=unit,
            text=PROGRESS[number],
            done_on=day if number == 0 else None,
            by=officer,
            at=times.at(day, 14),
        )


def remind(times) -> None:
    """The daily job, as it would have run today."""
    reminders.run(today=times.today, at=times.now)


def issue(plan: Plan, staff: dict, times) -> None:
    """The report of the last whole round before the newest."""
    period = times.periods[-2]
    issued_on = period.last_day() + timedelta(days=5)
    papers.issue_report(
        plan=plan,
        unit=plan.issuer,
        period_code=period.code,
        form="party",
        number="",
        issued_on=issued_on,
        as_of=times.at(period.last_day() + timedelta(days=4), 16),
        by=staff["12-DU", Role.LEADER],
        at=times.at(issued_on, 9),
    )
