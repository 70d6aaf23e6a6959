"""Pages: the targets, one target, what lies behind a figure, the measures, binding them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from namro.measuring.definitions import FaultyDefinition, elements_of
from namro.measuring.explain import explain, steps
from namro.measuring.quality import CHECK_LABELS
from namro.terms import Period
from namro.web.facts import queries as facts
from namro.web.facts.doubts import BadAnswer
from namro.web.facts.doubts import answer as answer_doubt
from namro.web.facts.library import library
from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.frame.listing import show
from namro.web.org.queries import allow, may
from namro.web.org.rules import Verb
from namro.web.plans.models import Plan, Target
from namro.web.plans.queries import plans_for, targets_for
from namro.web.results import (
    actions,
    discreet,
    doubts_page,
    lists,
    measure_page,
    queries,
    records_page,
)
from namro.web.results.board import board_of, units_beside
from namro.web.results.choosing import BadAddress, chooser_of, query_of, view_of
from namro.web.results.origins import origins_of
from namro.web.results.sight import View
from namro.web.results.target_page import origin_links, page_of


def _plainly(view: Callable) -> Callable:
    """What an address cannot ask for, or a broken definition, is said on a page of its own."""

    @wraps(view)
    def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BadAddress as why:
            return _refusal(request, str(why), 422)
        except FaultyDefinition as why:
            return _refusal(request, f"Định nghĩa cách đo bị lỗi. {why}", 503)

    return answer


def _refusal(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return render(request, "frame/refusal.html", {"reason": reason}, status=status)


def _view(request: HttpRequest) -> View:
    return view_of(request.user, request.GET, clock.now())


def _target(request: HttpRequest, target_id: int) -> Target:
    try:
        return targets_for(request.user, clock.today()).get(pk=target_id)
    except Target.DoesNotExist as why:
        raise Http404 from why


@require_safe
@_plainly
def targets(request: HttpRequest) -> HttpResponse:
    """All targets in sight, with their figures (danh sách chỉ tiêu)."""
    allow(request.user, Verb.SEE_PLAN, on=clock.today())
    view = _view(request)
    rows = queries.results_of(queries.targets_in_sight(request.user, view.on), view)
    return show(
        request,
        lists.targets(rows, query_of(view)),
        rows,
        template="results/targets.html",
        chooser=chooser_of(request.user, view),
        view=view,
        board_query=query_of(view),
    )


@require_safe
@_plainly
def board(request: HttpRequest) -> HttpResponse:
    """All targets in sight at a unit and those beneath, side by side (chỉ tiêu theo đơn vị)."""
    allow(request.user, Verb.SEE_PLAN, on=clock.today())
    view = _view(request)
    units = units_beside(view)
    rows = board_of(queries.targets_in_sight(request.user, view.on), units, view)
    return show(
        request,
        lists.board(units, query_of(view)),
        rows,
        template="results/board.html",
        chooser=chooser_of(request.user, view),
        view=view,
        targets_query=query_of(view),
    )


@require_safe
@_plainly
def target(request: HttpRequest, target_id: int) -> HttpResponse:
    """One target: figure, course, units, definition (chỉ tiêu)."""
    found = _target(request, target_id)
    view = _view(request)
    page = page_of(found, view)
    elements = {e.slug for e in elements_of(page.measure)} if page.measure else set()
    asked = _doubts(request, view.on, elements)
    context = {
        "page": page,
        "view": view,
        "chooser": chooser_of(request.user, view),
        "doubts": asked.filter(state="OPEN").count() if elements else 0,
        "may_bind": may(request.user, Verb.ASSIGN, found.plan.root, on=view.on),
    }
    return render(request, "results/target.html", context)


@require_safe
@_plainly
def origin(request: HttpRequest, target_id: int) -> HttpResponse:
    """The values behind a figure, with their paper trail (nguồn số liệu)."""
    found = _target(request, target_id)
    view = _view(request)
    sees_records = may(request.user, Verb.SEE_RECORDS, view.unit, on=view.on)
    origins = origins_of(found, view, sees_records=sees_records)
    told, address = queries.result_of(found, view), origin_links(found, view)
    context = {
        "told": told,
        "steps": steps(told.result)[:-1] if told.result and told.result.value is not None else [],
        "target": found,
        "origins": origins,
        "many_units": len(origins.units) > 1,
        "unit_links": [(u, address(u.code)) for u in origins.units],
        "view": view,
        "query": query_of(view),
        "chooser": chooser_of(request.user, view),
        "may_see_records": sees_records,
    }
    return render(request, "results/origin.html", context)


@require_safe
@_plainly
def records(request: HttpRequest, target_id: int) -> HttpResponse:
    """The dossiers themselves that were counted (hồ sơ đã tính); each look is journalled."""
    found = _target(request, target_id)
    view = _view(request)
    asked = records_page.asked(found, view, request.GET)
    actions.look_at_records(
        dataset=asked.dataset, unit=view.unit, period=view.period, by=request.user, at=clock.now()
    )
    page = records_page.page_of(asked, view, request.GET.get("trang", "1"))
    return render(request, "results/records.html", {"page": page, "target": found, "view": view})


@require_safe
@_plainly
def measures(request: HttpRequest) -> HttpResponse:
    """The library of measures (thư viện cách đo)."""
    allow(request.user, Verb.SEE_PLAN, on=clock.today())
    used = {t.measure for t in queries.targets_in_sight(request.user, clock.today())}
    return show(request, lists.measures(used), list(library().measures.values()))


@require_safe
@_plainly
def measure(request: HttpRequest, slug: str) -> HttpResponse:
    """One measure: how it is worked out, an example, the choices made (cách đo)."""
    allow(request.user, Verb.SEE_PLAN, on=clock.today())
    found = library().measures.get(slug)
    if found is None:
        raise Http404
    used = queries.where_used(slug, request.user, clock.today())
    context = {"page": measure_page.page_of(found, library(), used)}
    return render(request, "results/measure.html", context)


def _plan(request: HttpRequest, plan_id: int) -> Plan:
    try:
        plan = plans_for(request.user, clock.today()).get(pk=plan_id)
    except Plan.DoesNotExist as why:
        raise Http404 from why
    allow(request.user, Verb.ASSIGN, plan.root, on=clock.today())
    return plan


@require_safe
@_plainly
def bind(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A plan's targets beside the measures they may mean (gắn cách đo)."""
    plan = _plan(request, plan_id)
    context = {"plan": plan, "lines": lists.binding(plan), "measures": library().measures.values()}
    return render(request, "results/bind.html", context)


@require_safe
@_plainly
def gist(request: HttpRequest) -> HttpResponse:
    """How a measure just chosen in the form is worked out (một đoạn của trang)."""
    allow(request.user, Verb.SEE_PLAN, on=clock.today())
    slug = next((v for k, v in request.GET.items() if k.startswith("m-")), "")
    found = library().measures.get(slug)
    context = {"measure": found, "definition": explain(found) if found else ""}
    return render(request, "results/gist.html", context)


@require_POST
@_plainly
def bind_measures(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Bind what was chosen: one target (its button) or all that are ticked."""
    plan = _plan(request, plan_id)
    chosen = lists.chosen(request.POST, plan)
    try:
        changed = actions.bind_measures(plan=plan, measures=chosen, by=request.user, at=clock.now())
    except actions.UnknownMeasure as why:
        return _refusal(request, str(why), 422)
    if changed:
        told = ", ".join(f"({t.code})" for t in changed)
        messages.success(request, f"Đã gắn cách đo cho {len(changed)} chỉ tiêu: {told}.")
    else:
        messages.info(request, "Không có thay đổi nào.")
    return redirect("results:bind", plan_id=plan.pk)


def _doubts(request: HttpRequest, on: date, elements: Collection[str] | None = None):
    """Doubts about values that the viewer may be told."""
    rows = facts.doubts_within(request.user, on, elements=elements)
    return discreet.doubts_told(rows, request.user, on, library())


@require_safe
@_plainly
def doubts(request: HttpRequest) -> HttpResponse:
    """Doubts about values in sight, of one target's elements where asked."""
    on = clock.today()
    allow(request.user, Verb.SEE_FIGURES, on=on)
    elements = None
    if asked := request.GET.get("chi-tieu", ""):
        measure = library().measures.get(_target(request, whole(asked, 0) or 0).measure)
        elements = {e.slug for e in elements_of(measure)} if measure else set()
    rows = _doubts(request, on, elements)
    return show(
        request,
        doubts_page.listing(rows),
        rows,
        "results/doubts.html",
        keep={"chi-tieu": asked},
        meanings=doubts_page.MEANINGS,
    )


@_plainly
def doubt(request: HttpRequest) -> HttpResponse:
    """One doubt: why it is asked; explained by the unit, accepted by who approves."""
    on = clock.today()
    allow(request.user, Verb.SEE_FIGURES, on=on)
    number = whole((request.POST or request.GET).get("so", ""), 0)
    found = _doubts(request, on).filter(pk=number or 0).first()
    if found is None:
        raise Http404
    fault = ""
    if request.method == "POST":
        try:
            answer_doubt(
                doubt=found,
                state=request.POST.get("cach", ""),
                answer=request.POST.get("ly-do", ""),
                by=request.user,
                at=clock.now(),
            )
            messages.success(request, "Đã ghi trả lời.")
            return redirect("results:doubts")
        except BadAnswer as why:
            fault = str(why)
    context = {
        "doubt": found,
        "title": doubts_page.title_of(found),
        "meaning": dict(doubts_page.MEANINGS).get(CHECK_LABELS.get(found.check_name, ""), ""),
        "value": doubts_page.value_of(found),
        "period": Period.of(found.period).label,
        "check": CHECK_LABELS.get(found.check_name, ""),
        "may_explain": may(request.user, Verb.REPORT, found.unit, on=on),
        "may_accept": may(request.user, Verb.APPROVE, found.unit, on=on),
        "fault": fault,
        "words": request.POST.get("ly-do", ""),
    }
    return render(request, "results/doubt.html", context, status=422 if fault else 200)
