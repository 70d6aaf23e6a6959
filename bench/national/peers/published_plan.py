"""DHIS2's published query plan on PostgreSQL 15: the questions, as its planner puts them.

Sums of flows: one statement. The last value of stocks: one statement for every single period, each
of which ranks the whole country's values of the elements. The planner reads the tables of the years
that are asked ("cut": the look-back of ten years ends at New Year); "full" reads all of them, which
is what the answer needs.
"""

from __future__ import annotations

from typing import Any

from bench.national.peers.asking import matrix
from bench.national.peers.country import Country, Question, Whole
from bench.national.peers.published_tables import element_uid, unit_uid
from namro.terms import Calendar, Period

_FLOW = """
SELECT dx, monthly, uidlevel2, sum(value) FROM {source} ax
WHERE dx IN ({elements}) AND monthly IN ({months}) AND uidlevel2 IN ({provinces})
  AND year IN ({years})
GROUP BY dx, monthly, uidlevel2
"""

_STOCK = """
SELECT dx, monthly, uidlevel2, sum(value) FROM (
  SELECT year, pestartdate, peenddate, oulevel, daysxvalue, daysno, value, textvalue, dx,
         cast('{month}' AS text) AS monthly, uidlevel2,
         row_number() OVER (PARTITION BY dx, ou, co, ao
                            ORDER BY peenddate DESC, pestartdate DESC) AS pe_rank
  FROM {source} ax
  WHERE pestartdate >= '{since}' AND peenddate <= '{end}'
    AND (value IS NOT NULL OR textvalue IS NOT NULL)
) ax
WHERE dx IN ({elements}) AND uidlevel2 IN ({provinces}) AND year IN ({years}) AND pe_rank = 1
GROUP BY dx, monthly, uidlevel2
"""


class PublishedPlan:
    """`connection`: psycopg's, of its own for the session."""

    def __init__(self, connection: Any, country: Country, *, cut: bool) -> None:
        self.name = f"DHIS2's published query plan on PostgreSQL 15, {'cut' if cut else 'full'}"
        self._connection, self._country, self._cut = connection, country, cut

    def ask(self, question: Question) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            if question.kind == "flow":
                return cursor.execute(self._flow(question)).fetchall()
            found = []
            for month in question.months:
                found += cursor.execute(self._stock(question, month)).fetchall()
            return found

    def _flow(self, question: Question) -> str:
        periods = [self._country.periods[m] for m in question.months]
        years = sorted({p.first // 12 for p in periods})
        return _FLOW.format(
            source=_source(years),
            months=_listed(p.code for p in periods),
            years=", ".join(map(str, years)),
            **_dimensions(question),
        )

    def _stock(self, question: Question, month: int) -> str:
        period: Period = self._country.periods[month]
        end, year = period.last_day(Calendar.CALENDAR), period.first // 12
        known = sorted({p.first // 12 for p in self._country.periods if p.first // 12 <= year})
        years = [year] if self._cut else known
        return _STOCK.format(
            source=_source(years),
            month=period.code,
            since=end.replace(year=year - 10, day=1),
            end=end,
            years=", ".join(map(str, years)),
            **_dimensions(question),
        )

    def cells(self, question: Question, answer: list[tuple[Any, ...]]) -> Whole:
        codes = {p.code: m for m, p in enumerate(self._country.periods)}
        return matrix(
            question,
            [(int(dx[2:]), codes[pe], int(ou[2:]) - 1, round(v)) for dx, pe, ou, v in answer],
        )


def _source(years: list[int]) -> str:
    """One child by its name; several as a union."""
    if len(years) == 1:
        return f"analytics_{years[0]}"
    return f"({' UNION ALL '.join(f'SELECT * FROM analytics_{y}' for y in years)})"


def _dimensions(question: Question) -> dict[str, str]:
    return {
        "elements": _listed(element_uid(e) for e in question.elements),
        "provinces": _listed(unit_uid(1 + p) for p in question.provinces),
    }


def _listed(words: Any) -> str:
    return ", ".join(f"'{word}'" for word in words)
