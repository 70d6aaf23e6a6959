"""The short questions to the store, beside the one long text of `statement.py`."""

from __future__ import annotations

from namro.measuring.statement import known, on

NEWEST = """
SELECT b.batch, b.unit, b.period, b.rows FROM (
  SELECT n.*, ROW_NUMBER() OVER (
    PARTITION BY n.unit, n.period ORDER BY n.recorded_at DESC, n.batch DESC
  ) AS place
  FROM batches n
  WHERE n.dataset = $dataset AND n.recorded_at <= $as_of
    AND n.period IN (SELECT w.period FROM wanted_periods w)
) b
WHERE b.place = 1
ORDER BY b.period, b.unit
"""
"""The slices of a dataset that count as of a moment, of the periods wanted."""

BATCHES = """
SELECT b.batch, MIN(b.period), MAX(b.period) FROM batches b WHERE b.dataset = $dataset
GROUP BY b.batch ORDER BY b.batch
"""
"""Each batch of a dataset, with the first and the last of its periods: by contract the same."""

KEPT = """
SELECT k.batch, k.unit, k.source, k.value FROM kept_tallies k
"""
"""What is left of slices whose records were deleted: their counts, and ("") how many records."""

LEDGER = """
SELECT o.element, o.unit, o.period, o.id, o.delta, o.dn
FROM observations o
WHERE o.recorded_at <= $as_of AND o.element IN (SELECT item FROM term_items)
  AND o.unit IN (SELECT unit FROM asked_units)
ORDER BY o.element, o.unit, o.period, o.id
"""
"""The ledger's rows of some units, for the sources behind a figure."""

OWED = f"""
SELECT e.unit, e.from_on, e.to_on FROM expected e WHERE e.measure = $measure AND {known("e")}
"""
"""Who owes a measure, and when."""

LINEAGE = f"""
SELECT h.unit, h.ancestor, h.from_on, h.to_on FROM unit_ancestors h
WHERE h.unit IN (SELECT unit FROM successions UNION SELECT heir FROM successions) AND {known("h")}
"""
"""The units above those that were ever reorganised."""

SUCCESSIONS = f"""
SELECT s.unit, s.heir, s.from_on FROM successions s WHERE {known("s")} ORDER BY 3, 1, 2
"""

OWING_BENEATH = f"""
SELECT DISTINCT e.unit, h.ancestor FROM expected e
JOIN unit_ancestors h ON h.unit = e.unit AND {on("h", "$on_day")}
JOIN asked_units u ON u.unit = h.ancestor
WHERE e.measure = $measure AND {on("e", "$on_day")} AND {known("e")} AND {known("h")}
ORDER BY e.unit, h.ancestor
"""
"""The leaves that owe a measure beneath (or being) the asked units on a day."""

BENEATH = f"""
SELECT DISTINCT h.unit FROM unit_ancestors h
WHERE h.ancestor = $unit AND {on("h", "$on_day")} AND {known("h")}
"""
