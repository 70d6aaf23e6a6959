"""Pages: choose what to compare with, the table of lines, what a person rules on them."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from namro.web.frame import clock
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow, may
from namro.web.org.rules import Verb
from namro.web.plans import actions as plans
from namro.web.plans import jobs as reading_jobs
from namro.web.plans import queries as plan_queries
from namro.web.plans.comparing import actions, jobs, picture, queries
from namro.web.plans.comparing.table import (
    KIND_LABELS,
    OPEN,
    VERDICT_LABELS,
    ComparingState,
    Kind,
    Verdict,
    called,
    classes_of,
    counted,
    picked,
    rows_of,
)
from namro.web.plans.rules import SILENCE

SURE = 0.75  # links the machine is this sure of may be confirmed together

LIST = Listing(
    title="So sánh, đối chiếu",
    columns=[
        Column("gi", "So sánh", lambda c: c.get_kind_display(), order="kind", width=30),
        Column("cu", "Bản cũ hoặc văn bản cấp trên", lambda c: named(c.old), width=50,
               link=lambda c: reverse("plans:comparison", args=[c.pk])),
        Column("moi", "Bản mới hoặc kế hoạch", lambda c: named(c.new), width=50),
        Column("nguoi", "Người yêu cầu", lambda c: c.asked_by.full_name,
               order="asked_by__full_name"),
        Column("luc", "So sánh lúc", lambda c: c.compared_at, "moment", "compared_at"),
    ],
    filters=[
        Filter("loai", "Loại", [(k.value, v) for k, v in KIND_LABELS.items()],
               lambda rows, v: rows.filter(kind=v)),
    ],
    empty="Chưa có lượt so sánh nào. Mở một văn bản đang đọc hoặc văn bản gốc của kế hoạch rồi "
    "bấm “So sánh”.",
)  # fmt: skip


def named(reading):
    """A reading in a few words: kind and number of the plan, else the file's name."""
    plan = getattr(reading, "plan", None)
    if plan and plan.number:
        return f"{plan.kind} số {plan.number}"
    return reading.name


@require_GET
def comparisons(request):
    """The comparisons within sight."""
    on = clock.today()
    allow(request.user, Verb.SEE_PLAN, on=on)
    return show(request, LIST, queries.comparisons_for(request.user, on))


@require_http_methods(["GET", "POST"])
def choose(request, reading_id):
    """Choose another version, or the superior's paper, or bring a file."""
    on = clock.today()
    allow(request.user, Verb.RECEIVE_DOCUMENT, on=on)
    reading = queries.reading_seen(request.user, reading_id, on)
    if reading is None:
        raise Http404
    if request.method == "GET":
        return _choices(request, reading, on)
    try:
        other = _other(request, on)
        return _start(request, reading, other)
    except (actions.BadComparison, plans.BadDocument) as why:
        return _choices(request, reading, on, problem=str(why), status=422)


def _choices(request, reading, on, *, problem="", status=200):
    context = {
        "reading": reading,
        "name": named(reading),
        "choices": queries.choices_for(request.user, reading, on),
        "chosen": request.POST.get("voi", ""),
        "kind": request.POST.get("loai", ""),
        "problem": problem,
    }
    return render(request, "plans/choose_comparison.html", context, status=status)


def _other(request, on):
    """The reading chosen, or the one of the file brought. Raises BadComparison, BadDocument."""
    upload = request.FILES.get("tep")
    if upload is None:
        found = queries.reading_seen(request.user, whole(request.POST.get("voi"), 0), on)
        if found is None:
            raise actions.BadComparison("Hãy chọn văn bản để so sánh hoặc chọn tệp từ máy.")
        return found
    try:
        made = plans.receive_document(
            by=request.user, at=clock.now(), file_name=upload.name, chunks=upload.chunks(),
            unit=plan_queries.receiving_units(request.user, on)[0],
        )  # fmt: skip
    except plans.AlreadyReceived as why:
        return why.reading
    reading_jobs.read_document.enqueue(reading_id=made.pk)
    return made


def _start(request, reading, other):
    """This reading is the newer version, or the plan; unless said otherwise."""
    turned = request.POST.get("loai") == "OLDER"
    kind = Kind.VERSIONS if turned else request.POST.get("loai", "")
    old, new = (reading, other) if turned else (other, reading)
    row, done = actions.ask_comparison(kind=kind, old=old, new=new, by=request.user, at=clock.now())
    if not done:
        jobs.compare.enqueue(comparison_id=row.pk)
    return redirect("plans:comparison", row.pk)


# --- the table --------------------------------------------------------------------------------


def _listing(found):
    """The columns of a comparison: what is exported, sorted and searched."""
    versions = found.kind == Kind.VERSIONS
    before, after = ("Bản cũ", "Bản mới") if versions else ("Cấp trên", "Kế hoạch")
    return Listing(
        title="So sánh hai bản" if versions else "Đối chiếu với cấp trên",
        columns=[
            Column("ket-luan", "Kết luận", lambda r: r.label, width=24),
            Column("muc", "Mục", lambda r: r.of, width=14),
            Column("cu", before, lambda r: r.old["quote"] if r.old else "", width=60),
            Column("moi", after, lambda r: r.new["quote"] if r.new else "", width=60),
            Column("khac", "Khác nhau", lambda r: r.told_text, width=40),
            Column("chac", "Độ chắc (%)", lambda r: r.percent if r.linked else None, "number"),
            Column("nguoi", "Người xem", _looked, width=30),
        ],
        filters=_filters(found.kind),
        empty="Hai văn bản không có chỉ tiêu, nhiệm vụ nào để so sánh.",
    )  # fmt: skip


def _filters(kind):
    grave = {code: n for n, (code, _) in enumerate(classes_of(kind))}
    looked = [("OPEN", OPEN), *((v.value, label) for v, label in VERDICT_LABELS.items())]
    first = {"nang": lambda r: grave[r.main], "chac": lambda r: r.confidence}
    return [
        Filter("loai", "Kết luận", classes_of(kind),
               lambda rows, v: [r for r in rows if v in r.classes]),
        Filter("muc", "Mục", [("target", "Chỉ tiêu"), ("task", "Nhiệm vụ")],
               lambda rows, v: [r for r in rows if r.item.get("kind") == v]),
        Filter("xem", "Đã xem", looked,
               lambda rows, v: [r for r in rows if _verdict(r) == v]),
        Filter("thu-tu", "Thứ tự", [("nang", "Nặng trước"), ("chac", "Kém chắc trước")],
               lambda rows, v: sorted(rows, key=first[v])),
    ]  # fmt: skip


def _verdict(row):
    return row.ruling.verdict if row.ruling else "OPEN"


def _looked(row):
    return f"{row.ruled} – {row.ruling.by.full_name}" if row.ruling else row.ruled


@require_GET
def comparison(request, comparison_id):
    """Progress, failure, or the table; with ?xuat=xlsx its narrowed rows as a workbook."""
    found = find(request, comparison_id)
    if found.state != ComparingState.DONE:
        return _progress(request, found)
    if request.htmx and request.GET.get("tien-do"):
        return HttpResponseClientRefresh()
    return _table(request, found)


def _progress(request, found):
    """Until it is done; where the worker has gone silent, it can be asked for anew."""
    partial = request.htmx and request.GET.get("tien-do")
    template = "plans/_comparing.html" if partial else "plans/comparing.html"
    context = {
        "comparison": found,
        "old_name": named(found.old),
        "new_name": named(found.new),
        "failed": [r for r in (found.old, found.new) if r.state == "FAILED"],
        "silent": found.asked_at < clock.now() - SILENCE and actions.are_read(found),
    }
    return render(request, template, context)


def _table(request, found, *, problem="", status=200):
    if found.found is None:  # not compared yet, or it failed: its own page says so
        return redirect("plans:comparison", found.pk)
    on = clock.today()
    rulings = queries.open_rulings(found)
    rows = rows_of(found.kind, found.found, rulings)
    counts = counted(found.kind, rows)
    may_rule = queries.may_rule(request.user, found, on)
    context = {
        "comparison": found,
        "versions": found.kind == Kind.VERSIONS,
        "old_name": named(found.old),
        "new_name": named(found.new),
        "old_home": _home(found.old),
        "new_home": _home(found.new),
        "counts": counts,
        "picture": picture.strip(counts),
        "total": len(rows),
        "ruled": sum(1 for r in rows if r.ruling),
        "sure": sum(1 for r in rows if is_sure(r)),
        "may_rule": may_rule,
        "may_print": may(request.user, Verb.PREPARE_PAPER, on=on),
        "choices": [called(c) for c in found.found["choices"]] if may_rule else (),
        "stale": (found.old.version, found.new.version) != (found.old_version, found.new_version),
        "problem": problem,
    }
    answer = show(request, _listing(found), rows, "plans/comparison.html", **context)
    answer.status_code = status
    return answer


def _home(reading):
    """Where the document of a side is read: of a plan its source, else the review."""
    plan = getattr(reading, "plan", None)
    if plan:
        return {"address": reverse("plans:source", args=[plan.pk]), "plan": True}
    return {"address": reverse("plans:reading", args=[reading.pk]), "plan": False}


def is_sure(row):
    """Whether a link nobody looked at yet is one the machine is sure of."""
    return row.ruling is None and row.linked and row.confidence >= SURE


def find(request, comparison_id):
    """The comparison, for one who may see both sides; 404 out of sight."""
    on = clock.today()
    allow(request.user, Verb.SEE_PLAN, on=on)
    found = queries.comparison_for(request.user, comparison_id, on)
    if found is None:
        raise Http404
    return found


# --- what a person rules ------------------------------------------------------------------------


def _back(request, found, line=""):
    """To the table as it was narrowed, at the line."""
    kept = {k: v for k, v in request.GET.items() if k in _KEPT and v}
    query = f"?{urlencode(kept)}" if kept else ""
    anchor = f"#dong-{line.lstrip('+')}" if line else ""
    address = reverse("plans:comparison", args=[found.pk])
    return HttpResponseRedirect(f"{address}{query}{anchor}")


_KEPT = ("loai", "muc", "xem", "thu-tu", "q", "sap", "trang")


def _try(request, found, line, act) -> HttpResponse:
    """Do it; what cannot be done is said on the page, the address kept."""
    try:
        act()
    except actions.StaleLine as why:
        return _table(request, found, problem=str(why), status=409)
    except actions.BadComparison as why:
        return _table(request, found, problem=str(why), status=422)
    return _back(request, found, line)


@require_POST
def rule(request, comparison_id):
    """Confirm, change or reject one line."""
    found = find(request, comparison_id)
    line = request.POST.get("dong", "")[:40]
    candidate = request.POST.get("ghep-voi", "")  # a candidate's own button
    verdict = Verdict.CHANGED if candidate else request.POST.get("ket-luan", "")
    return _try(request, found, line, lambda: actions.rule_on(
        comparison=found, line=line, verdict=verdict, by=request.user, at=clock.now(),
        seen=whole(request.POST.get("thay"), 0),
        chosen=picked(found.found or _NOTHING, candidate or request.POST.get("muc-ghep", "")),
    ))  # fmt: skip


@require_POST
def undo(request, comparison_id):
    """Take back what was ruled on one line."""
    found = find(request, comparison_id)
    line = request.POST.get("dong", "")[:40]
    return _try(request, found, line, lambda: actions.undo_ruling(
        comparison=found, line=line, seen=whole(request.POST.get("thay"), 0),
        by=request.user, at=clock.now(),
    ))  # fmt: skip


@require_POST
def confirm_sure(request, comparison_id):
    """Confirm all links the machine is sure of."""
    found = find(request, comparison_id)
    rows = rows_of(found.kind, found.found or _NOTHING, queries.open_rulings(found))
    lines = [row.key for row in rows if is_sure(row)]

    def act():
        count = actions.confirm_sure(comparison=found, lines=lines, by=request.user, at=clock.now())
        messages.success(request, f"Đã xác nhận {count} dòng ghép chắc chắn.")

    return _try(request, found, "", act)


_NOTHING: dict[str, list] = {"lines": [], "choices": []}


@require_POST
def again(request, comparison_id):
    """Compare anew, after a side was reviewed further."""
    found = find(request, comparison_id)
    allow(request.user, Verb.RECEIVE_DOCUMENT, found.new.document.unit, on=clock.today())
    if not actions.begin(found, request.user, clock.now()):
        jobs.compare.enqueue(comparison_id=found.pk)
    return redirect("plans:comparison", found.pk)
