"""Hôm nay, the list of plans, one plan."""

from __future__ import annotations

from django.db.models import Count
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from namro.vietnamese import capitalised
from namro.web.dashboard import plan as plan_page
from namro.web.dashboard.home import home_of
from namro.web.frame import clock
from namro.web.frame.listing import Column, Listing, export, show
from namro.web.org.queries import allow, may
from namro.web.org.rules import Verb
from namro.web.plans.models import Plan
from namro.web.plans.queries import plans_for
from namro.web.results.choosing import BadAddress, view_of
from namro.web.results.sight import look


@require_GET
def home(request):
    """What matters today, by role."""
    on, at = clock.today(), clock.now()
    shown = home_of(request.user, on, at)
    context = {"home": shown, "on": on, "may_remind": may(request.user, Verb.REMIND, on=on)}
    return render(request, "dashboard/home.html", context)


def _confirmed_at(row):
    return timezone.localtime(row.confirmed_at)


PLANS = Listing(
    title="Kế hoạch",
    columns=[
        Column("so", "Số, ký hiệu", lambda p: p.number or "chưa ghi số", order="number"),
        Column(
            "trich-yeu",
            "Trích yếu",
            lambda p: p.title,
            order="title",
            link=lambda p: reverse("dashboard:plan", args=[p.pk]),
            width=80,
        ),
        Column("ban-hanh", "Cơ quan ban hành", lambda p: p.issuer.name, order="issuer__name"),
        Column("han", "Thời hạn chung", lambda p: p.deadline_on, "date", "deadline_on"),
        Column("chi-tieu", "Chỉ tiêu", lambda p: p.target_count, "number", "target_count"),
        Column("nhiem-vu", "Nhiệm vụ", lambda p: p.task_count, "number", "task_count"),
        Column("xac-nhan", "Xác nhận", _confirmed_at, "moment", "confirmed_at"),
    ],
    empty="Chưa có kế hoạch nào. Tải văn bản lên ở mục Văn bản đang đọc, rà soát rồi xác nhận.",
)


@require_GET
def plans(request):
    """The plans in sight."""
    on = clock.today()
    allow(request.user, Verb.SEE_PLAN, on=on)
    rows = plans_for(request.user, on).annotate(
        target_count=Count("targets", distinct=True), task_count=Count("tasks", distinct=True)
    )
    may_receive = may(request.user, Verb.RECEIVE_DOCUMENT, on=on)
    return show(request, PLANS, rows, template="dashboard/plans.html", may_receive=may_receive)


@require_GET
def plan(request, plan_id):
    """One plan: figures for the period and moment of the address; ?xuat=xlsx as a workbook."""
    on, at, user = clock.today(), clock.now(), request.user
    try:
        found = plan_page.find(user, plan_id, on)
    except Plan.DoesNotExist as why:
        raise Http404 from why
    problem = ""
    try:
        view = view_of(user, request.GET, at)
    except BadAddress as why:
        problem, view = str(why), look(user, unit=None, period=None, as_of=None, on=on)
    page = plan_page.page_of(found, view, user)
    if request.GET.get("xuat") == "xlsx" and not problem:
        return _workbook(page)
    context = {
        "page": page,
        "plan": found,
        "problem": problem,
        "at": view.as_of or at,
        "issued": plan_page.issued_text(found),
        "may_prepare": may(user, Verb.PREPARE_PAPER, on=on),
        "may_remind": may(user, Verb.REMIND, on=on),
        "may_assign": may(user, Verb.ASSIGN, found.root, on=on),
    }
    return render(request, "dashboard/plan.html", context, status=422 if problem else 200)


def _workbook(page):
    period = capitalised(page.view.period.label)
    columns = [
        Column(str(n), title, value, kind, width=60 if title == "Chỉ tiêu" else 16)
        for n, (title, kind, value) in enumerate(plan_page.export_columns())
    ]
    listing = Listing(title=f"Kết quả thực hiện chỉ tiêu, {period}", columns=columns)
    return export(listing, [*page.rows, *page.soft_rows])
