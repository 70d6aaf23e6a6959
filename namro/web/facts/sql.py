"""Plain statements for what runs at every approval, the same on SQLite and PostgreSQL.

Building query sets, objects and statements anew for each value would cost more than all the rest.
A list travels as one parameter, so that a statement's text never changes and is parsed once.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, models

Row = tuple[Any, ...]


def rows(statement: str, *parameters: Any) -> list[Row]:
    """The rows that a statement gives, as the driver gives them: exact numbers stay scaled."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def among(column: str) -> str:
    """The condition that a column holds one of a list; its parameter is `listed(values)`."""
    if connection.vendor == "postgresql":
        return f"{column} = ANY(%s)"
    return f"{column} IN (SELECT value FROM json_each(%s))"


def listed(values: Collection[Any]) -> Any:
    """A list as the one parameter of `among`."""
    return array(values) if connection.vendor == "postgresql" else json.dumps(list(values))


def strung(expression: str) -> str:
    """All whole numbers of a group as one text, "1,2,3": made by the database, which takes a third
    of the time of a row each. Several beside one another are in the same order."""
    if connection.vendor == "postgresql":
        return f"string_agg(({expression})::text, ',')"
    return f"group_concat({expression})"


_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def array(values: Iterable[Any]) -> str:
    """A list as PostgreSQL writes one, to be read as the type of what it stands against.

    The driver writes each value by itself, with patterns: a fifth of all that a form costs.

    >>> array([1, None, 3]), array(['a"b', None])
    ('{1,NULL,3}', '{"a\\\\"b",NULL}')
    """
    told = list(values)
    types = set(map(type, told))
    if types <= {int}:
        return "{" + ",".join(map(str, told)) + "}"
    if types == {str}:
        whole = '","'.join(told)
        if "\\" not in whole and whole.count('"') == 2 * len(told) - 2:
            return '{"' + whole + '"}'
    return "{" + ",".join(map(_member, told)) + "}"


def _member(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if type(value) is int else '"' + str(value).translate(_ESCAPED) + '"'


class Statement(NamedTuple):
    """A statement to be run with others; `many`: once for each row of its parameters."""

    text: str
    parameters: Sequence[Any] = ()
    many: bool = False


class Answer(NamedTuple):
    """What a statement gave: its rows, or how many it changed."""

    rows: list[Row]
    changed: int


def together(asked: Sequence[Statement]) -> list[Answer]:
    """Run statements one after another, each seeing what others committed before it began.

    On PostgreSQL they go to the server at once: waiting for each would cost more than most of them.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and asked:
            parameters = [value for one in asked for value in one.parameters]
            cursor.execute("; ".join(one.text for one in asked), parameters)
            return [_answer(cursor, n) for n in range(len(asked))]
        found = []
        for one in asked:
            run = cursor.executemany if one.many else cursor.execute
            run(one.text, one.parameters)
            found.append(Answer(cursor.fetchall() if cursor.description else [], cursor.rowcount))
        return found


def _answer(cursor: Any, number: int) -> Answer:
    if number:
        cursor.nextset()
    return Answer(cursor.fetchall() if cursor.description else [], cursor.rowcount)


def inserting(
    model: type[models.Model], columns: Sequence[str], told: Sequence[Row], *, then: str = ""
) -> Statement:
    """The statement that inserts rows in their order; its answer says how many were inserted or
    changed.

    Columns by their names in the database, values as the driver takes them. `then`: what follows,
    "ON CONFLICT …".
    """
    if connection.vendor == "postgresql":
        # One statement: a thousand rows sent one by one would be planned a thousand times.
        text = f"{_unnesting(model._meta.label, tuple(columns))} {then}"
        lists = [array(column) for column in zip(*told, strict=True)] or ["{}" for _ in columns]
        return Statement(text, lists)
    return Statement(f"{_inserting(model._meta.db_table, tuple(columns))} {then}", told, many=True)


def insert(
    model: type[models.Model], columns: Sequence[str], told: Sequence[Row], *, then: str = ""
) -> int:
    """Insert rows; give how many were inserted or changed."""
    return together([inserting(model, columns, told, then=then)])[0].changed if told else 0


@lru_cache(maxsize=32)
def _inserting(table: str, columns: tuple[str, ...]) -> str:
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"


@lru_cache(maxsize=32)
def _unnesting(label: str, columns: tuple[str, ...]) -> str:
    model = apps.get_model(label)
    types = {f.column: f.db_type(connection) for f in model._meta.local_concrete_fields}
    lists = ", ".join(f"%s::{types[column]}[]" for column in columns)
    named = ", ".join(columns)
    return f"INSERT INTO {model._meta.db_table} ({named}) SELECT * FROM unnest({lists})"


def update(statement: str, told: Iterable[Row]) -> None:
    """The same statement for several rows."""
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(told))
