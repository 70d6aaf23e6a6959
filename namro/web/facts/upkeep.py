"""Derived rows kept in step with what they rest on besides facts.

Assignments, bindings of measures, definitions and the tree of units change in rooms below, which do
not know this one. So whoever writes or reads figures first asks here: one cheap look (one query),
work only where something changed (`watching.py` says how that is noted, and why nothing is missed).
Deletable and rebuilt from nothing by `rebuild`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Q

from namro.measuring.definitions import Library, terms_of
from namro.terms import Period
from namro.web.facts import (
    descents,
    expectations,
    following,
    lineage,
    live,
    rebuilding,
    slices,
    sql,
)
from namro.web.facts.direct import Stores
from namro.web.facts.library import keep_texts, library
from namro.web.facts.models import EstateFigure, Figure, KnownPeriod, Ledger, Touched
from namro.web.facts.watching import NAMES, TREE
from namro.web.org.models import JournalEntry, UnitAncestor
from namro.web.plans.following import follow_units
from namro.web.plans.models import Target

Mark = dict[str, Any]


def lock() -> Ledger:
    """The ledger's row, locked until the transaction ends: one writer of facts at a time."""
    ledger, _ = Ledger.objects.select_for_update().get_or_create(pk=1)
    return ledger


_LEDGER = (
    "SELECT id, last_id, CAST(built_from AS TEXT), rebuild_began_at, closed_at FROM facts_ledger "
    "WHERE id = 1"
)
_TOUCHED = sql.Statement("SELECT 1 FROM facts_touched LIMIT 1")


def lock_current(
    known: Library, also: Sequence[sql.Statement], *, at: datetime
) -> tuple[Ledger, list[sql.Answer]]:
    """The ledger's row, locked, with all that rests on it up to date; and what other statements
    give once it is locked. All is asked in one go."""
    (rows, _), (touched, _), *told = sql.together([_locking(), _TOUCHED, *also])
    if rows and not touched:
        key, last, mark, *moments = rows[0]
        ledger = Ledger(key, last, _read(mark), *map(_moment, moments))
        if _is_built(ledger.built_from, known):
            return ledger, told
    ledger = bring_up_to_date(lock(), at=at)
    return ledger, sql.together(also)


def _locking() -> sql.Statement:
    # On SQLite the transaction itself (BEGIN IMMEDIATE) is the lock.
    return sql.Statement(_LEDGER + (" FOR UPDATE" if connection.vendor == "postgresql" else ""))


def _moment(told: datetime | None) -> datetime | None:
    """SQLite gives moments in UTC, without saying so."""
    return told.replace(tzinfo=UTC) if told and told.tzinfo is None else told


def recorded_at(ledger: Ledger, at: datetime) -> datetime:
    """`at`, or the first moment after the ledger was closed: who began earlier, but had to wait for
    the ledger (or for a long file to be read), is not written into what a paper rests on."""
    if ledger.closed_at is None or at > ledger.closed_at:
        return at
    return ledger.closed_at + timedelta(microseconds=1)


def ensure_current(*, at: datetime, known: Library | None = None) -> str:
    """Bring expectations and figures up to date where assignments, definitions or units changed.

    Gives the token of the state that figures rest on: who kept something under the same token may
    use it again (units, their names, who owes what), not what facts say.
    """
    told = sql.rows(_BUILT_FROM)
    before, is_touched = (_read(told[0][0]), told[0][1]) if told else ({}, True)
    if is_touched or not _is_built(before, known or library()):
        with transaction.atomic():
            before = bring_up_to_date(lock(), at=at).built_from
    return str(before["token"])


_BUILT_FROM = (
    "SELECT CAST(built_from AS TEXT), EXISTS (SELECT 1 FROM facts_touched) FROM facts_ledger "
    "WHERE id = 1"
)


@lru_cache(maxsize=8)
def _read(mark: str) -> Mark:
    """Asked for at every page, and long; never to be changed."""
    return json.loads(mark)


def bring_up_to_date(ledger: Ledger, *, at: datetime) -> Ledger:
    """The same inside the caller's transaction, with the ledger locked."""
    known, before = library(), ledger.built_from
    touched = _touched()
    if not touched and _is_built(before, known):
        return ledger
    if _is_built(before, known) and set(touched.values()) == {NAMES}:
        return _taken_in(ledger, touched, {**before, "token": uuid4().hex})
    is_moved = before.get("tree") != _tree() or TREE in touched.values() or "lines" not in before
    if is_moved and follow_units(at=at):
        touched = _touched()
    # All that is read from here on is at least as new as what has touched the figures.
    mark = _mark(known)
    keep_texts((known.measures[m] for m in mark["measures"]), at=at)
    if before.get("measures") != mark["measures"]:
        slices.tally_missing(known)
    when = recorded_at(ledger, _changed_at(at)) if before else None
    changed = expectations.renew(known, at=when)
    change = lineage.renew() if is_moved else None
    if "begun" in before:
        is_same = _is_same(before, mark["measures"], changed, change)
        for period in _waiting(ledger.rebuild_began_at if is_same else None):
            _rebuild(known, period)
    elif "lines" not in before and Figure.objects.exists():
        # Under which tree these were computed, nobody knows.
        for period in live.known_periods():
            _rebuild(known, period)
    else:
        _follow(known, before, changed, change)
    return _taken_in(ledger, touched, mark)


def _follow(
    known: Library,
    before: Mark,
    changed: dict[tuple[str, int], date],
    change: lineage.Change | None,
) -> None:
    """Bring those figures up to date that rest on something changed; the others stay."""
    periods = live.known_periods()
    other = _redefined(before.get("measures", {}), known)
    _forget(other)
    changed |= {pair: date.min for pair in expectations.kept(None, other)} if other else {}
    leaves = following.follow(change, known, periods) if change else []
    recompute([*_leaves(known, changed, periods), *leaves])
    if change:
        following.tidy(change, periods)


_MANY = 50_000


def recompute(leaves: Iterable[live.Leaf]) -> int:
    """Bring leaves and all above them up to date; of very many, period after period."""
    once = {(unit, term.slug, period.code): (unit, term, period) for unit, term, period in leaves}
    if len(once) <= _MANY:
        return live.recompute(once.values())
    by_period: dict[str, list[live.Leaf]] = defaultdict(list)
    for place, leaf in once.items():
        by_period[place[2]].append(leaf)
    return sum(live.recompute(found) for found in by_period.values())


def _taken_in(ledger: Ledger, touched: Iterable[int], mark: Mark) -> Ledger:
    Touched.objects.filter(pk__in=list(touched)).delete()
    ledger.built_from = mark
    ledger.save(update_fields=["built_from"])
    return ledger


def settle(ledger: Ledger) -> None:
    """Say that the derived rows fit the present: for who has put all of them in himself."""
    lineage.renew()
    _taken_in(ledger, _touched(), _mark(library()))


_CHANGING = (
    "plans.assign plans.end_assignment plans.set_measure plans.follow_units plans.confirm_plan "
    "org.load_units org.merge_units org.split_unit org.close_unit org.move_unit org.create_unit"
).split()


def _changed_at(at: datetime) -> datetime:
    """When what figures rest on was last changed; who notices it comes later, with any moment."""
    entries = JournalEntry.objects.filter(verb__in=_CHANGING).order_by("-pk")
    last = entries.values_list("at", flat=True).first()
    return max(at, last) if last else at


def _is_built(mark: Mark, known: Library) -> bool:
    """Whether figures were computed at all, and with the definitions that the library has now."""
    return mark.keys() >= {"token", "lines", "measures"} and (
        mark["measures"] == _hashes(mark["bound"], known)
    )


def _touched() -> dict[int, str]:
    """The notes of changes: id → what was touched."""
    return dict(Touched.objects.values_list("pk", "what"))


def _tree() -> int | None:
    return UnitAncestor.objects.order_by("-pk").values_list("pk", flat=True).first()


def _mark(known: Library) -> Mark:
    """What the figures rest on now. By its token no two states have the same mark, ever."""
    bound = Target.objects.exclude(measure="").order_by("measure")
    slugs = list(bound.values_list("measure", flat=True).distinct())
    return {
        "bound": slugs,
        "measures": _hashes(slugs, known),
        "tree": _tree(),
        "lines": True,  # the tree that figures are kept under is known (see `lineage.py`)
        "token": uuid4().hex,
    }


def _hashes(bound: Iterable[str], known: Library) -> dict[str, str]:
    return {m: known.measures[m].hash for m in bound if m in known.measures}


def _redefined(before: dict[str, str], known: Library) -> set[str]:
    """Measures whose definition is another one than the figures were computed with, or is gone."""
    now = {slug: one.hash for slug, one in known.measures.items()}
    return {m for m, h in before.items() if now.get(m) != h}


def _forget(measures: Iterable[str]) -> None:
    """Drop the figures of measures that were redefined: their terms may be others now."""
    for slug in measures:
        for derived in (Figure, EstateFigure):
            derived.objects.filter(term=slug).delete()
            derived.objects.filter(term__startswith=f"{slug}/").delete()


def _leaves(
    known: Library, changed: Mapping[tuple[str, int], date], periods: Collection[Period]
) -> Iterator[live.Leaf]:
    """The figures of those whose debts changed, and of those who bear them, in periods that end on
    the first day that is another, or later."""
    tree = descents.load({unit for _, unit in changed})
    for (slug, unit), since in changed.items():
        for term in terms_of(known.measures[slug]) if slug in known.measures else ():
            for period in periods:
                day = period.last_day(term.calendar)
                if day >= since:
                    yield from ((bearer, term, period) for bearer in tree.bearers(unit, day))


def fill(period: Period) -> int:
    """Compute the figures of one period for all who owe: what was carried, the year up to date."""
    return recompute(_leaves(library(), dict.fromkeys(expectations.kept(), date.min), [period]))


def _rebuild(known: Library, period: Period) -> int:
    for derived in (Figure, EstateFigure):
        derived.objects.filter(period=period.code).delete()
    return recompute(_leaves(known, dict.fromkeys(expectations.kept(), date.min), [period]))


def rebuild(*, at: datetime, progress: Callable[[int, int, str], None] | None = None) -> int:
    """All figures from nothing, one period at a time, each all or nothing; give the rows written.

    Interrupted, the next call goes on where this one stopped. Whoever looks meanwhile sees each
    period whole, as it was or as it is now. `progress(done, all, label)`.
    """
    began, written = _begin(at), 0
    with Stores() as stores:
        # What is taken in on the way makes all wait again.
        while waiting := _waiting(began):
            if progress:
                known = len(live.known_periods())
                progress(known - len(waiting), known, waiting[0].label)
            written += _rebuild_once(waiting[0], began, at, stores)
    _end()
    return written


def _waiting(began: datetime | None) -> list[Period]:
    """The periods that were not rebuilt since then; of None: all."""
    rows = KnownPeriod.objects.all()
    if began is not None:
        rows = rows.filter(Q(rebuilt_at__isnull=True) | Q(rebuilt_at__lt=began))
    return live.known_periods(rows.values_list("code"))


def _begin(at: datetime) -> datetime:
    """Note that all is being rebuilt, since when; drop what is not kept."""
    with transaction.atomic():
        ledger, known = lock(), library()
        if _is_built(ledger.built_from, known):
            bring_up_to_date(ledger, at=at)
        else:
            _take_in(ledger, known, at)
        began = ledger.rebuild_began_at = ledger.rebuild_began_at or at
        ledger.save()
        for derived in (Figure, EstateFigure):
            derived.objects.exclude(period__in=KnownPeriod.objects.values("code")).delete()
    return began


def _take_in(ledger: Ledger, known: Library, at: datetime) -> None:
    """Take in all that figures rest on, without the figures. Unless they rested on the same when
    rebuilding was begun, no period counts as rebuilt. Whoever wants figures meanwhile computes
    them himself."""
    follow_units(at=at)
    touched = _touched()
    begun = {"begun": _mark(known)["measures"]}
    before = ledger.built_from
    when = recorded_at(ledger, _changed_at(at)) if before else None
    Touched.objects.filter(pk__in=touched).delete()
    changed = expectations.renew(known, at=when)
    slices.tally_missing(known)
    change = lineage.renew()
    ledger.built_from = {"token": uuid4().hex, **begun}
    if not _is_same(before, begun["begun"], changed, change):
        KnownPeriod.objects.update(rebuilt_at=None)


def _is_same(
    before: Mark, measures: dict[str, str], changed: Collection, change: lineage.Change | None
) -> bool:
    """Whether the periods rebuilt since rebuilding was begun still rest on what is so now."""
    is_moved = change is not None and bool(change.since)
    return before.get("begun") == measures and not changed and not is_moved


def _end() -> None:
    """Note that all is rebuilt, of the definitions that are in force now."""
    with transaction.atomic():
        ledger, mark = lock(), _mark(library())
        ledger.rebuild_began_at = None
        if ledger.built_from.get("begun") == mark["measures"]:
            ledger.built_from = mark
        ledger.save()


def _renew(at: datetime) -> None:
    """Take in what changed meanwhile; figures follow only where they fitted what was before."""
    ledger = lock()
    if "begun" in ledger.built_from:
        _take_in(ledger, library(), at)
        ledger.save()
    else:
        bring_up_to_date(ledger, at=at)


def _rebuild_once(period: Period, began: datetime, at: datetime, stores: Stores) -> int:
    while True:
        with transaction.atomic():
            if _touched():
                _renew(at)
        with transaction.atomic():
            lock()
            row = KnownPeriod.objects.get(pk=period.code)
            if row.rebuilt_at and row.rebuilt_at >= began:
                return 0
            written = rebuilding.refill(period, stores)
            row.rebuilt_at = max(at, began)
            row.save(update_fields=["rebuilt_at"])
            if not _touched():
                return written
            # Units or debts changed while it was computed: other periods rest on those before.
            transaction.set_rollback(True)
