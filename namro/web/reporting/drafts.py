"""A unit's return while it is being filled in: save, prove, hand in (nhập, đính kèm, nộp).

A draft is one row, guarded by `lock`: whoever saves over another's work is told, and loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from namro.vietnamese import format_date, tidy
from namro.web.frame import clock, files
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import NotAllowed
from namro.web.reporting import entries, queries
from namro.web.reporting.models import Duty, Evidence, Submission
from namro.web.reporting.rules import Status
from namro.web.reporting.sheets import asked_of, bare

EVIDENCE_KINDS = frozenset(
    "pdf doc docx xls xlsx ods odt ppt pptx csv txt jpg jpeg png zip".split()
)


class StaleDraft(Exception):
    """Somebody saved in between; `submission` is what stands now. The message is Vietnamese."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        who = submission.saved_by.full_name if submission.saved_by else "hệ thống"
        super().__init__(
            f"Đã có người lưu lúc {said(submission.saved_at)} ({who}). Số đồng chí vừa nhập còn "
            "nguyên trên trang; hãy xem chỗ khác nhau rồi lưu lại."
        )


class LockedReturn(Exception):
    """The return is handed in and waits for a decision: nothing can be changed."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        super().__init__(
            f"Báo cáo này đã nộp lúc {said(submission.submitted_at)} và đang chờ duyệt, không sửa "
            "được nữa. Cần sửa thì đề nghị đơn vị nhận trả lại."
        )


class FaultyReturn(Exception):
    """What keeps a return from being handed in: Vietnamese sentences, each naming its row."""

    def __init__(self, sentences: list[str], checked: entries.Checked) -> None:
        self.sentences, self.checked = sentences, checked
        super().__init__(" ".join(sentences))


class FaultyFile(Exception):
    """A file that cannot be taken as evidence; the message is Vietnamese."""


def said(moment: datetime | None) -> str:
    """A moment as it is said: 16:00 ngày 20/9/2025."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%H:%M} ngày {format_date(local.date())}"


def allow_report(by: User | None, duty: Duty, at: datetime) -> None:
    """Raise NotAllowed unless the person fills in this unit's returns. None: the installation."""
    if by and not queries.may_report(by, duty.unit, clock.day_of(at)):
        raise NotAllowed(f"Đồng chí không phải người lập báo cáo của {duty.unit.name}.")


@transaction.atomic
def save_draft(
    *,
    duty: Duty,
    values: Mapping[str, Any],
    lock: int,
    by: User | None,
    at: datetime,
    client_id: UUID | None = None,
    note: str | None = None,
    workbook: tuple[str, str] | None = None,
) -> Submission:
    """Keep what was filled in so far (lưu bản nhập). Gives the draft with its new `lock`.

    `values`: element → None (blank), a number, text as typed, or {"value", "note", "cell"};
    elements left out stay as they are. `lock` is that of the version on the page (0: none yet).
    Text that is no number is kept as typed and refused only at handing in. A repeated `client_id`
    changes nothing. After a return was sent back or approved this begins the next version.
    `workbook`: (SHA-256, name) of the Excel file the values came from.
    Raises NotAllowed, StaleDraft, LockedReturn, entries.UnknownElement.
    """
    allow_report(by, duty, at)
    Duty.objects.select_for_update().get(pk=duty.pk)
    if client_id and (sent := Submission.objects.filter(client_id=client_id, duty=duty).first()):
        return sent
    draft = open_draft(duty, by, at, lock=lock)
    client_id = _unused(client_id)
    _merge(draft, values, duty)
    if note is not None:
        draft.note = note.replace("\r\n", "\n").strip()
    if workbook:
        draft.workbook_sha256, draft.workbook_name = workbook[0], workbook[1][:255]
    draft.lock += 1
    draft.saved_by, draft.saved_at, draft.client_id = by, at, client_id
    draft.save()
    return draft


def _unused(client_id: UUID | None) -> UUID | None:
    """The id of a sending, unless another return bears it (a page copied): then it says nothing."""
    taken = client_id and Submission.objects.filter(client_id=client_id).exists()
    return None if taken else client_id


def open_draft(duty: Duty, by: User | None, at: datetime, *, lock: int | None = None) -> Submission:
    """The draft being filled in, or the next version begun from the last. The duty is locked."""
    last = queries.last_of(duty)
    if last and last.status == Status.SUBMITTED:
        raise LockedReturn(last)
    if last and last.status == Status.DRAFT:
        if lock is not None and last.lock != lock:
            raise StaleDraft(last)
        return last
    if last and lock:  # what was on the page has been decided meanwhile
        raise StaleDraft(last)
    return _begin(duty, last, by, at)


def _begin(duty: Duty, last: Submission | None, by: User | None, at: datetime) -> Submission:
    draft = Submission.objects.create(
        duty=duty,
        version=last.version + 1 if last else 1,
        values=last.values if last else {},
        workbook_sha256=last.workbook_sha256 if last else "",
        workbook_name=last.workbook_name if last else "",
        saved_by=by,
        saved_at=at,
    )
    for proof in last.evidence.order_by("pk") if last else ():
        proof.pk, proof.submission = None, draft
        proof.save(force_insert=True)
    _journal(by, "begin", draft, at, f"Bắt đầu nhập {draft}")
    return draft


def _merge(draft: Submission, values: Mapping[str, Any], duty: Duty) -> None:
    asked = {a.element.slug: a for a in bare(duty)}
    merged = dict(draft.values)
    for slug, given in values.items():
        if slug not in asked:
            raise entries.UnknownElement(f"Biểu này không hỏi số liệu “{slug}”. Hãy tải lại trang.")
        merged[slug] = _entry(given, merged.get(slug), asked[slug])
    draft.values = merged


def _entry(given: Any, before: Mapping[str, Any] | None, asked: entries.Asked) -> entries.Entry:
    before = before or {}
    told = given if isinstance(given, Mapping) else {"value": given}
    note = told.get("note", before.get("note") or "")
    entry = entries.make_entry(told.get("value"), asked, note=note, cell=told.get("cell") or "")
    same = entry["value"] == before.get("value") and not entry.get("typed")
    if not entry["cell"] and same:  # untouched since it came from a file: its cell still holds
        entry["cell"] = before.get("cell") or ""
    return entry


@transaction.atomic
def submit(
    *, submission: Submission, by: User | None, at: datetime, client_id: UUID | None = None
) -> Submission:
    """Hand a draft in (nộp báo cáo): from here on this version never changes.

    Raises NotAllowed, FaultyReturn (nothing handed in), LockedReturn when it already is. Sending
    again with the same `client_id` gives the version handed in.
    """
    duty = submission.duty
    allow_report(by, duty, at)
    Duty.objects.select_for_update().get(pk=duty.pk)
    whole = Submission.objects.select_related("duty__round", "duty__unit", "duty__receiver")
    now = whole.get(pk=submission.pk)
    if now.status != Status.DRAFT:
        if client_id and now.client_id == client_id:
            return now
        raise LockedReturn(now)
    if now.lock != submission.lock:
        raise StaleDraft(now)
    _refuse_faulty(now)
    if client_id != now.client_id:
        client_id = _unused(client_id)
    Submission.objects.filter(pk=now.pk, status=Status.DRAFT).update(
        status=Status.SUBMITTED,
        submitted_by=by,
        submitted_at=at,
        client_id=client_id or now.client_id,
    )
    now = whole.get(pk=now.pk)
    _journal(by, "submit", now, at, f"Nộp {now}")
    return now


def _refuse_faulty(submission: Submission) -> None:
    """Raises FaultyReturn for what must be mended first."""
    asked = asked_of(submission.duty)
    checked = check_return(submission, asked)
    if not checked.sound:
        raise FaultyReturn(checked.sentences(asked), checked)


def check_return(submission: Submission, asked: list[entries.Asked]) -> entries.Checked:
    """Values, and evidence where a figure needs it."""
    checked = entries.check(submission.values, asked)
    proven = set(submission.evidence.values_list("element", flat=True))
    for one in asked:
        slug = one.element.slug
        value = entries.value_of(submission.values.get(slug))
        if not one.element.evidence or not value or proven & {slug, ""}:
            continue
        if one.proven and value == one.previous:
            continue
        checked.wrong(slug, "Chưa có minh chứng. Đính kèm tệp minh chứng rồi nộp.")
    return checked


@transaction.atomic
def attach(
    *,
    duty: Duty,
    element: str,
    file_name: str,
    chunks: Iterable[bytes],
    by: User | None,
    at: datetime,
) -> Evidence:
    """Add a file of proof to the draft, for one figure or ("") the whole return (minh chứng).

    Raises NotAllowed, LockedReturn, FaultyFile, entries.UnknownElement.
    """
    allow_report(by, duty, at)
    Duty.objects.select_for_update().get(pk=duty.pk)
    if element and element not in duty.elements:
        raise entries.UnknownElement("Biểu này không hỏi số liệu đã chọn. Hãy tải lại trang.")
    draft = open_draft(duty, by, at)
    sha256, size, name = keep_proof(file_name, chunks)
    proof, is_new = Evidence.objects.get_or_create(
        submission=draft,
        element=element,
        sha256=sha256,
        defaults={"file_name": name, "size": size, "added_by": by, "added_at": at},
    )
    if is_new:
        _journal(by, "attach", draft, at, f"Đính kèm {name} vào {draft}", sha256=sha256)
    return proof


def keep_proof(file_name: str, chunks: Iterable[bytes]) -> tuple[str, int, str]:
    """Keep a file of proof; give SHA-256, size and its tidy name. Raises FaultyFile."""
    name = tidy(PurePath(file_name.replace("\\", "/")).name)[-255:]
    if PurePath(name).suffix.lower().lstrip(".") not in EVIDENCE_KINDS:
        raise FaultyFile(
            f"Không nhận tệp “{name}”. Hãy dùng tệp PDF, Word, Excel, ảnh (JPG, PNG) hoặc ZIP."
        )
    sha256, size = files.keep(limited(chunks, name))
    if not size:
        raise FaultyFile(f"Tệp “{name}” không có nội dung. Hãy chọn lại tệp.")
    return sha256, size, name


def limited(chunks: Iterable[bytes], name: str) -> Iterable[bytes]:
    """The chunks, as long as they stay within the size an upload may have."""
    most, size = settings.NAMRO_MAX_UPLOAD, 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise FaultyFile(
                f"Tệp “{name}” lớn hơn {most // 1024 // 1024} MB. Hãy nén hoặc chia nhỏ tệp."
            )
        yield chunk


@transaction.atomic
def detach(*, evidence: Evidence, by: User | None, at: datetime) -> None:
    """Take a file off the draft (gỡ minh chứng); from a version handed in nothing is taken."""
    submission = evidence.submission
    assert submission is not None
    allow_report(by, submission.duty, at)
    Duty.objects.select_for_update().get(pk=submission.duty_id)
    submission.refresh_from_db()
    if submission.status != Status.DRAFT:
        raise LockedReturn(submission)
    name = evidence.file_name
    _journal(by, "detach", submission, at, f"Gỡ {name} khỏi {submission}", sha256=evidence.sha256)
    evidence.delete()


def _journal(
    by: User | None, verb: str, submission: Submission, at: datetime, summary: str, **details: Any
) -> None:
    record(
        by,
        f"reporting.{verb}",
        submission,
        at=at,
        unit_code=submission.duty.unit.code,
        summary=summary,
        **details,
    )
