"""One plan on one page: where its targets and tasks stand, whom we have heard from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q

from namro.terms import Period, Standing, TaskState
from namro.vietnamese import capitalised, format_date
from namro.web.frame import charts
from namro.web.frame.days import write_moment
from namro.web.org.models import User
from namro.web.org.queries import units_within
from namro.web.org.rules import Kind, Verb
from namro.web.plans.models import Plan
from namro.web.plans.queries import (
    plans_for,
    targets_of,
    who_leads_and_helps,
    with_open_faults,
)
from namro.web.reporting.models import Duty, Submission
from namro.web.reporting.progress import TaskLine, states_of_tasks
from namro.web.reporting.rules import AGEING, Status
from namro.web.results import queries as results
from namro.web.results.choosing import query_of
from namro.web.results.queries import TargetResult
from namro.web.results.rules import choosable
from namro.web.results.sight import View

_COMMUNES = (Kind.COMMUNE, Kind.WARD)
_SPARKS = 6  # periods in the small line of a row


@dataclass(frozen=True)
class Row:
    """A target's line in the table."""

    told: TargetResult
    subject: str
    spark: str
    leads: str


@dataclass(frozen=True)
class Heard:
    """How many communes have handed in all they owe (đã báo / phải báo)."""

    heard: int
    expected: int

    @property
    def silent(self) -> int:
        return self.expected - self.heard


@dataclass(frozen=True)
class TaskGroup:
    """The tasks of one official state, the longest overdue first."""

    state: TaskState
    lines: list[TaskLine]


@dataclass(frozen=True)
class PlanPage:
    """All that the page shows of one plan."""

    plan: Plan
    view: View
    rows: list[Row]
    soft_rows: list[Row]
    standings: list[tuple[Standing, int]]
    heard: Heard
    groups: list[TaskGroup]
    ageing: list[tuple[str, int]]
    open_faults: int
    periods: list[Period]

    @property
    def official_groups(self) -> list[TaskGroup]:
        """The four official numbers in their official order."""
        order = list(TaskState)
        return sorted(self.groups, key=lambda g: order.index(g.state))

    @property
    def unbound(self) -> int:
        """Targets nobody said how to count."""
        return sum(not r.told.target.measure for r in (*self.rows, *self.soft_rows))

    @property
    def unled(self) -> int:
        """Targets without a lead: nobody receives what is reported."""
        return sum(not r.leads for r in (*self.rows, *self.soft_rows))

    @property
    def task_count(self) -> int:
        return sum(len(g.lines) for g in self.groups)

    @property
    def figure_query(self) -> str:
        """The same unit, period and moment on the page of one figure."""
        return query_of(self.view)

    @property
    def as_of_text(self) -> str:
        return write_moment(self.view.as_of)


def page_of(plan: Plan, view: View, viewer: User) -> PlanPage:
    """Gather the page: figures as of the view's moment, tasks as they stood on its day."""
    given = who_leads_and_helps(plan, view.on)
    rows = [_row(r) for r in results.results_of(list(targets_of(plan)), view, given)]
    hard = [r for r in rows if not r.told.target.soft]
    counted = Counter(r.told.standing for r in hard)
    same_day = view.judged_on == view.on
    lines = states_of_tasks(plan, view.judged_on, given if same_day else None)
    return PlanPage(
        plan=plan,
        view=view,
        rows=hard,
        soft_rows=[r for r in rows if r.told.target.soft],
        standings=[(s, counted[s]) for s in Standing],
        heard=heard_communes(plan, view.period, viewer, view.on),
        groups=task_groups(lines),
        ageing=_ageing(lines),
        open_faults=plan.faults_open,
        periods=sorted({*choosable(view.known), view.period}, key=_newest_first),
    )


def find(viewer: User, plan_id: int, on: date) -> Plan:
    """A plan in sight, with the number of its open faults; raises Plan.DoesNotExist."""
    return with_open_faults(plans_for(viewer, on)).get(pk=plan_id)


def _row(told: TargetResult) -> Row:
    spark = _spark(tuple(value for _, value in told.trend[-_SPARKS:]), told.threshold.value)
    return Row(
        told, capitalised(told.target.subject), spark, ", ".join(u.label for u in told.leads)
    )


@lru_cache(maxsize=4096)
def _spark(values: tuple[Decimal | None, ...], threshold: Decimal | None) -> str:
    """The small line of a row, drawn once for the same values; "" where none is known."""
    return charts.sparkline(values, threshold) if any(v is not None for v in values) else ""


def heard_communes(plan: Plan, period: Period, viewer: User, on: date) -> Heard:
    """Communes in the viewer's sight that handed in all their returns of a period. One query."""
    sent = Submission.objects.filter(
        Q(status=Status.APPROVED) | Q(status=Status.SUBMITTED) & ~Q(step="UNIT"),
        duty=OuterRef("pk"),
    )
    duties = Duty.objects.filter(
        round__plan=plan,
        round__kind="PERIOD",
        required=True,
        round__period__in={period.code, period.last_month.code},
        unit__kind__in=_COMMUNES,
        unit__in=units_within(viewer, Verb.SEE_FIGURES, on).values("pk"),
    )
    whole: dict[int, bool] = {}
    for unit, is_sent in duties.values_list("unit_id", Exists(sent)):
        whole[unit] = whole.get(unit, True) and is_sent
    return Heard(sum(whole.values()), len(whole))


def task_groups(lines: list[TaskLine]) -> list[TaskGroup]:
    """The four official states, what is overdue first."""
    order = (
        TaskState.OVERDUE,
        TaskState.WITHIN_TERM,
        TaskState.DONE_LATE,
        TaskState.DONE_ON_TIME,
    )
    return [
        TaskGroup(s, sorted((x for x in lines if x.state is s), key=lambda x: -x.days_late))
        for s in order
    ]


def _ageing(lines: list[TaskLine]) -> list[tuple[str, int]]:
    """How long the overdue have been so: (label, number), empty ones left out."""
    counted = Counter(line.ageing for line in lines if line.days_late)
    return [(label, counted[label]) for _, _, label in AGEING if counted[label]]


def _newest_first(period: Period) -> tuple[int, int]:
    return -(period.first + period.length), period.length


def issued_text(plan: Plan) -> str:
    """The plan's number and date as its head shows them; a blank is said to be blank."""
    number = f"Số {plan.number}" if plan.number else "Chưa ghi số"
    parts = [int(p) for p in plan.issued_on.split("-")] if plan.issued_on else []
    if len(parts) == 3:
        return f"{number}, ngày {format_date(date(*parts))}"
    when = "/".join(str(p) for p in reversed(parts))
    return f"{number}, {'tháng' if len(parts) == 2 else 'năm'} {when}" if parts else number


def export_columns() -> list[tuple[str, str, Any]]:
    """(title, kind, value of a row) of the table as a workbook."""
    return [
        ("Số thứ tự", "text", lambda r: r.told.target.code),
        ("Chỉ tiêu", "text", lambda r: r.told.target.quote),
        ("Ngưỡng", "text", lambda r: r.told.threshold_text),
        ("Kết quả", "text", lambda r: r.told.value_text),
        ("Tử số", "number", lambda r: r.told.result.numerator if r.told.result else None),
        ("Mẫu số", "number", lambda r: r.told.result.denominator if r.told.result else None),
        ("Đánh giá", "text", lambda r: r.told.standing.label),
        ("Loại", "text", lambda r: "Phấn đấu" if r.told.target.soft else "Chỉ tiêu"),
        ("Đã báo cáo", "number", lambda r: r.told.heard),
        ("Tạm tính theo số kỳ trước", "number", lambda r: r.told.counted - r.told.heard),
        ("Phải báo cáo", "number", lambda r: r.told.expected),
        ("Chủ trì", "text", lambda r: r.leads),
    ]
