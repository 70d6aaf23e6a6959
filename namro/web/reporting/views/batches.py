"""Raw records: send a file in, watch it being checked, see what came of it."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from namro.terms import Calendar, Period
from namro.web.facts.library import library
from namro.web.frame import clock
from namro.web.frame.listing import Column, Filter, Listing, export, show
from namro.web.org.queries import allow, may
from namro.web.org.rules import Verb
from namro.web.reporting import actions, jobs, queries
from namro.web.reporting.models import RecordFile
from namro.web.reporting.rules import FILE_LABELS, FileState

MONTHS_OFFERED = 24


def _title(dataset: str) -> str:
    known = library().datasets.get(dataset)
    return known.title if known else dataset


def _by_state(rows, value):
    return rows.filter(state=value)


def _by_dataset(rows, value):
    return rows.filter(dataset=value)


def _listing() -> Listing:
    datasets = [(slug, d.title) for slug, d in library().datasets.items()]
    return Listing(
        title="Dữ liệu hồ sơ",
        columns=[
            Column("tap", "Tập dữ liệu", lambda r: _title(r.dataset), width=34, sortable=False),
            Column("ky", "Kỳ", lambda r: Period.of(r.period).label, order="period"),
            Column(
                "tep", "Tệp", lambda r: r.file_name, order="file_name", width=40,
                link=lambda r: reverse("reporting:record_file", args=[r.pk]),
            ),
            Column("gui-luc", "Gửi lúc", lambda r: r.sent_at, "moment", order="sent_at"),
            Column("nguoi-gui", "Người gửi", lambda r: str(r.sent_by or ""), sortable=False),
            Column("tinh-trang", "Tình trạng", lambda r: r.get_state_display(), "state",
                   order="state", sign=lambda r: f"file-{r.state}"),
            Column("so-ban-ghi", "Số bản ghi", lambda r: r.batch.rows if r.batch else None,
                   "number", sortable=False),
        ],
        filters=[
            Filter("tt", "Tình trạng", [(s.value, v) for s, v in FILE_LABELS.items()], _by_state),
            Filter("tap-du-lieu", "Tập dữ liệu", datasets, _by_dataset),
        ],
        empty="Chưa có tệp dữ liệu nào. Chọn tập dữ liệu, kỳ và tệp rồi bấm Gửi tệp.",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def batches(request):
    on = clock.today()
    allow(request.user, Verb.SEE_RECORDS, on=on)
    error = ""
    if request.method == "POST":
        allow(request.user, Verb.RECEIVE_RECORDS, on=on)
        try:
            kept = _receive(request)
        except (actions.FaultyRecordFile, actions.FaultyFile) as why:
            error = str(why)
        else:
            return redirect("reporting:record_file", pk=kept.pk)
    context = {
        "sends": may(request.user, Verb.RECEIVE_RECORDS, on=on),
        "datasets": library().datasets.values(),
        "periods": _periods(on),
        "error": error,
        "typed": request.POST,
    }
    rows = queries.record_files_for(request.user, on)
    answer = show(request, _listing(), rows, "reporting/batches.html", **context)
    answer.status_code = 422 if error else answer.status_code
    return answer


def _periods(on) -> list[Period]:
    newest = Period.month_of(on, Calendar.ADMINISTRATIVE)
    return [newest.shifted(-i) for i in range(MONTHS_OFFERED)]


def _receive(request) -> RecordFile:
    upload = request.FILES.get("file")
    if upload is None:
        raise actions.FaultyRecordFile("Hãy chọn tệp CSV, Excel hoặc Parquet rồi bấm Gửi tệp.")
    kept = actions.receive_records(
        dataset=request.POST.get("dataset", ""),
        period_code=request.POST.get("period", ""),
        file_name=upload.name,
        chunks=upload.chunks(),
        by=request.user,
        at=clock.now(),
    )
    jobs.check_records.enqueue(kept.pk)
    return kept


def _record_file(request, pk: int) -> RecordFile:
    return get_object_or_404(queries.record_files_for(request.user, clock.today()), pk=pk)


@require_GET
def record_file(request, pk):
    kept = _record_file(request, pk)
    if kept.state == FileState.TAKEN and kept.batch_id and not request.htmx:
        return redirect("reporting:batch", pk=kept.batch_id)
    running = kept.state in (FileState.WAITING, FileState.CHECKING)
    context = {
        "file": kept, "title": _title(kept.dataset), "period": Period.of(kept.period).label,
        "running": running, "waited": int((clock.now() - kept.sent_at).total_seconds()),
        "sends": may(request.user, Verb.RECEIVE_RECORDS, on=clock.today()),
        "has_copy": queries.copy_of(kept) is not None,
    }  # fmt: skip
    part = "reporting/record_file_state.html" if request.htmx else "reporting/record_file.html"
    answer = render(request, part, context)
    if request.htmx and not running:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def check_again(request, pk):
    allow(request.user, Verb.RECEIVE_RECORDS, on=clock.today())
    jobs.check_records.enqueue(_record_file(request, pk).pk)
    messages.success(request, "Đã xếp tệp vào hàng chờ kiểm tra.")
    return redirect("reporting:record_file", pk=pk)


FAULTS = Listing(
    title="Lỗi trong tệp dữ liệu",
    columns=[
        Column("dong", "Dòng", lambda f: f.get("line"), "number", width=10),
        Column("o", "Ô", lambda f: f.get("cell") or "", width=20),
        Column("loi", "Lỗi", lambda f: f["message"], width=80),
        Column("sua", "Cách sửa", lambda f: f.get("suggestion") or "", width=60),
    ],
)


@require_GET
def faults(request, pk):
    """All faults: a copy of the file with them written in; as a list where there is no copy."""
    kept = _record_file(request, pk)
    copy = queries.copy_of(kept)
    if copy is None:
        return export(FAULTS, kept.faults)
    name = f"{PurePath(kept.file_name).stem} - co ghi loi.xlsx"
    return FileResponse(copy.open("rb"), as_attachment=True, filename=name)


@require_GET
def batch(request, pk):
    on = clock.today()
    allow(request.user, Verb.SEE_RECORDS, on=on)
    taken = get_object_or_404(queries.batches_for(request.user, on), pk=pk)
    listing = Listing(
        title=f"Bản ghi theo đơn vị, {Period.of(taken.period).label}",
        columns=[
            Column("don-vi", "Đơn vị", lambda s: s.unit.name, width=40),
            Column("so", "Số bản ghi", lambda s: s.rows, "number"),
            Column("hieu-luc", "Hiệu lực", lambda s: _standing(s), sortable=False),
        ],
        per_page=100,
        empty="Không có đơn vị nào trong phạm vi đồng chí được xem.",
    )
    rows = queries.slices_for(request.user, taken, on)
    context = {"batch": taken, "title": _title(taken.dataset), "file": queries.file_of(taken)}
    context |= {
        "period": Period.of(taken.period).label,
        "removals": queries.removals_of(taken),
    }
    return show(request, listing, rows, "reporting/batch.html", **context)


def _standing(slice_) -> str:
    told = "Đang tính" if slice_.counts else "Đã có lô mới hơn thay thế"
    return f"{told}; bản ghi đã xóa, tổng còn giữ" if slice_.gone else told
