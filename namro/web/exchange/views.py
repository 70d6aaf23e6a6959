"""Templates received, mapped by picking, their versions."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from namro.web.exchange import actions, queries
from namro.web.exchange.actions import UnfitMapping
from namro.web.exchange.grids import MOST_COLUMNS, MOST_ROWS, choices_for, grid_of
from namro.web.exchange.models import ExchangeForm
from namro.web.exchange.rules import FaultyExchange
from namro.web.frame import clock, files, uploads
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Listing, export, narrow, shown
from namro.web.org.queries import allow, may
from namro.web.org.rules import Verb

_MOST = 10_000_000


def _times(form: ExchangeForm) -> int | None:
    return queries.times_exported(form) or None


LIST = Listing(
    title="Trao đổi bằng tệp",
    columns=[
        Column("ten", "Biểu mẫu", lambda f: f.name, order="name", width=60,
               link=lambda f: reverse("exchange:form", args=[f.pk])),
        Column("ke-hoach", "Kế hoạch", lambda f: f.plan.title, order="plan__title", width=60),
        Column("don-vi", "Đơn vị", lambda f: f.unit.label, order="unit__name"),
        Column("ban", "Bản ghép", lambda f: f.mappings.count() or None, "number", sortable=False),
        Column("xuat", "Lần xuất", _times, "number", sortable=False),
        Column("nhan", "Nhận lúc", lambda f: timezone.localtime(f.received_at), "moment",
               "received_at"),
    ],
    empty="Chưa có biểu mẫu nào. Tải lên biểu mẫu trống của hệ thống khác để bắt đầu.",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def forms(request):
    """The templates within reach; POST takes a new one."""
    on, user = clock.today(), request.user
    allow(user, Verb.EXCHANGE, on=on)
    rows = queries.forms_for(user, on)
    if request.GET.get("xuat") == "xlsx":
        return export(LIST, narrow(request, LIST, rows)[0])
    plans, error = queries.plans_to_map(user, on), ""
    if request.method == "POST":
        try:
            return redirect("exchange:form", _receive(request, plans, on).pk)
        except (FaultyExchange, uploads.UploadRefused) as why:
            error = str(why)
    context = {"list": shown(request, LIST, rows), "plans": plans, "error": error,
               "typed": request.POST}  # fmt: skip
    return render(request, "exchange/forms.html", context, status=422 if error else 200)


def _receive(request, plans, on):
    upload = request.FILES.get("file")
    suffixes = (".xlsx", ".xls", ".xlsm", ".ods")  # the latter are refused with their own reason
    name = uploads.check(upload, suffixes=suffixes, most=_MOST)
    plan = next((p for p in plans if str(p.pk) == request.POST.get("plan")), None)
    if plan is None:
        raise FaultyExchange("Chưa chọn kế hoạch có các chỉ tiêu cần xuất.")
    return actions.receive_form(
        plan=plan, unit=queries.reach_of(request.user, on), name=request.POST.get("name", ""),
        file_name=name, chunks=upload.chunks(), by=request.user, at=clock.now(),
    )  # fmt: skip


def find(request, form_id: int) -> ExchangeForm:
    """The template, where it lies within reach; else there is no such page."""
    on = clock.today()
    allow(request.user, Verb.EXCHANGE, on=on)
    return get_object_or_404(queries.forms_for(request.user, on), pk=form_id)


@require_GET
def form(request, form_id):
    """The template as a grid, and what its cells take."""
    found = find(request, form_id)
    last = queries.newest(found)
    contents = last.contents if last else {"spots": [], "blocks": [], "codes": {}}
    if number := whole(request.GET.get("ban"), 0):
        contents = get_object_or_404(found.mappings, number=number).contents
    return _page(request, found, last, contents, [])


def _page(request, found, last, contents, faults, status=200):
    template = queries.template_of(found)
    sheets = [grid_of(s) for s in template.sheets.values()]
    history = found.mappings.select_related("saved_by").order_by("-number")[:50]
    context = {
        "form": found,
        "sheets": sheets,
        "cut": any(s.cut for s in sheets),
        "most": (MOST_ROWS, MOST_COLUMNS),
        "contents": contents,
        "choices": choices_for(found.plan),
        "seen": last.number if last else 0,
        "history": history,
        "faults": faults,
        "may_export": may(request.user, Verb.SEE_FIGURES, on=clock.today()),
    }
    return render(request, "exchange/form.html", context, status=status)


@require_POST
def save(request, form_id):
    """A new version of the mapping, checked; with its faults the page stays as it was typed."""
    found = find(request, form_id)
    try:
        data = json.loads(request.POST.get("mapping", ""))
    except (ValueError, RecursionError):
        messages.error(request, "Trang gửi lên không đọc được. Hãy tải lại trang rồi làm lại.")
        return redirect("exchange:form", found.pk)
    try:
        version = actions.save_mapping(
            form=found, data=data, seen=whole(request.POST.get("seen"), 0),
            note=request.POST.get("note", ""), by=request.user, at=clock.now(),
        )  # fmt: skip
    except UnfitMapping as why:
        return _page(request, found, queries.newest(found), data, why.faults, 422)
    except FaultyExchange as why:
        messages.error(request, str(why))
        return _page(request, found, queries.newest(found), _fit(data), [], 422)
    messages.success(request, f"Đã lưu cách ghép, bản {version.number}.")
    return redirect("exchange:form", found.pk)


def _fit(data):
    """What a page can show again of data that was refused."""
    return data if isinstance(data, dict) else {"spots": [], "blocks": [], "codes": {}}


@require_GET
def template_file(request, form_id):
    """The empty template as it was received."""
    found = find(request, form_id)
    path = files.path_of(found.sha256)
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.file_name)


@require_GET
def mapping_file(request, form_id, number):
    """One version of the mapping as a file that another province can load."""
    version = get_object_or_404(find(request, form_id).mappings, number=number)
    text = json.dumps(version.contents, ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="cach-ghep-{form_id}-{number}.json"'
    return answer


@require_POST
def load(request, form_id):
    """A mapping's file becomes a new version."""
    return _taken(request, form_id, (".json",), _load)


def _load(found, upload, by):
    content = b"".join(upload.chunks())
    return actions.take_mapping(form=found, content=content, by=by, at=clock.now())


@require_POST
def codes(request, form_id):
    """A table of units' codes from Excel becomes part of a new version."""
    return _taken(request, form_id, (".xlsx",), _codes)


def _codes(found, upload, by):
    return actions.take_codes(form=found, chunks=upload.chunks(), by=by, at=clock.now())


def _taken(request, form_id, suffixes, take):
    found, upload = find(request, form_id), request.FILES.get("file")
    try:
        uploads.check(upload, suffixes=suffixes, most=_MOST)
        version = take(found, upload, request.user)
    except UnfitMapping as why:
        last = queries.newest(found)
        contents = last.contents if last else {"spots": [], "blocks": [], "codes": {}}
        return _page(request, found, last, contents, why.faults, 422)
    except (FaultyExchange, uploads.UploadRefused) as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"Đã nạp; cách ghép thành bản {version.number}.")
    return redirect("exchange:form", found.pk)
