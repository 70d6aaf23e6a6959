"""Documents come in: the list with the upload, the file itself, reading again."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from namro.web.frame import clock, files
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans import actions, jobs, queries
from namro.web.plans.rules import DOCUMENT_ENDINGS, READING_LABELS, ReadingState

_SIGNS = {
    ReadingState.READ: "BEHIND",
    ReadingState.FAILED: "OVERDUE",
    ReadingState.CONFIRMED: "DONE_ON_TIME",
}


def _address(reading):
    return reverse("plans:reading", args=[reading.pk])


LIST = Listing(
    title="Văn bản đang đọc",
    columns=[
        Column("ten", "Tệp", lambda r: r.name, order="document__file_name",
               link=_address, width=48),
        Column("tinh-trang", "Tình trạng", lambda r: r.get_state_display(), "state", "state",
               sign=lambda r: _SIGNS.get(r.state, "")),
        Column("don-vi", "Đơn vị tiếp nhận", lambda r: r.document.unit.label,
               order="document__unit__name"),
        Column("nguoi", "Người đưa vào", lambda r: r.document.received_by.full_name,
               order="document__received_by__full_name"),
        Column("luc", "Lúc", lambda r: r.document.received_at, "moment", "document__received_at"),
    ],
    filters=[
        Filter("trang-thai", "Tình trạng", [(s.value, v) for s, v in READING_LABELS.items()],
               lambda rows, value: rows.filter(state=value)),
    ],
    empty="Chưa có văn bản nào. Chọn tệp kế hoạch ở trên để máy đọc; sau đó đồng chí rà soát "
    "và xác nhận.",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def readings(request):
    """The list; a POST takes one or more files in."""
    on = clock.today()
    allow(request.user, Verb.RECEIVE_DOCUMENT, on=on)
    units = queries.receiving_units(request.user, on)
    if request.method == "POST":
        return _receive_all(request, units)
    rows = queries.readings_for(request.user, on)
    return show(
        request, LIST, rows, "plans/readings.html", units=units, endings=",".join(DOCUMENT_ENDINGS)
    )


def _receive_all(request, units):
    """All files as one document where that was asked for, else each on its own: one that is
    refused does not keep the others out."""
    given = request.FILES.getlist("tep")
    if not given:
        messages.error(request, "Chưa chọn tệp nào. Hãy chọn tệp văn bản rồi bấm “Đưa vào và đọc”.")
        return redirect("plans:readings")
    unit = next((u for u in units if str(u.pk) == request.POST.get("don-vi")), units[0])
    together = request.POST.get("gop") == "1"
    documents = [given] if together else [[upload] for upload in given]
    taken = [reading for files in documents if (reading := _receive(request, unit, files))]
    if len(taken) == 1 and len(documents) == 1:
        return redirect("plans:reading", taken[0].pk)
    return redirect("plans:readings")


def _receive(request, unit, uploads):
    at = clock.now()
    given = [(upload.name, upload.chunks()) for upload in uploads]
    try:
        reading = actions.receive_together(by=request.user, at=at, unit=unit, given=given)
    except actions.BadDocument as why:
        messages.error(request, str(why))
        return None
    except actions.AlreadyReceived as why:
        link = format_html('<a href="{}">Mở bản đọc đã có</a>', _address(why.reading))
        messages.warning(request, format_html("{} {} để xem hoặc rà soát tiếp.", str(why), link))
        return None
    jobs.read_document.enqueue(reading_id=reading.pk)
    messages.success(request, f"Đã nhận “{reading.document.file_name}”, máy sẽ đọc ngay.")
    return reading


@require_POST
def read_again(request, reading_id):
    """Start a failed or abandoned reading anew."""
    found = find(request, reading_id)
    try:
        actions.read_again(reading=found, by=request.user, at=clock.now())
    except actions.CannotReadAgain as why:
        messages.warning(request, str(why))
    else:
        jobs.read_document.enqueue(reading_id=found.pk)
        messages.success(request, "Đã xếp văn bản vào hàng chờ đọc lại.")
    return redirect("plans:reading", found.pk)


@require_POST
def read_other(request, reading_id):
    """Another document of the same file, as a reading of its own."""
    found = find(request, reading_id)
    order = whole(request.POST.get("thu"), 0)
    try:
        other, new = actions.read_other(reading=found, order=order, by=request.user, at=clock.now())
    except actions.NoOtherDocument as why:
        messages.warning(request, str(why))
        return redirect("plans:reading", found.pk)
    if new:
        jobs.read_document.enqueue(reading_id=other.pk)
        messages.success(request, f"Máy sẽ đọc văn bản thứ {order} của tệp ngay.")
    return redirect("plans:reading", other.pk)


@require_GET
def document_file(request, reading_id):
    """The original file, as it was received."""
    found = find(request, reading_id)
    path = files.path_of(found.document.sha256)
    if not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.document.file_name)


def find(request, reading_id):
    """The reading, for one who may see it; 403 without the right at all, 404 out of reach."""
    on = clock.today()
    allow(request.user, Verb.RECEIVE_DOCUMENT, on=on)
    found = queries.full_reading(request.user, reading_id, on)
    if found is None:
        raise Http404
    return found
