"""Rows of the database → the store's Parquet files, as measuring/schema.py asks; pulls what is new.

The store is derived: delete it, and the next question builds it again. One process writes at a
time (a lock file), many read. Order of ids is order of visibility, because every writer of facts
locks the ledger's row: what lies beyond `last_id` is never needed later than what lies before it.
How far the store is, is noted after each segment, so an interrupted feed goes on where it stopped.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db.models import Count, Max, Sum

from namro.measuring import dense
from namro.measuring.schema import slice_path
from namro.measuring.store import write_columns, write_table
from namro.web.facts import remains
from namro.web.facts.ledger_rows import columns_of
from namro.web.facts.models import (
    Batch,
    BatchSlice,
    Expected,
    FormerExpected,
    Ledger,
    Observation,
    Removal,
)
from namro.web.org.actions.units import Known, lineage_as_known
from namro.web.org.models import Unit, UnitSuccession

SEGMENT = 1_000_000
FORM = 3  # of the small tables: an installation that wrote them otherwise writes them anew
_STATE = "state.json"

Progress = Callable[[int, int, str], None]
"""(done, all, of what): ledger rows while they are read, then segments folded into arrays."""


@dataclass(frozen=True)
class State:
    """How far the store is: last ledger row, last batch, marks of the small tables."""

    last_id: int = 0
    last_batch: int = 0
    rests_on: str = ""
    units: str = ""
    removed: int = 0  # the last deletion of records

    def __str__(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)


def ensure_fresh(progress: Progress | None = None) -> Path:
    """The store's folder, with all that the database holds now."""
    return fresh(progress)[0]


def fresh(progress: Progress | None = None) -> tuple[Path, State]:
    """The same, and the state it is in: two equal states hold the same rows."""
    store, wanted = Path(settings.NAMRO_STORE), present()
    if _kept(store) == wanted and dense.exists(store):
        return store, wanted
    with _alone(store):
        state, wanted = _kept(store), present()
        if state.last_id > wanted.last_id or state.last_batch > wanted.last_batch:
            # The database is another (older) one than the store was fed from.
            _empty(store)
            state = State()
        _bring(store, state, wanted, progress)
    return store, wanted


def rebuild(progress: Progress | None = None) -> Path:
    """The store from nothing, beside the old one, then put in its place.

    Interrupted, the next call goes on with what lies beside, where it is of this database.
    """
    store = Path(settings.NAMRO_STORE)
    with _alone(store):
        new, old = store.with_name(store.name + ".new"), store.with_name(store.name + ".old")
        state, wanted = _kept(new), present()
        if state.last_id > wanted.last_id or _differences(new, state.last_id):
            _empty(new)
            state = State()
        _bring(
            new, replace(state, last_batch=0, rests_on="", units="", removed=0), wanted, progress
        )
        shutil.rmtree(old, ignore_errors=True)
        if store.exists():
            store.rename(old)
        new.rename(store)
        shutil.rmtree(old, ignore_errors=True)
    return store


def present() -> State:
    """The state that the database asks for."""
    ledger = Ledger.objects.filter(pk=1).first() or Ledger()
    units = list(Unit.objects.order_by("pk").values_list("code", "name", "kind"))
    return State(
        last_id=ledger.last_id,
        last_batch=Batch.objects.aggregate(last=Max("pk"))["last"] or 0,
        rests_on=_digest(ledger.built_from),
        units=_digest([FORM, units, FormerExpected.objects.count()]),
        removed=Removal.objects.aggregate(last=Max("pk"))["last"] or 0,
    )


def _digest(told: Any) -> str:
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _kept(store: Path) -> State:
    try:
        return State(**json.loads((store / _STATE).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return State()


@contextmanager
def _alone(store: Path) -> Iterator[None]:
    """One writer of the store at a time, in whatever process."""
    store.parent.mkdir(parents=True, exist_ok=True)
    with (store.parent / f".{store.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _empty(store: Path) -> None:
    shutil.rmtree(store, ignore_errors=True)


def _bring(store: Path, state: State, wanted: State, progress: Progress | None) -> None:
    store.mkdir(parents=True, exist_ok=True)
    _feed_observations(store, state, wanted.last_id, progress)
    _feed_batches(store, state.last_batch, wanted.last_batch)
    if state.removed != wanted.removed:
        _feed_removals(store, state.removed)
    if (state.rests_on, state.units) != (wanted.rests_on, wanted.units):
        _feed_small_tables(store)
    dense.bring(store, _told(progress, "đoạn xếp thành mảng"))
    _note(store, wanted)


def _told(progress: Progress | None, what: str) -> Callable[[int, int], None] | None:
    return (lambda done, whole: progress(done, whole, what)) if progress else None


def _note(store: Path, state: State) -> None:
    """Say how far the store is, in one step."""
    beside = store / (_STATE + ".part")
    beside.write_text(str(state))
    os.replace(beside, store / _STATE)


def _feed_observations(store: Path, state: State, last: int, progress: Progress | None) -> None:
    _drop_beyond(store, state.last_id)
    codes: dict[int, str] | None = None
    while state.last_id < last:
        codes = codes or dict(Unit.objects.values_list("pk", "code"))
        columns = columns_of(state.last_id, last, SEGMENT, codes)
        if columns is None:
            return
        first, end = pc.min_max(columns["id"]).as_py().values()
        write_columns(store, "observations", columns, segment=f"{first:010d}-{end:010d}")
        state = replace(state, last_id=end)
        _note(store, state)
        if progress:
            progress(end, last, "dòng sổ số liệu")


def _drop_beyond(store: Path, last: int) -> None:
    """Drop segments that were written but never noted: their rows are read again."""
    for file in (store / "observations").glob("*.parquet"):
        if int(file.stem.split("-")[-1]) > last:
            file.unlink()


def _feed_batches(store: Path, after: int, last: int) -> None:
    batches = list(Batch.objects.filter(pk__gt=after, pk__lte=last).order_by("pk"))
    if not batches:
        return
    for batch in batches:
        _link_slice(store, batch)
    slices = BatchSlice.objects.filter(batch__in=batches).values_list(
        *("batch__code", "batch__dataset", "unit__code", "batch__period"),
        *("rows", "batch__recorded_at"),
    )
    names = ("batch", "dataset", "unit", "period", "rows", "recorded_at")
    told = (dict(zip(names, row, strict=True)) for row in slices)
    write_table(store, "batches", told, segment=f"{batches[0].pk:010d}-{batches[-1].pk:010d}")


def _link_slice(store: Path, batch: Batch) -> None:
    """The kept slice, where the store wants it; the same file on disk where the system can.

    Of a batch whose records are deleted, nothing stays."""
    path = slice_path(store, batch.dataset, batch.period, batch.code)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    kept = remains.records_of(batch)
    if kept is None:
        return
    try:
        os.link(kept, path)
    except OSError:
        shutil.copyfile(kept, path)


def _feed_removals(store: Path, after: int) -> None:
    """Put what is left in the place of slices whose records were deleted, and their counts."""
    for batch in Batch.objects.filter(removals__pk__gt=after).distinct():
        _link_slice(store, batch)
    write_table(store, "kept_tallies", remains.kept_tallies())


def _feed_small_tables(store: Path) -> None:
    codes = dict(Unit.objects.values_list("pk", "code"))
    lineage = lineage_as_known()
    alone = codes.keys() - {row[0] for row in lineage}
    lineage += [(unit, unit, "", date.min, None, None, None) for unit in sorted(alone)]
    write_table(store, "unit_ancestors", (_lineage(codes, row) for row in lineage))
    write_table(store, "units", _units([row[:5] for row in lineage if row[6] is None]))
    write_table(store, "successions", _successions(codes))
    write_table(store, "expected", _expected(codes))


_DAYS = ("from_on", "to_on", "known_from", "known_until")


def _lineage(codes: dict[int, str], row: Known) -> dict[str, Any]:
    unit, ancestor, tree, *days = row
    place = {"unit": codes[unit], "ancestor": codes[ancestor], "tree": tree}
    return {**place, **dict(zip(_DAYS, days, strict=True))}


def _successions(codes: dict[int, str]) -> Iterator[dict[str, Any]]:
    rows = UnitSuccession.objects.order_by("pk")
    for unit, heir, on, known in rows.values_list("unit_id", "heir_id", "on", "recorded_at"):
        place = {"unit": codes[unit], "heir": codes[heir] if heir else None}
        yield {**place, "from_on": on, "known_from": known}


def _expected(codes: dict[int, str]) -> Iterator[dict[str, Any]]:
    """Who owes what, and what was thought so before (known_until)."""
    named = ("measure", "unit_id", "from_on", "to_on", "known_from")
    rows = [(*row, None) for row in Expected.objects.values_list(*named)]
    rows += FormerExpected.objects.values_list(*named, "known_until")
    for measure, unit, *days in rows:
        place = {"measure": measure, "unit": codes[unit]}
        yield {**place, **dict(zip(_DAYS, days, strict=True))}


def _units(lineage: list[tuple]) -> Iterator[dict[str, Any]]:
    """Each unit with its tree (the Government's where it stands in both) and its depth there."""
    depth: dict[tuple[int, str], set[int]] = {}
    for unit, ancestor, tree, _, end in lineage:
        if end is None:
            depth.setdefault((unit, tree), set()).add(ancestor)
    trees: dict[int, list[str]] = {}
    for unit, tree in depth:
        trees.setdefault(unit, []).append(tree)
    for unit in Unit.objects.order_by("code"):
        tree = min(trees.get(unit.pk, [""]))
        level = len(depth.get((unit.pk, tree), {unit.pk})) - 1
        yield {
            "unit": unit.code, "name": unit.name, "kind": unit.kind, "tree": tree, "level": level,
        }  # fmt: skip


def check() -> list[str]:
    """Where the ledger and the store's copy differ: count, last id, sum. Vietnamese lines."""
    return _differences(ensure_fresh(), None)


def _differences(store: Path, last: int | None) -> list[str]:
    """The same of some store; `last`: of the ledger only what lies up to this id."""
    rows = Observation.objects.all() if last is None else Observation.objects.filter(pk__lte=last)
    ours = rows.aggregate(n=Count("pk"), last=Max("pk"), total=Sum("delta"))
    n, end, total = 0, 0, Decimal(0)
    for file in sorted((store / "observations").glob("*.parquet")):
        table = pq.read_table(file, columns=["id", "delta"])
        n += table.num_rows
        end = max(end, pc.max(table["id"]).as_py())
        total += pc.sum(table["delta"]).as_py()
    pairs = (
        ("số dòng", ours["n"], n),
        ("số thứ tự cuối", ours["last"] or 0, end),
        ("tổng thay đổi", ours["total"] or Decimal(0), total),
    )
    return [
        f"Sổ số liệu và kho khác nhau ở {what}: sổ {a}, kho {b}. Hãy nạp lại kho từ đầu."
        for what, a, b in pairs
        if a != b
    ]
