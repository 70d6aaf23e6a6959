"""Results of measures at units for periods: from figure rows, or directly from the store.

Figure rows serve the periods that are kept, as things are now. Every other question (another
period, as of a moment past) goes the direct way, computed by measuring over the store.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from threading import Lock

from namro.measuring import measure as measured
from namro.measuring import open_store
from namro.measuring.assembly import Result, assemble
from namro.measuring.definitions import Measure, Term, terms_of
from namro.terms import Calendar, Period
from namro.web.facts import feed, upkeep
from namro.web.facts import queries as facts
from namro.web.org.models import Unit

Results = dict[tuple[str, str, str], Result]
"""(measure, unit code, period code) → result."""

_KEPT = 64
_cache: OrderedDict[tuple, Results] = OrderedDict()
_turn = Lock()


def terms_in(measures: Iterable[Measure]) -> list[Term]:
    """All terms that the measures rest on."""
    return [term for measure in measures for term in terms_of(measure)]


def live(
    measures: Collection[Measure], units: Collection[Unit], periods: Sequence[Period]
) -> Results:
    """Results of measures at units, each with all below it, from figure rows. One query.

    A unit has no result for a period in which neither it nor anyone below owed the measure.
    """
    kept = facts.figures(terms_in(measures), periods, [unit.pk for unit in units])
    found = {}
    for period in periods:
        for unit in units:
            if (told := kept.get((unit.pk, period.code))) is None:
                continue
            for measure in measures:
                if expected := told.expected.get(measure.slug):
                    found[measure.slug, unit.code, period.code] = assemble(
                        measure, told.parts, expected=expected, unit=unit.code, period=period
                    )
    return found


def unheard(measure: Measure, unit: Unit, period: Period) -> Result:
    """The result where nobody beneath the unit owes the measure: nothing of nothing."""
    return assemble(measure, {}, expected=0, unit=unit.code, period=period)


def direct(
    measures: Sequence[Measure],
    periods: Sequence[Period],
    as_of: datetime | None,
    tree_on: date | None = None,
) -> Results:
    """Results at every unit that owes a measure or stands above one, computed over the store.

    `tree_on`: the day whose units are asked, for periods that had ended by then.
    Kept in memory as long as neither the ledger, the slices, nor what they rest on has changed.
    """
    store, state = feed.fresh()
    asked = tuple((m.slug, m.hash) for m in measures)
    trees = {
        p: tree_on if tree_on and p.last_day(Calendar.CALENDAR) <= tree_on else None
        for p in periods
    }
    keys = {p: (str(store), state, p.code, as_of, trees[p], asked) for p in periods}
    with _turn:
        found = {period: _cache[key] for period, key in keys.items() if key in _cache}
    missing = [period for period in periods if period not in found]
    if missing:
        with open_store(store) as tables:
            for period in missing:
                results = measured(
                    measures, tables, period=period, as_of=as_of, tree_on=trees[period]
                )
                found[period] = {(r.measure, r.unit, period.code): r for r in results}
                _remember(keys[period], found[period])
    return {place: result for results in found.values() for place, result in results.items()}


def _remember(key: tuple, results: Results) -> None:
    with _turn:
        _cache[key] = results
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)


def freshen(at: datetime) -> None:
    """Take in changed assignments, definitions and units before figures are read."""
    upkeep.ensure_current(at=at)
