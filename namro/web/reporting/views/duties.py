"""What my unit owes, and the form: filled in on the page or in Excel, proven, handed in."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from namro.web.frame import clock
from namro.web.frame.days import say_moment
from namro.web.frame.entered import whole
from namro.web.frame.listing import Column, Filter, Listing, show
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting import actions, queries, rights
from namro.web.reporting.chain import gate
from namro.web.reporting.chain.few import Sight
from namro.web.reporting.chain.judging import held_of
from namro.web.reporting.chain.rules import waiting_clause
from namro.web.reporting.deliveries.queries import entered_for
from namro.web.reporting.form import entries, form_checks, sheets, workbooks
from namro.web.reporting.form.cells import Cells
from namro.web.reporting.form.drafts import allow_report
from namro.web.reporting.models import Duty, Sending, Submission
from namro.web.reporting.proof.proof_files import MOST_BYTES
from namro.web.reporting.rules import NOT_STARTED, Status
from namro.web.reporting.views import form_rows, form_text, offline, typed
from namro.web.reporting.views.answers import attachment

# --- the list --------------------------------------------------------------------------------

_STATES = [("can-lam", "Còn phải làm"), ("da-nop", "Đã nộp"), ("da-duyet", "Đã duyệt")]


def _by_state(lines, value):
    wanted = {
        "can-lam": lambda line: line.is_open or line.status == Status.DRAFT,
        "da-nop": lambda line: line.status == Status.SUBMITTED,
        "da-duyet": lambda line: line.approved,
    }[value]
    return [line for line in lines if wanted(line)]


def _listing() -> Listing:
    now = clock.now()
    return Listing(
        title="Báo cáo của đơn vị",
        columns=[
            Column(
                "ky", "Kỳ báo cáo", lambda r: r.duty.round.label, sortable=False, width=20,
                link=lambda r: reverse("reporting:duty", args=[r.duty.pk]),
            ),
            Column("don-vi", "Đơn vị", lambda r: r.duty.unit.name, width=34),
            Column("noi-nhan", "Gửi", lambda r: r.duty.receiver.name, width=34),
            Column("so-dong", "Số liệu", lambda r: len(r.duty.elements), "number", width=10),
            Column("han", "Hạn nộp", lambda r: r.due_at, "moment"),
            Column("con", "Còn lại", lambda r: clock.time_left(r.due_at, now) if r.is_open else "",
                   "state", sign=lambda r: "late" if r.is_open and r.due_at < now else "",
                   sortable=False),
            Column("trang-thai", "Tình trạng", lambda r: r.status_label, "state",
                   sign=lambda r: f"status-{r.status or 'NONE'}"),
        ],
        filters=[Filter("tt", "Tình trạng", _STATES, _by_state)],
        empty="Đơn vị chưa phải nộp báo cáo nào. Khi có đợt báo cáo mới, biểu hiện ở đây.",
    )  # fmt: skip


def _nearest_first(lines: list[queries.DutyLine]) -> list[queries.DutyLine]:
    """What is still open by due moment, then what is done, newest first."""
    waiting = sorted((x for x in lines if x.is_open), key=lambda x: x.due_at)
    return waiting + [x for x in lines if not x.is_open]


@require_GET
def duties(request):
    on = clock.today()
    if not queries.own_units(request.user, on):
        allow(request.user, Verb.REPORT, on=on)
    lines = _nearest_first(queries.duties_for(request.user, on))
    waiting = sum(1 for line in lines if line.is_open)
    scripts = ["reporting/store.js", "reporting/sender.js", "reporting/device.js"]
    return show(
        request, _listing(), lines, "reporting/duties.html", waiting=waiting, scripts=scripts
    )


# --- the form --------------------------------------------------------------------------------


def _duty(request, pk: int) -> Duty:
    if duty := queries.duty_seen(request.user, pk, clock.today()):
        return duty
    raise Http404


@dataclass
class _Said:
    """What the page says besides the form: an error, the questions, what was typed."""

    error: str = ""
    errors: tuple[str, ...] = ()
    typed: dict[str, dict[str, str]] | None = None
    typed_note: str | None = None
    seen: int = 0  # what is newer than this is marked
    checked: entries.Checked | None = None
    confirm: bool = False
    insisted: bool = False  # handed in again over the questions, none answered
    faults: tuple = ()
    has_copy: bool = False  # the file refused is there again, its faults marked
    notices: tuple = ()
    status: int = 200


@require_GET
def show_duty(request, pk):
    return _page(request, _duty(request, pk), _Said())


def _page(request, duty: Duty, said: _Said):
    versions = queries.versions_for(request.user, duty, clock.today())
    last = versions[0] if versions else None
    own = queries.may_report(request.user, duty.unit, clock.today())
    open_now, asked = own and _is_open_for(said, last, request), sheets.asked_of(duty)
    back = last if last and last.status == Status.SENT_BACK else None
    if last and last.status == Status.DRAFT and len(versions) > 1:
        back = versions[1] if versions[1].status == Status.SENT_BACK else None
    checked = said.checked or (
        entries.check_filled(last.values, asked) if open_now and last else None
    )
    proofs, kept = form_rows.proofs_of(last), held_of(v.pk for v in versions)
    rows = form_rows.rows_of(asked, last, checked, back.remarks if back else None, proofs)
    cells = Cells(duty) if open_now else None  # who only reads writes over nothing
    if cells:
        rows = form_rows.with_versions(rows, duty, cells, said.seen)
        rows = form_rows.with_known(rows, duty)
    if said.typed is not None:
        rows = form_rows.as_typed(rows, said.typed)
    context = {
        "duty": duty, "last": last, "versions": versions, "rows": rows, "said": said, "own": own,
        "open": open_now, "back": back, "proofs": proofs.get("", []),
        **(form_rows.versions_of(duty, cells) if cells else {}),
        "note": said.typed_note if said.typed_note is not None else (last.note if last else ""),
        "status": last.state if last else NOT_STARTED,
        "waits": waiting_clause(last.step, duty.receiver.name) if last else "",
        "correcting": open_now and _corrected(versions),
        "can_correct": own and last and last.status == Status.APPROVED and not open_now,
        "away": rights.reports_for(request.user, duty.unit, clock.today()) if own else None,
        "held": next((kept[v.pk] for v in versions if v.pk in kept), None),
        **_term(duty, open_now), "entered_for": entered_for(last) if own else [],
        "span": sheets.span_of(duty.round), "most_file": MOST_BYTES, "most": entries.MOST,
        "rules": form_checks.checks_of(asked) if open_now else None,
        "scripts": [f for f in offline.OWN_FILES if f.endswith(".js")],
    }  # fmt: skip
    drawn = form_text.with_rows(_for_eyes(request, context))
    answer = render(request, "reporting/duty.html", drawn, status=said.status)
    if open_now and request.method == "GET" and said.status == 200:
        answer["X-Namro-Who"] = str(request.user.pk)  # the device may keep this page for its owner
    return answer


def _for_eyes(request, context: dict[str, Any]) -> dict[str, Any]:
    """The page without what is kept from who is neither of the unit nor of those who decide."""
    if context["own"]:
        return context
    few = Sight(request.user, clock.today()).hidden(context["duty"])
    return context | form_rows.kept_from(context["rows"], few)


def _corrected(versions: list[Submission]) -> int:
    """The version that a form now open corrects; 0 where none was approved."""
    return next((v.version for v in versions if v.status == Status.APPROVED), 0)


def _term(duty: Duty, open_now: bool) -> dict[str, object]:
    """How the duty stands against its deadline, and what locks it."""
    now = clock.now()
    lock = gate.lock_of(duty, now) if open_now else None
    leave = gate.exemption_of(duty, now) if open_now and not lock else None
    return {
        "left": clock.time_left(duty.due, now), "late": now > duty.due,
        "locked": lock.sentence() if lock else "", "leave": leave,
    }  # fmt: skip


def _is_open_for(said: _Said, last: Submission | None, request) -> bool:
    return said.typed is not None or _is_open(last, request)


def _is_open(last: Submission | None, request) -> bool:
    if last is None or last.status in (Status.DRAFT, Status.SENT_BACK):
        return True
    return last.status == Status.APPROVED and (
        request.GET.get("dinh-chinh") == "1" or _corrects(last, request)
    )


def _corrects(last: Submission, request) -> bool:
    """Whether what is posted comes from the page that corrects this very version."""
    return whole(request.POST.get("correcting"), 0) == last.version


def _uncalled(request, duty: Duty) -> str:
    """Why nothing is taken from a page left open on a return since approved; "" where it may be.

    Only who asked to correct it begins a correction; a sending that was taken in before is answered
    again.
    """
    last = queries.last_of(duty)
    if last is None or last.status != Status.APPROVED or _corrects(last, request):
        return ""
    sending = typed.sending(request.POST.get("client_id"))
    if sending and Sending.objects.filter(pk=sending, duty=duty).exists():
        return ""
    return (
        f"Báo cáo này đã được duyệt lúc {say_moment(last.decided_at)}; chưa lưu số nào. Cần đính "
        "chính số đã duyệt thì xem lại các số dưới đây, nêu lý do ở ô Thuyết minh chung rồi bấm "
        "Nộp báo cáo; không thì rời trang này."
    )


# --- saving ----------------------------------------------------------------------------------


def _save(request, duty: Duty) -> Submission:
    """The posted form as a draft, its files attached, the file to be taken off taken off."""
    post, at = request.POST, clock.now()
    values = form_rows.posted(post, sheets.bare(duty))
    draft = actions.save_draft(
        duty=duty,
        values=values,
        seen=whole(post.get("seen"), 0),
        by=request.user,
        at=at,
        client_id=typed.sending(post.get("client_id")),
        note=post.get("note"),
    )
    for name, upload in request.FILES.items():
        if name.startswith(form_rows.FILE):
            actions.attach(
                duty=duty, element=name.removeprefix(form_rows.FILE), file_name=upload.name,
                chunks=upload.chunks(), by=request.user, at=at,
            )  # fmt: skip
    for name, link in post.items():
        if name.startswith(form_rows.LINK) and link.strip():
            actions.attach_link(
                duty=duty, element=name.removeprefix(form_rows.LINK), link=link,
                by=request.user, at=at,
            )  # fmt: skip
    if taken_off := post.get("detach"):
        proof = get_object_or_404(draft.evidence, pk=whole(taken_off, 0))
        actions.detach(evidence=proof, by=request.user, at=at)
    return draft


def _say_saved(request, draft: Submission) -> None:
    aside = [entry for entry in draft.landed.values() if entry and entry.aside]
    if aside:
        messages.warning(
            request,
            f"Đã lưu. Có {len(aside)} ô người khác vừa ghi số khác: cả hai số đều được giữ, hãy "
            "chọn tại dòng.",
        )
    else:
        messages.success(request, "Đã lưu bản nhập. Báo cáo chưa nộp.")


def _refused(request, duty: Duty, error: str, status: int):
    typed = form_rows.posted(request.POST, sheets.asked_of(duty))
    note = request.POST.get("note")
    return _page(request, duty, _Said(error=error, typed=typed, typed_note=note, status=status))


_MENDABLE = (actions.FaultyFile, actions.UnknownElement, actions.TooLong)
_CONFLICTS = (actions.StaleDraft, actions.LockedReturn, actions.LockedRound)


@require_POST
def save(request, pk):
    duty = _duty(request, pk)
    allow_report(request.user, duty, clock.now())
    if why := _uncalled(request, duty):
        return _refused(request, duty, why, 409)
    try:
        draft = _save(request, duty)
    except _CONFLICTS as why:
        return _refused(request, duty, str(why), 409)
    except _MENDABLE as why:
        return _refused(request, duty, str(why), 422)
    _say_saved(request, draft)
    return redirect("reporting:duty", pk=pk)


@require_POST
def hand_in(request, pk):
    duty = _duty(request, pk)
    allow_report(request.user, duty, clock.now())
    if why := _uncalled(request, duty):
        return _refused(request, duty, why, 409)
    try:
        draft = _save(request, duty)
        if unseen := _unseen(request, draft):
            return _page(request, duty, _Said(error=_UNSEEN, seen=unseen, status=409))
        asked = sheets.asked_of(duty)
        checked = actions.check_return(draft, asked)
        if checked.sound and not _confirmed(request, draft, checked):
            insisted = request.POST.get("insisted") == "1"
            said = _Said(checked=checked, confirm=True, insisted=insisted, status=422)
            return _page(request, duty, said)
        actions.submit(
            submission=draft, by=request.user, at=clock.now(),
            client_id=typed.sending(request.POST.get("client_id")), asked=asked,
        )  # fmt: skip
    except actions.FaultyReturn as why:
        said = _Said(errors=tuple(why.sentences), checked=why.checked, status=422)
        return _page(request, duty, said)
    except _CONFLICTS as why:
        return _refused(request, duty, str(why), 409)
    except _MENDABLE as why:
        return _refused(request, duty, str(why), 422)
    messages.success(request, f"Đã nộp báo cáo {duty.round.label}, gửi {duty.receiver}.")
    return redirect("reporting:duty", pk=pk)


_UNSEEN = (
    "Chưa nộp: trong lúc đồng chí nhập, biểu vừa được ghi thêm ở các dòng đánh dấu dưới đây. Hãy "
    "xem lại rồi bấm Nộp báo cáo."
)


def _unseen(request, draft: Submission) -> int:
    """What the page had seen, where another has since changed the return; 0 when nothing is new."""
    seen = whole(request.POST.get("seen"), 0)
    own = {entry.pk for entry in draft.landed.values() if entry}
    newer = (e.pk for e in draft.cells.shown.values() if e.pk > seen)
    return max(seen, 1) if set(newer) - own else 0


def _confirmed(request, draft: Submission, checked: entries.Checked) -> bool:
    """Whether every question was answered by a note, or the person said the figures are right."""
    if request.POST.get("confirmed") == "1" or draft.status != Status.DRAFT:
        return True
    notes = {slug for slug, entry in draft.values.items() if entry.get("note")}
    return not set(checked.questions) - notes


# --- Excel -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def workbook(request, pk):
    duty = _duty(request, pk)
    if request.method == "POST":
        allow_report(request.user, duty, clock.now())
        return _receive(request, duty)
    name = f"bieu-{duty.unit.label}-{duty.round.period}.xlsx"
    own = queries.may_report(request.user, duty.unit, clock.today())
    few = Sight(request.user, clock.today()).hidden(duty)
    return attachment(actions.workbook_of(duty, draft=own, few=few), name)


def _receive(request, duty: Duty):
    upload = request.FILES.get("workbook")
    if upload is None:
        return _page(request, duty, _Said(error="Hãy chọn tệp Excel rồi bấm Nạp.", status=422))
    if _uncalled(request, duty):
        return _page(request, duty, _Said(error=_APPROVED_FILE, status=409))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bieu.xlsx"
        with path.open("wb") as out:
            for chunk in upload.chunks():
                out.write(chunk)
        try:
            draft = actions.receive_workbook(
                duty=duty, path=path, file_name=upload.name, by=request.user, at=clock.now()
            )
        except workbooks.FaultyWorkbook as why:
            error = "Chưa nạp được tệp Excel; chưa có số nào được lưu. Hãy sửa các chỗ sau:"
            said = _Said(error, faults=tuple(why.faults), has_copy=why.has_copy, status=422)
            return _page(request, duty, said)
        except _CONFLICTS as why:
            return _page(request, duty, _Said(error=str(why), status=409))
    for notice in draft.notices:
        messages.warning(request, f"{notice.message} {notice.suggestion or ''}")
    messages.success(request, f"Đã nạp tệp {upload.name}. Hãy xem lại rồi bấm Nộp báo cáo.")
    return redirect("reporting:duty", pk=duty.pk)


_APPROVED_FILE = (
    "Báo cáo này đã được duyệt; chưa nạp số nào từ tệp. Cần sửa số đã duyệt thì chọn đính chính số "
    "liệu rồi nạp lại tệp."
)
