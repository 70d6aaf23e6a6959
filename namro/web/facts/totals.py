"""Figure rows as they are kept: what each unit put in is read, differences are added to them.

Whole numbers throughout, as the database has them. Rows are never read to be written: a difference
is added where it belongs, all of a transaction in one statement, in one order of keys.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from operator import add

from django.db import DataError, connection

from namro.measuring.figures import NOTHING, Parts
from namro.web.facts import sql, versions
from namro.web.facts.models import Figure
from namro.web.facts.rules import FaultySaying
from namro.web.frame.exact import to_scaled

Key = tuple[str, int, str]
"""A figure row: (period code, unit id, term), the order in which rows lie."""

Scaled = tuple[int, int, int, int, int]
"""Numerator and denominator in ten-thousandths, counted, heard, expected."""

NONE: Scaled = (0, 0, 0, 0, 0)

_PARTS = ("numerator", "denominator", "counted", "heard", "expected")
_OWN = tuple(f"own_{name}" for name in _PARTS)
_KEY = ("period", "unit_id", "term")
_COLUMNS = (*_KEY, *_PARTS, *_OWN)
_TABLE = Figure._meta.db_table
_LARGEST = 2**63 - 1  # what a figure's column holds

# SQLite would go on with inexact numbers where a sum is too large, PostgreSQL refuses.
_ADD = (
    f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET "
    + ", ".join(f"{name} = {_TABLE}.{name} + excluded.{name}" for name in (*_PARTS, *_OWN))
    + " WHERE "
    + " AND ".join(f"abs({_TABLE}.{n} + excluded.{n}) <= {_LARGEST}" for n in _PARTS[:2])
)
_READ = f"SELECT {', '.join((*_KEY, *_OWN))} FROM {_TABLE} WHERE "


def scaled(parts: Parts, expected: int) -> Scaled:
    """Parts as the database has them."""
    if parts is NOTHING:
        return 0, 0, 0, 0, expected
    above, below = to_scaled(parts.numerator), to_scaled(parts.denominator)
    return above, below, parts.counted, parts.heard, expected


def less(now: Scaled, before: Scaled) -> Scaled:
    """The difference from one to the other."""
    a, b, c, d, e = now
    return a - before[0], b - before[1], c - before[2], d - before[3], e - before[4]


def asking(
    periods: Collection[str], units: Collection[int], terms: Collection[str]
) -> sql.Statement:
    """What asks for that which units themselves put in."""
    return sql.Statement(
        _READ + " AND ".join(map(sql.among, _KEY)),
        [*map(sql.listed, (periods, units, terms))],
    )


def own(rows: Iterable[sql.Row]) -> dict[Key, Scaled]:
    """What was answered."""
    return {row[:3]: row[3:] for row in rows}


_SUMS = ", ".join(f"CAST(SUM(sign * {name}) AS BIGINT)" for name in _OWN)
_LINKS = {
    # CROSS JOIN: SQLite is to look each unit's run of rows up, not the other way round.
    "sqlite": "(SELECT json_extract(value, '$[0]') AS unit, json_extract(value, '$[1]') AS "
    "ancestor, json_extract(value, '$[2]') AS sign FROM json_each(%s))",
    "postgresql": "(SELECT (value->>0)::bigint AS unit, (value->>1)::bigint AS ancestor, "
    "(value->>2)::int AS sign FROM json_array_elements(%s::json))",
}


def moved(
    period: str, links: Collection[tuple[int, int, int]], terms: Collection[str]
) -> list[sql.Row]:
    """(ancestor, term, five sums): what units themselves put in, summed for those above them.

    `links`: (unit, ancestor, 1 to be added or -1 to be taken away).
    """
    if not links:
        return []
    return sql.rows(
        f"SELECT ancestor, term, {_SUMS} FROM {_LINKS[connection.vendor]} AS link "
        f"CROSS JOIN {_TABLE} AS f WHERE f.period = %s AND f.unit_id = link.unit "
        f"AND {sql.among('f.term')} GROUP BY ancestor, term",
        *(json.dumps(links), period, sql.listed(terms)),
    )


def drop_empty(periods: Collection[str], units: Collection[int]) -> None:
    """Drop rows of units that say nothing: neither they nor anyone beneath them owes the measure,
    nor do they keep anything."""
    nothing = " AND ".join(f"{name} = 0" for name in (*_PARTS, *_OWN))
    sql.update(
        f"DELETE FROM {_TABLE} WHERE {sql.among('period')} AND {sql.among('unit_id')} "
        f"AND {nothing}",
        [(sql.listed(periods), sql.listed(units))],
    )


class Differences:
    """What is to be added to which rows."""

    def __init__(self) -> None:
        self._whole: dict[Key, Scaled] = defaultdict(lambda: NONE)
        self._own: dict[Key, Scaled] = {}

    def add(self, period: str, units: Iterable[int], term: str, difference: Scaled) -> None:
        """A difference to all of these units' rows."""
        for unit in units:
            key = (period, unit, term)
            before = self._whole[key]
            self._whole[key] = difference if before is NONE else tuple(map(add, before, difference))

    def put_in(self, period: str, unit: int, term: str, difference: Scaled) -> None:
        """What the unit itself put in differs by so much; its row is added to by `add`."""
        self._own[period, unit, term] = difference

    def write(self) -> int:
        """Add everything to the rows; give how many were touched.

        Raises FaultySaying where a total would become too large: then nothing may be kept.
        """
        whole, mine = self._whole, self._own
        told = [(*key, *whole[key], *mine.get(key, NONE)) for key in sorted(whole)]
        if not told:
            return 0
        change = sql.inserting(Figure, _COLUMNS, told, then=_ADD)
        statements, place = versions.noted(change, {key[:2] for key in whole})
        try:
            written = sql.together(statements)[place].changed
        except (DataError, OverflowError) as why:
            raise _too_large() from why
        if written != len(told):
            raise _too_large()
        return written


def _too_large() -> FaultySaying:
    return FaultySaying(
        "Chưa ghi được số liệu: cộng vào thì tổng của cấp trên lớn quá mức hệ thống ghi được. "
        "Hãy kiểm tra lại số và đơn vị tính."
    )
