"""How far the tasks are (tiến độ nhiệm vụ): the four official states, ageing, the last word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from namro.terms import TaskState
from namro.web.org.models import Unit
from namro.web.org.queries import in_force
from namro.web.plans.models import Assignment, Plan, Task
from namro.web.plans.rules import Part
from namro.web.reporting.models import TaskUpdate
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
    done, last = _said(kept, on)
    return [_line(t, on, done.get(t.pk), leads[t.pk], partners[t.pk], last.get(t.pk)) for t in kept]


def _line(
    task: Task,
    on: date,
    done_on: date | None,
    leads: list[Unit],
    partners: list[Unit],
    last: TaskUpdate | None,
) -> TaskLine:
    state = task_state(done_on, task.due_on, on)
    late = (on - task.due_on).days if state is TaskState.OVERDUE else 0
    return TaskLine(task, state, done_on, leads, partners, last, late)


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


def _said(tasks: list[Task], on: date) -> tuple[dict[int, date | None], dict[int, TaskUpdate]]:
    """Task id → day of completion (a return voids it), and the last update, until a day's end."""
    end = datetime.combine(on + timedelta(days=1), time(), tzinfo=timezone.get_default_timezone())
    done: dict[int, date | None] = {}
    last: dict[int, TaskUpdate] = {}
    rows = TaskUpdate.objects.filter(task__in=tasks, at__lt=end).select_related("unit", "by")
    for row in rows.order_by("at", "pk"):
        last[row.task_id] = row
        if row.kind == UpdateKind.DONE:
            done[row.task_id] = row.done_on
        elif row.kind == UpdateKind.RETURNED:
            done[row.task_id] = None
    return done, last


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
    """All updates with their evidence, newest first."""
    rows = task.updates.select_related("unit", "by").prefetch_related("evidence")
    return list(rows.order_by("-at", "-pk"))
