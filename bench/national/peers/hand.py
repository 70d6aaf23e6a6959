"""Written by hand for this one matrix: DuckDB and Polars over the raw values, and numpy's floor."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.national.peers.asking import matrix
from bench.national.peers.country import ELEMENTS, MONTHS, Country, Question, Whole

_FLOW = """
SELECT element, month, province, SUM(value) FROM '{file}'
WHERE element IN ({elements}) AND month BETWEEN {first} AND {last} AND province IN ({provinces})
GROUP BY ALL
"""

# Each value holds until its unit tells the next one: a span of months, joined to those asked.
_STOCK = """
SELECT element, asked, province, SUM(value) FROM (
  SELECT element, month, province, value,
         LEAD(month, 1, {last} + 1) OVER (PARTITION BY element, commune ORDER BY month) AS until
  FROM '{file}'
  WHERE element IN ({elements}) AND month <= {last} AND province IN ({provinces})
) JOIN (SELECT UNNEST(range({first}, {last} + 1)) AS asked) ON month <= asked AND asked < until
GROUP BY ALL
"""

# The same without a window: what changes between a unit's values, and a running sum over months.
_STOCK_BY_CHANGE = """
SELECT element, month, province, total FROM (
  SELECT element, month, province,
         SUM(SUM(change)) OVER (PARTITION BY element, province ORDER BY month) AS total
  FROM (
    SELECT element, month, province,
           value - LAG(value, 1, 0) OVER (PARTITION BY element, commune ORDER BY month) AS change
    FROM '{file}'
    WHERE element IN ({elements}) AND month <= {last} AND province IN ({provinces})
  ) GROUP BY element, month, province
) WHERE month >= {first}
"""


def write_values(country: Country, file: Path) -> None:
    """The values as a Parquet file, by element, commune and month: what the scans like best."""
    if file.exists():
        return
    element, month, commune, value = country.rows
    order = np.lexsort((month, commune, element))
    told = {
        "element": element.astype(np.int16),
        "month": month.astype(np.int16),
        "commune": commune.astype(np.int32),
        "province": country.province_of[commune].astype(np.int16),
        "value": value,
    }
    pq.write_table(pa.table({name: pa.array(c[order]) for name, c in told.items()}), file)


class ByHand:
    """DuckDB, one SQL straight from the raw values."""

    def __init__(self, name: str, file: Path, stock: str) -> None:
        self.name = name
        self._file, self._stock = file, stock
        self._engine = duckdb.connect()

    def ask(self, question: Question) -> Any:
        text = _FLOW if question.kind == "flow" else self._stock
        told = text.format(
            file=self._file,
            elements=", ".join(map(str, question.elements)),
            provinces=", ".join(map(str, question.provinces)),
            first=question.months[0],
            last=question.months[-1],
        )
        return self._engine.execute(told).fetchall()

    def cells(self, question: Question, answer: Any) -> Whole:
        return matrix(question, answer)


class InPolars:
    """Polars, lazily, the same spans of months."""

    name = "Polars, from raw values"

    def __init__(self, file: Path) -> None:
        self._file = file

    def ask(self, question: Question) -> Any:
        import polars as pl

        first, last = question.months[0], question.months[-1]
        told = pl.scan_parquet(self._file).filter(
            pl.col("element").is_in(question.elements),
            pl.col("province").is_in(question.provinces),
            pl.col("month") <= last,
        )
        if question.kind == "flow":
            told = told.filter(pl.col("month") >= first)
        else:
            until = pl.col("month").shift(-1).over("element", "commune", order_by="month")
            told = told.with_columns(until=until.fill_null(last + 1)).filter(
                pl.col("until") > first
            )
            month = pl.int_ranges(
                pl.max_horizontal("month", pl.lit(first)),
                pl.min_horizontal("until", pl.lit(last + 1)),
            )
            told = told.with_columns(month=month).explode("month")
        summed = told.group_by("element", "month", "province").agg(pl.col("value").sum())
        return summed.collect().rows()

    def cells(self, question: Question, answer: Any) -> Whole:
        return matrix(question, answer)


class Floor:
    """numpy over arrays that lie in memory, dense and sorted: what the sums alone cost.

    No engine, no file, no names, nobody else's question; the last value of each month is carried.
    """

    name = "numpy, arrays in memory (floor)"

    def __init__(self, country: Country) -> None:
        self._values, self._province = country.values, country.province_of
        self._provinces = country.provinces

    def ask(self, question: Question) -> Any:
        units = np.flatnonzero(np.isin(self._province, question.provinces))
        values = self._values
        if len(question.elements) < ELEMENTS or len(units) < len(self._province):
            values = values[np.ix_(question.elements, range(MONTHS), units)]
        if question.kind == "stock":
            told = np.where(values >= 0, np.arange(MONTHS)[:, None], 0)
            np.maximum.accumulate(told, axis=1, out=told)
            told = told[:, question.months[0] :]
            values = np.take_along_axis(values, told, axis=1)
        else:
            values = values[:, question.months[0] :]
        return self._summed(np.maximum(values, 0), self._province[units])

    def _summed(self, values: Whole, province: Whole) -> Any:
        """bincount, with the place in the matrix as its key."""
        elements, months, _ = values.shape
        place = np.arange(elements * months).reshape(elements, months, 1) * self._provinces
        found = np.bincount(
            (place + province).ravel(), values.ravel(), elements * months * self._provinces
        )
        return found.reshape(elements, months, self._provinces).astype(np.int64)

    def cells(self, question: Question, answer: Any) -> Whole:
        return answer[:, :, list(question.provinces)]


STOCKS = {
    "DuckDB by hand, spans of months": _STOCK,
    "DuckDB by hand, running sum of changes": _STOCK_BY_CHANGE,
}
