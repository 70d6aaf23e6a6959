"""The present content of the ledger and of the slices of records, cell by cell.

Values are read and kept as the database has them, whole numbers of ten-thousandths; whoever asks
for one by its place gets the exact decimal. A form touches thousands of cells and uses hundreds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from namro.measuring.definitions import Library
from namro.terms import Period
from namro.web.facts import sql
from namro.web.facts.library import library
from namro.web.facts.models import BatchSlice, Tally
from namro.web.frame.exact import from_scaled, to_scaled

FAR = 36
"""Months: what must be read from longer ago than this is read apart, so that the rest is not."""


class UnitCells(Mapping[tuple[str, str], Decimal]):
    """What one unit says now: (source slug, period code) → value; what was withdrawn is absent."""

    def __init__(self, scaled: Mapping[str, dict[str, int]] | None = None) -> None:
        self._scaled: dict[str, dict[str, int]] = dict(scaled or {})

    def __getitem__(self, place: tuple[str, str]) -> Decimal:
        return from_scaled(self._scaled[place[0]][place[1]])

    def __contains__(self, place: object) -> bool:
        source, period = place  # type: ignore[misc]
        return source in self._scaled and period in self._scaled[source]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((source, period) for source, told in self._scaled.items() for period in told)

    def __len__(self) -> int:
        return sum(map(len, self._scaled.values()))

    def of(self, sources: Collection[str]) -> UnitCells:
        """Only what some sources say; it stays one with the whole."""
        return UnitCells({s: self._scaled[s] for s in sources if s in self._scaled})

    def scaled(self, source: str) -> Mapping[str, int]:
        """Period code → ten-thousandths, of one source."""
        return self._scaled.get(source, {})

    def put(self, source: str, period: str, value: Decimal | None) -> None:
        """Say a value anew, or (None) take it away."""
        told = self._scaled.setdefault(source, {})
        if value is None:
            told.pop(period, None)
        else:
            told[period] = to_scaled(value)


Cells = dict[int, UnitCells]
"""unit id → what it says; a unit that says nothing says it too."""


def cells_of(
    units: Collection[int],
    sources: Collection[str] | Mapping[str, int | None],
    known: Library | None = None,
) -> Cells:
    """Per unit, what elements and counts say now. One query, one more where some reach far back,
    one more where a count is asked.

    `sources`: slugs, or slug → the first month (as `Period.first`) that matters: what ends before
    it may be left out; None is all. `known`: the definitions, where they are at hand.
    """
    since = sources if isinstance(sources, Mapping) else dict.fromkeys(sources)
    found: dict[int, dict[str, dict[str, int]]] = {unit: defaultdict(dict) for unit in units}
    for asked, first in _parted(since):
        _read(found, units, asked, first)
    for unit, source, period, value in _tallies(units, since, known or library()):
        found[unit][source][period] = to_scaled(value)
    return {unit: UnitCells(told) for unit, told in found.items()}


def _parted(since: Mapping[str, int | None]) -> Iterator[tuple[list[str], int]]:
    """(sources, first month): those that reach far back apart from the others."""
    newest = max((month or 0 for month in since.values()), default=0)
    near = [s for s, month in since.items() if (month or 0) >= newest - FAR]
    far = [s for s, month in since.items() if (month or 0) < newest - FAR]
    for sources in (near, far):
        if sources:
            yield sources, min(since[s] or 0 for s in sources)


def _read(
    found: dict[int, dict[str, dict[str, int]]],
    units: Collection[int],
    sources: Collection[str],
    first: int,
) -> None:
    month = Period(first, 1).code if first else ""
    # A year's own code sorts before its months: it is asked by name, and bounds the index.
    rows = sql.rows(
        "SELECT unit_id, element, period, delta, dn FROM facts_observation "
        f"WHERE {sql.among('unit_id')} AND {sql.among('element')} AND period >= %s "
        "AND (period >= %s OR period = %s)",
        *(sql.listed(units), sql.listed(sources), month[:4], month, month[:4]),
    )
    gone = []
    for unit, element, period, delta, dn in rows:
        told = found[unit][element]
        if dn == 1 and period not in told:
            told[period] = delta
        else:
            gone.append((unit, element, period, delta, dn))
    _correct(found, gone)


def _correct(
    found: dict[int, dict[str, dict[str, int]]], later: list[tuple[int, str, str, int, int]]
) -> None:
    """Add corrections, withdrawals and what was said again to the first values."""
    standing: dict[tuple[int, str, str], int] = {}
    for unit, element, period, delta, dn in later:
        told = found[unit][element]
        told[period] = told.get(period, 0) + delta
        standing[unit, element, period] = standing.get((unit, element, period), 1) + dn
    for (unit, element, period), n in standing.items():
        if not n:
            del found[unit][element][period]


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
