"""One return in full: its way so far, what is said of it, and the decision."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from namro.web.facts import actions as facts
from namro.web.frame import clock
from namro.web.org.queries import NotAllowed
from namro.web.reporting import actions, queries
from namro.web.reporting.chain.authority import authority_of, keeper_of
from namro.web.reporting.chain.few import Sight
from namro.web.reporting.chain.findings import doubts_about
from namro.web.reporting.chain.rules import (
    FAULT_LABELS,
    STEP_LABELS,
    ChainStep,
    step_after,
)
from namro.web.reporting.chain.talk import speaks_for
from namro.web.reporting.deliveries.queries import entered_for
from namro.web.reporting.form import entries, sheets, workbooks
from namro.web.reporting.models import Submission
from namro.web.reporting.rules import Status
from namro.web.reporting.views import form_rows
from namro.web.reporting.views.answers import attachment


def _submission(request, pk: int) -> Submission:
    return get_object_or_404(queries.visible_submissions(request.user, clock.today()), pk=pk)


@require_GET
def show_submission(request, pk):
    return _page(request, _submission(request, pk))


def _page(request, submission: Submission, error: str = "", status: int = 200):
    duty, waits = submission.duty, submission.status == Status.SUBMITTED
    asked = sheets.asked_of(duty)
    checked = entries.check(submission.values, asked)
    talk = list(submission.comments.select_related("by", "unit").order_by("at", "pk"))
    said = {slug: [c for c in talk if c.element == slug] for slug in duty.elements}
    proofs = form_rows.proofs_of(submission)
    rows = form_rows.rows_of(asked, submission, checked, submission.remarks, proofs)
    context = {
        "s": submission,
        "duty": duty,
        "rows": [(row, said.get(row.element.slug, [])) for row in rows],
        "proofs": proofs.get("", []),
        "versions": queries.versions_for(request.user, duty, clock.today()),
        "late": queries.lines_of([duty])[0].is_late,
        "span": sheets.span_of(duty.round),
        "error": error,
        "typed": request.POST,
        "doubts": doubts_about(submission) if waits else [],
        "comments": [c for c in talk if not c.element],
        "speaks": speaks_for(request.user, submission, clock.now()),
        "history": _history(submission),
        "held": submission.holds.filter(released_at=None).select_related("by").first(),
        "faults": [(f.value, label) for f, label in FAULT_LABELS.items()],
        "entered_for": entered_for(submission),
        "fault": FAULT_LABELS.get(submission.fault, ""),
        "note": submission.note,
        **_standing(request, submission),
    }
    few = Sight(request.user, clock.today()).hidden(duty)
    context |= _kept_from(rows, said, few)
    return render(request, "reporting/submission.html", context, status=status)


def _kept_from(rows: list, said: dict, few: frozenset[str]) -> dict[str, object]:
    """What is shown instead to who may not see the few; see `form_rows.kept_from`."""
    kept = form_rows.kept_from(rows, few)
    if not kept:
        return {}
    told = [(row, [] if row.element.slug in few else said[row.element.slug]) for row in rows]
    return kept | {"rows": told, "doubts": [], "comments": [], "speaks": None}


def _history(submission: Submission) -> list[tuple[str, object]]:
    """(step in words, decision), oldest first."""
    rows = submission.decisions.select_related("by", "on_behalf_of").order_by("at", "pk")
    return [(STEP_LABELS[ChainStep(d.step)], d) for d in rows]


def _standing(request, submission: Submission) -> dict[str, object]:
    """Whether, and in whose place, the viewer decides; where the return stands on its way."""
    steps = submission.duty.round.terms.chain
    here = submission.step or ChainStep.RECEIVER.value
    following = step_after(here, steps)
    told = {
        "waits": submission.status == Status.SUBMITTED,
        "state": submission.state,
        "steps": [(s.label, s == here) for s in ChainStep if s in steps or s == here],
        "following": following.label if following else "",
        "decides": False, "away": None, "barred": "", "keeps": _keeps(request, submission),
    }  # fmt: skip
    if not told["waits"]:
        return told
    try:
        told["away"] = authority_of(request.user, submission, clock.now())
    except NotAllowed as why:
        may_else = submission.submitted_by_id == request.user.pk
        return told | {"barred": str(why) if "tự duyệt" in str(why) or may_else else ""}
    return told | {"decides": True}


def _keeps(request, submission: Submission) -> bool:
    """Whether the viewer may hold back this official figure, or let it stand again."""
    later = submission.duty.submissions.filter(version__gt=submission.version)
    if submission.status != Status.APPROVED or later.filter(status=Status.APPROVED).exists():
        return False
    try:
        keeper_of(request.user, submission, clock.now())
    except NotAllowed:
        return False
    return True


@require_POST
def approve(request, pk):
    submission = _submission(request, pk)
    if request.POST.get("step", submission.step) != submission.step:
        why = "Báo cáo vừa được duyệt sang bước khác. Hãy xem lại rồi quyết định."
        return _page(request, submission, why, status=409)
    try:
        written = actions.approve(submission=submission, by=request.user, at=clock.now())
    except actions.AlreadyDecided as why:
        return _page(request, _submission(request, pk), str(why), status=409)
    except facts.FaultySaying as why:
        return _page(request, submission, str(why), status=422)
    unit = submission.duty.unit
    now = _submission(request, pk)
    if now.status == Status.SUBMITTED:
        done = f"Đã duyệt và chuyển tiếp báo cáo của {unit}: {STEP_LABELS[ChainStep(now.step)]}."
    elif submission.duty.round.is_periodic:
        done = f"Đã duyệt báo cáo của {unit}: {len(written)} số liệu thành chính thức."
    else:
        done = f"Đã duyệt báo cáo của {unit}; số liệu có trong bảng tổng hợp của đợt."
    messages.success(request, done)
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
            by=request.user, at=clock.now(), fault=request.POST.get("fault", ""),
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
    few = Sight(request.user, clock.today()).hidden(duty)
    return attachment(workbooks.workbook_of_version(submission, few), name)
