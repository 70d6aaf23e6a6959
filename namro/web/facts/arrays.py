"""Figure rows of a whole period as arrays, read and written in bulk: for checking and rebuilding.

Rows and arrays both hold whole numbers of ten-thousandths, so nothing is turned on the way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from django.db import connection

from namro.measuring import Columns
from namro.measuring.definitions import Term
from namro.terms import Period
from namro.web.facts import sql
from namro.web.facts.bulk import load
from namro.web.facts.models import Figure
from namro.web.org.models import Unit

_TABLE = Figure._meta.db_table
PARTS = ("numerator", "denominator", "counted", "heard", "expected")
_OWN = [f"own_{name}" for name in PARTS]
# What a unit put in by itself is mostly nothing (who stands above) or all (who has nobody below).
_NONE, _ALL, _APART = range(3)
_HOW = (
    f"CASE WHEN {' AND '.join(f'{name} = 0' for name in reversed(_OWN))} THEN {_NONE} "
    f"WHEN {' AND '.join(f'own_{n} = {n}' for n in reversed(PARTS))} THEN {_ALL} "
    f"ELSE {_APART} END"
)
# Three counts of twenty bits and the above in one number: writing numbers as text is what costs.
# A row whose counts need more (or are below nought) is read apart, part by part.
_BITS = 20
_PACKED = (
    f"CASE WHEN (counted | heard | expected) >> {_BITS} <> 0 THEN {_APART} ELSE "
    f"(CAST(counted AS BIGINT) << {2 + 2 * _BITS}) | (CAST(heard AS BIGINT) << {2 + _BITS}) "
    f"| (CAST(expected AS BIGINT) << 2) | ({_HOW}) END"
)
_READ_APART = (
    f"SELECT unit_id, term, {', '.join((*PARTS, *_OWN))} FROM {_TABLE} "
    f"WHERE period = %s AND ({_PACKED}) & 3 = {_APART}"
)


class Places:
    """Which row and column of the arrays a figure row belongs to."""

    def __init__(self, terms: Sequence[Term]) -> None:
        units = list(Unit.objects.order_by("code").values_list("pk", "code"))
        self.terms = tuple(terms)
        self.units = tuple(code for _, code in units)
        self.pks = np.array([pk for pk, _ in units], np.int64)
        self._row = {term.slug: n for n, term in enumerate(terms)}
        self._column = np.full(int(self.pks.max(initial=0)) + 1, -1, np.int64)
        self._column[self.pks] = np.arange(len(units))

    def of(self, units: Sequence[int], terms: Sequence[str]) -> np.ndarray:
        """The flat places of rows, `terms` of each unit parted by commas; -1 where a term is not
        among these."""
        alike: dict[str, np.ndarray] = {}
        for told in terms:
            if told not in alike:
                alike[told] = np.array([self._row.get(t, -1) for t in told.split(",")], np.int64)
        rows = np.concatenate([alike[told] for told in terms] or [np.zeros(0, np.int64)])
        columns = np.repeat(
            self._column[np.array(units, np.int64)], [len(alike[told]) for told in terms]
        )
        return np.where(rows < 0, -1, rows * len(self.units) + columns)

    def are_of(self, told: Columns) -> bool:
        """Whether an answer has these rows and columns, no others, in this order."""
        return told.own is not None and (told.terms, told.units) == (self.terms, self.units)

    def empty(self, period: Period) -> Columns:
        """Nothing said of any of the terms and units."""
        own = Columns.empty(period, self.terms, self.units)
        return Columns.empty(period, self.terms, self.units, own)


def _reading() -> str:
    """All figures of a unit in one row, column by column: an object for each is what costs."""
    listed = "string_agg(CAST({} AS text), ',')" if connection.vendor == "postgresql" else None
    told = (
        (listed or "group_concat({})").format(column)
        for column in ("term", "numerator", "denominator", _PACKED)
    )
    return f"SELECT unit_id, {', '.join(told)} FROM {_TABLE} WHERE period = %s GROUP BY unit_id"


def read(period: Period, places: Places) -> tuple[Columns, list[tuple[int, str]]]:
    """The figure rows of a period, and (unit id, term) of others that say something."""
    found, rows = places.empty(period), sql.rows(_reading(), period.code)
    assert found.own is not None
    units, terms, *texts = zip(*rows, strict=True) if rows else [()] * 5
    place = places.of(units, terms)
    above, below, packed = (
        np.fromstring(",".join(text), dtype=np.int64, sep=",") for text in texts
    )
    counts, how = packed >> 2, packed & 3
    few = (1 << _BITS) - 1
    parts = (above, below, counts >> 2 * _BITS, (counts >> _BITS) & few, counts & few)
    known = place >= 0
    here, put_in = place[known], how[known] == _ALL
    for name, values in zip(PARTS, parts, strict=True):
        told = values[known]
        getattr(found, name).reshape(-1)[here] = told
        getattr(found.own, name).reshape(-1)[here] = told * put_in
    if (how == _APART).any():
        _read_apart(found, places)
    told = (above != 0) | (below != 0) | (packed > _NONE)
    return found, _named(units, terms, np.flatnonzero(~known & told).tolist())


def _read_apart(found: Columns, places: Places) -> None:
    """Put in the rows that the packed reading does not hold, part by part."""
    assert found.own is not None
    parts = (*((found, name) for name in PARTS), *((found.own, name) for name in PARTS))
    rows = sql.rows(_READ_APART, found.period.code)
    for unit, term, *values in rows:
        [here] = places.of([unit], [term])
        for (one, name), value in zip(parts, values, strict=True):
            if here >= 0:
                getattr(one, name).reshape(-1)[here] = value


def _named(
    units: Sequence[int], terms: Sequence[str], rows: Sequence[int]
) -> list[tuple[int, str]]:
    """(unit id, term) of some rows, counted through all units."""
    if not rows:
        return []
    every = [
        (unit, term) for unit, told in zip(units, terms, strict=True) for term in told.split(",")
    ]
    return [every[row] for row in rows]


def write(told: Columns, places: Places) -> int:
    """Add a period's figure rows: of every term and unit beneath which somebody owes it, or keeps
    something; give their number. The rows must not be there yet."""
    assert told.own is not None and told.units == places.units
    said = np.zeros(told.numerator.shape, bool)
    for name in PARTS:
        said |= (getattr(told, name) != 0) | (getattr(told.own, name) != 0)
    column, row = np.nonzero(said.T)  # in the order of the key: unit, then term
    order = np.lexsort((np.array([t.slug for t in told.terms])[row], places.pks[column]))
    row, column = row[order], column[order]
    slugs = np.array([term.slug for term in told.terms], dtype=object)
    load(
        _TABLE,
        {
            "period": told.period.code,
            "unit_id": places.pks[column],
            "term": slugs[row],
            **{name: getattr(told, name)[row, column] for name in PARTS},
            **{f"own_{name}": getattr(told.own, name)[row, column] for name in PARTS},
        },
    )
    return len(row)
