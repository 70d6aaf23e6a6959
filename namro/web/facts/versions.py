"""Which state figure rows are in, and which rows changed from one state to the next.

Every change of a figure row, by an action or by a hand at the database, gives the one row of
`FigureVersion` another token: triggers see to it, in the same transaction. Tokens are random, so a
state that was taken back never comes again, and who sees the token it kept sees the rows it kept.
Who adds to rows by an action says which in a `FigureStep`; where the steps from one token to
another leave a gap (a rebuilding, a hand), nothing is known of what changed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from namro.web.facts import sql

TABLE = "facts_figureversion"
_STEPS = "facts_figurestep"

Rows = dict[str, set[int]]
"""Period code → the units whose rows changed."""

MOST_ROWS = 2000
"""A step that touches more (period, unit) pairs than this is not told of: all is read anew."""

_KEPT_STEPS = 200

_TOKEN = f"SELECT token FROM {TABLE}"
_SINCE = f"SELECT before, after, touched FROM {_STEPS} ORDER BY id DESC LIMIT {_KEPT_STEPS}"
# The row is locked (on PostgreSQL) until the transaction ends: no other change comes between.
_BEGIN = f"UPDATE {TABLE} SET before = token"
_END = f"INSERT INTO {_STEPS} (before, after, touched) SELECT before, token, %s FROM {TABLE}"
_FORGET = f"DELETE FROM {_STEPS} WHERE id < (SELECT MAX(id) FROM {_STEPS}) - {_KEPT_STEPS}"


def token() -> int | None:
    """The token of the state that figure rows are in; None: nobody tells, nothing may be kept."""
    told = sql.rows(_TOKEN)
    return told[0][0] if told else None


def changed(before: int, now: int) -> Rows | None:
    """The rows that changed from one state to a later one; None where that is not known."""
    steps = {after: (earlier, touched) for earlier, after, touched in sql.rows(_SINCE)}
    found: Rows = defaultdict(set)
    while now != before:
        if now not in steps:
            return None
        now, touched = steps.pop(now)
        for period, units in json.loads(touched).items():
            found[period].update(units)
    return found


def noted(
    change: sql.Statement, touched: Collection[tuple[str, int]]
) -> tuple[list[sql.Statement], int]:
    """The statements that make a change of figure rows and say which (period code, unit id) were
    touched; and the place of the change among them."""
    if len(touched) > MOST_ROWS:
        return [change], 0
    told: dict[str, list[int]] = defaultdict(list)
    for period, unit in touched:
        told[period].append(unit)
    end = sql.Statement(_END, (json.dumps(told, separators=(",", ":")),))
    return [sql.Statement(_BEGIN), change, end, sql.Statement(_FORGET)], 1


_FUNCTION = f"""
CREATE OR REPLACE FUNCTION facts_figure_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE {TABLE} SET token = hashtextextended(gen_random_uuid()::text, 0);
  RETURN NULL;
END $$
"""
_WATCHED = "facts_figure"


def lay(connection: BaseDatabaseWrapper, tables: Collection[str]) -> None:
    """Let every change of figure rows give another token. `tables`: those that are there."""
    if not {TABLE, _WATCHED} <= set(tables):
        return
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in _on_postgres() if is_postgres else _on_sqlite():
            cursor.execute(statement)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Watch no longer (a migration backwards)."""
    where = f" ON {_WATCHED}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for what in ("insert", "update", "delete", "truncate"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(what)}{where}")


def _name(what: str) -> str:
    return f"{_WATCHED}_{what}_changes"


def _on_sqlite() -> Iterator[str]:
    yield f"INSERT OR IGNORE INTO {TABLE} (id, token, before) VALUES (1, random(), 0)"
    for what in ("insert", "update", "delete"):
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {_name(what)} AFTER {what.upper()} ON {_WATCHED} "
            f"BEGIN UPDATE {TABLE} SET token = random(); END"
        )


def _on_postgres() -> Iterable[str]:
    yield _FUNCTION
    yield (
        f"INSERT INTO {TABLE} (id, token, before) "
        "VALUES (1, hashtextextended(gen_random_uuid()::text, 0), 0) ON CONFLICT DO NOTHING"
    )
    for what in ("insert", "update", "delete", "truncate"):
        yield (
            f"CREATE OR REPLACE TRIGGER {_name(what)} AFTER {what.upper()} ON {_WATCHED} "
            "FOR EACH STATEMENT EXECUTE FUNCTION facts_figure_changed()"
        )
