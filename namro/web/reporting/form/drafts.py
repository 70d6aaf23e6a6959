"""A unit's return while it is being filled in: save, prove, hand in (nhập, đính kèm, nộp).

Each cell carries the version it rests on (`merging`, `cells`): nobody's word is ever overwritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from namro.web.frame import clock
from namro.web.frame.days import say_moment
from namro.web.frame.prepared import prepared
from namro.web.frame.rows import insert_rows, update_row
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import NotAllowed
from namro.web.reporting import queries, rights
from namro.web.reporting.chain import gate
from namro.web.reporting.chain.rules import NO_HEAD, awaited, waiting_clause
from namro.web.reporting.form import entries, merging
from namro.web.reporting.form.cells import Author, Cells, Seen, unsettled
from namro.web.reporting.form.merging import Cell, Origin, Part
from namro.web.reporting.form.sheets import asked_of, bare
from namro.web.reporting.models import CellEntry, Duty, Evidence, Sending, Submission
from namro.web.reporting.rules import Status


class StaleDraft(Exception):
    """Something was saved since the draft was looked at; `submission` is what stands now."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        who = submission.saved_by.full_name if submission.saved_by else "hệ thống"
        super().__init__(
            f"Biểu vừa được lưu thêm lúc {say_moment(submission.saved_at)} ({who}). Hãy xem lại "
            "các dòng mới rồi nộp; số đồng chí đã nhập vẫn còn nguyên."
        )


class LockedReturn(Exception):
    """The return is handed in and waits for a decision: nothing can be changed."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        receiver = submission.duty.receiver.name
        super().__init__(
            f"Báo cáo này đã nộp lúc {say_moment(submission.submitted_at)} và "
            f"{waiting_clause(submission.step, receiver)}, không sửa được nữa. Cần sửa thì đề nghị "
            f"{awaited(submission.step, receiver)} trả lại."
        )


class ApprovedReturn(Exception):
    """The return is approved, and who sends something to it did not ask to correct it."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        super().__init__(
            f"Báo cáo này đã được duyệt lúc {say_moment(submission.decided_at)}. Số liệu và tệp "
            "trên máy này chưa gửi được và vẫn được giữ; cần đính chính thì mở biểu, chọn đính "
            "chính số liệu rồi chọn gửi kèm, không cần nữa thì bỏ tại đó."
        )


class FaultyReturn(Exception):
    """What keeps a return from being handed in: Vietnamese sentences, each naming its row."""

    def __init__(self, sentences: list[str], checked: entries.Checked) -> None:
        self.sentences, self.checked = sentences, checked
        super().__init__(" ".join(sentences))


def allow_report(by: User | None, duty: Duty, at: datetime) -> None:
    """Raise NotAllowed unless the person fills in this unit's returns. None: the installation."""
    if by and not queries.may_report(by, duty.unit, clock.day_of(at)):
        raise NotAllowed(f"Đồng chí không phải người lập báo cáo của {duty.unit.name}.")


def allow_entry(by: User | None, duty: Duty, at: datetime, origin: Origin) -> None:
    """Raise NotAllowed unless the person may put something into this return from there: on the
    unit's behalf only who receives it, anything else who fills it in."""
    if origin is not Origin.FOR_UNIT:
        allow_report(by, duty, at)
    elif by and not rights.may_enter_for(by, duty.unit_id, duty.receiver_id, clock.day_of(at)):
        raise NotAllowed(
            f"Báo cáo của {duty.unit.name} gửi {duty.receiver.name}; đồng chí không thuộc nơi nhận "
            "nên không nhập thay được."
        )


def stands_for(by: User | None, duty: Duty, at: datetime) -> User | None:
    """In whose place, away, a person fills in a duty's return; None: by a post of their own."""
    return rights.reports_for(by, duty.unit, clock.day_of(at)) if by else None


@transaction.atomic
def save_draft(
    *,
    duty: Duty,
    values: Mapping[str, Any],
    by: User | None,
    at: datetime,
    seen: Seen = None,
    client_id: UUID | None = None,
    note: str | None = None,
    workbook: tuple[str, str] | None = None,
    origin: Origin = Origin.WEB,
    ages: Mapping[str, float] | None = None,
    correcting: bool = True,
) -> Submission:
    """Keep what was filled in so far (lưu bản nhập). Gives the draft; `landed` on it says, by cell
    name, which entry now holds what was said, shown or waiting aside; `cells`, what then stood.

    `values`: element → None (blank), a number, text as typed, or {"value", "note", "cell"}, of
    which "value" or "note" may be left out; elements left out stay as they are. `seen`: what the
    author had before them (see `cells.Seen`): what was changed by another since is not replaced but
    waits for a person to choose. Text that is no number is kept as typed and refused only at
    handing in. A repeated `client_id` changes nothing. After a return was sent back or approved
    this begins the next version. `workbook`: (SHA-256, name) of the Excel file the values came
    from. `correcting` False: an approved return is not opened again. Raises NotAllowed,
    LockedReturn, ApprovedReturn, entries.UnknownElement, entries.TooLong (nothing saved).
    """
    allow_entry(by, duty, at, origin)
    _lock(duty.pk)
    sent = next(iter(_sent_as(client_id)), None) if client_id else None
    if sent and sent.duty_id == duty.pk:
        return _answered_again(duty, sent)
    said, cells = said_of(duty, values, note), Cells(duty)
    draft = open_draft(duty, by, at, correcting=correcting)
    landed = cells.take(said, seen, draft, Author(by, at, origin, ages))
    if workbook:
        draft.workbook_sha256, draft.workbook_name = workbook[0], workbook[1][:255]
    client_id = None if sent else _unused_by_returns(client_id)
    show(draft, cells, by, at, told=values, client_id=client_id)
    _remember(client_id, draft, cells, landed)
    return draft


def _remember(
    client_id: UUID | None,
    draft: Submission,
    cells: Cells,
    landed: Mapping[Cell, CellEntry | None],
) -> None:
    """Keep what a sending led to, so that repeated it gets the same answer."""
    draft.cells = cells
    draft.landed = {merging.field_name(cell): entry for cell, entry in landed.items()}
    if client_id:
        versions = {name: entry.pk for name, entry in draft.landed.items() if entry}
        sending = Sending(
            id=client_id, duty=draft.duty, by=draft.saved_by, at=draft.saved_at, versions=versions
        )
        insert_rows([sending])


def _answered_again(duty: Duty, sent: Sending) -> Submission:
    """The answer to a sending that was taken in before."""
    found = queries.last_of(duty)
    assert found is not None
    known = CellEntry.objects.filter(duty=duty).in_bulk(sent.versions.values())
    found.cells = Cells(duty)
    found.landed = {name: known.get(version) for name, version in sent.versions.items()}
    return found


def show(
    draft: Submission,
    cells: Cells,
    by: User | None,
    at: datetime,
    *,
    told: Iterable[str] = (),
    client_id: UUID | None = None,
) -> None:
    """Write what the cells show into the draft; `told`: elements spoken of, be it blank."""
    blank = {"value": None, "cell": "", "note": ""}
    draft.values = {slug: blank for slug in told} | cells.values(draft.values)
    general = cells.shown.get(("", Part.NOTE.value))
    if general:
        draft.note = general.content.get("note") or ""
    draft.lock = cells.newest
    draft.saved_by, draft.saved_at = by, at
    draft.client_id = client_id or draft.client_id
    update_row(draft, _SHOWN)


_SHOWN = (
    *("values", "note", "lock", "saved_by", "saved_at", "client_id"),
    *("workbook_sha256", "workbook_name"),
)


def said_of(
    duty: Duty, values: Mapping[str, Any], note: str | None = None
) -> dict[Cell, dict[str, Any]]:
    """What is said, cell by cell. Raises entries.UnknownElement, entries.TooLong."""
    asked = {a.element.slug: a for a in bare(duty)}
    said: dict[Cell, dict[str, Any]] = {}
    if note is not None:
        said["", Part.NOTE.value] = {"note": entries.tidy_note(note)}
    for slug, given in values.items():
        if slug not in asked:
            raise entries.UnknownElement(f"Biểu này không hỏi số liệu “{slug}”. Hãy tải lại trang.")
        told = given if isinstance(given, Mapping) else {"value": given}
        if "value" in told:
            entry = entries.make_entry(told["value"], asked[slug], cell=told.get("cell") or "")
            kept = ("value", "typed", "cell")
            said[slug, Part.VALUE.value] = {k: entry[k] for k in kept if entry.get(k)}
        if told.get("note") is not None:
            said[slug, Part.NOTE.value] = {"note": entries.tidy_note(told["note"])}
    _refuse_too_long(said, list(asked.values()))
    return said


def _refuse_too_long(said: Mapping[Cell, Mapping[str, Any]], asked: list[entries.Asked]) -> None:
    """Raises entries.TooLong, a sentence for each cell."""
    rows = {a.element.slug: f"Dòng {n} “{a.element.title}”: " for n, a in enumerate(asked, start=1)}
    found = []
    for (element, part), content in said.items():
        what = part if element else "general"
        if why := entries.too_long(content.get("note") or content.get("typed"), what):
            found.append(rows.get(element, "") + why)
    if found:
        raise entries.TooLong(" ".join(found))


def _unused(client_id: UUID | None) -> UUID | None:
    """The id of a sending, unless another return bears it (a page copied): then it says nothing."""
    if client_id and Sending.objects.filter(pk=client_id).exists():
        return None
    return _unused_by_returns(client_id)


def _unused_by_returns(client_id: UUID | None) -> UUID | None:
    return None if client_id and _returns_sent_as(client_id) else client_id


@prepared
def _lock(duty: int) -> QuerySet[Duty, int]:
    """One at a time works on a duty, until the transaction ends."""
    return Duty.objects.select_for_update().filter(pk=duty).values_list("pk", flat=True)


@prepared
def _sent_as(client_id: UUID) -> QuerySet[Sending]:
    return Sending.objects.filter(pk=client_id)


@prepared
def _returns_sent_as(client_id: UUID) -> QuerySet[Submission, int]:
    return Submission.objects.filter(client_id=client_id).values_list("pk", flat=True)[:1]


@prepared
def _whole(submission: int) -> QuerySet[Submission]:
    rows = Submission.objects.select_related("duty__round", "duty__unit", "duty__receiver")
    return rows.filter(pk=submission)


def open_draft(duty: Duty, by: User | None, at: datetime, *, correcting: bool = True) -> Submission:
    """The draft being filled in, or the next version begun from the last. The duty is locked.

    Raises LockedReturn; ApprovedReturn where it is not to be corrected.
    """
    last = queries.last_of(duty)
    if last and last.status == Status.SUBMITTED:
        raise LockedReturn(last)
    if last and last.status == Status.DRAFT:
        return last
    if last and last.status == Status.APPROVED and not correcting:
        raise ApprovedReturn(last)
    return _begin(duty, last, by, at)


def _begin(duty: Duty, last: Submission | None, by: User | None, at: datetime) -> Submission:
    draft = Submission(
        duty=duty,
        version=last.version + 1 if last else 1,
        values=last.values if last else {},
        lock=last.lock if last else 0,
        workbook_sha256=last.workbook_sha256 if last else "",
        workbook_name=last.workbook_name if last else "",
        saved_by=by,
        saved_at=at,
    )
    insert_rows([draft])
    for proof in last.evidence.order_by("pk") if last else ():
        proof.pk, proof.submission = None, draft
        proof.save(force_insert=True)
    journal(by, "begin", draft, at, f"Bắt đầu nhập {draft}")
    return draft


@transaction.atomic
def submit(
    *,
    submission: Submission,
    by: User | None,
    at: datetime,
    client_id: UUID | None = None,
    asked: list[entries.Asked] | None = None,
) -> Submission:
    """Hand a draft in (nộp báo cáo): from here on this version never changes.

    `asked`: the rows of its form, by who has just read them (None: they are read).
    Raises NotAllowed, FaultyReturn (nothing handed in), LockedReturn when it already is,
    gate.LockedRound after the round was closed or locked. Sending again with the same `client_id`
    gives the version handed in.
    """
    duty = submission.duty
    allow_report(by, duty, at)
    _lock(duty.pk)
    [now] = _whole(submission.pk)
    if now.status != Status.DRAFT:
        if client_id and now.client_id == client_id:
            return now
        raise LockedReturn(now)
    if now.lock != submission.lock:
        raise StaleDraft(now)
    _refuse_faulty(now, asked)
    client_id = client_id if client_id == now.client_id else _unused(client_id)
    Submission.objects.filter(pk=now.pk, status=Status.DRAFT).update(
        status=Status.SUBMITTED,
        submitted_by=by,
        submitted_at=at,
        on_behalf_of=stands_for(by, duty, at),
        client_id=client_id or now.client_id,
        **gate.hand_in(now, at),
    )
    [now] = _whole(now.pk)
    passed = f" (qua bước lãnh đạo đơn vị: {NO_HEAD.lower()})" if gate.tell_passed(now, at) else ""
    journal(by, "submit", now, at, f"Nộp {now}{passed}")
    return now


def _refuse_faulty(submission: Submission, asked: list[entries.Asked] | None) -> None:
    """Raises FaultyReturn for what must be mended first."""
    asked = asked_of(submission.duty) if asked is None else asked
    checked = check_return(submission, asked)
    waiting = [*unsettled(submission), *gate.unexplained(submission)]
    if waiting or not checked.sound:
        raise FaultyReturn([*waiting, *checked.sentences(asked)], checked)


def check_return(submission: Submission, asked: list[entries.Asked]) -> entries.Checked:
    """Values, and evidence where a figure needs it."""
    checked = entries.check(submission.values, asked)
    proven = set(_proven(submission.pk)) if any(a.element.evidence for a in asked) else set()
    for one in asked:
        slug = one.element.slug
        value = entries.value_of(submission.values.get(slug))
        if not one.element.evidence or not value or proven & {slug, ""}:
            continue
        if one.proven and value == one.previous:
            continue
        checked.wrong(slug, "Chưa có minh chứng. Đính kèm tệp minh chứng rồi nộp.")
    return checked


@prepared
def _proven(submission: int) -> QuerySet[Evidence, str]:
    return Evidence.objects.filter(submission=submission).values_list("element", flat=True)


def journal(
    by: User | None, verb: str, submission: Submission, at: datetime, summary: str, **details: Any
) -> None:
    """Write down what was done to a return, in its unit's scope; and for whom, where they are
    away."""
    away = stands_for(by, submission.duty, at)
    if by and away:
        summary = f"{by.full_name} thay {away.full_name}: {summary}"
        details["on_behalf_of"] = away.pk
    record(
        by,
        f"reporting.{verb}",
        submission,
        at=at,
        unit_code=submission.duty.unit.code,
        summary=summary,
        **details,
    )
