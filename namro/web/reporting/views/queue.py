"""What waits for my decision; many returns looked at and approved together."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, export, narrow, shown
from namro.web.org.queries import NotAllowed, may
from namro.web.org.rules import Verb
from namro.web.reporting import actions, queries
from namro.web.reporting.chain.deputies import in_place_of
from namro.web.reporting.chain.findings import doubts_of
from namro.web.reporting.chain.rules import waits_for
from namro.web.reporting.rights import gathers
from namro.web.reporting.views import form_rows

MOST_AT_ONCE = 100


def _by_findings(rows, value):
    return [r for r in rows if r.is_sound == (value == "khong")]


def _to_see(row: queries.Judged) -> str:
    held = [f"Đang được giữ lại: {row.held}"] if row.held else []
    return " ".join(held + row.findings)


def _by_receiver(rows, value):
    return [r for r in rows if str(r.submission.duty.receiver_id) == value]


def _by_period(rows, value):
    return [r for r in rows if str(r.submission.duty.round_id) == value]


def _listing(rows: list[queries.Judged]) -> Listing:
    receivers = {r.submission.duty.receiver_id: r.submission.duty.receiver.name for r in rows}
    periods = {str(r.submission.duty.round_id): r.submission.duty.round.label for r in rows}
    return Listing(
        title="Duyệt số liệu",
        columns=[
            Column(
                "don-vi", "Đơn vị", lambda r: r.submission.duty.unit.name, width=34,
                link=lambda r: reverse("reporting:submission", args=[r.submission.pk]),
            ),
            Column("ky", "Kỳ", lambda r: r.submission.duty.round.label, sortable=False),
            Column("nhan", "Nơi nhận", lambda r: r.submission.duty.receiver.name, width=34),
            Column("buoc", "Bước", lambda r: waits_for(r.submission.step), sortable=False),
            Column("nop-luc", "Nộp lúc", lambda r: r.submission.submitted_at, "moment"),
            Column("ban", "Bản", lambda r: r.submission.version, "number", width=8),
            Column("da-ghi", "Đã ghi", lambda r: f"{r.filled}/{r.figures}", width=10),
            Column("doi", "Khác kỳ trước", lambda r: r.changed, "number", width=12),
            Column("lon-nhat", "Thay đổi lớn nhất", lambda r: r.widest, sortable=False),
            Column("diem", "Điểm cần xem", _to_see, width=60, sortable=False),
        ],
        filters=[
            Filter("can-xem", "Điểm cần xem", [("co", "Có"), ("khong", "Không")], _by_findings),
            Filter("nhan-ve", "Nơi nhận", [(str(k), v) for k, v in receivers.items()],
                   _by_receiver),
            Filter("ky-bao", "Kỳ", list(periods.items()), _by_period),
        ],
        empty="Không có báo cáo nào chờ đồng chí duyệt.",
    )  # fmt: skip


def _waiting(request):
    """The queue, for who approves, leads a unit or stands in for somebody. Raises NotAllowed."""
    on = clock.today()
    waiting = queries.queue_for(request.user, on)
    if not may(request.user, Verb.APPROVE, on=on) and not waiting.exists():
        raise NotAllowed("Không có báo cáo nào chờ đồng chí duyệt.")
    return waiting


@require_GET
def queue(request):
    rows = queries.judge(_waiting(request))
    listing = _listing(rows)
    if request.GET.get("xuat") == "xlsx":
        return export(listing, narrow(request, listing, rows)[0])
    context = {
        "list": shown(request, listing, rows),
        "sound": sum(1 for r in rows if r.is_sound),
        "all": len(rows),
        "in_place_of": in_place_of(request.user, clock.today()),
        "gathers": bool(gathers(request.user, clock.today())),
    }
    return render(request, "reporting/queue.html", context)


def _chosen(given) -> list[int]:
    return [pk for text in given.getlist("chosen") if (pk := whole(text, 0))][:MOST_AT_ONCE]


@require_GET
def preview_many(request):
    """Before many are approved: what changed in each, what is to be asked."""
    waiting = _waiting(request).filter(pk__in=_chosen(request.GET))
    judged = queries.judge(waiting)
    doubts = doubts_of([j.submission for j in judged])
    returns = [(j, _lit(j), doubts[j.submission.pk]) for j in judged]
    if not returns:
        messages.warning(request, "Chưa chọn báo cáo nào còn chờ duyệt.")
        return redirect("reporting:queue")
    sound = sum(1 for j, _, asked in returns if j.is_sound and not asked)
    context = {"returns": returns, "sound": sound}
    return render(request, "reporting/approve_many.html", context)


def _lit(judged: queries.Judged) -> list[form_rows.FormRow]:
    """The rows that differ from the last period, or that something is to be asked about."""
    rows = form_rows.rows_of(judged.asked, judged.submission, judged.checked)
    return [r for r in rows if r.change or r.errors or r.questions]


@require_POST
def approve_many(request):
    chosen = _chosen(request.POST)
    seen = {whole(text, 0) for text in request.POST.getlist("seen")}
    waiting = _waiting(request).filter(pk__in=chosen)
    outcome = actions.approve_sound(submissions=waiting, by=request.user, at=clock.now(), seen=seen)
    if outcome.approved:
        messages.success(request, f"Đã duyệt {len(outcome.approved)} báo cáo.")
    for submission, why in outcome.left:
        messages.warning(
            request, f"Chưa duyệt báo cáo của {submission.duty.unit}: {why.rstrip('.')}."
        )
    gone = len(set(chosen)) - len(outcome.approved) - len(outcome.left)
    if gone:
        messages.warning(request, f"{gone} báo cáo đã chọn không còn chờ duyệt.")
    if not chosen:
        messages.warning(request, "Chưa chọn báo cáo nào.")
    return redirect("reporting:queue")
