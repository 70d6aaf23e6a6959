"""A file of raw records on its way in: kept, checked by the worker, then taken or refused whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path, PurePath

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from namro.measuring.records import SUFFIXES
from namro.measuring.records.door import Progress
from namro.terms import Fault, Period
from namro.vietnamese import tidy
from namro.web.facts import actions as facts
from namro.web.facts.library import library
from namro.web.facts.models import Batch
from namro.web.facts.slices import AlreadyTaken
from namro.web.frame import clock, files
from namro.web.frame.days import say_moment
from namro.web.frame.entered import keepable
from namro.web.org.journal import record
from namro.web.org.models import User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.reporting.models import RecordFile
from namro.web.reporting.proof.proof_files import limited
from namro.web.reporting.records import fault_copies
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
    """Keep a file of raw records until the worker has checked it (nhận tệp dữ liệu hồ sơ).

    What the installation itself takes from its own disk (`by` None) may be of any size. Raises
    NotAllowed, FaultyRecordFile, drafts.FaultyFile (too large).
    """
    if by:
        allow(by, Verb.RECEIVE_RECORDS, on=clock.day_of(at))
    name = _check(dataset, period_code, file_name)
    kept = RecordFile(dataset=dataset, period=period_code, file_name=name, sent_by=by, sent_at=at)
    waiting, kept.sha256, kept.size = _put_aside(
        limited(chunks, name) if by else chunks, PurePath(name).suffix.lower()
    )
    try:
        if not kept.size:
            raise FaultyRecordFile(f"Tệp “{name}” không có nội dung. Hãy chọn lại tệp.")
        _refuse_repeated(dataset, period_code, kept.sha256)
        kept.waiting = waiting.name
        kept.save(force_insert=True)
        _journal(by, "receive_records", kept, at, f"Nhận tệp {name}")
    except BaseException:
        waiting.unlink()
        raise
    return kept


def _incoming() -> Path:
    """Where files wait to be checked. They may hold personal columns: none stays after that."""
    folder = Path(settings.NAMRO_HOME) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _put_aside(chunks: Iterable[bytes], suffix: str) -> tuple[Path, str, int]:
    """Write a file among those waiting; give where, its SHA-256 and size. Whole or not at all."""
    handle, name = tempfile.mkstemp(dir=_incoming(), suffix=suffix)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
        files.put_on_disk(Path(name), _incoming())
    except BaseException:
        Path(name).unlink()
        raise
    return Path(name), digest.hexdigest(), size


def _check(dataset: str, period_code: str, file_name: str) -> str:
    name = tidy(PurePath(file_name.replace("\\", "/")).name)[-255:]
    if dataset not in library().datasets:
        raise FaultyRecordFile("Hãy chọn tập dữ liệu trong danh mục.")
    try:
        Period.of(period_code)
    except ValueError as why:
        raise FaultyRecordFile("Hãy chọn kỳ của dữ liệu.") from why
    if not name.lower().endswith(SUFFIXES):
        raise FaultyRecordFile(
            f"Tệp “{name}” không phải CSV, Excel (.xlsx) hay Parquet. Hãy xuất dữ liệu ra một "
            "trong các dạng này rồi gửi lại."
        )
    return name


def _refuse_repeated(dataset: str, period_code: str, sha256: str) -> None:
    same = RecordFile.objects.filter(dataset=dataset, period=period_code, sha256=sha256)
    if taken := same.exclude(state=FileState.REFUSED).first():
        raise FaultyRecordFile(
            f"Tệp này đã được gửi lúc {say_moment(taken.sent_at)} cho cùng kỳ "
            f"({taken.get_state_display()}). Không cần gửi lại."
        )


def check_records(
    *, record_file: RecordFile, at: datetime, progress: Progress | None = None
) -> RecordFile:
    """Check a waiting file and take it in, whole or not at all. Running twice does nothing more.

    Gives the file as TAKEN, or as REFUSED with its first faults and a copy that holds them all. No
    transaction spans the reading: a long file keeps nobody waiting, and says how far it is. A check
    that was cut off leaves nothing but its room, and is begun anew.
    """
    silent = Q(beat_at__lt=at - STUCK_AFTER) | Q(beat_at=None, started_at__lt=at - STUCK_AFTER)
    claimed = RecordFile.objects.filter(
        Q(state=FileState.WAITING) | Q(silent, state=FileState.CHECKING), pk=record_file.pk
    ).update(state=FileState.CHECKING, started_at=at, beat_at=at, checked_rows=0)
    kept = RecordFile.objects.select_related("sent_by").get(pk=record_file.pk)
    if not claimed:
        return kept
    path = _incoming() / kept.waiting
    room = path.with_name(f"{path.name}.room")
    try:
        shutil.rmtree(room, ignore_errors=True)
        room.mkdir(mode=0o700)
        beating = _beating(kept, at, progress)
        kept.state, kept.batch, kept.faults = _taken(kept, path, room, at, beating)
    except BaseException:  # the file is not at fault: it may be checked again, and this be seen
        RecordFile.objects.filter(pk=kept.pk).update(state=FileState.WAITING, started_at=None)
        raise
    finally:
        shutil.rmtree(room, ignore_errors=True)
    _finish(kept, at)
    path.unlink(missing_ok=True)
    return kept


def let_go(record_file_id: int) -> None:
    """A check whose worker is known to be dead: the file waits to be checked anew."""
    checked = RecordFile.objects.filter(pk=record_file_id, state=FileState.CHECKING)
    checked.update(state=FileState.WAITING, started_at=None, beat_at=None)


def _beating(kept: RecordFile, at: datetime, progress: Progress | None) -> Progress:
    """Says every two seconds how many rows were checked, for the page and to show it is alive."""
    began = last = time.monotonic()

    def told(rows: int, total: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= 2:
            last = now
            RecordFile.objects.filter(pk=kept.pk).update(
                checked_rows=rows, total_rows=total, beat_at=at + timedelta(seconds=now - began)
            )
        if progress:
            progress(rows, total)

    return told


def _taken(
    kept: RecordFile, path: Path, room: Path, at: datetime, beating: Progress
) -> tuple[FileState, Batch | None, list[dict[str, object]]]:
    """(state, batch, faults) of a file that was checked."""
    if not path.is_file():
        told: dict[str, object] = {
            "message": "Tệp chờ kiểm tra không còn trên máy chủ.",
            "suggestion": "Gửi lại tệp.",
        }
        return FileState.REFUSED, None, [told]
    try:
        batch = facts.take_batch(
            dataset=kept.dataset,
            period_code=kept.period,
            path=path,
            file_name=kept.file_name,
            by=kept.sent_by,
            at=at,
            room=room,
            progress=beating,
        )
    except facts.FaultyRecords as why:
        kept.has_copy = fault_copies.write(kept, path, why.read)
        return FileState.REFUSED, None, keepable([_told(f) for f in why.faults])
    except AlreadyTaken as why:
        same = Batch.objects.filter(dataset=kept.dataset, period=kept.period, sha256=kept.sha256)
        if found := same.filter(record_file=None).order_by("-pk").first():
            return FileState.TAKEN, found, []  # taken by a check that was cut off before its end
        return FileState.REFUSED, None, [{"message": str(why), "suggestion": None}]
    return FileState.TAKEN, batch, []


@transaction.atomic
def _finish(kept: RecordFile, at: datetime) -> None:
    kept.finished_at, kept.waiting = at, ""
    kept.save(update_fields=["state", "faults", "has_copy", "batch", "finished_at", "waiting"])
    if kept.batch:
        summary = f"Nhận {kept.batch.rows} bản ghi từ tệp {kept.file_name}"
    else:
        summary = f"Từ chối tệp {kept.file_name}: {len(kept.faults)} lỗi"
    _journal(kept.sent_by, "check_records", kept, at, summary)


def _told(fault: Fault) -> dict[str, object]:
    """A fault as it is kept: its line and cell in the file, what is wrong, how to mend it."""
    place = fault.place
    return {
        "line": place.line if place else None,
        "cell": place.cell if place else None,
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
