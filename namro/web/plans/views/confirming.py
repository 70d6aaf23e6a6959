"""From a reviewed draft to the plan in force: the last page before it binds anyone."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from namro.terms import Deadline
from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.org.queries import may
from namro.web.org.rules import Verb
from namro.web.plans import actions, entry, queries, reviewed
from namro.web.plans import draft as drafts
from namro.web.plans.rules import ReadingState, proposed_term
from namro.web.plans.views import shown
from namro.web.plans.views.readings import find

FIELDS = ("issuer", "root", "started_on", "deadline_on")


@require_http_methods(["GET", "POST"])
def confirm(request, reading_id):
    """Show what will be, ask for what the document leaves open, then make the plan."""
    found = find(request, reading_id)
    if found.state == ReadingState.CONFIRMED:
        return redirect("plans:source", found.plan.pk)
    if found.state != ReadingState.READ:
        return redirect("plans:reading", found.pk)
    directory = queries.Directory(clock.today())
    if request.method == "GET":
        return _page(request, found, directory, _proposed(request, found, directory))
    typed = {name: request.POST.get(name, "").strip() for name in FIELDS}
    return _confirm(request, found, directory, typed)


def _confirm(request, found, directory, typed):
    values, faults = _values(typed, directory)
    if faults:
        return _page(request, found, directory, typed, faults, status=422)
    version = whole(request.POST.get("version"), -1)
    try:
        actions.confirm_plan(
            reading=found, by=request.user, at=clock.now(),
            version=version, **values,
        )  # fmt: skip
    except actions.AlreadyConfirmed as why:
        messages.info(request, str(why))
        return redirect("plans:source", why.plan.pk)
    except actions.StaleDraft as why:
        return _page(request, why.reading, directory, typed, {"": str(why)}, status=409)
    except actions.IncompletePlan:
        return _page(request, found, directory, typed, status=422)
    messages.success(
        request,
        "Đã xác nhận kế hoạch. Việc tiếp theo: giao đơn vị cho từng chỉ tiêu, nhiệm vụ; "
        "sau đó mở trang kế hoạch để gắn cách đo và mở đợt báo cáo.",
    )
    return redirect("plans:assignments")


def _proposed(request, reading, directory):
    """What the document lets one suppose; the person decides."""
    head = reviewed.row(reading, drafts.HEAD).item
    first, last = proposed_term(head.get("title") or "", head.get("date") or "")
    issuer = directory.issuer(head.get("issuer"))
    top = queries.province_of(issuer or reading.document.unit, directory.on)
    allowed = may(request.user, Verb.RECEIVE_DOCUMENT, top, on=directory.on)
    return {
        "issuer": issuer.name if issuer else "",
        "root": top.name if allowed else "",
        "started_on": shown.written_day(first.isoformat()) if first else "",
        "deadline_on": shown.written_day(last.isoformat()) if last else "",
    }


def _values(typed, directory):
    """(what confirm_plan takes, faults by field)."""
    values, faults = {}, {}
    for name in ("issuer", "root"):
        values[name] = directory.named(typed[name])
        if values[name] is None:
            wrong = f"Không có đơn vị tên “{typed[name]}”." if typed[name] else "Chưa chọn đơn vị."
            faults[name] = f"{wrong} Hãy chọn trong danh sách gợi ý."
    for name in ("started_on", "deadline_on"):
        try:
            iso = entry.dated(typed[name])
        except ValueError as why:
            faults[name] = str(why)
            continue
        if iso and len(iso) < 10:
            faults[name] = "Phải ghi đủ ngày, tháng, năm."
        values[name] = Deadline(iso).last_day
    return values, faults


def _page(request, reading, directory, typed, faults=None, status=200):
    draft = reading.draft
    head = draft["document"]
    days, _ = _values(typed, directory)
    checked, of = drafts.counted(draft)
    kept = [i for i in drafts.items(draft) if i["kept"]]
    context = {
        "reading": reading,
        "typed": typed,
        "faults": faults or {},
        "title": head.get("title") or "",
        "lacking": drafts.lacking(draft, days.get("started_on"), days.get("deadline_on")),
        "targets": sum(1 for i in kept if i["id"].startswith("ct")),
        "tasks": sum(1 for i in kept if i["id"].startswith("nv")),
        "dropped": of - len(kept),
        "checked": checked,
        "of": of,
        "unchecked": of - checked,
        "without_lead": [shown.line_of(i) for i in kept if not i["lead_units"]],
        "open_faults": [f for f in draft["faults"] if not f["settled"]],
        "units": directory.units,
    }  # fmt: skip
    return render(request, "plans/confirm.html", context, status=status)
