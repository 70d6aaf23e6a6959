"""The contract between measuring and whoever keeps the facts: tables, columns, types, files.

Measuring reads these tables and nothing else; the site writes them (its feed). Times are UTC
without a zone. What holds from `from_on` holds up to and without `to_on`; empty means "still". In
the tables of the tree and of debts, `known_from` (empty: always) and `known_until` (empty: still)
say from when to when the row was taken for true, so that an answer as of a moment past stays.

A store is a folder:

    units, unit_ancestors, successions, expected .parquet         rewritten whole when they change
    observations/*.parquet  batches/*.parquet                    segments, only ever added
    records/<dataset>/<period>/<batch>.parquet                   slices, only ever added
    dense/                          the same ledger as arrays, derived and deletable (`dense/`)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from namro.measuring.kinds import Dataset

Type = Literal["text", "whole", "exact", "date", "moment", "flag"]


@dataclass(frozen=True)
class Table:
    """A table of the store: column → type; `growing` tables are folders of segments.

    A table that `may_lack` everything may be absent; columns it may lack are empty then.
    """

    name: str
    columns: Mapping[str, Type]
    growing: bool
    sorted_by: tuple[str, ...]
    why: str
    may_lack: frozenset[str] = frozenset()

    @property
    def may_be_absent(self) -> bool:
        return self.growing or self.may_lack >= set(self.columns)


_KNOWN: Mapping[str, Type] = {"known_from": "moment", "known_until": "moment"}

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "units",
            {"unit": "text", "name": "text", "kind": "text", "tree": "text", "level": "whole"},
            growing=False,
            sorted_by=("unit",),
            why="danh sách đơn vị",
        ),
        # Every pair of a unit and one above it, self included, in each tree, with the days on
        # which it held. The province stands above in both trees: measuring counts a leaf once.
        Table(
            "unit_ancestors",
            {
                "unit": "text",
                "ancestor": "text",
                "tree": "text",
                "from_on": "date",
                "to_on": "date",
                **_KNOWN,
            },
            growing=False,
            sorted_by=("ancestor", "unit"),
            why="quan hệ trực thuộc",
            may_lack=frozenset(_KNOWN),
        ),
        # Units that gave way to others from a day on: one row an heir, several are a split; heir
        # empty: dissolved; heir = unit: it goes on, smaller.
        Table(
            "successions",
            {"unit": "text", "heir": "text", "from_on": "date", **_KNOWN},
            growing=False,
            sorted_by=("from_on", "unit"),
            why="sắp xếp đơn vị",
            may_lack=frozenset(("unit", "heir", "from_on", *_KNOWN)),
        ),
        # Leaf units that owe a measure. Only they are leaves of it: what another unit reported
        # for the same element does not enter the figure.
        Table(
            "expected",
            {
                "measure": "text",
                "unit": "text",
                "from_on": "date",
                "to_on": "date",
                **_KNOWN,
            },
            growing=False,
            sorted_by=("measure", "unit"),
            why="đơn vị phải báo cáo",
            may_lack=frozenset(_KNOWN),
        ),
        # The ledger: signed changes, so that "as of" any moment is a plain sum. `delta` is the
        # value less the one before it; `dn` is +1 for a first value (or one after a withdrawal),
        # 0 for a correction, -1 for a withdrawal (then delta is minus the last value, value 0).
        Table(
            "observations",
            {
                "id": "whole",
                "element": "text",
                "unit": "text",
                "period": "text",
                "value": "exact",
                "delta": "exact",
                "dn": "whole",
                "recorded_at": "moment",
            },
            growing=True,
            sorted_by=("element", "period", "unit"),
            why="sổ số liệu đã duyệt",
        ),
        # One row per slice: the newest slice of (dataset, unit, period) recorded by the asked
        # moment counts, by (recorded_at, batch). rows = 0 says "there were none". A batch holds
        # one period: the name is used once.
        Table(
            "batches",
            {
                "batch": "text",
                "dataset": "text",
                "unit": "text",
                "period": "text",
                "rows": "whole",
                "recorded_at": "moment",
            },
            growing=True,
            sorted_by=("dataset", "period", "unit"),
            why="lô bản ghi",
        ),
        # Slices of which records were deleted (their term of keeping ended, somebody asked): what
        # was counted in them before, by count. The source "" says how many records are left. Such
        # a slice is never counted again.
        Table(
            "kept_tallies",
            {"batch": "text", "unit": "text", "source": "text", "value": "exact"},
            growing=False,
            sorted_by=("batch", "unit", "source"),
            why="số đếm giữ lại khi bản ghi đã xóa",
            may_lack=frozenset(("batch", "unit", "source", "value")),
        ),
    )
}

_COLUMN_TYPES: Mapping[str, Type] = {
    "text": "text",
    "choice": "text",
    "number": "exact",
    "date": "date",
}


def records_table(dataset: Dataset) -> Table:
    """The table of a dataset's slices: batch, unit, row (line in the source file), kept columns."""
    kept = {name: _COLUMN_TYPES[column.type] for name, column in dataset.columns.items()}
    return Table(
        f"records_{dataset.slug}",
        {"batch": "text", "unit": "text", "row": "whole", **kept},
        growing=True,
        sorted_by=("unit", "row"),
        why=dataset.title,
    )


def segments(store: Path, table: str) -> list[Path]:
    """The files of a growing table of a store, in the order of their names."""
    folder = store / table
    names = os.listdir(folder) if folder.is_dir() else ()
    return [folder / name for name in sorted(names) if name.endswith(".parquet")]


def slice_path(store: Path, dataset: str, period: str, batch: str) -> Path:
    """Where a batch's slice lies in a store."""
    return store / "records" / dataset / period / f"{batch}.parquet"
