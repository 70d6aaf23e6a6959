"""Results of measures at units for periods: from figure rows, or directly from the store.

Figure rows serve the periods that are kept, as things are now. Every other question (another
period, as of a moment past) goes the direct way, computed by measuring over the store.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from threading import Lock

from namro.measuring import measure as measured
from namro.measuring import open_store
from namro.measuring.assembly import Parts, Result, assemble
from namro.measuring.definitions import Library, Measure, terms_of
from namro.terms import Calendar, Period
from namro.web.facts import feed, upkeep, versions
from namro.web.facts import queries as facts
from namro.web.facts.queries import Card, FigureRow
from namro.web.frame.exact import from_scaled
from namro.web.org.models import Unit
from namro.web.results import columns, discreet, rules

Results = dict[tuple[str, str, str], Result]
"""(measure, unit code, period code) → result."""

_KEPT = 64
_cache: OrderedDict[tuple, Results] = OrderedDict()
_turn = Lock()


class Live(Mapping[tuple[str, str, str], Result]):
    """Figure rows as they were read, as Results by place; each is assembled when it is asked for.

    A unit has no result for a period in which neither it nor anyone below owed the measure.
    """

    def __init__(
        self,
        measures: Collection[Measure],
        ids: Mapping[str, int],
        rows: Iterable[FigureRow],
        others: Results | None = None,
    ) -> None:
        """`ids`: unit code → id. `others`: results that were not computed from rows."""
        self._measures = {m.slug: m for m in measures}
        self._slugs = {m.slug: slugs_of(m) for m in measures}
        self._ids = ids
        self._others = others or {}
        self._rows: dict[tuple[str, str], dict[int, FigureRow]] = defaultdict(dict)
        for row in rows:
            self._rows[row[2], row[1]][row[0]] = row

    def rows_of(self, measure: Measure, period: Period) -> Mapping[int, FigureRow]:
        """A plain measure's rows by unit id, those too that nobody owes. Empty if none is kept."""
        return self._rows.get((measure.slug, period.code), {})

    def row(self, measure: Measure, unit: str, period: Period) -> FigureRow | None:
        """A plain measure's row at a unit, where somebody owes it."""
        row = self.rows_of(measure, period).get(self._ids[unit])
        return row if row and row[7] else None

    def trend(self, measure: Measure, unit: str, codes: Iterable[str]) -> list[Decimal | None]:
        """The values at a unit for periods by code, for charts: to four decimals."""
        slug, pk, is_plain = measure.slug, self._ids[unit], columns.is_plain(measure)
        draw = columns.drawer(measure)
        found: list[Decimal | None] = []
        for code in codes:
            if is_plain and (slug, unit, code) not in self._others:
                row = self._rows[slug, code].get(pk)
                found.append(columns.drawable(draw(row)) if row and row[7] else None)
            else:
                result = self.get((slug, unit, code))
                found.append(rules.drawable(result.value) if result else None)
        return found

    def __getitem__(self, place: tuple[str, str, str]) -> Result:
        if place in self._others:
            return self._others[place]
        slug, unit, period = place
        told = self._told(slug, self._ids[unit], period)
        expected = next((row[-1] for row in told.values()), 0)
        if not expected:
            raise KeyError(place)
        parts = {term: _parts(row) for term, row in told.items()}
        return assemble(
            self._measures[slug], parts, expected=expected, unit=unit, period=Period.of(period)
        )

    def _told(self, slug: str, unit: int, period: str) -> dict[str, FigureRow]:
        found = ((term, self._rows.get((term, period), {}).get(unit)) for term in self._slugs[slug])
        return {term: row for term, row in found if row is not None}

    def _places(self) -> Iterator[tuple[str, str, str]]:
        codes = {pk: code for code, pk in self._ids.items()}
        by_term = {term: slug for slug, terms in self._slugs.items() for term in terms}
        for (term, period), rows in self._rows.items():
            yield from ((by_term[term], codes[u], period) for u, row in rows.items() if row[-1])

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        return iter(dict.fromkeys([*self._others, *self._places()]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def slugs_of(measure: Measure) -> tuple[str, ...]:
    """The slugs of a measure's terms."""
    if measure.kind != "combined" and not measure.beside:
        return (measure.slug,)
    return tuple(term.slug for term in terms_of(measure))


def _parts(row: FigureRow) -> Parts:
    return Parts(from_scaled(row[3]), from_scaled(row[4]), row[5], row[6])


def live(
    measures: Collection[Measure],
    units: Collection[Unit | Card],
    periods: Sequence[Period],
    others: Results | None = None,
) -> Live:
    """Results of measures at units, each with all below it, from figure rows. One query."""
    ids = {unit.code: unit.pk for unit in units}
    others = {**_kept_back(measures, periods), **(others or {})}
    slugs = [slug for measure in measures for slug in slugs_of(measure)]
    rows = facts.figure_rows(slugs, [p.code for p in periods], list(ids.values()))
    return Live(measures, ids, rows, others)


def _kept_back(measures: Iterable[Measure], periods: Sequence[Period]) -> Results:
    """Results at every unit of the measures that keep small counts back (see `discreet`)."""
    asked = [measure for measure in measures if discreet.is_discreet(measure)]
    if not asked:
        return {}
    key = ("live", versions.token(), tuple(periods), tuple((m.slug, m.hash) for m in asked))
    with _turn:
        if key in _cache:
            return _cache[key]
    found = _published_live(asked, periods)
    if key[1] is not None and key[1] == versions.token():
        _remember(key, found)
    return found


def _published_live(asked: list[Measure], periods: Sequence[Period]) -> Results:
    """From figure rows; a period of which none are kept, but which tells of one, directly."""
    bare = [discreet.bare(m) for m in asked]
    needed, known = discreet.needed(asked, periods), set(facts.known_periods())
    at_hand = [p for p in needed if p in known or p in periods]
    whole: Results = dict(live(bare, Unit.objects.only("code"), at_hand))
    whole |= direct(bare, [p for p in needed if p not in at_hand], None)
    return discreet.published(asked, whole, periods)


def unheard(measure: Measure, unit: str, period: Period) -> Result:
    """The result where nobody beneath the unit owes the measure: nothing of nothing."""
    return assemble(measure, {}, expected=0, unit=unit, period=period)


def direct(
    measures: Sequence[Measure],
    periods: Sequence[Period],
    as_of: datetime | None,
    tree_on: date | None = None,
    *,
    as_issued: bool = False,
) -> Results:
    """Results at every unit that owes a measure or stands above one, computed over the store.

    `tree_on`: the day whose units are asked, for periods that had ended by then. `as_issued`: what
    small counts are kept back is decided as of the moment itself, not by what is shown now.
    Kept in memory as long as neither the ledger, the slices, nor what they rest on has changed.
    """
    if not periods:
        return {}
    store, state = feed.fresh()
    asked = tuple((m.slug, m.hash, discreet.is_discreet(m)) for m in measures)
    trees = {
        p: tree_on if tree_on and p.last_day(Calendar.CALENDAR) <= tree_on else None
        for p in periods
    }
    keys = {p: (str(store), state, p.code, as_of, trees[p], asked, as_issued) for p in periods}
    with _turn:
        found = {period: _cache[key] for period, key in keys.items() if key in _cache}
    for own in (True, False):
        missing = [p for p in periods if p not in found and (trees[p] is None) == own]
        day = None if own else tree_on
        told = _directly(measures, missing, as_of, day, as_issued)
        for period in missing:
            found[period] = {place: r for place, r in told.items() if place[2] == period.code}
            _remember(keys[period], found[period])
    return {place: result for results in found.values() for place, result in results.items()}


def _directly(
    measures: Sequence[Measure],
    periods: Sequence[Period],
    as_of: datetime | None,
    tree_on: date | None,
    as_issued: bool,
) -> Results:
    """Results over the store, as they may be shown."""
    if not periods:
        return {}
    asked = [m for m in measures if discreet.is_discreet(m)]
    whole = _computed([discreet.bare(m) for m in measures], periods, as_of, tree_on)
    if not asked:
        return whole
    if tree_on:  # who may be told of under a later tree is told of under the period's own
        return discreet.held_against(
            asked, whole, direct(asked, periods, as_of, as_issued=as_issued)
        )
    if as_of and not as_issued:
        return discreet.held_against(asked, whole, direct(asked, periods, None))
    others = [p for p in discreet.needed(asked, periods) if p not in periods]
    whole |= _computed([discreet.bare(m) for m in asked], others, as_of, None)
    return discreet.published(asked, whole, periods)


def _computed(
    measures: Sequence[Measure],
    periods: Sequence[Period],
    as_of: datetime | None,
    tree_on: date | None,
) -> Results:
    found: Results = {}
    if periods:
        with open_store(feed.ensure_fresh()) as tables:
            for period in periods:
                told = measured(measures, tables, period=period, as_of=as_of, tree_on=tree_on)
                found |= {(r.measure, r.unit, period.code): r for r in told}
    return found


def _remember(key: tuple, results: Results) -> None:
    with _turn:
        _cache[key] = results
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)


def freshen(at: datetime, known: Library) -> str:
    """Take in changed assignments, definitions and units before figures are read; the token of the
    state that they rest on (see upkeep.ensure_current)."""
    return upkeep.ensure_current(at=at, known=known)
