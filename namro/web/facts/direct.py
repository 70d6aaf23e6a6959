"""What the figure rows of a period should be, computed over the store: all terms, all units."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from namro.measuring import Columns, Tables, columns, open_store
from namro.measuring.definitions import Measure
from namro.measuring.dense import fits
from namro.terms import Period
from namro.web.facts import arrays, expectations, feed, live
from namro.web.facts.rules import in_force


class Stores:
    """The store, opened once and again only when it was fed: many periods are asked in a row."""

    def __init__(self) -> None:
        self._state: feed.State | None = None
        self._tables: Tables | None = None

    def tables(self) -> Tables:
        """Tables with all that the database holds now."""
        store, state = feed.fresh()
        if self._tables is None or state != self._state:
            self.close()
            self._tables, self._state = open_store(store), state
        return self._tables

    @property
    def is_behind(self) -> bool:
        """Whether the database holds more, or other things, than what was opened last."""
        return self._state != feed.present()

    def close(self) -> None:
        if self._tables is not None:
            self._tables.close()
            self._tables = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def columns_of(
    measures: list[Measure],
    places: arrays.Places,
    owing: expectations.Owing,
    period: Period,
    tables: Tables,
) -> Columns:
    """The parts of all terms at all units, and what each unit put in by itself.

    The latter is computed over the store too where arrays can, else from the units' cells of now.
    """
    told = columns(measures, tables, period=period, with_own=True)
    found = told if places.are_of(told) else places.empty(period).with_rows_of(told)
    assert found.own is not None
    by_arrays = (
        {term.slug for term in places.terms if fits(term)} if told.own is not None else set()
    )
    column = {pk: n for n, pk in enumerate(places.pks.tolist())}
    asked = [
        (row, (unit, term, period))
        for row, term in enumerate(places.terms)
        if term.slug not in by_arrays
        for slug, unit in sorted(owing)
        if slug == term.measure
    ]
    parts = live.compute([leaf for _, leaf in asked]) if asked else []
    for (row, (unit, term, _)), own in zip(asked, parts, strict=True):
        owes = in_force(owing[term.measure, unit], period.last_day(term.calendar))
        found.own.put(row, column[unit], own, int(owes))
    return found
