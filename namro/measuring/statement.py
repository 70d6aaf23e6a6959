"""The SQL text that computes any number of measures × units × periods.

Fixed and portable: what differs between measures are rows (`feeding.py`), never text. It sums and
counts exact decimals; it never divides, rounds, compares with a threshold or reads a date of
validity: engines differ in all of that, Python does it (`direct.py`).

Stages: the ledger as of a moment → cells; cells → windows (stock, flow) of each unit, and of each
phase of a unit that was reorganised; phases → who bears them (`succession.py` says the rules) →
leaves that owe the measure → their ancestors, each once, whatever trees they share.
"""

from __future__ import annotations


def known(name: str) -> str:
    """The rows of a table that were known at the asked moment."""
    return (
        f"({name}.known_from IS NULL OR {name}.known_from <= $as_of) "
        f"AND ({name}.known_until IS NULL OR {name}.known_until > $as_of)"
    )


def on(name: str, day: str) -> str:
    """The rows of a table that hold on a day: the last one is left out."""
    return f"{name}.from_on <= {day} AND ({name}.to_on IS NULL OR {name}.to_on > {day})"


_CELLS = """
cells AS (
  SELECT o.element AS item, o.unit, s.period, s.first_month, s.last_month, SUM(o.delta) AS value
  FROM observations o JOIN spans s ON s.period = o.period
  WHERE o.recorded_at <= $as_of AND o.element IN (SELECT item FROM term_items)
  GROUP BY o.element, o.unit, s.period, s.first_month, s.last_month
  HAVING SUM(o.dn) > 0
  UNION ALL
  SELECT t.item, t.unit, s.period, s.first_month, s.last_month, t.value
  FROM tallies t JOIN spans s ON s.period = t.period
)"""

_STOCKS = """
stock_cells AS (
  SELECT a.term, a.ask, i.item, i.side, i.is_needed, COALESCE(h.holder, c.unit) AS unit, c.value,
         CASE WHEN c.last_month >= a.due_month THEN 1 ELSE 0 END AS fresh,
         ROW_NUMBER() OVER (
           PARTITION BY a.term, a.ask, i.item, i.side, COALESCE(h.holder, c.unit)
           ORDER BY c.last_month DESC, c.first_month DESC
         ) AS place
  FROM term_items i
  JOIN cells c ON c.item = i.item
  JOIN asked a ON a.term = i.term AND c.last_month <= a.last_month
              AND a.last_month - c.last_month <= i.carry
  LEFT JOIN phases h ON h.calendar = a.calendar AND h.ask = a.ask AND h.unit = c.unit
                    AND h.first_month <= c.last_month AND c.last_month <= h.last_month
  WHERE i.is_stock
),
stock_sides AS (
  SELECT k.term, k.ask, k.unit,
         SUM(CASE WHEN k.side = 'numerator' THEN k.value END) AS numerator,
         SUM(CASE WHEN k.side = 'denominator' THEN k.value END) AS denominator,
         MIN(CASE WHEN k.is_needed THEN k.fresh END) AS heard
  FROM stock_cells k JOIN terms t ON t.term = k.term
  WHERE k.place = 1
  GROUP BY k.term, k.ask, k.unit, t.needed
  HAVING SUM(CASE WHEN k.is_needed THEN 1 ELSE 0 END) = t.needed
),
stock_leaves AS (
  SELECT k.term, k.ask, k.unit,
         CASE WHEN t.weighted
              THEN CAST(CAST(CAST(k.numerator AS DECIMAL(19,4))
                             * CAST(k.denominator AS DECIMAL(18,4)) AS DECIMAL(35,8)) * 0.01
                        AS DECIMAL(28,4))
              ELSE k.numerator END AS numerator,
         k.denominator, k.heard
  FROM stock_sides k JOIN terms t ON t.term = k.term
)"""

_FLOWS = """
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
  SELECT a.ask, a.calendar, CASE WHEN f.last_month >= a.due_month THEN 1 ELSE 0 END AS fresh,
         f.term, COALESCE(h.holder, f.unit) AS unit, f.period, f.numerator, f.denominator
  FROM flow_cells f
  JOIN asked a ON a.term = f.term AND f.first_month >= a.first_month
              AND f.last_month <= a.last_month
  LEFT JOIN phases h ON h.calendar = a.calendar AND h.ask = a.ask AND h.unit = f.unit
                    AND h.first_month <= f.last_month AND f.last_month <= h.last_month
)"""

_COVERED = """
flow_covered AS (
  SELECT w.term, w.ask, w.unit, w.period
  FROM flow_windows w
  JOIN nested n ON n.period = w.period
  JOIN flow_windows l ON l.term = w.term AND l.ask = w.ask AND l.unit = w.unit
                     AND l.period = n.longer
)"""

_COVERED_IN_LINES = """
later AS (
  SELECT DISTINCT e.term, e.ask, p.holder, e.holder AS after
  FROM owed_paths e
  JOIN owed_paths p ON p.term = e.term AND p.ask = e.ask AND p.bearer = e.bearer
                   AND p.path = e.path AND p.depth > e.depth
),
flow_covered AS (
  SELECT w.term, w.ask, w.unit, w.period
  FROM flow_windows w
  JOIN nested n ON n.period = w.period
  JOIN flow_windows l ON l.term = w.term AND l.ask = w.ask AND l.unit = w.unit
                     AND l.period = n.longer
  UNION
  SELECT w.term, w.ask, w.unit, w.period
  FROM flow_windows w
  JOIN later r ON r.term = w.term AND r.ask = w.ask AND r.holder = w.unit
  JOIN nested n ON n.period = w.period
  JOIN flow_windows l ON l.term = w.term AND l.ask = w.ask AND l.unit = r.after
                     AND l.period = n.longer
)"""

_FLOW_LEAVES = """
flow_leaves AS (
  SELECT w.term, w.ask, w.unit,
         SUM(w.numerator) AS numerator, SUM(w.denominator) AS denominator,
         MAX(w.fresh) AS heard
  FROM flow_windows w
  LEFT JOIN flow_covered c ON c.term = w.term AND c.ask = w.ask AND c.unit = w.unit
                          AND c.period = w.period
  WHERE c.period IS NULL
  GROUP BY w.term, w.ask, w.unit
)"""

_OWED_PATHS = f"""
owed_phases AS (
  SELECT DISTINCT t.term, p.ask, p.bearer, p.path, p.holder, p.depth
  FROM paths p
  JOIN asked a ON a.calendar = p.calendar AND a.ask = p.ask
  JOIN terms t ON t.term = a.term
  JOIN expected e ON e.measure = t.measure AND e.unit = p.unit
  WHERE {on("e", "p.last_day")} AND {known("e")}
),
deepest AS (
  SELECT o.term, o.ask, o.bearer, o.path, MAX(o.depth) AS depth FROM owed_phases o
  WHERE o.depth > 0 GROUP BY o.term, o.ask, o.bearer, o.path
),
tips AS (
  SELECT o.term, o.ask, o.bearer, o.holder, MIN(o.path) AS path
  FROM owed_phases o
  JOIN deepest d ON d.term = o.term AND d.ask = o.ask AND d.bearer = o.bearer
                AND d.path = o.path AND d.depth = o.depth
  GROUP BY o.term, o.ask, o.bearer, o.holder
),
inner_phases AS (
  SELECT DISTINCT o.term, o.ask, o.bearer, o.holder
  FROM owed_phases o
  JOIN deepest d ON d.term = o.term AND d.ask = o.ask AND d.bearer = o.bearer
                AND d.path = o.path AND d.depth > o.depth
),
inherited AS (
  SELECT t.term, t.ask, t.bearer, t.path
  FROM tips t
  LEFT JOIN inner_phases b ON b.term = t.term AND b.ask = t.ask AND b.bearer = t.bearer
                     AND b.holder = t.holder
  WHERE b.holder IS NULL
),
inheriting AS (
  SELECT i.term, i.ask, i.bearer, COUNT(*) AS needed FROM inherited i
  GROUP BY i.term, i.ask, i.bearer
),
owed_paths AS (
  SELECT o.*, n.needed
  FROM owed_phases o
  JOIN inherited i ON i.term = o.term AND i.ask = o.ask AND i.bearer = o.bearer
                  AND i.path = o.path
  JOIN inheriting n ON n.term = o.term AND n.ask = o.ask AND n.bearer = o.bearer
  UNION ALL
  SELECT o.*, 1 AS needed
  FROM owed_phases o
  LEFT JOIN inheriting n ON n.term = o.term AND n.ask = o.ask AND n.bearer = o.bearer
  WHERE n.bearer IS NULL AND o.path = 0 AND o.depth = 0
)"""

_LINES = """
told AS (SELECT * FROM stock_leaves UNION ALL SELECT * FROM flow_leaves),
path_cells AS (
  SELECT o.term, o.ask, o.bearer, o.path, o.needed, o.holder, v.numerator, v.denominator,
         v.heard, t.is_stock,
         ROW_NUMBER() OVER (
           PARTITION BY o.term, o.ask, o.bearer, o.path ORDER BY o.depth
         ) AS place
  FROM owed_paths o
  JOIN terms t ON t.term = o.term
  JOIN told v ON v.term = o.term AND v.ask = o.ask AND v.unit = o.holder
),
path_told AS (
  SELECT c.term, c.ask, c.bearer, c.path, c.needed, MAX(c.heard) AS heard, MIN(c.holder) AS holder
  FROM path_cells c WHERE NOT c.is_stock OR c.place = 1
  GROUP BY c.term, c.ask, c.bearer, c.path, c.needed
),
line_told AS (
  SELECT p.term, p.ask, p.bearer,
         CASE WHEN COUNT(*) = p.needed THEN MIN(p.heard) ELSE 0 END AS heard,
         CASE WHEN COUNT(*) = p.needed AND (t.additive OR COUNT(DISTINCT p.holder) = 1)
              THEN 1 ELSE 0 END AS whole
  FROM path_told p JOIN terms t ON t.term = p.term
  GROUP BY p.term, p.ask, p.bearer, p.needed, t.additive
),
line_cells AS (
  SELECT DISTINCT c.term, c.ask, c.bearer, c.holder, c.numerator, c.denominator, c.is_stock
  FROM path_cells c WHERE NOT c.is_stock OR c.place = 1
),
lines AS (
  SELECT c.term, c.ask, c.bearer AS unit, SUM(c.numerator) AS numerator,
         SUM(c.denominator) AS denominator, l.heard
  FROM line_cells c
  JOIN line_told l ON l.term = c.term AND l.ask = c.ask AND l.bearer = c.bearer
  WHERE NOT c.is_stock OR l.whole = 1
  GROUP BY c.term, c.ask, c.bearer, l.heard
),
reorganised AS (SELECT DISTINCT calendar, ask, holder FROM paths),
leaves AS (
  SELECT v.term, v.ask, v.unit, v.numerator, v.denominator, v.heard
  FROM told v
  JOIN asked a ON a.term = v.term AND a.ask = v.ask
  LEFT JOIN reorganised r ON r.calendar = a.calendar AND r.ask = a.ask AND r.holder = v.unit
  WHERE r.holder IS NULL
  UNION ALL
  SELECT * FROM lines
)"""

_OWING = f"""
lineage AS (
  SELECT DISTINCT d.on_day, h.unit, h.ancestor
  FROM (SELECT DISTINCT on_day FROM asked) d
  JOIN unit_ancestors h ON {on("h", "d.on_day")}
  JOIN asked_units u ON u.unit = h.ancestor
  WHERE {known("h")}
),
owing AS (
  SELECT DISTINCT a.term, a.ask, a.on_day, e.unit
  FROM asked a
  JOIN terms t ON t.term = a.term
  JOIN expected e ON e.measure = t.measure AND {on("e", "a.on_day")}
  WHERE {known("e")}
),
reach AS (
  SELECT o.term, o.ask, l.ancestor, COUNT(*) AS expected
  FROM owing o JOIN lineage l ON l.unit = o.unit AND l.on_day = o.on_day
  GROUP BY o.term, o.ask, l.ancestor
)"""

_ESTATES = """
heard_heirs AS (
  SELECT DISTINCT o.term, o.ask, f.bearer
  FROM finals f
  JOIN asked a ON a.calendar = f.calendar AND a.ask = f.ask
  JOIN owing o ON o.term = a.term AND o.ask = a.ask AND o.unit = f.unit
  JOIN leaves v ON v.term = o.term AND v.ask = o.ask AND v.unit = o.unit
),
spoken AS (
  SELECT DISTINCT v.term, v.ask, x.bearer
  FROM afters x
  JOIN asked a ON a.calendar = x.calendar AND a.ask = x.ask
  JOIN told v ON v.term = a.term AND v.ask = a.ask AND v.unit = x.holder
  JOIN owed_phases o ON o.term = v.term AND o.ask = v.ask AND o.holder = v.unit
),
estates AS (
  SELECT i.term, i.ask, k.ancestor, i.numerator, i.denominator,
         CASE WHEN k.has_heirs AND h.bearer IS NULL THEN 1 ELSE 0 END AS counted
  FROM keepers k
  JOIN asked a ON a.calendar = k.calendar AND a.ask = k.ask
  JOIN terms t ON t.term = a.term AND t.pools
  JOIN lines i ON i.term = a.term AND i.ask = a.ask AND i.unit = k.bearer
  LEFT JOIN heard_heirs h ON h.term = i.term AND h.ask = i.ask AND h.bearer = k.bearer
  LEFT JOIN spoken s ON s.term = i.term AND s.ask = i.ask AND s.bearer = k.bearer
  WHERE NOT t.is_stock OR (s.bearer IS NULL AND k.has_heirs)
)"""

_GIVEN = """
given AS (
  SELECT o.term, o.ask, l.ancestor, CASE WHEN t.alone THEN o.unit END AS leaf,
         v.numerator, v.denominator, 1 AS counted, v.heard
  FROM owing o
  JOIN terms t ON t.term = o.term
  JOIN leaves v ON v.term = o.term AND v.ask = o.ask AND v.unit = o.unit
  JOIN lineage l ON l.unit = o.unit AND l.on_day = o.on_day
)"""

_GIVEN_AND_LEFT = """
given AS (
  SELECT o.term, o.ask, l.ancestor, CASE WHEN t.alone THEN o.unit END AS leaf,
         v.numerator, v.denominator, 1 AS counted, v.heard
  FROM owing o
  JOIN terms t ON t.term = o.term
  JOIN leaves v ON v.term = o.term AND v.ask = o.ask AND v.unit = o.unit
  JOIN lineage l ON l.unit = o.unit AND l.on_day = o.on_day
  UNION ALL
  SELECT e.term, e.ask, e.ancestor, NULL, e.numerator, e.denominator, e.counted, 0 FROM estates e
)"""

_SUMMED = """
rolled AS (
  SELECT g.term, g.ask, g.ancestor, g.leaf, SUM(g.numerator) AS numerator,
         SUM(g.denominator) AS denominator, SUM(g.counted) AS counted, SUM(g.heard) AS heard
  FROM given g
  GROUP BY g.term, g.ask, g.ancestor, g.leaf
)"""

_ANSWER = """
SELECT r.term, r.ask, r.ancestor AS unit, r.expected, s.leaf,
       s.numerator, s.denominator,
       COALESCE(s.counted, 0) AS counted, COALESCE(s.heard, 0) AS heard
FROM reach r
LEFT JOIN rolled s ON s.term = r.term AND s.ask = r.ask AND s.ancestor = r.ancestor
ORDER BY r.term, r.ask, r.ancestor, s.leaf
"""

_LEAVES = """
leaves AS (SELECT * FROM stock_leaves UNION ALL SELECT * FROM flow_leaves)"""


def _text(*parts: str) -> str:
    return "WITH " + ",".join(parts) + _ANSWER


PLAIN = _text(
    _CELLS, _STOCKS, _FLOWS, _COVERED, _FLOW_LEAVES, _LEAVES, _OWING, _GIVEN, _SUMMED
)  # fmt: skip
"""Where no unit was ever reorganised: the same without the lines of descent."""

REORGANISED = _text(
    *(_CELLS, _STOCKS, _OWED_PATHS, _FLOWS, _COVERED_IN_LINES, _FLOW_LEAVES, _LINES, _OWING),
    *(_ESTATES, _GIVEN_AND_LEFT, _SUMMED),
)
"""Both take $as_of: the moment whose knowledge counts."""
