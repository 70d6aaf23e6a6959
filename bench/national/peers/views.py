"""PostgreSQL's materialised views: the matrix kept, and made anew when something was written."""

from __future__ import annotations

from typing import Any

from bench.national.peers.asking import matrix
from bench.national.peers.country import Question, Whole

# What a commune told holds until it tells the next: spans of months, opened, summed by province.
_KEPT = {
    "kept_flow": """
SELECT dv.dataelementid, dv.periodid, ou.uidlevel2, sum(dv.value::bigint) AS value
FROM datavalue dv JOIN analytics_rs_orgunitstructure ou ON ou.organisationunitid = dv.sourceid
WHERE NOT dv.deleted GROUP BY 1, 2, 3""",
    "kept_stock": """
SELECT dataelementid, asked AS periodid, uidlevel2, sum(value) AS value FROM (
  SELECT dv.dataelementid, dv.periodid, ou.uidlevel2, dv.value::bigint AS value,
         lead(dv.periodid, 1, (SELECT max(periodid) + 1 FROM analytics_rs_periodstructure))
           OVER (PARTITION BY dv.dataelementid, dv.sourceid ORDER BY dv.periodid) AS until
  FROM datavalue dv JOIN analytics_rs_orgunitstructure ou ON ou.organisationunitid = dv.sourceid
  WHERE NOT dv.deleted
) told, generate_series(told.periodid, told.until - 1) AS asked
GROUP BY 1, 2, 3""",
}


class KeptViews:
    """Two views, each with a unique index on its cells."""

    name = "PostgreSQL materialised views"

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def build(self) -> None:
        """Make the views, once; their cost is a full refresh's."""
        for view, text in _KEPT.items():
            self._connection.execute(f"CREATE MATERIALIZED VIEW IF NOT EXISTS {view} AS {text}")
            self._connection.execute(
                f"CREATE UNIQUE INDEX IF NOT EXISTS {view}_cell "
                f"ON {view} (dataelementid, periodid, uidlevel2)"
            )
            self._connection.execute(f"ANALYZE {view}")

    def refresh(self) -> None:
        """What a written stock value costs until it is seen."""
        self._connection.execute("REFRESH MATERIALIZED VIEW kept_stock")

    def ask(self, question: Question) -> list[tuple[Any, ...]]:
        view = "kept_flow" if question.kind == "flow" else "kept_stock"
        return self._connection.execute(
            f"SELECT * FROM {view} WHERE dataelementid = ANY(%s) AND periodid = ANY(%s) "
            "AND uidlevel2 = ANY(%s)",
            [
                list(question.elements),
                list(question.months),
                [f"ou{1 + p:09d}" for p in question.provinces],
            ],
        ).fetchall()

    def cells(self, question: Question, answer: list[tuple[Any, ...]]) -> Whole:
        return matrix(question, [(e, m, int(ou[2:]) - 1, int(v)) for e, m, ou, v in answer])
