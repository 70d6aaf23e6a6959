"""Ledger rows and figure rows by column, into the database and into the store's Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bench.national.loading import moment
from bench.national.site import Tree, code
from namro.terms import Period
from namro.web.facts.bulk import load

Whole = NDArray[np.int64]
SCALED = 10_000
PARTS = ("numerator", "denominator", "counted", "heard", "expected")


@dataclass(frozen=True)
class Entries:
    """Rows that reached the ledger at one moment, in the order of their ids, from `first` on.

    `element` and `period` are places in `elements` and `periods`, `unit` is a unit of the tree;
    `value` and `delta` are whole units.
    """

    first: int
    at: datetime
    elements: Sequence[str]
    periods: Sequence[Period]
    element: Whole
    unit: Whole
    period: Whole
    value: Whole
    delta: Whole
    dn: Whole

    @property
    def last(self) -> int:
        return self.first + len(self.unit) - 1


def enter(entries: Entries) -> None:
    """Into the ledger's table."""
    load(
        "facts_observation",
        {
            "id": np.arange(entries.first, entries.last + 1),
            "element": np.array(entries.elements, object)[entries.element],
            "unit_id": entries.unit + 1,
            "period": np.array([p.code for p in entries.periods], object)[entries.period],
            "value": entries.value * SCALED,
            "delta": entries.delta * SCALED,
            "dn": entries.dn,
            "recorded_at": moment(entries.at),
            "source": "bench",
            "cell": "",
        },
    )


def write_segment(entries: Entries, tree: Tree, store: Path) -> None:
    """Into a segment of the store, unless it is there."""
    from namro.measuring.store import write_parquet

    path = store / "observations" / f"{entries.first:010d}-{entries.last:010d}.parquet"
    if not path.exists():
        write_parquet(_segment(entries, tree), path)


def _segment(told: Entries, tree: Tree) -> Any:
    """In the order that the store wants: slugs and codes are in the order of their numbers."""
    from namro.measuring.schema import TABLES
    from namro.measuring.store import arrow_schema

    order = np.lexsort((told.unit, told.period, told.element))
    at = pa.scalar(told.at.replace(tzinfo=None), pa.timestamp("us"))
    arrays = [
        pa.array(order + told.first),
        pa.array(told.elements).take(pa.array(told.element[order])),
        pa.array([code(u) for u in range(tree.size)]).take(pa.array(told.unit[order])),
        pa.array([p.code for p in told.periods]).take(pa.array(told.period[order])),
        _exact(told.value[order]),
        _exact(told.delta[order]),
        pa.array(told.dn[order]),
        pa.repeat(at, len(order)),
    ]
    return pa.Table.from_arrays(arrays, schema=arrow_schema(TABLES["observations"]))


def _exact(values: Any) -> Any:
    return pa.array(values).cast(pa.decimal128(19, 0)).cast(pa.decimal128(18, 4), safe=False)


def keep_figures(tree: Tree, period: Period, terms: Sequence[str], leaves: Sequence[Whole]) -> None:
    """Figure rows of a period, in the order of their key: period, unit, term.

    `leaves`: the parts of each term at each commune but for `expected`, term × commune.
    """
    own = [*leaves, np.ones_like(leaves[0])]
    load(
        "facts_figure",
        {
            "period": period.code,
            "unit_id": np.repeat(np.arange(1, tree.size + 1), len(terms)),
            "term": np.tile(np.array(terms, object), tree.size),
            **_parts("", [rolled(tree, part) for part in own]),
            **_parts("own_", [np.pad(part, ((0, 0), (tree.first_commune, 0))) for part in own]),
        },
    )


def _parts(prefix: str, parts: list[Any]) -> dict[str, Any]:
    scales = (SCALED, SCALED, 1, 1, 1)
    return {
        prefix + name: (part.T * scale).ravel()
        for name, part, scale in zip(PARTS, parts, scales, strict=True)
    }


def rolled(tree: Tree, leaves: Whole) -> Whole:
    """… × commune → … × unit: each unit with all below it."""
    found = np.zeros((*leaves.shape[:-1], tree.size), np.int64)
    found[..., tree.first_commune :] = leaves
    for unit in range(tree.size - 1, 0, -1):
        found[..., tree.above[unit]] += found[..., unit]
    return found


def say_fed(store: Path, last: int) -> None:
    """The store holds the ledger up to an id; the site itself adds the small tables."""
    from namro.web.facts import feed

    state = store / "state.json"
    if not state.exists():
        state.write_text(str(feed.State(last_id=last)))
    feed.ensure_fresh()
