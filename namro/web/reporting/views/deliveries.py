"""Many forms back in: send files and zips, watch them being checked, see what became of each."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import F
from django.http import FileResponse, Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from namro.vietnamese import sort_key
from namro.web.frame import clock
from namro.web.frame.listing import Column, Filter, Listing, narrow, show, shown
from namro.web.frame.listing import export as as_workbook
from namro.web.org.models import User
from namro.web.reporting import jobs
from namro.web.reporting.deliveries import intake, outgoing
from namro.web.reporting.deliveries import queries as reads
from namro.web.reporting.deliveries.checking import STUCK_AFTER
from namro.web.reporting.deliveries.models import DeliveredForm, Delivery
from namro.web.reporting.deliveries.rules import (
    DELIVERY_LABELS,
    OUTCOME_LABELS,
    DeliveryState,
    FormOutcome,
)
from namro.web.reporting.form.drafts import allow_report
from namro.web.reporting.models import Duty
from namro.web.reporting.queries import visible_duties
from namro.web.reporting.records import fault_copies
from namro.web.reporting.rights import gathers
from namro.web.reporting.views.answers import attachment, stored

DELIVERIES = Listing(
    title="Các lần nạp biểu Excel",
    columns=[
        Column(
            "tep", "Tệp", str, link=lambda d: reverse("reporting:delivery", args=[d.pk]),
            width=40, sortable=False,
        ),
        Column("gui-luc", "Gửi lúc", lambda d: d.sent_at, "moment", order="sent_at"),
        Column("so-tep", "Số tệp bên trong", lambda d: d.total, "number", order="total"),
        Column(
            "tinh-trang", "Tình trạng", lambda d: d.get_state_display(), "state", order="state"
        ),
    ],
    filters=[
        Filter(
            "tt", "Tình trạng", [(s.value, v) for s, v in DELIVERY_LABELS.items()],
            lambda rows, value: rows.filter(state=value),
        )
    ],
    empty="Chưa nạp lần nào. Chọn các tệp biểu đã điền, hoặc một gói .zip, rồi bấm Nạp.",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def deliveries(request):
    intake.allow_delivery(request.user, clock.today())
    error = ""
    if request.method == "POST":
        try:
            sent = _receive(request)
        except intake.FaultyDelivery as why:
            error = str(why)
        else:
            return redirect("reporting:delivery", pk=sent.pk)
    rows = reads.deliveries_for(request.user)
    told = {"error": error, "client_id": uuid4(), "gathers": gathered(request.user)}
    answer = show(request, DELIVERIES, rows, "reporting/deliveries.html", **told)
    answer.status_code = 422 if error else answer.status_code
    return answer


def gathered(viewer: User) -> list[str]:
    """To whom the returns go that a person may bring in on behalf of those who owe them, by name;
    none where nobody else reports to them."""
    on = clock.today()
    theirs = Duty.objects.filter(receiver__in=gathers(viewer, on)).exclude(unit=F("receiver"))
    return sorted(set(theirs.order_by().values_list("receiver__name", flat=True)), key=sort_key)


def _receive(request) -> Delivery:
    try:
        key = UUID(request.POST.get("client_id", ""))
    except ValueError:
        key = uuid4()
    sent = intake.receive_delivery(
        uploaded=request.FILES.getlist("files"), client_id=key, by=request.user, at=clock.now()
    )
    if sent.state == DeliveryState.WAITING:
        jobs.check_delivery.enqueue(sent.pk)
    return sent


def _delivery(request, pk: int) -> Delivery:
    return get_object_or_404(reads.deliveries_for(request.user), pk=pk)


# --- one delivery ----------------------------------------------------------------------------


def told_of(form: DeliveredForm) -> str:
    """What is wrong with a form, or worth knowing, a line each with its cell."""
    return "\n".join(
        " ".join(
            part
            for part in (f["cell"] and f"Ô {f['cell']}:", f["message"], f["suggestion"])
            if part
        )
        for f in [*form.faults, *form.notices]
    )


def _duty_address(form: DeliveredForm) -> str | None:
    return reverse("reporting:duty", args=[form.duty_id]) if form.duty_id else None


def _whose(form: DeliveredForm) -> str:
    if form.duty is None:
        return form.whose
    return f"{form.duty.unit.label}, {form.duty.round.label}, gửi {form.duty.receiver.label}"


OWN, ON_BEHALF = "Đơn vị mình", "Nhập thay đơn vị"


def _for_whom(form: DeliveredForm) -> str:
    if form.duty_id is None:
        return ""
    return ON_BEHALF if form.on_behalf else OWN


def _copy_address(form: DeliveredForm) -> str | None:
    if not form.has_copy:
        return None
    return reverse("reporting:delivery_copy", args=[form.delivery_id, form.file])


_SIGNS = {
    FormOutcome.TAKEN: "status-APPROVED",
    FormOutcome.CONFLICT: "status-DRAFT",
    FormOutcome.REFUSED: "status-SENT_BACK",
    FormOutcome.WITHHELD: "status-SENT_BACK",
}
FORMS = Listing(
    title="Kết quả nạp biểu Excel",
    columns=[
        Column("tep", "Tệp", lambda f: f.file_name, order="file", width=44),
        Column("trang", "Trang tính", lambda f: f.sheet, order="sheet", width=22),
        Column("bieu", "Biểu của", _whose, sortable=False, link=_duty_address, width=36),
        Column("nap-cho", "Nạp cho", _for_whom, order="on_behalf", width=14),
        Column("ket-qua", "Kết quả", lambda f: f.get_outcome_display(), order="outcome",
               sign=lambda f: _SIGNS.get(f.outcome, "status-NONE"), width=20),
        Column("thay-doi", "Ô thay đổi", lambda f: f.changed, "number", order="changed", width=10),
        Column("cho-chon", "Ô chờ chọn", lambda f: f.waiting, "number", order="waiting", width=10),
        Column("noi-dung", "Lỗi, lưu ý", told_of, sortable=False, width=49),
        Column("ban-sao", "Bản sao", lambda f: "Có ghi lỗi" if f.has_copy else "",
               sortable=False, link=_copy_address, width=14),
    ],
    filters=[
        Filter(
            "kq", "Kết quả", [(o.value, v) for o, v in OUTCOME_LABELS.items()],
            lambda rows, value: rows.filter(outcome=value),
        ),
        Filter(
            "cho", "Nạp cho", [("0", OWN), ("1", ON_BEHALF)],
            lambda rows, value: rows.filter(duty__isnull=False, on_behalf=value == "1"),
        ),
    ],
    per_page=100,
    empty="Chưa có tệp nào được kiểm tra.",
)  # fmt: skip


@require_GET
def delivery(request, pk):
    kept = _delivery(request, pk)
    running = kept.state != DeliveryState.DONE
    outcomes = reads.outcomes_of(kept)
    context = {
        "delivery": kept, "running": running,
        "waited": int((clock.now() - kept.sent_at).total_seconds()),
        "silent": bool(kept.beat_at and clock.now() - kept.beat_at > STUCK_AFTER),
        "outcomes": [(v, outcomes[o], o.value) for o, v in OUTCOME_LABELS.items() if outcomes[o]],
        "copies": sum(1 for _ in reads.copies_of(kept)),
        "asks": outcomes[FormOutcome.CONFLICT],
        "on_behalf": kept.forms.filter(on_behalf=True, submission__isnull=False).count(),
    }  # fmt: skip
    if request.htmx:
        answer = render(request, "reporting/delivery_state.html", context)
        if not running:
            answer["HX-Refresh"] = "true"
        return answer
    rows = reads.forms_of(kept)
    if request.GET.get("xuat") == "xlsx":
        return as_workbook(FORMS, narrow(request, FORMS, rows)[0])
    context["list"] = shown(request, FORMS, rows)
    return render(request, "reporting/delivery.html", context)


@require_POST
def check_again(request, pk):
    jobs.check_delivery.enqueue(_delivery(request, pk).pk)
    messages.success(request, "Đã xếp lại vào hàng chờ kiểm tra.")
    return redirect("reporting:delivery", pk=pk)


@require_GET
def copy(request, pk, file):
    """A refused file again, its faults marked in its cells."""
    form = _delivery(request, pk).forms.filter(file=file, has_copy=True).first()
    path = reads.copy_of(form) if form else None
    if form is None or path is None:
        raise Http404
    return attachment(path.read_bytes(), reads.copy_name(form).rpartition("/")[2])


@require_GET
def copies(request, pk):
    """All refused files of a delivery, their faults marked, as one zip."""
    kept = _delivery(request, pk)
    found = list(reads.copies_of(kept))
    if not found:
        raise Http404
    return stored(StreamingHttpResponse(outgoing.zipped(found)), "bieu-co-ghi-loi.zip")


@require_GET
def form_faults(request, pk):
    """The form last refused on a duty's own page, its faults marked in its cells."""
    duty = get_object_or_404(visible_duties(request.user, clock.today()), pk=pk)
    allow_report(request.user, duty, clock.now())
    path = fault_copies.path_of_duty(duty)
    if not path.is_file():
        raise Http404
    name = f"bieu-{duty.unit.label}-{duty.round.period} - co ghi loi.xlsx"
    return stored(FileResponse(path.open("rb")), name)
