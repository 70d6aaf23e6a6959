"""Rows into a table as fast as the database takes them, step by step, each whole or not at all.

A step that is done is written beside its rows, in the same transaction: whoever is interrupted
calls again and goes on. Rows are given by column: SQLite takes them zipped, by executemany,
PostgreSQL as CSV that Arrow writes, by COPY.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

_STEPS = "CREATE TABLE IF NOT EXISTS bench_step (step varchar(80) PRIMARY KEY)"
_LAID = "CREATE TABLE IF NOT EXISTS bench_index (text varchar(2000) PRIMARY KEY)"
_INDICES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s "
    "AND sql IS NOT NULL",
    "postgresql": "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = %s "
    "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
}


def step(name: str, does: Callable[[], Any]) -> None:
    """Do a step unless it was done before; say so on the error stream with the time it took."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute(_STEPS)
        cursor.execute("SELECT 1 FROM bench_step WHERE step = %s", [name])
        if cursor.fetchone():
            return
    began = time.perf_counter()
    with transaction.atomic():
        does()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_step VALUES (%s)", [name])
    print(f"{name}: {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)


def hurry() -> None:
    """Take SQLite's care for power cuts from this connection: its file is made anew at need.

    New pages need no copy in the journal of the plain kind, which the write-ahead log would keep.
    """
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for told in ("journal_mode=DELETE", "synchronous=OFF", "cache_size=-1000000"):
                cursor.execute(f"PRAGMA {told}").fetchall()


def moment(at: datetime) -> str:
    """A moment as the database's own column takes it."""
    from django.db import connection

    told = at.astimezone(UTC)
    return str(told if connection.vendor == "postgresql" else told.replace(tzinfo=None))


def lift_indices(table: str) -> None:
    """Drop a table's indices (those that no constraint holds) until `lay_indices`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_LAID)
        cursor.execute(_INDICES[connection.vendor], [table])
        for name, text in cursor.fetchall():
            cursor.execute("INSERT INTO bench_index VALUES (%s)", [text])
            cursor.execute(f'DROP INDEX "{name}"')


def lay_indices(tables: Iterable[str]) -> None:
    """Build again the indices of these tables, dropped or loosely filled; let the planner know."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM bench_index")
        for (text,) in cursor.fetchall():
            cursor.execute(text)
        cursor.execute("DELETE FROM bench_index")
        for table in tables:
            prefix = "TABLE " if connection.vendor == "postgresql" else ""
            cursor.execute(f"REINDEX {prefix}{table}")  # those that constraints hold
        cursor.execute("ANALYZE")


def follow_ids(table: str) -> None:
    """Let the next id of a table follow those that were given by hand."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), MAX(id)) FROM {table}"
            )
