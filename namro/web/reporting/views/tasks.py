"""Tasks: the list by official state, one task with its thread of updates."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from namro.terms import TaskState
from namro.vietnamese import format_date, sort_key
from namro.web.frame import clock
from namro.web.frame.charts import trend
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow, may
from namro.web.org.rules import Verb
from namro.web.plans.models import Task
from namro.web.reporting import actions, progress, queries
from namro.web.reporting.chain.rules import APPRAISAL_LABELS, AppraisalState
from namro.web.reporting.models import TaskUpdate
from namro.web.reporting.rules import AGEING
from namro.web.reporting.views import typed


def _by_state(lines, value):
    return [line for line in lines if line.state == value]


def _by_lead(lines, value):
    return [line for line in lines if value in {str(u.pk) for u in line.leads}]


def _by_age(lines, value):
    return [line for line in lines if line.ageing == AGEING[int(value)][2]]


def _by_appraisal(lines, value):
    return [line for line in lines if line.appraisal == value]


def _by_plan(lines, value):
    return [line for line in lines if str(line.task.plan_id) == value]


def _listing(lines: list[progress.TaskLine]) -> Listing:
    leads = {str(u.pk): u.name for line in lines for u in line.leads}
    plans = {str(line.task.plan_id): line.task.plan.title[:60] for line in lines}
    by_name = sorted(leads.items(), key=lambda pair: sort_key(pair[1]))
    more = [Filter("ke-hoach", "Kế hoạch", list(plans.items()), _by_plan)]
    return Listing(
        title="Nhiệm vụ",
        columns=[
            Column("muc", "Mục", lambda r: r.task.code, sortable=False, width=8),
            Column("noi-dung", "Nhiệm vụ", lambda r: r.task.title, width=80,
                   link=lambda r: reverse("reporting:task", args=[r.task.pk])),
            Column("chu-tri", "Chủ trì", lambda r: r.lead_labels or "chưa phân công", width=36),
            Column("han", "Thời hạn", lambda r: r.task.due_on, "date"),
            Column("trang-thai", "Trạng thái", lambda r: r.state.label, "state",
                   sign=lambda r: r.state.value),
            Column("muc-do", "Hoàn thành (%)", lambda r: r.percent, "number", width=12),
            Column("tham-dinh", "Minh chứng", lambda r: r.appraisal.label if r.appraisal else "",
                   "state", sign=lambda r: f"appraisal-{r.appraisal or 'NONE'}", width=18),
            Column("qua-han", "Quá hạn (ngày)", lambda r: r.days_late or None, "number"),
            Column("cap-nhat", "Cập nhật gần nhất", lambda r: r.last and r.last.at, "moment"),
        ],
        filters=[
            Filter("tt", "Trạng thái", [(s.value, s.label) for s in TaskState], _by_state),
            Filter("dv", "Chủ trì", by_name, _by_lead),
            Filter("md", "Minh chứng", [(a.value, v) for a, v in APPRAISAL_LABELS.items()],
                   _by_appraisal),
            Filter("tuoi", "Mức quá hạn", [(str(i), a[2]) for i, a in enumerate(AGEING)], _by_age),
            *(more if len(plans) > 1 else []),
        ],
        empty="Chưa có nhiệm vụ nào. Nhiệm vụ xuất hiện khi một kế hoạch được xác nhận.",
    )  # fmt: skip


@require_GET
def tasks(request):
    on = clock.today()
    allow(request.user, Verb.SEE_PLAN, on=on)
    lines = progress.lines_of(queries.tasks_for(request.user, on), on)
    numbers = [(s, s.label, n) for s, n in progress.counts(lines).items()]
    aged = [(i, a[2], sum(line.ageing == a[2] for line in lines)) for i, a in enumerate(AGEING)]
    context = {"numbers": numbers, "all": len(lines), "aged": [x for x in aged if x[2]], "on": on}
    return show(request, _listing(lines), lines, "reporting/tasks.html", **context)


# --- one task --------------------------------------------------------------------------------


def _task(request, pk: int) -> Task:
    return get_object_or_404(queries.tasks_for(request.user, clock.today()), pk=pk)


@require_GET
def show_task(request, pk):
    return _page(request, _task(request, pk))


def _page(request, task: Task, error: str = "", status: int = 200):
    on = clock.today()
    line = progress.lines_of([task], on)[0]
    own = {u.pk for u in queries.own_units(request.user, on)}
    thread = progress.thread_of(task)
    context = {
        "task": task,
        "line": line,
        "thread": [(u, progress.appraisal_of(u)) for u in thread],
        "course": _course(thread),
        "own_leads": [u for u in line.leads if u.pk in own],
        "follows": may(request.user, Verb.ASSIGN, task.plan.root, on=on),
        "error": error,
        "typed": request.POST,
        "client_id": typed.sending(request.POST.get("client_id")) or uuid4(),
        "deadline": _deadline(task),
    }
    return render(request, "reporting/task.html", context, status=status)


def _course(thread):
    """The percentages over time as a line; nothing to draw before the second."""
    told = [(f"{format_date(day)}", percent) for day, percent in progress.course_of(thread)]
    return trend(told, unit="%", title="Mức hoàn thành") if len(told) > 1 else ""


def _deadline(task: Task) -> str:
    """As the document writes it and as a date; said where it is the plan's."""
    if task.ongoing:
        return f"thường xuyên (xét đến {format_date(task.due_on)})"
    if task.deadline_on:
        return format_date(task.deadline_on)
    return f"{format_date(task.due_on)} (theo thời hạn chung của kế hoạch)"


def _day(text: str) -> date | None:
    """The field's day; None where blank. Raises FaultyUpdate for anything else."""
    if not text.strip():
        return None
    try:
        return typed.day(text)
    except ValueError as why:
        raise actions.FaultyUpdate(
            "done_on", "Ngày hoàn thành ghi chưa đúng; mẫu 03/9/2025."
        ) from why


def _percent(text: str) -> int | None:
    """The field's whole number; None where blank. Raises FaultyUpdate for anything else."""
    told = text.strip().removesuffix("%").strip()
    if not told:
        return None
    found = whole(told, -1)
    if found < 0:
        raise actions.FaultyUpdate(
            "percent", "Mức hoàn thành ghi chưa đúng: chỉ ghi số nguyên từ 0 đến 100, ví dụ 60."
        )
    return found


@require_POST
def update(request, pk):
    task = _task(request, pk)
    units = {str(u.pk): u for u in queries.own_units(request.user, clock.today())}
    try:
        actions.update_task(
            task=task,
            unit=_lead(request, task, units),
            text=request.POST.get("text", ""),
            done_on=_day(request.POST.get("done_on", "")),
            by=request.user,
            at=clock.now(),
            files=[(f.name, f.chunks()) for f in request.FILES.getlist("files")],
            percent=_percent(request.POST.get("percent", "")),
            product=request.POST.get("product", ""),
            client_id=typed.sending(request.POST.get("client_id")),
        )
    except (actions.FaultyUpdate, actions.FaultyFile) as why:
        return _page(request, task, str(why), status=422)
    messages.success(request, "Đã ghi nhận cập nhật.")
    return redirect("reporting:task", pk=pk)


def _lead(request, task: Task, units):
    """The unit that speaks: as chosen, else the person's own lead unit; the action checks it."""
    chosen = units.get(request.POST.get("unit", ""))
    if chosen:
        return chosen
    leads = progress.lines_of([task], clock.today())[0].leads
    return next((u for u in leads if str(u.pk) in units), None) or task.plan.issuer


@require_POST
def send_back(request, pk):
    task = _task(request, pk)
    try:
        actions.return_task(
            task=task, reason=request.POST.get("reason", ""), by=request.user, at=clock.now()
        )
    except actions.FaultyUpdate as why:
        return _page(request, task, str(why), status=422)
    messages.success(request, "Đã yêu cầu làm lại; nhiệm vụ tính là chưa hoàn thành.")
    return redirect("reporting:task", pk=pk)


@require_POST
def appraise(request, pk):
    """Accept what an update brought, or ask for more."""
    seen = queries.tasks_for(request.user, clock.today()).values("pk")
    rows = TaskUpdate.objects.filter(task__in=seen).select_related("task__plan__root", "unit")
    said = get_object_or_404(rows, pk=pk)
    state = request.POST.get("state", "")
    state = AppraisalState(state) if state in set(AppraisalState) else AppraisalState.WAITING
    try:
        actions.appraise(
            update=said, state=state, text=request.POST.get("text", ""), by=request.user,
            at=clock.now(),
        )  # fmt: skip
    except actions.FaultyUpdate as why:
        return _page(request, said.task, str(why), status=422)
    messages.success(request, f"Đã ghi kết quả thẩm định: {state.label.lower()}.")
    return redirect("reporting:task", pk=said.task_id)
