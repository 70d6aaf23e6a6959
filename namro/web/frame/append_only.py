"""Tables to which the database itself lets nobody do anything but add rows.

`lay(connection, table)` in a migration; `suspended(connection)` only for emptying a whole database.
A migration that alters such a table on SQLite copies it and loses its triggers: lay them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only table: rows are never changed or deleted'
   USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_FIND_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_FIND_POSTGRES = (
    "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    " AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)"
)


def lay(connection: BaseDatabaseWrapper, table: str) -> None:
    """Refuse UPDATE and DELETE (on PostgreSQL also TRUNCATE) on the table."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
            for what, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table}"
                    f" FOR EACH {each} EXECUTE FUNCTION refuse_change()"
                )
            return
        for what in ("update", "delete"):
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{what} BEFORE {what.upper()} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'append-only table'); END"
            )


def lift(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take the table's triggers away again (a migration backwards)."""
    where = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for what in ("update", "delete", "truncate"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}{where}")


@contextmanager
def suspended(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """All triggers of the database put aside, and back again afterwards, whatever happened."""
    if connection.vendor == "postgresql":
        yield from _disabled(connection)
        return
    with connection.cursor() as cursor:
        kept = cursor.execute(_FIND_SQLITE).fetchall()
        for name, _ in kept:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name, sql in kept:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")  # laid again meanwhile
                cursor.execute(sql)


def _disabled(connection: BaseDatabaseWrapper) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_FIND_POSTGRES)
        tables = [row[0] for row in cursor.fetchall()]
        _switch(cursor, tables, "DISABLE")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            _switch(cursor, tables, "ENABLE")


def _switch(cursor: Any, tables: Iterable[str], how: str) -> None:
    # A table is not altered while a check of its rows waits for the transaction's end: check now.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} {how} TRIGGER USER")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
