"""What the lead unit says of its task, and the answer of who follows the plan (tiến độ)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from namro.vietnamese import format_date
from namro.web.frame import clock
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import NotAllowed, allow
from namro.web.org.rules import Verb
from namro.web.plans import queries as plan_queries
from namro.web.plans.models import Task
from namro.web.reporting import progress, queries
from namro.web.reporting.drafts import keep_proof
from namro.web.reporting.models import Evidence, TaskUpdate
from namro.web.reporting.rules import UpdateKind

MOST_TEXT = 10_000


class FaultyUpdate(ValueError):
    """An update that cannot be taken; `field` names where; the message is Vietnamese."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


@transaction.atomic
def update_task(
    *,
    task: Task,
    unit: Unit,
    text: str,
    done_on: date | None,
    by: User | None,
    at: datetime,
    files: Iterable[tuple[str, Iterable[bytes]]] = (),
) -> TaskUpdate:
    """Say how far a task is, or (with `done_on`) that it is done (cập nhật tiến độ).

    `files`: (name, chunks) of evidence. Only the lead unit's own people, None: the installation.
    Raises NotAllowed, FaultyUpdate, drafts.FaultyFile; then nothing is kept.
    """
    on = clock.day_of(at)
    if unit.pk not in {u.pk for u in plan_queries.leads(task, on)}:
        raise NotAllowed(f"{unit.name} không chủ trì nhiệm vụ này.")
    if by and not queries.may_report(by, unit, on):
        raise NotAllowed(f"Đồng chí không phải người lập báo cáo của {unit.name}.")
    _check(task, text, done_on, on)
    kind = UpdateKind.DONE if done_on else UpdateKind.PROGRESS
    update = _say(task, unit, kind, text, done_on, by, at)
    for name, chunks in files:
        sha256, size, tidied = keep_proof(name, chunks)
        Evidence.objects.create(
            update=update, sha256=sha256, size=size, file_name=tidied, added_by=by, added_at=at
        )
    return update


def _check(task: Task, text: str, done_on: date | None, on: date) -> None:
    if not text.strip():
        raise FaultyUpdate("text", "Hãy ghi kết quả thực hiện; không để trống.")
    if len(text) > MOST_TEXT:
        raise FaultyUpdate("text", "Nội dung dài quá 10.000 ký tự; phần dài hãy đính kèm tệp.")
    if done_on and done_on > on:
        raise FaultyUpdate(
            "done_on", f"Ngày hoàn thành {format_date(done_on)} chưa đến. Kiểm tra lại ngày."
        )
    if done_on and done_on < task.plan.started_on:
        raise FaultyUpdate(
            "done_on",
            f"Ngày hoàn thành {format_date(done_on)} trước ngày bắt đầu kế hoạch "
            f"({format_date(task.plan.started_on)}). Kiểm tra lại ngày.",
        )


@transaction.atomic
def return_task(*, task: Task, reason: str, by: User | None, at: datetime) -> TaskUpdate:
    """Not accept a task as done: it counts as not completed again (yêu cầu làm lại).

    For who follows the plan. Raises NotAllowed, FaultyUpdate where it is not said to be done.
    """
    on = clock.day_of(at)
    if by:
        allow(by, Verb.ASSIGN, task.plan.root, on=on)
    if not reason.strip():
        raise FaultyUpdate("text", "Hãy ghi lý do yêu cầu làm lại.")
    line = progress.lines_of([task], on)[0]
    if line.done_on is None:
        raise FaultyUpdate("text", "Nhiệm vụ này chưa được báo cáo hoàn thành.")
    unit = task.plan.issuer
    return _say(task, unit, UpdateKind.RETURNED, reason, None, by, at)


def _say(
    task: Task,
    unit: Unit,
    kind: UpdateKind,
    text: str,
    done_on: date | None,
    by: User | None,
    at: datetime,
) -> TaskUpdate:
    update = TaskUpdate.objects.create(
        task=task, unit=unit, by=by, at=at, kind=kind, text=text.strip(), done_on=done_on
    )
    record(
        by,
        "reporting.return_task" if kind is UpdateKind.RETURNED else "reporting.update_task",
        task,
        at=at,
        unit_code=unit.code,
        summary=f"{kind.label}: {task.title}",
        update=update.pk,
        done_on=done_on,
    )
    return update
