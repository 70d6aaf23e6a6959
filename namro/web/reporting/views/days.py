"""The calendar of work: days off and swapped working days, year by year."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from namro.vietnamese import format_date
from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting import actions, queries
from namro.web.reporting.views import typed


@require_http_methods(["GET", "POST"])
def days(request):
    allow(request.user, Verb.OPEN_ROUND, on=clock.today())
    error = ""
    if request.method == "POST":
        try:
            _change(request)
        except actions.FaultyRound as why:
            error = str(why)
        else:
            return redirect("reporting:days")
    marked = list(queries.marked_days())
    years = sorted({d.on.year for d in marked} | {clock.today().year}, reverse=True)
    year = clock.today().year
    context = {
        "years": [(y, [d for d in marked if d.on.year == y]) for y in years],
        "lacking": [] if any(d.on.year == year and not d.works for d in marked) else [year],
        "error": error,
        "typed": request.POST,
    }
    return render(request, "reporting/days.html", context, status=422 if error else 200)


def _change(request) -> None:
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
