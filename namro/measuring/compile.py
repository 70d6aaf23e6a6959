"""Measures → one SQL statement, and the rows that feed it. No connection in here.

One fixed, portable text computes any number of measures × units × periods: what differs between
measures are rows (`asked`, `terms`, `term_items`), never text. Only the tally of raw records is
generated. The text sums and counts exact decimals; it never divides, rounds, compares with a
threshold or reads a date of validity: engines differ in all of that, Python does it (`direct.py`).

Stages: the ledger as of a moment → cells; cells → windows (stock, flow) → leaves that owe the
measure → their ancestors, each once, whatever trees they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from namro.measuring.figures import due_first, window
from namro.measuring.kinds import Condition, Count, Term
from namro.measuring.schema import Type
from namro.terms import Period

FEEDING: Mapping[str, Mapping[str, Type]] = {
    # (term, ask): a term for one asked period; months count from year 0; what ends before
    # due_month is an older report than the one due
    "asked": {
        "term": "text",
        "ask": "text",
        "first_month": "whole",
        "last_month": "whole",
        "due_month": "whole",
        "on_day": "date",
    },
    "terms": {"term": "text", "measure": "text", "needed": "whole", "alone": "flag"},
    "term_items": {
        "term": "text",
        "item": "text",
        "side": "text",
        "is_needed": "flag",
        "is_stock": "flag",
        "carry": "whole",
    },
    "spans": {"period": "text", "first_month": "whole", "last_month": "whole"},
    "nested": {"period": "text", "longer": "text"},
    "tallies": {"item": "text", "unit": "text", "period": "text", "value": "exact"},
    "asked_units": {"unit": "text"},
    "slices": {"batch": "text", "unit": "text", "period": "text"},
}
"""What feeds the statements: table → column → type."""

Rows = list[tuple[Any, ...]]

STATEMENT = """
WITH cells AS (
  SELECT o.element AS item, o.unit, s.period, s.first_month, s.last_month, SUM(o.delta) AS value
  FROM observations o JOIN spans s ON s.period = o.period
  WHERE o.recorded_at <= $as_of AND o.element IN (SELECT item FROM term_items)
  GROUP BY o.element, o.unit, s.period, s.first_month, s.last_month
  HAVING SUM(o.dn) > 0
  UNION ALL
  SELECT t.item, t.unit, s.period, s.first_month, s.last_month, t.value
  FROM tallies t JOIN spans s ON s.period = t.period
),
stock_cells AS (
  SELECT a.term, a.ask, i.item, i.side, i.is_needed, c.unit, c.value,
         CASE WHEN c.last_month >= a.due_month THEN 1 ELSE 0 END AS fresh,
         ROW_NUMBER() OVER (
           PARTITION BY a.term, a.ask, i.item, i.side, c.unit
           ORDER BY c.last_month DESC, c.first_month DESC
         ) AS place
  FROM term_items i
  JOIN cells c ON c.item = i.item
  JOIN asked a ON a.term = i.term AND c.last_month <= a.last_month
              AND a.last_month - c.last_month <= i.carry
  WHERE i.is_stock
),
stock_leaves AS (
  SELECT k.term, k.ask, k.unit,
         SUM(CASE WHEN k.side = 'numerator' THEN k.value END) AS numerator,
         SUM(CASE WHEN k.side = 'denominator' THEN k.value END) AS denominator,
         MIN(CASE WHEN k.is_needed THEN k.fresh END) AS heard
  FROM stock_cells k JOIN terms t ON t.term = k.term
  WHERE k.place = 1
  GROUP BY k.term, k.ask, k.unit, t.needed
  HAVING SUM(CASE WHEN k.is_needed THEN 1 ELSE 0 END) = t.needed
),
flow_cells AS (
  SELECT i.term, c.unit, c.period, c.first_month, c.last_month,
         SUM(CASE WHEN i.side = 'numerator' THEN c.value END) AS numerator,
         SUM(CASE WHEN i.side = 'denominator' THEN c.value END) AS denominator
  FROM term_items i
  JOIN terms t ON t.term = i.term
  JOIN cells c ON c.item = i.item
  WHERE NOT i.is_stock
  GROUP BY i.term, c.unit, c.period, c.first_month, c.last_month, t.needed
  HAVING COUNT(*) = t.needed
),
flow_windows AS (
  SELECT a.ask, CASE WHEN f.last_month >= a.due_month THEN 1 ELSE 0 END AS fresh, f.*
  FROM flow_cells f
  JOIN asked a ON a.term = f.term AND f.first_month >= a.first_month
              AND f.last_month <= a.last_month
),
flow_covered AS (
  SELECT DISTINCT w.term, w.ask, w.unit, w.period
  FROM flow_windows w
  JOIN nested n ON n.period = w.period
  JOIN flow_windows l ON l.term = w.term AND l.ask = w.ask AND l.unit = w.unit
                     AND l.period = n.longer
),
flow_leaves AS (
  SELECT w.term, w.ask, w.unit,
         SUM(w.numerator) AS numerator, SUM(w.denominator) AS denominator,
         MAX(w.fresh) AS heard
  FROM flow_windows w
  LEFT JOIN flow_covered c ON c.term = w.term AND c.ask = w.ask AND c.unit = w.unit
                          AND c.period = w.period
  WHERE c.period IS NULL
  GROUP BY w.term, w.ask, w.unit
),
leaves AS (SELECT * FROM stock_leaves UNION ALL SELECT * FROM flow_leaves),
lineage AS (
  SELECT DISTINCT d.on_day, h.unit, h.ancestor
  FROM (SELECT DISTINCT on_day FROM asked) d
  JOIN unit_ancestors h ON h.from_on <= d.on_day AND (h.to_on IS NULL OR h.to_on > d.on_day)
  JOIN asked_units u ON u.unit = h.ancestor
),
owing AS (
  SELECT DISTINCT a.term, a.ask, a.on_day, e.unit
  FROM asked a
  JOIN terms t ON t.term = a.term
  JOIN expected e ON e.measure = t.measure AND e.from_on <= a.on_day
                 AND (e.to_on IS NULL OR e.to_on > a.on_day)
),
reach AS (
  SELECT o.term, o.ask, l.ancestor, COUNT(*) AS expected
  FROM owing o JOIN lineage l ON l.unit = o.unit AND l.on_day = o.on_day
  GROUP BY o.term, o.ask, l.ancestor
),
rolled AS (
  SELECT o.term, o.ask, l.ancestor, CASE WHEN t.alone THEN o.unit END AS leaf,
         SUM(v.numerator) AS numerator, SUM(v.denominator) AS denominator,
         COUNT(*) AS counted, SUM(v.heard) AS heard
  FROM owing o
  JOIN terms t ON t.term = o.term
  JOIN leaves v ON v.term = o.term AND v.ask = o.ask AND v.unit = o.unit
  JOIN lineage l ON l.unit = o.unit AND l.on_day = o.on_day
  GROUP BY o.term, o.ask, l.ancestor, CASE WHEN t.alone THEN o.unit END
)
SELECT r.term, r.ask, r.ancestor AS unit, r.expected, s.leaf,
       s.numerator, s.denominator,
       COALESCE(s.counted, 0) AS counted, COALESCE(s.heard, 0) AS heard
FROM reach r
LEFT JOIN rolled s ON s.term = r.term AND s.ask = r.ask AND s.ancestor = r.ancestor
ORDER BY r.term, r.ask, r.ancestor, s.leaf
"""

NEWEST = """
SELECT b.batch, b.unit, b.period, b.rows FROM (
  SELECT n.*, ROW_NUMBER() OVER (
    PARTITION BY n.unit, n.period ORDER BY n.recorded_at DESC, n.batch DESC
  ) AS place
  FROM batches n
  WHERE n.dataset = $dataset AND n.recorded_at <= $as_of
) b
WHERE b.place = 1
ORDER BY b.period, b.unit
"""
"""The slices of a dataset that count as of a moment."""

LEDGER = """
SELECT o.element, o.unit, o.period, o.id, o.delta, o.dn
FROM observations o
WHERE o.recorded_at <= $as_of AND o.element IN (SELECT item FROM term_items)
  AND o.unit IN (SELECT unit FROM asked_units)
ORDER BY o.element, o.unit, o.period, o.id
"""
"""The ledger's rows of some units, for the sources behind a figure."""

OWING_BENEATH = """
SELECT DISTINCT e.unit, h.ancestor FROM expected e
JOIN unit_ancestors h ON h.unit = e.unit AND h.from_on <= $on_day
                     AND (h.to_on IS NULL OR h.to_on > $on_day)
JOIN asked_units u ON u.unit = h.ancestor
WHERE e.measure = $measure AND e.from_on <= $on_day AND (e.to_on IS NULL OR e.to_on > $on_day)
ORDER BY e.unit, h.ancestor
"""
"""The leaves that owe a measure beneath (or being) the asked units on a day."""

BENEATH = """
SELECT DISTINCT h.unit FROM unit_ancestors h
WHERE h.ancestor = $unit AND h.from_on <= $on_day AND (h.to_on IS NULL OR h.to_on > $on_day)
"""


def feed_of(terms: Sequence[Term], periods: Iterable[Period]) -> dict[str, Rows]:
    """The rows for some terms and asked periods (tallies and units come from elsewhere)."""
    asked = []
    for period in periods:
        for term in terms:
            span = window(term, period)
            last = span.first + span.length - 1
            day = period.last_day(term.calendar)
            due = due_first(term, period)
            asked.append((term.slug, period.code, span.first, last, due, day))
    items = [row for term in terms for row in _items(term)]
    heads = [
        (t.slug, t.measure, len(t.needed), t.kind == "share_of_units" or t.rule == "milestone")
        for t in terms
    ]
    spans = _spans(asked, max((row[5] for row in items), default=0))
    flowing = min((row[2] for row in asked), default=0)
    nested = _nested([row for row in spans if row[1] >= flowing])
    return {
        "asked": asked,
        "terms": heads,
        "term_items": items,
        "spans": spans,
        "nested": nested,
    }


def _items(term: Term) -> list[tuple[Any, ...]]:
    needed = {item.slug for item in term.needed}
    sides = (("numerator", term.numerator), ("denominator", term.denominator))
    return [
        (term.slug, i.slug, side, i.slug in needed, i.time == "stock", i.carry)
        for side, source in sides
        for i in (source.items if source else ())
    ]


def _spans(asked: list[tuple[Any, ...]], carry: int) -> list[tuple[Any, ...]]:
    """Every period whose cells may enter a figure: the asked windows and what is carried in."""
    first = min((row[2] for row in asked), default=0) - carry - 12
    last = max((row[3] for row in asked), default=0)
    return [
        (period.code, period.first, period.first + length - 1)
        for length in (1, 3, 6, 12)
        for start in range(max(first, 12), last + 1)
        if start % length == 0 and start + length - 1 <= last
        for period in (Period(start, length),)
    ]


def _nested(spans: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """(period, longer one that contains it). Equal keys and no inequalities on purpose: an anti
    join over `first <= first AND last >= last` silently kept every row on DuckDB 1.5.5."""
    known = {row[0] for row in spans}
    return [
        (code, longer)
        for code, first, last in spans
        for length in (3, 6, 12)
        if length > last - first + 1
        for longer in (Period(first // length * length, length).code,)
        if longer in known
    ]


def tally_statement(records: str, counts: Sequence[Count]) -> str:
    """One scan of a dataset's records: unit, period, then each count; a slice without rows is 0.

    `records` is a table expression; the slices that count stand in `slices`.
    """
    return (
        f"SELECT n.unit, n.period, {_counts(counts)} FROM slices n "
        f"LEFT JOIN {records} r ON r.batch = n.batch AND r.unit = n.unit "
        "GROUP BY n.unit, n.period ORDER BY n.unit, n.period"
    )


def tally_of_slice(records: str, counts: Sequence[Count]) -> str:
    """One scan of slices by themselves: unit, then each count."""
    return f"SELECT r.unit, {_counts(counts)} FROM {records} r GROUP BY r.unit ORDER BY r.unit"


def _counts(counts: Sequence[Count]) -> str:
    tests = (where_text(count.where, "r.batch IS NOT NULL") for count in counts)
    return ", ".join(f"COUNT(CASE WHEN {test} THEN 1 END)" for test in tests)


def columns_used(counts: Iterable[Count]) -> list[str]:
    """The record columns that some condition reads."""
    return sorted({c.column for count in counts for c in count.where})


def records_statement(records: str, columns: Sequence[str], where: Sequence[Condition]) -> str:
    """The records themselves, in the order of unit, period and source row; a page of them."""
    told = ", ".join(f"r.{quoted(c)}" for c in columns)
    return (
        f'SELECT n.unit, n.period, r.batch, r."row", {told} FROM slices n '
        f"JOIN {records} r ON r.batch = n.batch AND r.unit = n.unit "
        f"WHERE {where_text(where, '1 = 1')} "
        'ORDER BY n.unit, n.period, r.batch, r."row" LIMIT $limit OFFSET $offset'
    )


def records_total(records: str, where: Sequence[Condition]) -> str:
    """How many records there are in all."""
    return (
        f"SELECT COUNT(*) FROM slices n JOIN {records} r "
        f"ON r.batch = n.batch AND r.unit = n.unit WHERE {where_text(where, '1 = 1')}"
    )


def where_text(where: Sequence[Condition], always: str) -> str:
    """Conditions as SQL; an empty column meets only "present = false"."""
    return " AND ".join([always, *(_condition(c) for c in where)])


def _condition(condition: Condition) -> str:
    column = f"r.{quoted(condition.column)}"
    if condition.test == "present":
        return f"{column} IS {'NOT ' if condition.values[0] else ''}NULL"
    literals = [literal(v) for v in condition.values]
    if condition.test == "one_of":
        return f"{column} IN ({', '.join(literals)})"
    signs = {"is": "=", "at_least": ">=", "at_most": "<=", "not": "<>"}
    return f"{column} {signs[condition.test]} {literals[0]}"


def quoted(name: str) -> str:
    """An identifier, quoted."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """A value as an SQL literal: text, exact number or date."""
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "'" + str(value).replace("'", "''") + "'"
