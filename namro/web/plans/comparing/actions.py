"""Writes: compare two readings, rule on a line, take a ruling back. Check, do, journal."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from namro.reading.stored import NotAPlan
from namro.web.org.journal import record
from namro.web.org.models import Unit, User
from namro.web.org.queries import allow
from namro.web.org.rules import Verb
from namro.web.plans.comparing.models import Comparison, Ruling
from namro.web.plans.comparing.queries import READ
from namro.web.plans.comparing.sides import Data, Side, compared, judged
from namro.web.plans.comparing.table import (
    KIND_LABELS,
    VERDICT_LABELS,
    ComparingState,
    Kind,
    Verdict,
    counted,
    rows_of,
)
from namro.web.plans.models import Reading
from namro.web.plans.reviewing import moment_of
from namro.web.plans.rules import SILENCE

log = logging.getLogger(__name__)
AT_ONCE = 10_000  # pairs of items compared while the person waits: under half a second


class BadComparison(ValueError):
    """Two documents that cannot be compared, or a line that is not there; Vietnamese."""


class StaleLine(Exception):
    """Somebody ruled on the line meanwhile; the message says who and when."""


def ask_comparison(
    *, kind: str, old: Reading, new: Reading, by: User, at: datetime
) -> tuple[Comparison, bool]:
    """Ask for a comparison (so sánh): the row, and whether it was run at once (else: a job).

    The caller has made sure that both readings are in sight. Raises BadComparison, NotAllowed.
    """
    allow(by, Verb.RECEIVE_DOCUMENT, new.document.unit, on=timezone.localdate(at))
    if old.pk == new.pk:
        raise BadComparison("Hãy chọn một văn bản khác để so sánh.")
    try:
        chosen = Kind(kind)
    except ValueError as why:
        raise BadComparison("Hãy chọn so sánh hai bản hay đối chiếu với cấp trên.") from why
    row, _ = Comparison.objects.get_or_create(
        kind=chosen, old=old, new=new, defaults={"asked_by": by, "asked_at": at}
    )
    return row, begin(row, by, at)


def begin(row: Comparison, by: User, at: datetime) -> bool:
    """Queue a comparison (anew), and run it at once when both sides are read and small.

    One that runs is left alone, unless its worker has been silent for long.
    """
    alive = Q(state=ComparingState.RUNNING, asked_at__gt=at - SILENCE)
    Comparison.objects.filter(pk=row.pk).exclude(alive).update(
        state=ComparingState.QUEUED, failure="", asked_by=by, asked_at=at
    )
    sizes = _sizes(row)
    if sizes is None or sizes[0] * sizes[1] > AT_ONCE:
        return False
    run_comparison(row.pk, at)
    return True


def _sizes(row: Comparison) -> tuple[int, int] | None:
    """How many items each side has; None while one is still to be read."""
    found = []
    for pk in (row.old_id, row.new_id):
        reading = Reading.objects.only("state").get(pk=pk)
        if reading.state not in READ:
            return None
        found.append(reading.items.filter(live=True, kind__in=("ct", "nv")).count())
    return found[0], found[1]


def are_read(row: Comparison) -> bool:
    """Whether both sides can be compared by now."""
    return _sizes(row) is not None


def run_comparison(comparison_id: int, at: datetime) -> Comparison | None:
    """Compare (máy so sánh). None where another worker has it, or a side is not read yet."""
    claimed = Comparison.objects.filter(
        pk=comparison_id, state=ComparingState.QUEUED, old__state__in=READ, new__state__in=READ
    ).update(state=ComparingState.RUNNING)
    if not claimed:
        return None
    row = Comparison.objects.select_related("old", "new__document__unit", "asked_by").get(
        pk=comparison_id
    )
    try:
        old, new = _sides(row)
        _keep(row, compared(row.kind, old, new), old, new, at)
    except NotAPlan:
        _fail(row, "Bản đọc của một trong hai văn bản không có nội dung để so sánh.")
    except Exception:
        log.exception("Comparison %s crashed", comparison_id)
        _fail(row, "Máy gặp lỗi ngoài dự kiến khi so sánh. Hãy bấm “So sánh lại”; nếu vẫn lỗi, "
                   "báo quản trị hệ thống kèm tên hai văn bản.")  # fmt: skip
    row.refresh_from_db()
    return row


def let_go(comparison_id: int) -> None:
    """A comparison whose worker is known to be dead is queued again."""
    begun = Comparison.objects.filter(pk=comparison_id, state=ComparingState.RUNNING)
    begun.update(state=ComparingState.QUEUED)


def _sides(row: Comparison) -> tuple[Side, Side]:
    names = dict(Unit.objects.values_list("code", "name"))
    return Side(_reviewed(row.old), names), Side(_reviewed(row.new), names)


def _reviewed(reading: Reading) -> Data:
    """What was read, with what people made of it."""
    return {**(reading.found or {}), **(reading.draft or {})}


def _fail(row: Comparison, message: str) -> None:
    Comparison.objects.filter(pk=row.pk).update(state=ComparingState.FAILED, failure=message)


@transaction.atomic
def _keep(row: Comparison, found: Data, old: Side, new: Side, at: datetime) -> None:
    for ruling in row.rulings.filter(undone_at__isnull=True):
        _carry_over(ruling, row, found, old, new, at)
    Comparison.objects.filter(pk=row.pk).update(
        state=ComparingState.DONE, found=found, compared_at=at,
        old_version=row.old.version, new_version=row.new.version,
    )  # fmt: skip
    counts = counted(row.kind, rows_of(row.kind, found, {}))
    told = ", ".join(f"{label.lower()} {count}" for _, label, count in counts)
    record(
        row.asked_by, "plans.compare", row, at=at, unit_code=row.new.document.unit.code,
        summary=f"{KIND_LABELS[Kind(row.kind)]}: {told or 'không có mục nào'}",
        old=row.old_id, new=row.new_id, counts={code: n for code, _, n in counts},
    )  # fmt: skip


def _carry_over(
    ruling: Ruling, row: Comparison, found: Data, old: Side, new: Side, at: datetime
) -> None:
    """A ruling stays while its line does; a link chosen is judged anew; else it is taken back."""
    keys = {line["key"] for line in found["lines"]} | {f"+{key}" for key in new.items}
    if ruling.line not in keys or (ruling.chosen and ruling.chosen not in new.items):
        ruling.undone_at = at
    elif ruling.chosen:
        ruling.judged = judged(row.kind, old, new, ruling.line, ruling.chosen)
    ruling.save(update_fields=["undone_at", "judged"])


@transaction.atomic
def rule_on(
    *,
    comparison: Comparison,
    line: str,
    verdict: str,
    seen: int,
    by: User,
    at: datetime,
    chosen: str = "",
) -> Ruling:
    """Confirm, change or reject a line (kết luận). `seen`: id of the ruling the person saw, or 0.

    Raises StaleLine, BadComparison, NotAllowed.
    """
    now = _locked(comparison, by, at)
    rows = {r.line: r for r in now.rulings.filter(undone_at__isnull=True).select_related("by")}
    current = rows.get(line)
    _refuse_stale(current, seen)
    shown = next((r for r in rows_of(now.kind, now.found, rows) if r.key == line), None)
    if shown is None:
        raise BadComparison("Dòng này không còn trong bảng so sánh; hãy tải lại trang.")
    made = Ruling(comparison=now, line=line, by=by, at=at, verdict=_verdict(verdict, shown.linked))
    if made.verdict == Verdict.CHANGED:
        made.chosen = chosen
        made.judged = _judged(now, line, chosen)
    elif made.verdict == Verdict.CONFIRMED and current and current.verdict == Verdict.CHANGED:
        made.verdict, made.chosen, made.judged = current.verdict, current.chosen, current.judged
    if current:
        current.undone_by, current.undone_at = by, at
        current.save(update_fields=["undone_by", "undone_at"])
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as why:  # two clicks at one moment: the other one was first
        raise StaleLine("Có người vừa kết luận dòng này; hãy xem lại rồi làm lần nữa.") from why
    _journal(now, made, f"{VERDICT_LABELS[Verdict(made.verdict)]}: {shown.of}", by, at)
    return made


def _verdict(verdict: str, linked: bool) -> str:
    try:
        said = Verdict(verdict)
    except ValueError as why:
        raise BadComparison("Hãy chọn xác nhận, ghép lại hay bỏ ghép.") from why
    if said is Verdict.REJECTED and not linked:
        raise BadComparison("Dòng này chưa ghép với mục nào nên không có gì để bỏ ghép.")
    return said


def _judged(now: Comparison, line: str, chosen: str) -> Data:
    old, new = _sides(now)
    try:
        return judged(now.kind, old, new, line, chosen)
    except KeyError as why:
        raise BadComparison("Hãy chọn mục cần ghép trong danh sách.") from why


def _locked(comparison: Comparison, by: User, at: datetime) -> Comparison:
    rows = Comparison.objects.select_for_update(of=("self",))
    now = rows.select_related("old", "new__document__unit").get(pk=comparison.pk)
    allow(by, Verb.RECEIVE_DOCUMENT, now.new.document.unit, on=timezone.localdate(at))
    if now.state != ComparingState.DONE:
        raise BadComparison("Máy chưa so sánh xong; hãy đợi rồi kết luận.")
    return now


def _refuse_stale(current: Ruling | None, seen: int) -> None:
    if (current.pk if current else 0) == seen:
        return
    if current is None:
        raise StaleLine("Kết luận đồng chí thấy đã được hoàn tác; hãy xem lại rồi làm lần nữa.")
    raise StaleLine(
        f"{current.by.full_name} đã kết luận dòng này lúc {moment_of(current.at)} "
        f"({VERDICT_LABELS[Verdict(current.verdict)].lower()}); "
        "hãy xem lại rồi làm lần nữa."
    )


@transaction.atomic
def undo_ruling(*, comparison: Comparison, line: str, seen: int, by: User, at: datetime) -> None:
    """Take the ruling on a line back (hoàn tác); what stood before it stands again."""
    now = _locked(comparison, by, at)
    current = now.rulings.filter(undone_at__isnull=True, line=line).select_related("by").first()
    if current is None:
        raise BadComparison("Dòng này chưa có kết luận nào để hoàn tác.")
    _refuse_stale(current, seen)
    current.undone_by, current.undone_at = by, at
    current.save(update_fields=["undone_by", "undone_at"])
    _journal(now, current, f"Hoàn tác kết luận so sánh {line}", by, at)


def _journal(now: Comparison, ruling: Ruling, summary: str, by: User, at: datetime) -> None:
    record(
        by, "plans.rule_on_line", now, at=at, unit_code=now.new.document.unit.code,
        summary=summary, line=ruling.line, verdict=ruling.verdict, chosen=ruling.chosen,
    )  # fmt: skip


@transaction.atomic
def confirm_sure(*, comparison: Comparison, lines: Iterable[str], by: User, at: datetime) -> int:
    """Confirm many lines nobody has ruled on yet, in one line of the journal. How many."""
    now = _locked(comparison, by, at)
    ruled = set(now.rulings.filter(undone_at__isnull=True).values_list("line", flat=True))
    known = {line["key"] for line in now.found["lines"]}
    wanted = [key for key in dict.fromkeys(lines) if key in known and key not in ruled]
    Ruling.objects.bulk_create(
        Ruling(comparison=now, line=key, verdict=Verdict.CONFIRMED, by=by, at=at) for key in wanted
    )
    if wanted:
        record(
            by, "plans.rule_on_line", now, at=at, unit_code=now.new.document.unit.code,
            summary=f"Xác nhận {len(wanted)} dòng ghép chắc chắn", lines=wanted,
        )  # fmt: skip
    return len(wanted)
