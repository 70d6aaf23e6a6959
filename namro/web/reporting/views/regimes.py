"""How a plan is reported: the settings in force, changing them, who changed what when."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans.models import Plan
from namro.web.reporting import actions, queries
from namro.web.reporting.duties import rounds as planning
from namro.web.reporting.duties.regime import (
    CALENDAR_LABELS,
    OFFERS,
    STEP_LABELS,
    FaultyRegime,
    Regime,
)

_FLAGS = ("four_eyes", "strict")
_DAYS = ("commune_days", "department_days", "province_days")


def _plan(request, pk: int) -> Plan:
    plans = {p.pk: p for p in queries.plans_to_open(request.user, clock.today())}
    return plans.get(pk) or get_object_or_404(Plan.objects.none())


def _number(text: str, field: str, what: str) -> int:
    found = whole(text.strip(), -1)
    if found < 0:
        raise FaultyRegime(field, f"{what}: hãy ghi một số nguyên, ví dụ 2.")
    return found


def read(post, before: Regime) -> Regime:
    """The settings of a posted form. Raises FaultyRegime."""
    told = before.told()
    for field in _DAYS:
        if field in post:
            told[field] = _number(post[field], field, "Số ngày làm việc")
    if "hour" in post:
        told["hour"] = _number(post["hour"], "hour", "Giờ hết hạn")
    if "calendar" in post:
        told["calendar"] = post["calendar"]
        told["offered"] = [k for k in OFFERS if k in post.getlist("offered")]
    lock = post.get("lock_days", "").strip()
    told["lock_days"] = _number(lock, "lock_days", "Khóa sau hạn") if lock else None
    told["steps"] = [s.value for s in STEP_LABELS if s.value in post.getlist("steps")]
    told |= {flag: post.get(flag) == "1" for flag in _FLAGS}
    return Regime.of(told)


def context_of(terms: Regime) -> dict[str, object]:
    """What the fields of the form show."""
    return {
        "terms": terms,
        "calendars": [(c.value, label) for c, label in CALENDAR_LABELS.items()],
        "offers": [(k, label, k in terms.offered) for k, label in OFFERS.items()],
        "step_choices": [
            (s.value, label, s.value in terms.steps) for s, label in STEP_LABELS.items()
        ],
        "lock_days": "" if terms.lock_days is None else terms.lock_days,
    }


@require_http_methods(["GET", "POST"])
def regime(request, pk):
    allow(request.user, Verb.OPEN_ROUND, on=clock.today())
    plan = _plan(request, pk)
    terms, error = planning.regime_of(plan), ""
    if request.method == "POST":
        try:
            wanted = read(request.POST, terms)
            terms = wanted
            actions.set_regime(
                plan=plan, terms=wanted, reason=request.POST.get("reason", ""), by=request.user,
                at=clock.now(),
            )  # fmt: skip
        except (FaultyRegime, actions.FaultyRound) as why:
            error = str(why)
        else:
            messages.success(
                request, "Đã ghi chế độ báo cáo mới; áp dụng cho các đợt mở từ bây giờ."
            )
            return redirect("reporting:regime", pk=pk)
    context = {
        "plan": plan, "error": error, "typed": request.POST, **context_of(terms),
        "history": planning.regime_history(plan),
    }  # fmt: skip
    return render(request, "reporting/regime.html", context, status=422 if error else 200)


@require_POST
def round_terms(request, pk):
    """The steps and locks of one round."""
    allow(request.user, Verb.OPEN_ROUND, on=clock.today())
    opened = get_object_or_404(queries.rounds_for(request.user, clock.today()), pk=pk)
    try:
        actions.change_terms(
            round=opened, terms=read(request.POST, opened.terms),
            reason=request.POST.get("reason", ""), by=request.user, at=clock.now(),
        )  # fmt: skip
    except (FaultyRegime, actions.FaultyRound) as why:
        messages.error(request, str(why))
    else:
        messages.success(request, "Đã đổi chế độ của đợt; lịch sử của đợt giữ lại lý do.")
    return redirect("reporting:round", pk=pk)
