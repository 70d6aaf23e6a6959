"""Opening a round: which plan, which days, by when; who would owe what, before it is done."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from namro.terms import Calendar
from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting import actions, queries
from namro.web.reporting.duties import regime
from namro.web.reporting.duties import rounds as planning
from namro.web.reporting.duties.regime import LEVEL_LABELS, Level, RoundKind, Span
from namro.web.reporting.views import typed
from namro.web.reporting.views.rounds import dues_typed

AD_HOC = "khac"


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
    return _preview(request, plans, plan, asked, on)


def _span(plan, asked, on) -> Span | None:
    """What was asked for; None while nothing is chosen. Raises FaultyRound, FaultyRegime."""
    terms, key = planning.regime_of(plan), asked.get("period", "")
    if key == AD_HOC:
        if not asked.get("from_on") and not asked.get("title"):
            return None
        try:
            days = typed.day(asked.get("from_on", "")), typed.day(asked.get("to_on", ""))
        except ValueError as why:
            raise actions.FaultyRound(
                "Ngày đầu, ngày cuối của đợt ghi chưa đúng; mẫu 17/9/2025."
            ) from why
        span = regime.span_of_days(asked.get("title", ""), *days, Calendar(terms.calendar))
        if queries.round_of_span(plan, span) is None:
            planning.check_span(plan, span, terms, on)
        return span
    if key not in {code for code, _ in planning.choices(plan, on, terms)}:
        if key:
            raise actions.FaultyRound("Hãy chọn kỳ báo cáo trong danh sách.")
        return None
    return planning.span_of(key, terms)


def _targets(plan, asked) -> set[int] | None:
    """The targets ticked, for days outside the regular periods; None: all."""
    chosen = {whole(text, 0) for text in asked.getlist("target")}
    return chosen & set(plan.targets.values_list("pk", flat=True)) or None


def _preview(request, plans, plan, asked, on, error="", status=200):
    terms = planning.regime_of(plan) if plan else regime.Regime()
    span = None
    if plan:
        try:
            span = _span(plan, asked, on)
        except (actions.FaultyRound, actions.FaultyRegime) as why:
            error, status = error or str(why), 422
    special = bool(span and span.kind is not RoundKind.PERIOD)
    chosen = _targets(plan, asked) if plan else None
    found = None
    if span:
        day = span.to_on if special else None
        found = planning.prospect(plan, span.period, on=day, targets=chosen if special else None)
    context = {
        "plans": plans,
        "plan": plan,
        "periods": planning.choices(plan, on, terms) if plan else [],
        "offers_ad_hoc": "ad_hoc" in terms.offered,
        "key": asked.get("period", ""),
        "ad_hoc": asked.get("period") == AD_HOC,
        "asked": asked,
        "span": span,
        "special": special,
        "targets": list(plan.targets.order_by("position", "pk")) if plan and special else [],
        "chosen": chosen or set(),
        "prospect": found,
        "opened": queries.round_of_span(plan, span) if span else None,
        "levels": _levels(request, span, terms) if span else [],
        "terms": terms,
        "error": error,
    }
    return render(request, "reporting/open_round.html", context, status=status)


def _levels(request, span: Span, terms):
    """(level, label, the moment as typed or proposed, working days)."""
    found = []
    for level in Level:
        fields = typed.fields(planning.due_after(span.to_on, terms, level))
        if f"due_on_{level}" in request.POST:
            fields = {
                "on": request.POST[f"due_on_{level}"],
                "hour": request.POST.get(f"due_hour_{level}", ""),
            }
        found.append((level.value, LEVEL_LABELS[level], fields, terms.days_of(level)))
    return found


def _open(request, plan, plans):
    on = clock.today()
    try:
        span = _span(plan, request.POST, on)
        if span is None:
            raise actions.FaultyRound("Hãy chọn kỳ báo cáo trong danh sách.")
        special = span.kind is not RoundKind.PERIOD
        opened = actions.open_round(
            plan=plan, span=span, due=dues_typed(request.POST), by=request.user, at=clock.now(),
            targets=_targets(plan, request.POST) if special else None,
        )  # fmt: skip
    except (actions.FaultyRound, actions.FaultyRegime) as why:
        return _preview(request, plans, plan, request.POST, on, str(why), status=422)
    messages.success(request, f"Đã mở {opened}. Các đơn vị thấy biểu ở mục Báo cáo của đơn vị.")
    return redirect("reporting:round", pk=opened.pk)
