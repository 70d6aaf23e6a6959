"""What the lead unit says of its task, and the answer of who follows the plan (tiến độ)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from namro.vietnamese import format_date, tidy
from namro.web.frame import clock
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import NotAllowed, allow
from namro.web.org.rules import Verb
from namro.web.plans import queries as plan_queries
from namro.web.plans.models import Task
from namro.web.reporting import progress, queries, rights
from namro.web.reporting.chain.models import Appraisal
from namro.web.reporting.chain.rules import AppraisalState
from namro.web.reporting.models import Evidence, TaskUpdate
from namro.web.reporting.proof.proof_files import keep_proof
from namro.web.reporting.rules import UpdateKind

MOST_TEXT = 10_000
MOST_PRODUCT = 500


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
    percent: int | None = None,
    product: str = "",
    client_id: UUID | None = None,
) -> TaskUpdate:
    """Say how far a task is, or (with `done_on`) that it is done (cập nhật tiến độ).

    `percent`: 0–100 as the unit sees it; done is 100. `product`: what was made. `files`: (name,
    chunks) of evidence. `client_id`: of the page; the same words under it again say nothing more,
    and give what was said first. Only the lead unit's own people, None: the installation. Raises
    NotAllowed, FaultyUpdate, proof_files.FaultyFile; then nothing is kept.
    """
    on = clock.day_of(at)
    _allow(task, unit, by, on)
    _check(task, text, done_on, on)
    told: dict[str, Any] = {
        "kind": UpdateKind.DONE if done_on else UpdateKind.PROGRESS, "text": text.strip(),
        "done_on": done_on, "percent": _percent(percent, done_on),
        "product": tidy(product)[:MOST_PRODUCT],
    }  # fmt: skip
    proofs = [keep_proof(name, chunks) for name, chunks in files]
    Task.objects.select_for_update(of=("self",)).get(pk=task.pk)  # one after the other
    before = TaskUpdate.objects.filter(client_id=client_id).first() if client_id else None
    for said in _since(before, unit, by):
        if said.task_id == task.pk and _is_said(said, told, proofs):
            return said
    update = _say(task, unit, by, at, client_id=None if before else client_id, **told)
    Evidence.objects.bulk_create(
        Evidence(update=update, sha256=sha256, size=size, file_name=name, added_by=by, added_at=at)
        for sha256, size, name in proofs
    )
    return update


def _allow(task: Task, unit: Unit, by: User | None, on: date) -> None:
    if unit.pk not in {u.pk for u in plan_queries.leads(task, on)}:
        raise NotAllowed(f"{unit.name} không chủ trì nhiệm vụ này.")
    if by and not queries.may_report(by, unit, on):
        raise NotAllowed(f"Đồng chí không phải người lập báo cáo của {unit.name}.")


def _since(before: TaskUpdate | None, unit: Unit, by: User | None) -> Iterable[TaskUpdate]:
    """What one page said so far. Gone back to and written in anew, it bears the same id again."""
    if before is None:
        return ()
    rows = TaskUpdate.objects.filter(task=before.task_id, unit=unit, by=by, pk__gte=before.pk)
    return rows.prefetch_related("evidence").order_by("pk")


def _is_said(
    said: TaskUpdate, told: Mapping[str, object], proofs: Iterable[tuple[str, int, str]]
) -> bool:
    """Whether an update says just this, with the same files."""
    kept = {proof.sha256 for proof in said.evidence.all()}
    words = all(getattr(said, field) == value for field, value in told.items())
    return words and {sha256 for sha256, _, _ in proofs} == kept


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


def _percent(percent: int | None, done_on: date | None) -> int | None:
    """Done is 100; 100 is only said together with the day of completion."""
    if percent is None:
        return 100 if done_on else None
    if not 0 <= percent <= 100:
        raise FaultyUpdate("percent", "Mức hoàn thành là số nguyên từ 0 đến 100.")
    if done_on and percent != 100:
        raise FaultyUpdate(
            "percent",
            f"Đã ghi ngày hoàn thành thì mức hoàn thành là 100%, không phải {percent}%. Chưa xong "
            "thì bỏ ngày hoàn thành.",
        )
    if percent == 100 and not done_on:
        raise FaultyUpdate("done_on", "Mức hoàn thành 100% thì ghi cả ngày hoàn thành.")
    return percent


@transaction.atomic
def appraise(
    *, update: TaskUpdate, state: AppraisalState, text: str = "", by: User | None, at: datetime
) -> Appraisal:
    """Say whether what an update brought proves it (thẩm định, nghiệm thu).

    For who follows the plan, never for who wrote the update. An accepted update stays accepted; one
    found wanting may be accepted later. The task's official state does not change by it: a result
    that is not accepted is returned (`return_task`). Raises NotAllowed, FaultyUpdate.
    """
    task = update.task
    if by:
        allow(by, Verb.ASSIGN, task.plan.root, on=clock.day_of(at))
        if by.pk in (update.by_id, update.on_behalf_of_id):
            raise NotAllowed("Người cập nhật không tự thẩm định minh chứng của mình.")
    if update.kind == UpdateKind.RETURNED or state is AppraisalState.WAITING:
        raise FaultyUpdate("state", "Hãy chọn kết quả thẩm định: đã nghiệm thu hoặc cần bổ sung.")
    if state is AppraisalState.WANTING and not text.strip():
        raise FaultyUpdate("text", "Hãy ghi rõ cần bổ sung những gì.")
    TaskUpdate.objects.select_for_update(of=("self",)).get(pk=update.pk)
    last, told = update.appraisals.order_by("pk").last(), text.strip()[:MOST_TEXT]
    if last and (last.state, last.text, last.by_id) == (state.value, told, by and by.pk):
        return last  # the button pressed twice
    if update.appraisals.filter(state=AppraisalState.ACCEPTED).exists():
        raise FaultyUpdate("state", "Cập nhật này đã được nghiệm thu.")
    kept = Appraisal.objects.create(update=update, state=state.value, text=told, by=by, at=at)
    record(
        by, "reporting.appraise", task, at=at, unit_code=update.unit.code, update=update.pk,
        summary=f"{state.label}: {task.title}",
    )  # fmt: skip
    return kept


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
    text = reason.strip()
    return _say(task, task.plan.issuer, by, at, kind=UpdateKind.RETURNED, text=text)


def _say(
    task: Task, unit: Unit, by: User | None, at: datetime, *, kind: UpdateKind, **told: object
) -> TaskUpdate:
    away = rights.reports_for(by, unit, clock.day_of(at)) if by else None
    update = TaskUpdate.objects.create(
        task=task, unit=unit, by=by, on_behalf_of=away, at=at, kind=kind, **told
    )
    summary = f"{kind.label}: {task.title}"
    if by and away:
        summary = f"{by.full_name} thay {away.full_name}: {summary}"
    record(
        by,
        "reporting.return_task" if kind is UpdateKind.RETURNED else "reporting.update_task",
        task,
        at=at,
        unit_code=unit.code,
        summary=summary,
        update=update.pk,
        done_on=update.done_on,
    )
    return update
