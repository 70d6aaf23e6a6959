"""Derived rows kept in step with what they rest on besides facts.

Assignments, bindings of measures, definitions and the tree of units change in rooms below, which do
not know this one. So whoever writes or reads figures first asks here: one cheap look (one query),
work only where something changed (`watching.py` says how that is noted, and why nothing is missed).
Deletable and rebuilt from nothing by `rebuild`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, Exists, Max

from namro.measuring.definitions import Library, Term, terms_of
from namro.terms import Period
from namro.web.facts import descents, expectations, live, rebuilding, slices
from namro.web.facts.direct import Stores
from namro.web.facts.library import keep_texts, library
from namro.web.facts.models import EstateFigure, Figure, KnownPeriod, Ledger, Touched
from namro.web.facts.watching import NAMES, TREE
from namro.web.org.models import JournalEntry, UnitAncestor
from namro.web.plans.following import follow_units
from namro.web.plans.models import Assignment, Target

Mark = dict[str, Any]


def lock() -> Ledger:
    """The ledger's row, locked until the transaction ends: one writer of facts at a time."""
    ledger, _ = Ledger.objects.select_for_update().get_or_create(pk=1)
    return ledger


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
    told = Ledger.objects.filter(pk=1).values_list("built_from", Exists(Touched.objects.all()))
    before: Mark
    before, is_touched = told.first() or ({}, True)
    if is_touched or not _is_built(before, known or library()):
        with transaction.atomic():
            before = bring_up_to_date(lock(), at=at).built_from
    return str(before["token"])


def bring_up_to_date(ledger: Ledger, *, at: datetime) -> Ledger:
    """The same inside the caller's transaction, with the ledger locked."""
    known, before = library(), ledger.built_from
    touched = _touched()
    if not touched and _is_built(before, known):
        return ledger
    if _is_built(before, known) and set(touched.values()) == {NAMES}:
        return _taken_in(ledger, touched, {**before, "token": uuid4().hex})
    is_moved = before.get("tree") != _tree() or TREE in touched.values()
    if is_moved and follow_units(at=at):
        touched = _touched()
    # All that is read from here on is at least as new as what has touched the figures.
    mark = _mark(known)
    keep_texts((known.measures[m] for m in mark["measures"]), at=at)
    if before.get("measures") != mark["measures"]:
        slices.tally_missing(known)
    when = recorded_at(ledger, _changed_at(at)) if before else None
    changed = expectations.replace(expectations.present(known), at=when)
    if is_moved and Figure.objects.exists():
        for period in live.known_periods():
            _rebuild(known, period)
    else:
        other = _redefined(before.get("measures", {}), mark["measures"])
        _forget(other)
        changed |= {pair for pair in expectations.kept() if pair[0] in other}
        live.recompute(_leaves(known, changed, live.known_periods()))
    return _taken_in(ledger, touched, mark)


def _taken_in(ledger: Ledger, touched: Iterable[int], mark: Mark) -> Ledger:
    Touched.objects.filter(pk__in=list(touched)).delete()
    ledger.built_from = mark
    ledger.save(update_fields=["built_from"])
    return ledger


def settle(ledger: Ledger) -> None:
    """Say that the derived rows fit the present: for who has put all of them in himself."""
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
    return (
        "token" in mark and "measures" in mark and mark["measures"] == _hashes(mark["bound"], known)
    )


def _touched() -> dict[int, str]:
    """The notes of changes: id → what was touched."""
    return dict(Touched.objects.values_list("pk", "what"))


def _tree() -> int | None:
    return UnitAncestor.objects.order_by("-pk").values_list("pk", flat=True).first()


def _mark(known: Library) -> Mark:
    """What the figures rest on now. By its token no two states have the same mark, ever."""
    owed = Assignment.objects.filter(target__isnull=False)
    bound = Target.objects.exclude(measure="").order_by("measure")
    slugs = list(bound.values_list("measure", flat=True).distinct())
    return {
        "assignments": list(
            owed.aggregate(last=Max("pk"), given=Count("pk"), ended=Count("to_on")).values()
        ),
        "bound": slugs,
        "measures": _hashes(slugs, known),
        "tree": _tree(),
        "token": uuid4().hex,
    }


def _hashes(bound: Iterable[str], known: Library) -> dict[str, str]:
    return {m: known.measures[m].hash for m in bound if m in known.measures}


def _redefined(before: dict[str, str], now: dict[str, str]) -> set[str]:
    """Measures whose definition is another one than the figures were computed with."""
    return {m for m, h in before.items() if now.get(m, h) != h}


def _forget(measures: Iterable[str]) -> None:
    """Drop the figures of measures that were redefined: their terms may be others now."""
    for slug in measures:
        for derived in (Figure, EstateFigure):
            derived.objects.filter(term=slug).delete()
            derived.objects.filter(term__startswith=f"{slug}/").delete()


def _leaves(
    known: Library, pairs: Iterable[tuple[str, int]], periods: Iterable[Period]
) -> set[live.Leaf]:
    terms: dict[str, tuple[Term, ...]] = {}
    found = set()
    asked, tree = list(periods), descents.load()
    for slug, unit in pairs:
        if slug not in known.measures:
            continue
        if slug not in terms:
            terms[slug] = terms_of(known.measures[slug])
        found |= {
            (bearer, term, period)
            for term in terms[slug]
            for period in asked
            for bearer in tree.bearers(unit, period.last_day(term.calendar))
        }
    return found


def fill(period: Period) -> int:
    """Compute the figures of one period for all who owe: what was carried, the year up to date."""
    return live.recompute(_leaves(library(), expectations.kept(), [period]))


def _rebuild(known: Library, period: Period) -> int:
    for derived in (Figure, EstateFigure):
        derived.objects.filter(period=period.code).delete()
    return live.recompute(_leaves(known, expectations.kept(), [period]))


def rebuild(*, at: datetime, progress: Callable[[int, int, str], None] | None = None) -> int:
    """All figures from nothing, one period at a time, each all or nothing; give the rows written.

    Interrupted, the next call goes on where this one stopped. `progress(done, all, label)`.
    """
    with transaction.atomic():
        ledger = lock()
        began = ledger.rebuild_began_at or at
        follow_units(at=at)
        Touched.objects.filter(pk__in=_touched()).delete()
        when = recorded_at(ledger, _changed_at(at)) if ledger.built_from else None
        ledger.built_from = {"token": uuid4().hex}
        ledger.rebuild_began_at = began
        ledger.save()
        expectations.replace(expectations.present(library()), at=when)
        slices.tally_missing(library())
        for derived in (Figure, EstateFigure):
            derived.objects.exclude(period__in=KnownPeriod.objects.values("code")).delete()
    periods, written = live.known_periods(), 0
    with Stores() as stores:
        for done, period in enumerate(periods):
            if progress:
                progress(done, len(periods), period.label)
            written += _rebuild_once(period, began, at, stores)
    with transaction.atomic():
        ledger = lock()
        ledger.rebuild_began_at = None
        ledger.built_from = _mark(library())
        ledger.save()
    return written


def _rebuild_once(period: Period, began: datetime, at: datetime, stores: Stores) -> int:
    with transaction.atomic():
        lock()
        row = KnownPeriod.objects.get(pk=period.code)
        if row.rebuilt_at and row.rebuilt_at >= began:
            return 0
        written = rebuilding.refill(period, stores)
        row.rebuilt_at = max(at, began)
        row.save(update_fields=["rebuilt_at"])
    return written
