"""Very many rows into a table at once, given by column."""

from __future__ import annotations

import io
from collections.abc import Mapping
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection
from pyarrow import csv


def load(table: str, columns: Mapping[str, Any]) -> None:
    """Add rows to a table: each column a numpy array, or one value that all rows have."""
    named = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({named}) FROM STDIN WITH (FORMAT csv)") as copy:
                copy.write(_as_csv(columns))
            return
        asked = ", ".join(["?"] * len(columns))
        told = (c.tolist() if isinstance(c, np.ndarray) else repeat(c) for c in columns.values())
        # Django's own cursor rewrites the statement and keeps it for its log: not for millions.
        cursor.cursor.connection.executemany(
            f"INSERT INTO {table} ({named}) VALUES ({asked})", zip(*told, strict=False)
        )


def _as_csv(columns: Mapping[str, Any]) -> memoryview:
    many = next(len(c) for c in columns.values() if isinstance(c, np.ndarray))
    told = {
        name: pa.array(c) if isinstance(c, np.ndarray) else pa.repeat(c, many)
        for name, c in columns.items()
    }
    sink = io.BytesIO()
    csv.write_csv(pa.table(told), sink, csv.WriteOptions(include_header=False))
    return sink.getbuffer()
