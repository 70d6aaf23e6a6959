"""Preparing, previewing, issuing, keeping and verifying papers."""

from __future__ import annotations

import hashlib

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from namro.terms import Period, Standing
from namro.web.frame import clock, files
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import NotAllowed, allow, may
from namro.web.org.rules import Verb
from namro.web.papers import actions, contents, forms, queries
from namro.web.papers.models import IssuedReport
from namro.web.papers.rules import FORM_LABELS, HEAD_LABELS, WORDS, FaultyPaper
from namro.web.plans.queries import plans_for
from namro.web.results.queries import periods_of
from namro.web.results.sight import default_period

_KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
_MOST_CHECKED = 30 * 1024 * 1024


# --- the list ---------------------------------------------------------------------------------


def _issued_at(report):
    return timezone.localtime(report.issued_at)


def _of_form(rows, form):
    return rows.filter(form=form)


LIST = Listing(
    title="Văn bản phát hành",
    columns=[
        Column("so", "Số, ký hiệu", lambda r: r.full_number, width=18,
               link=lambda r: reverse("papers:report", args=[r.pk])),
        Column("trich-yeu", "Trích yếu", lambda r: r.title, order="title", width=70),
        Column("don-vi", "Đơn vị ban hành", lambda r: r.unit.label, order="unit__name"),
        Column("ky", "Kỳ", lambda r: Period.of(r.period).label, order="period", width=16),
        Column("ngay", "Ngày ban hành", lambda r: r.issued_on, "date", "issued_on", width=14),
        Column("chot", "Số liệu chốt", lambda r: timezone.localtime(r.as_of), "moment", "as_of"),
        Column("ma", "Mã kiểm tra", lambda r: r.verification_code, order="verification_code"),
        Column("luc", "Phát hành lúc", _issued_at, "moment", "issued_at"),
    ],
    filters=[
        Filter("the-thuc", "Thể thức", [*FORM_LABELS.items()], _of_form)
    ],
    empty="Chưa có văn bản nào. Mở một kế hoạch rồi bấm “Lập báo cáo kỳ này”.",
)  # fmt: skip


@require_GET
def reports(request):
    """Papers issued, within sight."""
    on, user = clock.today(), request.user
    allow(user, Verb.SEE_PAPERS, on=on)
    plans = plans_for(user, on) if may(user, Verb.PREPARE_PAPER, on=on) else []
    rows = queries.reports_for(user, on)
    return show(request, LIST, rows, template="papers/reports.html", plans=plans)


# --- preparing --------------------------------------------------------------------------------


def _plan_and_unit(request, plan_id, on):
    plan = get_object_or_404(
        plans_for(request.user, on).select_related("root", "issuer"), pk=plan_id
    )
    unit = queries.unit_to_prepare_for(request.user, plan, on)
    if unit is None:
        raise NotAllowed("Tài khoản của đồng chí không có quyền lập báo cáo của đơn vị.")
    return plan, unit


def _period(text, on):
    """The period of the address; the newest where none is given. Raises FaultyPaper."""
    if not text:
        known = periods_of()
        return default_period(sorted(known), on)
    try:
        return Period.of(text)
    except ValueError as why:
        raise FaultyPaper(str(why)) from why


@require_http_methods(["GET", "POST"])
def prepare(request, plan_id):
    """The page a report is prepared on; POST keeps it as a draft and shows it as printed."""
    on, at = clock.today(), clock.now()
    plan, unit = _plan_and_unit(request, plan_id, on)
    try:
        period = _period(request.POST.get("ky") or request.GET.get("ky"), on)
    except FaultyPaper as why:
        return _page(request, plan, unit, _period("", on), None, None, problem=str(why), status=422)
    if request.method == "POST":
        return _kept(request, plan, unit, period, at)
    draft = queries.draft_of(plan, unit, period)
    fields = draft.fields if draft else None
    form = request.GET.get("the-thuc", "")
    if fields is None or (form and form != fields["form"]):
        fields = _for_form(plan, unit, period, form, at, fields)
    return _page(request, plan, unit, period, fields, draft)


def _for_form(plan, unit, period, form, at, kept):
    """The usual fields of a form; words already written stay, since they suit both forms."""
    fields = forms.usual_fields(plan, unit, period, form if form in FORM_LABELS else "", at)
    words = {k: v for k, v in (kept or {}).items() if k.startswith("words_")}
    fields = {**fields, **words}
    if not fields["number"]:
        fields["number"] = queries.next_number(
            unit, fields["symbol"], timezone.localtime(at).date().year
        )
    return fields


def _kept(request, plan, unit, period, at, then=None):
    """Check what was sent and keep it; `then(sent)` goes on, else the page shows the preview."""
    fields = forms.fields_of(request.POST)
    try:
        sent = forms.checked(fields, at)
        draft = actions.save_draft(
            plan=plan, unit=unit, period_code=period.code, fields=fields,
            version=whole(request.POST.get("version"), 0), by=request.user, at=at,
        )  # fmt: skip
        if then:
            return then(sent)
    except (FaultyPaper, actions.NumberTaken) as why:
        return _sent_again(request, plan, unit, period, fields, str(why), 422)
    except actions.StaleDraft as why:
        return _sent_again(request, plan, unit, period, fields, str(why), 409)
    address = reverse("papers:prepare", args=[plan.pk])
    return redirect(f"{address}?ky={period.code}&xem={draft.version}#ban-in")


def _sent_again(request, plan, unit, period, fields, problem, status):
    """The page with everything as it was typed, and what is to be mended."""
    draft = queries.draft_of(plan, unit, period)
    return _page(request, plan, unit, period, fields, draft, problem=problem, status=status)


def _page(request, plan, unit, period, fields, draft, *, problem="", status=200):
    on, at = clock.today(), clock.now()
    fields = fields or _for_form(plan, unit, period, "", at, None)
    context = {
        "plan": plan,
        "unit": unit,
        "period": period,
        "periods": periods_of(plan) or [period],
        "fields": fields,
        "forms": FORM_LABELS.items(),
        "labels": HEAD_LABELS,
        "words": [(k, title, hint, fields[f"words_{k}"]) for k, (title, hint) in WORDS.items()],
        "draft": draft,
        "problem": problem,
        "shows": draft is not None and "xem" in request.GET and not problem,
        "may_issue": may(request.user, Verb.ISSUE_PAPER, unit, on=on),
    }
    return render(request, "papers/prepare.html", context, status=status)


# The reader of PDFs inside the browser needs styles of its own; nothing else is let in.
_PDF_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "object-src": [SELF],
    "frame-ancestors": [SELF],
}


@require_GET
@xframe_options_sameorigin
@csp_replace(_PDF_POLICY)  # type: ignore[arg-type]
def preview(request, draft_id):
    """A draft as it would be printed, computed now; inside the preparing page."""
    on, at = clock.today(), clock.now()
    draft = get_object_or_404(queries.drafts_for(request.user, on), pk=draft_id)
    try:
        sent = forms.checked(draft.fields, at)
    except FaultyPaper as why:
        return HttpResponse(str(why), status=422, content_type="text/plain; charset=utf-8")
    frozen = actions.freeze(
        plan=draft.plan, unit=draft.unit, period_code=draft.period, as_of=sent.as_of,
        wanted=sent.wanted, viewer=request.user,
    )  # fmt: skip
    return _file(actions.render(contents.report_of(frozen), "pdf"), "pdf", "du-thao", inline=True)


@require_POST
def issue(request, plan_id):
    """Issue what the page holds."""
    on, at = clock.today(), clock.now()
    plan, unit = _plan_and_unit(request, plan_id, on)
    allow(request.user, Verb.ISSUE_PAPER, unit, on=on)
    try:
        period = _period(request.POST.get("ky"), on)
    except FaultyPaper as why:
        return _page(request, plan, unit, _period("", on), None, None, problem=str(why), status=422)

    def go_on(sent):
        report = actions.issue_report(
            plan=plan, unit=unit, period_code=period.code, form=sent.wanted.form,
            number=sent.wanted.number, issued_on=sent.wanted.issued_on, as_of=sent.as_of,
            by=request.user, at=at, head=sent.wanted.head, words=sent.wanted.words,
        )  # fmt: skip
        said = f"Đã phát hành {report.full_number}. Mã kiểm tra: {report.verification_code}."
        messages.success(request, said)
        return redirect("papers:report", report.pk)

    return _kept(request, plan, unit, period, at, go_on)


# --- an issued paper --------------------------------------------------------------------------


def _report(request, report_id) -> IssuedReport:
    return get_object_or_404(queries.reports_for(request.user, clock.today()), pk=report_id)


@require_GET
def report(request, report_id):
    """An issued paper: what it rests on; ?tinh-lai=1 computes its figures anew."""
    found = _report(request, report_id)
    context = {
        "report": found,
        "figures": [(f, Standing(f["standing"])) for f in found.contents["facts"]["figures"]],
        "period": Period.of(found.period),
        "intact": queries.is_intact(found),
        "again": request.GET.get("tinh-lai") == "1",
    }
    if context["again"]:
        context["differences"] = queries.recompute(found, request.user)
    return render(request, "papers/report.html", context)


@require_GET
def download_docx(request, report_id):
    """The paper as issued, .docx."""
    found = _report(request, report_id)
    return _kept_file(found.docx_sha256, "docx", _name(found))


@require_GET
@xframe_options_sameorigin
@csp_replace(_PDF_POLICY)  # type: ignore[arg-type]
def download_pdf(request, report_id):
    """The paper as issued, .pdf."""
    found = _report(request, report_id)
    return _kept_file(found.pdf_sha256, "pdf", _name(found), inline="xem" in request.GET)


def _name(found):
    number = found.number or "khong-so"
    return f"bao-cao-{number}-{found.issued_on:%Y%m%d}"


def _kept_file(sha256, kind, name, *, inline=False):
    """A kept file, only if it is still what was issued."""
    path = files.path_of(sha256)
    if not path.exists():
        raise Http404
    body = path.read_bytes()
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Http404
    return _file(body, kind, name, inline=inline)


def _file(body, kind, name, *, inline):
    answer = HttpResponse(body, content_type=_KINDS[kind])
    how = "inline" if inline else "attachment"
    answer["Content-Disposition"] = f'{how}; filename="{name}.{kind}"'
    return answer


# --- verifying --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def check(request):
    """Is this the paper that was issued? By its code, by the file, or both."""
    on, user = clock.today(), request.user
    allow(user, Verb.SEE_PAPERS, on=on)
    if request.method == "GET":
        return render(request, "papers/check.html", {"code": request.GET.get("ma", "")})
    code, upload = request.POST.get("code", "").strip()[:60], request.FILES.get("file")
    context = {"code": code, "file_name": upload.name if upload else ""}
    if not code and not upload:
        return _refused(request, context, "Hãy nhập mã kiểm tra hoặc chọn tệp cần kiểm tra.")
    if upload and upload.size > _MOST_CHECKED:
        return _refused(request, context, "Tệp lớn hơn 30 MB, không phải báo cáo do hệ thống lập.")
    sha256 = _sha256(upload) if upload else ""
    found = queries.check(code, sha256)
    sees = found.report and queries.reports_for(user, on).filter(pk=found.report.pk).exists()
    context |= {"check": found, "sees": bool(sees)}
    return render(request, "papers/check.html", context)


def _refused(request, context, problem):
    return render(request, "papers/check.html", {**context, "problem": problem}, status=422)


def _sha256(upload):
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()
