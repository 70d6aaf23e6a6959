"""What waits for my decision, one return in full, and the decision itself."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from namro.web.facts import actions as facts
from namro.web.facts.doubts import preview
from namro.web.facts.library import library
from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, export, narrow, shown
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting import actions, entries, queries, sheets, workbooks
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status, time_left
from namro.web.reporting.views import form_rows
from namro.web.reporting.views.answers import attachment


def _by_findings(rows, value):
    return [r for r in rows if bool(r.findings) == (value == "co")]


def _by_receiver(rows, value):
    return [r for r in rows if str(r.submission.duty.receiver_id) == value]


def _by_period(rows, value):
    return [r for r in rows if r.submission.duty.round.period == value]


def _listing(rows: list[queries.Judged]) -> Listing:
    receivers = {r.submission.duty.receiver_id: r.submission.duty.receiver.name for r in rows}
    periods = {r.submission.duty.round.period: r.submission.duty.round.label for r in rows}
    return Listing(
        title="Duyệt số liệu",
        columns=[
            Column(
                "don-vi", "Đơn vị", lambda r: r.submission.duty.unit.name, width=34,
                link=lambda r: reverse("reporting:submission", args=[r.submission.pk]),
            ),
            Column("ky", "Kỳ", lambda r: r.submission.duty.round.label, sortable=False),
            Column("nhan", "Nơi nhận", lambda r: r.submission.duty.receiver.name, width=34),
            Column("nop-luc", "Nộp lúc", lambda r: r.submission.submitted_at, "moment"),
            Column("ban", "Bản", lambda r: r.submission.version, "number", width=8),
            Column("da-ghi", "Đã ghi", lambda r: f"{r.filled}/{r.figures}", width=10),
            Column("doi", "Khác kỳ trước", lambda r: r.changed, "number", width=12),
            Column("lon-nhat", "Thay đổi lớn nhất", lambda r: r.widest, sortable=False),
            Column("diem", "Điểm cần xem", lambda r: " ".join(r.findings), width=60,
                   sortable=False),
        ],
        filters=[
            Filter("can-xem", "Điểm cần xem", [("co", "Có"), ("khong", "Không")], _by_findings),
            Filter("nhan-ve", "Nơi nhận", [(str(k), v) for k, v in receivers.items()],
                   _by_receiver),
            Filter("ky-bao", "Kỳ", list(periods.items()), _by_period),
        ],
        empty="Không có báo cáo nào chờ đồng chí duyệt.",
    )  # fmt: skip


@require_GET
def queue(request):
    on = clock.today()
    allow(request.user, Verb.APPROVE, on=on)
    rows = queries.judge(queries.queue_for(request.user, on))
    listing = _listing(rows)
    if request.GET.get("xuat") == "xlsx":
        return export(listing, narrow(request, listing, rows)[0])
    context = {
        "list": shown(request, listing, rows),
        "sound": sum(1 for r in rows if not r.findings),
        "all": len(rows),
    }
    return render(request, "reporting/queue.html", context)


@require_POST
def approve_many(request):
    on = clock.today()
    allow(request.user, Verb.APPROVE, on=on)
    chosen = [pk for text in request.POST.getlist("chosen") if (pk := whole(text, 0))]
    waiting = queries.queue_for(request.user, on).filter(pk__in=chosen)
    outcome = actions.approve_sound(submissions=waiting, by=request.user, at=clock.now())
    if outcome.approved:
        messages.success(request, f"Đã duyệt {len(outcome.approved)} báo cáo.")
    for submission, why in outcome.left:
        messages.warning(request, f"Chưa duyệt báo cáo của {submission.duty.unit}: {why}.")
    gone = len(set(chosen)) - len(outcome.approved) - len(outcome.left)
    if gone:
        messages.warning(request, f"{gone} báo cáo đã chọn không còn chờ duyệt.")
    if not chosen:
        messages.warning(request, "Chưa chọn báo cáo nào.")
    return redirect("reporting:queue")


# --- one return ------------------------------------------------------------------------------


def _submission(request, pk: int) -> Submission:
    return get_object_or_404(queries.visible_submissions(request.user, clock.today()), pk=pk)


@require_GET
def show_submission(request, pk):
    return _page(request, _submission(request, pk))


def _doubts(submission: Submission) -> list[tuple[str, str, str]]:
    """What the values would be asked about, were they approved: (title, check, why)."""
    told = {e: v.get("value") for e, v in submission.values.items()}
    values = {e: Decimal(v) for e, v in told.items() if v not in (None, "")}
    duty = submission.duty
    found = preview(duty.unit, duty.round.period, values)
    titles = {e.slug: e.title for e in library().elements.values()}
    return [(titles[f.place[0]], f.check_label, f.why) for f in found]


def _page(request, submission: Submission, error: str = "", status: int = 200):
    on, duty = clock.today(), submission.duty
    asked = sheets.asked_of(duty)
    remarks = submission.remarks
    checked = entries.check(submission.values, asked)
    may = queries.may_decide(request.user, duty.receiver, on)
    own = submission.submitted_by_id == request.user.pk
    waits = submission.status == Status.SUBMITTED
    own_unit = queries.may_report(request.user, duty.unit, on)
    versions = queries.versions_of(duty)
    context = {
        "s": submission,
        "duty": duty,
        "rows": form_rows.rows_of(asked, submission, checked, remarks),
        "proofs": form_rows.general_proofs(submission),
        "versions": [v for v in versions if own_unit or v.status != Status.DRAFT],
        "decides": may and waits and not own,
        "own": may and waits and own,
        "late": bool(submission.submitted_at and submission.submitted_at > duty.round.due_at),
        "waited": time_left(submission.submitted_at, clock.now()) if waits else "",
        "span": sheets.span_of(duty.round),
        "error": error,
        "typed": request.POST,
        "doubts": _doubts(submission) if waits else [],
    }
    return render(request, "reporting/submission.html", context, status=status)


@require_POST
def approve(request, pk):
    submission = _submission(request, pk)
    try:
        written = actions.approve(submission=submission, by=request.user, at=clock.now())
    except actions.AlreadyDecided as why:
        return _page(request, _submission(request, pk), str(why), status=409)
    except facts.FaultySaying as why:
        return _page(request, submission, str(why), status=422)
    unit = submission.duty.unit
    messages.success(
        request, f"Đã duyệt báo cáo của {unit}: {len(written)} số liệu thành chính thức."
    )
    return redirect("reporting:queue")


@require_POST
def send_back(request, pk):
    submission = _submission(request, pk)
    remarks = {
        name.removeprefix("r-"): text
        for name, text in request.POST.items()
        if name.startswith("r-") and text.strip()
    }
    try:
        actions.send_back(
            submission=submission, reason=request.POST.get("reason", ""), remarks=remarks,
            by=request.user, at=clock.now(),
        )  # fmt: skip
    except actions.AlreadyDecided as why:
        return _page(request, _submission(request, pk), str(why), status=409)
    except (actions.MissingReason, actions.UnknownElement) as why:
        return _page(request, submission, str(why), status=422)
    messages.success(request, f"Đã trả lại báo cáo của {submission.duty.unit}.")
    return redirect("reporting:queue")


@require_GET
def workbook(request, pk):
    submission = _submission(request, pk)
    duty = submission.duty
    name = f"bieu-{duty.unit.label}-{duty.round.period}-ban-{submission.version}.xlsx"
    return attachment(workbooks.workbook_of_version(submission), name)
