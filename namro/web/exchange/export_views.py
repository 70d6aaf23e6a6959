"""Exports: asked for, watched while they are made, looked at, downloaded, made again."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from namro.terms import Period
from namro.web.exchange import actions, jobs, queries, rules
from namro.web.exchange.grids import filled_grids
from namro.web.exchange.rules import ExportState, FaultyExchange
from namro.web.exchange.views import find
from namro.web.facts.queries import known_periods
from namro.web.frame import clock, files
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.results.queries import periods_of
from namro.web.results.sight import default_period

LIST = Listing(
    title="Các lần xuất",
    columns=[
        Column("luc", "Xuất lúc", lambda e: timezone.localtime(e.asked_at), "moment", "asked_at",
               link=lambda e: reverse("exchange:export", args=[e.pk])),
        Column("ky", "Kỳ", lambda e: Period.of(e.period).label, order="period"),
        Column("don-vi", "Đơn vị", lambda e: e.unit.label, order="unit__name"),
        Column("chot", "Số liệu chốt", lambda e: timezone.localtime(e.as_of), "moment", "as_of"),
        Column("ban", "Bản ghép", lambda e: e.mapping.number, "number", "mapping__number"),
        Column("nguoi", "Người xuất", lambda e: e.asked_by.full_name, order="asked_by__full_name"),
        Column("o", "Ô đã điền", lambda e: e.filled or None, "number", "filled"),
        Column("luu-y", "Điều cần xem", lambda e: len(e.remarks) or None, "number", sortable=False),
        Column("tinh-trang", "Tình trạng", lambda e: e.get_state_display(), order="state"),
        Column("ma", "Mã kiểm tra tệp (SHA-256)", lambda e: e.sha256[:16], order="sha256"),
    ],
    filters=[
        Filter("tinh-trang", "Tình trạng", [(s.value, s.label) for s in ExportState],
               lambda rows, value: rows.filter(state=value)),
    ],
    empty="Biểu mẫu này chưa được xuất lần nào.",
)  # fmt: skip
REMARKS = Listing(
    title="Điều cần xem trước khi gửi",
    columns=[
        Column("loai", "Loại", lambda r: rules.REMARK_LABELS.get(r["code"], "Khác")),
        Column("o", "Ô", lambda r: r["cell"], width=18),
        Column("noi-dung", "Nội dung", lambda r: r["message"], width=70),
        Column("cach", "Cách xử lý", lambda r: r["mend"], width=60),
    ],
    filters=[
        Filter("loai", "Loại", list(rules.REMARK_LABELS.items()),
               lambda rows, value: [r for r in rows if r["code"] == value]),
    ],
    empty="Không có điều gì cần xem.",
)  # fmt: skip


@require_GET
def exports(request, form_id):
    """Exports of one template, and the form that asks for another."""
    on, found = clock.today(), find(request, form_id)
    allow(request.user, Verb.SEE_FIGURES, on=on)
    rows = queries.exports_for(request.user, on).filter(mapping__form=found)
    periods = periods_of(found.plan)
    return show(
        request, LIST, rows, template="exchange/exports.html", form=found, periods=periods,
        usual=default_period(known_periods(), on),
        units=queries.units_to_export(request.user, found, on), mapping=queries.newest(found),
        now=timezone.localtime(clock.now()),
    )  # fmt: skip


@require_POST
def ask(request, form_id):
    """Ask for an export; the worker makes it."""
    on, found = clock.today(), find(request, form_id)
    allow(request.user, Verb.SEE_FIGURES, on=on)
    units = queries.units_to_export(request.user, found, on)
    unit = next((u for u in units if u.code == request.POST.get("unit")), None)
    try:
        if unit is None:
            raise FaultyExchange("Chưa chọn đơn vị trong phạm vi của đồng chí.")
        made = actions.ask_export(
            form=found, unit=unit, period_code=request.POST.get("period", ""),
            as_of=_moment(request.POST.get("as_of", "")), by=request.user, at=clock.now(),
        )  # fmt: skip
    except FaultyExchange as why:
        messages.error(request, str(why))
        return redirect("exchange:exports", found.pk)
    jobs.make_export.enqueue(export_id=made.pk)
    return redirect("exchange:export", made.pk)


def _moment(text: str) -> datetime:
    """A moment as typed, the whole minute; blank: now."""
    if not text.strip():
        return clock.now()
    for written in ("%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M"):
        try:
            typed = datetime.strptime(text.strip(), written)  # noqa: DTZ007
        except ValueError:
            continue
        return clock.through_minute(timezone.make_aware(typed), clock.now())
    raise FaultyExchange("Thời điểm chốt ghi theo mẫu 16:00 31/12/2025, hoặc để trống.")


def _found(request, export_id):
    on = clock.today()
    allow(request.user, Verb.EXCHANGE, on=on)
    allow(request.user, Verb.SEE_FIGURES, on=on)
    return get_object_or_404(queries.exports_for(request.user, on), pk=export_id)


@require_GET
def export(request, export_id):
    """How far an export is; once made, the filled template as a table and what to look at."""
    made = _found(request, export_id)
    context = {"export": made, "form": made.mapping.form, "period": Period.of(made.period)}
    if request.GET.get("tien-do"):
        answer = render(request, "exchange/_progress.html", context)
        if not made.is_under_way:
            answer["HX-Refresh"] = "true"
        return answer
    path = files.path_of(made.sha256) if made.sha256 else None
    if path and path.exists():
        context["sheets"] = filled_grids(path, made.remarks)
    return show(request, REMARKS, made.remarks, template="exchange/export.html", **context)


@require_GET
def download(request, export_id):
    """The filled template; who took it is recorded."""
    made = _found(request, export_id)
    path = files.path_of(made.sha256) if made.sha256 else None
    if path is None or not path.exists():
        raise Http404
    actions.note_download(export=made, by=request.user, at=clock.now())
    name = rules.file_name(made.mapping.form.name, made.period, made.pk)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@require_POST
def again(request, export_id):
    """The same export once more: same mapping, unit, period, moment."""
    first = _found(request, export_id)
    first = first.again or first
    try:
        made = actions.ask_export(
            form=first.mapping.form, unit=first.unit, period_code=first.period, as_of=first.as_of,
            by=request.user, at=clock.now(), again=first,
        )  # fmt: skip
    except FaultyExchange as why:
        messages.error(request, str(why))
        return redirect("exchange:export", first.pk)
    jobs.make_export.enqueue(export_id=made.pk)
    return redirect("exchange:export", made.pk)
