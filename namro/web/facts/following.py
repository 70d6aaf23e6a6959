"""Figures follow reorganised units: those concerned are computed anew, and nothing else is.

What a unit itself put in is kept beside each total. So where it only comes under others, sums of
that are taken from those above it and given to the others, by the database; where units gave way
to each other, their own figures and what they left are computed anew, in periods that see it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from namro.measuring.definitions import Library, terms_of
from namro.measuring.kinds import Term
from namro.terms import Calendar, Period
from namro.web.facts import descents, expectations, sql, totals
from namro.web.facts.lineage import Change
from namro.web.facts.live import Leaf


def follow(change: Change, known: Library, periods: Collection[Period]) -> list[Leaf]:
    """Bring the figures of the periods under the tree of now; give the leaves that are still to be
    computed anew, as they may be made of other cells than before.

    Inside the caller's transaction, with the ledger locked and expectations up to date.
    """
    terms = _by_calendar(known)
    estates = _estates_gone(change, known)
    for period in periods:
        _move(change, period, terms, estates.get(period.code, totals.Differences()))
    _inherit(change, known, periods)
    return list(_parted(change, known, periods))


def tidy(change: Change, periods: Iterable[Period]) -> None:
    """Drop rows that say nothing any more: of units that ended, or have nobody beneath them."""
    since = change.since
    first = min(since.values(), default=date.max)
    asked = [p.code for p in periods if p.last_day(Calendar.CALENDAR) >= first]
    totals.drop_empty(asked, since.keys() | change.above_before.everyone)


def _by_calendar(known: Library) -> dict[Calendar, list[str]]:
    """The slugs of all terms, by the calendar that says which day a period is asked on."""
    found: dict[Calendar, list[str]] = defaultdict(list)
    for term in known.terms.values():
        found[term.calendar].append(term.slug)
    return found


def _move(
    change: Change,
    period: Period,
    terms: dict[Calendar, list[str]],
    differences: totals.Differences,
) -> None:
    """What moved units put in goes from those above them to those that stand there now."""
    for calendar, slugs in terms.items():
        links = change.links(period.last_day(calendar))
        for ancestor, term, *sums in totals.moved(period.code, links, slugs):
            differences.add(period.code, (ancestor,), term, tuple(sums))
    differences.write()


def _estates_gone(change: Change, known: Library) -> dict[str, totals.Differences]:
    """Take what units had left from those who kept it; give the differences by period."""
    found: dict[str, totals.Differences] = defaultdict(totals.Differences)
    gone = []
    rows = sql.rows(
        "SELECT id, term, period, unit_id, ended_on, numerator, denominator, counted "
        f"FROM facts_estatefigure WHERE {sql.among('unit_id')}",
        sql.listed(change.estates),
    )
    for pk, slug, code, unit, ended_on, above, below, counted in rows:
        term = known.terms.get(slug)
        day = Period.of(code).last_day(term.calendar) if term else date.min
        if day < change.estates[unit]:
            continue
        gone.append(pk)
        for head, estate in change.before.on(day).estates.items():
            if (head.unit, head.until) == (unit, ended_on):
                less = (-above, -below, -counted, 0, 0)
                found[code].add(code, estate.above, slug, less)
    sql.update(f"DELETE FROM facts_estatefigure WHERE {sql.among('id')}", [(sql.listed(gone),)])
    return found


def _inherit(change: Change, known: Library, periods: Iterable[Period]) -> None:
    """Compute anew what units left, and give it to those who keep it now."""
    terms = {term for term, _ in _owed(known, change.estates) if term.pools}
    left = [
        descents.Left(head, term, period, estate.above)
        for period in periods
        for term in terms
        for day in (period.last_day(term.calendar),)
        for head, estate in change.after.on(day).estates.items()
        if change.estates.get(head.unit, date.max) <= day
    ]
    differences = totals.Differences()
    for one, parts in descents.changed(left, change.after):
        differences.add(one.period.code, one.above, one.term.slug, totals.scaled(parts, 0))
    differences.write()


def _parted(change: Change, known: Library, periods: Collection[Period]) -> Iterator[Leaf]:
    """The figures of units that may be made of other cells than before."""
    for term, unit in _owed(known, change.parted):
        for period in periods:
            if period.last_day(term.calendar) >= change.parted[unit]:
                yield unit, term, period


def _owed(known: Library, units: Collection[int]) -> set[tuple[Term, int]]:
    """The terms of all that units ever owed."""
    owing = expectations.kept(units) if units else {}
    measures = ((known.measures[slug], unit) for slug, unit in owing if slug in known.measures)
    return {(term, unit) for measure, unit in measures for term in terms_of(measure)}
