"""Writes of the ledger. Check, do, journal — one transaction, the ledger locked first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from namro.measuring.definitions import Dataset
from namro.measuring.records.door import Progress
from namro.terms import Period
from namro.vietnamese import format_number
from namro.web.facts import doubts, live, slices, upkeep
from namro.web.facts.cells import cells_of
from namro.web.facts.library import library
from namro.web.facts.marking import with_marks
from namro.web.facts.models import Batch, BatchSlice, KnownPeriod, Ledger, Observation
from namro.web.facts.rules import Cell, Change, FaultySaying, Said, changes, is_within
from namro.web.facts.senders import senders
from namro.web.facts.slices import AlreadyTaken, FaultyRecords
from namro.web.org import journal
from namro.web.org import queries as org
from namro.web.org.models import User
from namro.web.org.rules import Verb

__all__ = [
    "AlreadyTaken",
    "FaultyRecords",
    "FaultySaying",
    "Said",
    "close_until",
    "open_period",
    "rebuild_figures",
    "record",
    "refresh_expected",
    "take_batch",
]


@transaction.atomic
def record(
    *, said: Iterable[Said], source: str, by: User | None, at: datetime
) -> list[Observation]:
    """Enter what units officially said into the ledger, and bring the figures up to date.

    A value that differs from what stands is a correction, None a withdrawal, an unchanged value
    makes no row. `source` names the paper trail ("submission:12"). The caller has checked who may
    say this (reporting: phê duyệt báo cáo). Raises FaultySaying; then nothing is entered.
    """
    told = list(said)
    _check_elements(told)
    told = with_marks(told, library().elements)
    ledger = upkeep.bring_up_to_date(upkeep.lock(), at=at)
    found = changes(_standing(told), told)
    if not found:
        return []
    when = upkeep.recorded_at(ledger, at)
    rows = Observation.objects.bulk_create(_row(c, source, when) for c in found)
    ledger.last_id = max(o.pk for o in rows)
    ledger.save(update_fields=["last_id"])
    live.recompute(live.touched(library(), {(o.element, o.unit_id, o.period) for o in rows}))
    doubts.look_at(rows, by=by, at=at)
    _journal(by, ledger, rows, source, at)
    return rows


def _check_elements(said: list[Said]) -> None:
    known = library().elements
    for one in said:
        if one.element not in known:
            raise FaultySaying(
                f"Không có số liệu “{one.element}” trong danh mục; đề nghị xuất lại biểu mẫu."
            )
        element = known[one.element]
        if one.value is not None and not is_within(one.value, element.digits):
            raise FaultySaying(
                f"“{element.title}”: {format_number(one.value)} có quá {element.digits} chữ số "
                "thập phân; đề nghị ghi đúng số chữ số của biểu mẫu."
            )


def _standing(said: list[Said]) -> dict[Cell, Decimal]:
    """The cells of these units and elements that have a value now."""
    by_unit = cells_of(
        {s.unit_id for s in said}, {s.element for s in said}, {s.period_code for s in said}
    )
    return {
        (element, unit, period): value
        for unit, elements in by_unit.items()
        for places in elements.values()
        for (element, period), value in places.items()
    }


def _row(change: Change, source: str, at: datetime) -> Observation:
    said = change.said
    return Observation(
        element=said.element,
        unit_id=said.unit_id,
        period=said.period_code,
        value=said.value,
        delta=change.delta,
        dn=change.dn,
        recorded_at=at,
        source=source,
        cell=said.cell,
    )


def _journal(
    by: User | None, ledger: Ledger, rows: list[Observation], source: str, at: datetime
) -> None:
    journal.record(
        by,
        "facts.record",
        ledger,
        at=at,
        summary=f"Ghi sổ {len(rows)} giá trị",
        source=source,
        first=rows[0].pk,
        last=ledger.last_id,
    )


@transaction.atomic
def open_period(*, period_code: str, at: datetime) -> KnownPeriod:
    """From now on keep figures for this period (mở kỳ); those already known are filled in at once.

    Opening twice does nothing. Raises ValueError (Vietnamese) for a code that is no period.
    """
    period = Period.of(period_code)
    upkeep.bring_up_to_date(upkeep.lock(), at=at)
    row, is_new = KnownPeriod.objects.get_or_create(pk=period.code, defaults={"opened_at": at})
    if is_new:
        upkeep.fill(period)
    return row


@transaction.atomic
def close_until(*, as_of: datetime) -> None:
    """Let nothing more be recorded as of this moment or before (chốt số liệu); it never goes back.

    Asked before a paper's figures are read: whoever writes just then has finished, whoever waits
    is recorded after. So the figures as of the moment stay what the paper says.
    """
    ledger = upkeep.lock()
    if ledger.closed_at is None or ledger.closed_at < as_of:
        ledger.closed_at = as_of
        ledger.save(update_fields=["closed_at"])


def take_batch(
    *,
    dataset: str,
    period_code: str,
    path: Path,
    file_name: str,
    by: User | None,
    at: datetime,
    room: Path | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Take in a file of raw records (nạp dữ liệu hồ sơ): all of it, or nothing.

    Its slices count from now on in place of older ones of the same units and period, which are
    kept for questions as of a moment past. Raises FaultyRecords (with `.faults`), AlreadyTaken,
    ValueError for an unknown data set or period, NotAllowed. The file is read before the ledger is
    locked, so that a long file keeps nobody waiting. `file_name` says what kind of file it is;
    `room`: a folder in which the list of all faults is left; `progress(rows checked, all or None)`.
    """
    if by:
        org.allow(by, Verb.RECEIVE_RECORDS, on=timezone.localdate(at))
    definition = library().datasets.get(dataset)
    if definition is None:
        raise ValueError(f"Không có tập dữ liệu “{dataset}” trong danh mục.")
    period = Period.of(period_code)
    slices.refuse_twice(dataset, period.code, slices.sha256_of(path))
    units = senders(by, at, period, definition.calendar)
    received = slices.receive(
        path, definition, period, units.known, at, file_name, room=room, progress=progress
    )
    return _enter_batch(definition, period, received, units.ids, file_name, by, at)


@transaction.atomic
def _enter_batch(
    definition: Dataset,
    period: Period,
    received: slices.Received,
    units: dict[str, int],
    file_name: str,
    by: User | None,
    at: datetime,
) -> Batch:
    ledger = upkeep.bring_up_to_date(upkeep.lock(), at=at)
    slices.refuse_twice(definition.slug, period.code, received.sha256)
    slices.refuse_doubles(definition, period, received, file_name)
    batch = Batch.objects.create(
        code=received.code,
        dataset=definition.slug,
        period=period.code,
        file_name=file_name,
        sha256=received.sha256,
        records_sha256=received.records_sha256,
        rows=received.read.rows,
        recorded_at=upkeep.recorded_at(ledger, at),
        recorded_by=by,
    )
    BatchSlice.objects.bulk_create(slices.slices_in(batch, received, units))
    slices.tally(batch, library())
    counts = [c.slug for c in library().counts_of(definition.slug)]
    changed = [(c, units[u], period.code) for u in received.read.slices for c in counts]
    live.recompute(live.touched(library(), changed))
    summary = f"Nạp {batch.rows} bản ghi “{definition.title}”, {period.label}, tệp {file_name}"
    journal.record(by, "facts.take_batch", batch, at=at, summary=summary, sha256=batch.sha256)
    return batch


def refresh_expected(*, at: datetime) -> None:
    """Take in changed assignments, bindings, definitions, units (cập nhật đơn vị phải báo)."""
    upkeep.ensure_current(at=at)


def rebuild_figures(
    *, at: datetime, progress: Callable[[int, int, str], None] | None = None
) -> int:
    """All figures from nothing, one period at a time; interrupted, the next call goes on.

    `progress(done, all, label of the period)`. Gives the number of rows written.
    """
    return upkeep.rebuild(at=at, progress=progress)
