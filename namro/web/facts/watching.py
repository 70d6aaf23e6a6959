"""The database itself notes when something changes that figures rest on besides facts.

Debts (assignments, bound measures), the tree (ancestors, successions, closed units) and what units
are called change in rooms below, by their actions or by a hand at the database. Triggers leave a
row of `Touched` for each transaction that did; who has brought the figures up to date takes away
the rows it had seen before it began. A row committed later stays: so nothing is missed, in whatever
order transactions end, and nobody waits for another (a counter would make all of them wait, or lose
the later one).

Laid after every `migrate`: SQLite loses the triggers of a table that a migration makes anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from namro.web.facts import versions

DEBTS, TREE, NAMES = "DEBTS", "TREE", "NAMES"

_OF_TARGETS = "{row}.target_id IS NOT NULL"
_OTHER = 'OLD."{0}" IS DISTINCT FROM NEW."{0}"'


def _differs(*columns: str) -> str:
    return "(" + " OR ".join(_OTHER.format(column) for column in columns) + ")"


_NAMES = ("code", "name", "short_name", "kind", "tile_column", "tile_row")

WATCHED: dict[str, list[tuple[str, str, str]]] = {
    "plans_assignment": [
        ("INSERT", DEBTS, _OF_TARGETS.format(row="NEW")),
        ("DELETE", DEBTS, _OF_TARGETS.format(row="OLD")),
        (
            "UPDATE",
            DEBTS,
            _differs("target_id", "unit_id", "part", "from_on", "to_on")
            + " AND (OLD.target_id IS NOT NULL OR NEW.target_id IS NOT NULL)",
        ),
    ],
    "plans_target": [
        ("INSERT", DEBTS, "NEW.measure <> ''"),
        ("DELETE", DEBTS, "OLD.measure <> ''"),
        ("UPDATE", DEBTS, _differs("measure")),
    ],
    "org_unitancestor": [
        ("INSERT", TREE, ""),
        ("DELETE", TREE, ""),
        ("UPDATE", TREE, _differs("unit_id", "ancestor_id", "from_on", "to_on")),
    ],
    "org_unitsuccession": [
        ("INSERT", TREE, ""),
        ("DELETE", TREE, ""),
        ("UPDATE", TREE, _differs("unit_id", "heir_id", "on")),
    ],
    "org_unit": [("UPDATE", TREE, _differs("closed_on")), ("UPDATE", NAMES, _differs(*_NAMES))],
}
"""Table → by what (INSERT, DELETE or UPDATE of a row) is touched what, and when."""

_FUNCTION = """
CREATE OR REPLACE FUNCTION facts_touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE own text := txid_current() || ' ' || now();
BEGIN
  INSERT INTO facts_touched (what, by_transaction) SELECT TG_ARGV[0], own WHERE NOT EXISTS
    (SELECT 1 FROM facts_touched WHERE what = TG_ARGV[0] AND by_transaction = own);
  RETURN NULL;
END $$
"""


def lay(connection: BaseDatabaseWrapper) -> None:
    """Watch every table that is there; what is watched already stays so."""
    told = connection.introspection.table_names()
    versions.lay(connection, told)
    if "facts_touched" not in told:
        return
    make = _on_postgres if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in WATCHED.keys() & set(told):
            for statement in make(table):
                cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Watch no longer (a migration backwards)."""
    with connection.cursor() as cursor:
        for table in WATCHED.keys() & set(connection.introspection.table_names()):
            where = f" ON {table}" if connection.vendor == "postgresql" else ""
            for what, touched, _ in [*WATCHED[table], ("TRUNCATE", WATCHED[table][0][1], "")]:
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, what, touched)}{where}")


def _name(table: str, what: str, touched: str) -> str:
    return f"{table}_{what}_touches_{touched}".lower()


def lay_again(using: str, **_: Any) -> None:
    """What is done after each `migrate` (and `flush`)."""
    lay(connections[using])


def _on_sqlite(table: str) -> Iterator[str]:
    """SQLite has one writer at a time: a row that is there will be seen by who comes next."""
    for what, touched, when in WATCHED[table]:
        # SQLite calls IS NOT what the standard calls IS DISTINCT FROM.
        where = f"WHEN {when.replace('IS DISTINCT FROM', 'IS NOT')} " if when else ""
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {_name(table, what, touched)} AFTER {what} "
            f"ON {table} {where}BEGIN INSERT INTO facts_touched (what, by_transaction) "
            f"SELECT '{touched}', '' WHERE NOT EXISTS "
            f"(SELECT 1 FROM facts_touched WHERE what = '{touched}'); END"
        )


def _on_postgres(table: str) -> Iterator[str]:
    for what, touched, when in WATCHED[table]:
        yield (
            f"CREATE OR REPLACE TRIGGER {_name(table, what, touched)} AFTER {what} ON {table} "
            f"FOR EACH ROW {f'WHEN ({when}) ' if when else ''}"
            f"EXECUTE FUNCTION facts_touch('{touched}')"
        )
    touched = WATCHED[table][0][1]
    yield (
        f"CREATE OR REPLACE TRIGGER {_name(table, 'truncate', touched)} AFTER TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION facts_touch('{touched}')"
    )
