"""Rounds: the list, opening one, who has reported and who has not; the calendar of days off."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from namro.terms import Period
from namro.vietnamese import format_date, sort_key
from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow, may
from namro.web.org.rules import KIND_LABELS, Verb
from namro.web.reporting import actions, queries
from namro.web.reporting import rounds as planning
from namro.web.reporting.models import Round
from namro.web.reporting.rules import STATUS_LABELS, Status
from namro.web.reporting.sheets import span_of
from namro.web.reporting.views import typed

ROUNDS = Listing(
    title="Đợt báo cáo",
    columns=[
        Column(
            "ky", "Kỳ báo cáo", lambda r: r.label, width=20,
            link=lambda r: reverse("reporting:round", args=[r.pk]), sortable=False,
        ),
        Column("ke-hoach", "Kế hoạch", lambda r: r.plan.title, width=60, sortable=False),
        Column("tu-den", "Số liệu từ – đến", span_of, width=26, sortable=False),
        Column("han", "Hạn nộp", lambda r: r.due_at, "moment", order="due_at"),
        Column("phai-bao", "Phải báo cáo", lambda r: r.expected, "number", width=12),
        Column("da-nop", "Đã nộp", lambda r: r.heard, "number", width=12),
        Column("da-duyet", "Đã duyệt", lambda r: r.approved, "number", width=12),
    ],
    empty="Chưa có đợt báo cáo nào. Bấm “Mở đợt báo cáo” để giao biểu số liệu cho các đơn vị.",
    sort="-han",
)  # fmt: skip


@require_GET
def rounds(request):
    on = clock.today()
    allow(request.user, Verb.SEE_FIGURES, on=on)
    heard = Q(duties__submissions__status__in=[Status.SUBMITTED, Status.APPROVED])
    approved, owed = Q(duties__submissions__status=Status.APPROVED), Q(duties__required=True)
    mine = Q(duties__in=queries.visible_duties(request.user, on).values("pk"))
    rows = queries.rounds_for(request.user, on).annotate(
        expected=Count("duties", filter=mine & (owed | heard), distinct=True),
        heard=Count("duties", filter=mine & heard, distinct=True),
        approved=Count("duties", filter=mine & approved, distinct=True),
    )
    opens = may(request.user, Verb.OPEN_ROUND, on=on)
    return show(request, ROUNDS, rows, "reporting/rounds.html", opens=opens)


# --- open one --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def open_round(request):
    on = clock.today()
    allow(request.user, Verb.OPEN_ROUND, on=on)
    plans = queries.plans_to_open(request.user, on)
    asked = request.POST or request.GET
    plan = next((p for p in plans if str(p.pk) == asked.get("plan")), None)
    if plan is None and len(plans) == 1:
        plan = plans[0]
    if request.method == "POST" and plan:
        return _open(request, plan, plans)
    return _preview(request, plans, plan, asked.get("period", ""), on)


def _preview(request, plans, plan, period_code, on, error="", status=200):
    periods = planning.choices(plan, on) if plan else []
    known = {code for code, _ in periods}
    period = Period.of(period_code) if period_code in known else None
    found = planning.prospect(plan, period) if plan and period else None
    proposed = planning.proposed_due_at(period) if period else None
    context = {
        "plans": plans,
        "plan": plan,
        "periods": periods,
        "period": period,
        "prospect": found,
        "opened": _opened(plan, period),
        "last_day": period.last_day() if period else None,
        "due": _typed_due(request) or typed.fields(proposed),
        "error": error,
    }
    return render(request, "reporting/open_round.html", context, status=status)


def _opened(plan, period):
    if not plan or not period:
        return None
    return queries.round_of(plan, period.code)


def _typed_due(request) -> dict[str, str] | None:
    """The due moment as the person typed it, where a form was sent."""
    if "due_on" not in request.POST:
        return None
    return {"on": request.POST["due_on"], "hour": request.POST.get("due_hour", "")}


def _due(request) -> datetime:
    try:
        return typed.moment(request.POST.get("due_on", ""), request.POST.get("due_hour", ""))
    except ValueError as why:
        raise actions.FaultyRound(
            "Hạn nộp ghi chưa đúng: ngày theo mẫu 17/9/2025, giờ theo mẫu 17:00."
        ) from why


def _open(request, plan, plans):
    code = request.POST.get("period", "")
    try:
        opened = actions.open_round(
            plan=plan, period_code=code, due_at=_due(request), by=request.user, at=clock.now()
        )
    except actions.FaultyRound as why:
        return _preview(request, plans, plan, code, clock.today(), str(why), status=422)
    messages.success(request, f"Đã mở {opened}. Các đơn vị thấy biểu ở mục Báo cáo của đơn vị.")
    return redirect("reporting:round", pk=opened.pk)


# --- who has reported ------------------------------------------------------------------------

_STATES = {
    "chua-nop": ("Chưa nộp", lambda line: line.is_open),
    "cho-duyet": (STATUS_LABELS[Status.SUBMITTED], lambda line: line.status == Status.SUBMITTED),
    "tra-lai": (STATUS_LABELS[Status.SENT_BACK], lambda line: line.status == Status.SENT_BACK),
    "da-duyet": (STATUS_LABELS[Status.APPROVED], lambda line: line.approved),
    "nop-muon": ("Nộp quá hạn", lambda line: _late(line)),
}


def _late(line: queries.DutyLine) -> bool:
    return bool(line.last and line.last.submitted_at and line.last.submitted_at > line.due_at)


def _by_receiver(lines, value):
    return [line for line in lines if str(line.duty.receiver_id) == value]


def _by_kind(lines, value):
    return [line for line in lines if line.duty.unit.kind == value]


def _by_state(lines, value):
    return [line for line in lines if _STATES[value][1](line)]


def _address(line: queries.DutyLine) -> str | None:
    """The return where there is one to look at, else the duty."""
    if line.last and line.last.status != Status.DRAFT:
        return reverse("reporting:submission", args=[line.last.pk])
    return reverse("reporting:duty", args=[line.duty.pk])


def _round_listing(lines: list[queries.DutyLine], opened: Round) -> Listing:
    receivers = {line.duty.receiver_id: line.duty.receiver.name for line in lines}
    named = sorted(receivers.items(), key=lambda r: sort_key(r[1]))
    kinds = {line.duty.unit.kind for line in lines}
    return Listing(
        title=f"Tình hình báo cáo {opened.label}",
        columns=[
            Column("don-vi", "Đơn vị", lambda r: r.duty.unit.name, link=_address, width=34),
            Column("noi-nhan", "Nơi nhận", lambda r: r.duty.receiver.name, width=34),
            Column("so-dong", "Số liệu phải báo", lambda r: len(r.duty.elements), "number"),
            Column(
                "trang-thai", "Tình trạng", lambda r: r.status_label, "state",
                sign=lambda r: f"status-{r.status or 'NONE'}",
            ),
            Column("nop-luc", "Nộp lúc", lambda r: r.last and r.last.submitted_at, "moment"),
            Column("han", "So với hạn", lambda r: _against_term(r)),
            Column(
                "nguoi-nop", "Người nộp",
                lambda r: str(r.last.submitted_by or "") if r.last else "",
            ),
        ],
        filters=[
            Filter("tt", "Tình trạng", [(k, v[0]) for k, v in _STATES.items()], _by_state),
            Filter("nhan", "Nơi nhận", [(str(k), v) for k, v in named], _by_receiver),
            Filter("loai", "Loại đơn vị", [(k, KIND_LABELS[k]) for k in kinds], _by_kind),
        ],
        per_page=100,
        empty="Không có đơn vị nào như đã chọn.",
    )  # fmt: skip


def _against_term(line: queries.DutyLine) -> str:
    if line.last and line.last.submitted_at:
        return "Quá hạn" if _late(line) else "Đúng hạn"
    return "Quá hạn" if clock.now() > line.due_at else ""


def _by_names(line: queries.DutyLine):
    return sort_key(line.duty.receiver.name), sort_key(line.duty.unit.name)


@require_GET
def show_round(request, pk):
    on = clock.today()
    opened = get_object_or_404(queries.rounds_for(request.user, on), pk=pk)
    duties = queries.visible_duties(request.user, on).filter(round=opened)
    lines = sorted(queries.lines_of(duties), key=_by_names)
    context = {
        "round": opened,
        "span": span_of(opened),
        "heard": sorted(queries.heard(opened, lines), key=lambda h: sort_key(h.receiver.name)),
        "total": sum(1 for line in lines if line.duty.required or line.status),
        "total_heard": sum(1 for line in lines if line.status and not line.is_open),
        "total_approved": sum(1 for line in lines if line.approved),
        "total_late": sum(1 for line in lines if line.is_open and clock.now() > line.due_at),
        "manages": may(request.user, Verb.OPEN_ROUND, opened.plan.root, on=on),
        "due": typed.fields(opened.due_at),
    }
    return show(request, _round_listing(lines, opened), lines, "reporting/round.html", **context)


@require_POST
def move_due(request, pk):
    allow(request.user, Verb.OPEN_ROUND, on=clock.today())
    opened = get_object_or_404(queries.rounds_for(request.user, clock.today()), pk=pk)
    try:
        actions.move_due(round=opened, due_at=_due(request), by=request.user, at=clock.now())
    except actions.FaultyRound as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "Đã đổi hạn nộp của đợt báo cáo.")
    return redirect("reporting:round", pk=pk)


# --- days off --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def days(request):
    allow(request.user, Verb.OPEN_ROUND, on=clock.today())
    error = ""
    if request.method == "POST":
        try:
            _change_days(request)
        except actions.FaultyRound as why:
            error = str(why)
        else:
            return redirect("reporting:days")
    context = {"days": queries.marked_days(), "error": error, "typed": request.POST}
    return render(request, "reporting/days.html", context, status=422 if error else 200)


def _change_days(request) -> None:
    if removed := request.POST.get("remove"):
        day = get_object_or_404(queries.marked_days(), pk=whole(removed, 0))
        actions.unmark_day(day=day, by=request.user, at=clock.now())
        messages.success(request, f"Đã bỏ ngày {format_date(day.on)} khỏi lịch.")
        return
    try:
        on = typed.day(request.POST.get("on", ""))
    except ValueError as why:
        raise actions.FaultyRound("Ngày ghi chưa đúng; mẫu 17/9/2025.") from why
    works = request.POST.get("works") == "1"
    name = request.POST.get("name", "")
    actions.mark_day(on=on, name=name, works=works, by=request.user, at=clock.now())
    messages.success(request, f"Đã ghi ngày {format_date(on)} vào lịch.")
