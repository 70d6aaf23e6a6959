"""Deleting records (xóa bản ghi): their term of keeping ended, or somebody asked for it.

What was counted in them stays, so that every figure and every issued report is computed again to
the same digits; the records themselves leave the disk. Check, do, journal.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from namro.measuring.cells import BadCell, typed_parser
from namro.measuring.definitions import Dataset, Library
from namro.measuring.records.columns import person_hash
from namro.measuring.records.gathering import rows_by_unit, without
from namro.terms import Period
from namro.web.facts import feed, slices, upkeep
from namro.web.facts.library import library
from namro.web.facts.models import Batch, Removal
from namro.web.facts.remains import left_of, records_of
from namro.web.facts.rules import REMOVAL_REASONS
from namro.web.frame import files
from namro.web.org import journal
from namro.web.org import queries as org
from namro.web.org.models import Unit, User
from namro.web.org.rules import Verb


class NothingToRemove(ValueError):
    """What was asked for names no records; the message is Vietnamese."""


def overdue(on: date, known: Library | None = None) -> Iterator[tuple[Batch, date]]:
    """(batch, last day it was to be kept) whose term has ended and whose records still stand."""
    datasets = (known or library()).datasets
    for batch in Batch.objects.order_by("pk"):
        dataset = datasets.get(batch.dataset)
        if dataset is None or not dataset.retain:
            continue
        end = kept_until(dataset, batch.period)
        if end < on and records_of(batch) is not None:
            yield batch, end


def kept_until(dataset: Dataset, period_code: str) -> date:
    """The last day on which records of a period are kept, by the term of their data set."""
    last = Period.of(period_code).last_month
    return last.shifted(dataset.retain).last_day(dataset.calendar)


def remove(
    *,
    batch: Batch,
    units: Collection[str] | None = None,
    reason: str,
    note: str = "",
    by: User | None,
    at: datetime,
) -> Removal:
    """Delete a batch's records, all of them or those of some units (by code).

    Raises NothingToRemove, NotAllowed.
    """
    _allow(by, at)
    removal = take_out(batch, units, None, reason=reason, note=note, by=by, at=at)
    sweep()
    return removal


def remove_person(
    *, dataset: Dataset, column: str, number: str, note: str, by: User | None, at: datetime
) -> list[Removal]:
    """Delete every record of one person from a data set. `number`: as it stood in the files.

    Only columns kept as hashes tell of persons. Raises NothingToRemove, NotAllowed.
    """
    if column not in dataset.hashed:
        raise NothingToRemove(f"Cột “{column}” của “{dataset.title}” không lưu dấu của người.")
    _allow(by, at)
    key = (column, mark_of(dataset, column, number))
    found = [
        take_out(batch, None, key, reason="REQUEST", note=note, by=by, at=at)
        for batch, _ in list(batches_with(dataset, key))
    ]
    if not found:
        raise NothingToRemove(f"Không có bản ghi nào của người này trong “{dataset.title}”.")
    sweep()
    return found


def mark_of(dataset: Dataset, column: str, number: str) -> str:
    """The hash that a person's number is kept as in a column; "" where none can be such a one."""
    parse = typed_parser(dataset.columns[column], secret=True)
    try:
        value = parse(number.strip())
    except BadCell:
        return ""
    return "" if value is None else person_hash(slices.hash_key(), value)


def batches_with(dataset: Dataset, key: tuple[str, str]) -> Iterator[tuple[Batch, dict[str, int]]]:
    """The batches whose records still there say a column's value, with the rows of each unit."""
    for batch in Batch.objects.filter(dataset=dataset.slug).order_by("pk"):
        path = records_of(batch)
        if path is not None and (rows := rows_by_unit(path, key)):
            yield batch, rows


def _allow(by: User | None, at: datetime) -> None:
    if by:
        org.allow(by, Verb.RECEIVE_RECORDS, on=timezone.localdate(at))


def take_out(
    batch: Batch,
    units: Collection[str] | None,
    key: tuple[str, str] | None,
    *,
    reason: str,
    note: str,
    by: User | None,
    at: datetime,
) -> Removal:
    """Put in the place of a batch's records what is left of them; who may is asked by the caller.

    `sweep` afterwards, outside any transaction: only then do the records leave the disk.
    """
    with transaction.atomic():
        ledger = upkeep.bring_up_to_date(upkeep.lock(), at=at)
        left = left_of(batch)
        if not left.sha256:
            raise NothingToRemove(f"Bản ghi của lô {batch.code} đã xóa trước đây.")
        slices.tally_batch_missing(batch, library())
        gone, rest = _rewritten(files.path_of(left.sha256), units, key)
        if not gone:
            raise NothingToRemove(f"Lô {batch.code} không có bản ghi nào như vậy.")
        removal = Removal.objects.create(
            batch=batch, units=_ids(gone), rows=sum(gone.values()), reason=reason, note=note,
            records_sha256=rest, gone_sha256=left.sha256, removed_by=by,
            removed_at=upkeep.recorded_at(ledger, at),
        )  # fmt: skip
        summary = f"Xóa {removal.rows} bản ghi ({REMOVAL_REASONS[reason]}), tệp {batch.file_name}"
        journal.record(by, "facts.remove_records", batch, at=at, summary=summary, note=note)
    return removal


def _ids(gone: dict[str, int]) -> list[int]:
    return sorted(Unit.objects.filter(code__in=gone).values_list("pk", flat=True))


def _rewritten(
    path: Path, units: Collection[str] | None, key: tuple[str, str] | None
) -> tuple[dict[str, int], str]:
    """(unit → rows deleted, SHA-256 of what is left, "" where nothing is)."""
    before = rows_by_unit(path)
    if units is None and key is None:
        return before, ""
    with tempfile.TemporaryDirectory(dir=settings.NAMRO_HOME) as room:
        out = Path(room) / "left.parquet"
        without(path, out, units=units, key=key)
        after = rows_by_unit(out)
        gone = {u: n - after.get(u, 0) for u, n in before.items() if n != after.get(u, 0)}
        rest = files.keep(slices.chunks_of(out))[0] if gone and after else ""
    return gone, rest


def sweep() -> int:
    """Take the files of deleted records off the disk, the store's too; give how many went.

    Asked after each deletion and every night: a machine that stopped in between loses nothing.
    """
    gone = 0
    for sha256 in Removal.objects.values_list("gone_sha256", flat=True):
        path = files.path_of(sha256)
        gone += path.exists()
        path.unlink(missing_ok=True)
    feed.ensure_fresh()
    return gone
