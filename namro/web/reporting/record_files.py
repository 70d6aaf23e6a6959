"""A file of raw records on its way in: kept, checked by the worker, then taken or refused whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import PurePath

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from namro.terms import Period
from namro.vietnamese import tidy
from namro.web.facts import actions as facts
from namro.web.facts.library import library
from namro.web.frame import files
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting.drafts import limited, said
from namro.web.reporting.models import RecordFile
from namro.web.reporting.rules import FileState

STUCK_AFTER = timedelta(minutes=30)


class FaultyRecordFile(ValueError):
    """A file that is refused at the door; the message is Vietnamese."""


@transaction.atomic
def receive_records(
    *,
    dataset: str,
    period_code: str,
    file_name: str,
    chunks: Iterable[bytes],
    by: User | None,
    at: datetime,
) -> RecordFile:
    """Keep a CSV of raw records until the worker has checked it (nhận tệp dữ liệu hồ sơ).

    Raises NotAllowed, FaultyRecordFile, drafts.FaultyFile (too large).
    """
    if by:
        allow(by, Verb.RECEIVE_RECORDS, on=timezone.localdate(at))
    name = _check(dataset, period_code, file_name)
    sha256, size = files.keep(limited(chunks, name))
    if not size:
        raise FaultyRecordFile(f"Tệp “{name}” không có nội dung. Hãy chọn lại tệp.")
    _refuse_repeated(dataset, period_code, sha256)
    kept = RecordFile.objects.create(
        dataset=dataset, period=period_code, file_name=name, sha256=sha256, size=size,
        sent_by=by, sent_at=at,
    )  # fmt: skip
    _journal(by, "receive_records", kept, at, f"Nhận tệp {name}")
    return kept


def _check(dataset: str, period_code: str, file_name: str) -> str:
    name = tidy(PurePath(file_name.replace("\\", "/")).name)[-255:]
    if dataset not in library().datasets:
        raise FaultyRecordFile("Hãy chọn tập dữ liệu trong danh mục.")
    try:
        Period.of(period_code)
    except ValueError as why:
        raise FaultyRecordFile("Hãy chọn kỳ của dữ liệu.") from why
    if not name.lower().endswith(".csv"):
        raise FaultyRecordFile(
            f"Tệp “{name}” không phải tệp CSV. Hãy xuất dữ liệu ra dạng CSV (mã UTF-8) rồi gửi lại."
        )
    return name


def _refuse_repeated(dataset: str, period_code: str, sha256: str) -> None:
    same = RecordFile.objects.filter(dataset=dataset, period=period_code, sha256=sha256)
    if taken := same.exclude(state=FileState.REFUSED).first():
        raise FaultyRecordFile(
            f"Tệp này đã được gửi lúc {said(taken.sent_at)} cho cùng kỳ "
            f"({taken.get_state_display()}). Không cần gửi lại."
        )


def check_records(*, record_file: RecordFile, at: datetime) -> RecordFile:
    """Check a kept file and take it in, whole or not at all. Running twice does nothing more.

    Gives the file as TAKEN, or as REFUSED with its faults (line, column, what, mend).
    """
    stuck = Q(state=FileState.CHECKING, started_at__lt=at - STUCK_AFTER)
    claimed = RecordFile.objects.filter(
        Q(state=FileState.WAITING) | stuck, pk=record_file.pk
    ).update(state=FileState.CHECKING, started_at=at)
    kept = RecordFile.objects.select_related("sent_by").get(pk=record_file.pk)
    if not claimed:
        return kept
    try:
        _take(kept, at)
    except (
        Exception
    ):  # the file is not at fault: let it be checked again, and let the fault be seen
        RecordFile.objects.filter(pk=kept.pk).update(state=FileState.WAITING, started_at=None)
        raise
    return kept


@transaction.atomic
def _take(kept: RecordFile, at: datetime) -> None:
    try:
        batch = facts.take_batch(
            dataset=kept.dataset,
            period_code=kept.period,
            path=files.path_of(kept.sha256),
            file_name=kept.file_name,
            by=kept.sent_by,
            at=at,
        )
    except facts.FaultyRecords as why:
        kept.state = FileState.REFUSED
        kept.faults = [_told(f) for f in why.faults]
        summary = f"Từ chối tệp {kept.file_name}: {len(kept.faults)} lỗi"
    else:
        kept.state, kept.batch = FileState.TAKEN, batch
        summary = f"Nhận {batch.rows} bản ghi từ tệp {kept.file_name}"
    kept.finished_at = at
    kept.save(update_fields=["state", "faults", "batch", "finished_at"])
    _journal(kept.sent_by, "check_records", kept, at, summary)


def _told(fault) -> dict[str, object]:
    """A fault as it is kept: line and column as in the file, what is wrong, how to mend it."""
    place = fault.place
    return {
        "line": place.line if place else None,
        "column": place.cell if place else None,
        "quote": fault.quote,
        "message": fault.message,
        "suggestion": fault.suggestion,
    }


def _journal(by: User | None, verb: str, kept: RecordFile, at: datetime, summary: str) -> None:
    record(
        by,
        f"reporting.{verb}",
        kept,
        at=at,
        summary=summary,
        dataset=kept.dataset,
        period=kept.period,
        sha256=kept.sha256,
    )
