"""Figure rows of one period as columns of numbers: the database writes each column as one text.

A province's page asks for ten thousand rows, a map for three thousand. As rows each value costs an
object; as texts, which numpy reads, a third. Whole numbers of 64 bits, exact as they are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from namro.web.facts import sql
from namro.web.facts.models import Figure

Whole = NDArray[np.int64]

FEW_TERMS = 30
"""So many are sought one by one; more are picked from the run of each unit."""

_BITS = 13
"""Of each of the three counts, which travel with the unit's id as one number; where one is more,
rows are read."""

_MOST = (1 << _BITS) - 1
# Nought where each count is from 0 to 8,191 and each id has its room; a sign stays a sign.
_TOO_LARGE = (
    f"MAX(((counted | heard | expected | (unit_id >> {63 - 4 * _BITS})) >> {_BITS})"
    f" & {(1 << 63) - 1})"
)


class Run(NamedTuple):
    """The rows of one term, in no certain order; the two sums × 10,000."""

    units: Whole
    numerator: Whole
    denominator: Whole
    counted: Whole
    heard: Whole
    expected: Whole


_Row = tuple[int, str, str, int, int, int, int, int]


class Packed(NamedTuple):
    """What is kept of some terms for a period."""

    period: str
    runs: dict[str, Run]

    def rows(self, terms: Collection[str]) -> list[_Row]:
        """The same as rows (see queries.FigureRow)."""
        found: list[_Row] = []
        for term in terms:
            if run := self.runs.get(term):
                units, *told = (column.tolist() for column in run)
                size = len(units)
                found += zip(units, [self.period] * size, [term] * size, *told, strict=True)
        return found


def read(terms: Collection[str], period: str, unit_ids: Collection[int]) -> Packed | None:
    """What is kept of some terms for a period, for units with all below them. One query.

    None where counts are too large for their room: to be read as rows.
    """
    where, told = _where(terms, period, unit_ids)
    columns = ", ".join([*map(sql.strung, ("numerator", "denominator", _counts())), _TOO_LARGE])
    statement = f"SELECT {columns}, {{}} FROM {Figure._meta.db_table} WHERE {where}"
    if len(terms) == 1:
        rows, (term,) = sql.rows(statement.format("''"), *told), terms
        if _is_too_large(rows):
            return None
        return Packed(period, {term: _run(rows)} if rows[0][0] else {})
    listed = "string_agg(term, ',')" if connection.vendor == "postgresql" else "group_concat(term)"
    rows = sql.rows(f"{statement.format(listed)} GROUP BY unit_id", *told)
    if _is_too_large(rows):
        return None
    return Packed(period, _by_term(rows, list(terms)) if rows else {})


def _where(
    terms: Collection[str], period: str, unit_ids: Collection[int]
) -> tuple[str, list[object]]:
    where, told = f"period = %s AND {sql.among('unit_id')}", [period, sql.listed(unit_ids)]
    if len(terms) > FEW_TERMS:
        return where, told
    return f"{where} AND {sql.among('term')}", [*told, sql.listed(terms)]


def _counts() -> str:
    """Unit, counted, heard, expected as one number."""
    whole = "::bigint" if connection.vendor == "postgresql" else ""
    places = (("unit_id", 3), ("counted", 2), ("heard", 1), ("expected", 0))
    return " | ".join(f"({name}{whole} << {_BITS * place})" for name, place in places)


def _is_too_large(rows: Sequence[sql.Row]) -> bool:
    """Whether any count or id had no room in the number it was packed into."""
    return any(row[3] for row in rows)


def _run(rows: Sequence[sql.Row]) -> Run:
    numerator, denominator, counts = (
        np.fromstring(",".join([row[n] for row in rows]), np.int64, sep=",") for n in range(3)
    )
    counted, heard, expected = ((counts >> _BITS * n) & _MOST for n in (2, 1, 0))
    return Run(counts >> 3 * _BITS, numerator, denominator, counted, heard, expected)


def _by_term(rows: Sequence[sql.Row], terms: list[str]) -> dict[str, Run]:
    """Rows of many terms, unit by unit, as a run for each term that was asked."""
    place = {term: n for n, term in enumerate(terms)}
    # Most units have the same terms in the same order: their text is looked through once.
    places = {
        told: np.array([place.get(term, -1) for term in told.split(",")], np.int16)
        for told in {row[4] for row in rows}
    }
    of_term = np.concatenate([places[row[4]] for row in rows])
    order = np.argsort(of_term, kind="stable")
    whole, starts = _run(rows), np.searchsorted(of_term[order], np.arange(len(terms) + 1))
    columns, found = [column[order] for column in whole], {}
    for term, (begin, end) in zip(terms, pairwise(starts.tolist()), strict=True):
        if begin < end:
            found[term] = Run(*(column[begin:end] for column in columns))
    return found
