"""The present content of the ledger and of the slices of records, cell by cell.

Values are read and kept as the database has them, whole numbers of ten-thousandths; whoever asks
for one by its place gets the exact decimal. A form touches thousands of cells and uses hundreds.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from django.db import connection
from django.db.models import OuterRef, Subquery

from namro.measuring.definitions import Library
from namro.terms import Period
from namro.web.facts import sql
from namro.web.facts.library import library
from namro.web.facts.models import BatchSlice, Tally
from namro.web.frame.exact import from_scaled, to_scaled

FAR = 36
"""Months: what must be read from longer ago than this is read apart, so that the rest is not."""

FEW = 16
"""Sources: so few are looked up one by one; of more, all that a unit said is read in one run."""

LENGTHS = (1, 3, 6, 12)
"""Months of the periods that may be told of."""

Told = dict[str, dict[str, int]]
"""Period code → source slug → ten-thousandths, of one unit."""


class UnitCells(Mapping[tuple[str, str], Decimal]):
    """What one unit says now: (source slug, period code) → value; what was withdrawn is absent."""

    def __init__(self, told: Told | None = None, sources: Collection[str] | None = None) -> None:
        self._told: Told = {} if told is None else told
        self._sources = sources
        self._asked: Sequence[str] = ()
        self._near: list[dict[str, int]] = []

    def __getitem__(self, place: tuple[str, str]) -> Decimal:
        return from_scaled(self._told[place[1]][place[0]])

    def __contains__(self, place: object) -> bool:
        source, period = cast(tuple[str, str], place)
        told = self._told.get(period)
        return told is not None and source in told

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for period, told in self._told.items():
            for source in told if self._sources is None else self._sources:
                if source in told:
                    yield source, period

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def of(self, sources: Collection[str]) -> UnitCells:
        """The same, where only what some sources say is told one by one."""
        return UnitCells(self._told, sources)

    def scaled(self, source: str, period: str) -> int | None:
        """A value in ten-thousandths."""
        return self._told[period].get(source) if period in self._told else None

    def series(self, source: str, periods: Sequence[str]) -> list[int]:
        """What a source says of those of the periods of which it says something, scaled."""
        if periods is not self._asked:  # asked of hundreds of sources one after another
            self._near = [self._told[period] for period in periods if period in self._told]
            self._asked = periods
        return [values[source] for values in self._near if source in values]

    def saying(self, period: str, values: Mapping[str, Decimal]) -> UnitCells:
        """What it would say, were these values of a period said as well."""
        said = {source: to_scaled(value) for source, value in values.items()}
        told = {**self._told, period: {**self._told.get(period, {}), **said}}
        return UnitCells(told, self._sources)

    def put(self, source: str, period: str, value: Decimal | None) -> None:
        """Say a value anew, or (None) take it away."""
        if period not in self._told:
            self._told[period], self._asked = {}, ()
        told = self._told[period]
        if value is None:
            told.pop(source, None)
        else:
            told[source] = to_scaled(value)


Cells = dict[int, UnitCells]
"""unit id → what it says; a unit that says nothing says it too."""


def cells_of(
    units: Collection[int],
    sources: Collection[str] | Mapping[str, int | None],
    known: Library | None = None,
    *,
    until: int | None = None,
) -> Cells:
    """Per unit, what elements and counts say now, at least of the sources and months asked. One
    query, one more where some reach far back, one more where a count is asked.

    `sources`: slugs, or slug → the first month (as `Period.first`) that matters: what ends before
    it may be left out; None is all. `until`: the month before which all that matters ends; None is
    no end. `known`: the definitions, where they are at hand.
    """
    asked = asking(units, sources, until=until)
    return told(sql.together(asked), units, sources, known or library())


def asking(
    units: Collection[int],
    sources: Collection[str] | Mapping[str, int | None],
    *,
    until: int | None = None,
) -> list[sql.Statement]:
    """What asks the ledger for the same; `told` makes cells of the answers."""
    since = sources if isinstance(sources, Mapping) else dict.fromkeys(sources)
    return [_reading(units, asked, periods) for asked, periods in _parted(since, until)]


def told(
    answers: Iterable[sql.Answer], units: Collection[int], sources: Collection[str], known: Library
) -> Cells:
    """The cells: what the ledger answered, and counts, where any is asked."""
    found: dict[int, Told] = {unit: {} for unit in units}
    for answer in answers:
        _put_in(found, answer.rows)
    for unit, source, period, value in _tallies(units, sources, known):
        found[unit].setdefault(period, {})[source] = to_scaled(value)
    return {unit: UnitCells(values) for unit, values in found.items()}


def _parted(
    since: Mapping[str, int | None], until: int | None
) -> Iterator[tuple[list[str], list[str] | None]]:
    """(sources, period codes or None): those that reach far back apart from the others."""
    least = max(1, (until or 0) - FAR)
    near = {s: m for s, m in since.items() if until and m and m >= least}
    if near:
        yield list(near), _codes(min(near.values()), until or 0)
    if far := [s for s in since if s not in near]:
        yield far, None


@lru_cache(maxsize=256)
def _codes(first: int, until: int) -> list[str]:
    """The codes of all periods that end within some months, `until` left out as their end."""
    ends = range(first + 1, until + 1)
    return [Period(e - n, n).code for e in ends for n in LENGTHS if e % n == 0]


def _reading(
    units: Collection[int], sources: Collection[str], periods: Collection[str] | None
) -> sql.Statement:
    asked: dict[str, Collection[Any]] = {"unit_id": units}
    if periods is not None:
        asked["period"] = periods
    if len(sources) <= FEW or periods is None:
        asked["element"] = sources
    return sql.Statement(_standing(tuple(asked)), [*map(sql.listed, asked.values())])


def _put_in(found: dict[int, Told], rows: Iterable[sql.Row]) -> None:
    """Put in what the ledger says now: first values as they are, then what changed them."""
    for unit, period, *lists in rows:
        firsts, deltas, changes = (json.loads(told) if told else [] for told in lists)
        told = found[unit].setdefault(period, {})
        told |= zip(firsts, deltas, strict=True)
        if changes:
            _change(told, firsts, deltas, changes)


@lru_cache(maxsize=16)
def _standing(columns: tuple[str, ...]) -> str:
    """First values, and what changed them: a form is fetched in a dozen rows, not in thousands."""
    is_postgres = connection.vendor == "postgresql"
    each, row = ("json_agg", "json_build_array") if is_postgres else _OF_SQLITE
    text = "::text" if is_postgres else ""
    return (
        f"SELECT unit_id, period, {each}(element) FILTER (WHERE dn = 1){text}, "
        f"{each}(delta) FILTER (WHERE dn = 1){text}, "
        f"{each}({row}(element, delta, dn)) FILTER (WHERE dn <> 1){text} FROM facts_observation "
        f"WHERE {' AND '.join(map(sql.among, columns))} GROUP BY unit_id, period"
    )


_OF_SQLITE = ("json_group_array", "json_array")


def _change(
    told: dict[str, int], firsts: list[str], deltas: list[int], changes: list[tuple[str, int, int]]
) -> None:
    """Add corrections to first values; what was ever withdrawn is added up from nothing."""
    gone = {element for element, _, dn in changes if dn < 0}
    for element, delta, _ in changes:
        if element not in gone:
            told[element] += delta
    for element in gone:
        said = [d for e, d in zip(firsts, deltas, strict=True) if e == element]
        later = [(d, dn) for e, d, dn in changes if e == element]
        told[element] = sum(said) + sum(d for d, _ in later)
        if not len(said) + sum(dn for _, dn in later):
            del told[element]


def newest_slices(units: Collection[int] | None = None):
    """The slice that counts for each data set, unit and period: the newest."""
    newest = (
        BatchSlice.objects.filter(
            unit=OuterRef("unit"),
            batch__dataset=OuterRef("batch__dataset"),
            batch__period=OuterRef("batch__period"),
        )
        .order_by("-batch__recorded_at", "-batch__code")
        .values("pk")[:1]
    )
    slices = BatchSlice.objects.filter(pk=Subquery(newest))
    return slices if units is None else slices.filter(unit_id__in=units)


def _tallies(units: Collection[int], sources: Collection[str], known: Library):
    """Only asked where a source is a count: counts are named "dataset" or "dataset?…"."""
    counts = [s for s in sources if "?" in s or s in known.datasets]
    if not counts:
        return ()
    return Tally.objects.filter(source__in=counts, slice__in=newest_slices(units)).values_list(
        "slice__unit_id", "source", "slice__batch__period", "value"
    )
