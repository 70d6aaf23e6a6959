"""A document comes in, and is read by the machine: the first half of `actions`."""

from __future__ import annotations

import logging
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from namro.reading import KnownUnit, Limits, ReadPlan, UnreadableDocument, read_apart
from namro.vietnamese import format_date, format_number, tidy
from namro.web.frame import files
from namro.web.frame.entered import keepable
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans import page_pictures, sheets
from namro.web.plans.draft import Named, opened
from namro.web.plans.models import Document, Reading
from namro.web.plans.queries import Directory, province_of, readings_for
from namro.web.plans.reviewed import bound_with
from namro.web.plans.reviewing import keep_draft
from namro.web.plans.rules import DOCUMENT_ENDINGS, SILENCE, ReadingState

log = logging.getLogger(__name__)


class BadDocument(ValueError):
    """A file that cannot be taken in: empty, too large, no document; the message is Vietnamese."""


class AlreadyReceived(Exception):
    """The same file lies here already; `reading` is its newest reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        document = reading.document
        day = format_date(timezone.localtime(document.received_at).date())
        super().__init__(
            f"Tệp này đã được {document.received_by.full_name} đưa vào ngày {day} "
            f"với tên “{document.file_name}”; không đọc lại lần nữa."
        )


class CannotReadAgain(Exception):
    """The reading is not one that may start again; the message is Vietnamese."""


class NoOtherDocument(Exception):
    """The file holds no such other document, or is not read yet; the message is Vietnamese."""


def receive_document(
    *, by: User, at: datetime, unit: Unit, file_name: str, chunks: Iterable[bytes]
) -> Reading:
    """Keep a file under its SHA-256 and queue its reading (tiếp nhận văn bản).

    The same file again, whose reading failed, is read again: what was refused as a secret must not
    stay because it was sent twice. Raises NotAllowed, BadDocument, or AlreadyReceived where the
    same file is within reach already.
    """
    on = timezone.localdate(at)
    allow(by, Verb.RECEIVE_DOCUMENT, unit, on=on)
    name = _proper(file_name)
    sha256, size = files.keep(_measured(name, chunks))
    with transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)  # two sendings at once take turns
        known = readings_for(by, on).filter(document__sha256=sha256, document_order=1).first()
        if known and _queued_again(known, by, at):
            return known
        if known:
            raise AlreadyReceived(known)
        document = Document.objects.create(
            sha256=sha256, file_name=name, size=size, unit=unit, received_by=by, received_at=at
        )
        reading = Reading.objects.create(document=document, queued_at=at)
        record(
            by, "plans.receive_document", document, at=at, unit_code=unit.code,
            summary=f"Đưa vào văn bản “{name}”", sha256=sha256, size=size,
        )  # fmt: skip
    return reading


def receive_together(
    *, by: User, at: datetime, unit: Unit, given: Sequence[tuple[str, Iterable[bytes]]]
) -> Reading:
    """Several files as one document, in the order given (bản chính trước, phụ lục sau).

    They are kept as one .zip that is the same for the same files, names and order, so that it is
    known again. One file alone is kept as it is. Raises as `receive_document`; BadDocument names
    the file.
    """
    allow(by, Verb.RECEIVE_DOCUMENT, unit, on=timezone.localdate(at))
    if len(given) == 1:
        name, chunks = given[0]
        return receive_document(by=by, at=at, unit=unit, file_name=name, chunks=chunks)
    names = [_proper(name) for name, _ in given]
    if len(names) > MOST_FILES:
        raise BadDocument(
            f"Một văn bản gồm tối đa {MOST_FILES} tệp. Hãy ghép các ảnh trang thành một tệp PDF."
        )
    if any(name.lower().endswith(".zip") for name in names):
        raise BadDocument(
            "Gói .zip phải được gửi riêng. Hãy giải nén rồi chọn các tệp trong đó, hoặc chỉ "
            "gửi gói."
        )
    with tempfile.TemporaryFile() as packed:
        with zipfile.ZipFile(packed, "w") as bundle:
            for number, (name, (_, chunks)) in enumerate(zip(names, given, strict=True), start=1):
                entry = zipfile.ZipInfo(f"{number:03d}/{name}")  # dated 1980: no clock in it
                with bundle.open(entry, "w") as out:
                    for chunk in _measured(name, chunks):
                        out.write(chunk)
        packed.seek(0)
        whole = iter(lambda: packed.read(1024 * 1024), b"")
        title = f"{Path(names[0]).stem[:180]} và {len(names) - 1} tệp kèm theo.zip"
        return receive_document(by=by, at=at, unit=unit, file_name=title, chunks=whole)


MOST_FILES = 200


def _proper(file_name: str) -> str:
    """The name of a document, as it is kept. Raises BadDocument for what is none by its ending."""
    name = tidy(Path(file_name.replace("\\", "/")).name)[-255:]
    if not name.lower().endswith(DOCUMENT_ENDINGS):
        raise BadDocument(
            f"“{name}” không phải là văn bản đọc được. Hãy chọn tệp .docx, .doc, .pdf, .txt, "
            ".html, bảng tính .xlsx, ảnh quét (.png, .jpg, .tif), hoặc gói .zip các tệp ấy."
        )
    return name


def _measured(name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, refused when there are too many of them, or none."""
    size, most = 0, settings.NAMRO_MAX_UPLOAD
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise BadDocument(
                f"Tệp “{name}” lớn quá {format_number(most // 1024 // 1024)} MB. "
                "Hãy tách văn bản hoặc quét lại với độ phân giải 200–300 điểm/inch."
            )
        yield chunk
    if not size:
        raise BadDocument(f"Tệp “{name}” rỗng, không có nội dung. Hãy kiểm tra và gửi lại.")


def read_again(*, reading: Reading, by: User, at: datetime) -> Reading:
    """Queue a reading anew: one that failed, or one whose worker has gone silent (đọc lại).

    Raises CannotReadAgain for any other.
    """
    allow(by, Verb.RECEIVE_DOCUMENT, reading.document.unit, on=timezone.localdate(at))
    with transaction.atomic():
        if not _queued_again(reading, by, at):
            raise CannotReadAgain("Văn bản đang được đọc hoặc đã đọc xong, không cần đọc lại.")
        if not files.path_of(reading.document.sha256).exists():
            raise CannotReadAgain(GONE)
    return reading


GONE = "Tệp gốc không còn trong kho; hãy đưa văn bản vào lại."


def _queued_again(reading: Reading, by: User, at: datetime) -> bool:
    silent = Q(state=ReadingState.READING, progressed_at__lt=at - SILENCE)
    stuck = Q(state=ReadingState.QUEUED, queued_at__lt=at - SILENCE)
    failed = Q(state=ReadingState.FAILED)
    queued = Reading.objects.filter(failed | silent | stuck, pk=reading.pk).update(
        state=ReadingState.QUEUED, queued_at=at, failure="", step="", steps_done=0, steps_all=0
    )
    if queued:
        record(
            by, "plans.read_again", reading, at=at, unit_code=reading.document.unit.code,
            summary=f"Đọc lại văn bản “{reading.name}”",
        )  # fmt: skip
        reading.refresh_from_db()
    return bool(queued)


@transaction.atomic
def read_other(*, reading: Reading, order: int, by: User, at: datetime) -> tuple[Reading, bool]:
    """Queue another document of the same file (đọc văn bản khác của tệp), counted from 1.

    (its reading, whether that is new): one that is there already is given as it is. It has a
    review and becomes a plan of its own. Raises NoOtherDocument, NotAllowed.
    """
    document = Document.objects.select_for_update().get(pk=reading.document_id)
    allow(by, Verb.RECEIVE_DOCUMENT, document.unit, on=timezone.localdate(at))
    there = document.readings.filter(document_order=order).first()
    if there:
        return there, False
    if order not in [d["order"] for d in bound_with(reading)]:
        raise NoOtherDocument("Tệp này không có văn bản ấy; hãy tải lại trang rồi chọn lần nữa.")
    if not files.path_of(document.sha256).exists():
        raise NoOtherDocument(GONE)
    made = Reading.objects.create(document=document, document_order=order, queued_at=at)
    record(
        by, "plans.read_other", made, at=at, unit_code=document.unit.code,
        summary=f"Đọc văn bản thứ {order} của tệp “{document.file_name}”", order=order,
    )  # fmt: skip
    return made, True


def run_reading(
    reading_id: int, at: datetime, clock: Callable[[], datetime] | None = None
) -> Reading | None:
    """Read a queued document and fill found, blocks, draft (máy đọc văn bản).

    Claimed by a conditional update: a second worker gets None and leaves it alone. Progress is
    written as it goes, outside any long transaction. A document that cannot be read, and a crash,
    both end in FAILED with a message for people. `clock` tells later moments (else all is `at`).
    """
    now = clock or (lambda: at)
    claimed = Reading.objects.filter(pk=reading_id, state=ReadingState.QUEUED).update(
        state=ReadingState.READING, started_at=at, progressed_at=at, attempt=F("attempt") + 1
    )
    if not claimed:
        return None
    reading = Reading.objects.select_related("document__unit").get(pk=reading_id)
    try:
        read = _read(reading, now)
        _keep(reading, read, now())
    except UnreadableDocument as why:
        if why.code == "READER_STOPPED":
            log.error("Reading %s: its process died: %s", reading_id, why.__notes__)
        _fail(reading, str(why), now(), secret=why.code == "STATE_SECRET")
    except Exception:
        log.exception("Reading %s crashed", reading_id)
        _fail(reading, CRASHED, now())
    reading.refresh_from_db()
    return reading


def let_go(reading_id: int) -> None:
    """A reading whose worker is known to be dead is queued again."""
    Reading.objects.filter(pk=reading_id, state=ReadingState.READING).update(
        state=ReadingState.QUEUED, step="", steps_done=0, steps_all=0
    )


CRASHED = (
    "Máy gặp lỗi ngoài dự kiến khi đọc văn bản này; tệp vẫn được giữ nguyên. "
    "Hãy bấm “Đọc lại”; nếu vẫn lỗi, báo quản trị hệ thống kèm tên tệp."
)


# A reading has a process of its own, so that no file can take the worker down; under SILENCE.
LIMITS = Limits(silent_seconds=int(SILENCE.total_seconds() * 0.8))


def _mine(reading: Reading):
    """The row, as long as this attempt still holds it."""
    return Reading.objects.filter(
        pk=reading.pk, state=ReadingState.READING, attempt=reading.attempt
    )


def _read(reading: Reading, now: Callable[[], datetime]) -> ReadPlan:
    def progress(stage: str, done: int, of: int) -> None:
        _mine(reading).update(step=stage[:120], steps_done=done, steps_all=of, progressed_at=now())

    on = timezone.localdate(now())
    known = [KnownUnit(u.code, u.name, _names(u)) for u in Directory(on).units]
    with tempfile.TemporaryDirectory() as folder:
        # Under its own name, so that messages name the file the person knows.
        named = Path(folder) / reading.document.file_name[-60:]  # 255 bytes, a sign up to four
        named.symlink_to(files.path_of(reading.document.sha256))
        order = reading.document_order
        return read_apart(named, known, limits=LIMITS, progress=progress, document=order)


def _names(unit: Unit) -> tuple[str, ...]:
    return tuple(n for n in (unit.short_name, *unit.aliases) if n)


def _keep(reading: Reading, read: ReadPlan, at: datetime) -> None:
    found = keepable(read.as_json())
    blocks = keepable([_block(b) for b in read.blocks])
    file = files.path_of(reading.document.sha256)
    pages = sheets.pages_of(file, read.blocks)
    boxes, sizes = sheets.boxes_of(read.blocks, pages), sheets.sizes_of(pages)
    draft = opened(found, {b["index"]: b["text"] for b in blocks}, _named(reading, read, at))
    with transaction.atomic():
        kept = _mine(reading).update(
            state=ReadingState.READ, finished_at=at, found=found, blocks=blocks,
            boxes=boxes, sheets=sizes, version=1, failure="",
        )  # fmt: skip
        if kept:
            cells = {b["index"]: b["cell"][0] for b in blocks if b.get("cell")}
            keep_draft(reading, draft, cells)
            summary = (
                f"Đọc xong “{reading.name}”: {len(read.targets)} chỉ tiêu, "
                f"{len(read.tasks)} nhiệm vụ, {len(read.faults)} điểm cần xem"
            )
            _journal(reading, "plans.read_document", summary, at)


def _block(block: Any) -> dict[str, Any]:
    """What the review needs of a block: text, page, where a new page begins in it, table cell."""
    found = {"index": block.index, "text": block.text, "page": block.page}
    turns = [[p.start, p.page] for p in block.pieces]
    pages = [block.page]
    found["turns"] = []
    for start, page in turns:
        if page != pages[-1]:
            pages.append(page)
            found["turns"].append([start, page])
    if block.bold:
        found["bold"] = True
    if block.cell:
        found["cell"] = [block.cell.table, block.cell.row, block.cell.column, block.cell.span]
    return found


def _named(reading: Reading, read: ReadPlan, at: datetime) -> dict[str, list]:
    """For each target and task, whom the document names: known units, and proposals for groups."""
    on: date = timezone.localdate(at)
    directory = Directory(on)
    issuer = directory.issuer(read.document.issuer) or reading.document.unit
    top = province_of(issuer, on)

    def name(text: str, code: str | None = None) -> Named:
        if code is None and (unit := directory.named(text)):
            code = unit.code
        proposed = () if code else tuple(directory.proposed(text, issuer, top))
        return Named(text, code, proposed)

    monitors = [[name(t.monitor)] if t.monitor else [] for t in read.targets]
    return {
        "targets": [(m, []) for m in monitors],
        "tasks": [
            ([name(m.text, m.code) for m in t.lead], [name(m.text, m.code) for m in t.cooperate])
            for t in read.tasks
        ],
    }


def _fail(reading: Reading, message: str, at: datetime, *, secret: bool = False) -> None:
    with transaction.atomic():
        failed = _mine(reading).update(
            state=ReadingState.FAILED, finished_at=at, failure=message[:2000]
        )
        if failed:
            summary = f"Không đọc được “{reading.name}”"
            _journal(reading, "plans.reading_failed", summary, at, reason=message)
        if failed and secret:
            _forget(reading.document.sha256)
    if failed and secret:
        _forget(reading.document.sha256)  # sent once more while that was being written down


def _forget(sha256: str) -> None:
    """A state secret may not lie in this system: file and pictures go, the journal's line stays."""
    files.path_of(sha256).unlink(missing_ok=True)
    page_pictures.forget(sha256)


def _journal(reading: Reading, verb: str, summary: str, at: datetime, **details: Any) -> None:
    code = reading.document.unit.code
    record(None, verb, reading, at=at, unit_code=code, summary=summary, **details)
