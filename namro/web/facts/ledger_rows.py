"""Rows of the ledger as columns, as fast as the database gives them: forty million are ordinary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
from django.db import connection

from namro.measuring.store import exact_column
from namro.web.facts.models import Observation

_TAKEN = 50_000
"""Rows held as Python objects at a time: some 30 MB."""

_TEXT = (
    "SELECT id, element, unit_id, period, value, delta, dn, recorded_at "
    f"FROM {Observation._meta.db_table} WHERE id > %s AND id <= %s ORDER BY id LIMIT %s"
)
# A withdrawal has no value; the contract wants 0 there, delta and dn say it all.
_TYPES = {
    "id": pa.int64(),
    "element": pa.string(),
    "unit": pa.int64(),
    "period": pa.string(),
    "value": pa.int64(),
    "delta": pa.int64(),
    "dn": pa.int64(),
}


def columns_of(after: int, last: int, most: int, codes: Mapping[int, str]) -> Any:
    """The next rows after an id, `most` at most, as a pyarrow table; None where none is left.

    Columns as measuring/schema.py has them; `codes`: unit id → its code.
    """
    pieces = [_columns(rows, codes) for rows in _rows(after, last, most)]
    return pa.concat_tables(pieces).combine_chunks() if pieces else None


def _rows(after: int, last: int, most: int) -> Iterator[list[tuple[Any, ...]]]:
    left = most
    while left > 0:
        with connection.cursor() as cursor:
            cursor.execute(_TEXT, [after, last, min(left, _TAKEN)])
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after, left = rows[-1][0], left - len(rows)


def _columns(rows: list[tuple[Any, ...]], codes: Mapping[int, str]) -> Any:
    *columns, moments = zip(*rows, strict=True)
    told = {
        name: pa.array(column, kind)
        for (name, kind), column in zip(_TYPES.items(), columns, strict=True)
    }
    units = told["unit"].dictionary_encode()
    named = pa.array([codes[unit] for unit in units.dictionary.to_pylist()])
    told["unit"] = named.take(units.indices)
    for name in ("value", "delta"):
        told[name] = exact_column(told[name].fill_null(0))
    told["recorded_at"] = _moments(moments)
    return pa.table(told)


def _moments(told: tuple[Any, ...]) -> Any:
    """SQLite gives texts in UTC, PostgreSQL moments with a zone."""
    if isinstance(told[0], str):
        return pa.array(told).cast(pa.timestamp("us"))
    return pa.array(told, pa.timestamp("us", tz="UTC")).cast(pa.timestamp("us"))
