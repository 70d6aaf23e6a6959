"""Slices of raw records as arrays: which of them count as of a moment, and what of them is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from namro.measuring.dense.slabs import SCALE, Whole
from namro.measuring.dense.tree import Numbers, coded, numbered
from namro.terms import Period

Kept = Mapping[str, Mapping[str, Mapping[str, int]]]
"""Batch → unit → source → what was counted before its records were deleted, in ten-thousandths."""


@dataclass(frozen=True)
class Chosen:
    """Slices that count: a batch (`batches[batch[i]]`), the number of a unit, a period each.

    In the order of batch and unit; `unit` is -1 for one that owes nothing and lies beneath nobody.
    """

    batches: list[str]
    periods: list[Period]
    batch: Whole
    unit: Whole


@dataclass(frozen=True)
class Slices:
    """The table of batches by data set, period, unit, moment, name of the batch.

    `names[batch[i]]` is a slice's batch; `lots[dataset, period]` where its rows begin and end.
    `two_periods`: data set → a batch of it that lies in two periods, and these. No batch may.
    """

    names: Any
    lots: Mapping[str, Mapping[Period, tuple[int, int]]]
    batch: Whole
    unit: Whole
    at: Whole
    kept: Kept
    two_periods: Mapping[str, tuple[str, str, str]]

    def newest(self, dataset: str, is_wanted: Callable[[Period], bool], as_of: int) -> Chosen:
        """The slices of a data set that count as of a moment, of the periods wanted: the newest of
        each unit and period, by moment and name of the batch."""
        lots = self.lots.get(dataset, {})
        told = [np.arange(*lot) for period, lot in lots.items() if is_wanted(period)]
        found = [self._newest(rows[self.at[rows] <= as_of]) for rows in told]
        rows = np.concatenate([np.zeros(0, np.int64), *found])
        rows = rows[np.lexsort((self.unit[rows], self.batch[rows]))]
        batches, batch = np.unique(self.batch[rows], return_inverse=True)
        of_batch = {
            int(n): period
            for period, one in zip(filter(is_wanted, lots), found, strict=True)
            for n in np.unique(self.batch[one])
        }
        return Chosen(
            self.names.take(pa.array(batches)).to_pylist(),
            [of_batch[n] for n in batches.tolist()],
            batch.astype(np.int64),
            self.unit[rows],
        )

    def _newest(self, rows: Whole) -> Whole:
        """Of the rows of one period the last of each unit."""
        unit = self.unit[rows]
        last = np.append(unit[1:] != unit[:-1], True) if len(rows) else np.zeros(0, bool)
        found: Whole = rows[last & (unit >= 0)]
        return found


_TEXTS = ("batch", "dataset", "unit", "period")


def slices_of(batches: Any, kept: Any, units: Numbers) -> Slices:
    """The tables `batches` and `kept_tallies` (None: there is none) as arrays."""
    if batches is None:
        batches = pa.table({name: pa.array([], pa.string()) for name in _TEXTS})
        batches = batches.append_column("recorded_at", pa.array([], pa.timestamp("us")))
    datasets, codes = Numbers(), Numbers()
    dataset, period = datasets.column(batches["dataset"]), codes.column(batches["period"])
    batch, names = coded(batches["batch"])
    unit = numbered(batches["unit"], pa.array(units.texts, pa.string()))
    at = batches["recorded_at"].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()
    rank = np.empty(len(names), np.int64)
    rank[pc.sort_indices(names).to_numpy()] = np.arange(len(names))
    lot = dataset.astype(np.int64) * len(codes) + period
    order = np.lexsort((rank[batch], at, unit, lot))
    return Slices(
        names=names,
        lots=_lots(datasets, codes, lot[order]),
        batch=batch[order],
        unit=unit[order],
        at=at[order],
        kept=_kept(kept),
        two_periods=_two_periods(datasets, codes, names, lot, batch),
    )


def _lots(
    datasets: Numbers, periods: Numbers, lot: Whole
) -> dict[str, dict[Period, tuple[int, int]]]:
    found: dict[str, dict[Period, tuple[int, int]]] = {}
    numbers, first = np.unique(lot, return_index=True)
    ends = [*first[1:].tolist(), len(lot)]
    for number, begin, end in zip(numbers.tolist(), first.tolist(), ends, strict=False):
        dataset, period = divmod(number, len(periods))
        of_dataset = found.setdefault(datasets.texts[dataset], {})
        of_dataset[Period.of(periods.texts[period])] = (begin, end)
    return found


def _two_periods(
    datasets: Numbers, periods: Numbers, names: Any, lot: Whole, batch: Whole
) -> dict[str, tuple[str, str, str]]:
    dataset, period = np.divmod(lot, max(len(periods), 1))
    pairs = np.unique((dataset * len(names) + batch) * len(periods) + period)
    found = {}
    for n in np.flatnonzero(np.diff(pairs // max(len(periods), 1)) == 0).tolist():
        of, number = divmod(int(pairs[n]) // len(periods), len(names))
        told = sorted(periods.texts[p] for p in (pairs[n : n + 2] % len(periods)).tolist())
        found[datasets.texts[of]] = (names[number].as_py(), told[0], told[1])
    return found


def _kept(table: Any) -> Kept:
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in table.to_pylist() if table is not None else ():
        of_unit = found.setdefault(row["batch"], {}).setdefault(row["unit"], {})
        of_unit[row["source"]] = int(Decimal(row["value"]) * SCALE)
    return found
