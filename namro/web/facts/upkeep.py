"""Derived rows kept in step with what they rest on besides facts.

Assignments, bindings of measures, definitions and the tree of units change in rooms below, which do
not know this one. So whoever writes or reads figures first asks here: one cheap look (two queries),
work only where something changed. Deletable and rebuilt from nothing by `rebuild`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Subquery

from namro.measuring.definitions import Library, Term, terms_of
from namro.terms import Period
from namro.web.facts import descents, expectations, live, slices
from namro.web.facts.library import keep_texts, library
from namro.web.facts.models import EstateFigure, Figure, KnownPeriod, Ledger
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


def ensure_current(*, at: datetime) -> Ledger:
    """Bring expectations and figures up to date where assignments, definitions or units changed."""
    ledger, mark = _looked(library())
    if ledger is not None and ledger.built_from == mark:
        return ledger
    with transaction.atomic():
        return bring_up_to_date(lock(), at=at)


def bring_up_to_date(ledger: Ledger, *, at: datetime) -> Ledger:
    """The same inside the caller's transaction, with the ledger locked."""
    known = library()
    _, mark = _looked(known)
    before = ledger.built_from
    if before == mark:
        return ledger
    if before.get("tree") != mark["tree"] and follow_units(at=at):
        _, mark = _looked(known)
    keep_texts((known.measures[m] for m in mark["measures"]), at=at)
    if before.get("measures") != mark["measures"]:
        slices.tally_missing(known)
    when = recorded_at(ledger, _changed_at(at)) if before else None
    changed = expectations.replace(expectations.present(known), at=when)
    if before.get("tree") != mark["tree"] and Figure.objects.exists():
        for period in live.known_periods():
            _rebuild(known, period)
    else:
        other = _redefined(before.get("measures", {}), mark["measures"])
        _forget(other)
        changed |= {pair for pair in expectations.kept() if pair[0] in other}
        live.recompute(_leaves(known, changed, live.known_periods()))
    ledger.built_from = mark
    ledger.save(update_fields=["built_from"])
    return ledger


_CHANGING = (
    "plans.assign plans.end_assignment plans.set_measure plans.follow_units plans.confirm_plan "
    "org.load_units org.merge_units org.split_unit org.close_unit org.move_unit org.create_unit"
).split()


def _changed_at(at: datetime) -> datetime:
    """When what figures rest on was last changed; who notices it comes later, with any moment."""
    entries = JournalEntry.objects.filter(verb__in=_CHANGING).order_by("-pk")
    last = entries.values_list("at", flat=True).first()
    return max(at, last) if last else at


def _looked(known: Library) -> tuple[Ledger | None, Mark]:
    """The ledger and a mark of all that figures rest on besides facts, in one or two queries."""
    bindings = JournalEntry.objects.filter(verb="plans.set_measure")
    owed = Assignment.objects.filter(target__isnull=False).order_by()
    # Grouped by a constant: a count over all rows, as a scalar in the one query.
    whole = owed.values(n=F("target_id") * 0)
    ledger = (
        Ledger.objects.filter(pk=1)
        .annotate(
            assigned=Subquery(owed.order_by("-pk").values("pk")[:1]),
            given=Subquery(whole.annotate(x=Count("pk")).values("x")),
            ended=Subquery(whole.annotate(x=Count("to_on")).values("x")),
            tree=Subquery(UnitAncestor.objects.order_by("-pk").values("pk")[:1]),
            bindings=Subquery(bindings.order_by("-pk").values("pk")[:1]),
        )
        .first()
    )
    bound = _bound(ledger)
    mark = {
        "assignments": [ledger.assigned, ledger.given, ledger.ended] if ledger else [],
        "bindings": ledger.bindings if ledger else None,
        "bound": bound,
        "measures": {m: known.measures[m].hash for m in bound if m in known.measures},
        "tree": ledger.tree if ledger else None,
    }
    return ledger, mark


def _bound(ledger: Any) -> list[str]:
    """The measures in use. Each binding leaves a line in the journal: no new line, none changed."""
    before = ledger.built_from if ledger else {}
    if before.get("bindings") is not None and before["bindings"] == ledger.bindings:
        return list(before["bound"])
    bound = Target.objects.exclude(measure="").order_by("measure")
    return list(bound.values_list("measure", flat=True).distinct())


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
        when = recorded_at(ledger, _changed_at(at)) if ledger.built_from else None
        ledger.built_from = {}
        ledger.rebuild_began_at = began
        ledger.save()
        expectations.replace(expectations.present(library()), at=when)
        slices.tally_missing(library())
        for derived in (Figure, EstateFigure):
            derived.objects.exclude(period__in=KnownPeriod.objects.values("code")).delete()
    periods, written = live.known_periods(), 0
    for done, period in enumerate(periods):
        if progress:
            progress(done, len(periods), period.label)
        written += _rebuild_once(period, began, at)
    with transaction.atomic():
        ledger = lock()
        ledger.rebuild_began_at = None
        ledger.built_from = _looked(library())[1]
        ledger.save()
    return written


def _rebuild_once(period: Period, began: datetime, at: datetime) -> int:
    with transaction.atomic():
        lock()
        row = KnownPeriod.objects.get(pk=period.code)
        if row.rebuilt_at and row.rebuilt_at >= began:
            return 0
        written = _rebuild(library(), period)
        row.rebuilt_at = max(at, began)
        row.save(update_fields=["rebuilt_at"])
    return written
