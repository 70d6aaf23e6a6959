"""Figure rows of a whole period as arrays, read and written in bulk: for checking and rebuilding.

Rows and arrays both hold whole numbers of ten-thousandths, so nothing is turned on the way.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection
from pyarrow import csv

from namro.measuring import Columns
from namro.measuring.definitions import Term
from namro.terms import Period
from namro.web.facts import sql
from namro.web.facts.models import Figure
from namro.web.org.models import Unit

_TABLE = Figure._meta.db_table
PARTS = ("numerator", "denominator", "counted", "heard", "expected")
_OWN = [f"own_{name}" for name in PARTS]
_TAKEN = 5_000
"""Rows held as Python objects at a time: few, so that they stay near."""

# What a unit put in by itself is mostly nothing (who stands above) or all (who has nobody below).
_HOW = (
    f"CASE WHEN {' AND '.join(f'{name} = 0' for name in reversed(_OWN))} THEN 0 "
    f"WHEN {' AND '.join(f'own_{n} = {n}' for n in reversed(PARTS))} THEN 1 ELSE 2 END"
)
_COUNTS = "(CAST(counted AS BIGINT) << 40) | (CAST(heard AS BIGINT) << 20) | expected"
_FEW = 2**20
_READ = (
    f"SELECT unit_id, term, numerator, denominator, {_COUNTS}, {_HOW} "
    f"FROM {_TABLE} WHERE period = %s"
)
_READ_OWN = (
    f"SELECT unit_id, term, {', '.join(_OWN)} FROM {_TABLE} WHERE period = %s AND {_HOW} = 2"
)
_LARGE = f"SELECT 1 FROM {_TABLE} WHERE period = %s AND expected >= {_FEW} LIMIT 1"


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
        """The flat places of rows; -1 for a term that is not among these."""
        rows = np.fromiter((self._row.get(t, -1) for t in terms), np.int64, len(terms))
        places = rows * len(self.units) + self._column[np.array(units, np.int64)]
        return np.where(rows < 0, -1, places)

    def empty(self, period: Period) -> Columns:
        """Nothing said of any of the terms and units."""
        own = Columns.empty(period, self.terms, self.units)
        return Columns.empty(period, self.terms, self.units, own)


def read(period: Period, places: Places) -> tuple[Columns, list[tuple[int, str]]]:
    """The figure rows of a period; and (unit id, term) of rows of other terms that say something.

    Raises ValueError where more units are counted than the packed reading holds (a million).
    """
    if sql.rows(_LARGE, period.code):
        raise ValueError(f"Kỳ {period.code}: quá nhiều đơn vị phải báo trong một dòng.")
    found, strange = places.empty(period), []
    assert found.own is not None
    for units, terms, above, below, counts, how in _read(_READ, period):
        place, told = places.of(units, terms), np.array([above, below, counts], np.int64)
        lost = (place < 0) & told.any(axis=0)
        strange += [(units[n], terms[n]) for n in np.flatnonzero(lost)]
        place, told, how = place[place >= 0], told[:, place >= 0], np.array(how)[place >= 0]
        parts = (told[0], told[1], told[2] >> 40, (told[2] >> 20) % _FEW, told[2] % _FEW)
        for name, values in zip(PARTS, parts, strict=True):
            getattr(found, name).reshape(-1)[place] = values
            getattr(found.own, name).reshape(-1)[place] = values * (how == 1)
    for units, terms, *parts in _read(_READ_OWN, period):
        place = places.of(units, terms)
        for name, values in zip(PARTS, parts, strict=True):
            getattr(found.own, name).reshape(-1)[place[place >= 0]] = np.array(values)[place >= 0]
    return found, strange


def _read(statement: str, period: Period) -> Iterator[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [period.code])
        while rows := cursor.fetchmany(_TAKEN):
            yield list(zip(*rows, strict=True))


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
    _load(
        {
            "period": told.period.code,
            "unit_id": places.pks[column],
            "term": slugs[row],
            **{name: getattr(told, name)[row, column] for name in PARTS},
            **{f"own_{name}": getattr(told.own, name)[row, column] for name in PARTS},
        }
    )
    return len(row)


def _load(columns: Mapping[str, Any]) -> None:
    """Add rows given by column: an array, or one value that all have."""
    named = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {_TABLE} ({named}) FROM STDIN WITH (FORMAT csv)") as copy:
                copy.write(_as_csv(columns))
            return
        asked = ", ".join(["?"] * len(columns))
        told = (c.tolist() if isinstance(c, np.ndarray) else repeat(c) for c in columns.values())
        # Django's own cursor rewrites the statement and keeps it for its log: not for millions.
        cursor.cursor.connection.executemany(
            f"INSERT INTO {_TABLE} ({named}) VALUES ({asked})", zip(*told, strict=False)
        )


def _as_csv(columns: Mapping[str, Any]) -> memoryview:
    many = next(len(c) for c in columns.values() if isinstance(c, np.ndarray))
    told = {
        name: pa.array(c) if isinstance(c, np.ndarray) else pa.repeat(c, many)
        for name, c in columns.items()
    }
    sink = io.BytesIO()
    csv.write_csv(pa.table(told), sink, csv.WriteOptions(include_header=False))
    return sink.getbuffer()
