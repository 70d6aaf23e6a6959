"""Rows → the store's Parquet files, as schema.py asks; whole or not at all.

Files are written beside their place and renamed into it, so a reader never sees half a table.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from namro.measuring.schema import TABLES, Table, Type

_ARROW: Mapping[Type, Any] = {
    "text": pa.string(),
    "whole": pa.int64(),
    "exact": pa.decimal128(18, 4),
    "date": pa.date32(),
    "moment": pa.timestamp("us"),
    "flag": pa.bool_(),
}


def arrow_schema(table: Table) -> Any:
    """The table's columns as a pyarrow schema."""
    return schema_of(table.columns)


def schema_of(columns: Mapping[str, Type]) -> Any:
    """Column → type as a pyarrow schema."""
    return pa.schema([(name, _ARROW[kind]) for name, kind in columns.items()])


def to_arrow(table: Table, rows: Iterable[Mapping[str, Any]]) -> Any:
    """Rows (mappings by column; a missing key is empty) as a sorted pyarrow Table.

    Moments may carry a zone; they are kept in UTC. Raises pyarrow.ArrowInvalid for a value that
    does not fit its column exactly.
    """
    columns: dict[str, list[Any]] = {name: [] for name in table.columns}
    for row in rows:
        for name, told in columns.items():
            told.append(row.get(name))
    schema = arrow_schema(table)
    arrays = [_array(told, schema.field(name).type) for name, told in columns.items()]
    made = pa.Table.from_arrays(arrays, schema=schema)
    return made.sort_by([(name, "ascending") for name in table.sorted_by])


def _array(told: list[Any], kind: Any) -> Any:
    if pa.types.is_timestamp(kind):
        zoned = pa.array(told, type=pa.timestamp("us", tz="UTC"))
        return zoned.cast(kind)
    return pa.array(told, type=kind)


def write_table(
    store: Path, name: str, rows: Iterable[Mapping[str, Any]], *, segment: str | None = None
) -> Path:
    """Write one table of the store, or one segment of a growing one; the file's path.

    `segment` names the file of a growing table (for example "00001201-00001320"): writing the same
    segment again replaces it, so a feed can run twice without harm. Raises ValueError when a
    growing table is given no segment, or another table one.
    """
    table = TABLES[name]
    if table.growing != (segment is not None):
        raise ValueError(f"Bảng {name}: {'thiếu' if table.growing else 'không dùng'} tên đoạn.")
    path = store / name / f"{segment}.parquet" if segment else store / f"{name}.parquet"
    write_parquet(to_arrow(table, rows), path)
    return path


def exact_column(scaled: Any) -> Any:
    """Whole numbers of ten-thousandths (an int64 array) as a DECIMAL(18,4) column, bit by bit.

    Raises pyarrow.ArrowInvalid for a number of more than eighteen digits.
    """
    numbers = np.asarray(scaled, np.int64)
    if len(numbers) and max(int(numbers.max()), -int(numbers.min())) >= _TOO_LONG:
        raise pa.ArrowInvalid("more than eighteen digits")
    halves = np.empty((len(numbers), 2), np.int64)
    halves[:, 0], halves[:, 1] = numbers, numbers >> 63
    return pa.Array.from_buffers(
        pa.decimal128(18, 4), len(numbers), [None, pa.py_buffer(halves.tobytes())]
    )


_TOO_LONG = 10**18


def write_columns(store: Path, name: str, columns: Mapping[str, Any], *, segment: str) -> Path:
    """Write a segment of a growing table from pyarrow columns, whatever their order; its path.

    Texts may be dictionary-coded, moments may carry a zone. Raises pyarrow.ArrowInvalid for a
    value that does not fit its column.
    """
    table = TABLES[name]
    schema = arrow_schema(table)
    order = _order([columns[column] for column in table.sorted_by])
    arrays = [columns[field.name].take(order).cast(field.type) for field in schema]
    path = store / name / f"{segment}.parquet"
    write_parquet(pa.Table.from_arrays(arrays, schema=schema), path)
    return path


def _order(columns: list[Any]) -> Any:
    """The order of rows by some columns of texts; by numbers, which is much faster."""
    key: Any = 0
    for column in columns:
        coded = pc.dictionary_encode(column)
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        rank = np.argsort(np.argsort(np.array(coded.dictionary.to_pylist())))
        key = key * len(rank) + rank[coded.indices.to_numpy()]
    return pa.array(np.argsort(key, kind="stable"))


def write_parquet(table: Any, path: Path) -> None:
    """A pyarrow Table to a Parquet file, in one step from the reader's point of view."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    os.close(handle)
    try:
        pq.write_table(table, beside, compression="zstd")
        os.replace(beside, path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
