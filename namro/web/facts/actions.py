"""Writes of the ledger. Check, do, journal — one transaction, the ledger locked first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from namro.measuring.definitions import Dataset, Library
from namro.measuring.records.door import Progress
from namro.terms import Period
from namro.vietnamese import format_number
from namro.web.facts import cells, descents, doubts, live, slices, sql, upkeep
from namro.web.facts.cells import Cells
from namro.web.facts.library import library
from namro.web.facts.marking import with_marks
from namro.web.facts.models import Batch, BatchSlice, KnownPeriod, Ledger, Observation
from namro.web.facts.rules import (
    Cell,
    Change,
    Entered,
    FaultySaying,
    Said,
    changes,
    check_period,
    is_within,
)
from namro.web.facts.senders import senders
from namro.web.facts.slices import AlreadyTaken, FaultyRecords
from namro.web.frame.exact import to_scaled
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
    "record_all",
    "refresh_expected",
    "take_batch",
]


@transaction.atomic
def record(*, said: Iterable[Said], source: str, by: User | None, at: datetime) -> list[Entered]:
    """Enter what units officially said into the ledger, and bring the figures up to date.

    A value that differs from what stands is a correction, None a withdrawal, an unchanged value
    makes no row. `source` names the paper trail ("submission:12"). The caller has checked who may
    say this (reporting: phê duyệt báo cáo). Raises FaultySaying; then nothing is entered.
    """
    return record_all(told={source: said}, by=by, at=at)[source]


@transaction.atomic
def record_all(
    *, told: Mapping[str, Iterable[Said]], by: User | None, at: datetime
) -> dict[str, list[Entered]]:
    """The same for several paper trails at once, in their order: source → the rows written.

    What stands is read once and the figures above are brought up to date once, so twenty forms of a
    province cost a third of what they cost one after another. Each has its line of the journal.
    Raises FaultySaying; then nothing of any is entered.
    """
    known = library()
    trails = {source: _checked(said, known) for source, said in told.items()}
    places = {(s.element, s.unit_id, s.period_code) for said in trails.values() for s in said}
    units = {unit for _, unit, _ in places}
    also = [live.PERIODS, descents.asking(units)]
    ledger, (kept, reorganised) = upkeep.lock_current(known, also, at=at)
    tree, periods = descents.load(units, reorganised.rows), live.known_periods(kept.rows)
    leaves = live.touched(known, places, tree, periods)
    standing, beside, doubted = _read(places, leaves, tree, known)
    found = changes(_standing(places, standing), trails)
    if not any(found.values()):
        return {source: [] for source in trails}
    rows = _enter(ledger, found, upkeep.recorded_at(ledger, at))
    entered = [row for some in rows.values() for row in some]
    for row in entered:
        standing[row.unit_id].put(row.element, row.period, row.value)
    changed = {(row.element, row.unit_id, row.period) for row in entered}
    if changed != places:
        leaves = live.touched(known, changed, tree, periods)
    live.recompute(leaves, tree=tree, cells=standing, known=beside)
    doubts.look_at(changed, standing, known, doubted, by=by, at=at)
    _journal(by, ledger, rows, at)
    return rows


def _read(
    places: set[Cell], leaves: list[live.Leaf], tree: descents.Tree, known: Library
) -> tuple[Cells, live.Beside, list[sql.Row]]:
    """All that is read to take in new values, in one go: what stands in their cells, what the
    figures rest on, what a value is held against; open doubts about the units."""
    units = {unit for _, unit, _ in places} | {unit for unit, _, _ in leaves}
    since = doubts.needed(places, known)
    for source, first in live.needed(leaves).items():
        since[source] = min(since.get(source, first), first)
    until = max(doubts.latest(places), live.latest(leaves))
    everyone = units | tree.inherited_by(units)
    asked = [doubts.asking_open(places), *live.asking(leaves, tree)]
    asked_cells = cells.asking(everyone, since, until=until)
    doubted, *told = sql.together([*asked, *asked_cells])
    few = len(asked) - 1
    standing = cells.told(told[few:], everyone, since, known)
    return standing, live.beside(told[:few]), doubted.rows


def _checked(said: Iterable[Said], known: Library) -> list[Said]:
    """What is said, with its marks. Raises FaultySaying."""
    told = list(said)
    for code in {one.period_code for one in told}:
        check_period(code)
    for one in told:
        if one.element not in known.elements:
            raise FaultySaying(
                f"Không có số liệu “{one.element}” trong danh mục; đề nghị xuất lại biểu mẫu."
            )
        element = known.elements[one.element]
        if one.value is not None and not is_within(one.value, element.digits):
            raise FaultySaying(
                f"“{element.title}”: {format_number(one.value)} có quá {element.digits} chữ số "
                "thập phân; đề nghị ghi đúng số chữ số của biểu mẫu."
            )
    return with_marks(told, known.elements)


def _standing(places: set[Cell], now: Cells) -> dict[Cell, Decimal]:
    """Those of the places that have a value now."""
    found = {}
    for element, unit, period in places:
        if (element, period) in now[unit]:
            found[element, unit, period] = now[unit][element, period]
    return found


_COLUMNS = "element unit_id period value delta dn recorded_at source cell".split()
_NOTE = (
    "UPDATE facts_ledger SET last_id = (SELECT MAX(id) FROM facts_observation) WHERE id = %s "
    "RETURNING last_id"
)


def _enter(
    ledger: Ledger, found: Mapping[str, list[Change]], at: datetime
) -> dict[str, list[Entered]]:
    """Append to the ledger, source by source; it is locked, so that ids follow each other without a
    gap."""
    moment = connection.ops.adapt_datetimefield_value(at)
    told = [
        (
            *(c.said.element, c.said.unit_id, c.said.period_code),
            *(None if c.said.value is None else to_scaled(c.said.value), to_scaled(c.delta)),
            *(c.dn, moment, source, c.said.cell),
        )
        for source, some in found.items()
        for c in some
    ]
    entering = sql.inserting(Observation, _COLUMNS, told)
    _, noted = sql.together([entering, sql.Statement(_NOTE, [ledger.pk])])
    [(ledger.last_id,)] = noted.rows
    keys = count(ledger.last_id - len(told) + 1)
    return {
        source: [
            Entered(
                next(keys), c.said.element, c.said.unit_id, c.said.period_code, c.said.value,
                c.delta, c.dn, at, source, c.said.cell,
            )
            for c in some
        ]
        for source, some in found.items()
    }  # fmt: skip


def _journal(
    by: User | None, ledger: Ledger, rows: Mapping[str, list[Entered]], at: datetime
) -> None:
    lines = [
        journal.Line(
            "facts.record", ledger, f"Ghi sổ {len(some)} giá trị",
            details={"source": source, "first": some[0].pk, "last": some[-1].pk},
        )
        for source, some in rows.items()
        if some
    ]  # fmt: skip
    journal.record_all(by, lines, at=at)


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
