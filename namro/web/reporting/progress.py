"""How far the tasks are (tiến độ nhiệm vụ): the four official states, ageing, the last word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.utils import timezone

from namro.terms import TaskState
from namro.web.org.models import Unit
from namro.web.org.queries import in_force
from namro.web.plans.models import Assignment, Plan, Task
from namro.web.plans.rules import Part
from namro.web.reporting.chain.models import Appraisal
from namro.web.reporting.chain.rules import AppraisalState
from namro.web.reporting.models import Evidence, TaskUpdate
from namro.web.reporting.rules import UpdateKind, age, task_state


@dataclass(frozen=True)
class TaskLine:
    """A task as it stood on a day."""

    task: Task
    state: TaskState
    done_on: date | None
    leads: list[Unit]
    partners: list[Unit]
    last: TaskUpdate | None
    days_late: int  # 0 when not overdue
    percent: int | None = None  # as the lead unit last said; what was returned counts no more
    appraisal: AppraisalState | None = None  # of the last proof brought since any return

    @property
    def stage(self) -> str:
        """How far it is, beside the official state: the work itself, in three words."""
        if self.done_on:
            return "Hoàn thành"
        return "Đang thực hiện" if self.last else "Chưa bắt đầu"

    @property
    def ageing(self) -> str:
        return age(self.days_late)

    @property
    def lead_names(self) -> str:
        return ", ".join(u.name for u in self.leads)

    @property
    def lead_labels(self) -> str:
        return ", ".join(u.label for u in self.leads)


def states_of_tasks(
    plan: Plan, on: date, given: Iterable[Assignment] | None = None
) -> list[TaskLine]:
    """Every task of a plan with its official state on a day, in the plan's order. Three queries.

    `given`: who leads and helps on that day, where the caller has read it already.
    """
    return lines_of(plan.tasks.select_related("plan").order_by("position", "pk"), on, given)


def lines_of(
    tasks: Iterable[Task], on: date, given: Iterable[Assignment] | None = None
) -> list[TaskLine]:
    """The tasks as they stood at the end of a day."""
    kept = list(tasks)
    leads, partners = _assigned(_given(kept, on) if given is None else given)
    said = _said(kept, on)
    return [_line(t, on, said.get(t.pk, Said()), leads[t.pk], partners[t.pk]) for t in kept]


def _line(task: Task, on: date, said: Said, leads: list[Unit], partners: list[Unit]) -> TaskLine:
    state = task_state(said.done_on, task.due_on, on)
    late = (on - task.due_on).days if state is TaskState.OVERDUE else 0
    return TaskLine(
        task, state, said.done_on, leads, partners, said.last, late, said.percent, said.appraisal
    )


def _given(tasks: list[Task], on: date) -> Iterable[Assignment]:
    rows = Assignment.objects.filter(in_force(on), task__in=tasks).select_related("unit")
    return rows.order_by("pk")


def _assigned(
    given: Iterable[Assignment],
) -> tuple[dict[int | None, list[Unit]], dict[int | None, list[Unit]]]:
    leads: dict[int | None, list[Unit]] = defaultdict(list)
    partners: dict[int | None, list[Unit]] = defaultdict(list)
    for row in given:
        if row.part == Part.LEAD:
            leads[row.task_id].append(row.unit)
        elif row.part == Part.PARTNER:
            partners[row.task_id].append(row.unit)
    return leads, partners


@dataclass
class Said:
    """What was said of a task until a day's end."""

    done_on: date | None = None  # a return voids it
    last: TaskUpdate | None = None
    percent: int | None = None
    appraisal: AppraisalState | None = None


def _said(tasks: list[Task], on: date) -> dict[int, Said]:
    """Task id → what was said of it until a day's end. Two queries."""
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=timezone.get_default_timezone())
    found: dict[int, Said] = defaultdict(Said)
    rows = TaskUpdate.objects.filter(task__in=tasks, at__lt=end).select_related("unit", "by")
    proven = Exists(Evidence.objects.filter(update=OuterRef("pk")))
    judged = Appraisal.objects.filter(update=OuterRef("pk"), at__lt=end).order_by("-pk")
    rows = rows.annotate(proven=proven, judged=Subquery(judged.values("state")[:1]))
    for row in rows.order_by("at", "pk"):
        _hear(found[row.task_id], row)
    return found


def _hear(said: Said, row: TaskUpdate) -> None:
    """One more update, in the order of time."""
    said.last = row
    if row.kind == UpdateKind.DONE:
        said.done_on = row.done_on
    elif row.kind == UpdateKind.RETURNED:
        said.done_on = said.percent = said.appraisal = None
    if row.percent is not None:
        said.percent = row.percent
    if row.kind == UpdateKind.DONE or row.proven:
        said.appraisal = AppraisalState(row.judged or AppraisalState.WAITING)


def counts(lines: Iterable[TaskLine]) -> dict[TaskState, int]:
    """The four official numbers, in the official order, none left out."""
    found = dict.fromkeys(TaskState, 0)
    for line in lines:
        found[line.state] += 1
    return found


def open_tasks(on: date) -> list[tuple[Task, Unit]]:
    """(task, lead unit) for each task not done, seen on a day."""
    tasks = Task.objects.filter(plan__confirmed_at__date__lte=on).select_related("plan")
    return [
        (line.task, lead)
        for line in lines_of(tasks.order_by("pk"), on)
        if line.done_on is None
        for lead in line.leads
    ]


def thread_of(task: Task) -> list[TaskUpdate]:
    """All updates with their evidence and what was found of it, newest first."""
    judged = Prefetch("appraisals", Appraisal.objects.select_related("by").order_by("pk"))
    rows = task.updates.select_related("unit", "by", "on_behalf_of").prefetch_related(
        "evidence", judged
    )
    return list(rows.order_by("-at", "-pk"))


def appraisal_of(update: TaskUpdate) -> AppraisalState | None:
    """How an update's evidence stands; None where there is nothing to appraise."""
    judged = [a.kind for a in update.appraisals.all()]
    if judged:
        return judged[-1]
    brings = update.kind == UpdateKind.DONE or bool(update.evidence.all())
    return AppraisalState.WAITING if brings else None


def course_of(thread: Iterable[TaskUpdate]) -> list[tuple[date, int]]:
    """(day, percent) as it was said, oldest first; a return is a fall to nothing."""
    found = []
    for update in sorted(thread, key=lambda u: (u.at, u.pk)):
        day = timezone.localtime(update.at).date()
        if update.kind == UpdateKind.RETURNED:
            found.append((day, 0))
        elif update.percent is not None:
            found.append((day, update.percent))
    return found
