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
_HOW = (
    f"CASE WHEN {' AND '.join(f'{name} = 0' for name in reversed(_OWN))} THEN 0 "
    f"WHEN {' AND '.join(f'own_{n} = {n}' for n in reversed(PARTS))} THEN 1 ELSE 2 END"
)
_APART = 2
_COUNTS = "(CAST(counted AS BIGINT) << 40) | (CAST(heard AS BIGINT) << 20) | expected"
_FEW = 2**20
_READ_OWN = (
    f"SELECT unit_id, term, {', '.join(_OWN)} FROM {_TABLE} WHERE period = %s AND {_HOW} = 2"
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

    def empty(self, period: Period) -> Columns:
        """Nothing said of any of the terms and units."""
        own = Columns.empty(period, self.terms, self.units)
        return Columns.empty(period, self.terms, self.units, own)


def _reading() -> str:
    """All figures of a unit in one row, column by column: an object for each is what costs."""
    listed = "string_agg(CAST({} AS text), ',')" if connection.vendor == "postgresql" else None
    told = (
        (listed or "group_concat({})").format(column)
        for column in ("term", "numerator", "denominator", _COUNTS, _HOW)
    )
    return (
        f"SELECT unit_id, MAX(expected), {', '.join(told)} FROM {_TABLE} "
        "WHERE period = %s GROUP BY unit_id"
    )


def read(period: Period, places: Places) -> tuple[Columns, list[tuple[int, str]]]:
    """The figure rows of a period; and (unit id, term) of rows of other terms that say something.

    Raises ValueError where more units are counted than the packed reading holds (a million).
    """
    found, rows = places.empty(period), sql.rows(_reading(), period.code)
    assert found.own is not None
    units, most, terms, *texts = zip(*rows, strict=True) if rows else [()] * 7
    if max(most, default=0) >= _FEW:
        raise ValueError(f"Kỳ {period.code}: quá nhiều đơn vị phải báo trong một dòng.")
    place = places.of(units, terms)
    above, below, counts, how = (
        np.fromstring(",".join(text), dtype=np.int64, sep=",") for text in texts
    )
    parts = (above, below, counts >> 40, (counts >> 20) % _FEW, counts % _FEW)
    known = place >= 0
    for name, values in zip(PARTS, parts, strict=True):
        getattr(found, name).reshape(-1)[place[known]] = values[known]
        getattr(found.own, name).reshape(-1)[place[known]] = (values * (how == 1))[known]
    apart = sql.rows(_READ_OWN, period.code) if (how == _APART).any() else ()
    for unit, term, *own in apart:
        [here] = places.of([unit], [term])
        for name, value in zip(PARTS, own, strict=True):
            if here >= 0:
                getattr(found.own, name).reshape(-1)[here] = value
    told = (above != 0) | (below != 0) | (counts != 0)
    strange = np.flatnonzero(~known & told).tolist()
    return found, _named(units, terms, strange)


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
