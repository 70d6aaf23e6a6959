"""Questions asked so often that their words are put together once.

Putting a query set into SQL costs as much as its answer: on the day on which all report, a third of
the site's time. A prepared question keeps the text that Django made of it, for each connection,
and sends only the values from then on; PostgreSQL keeps its plan, too (decision 34).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.sql.compiler import SQLCompiler

MOST_LISTED = 128
"""Longer lists are asked as they are: each length would be a text of its own."""
_SEEN_BEFORE = 1
"""PostgreSQL plans a text anew so many times before its plan is kept for the connection."""
_MOST_KEPT = 400


def prepared(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """The question that `build` puts, as a function of the same arguments that gives the rows.

    `build` is called with stand-ins: it must hand its arguments to the query set as they are, and
    neither look at them nor at anything that changes. Arguments are whole numbers (keys), texts,
    dates, moments, UUIDs and lists of numbers or texts; a boolean shapes the question and may be
    looked at. Raises TypeError for anything else, and for one that the question does not hold.
    """
    signature = inspect.signature(build)

    @functools.wraps(build)
    def ask(*args: Any, **kwargs: Any) -> list[Any]:
        told = signature.bind(*args, **kwargs).arguments
        if any(_listed(v) and len(v) > MOST_LISTED for v in told.values()):
            return list(build(**told))
        whole = {name: _whole(value) for name, value in told.items()}
        return _ready(build, whole).rows(whole)

    return ask


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset)


def _whole(value: Any) -> Any:
    """A list filled up to the next power of two with its last member, so that few lengths occur."""
    if not _listed(value):
        return value
    members = list(value)
    short = (1 << (len(members) - 1).bit_length()) - len(members) if members else 0
    return members + members[-1:] * short


def _ready(build: Callable[..., QuerySet], told: Mapping[str, Any]) -> _Question:
    """The question as this thread's connection keeps it; put together at the first time."""
    kept = vars(connections["default"]).setdefault("_prepared_questions", {})
    key = (build, tuple(map(_shape, told.values())))
    if key not in kept:
        kept[key] = _Question(build, told)
    return kept[key]


def _shape(value: Any) -> object:
    if _listed(value):
        return len(value), bool(value) and type(value[0])
    return value if isinstance(value, bool) else type(value)


class _Place(NamedTuple):
    """Where a parameter comes from: an argument, of a list one member."""

    name: str
    member: int | None


class _Question:
    """A query set put into SQL on one connection, with the places of its arguments."""

    def __init__(self, build: Callable[..., QuerySet], told: Mapping[str, Any]) -> None:
        self.connection = connections["default"]
        places: dict[Any, _Place] = {}
        asked = build(**{name: self._stand_in(name, v, places) for name, v in told.items()})
        self.queryset = asked.using("default")
        self.compiler: SQLCompiler = self.queryset.query.get_compiler(using="default")
        try:
            self.text, found = self.compiler.as_sql()
        except EmptyResultSet as why:
            if not any(_listed(v) and not v for v in told.values()):
                raise TypeError(f"{build.__qualname__} finds nothing, whatever is asked") from why
            self.text, found = "", ()
        self.parameters = [places.get(_hashed(p), p) for p in found]
        missing = {p.name for p in places.values()} - {
            p.name for p in self.parameters if isinstance(p, _Place)
        }
        if self.text and missing:
            raise TypeError(f"{build.__qualname__} does not ask for {sorted(missing)}")
        self.queryset.query.get_compiler = lambda *a, **k: self.compiler

    def _stand_in(self, name: str, value: Any, places: dict[Any, _Place]) -> Any:
        """A value of the same kind that occurs nowhere else; told in `places` as it will look
        among the parameters."""
        if isinstance(value, bool):
            return value
        if _listed(value):
            found = [_unlike(v, len(places) + n) for n, v in enumerate(value)]
            places |= {self._adapted(v): _Place(name, n) for n, v in enumerate(found)}
            return found
        found = _unlike(value, len(places))
        places[self._adapted(found)] = _Place(name, None)
        return found

    def _adapted(self, value: Any) -> Any:
        """The value as the database's driver takes it."""
        if isinstance(value, datetime):
            return self.connection.ops.adapt_datetimefield_value(value)
        if isinstance(value, date):
            return self.connection.ops.adapt_datefield_value(value)
        if isinstance(value, UUID) and not self.connection.features.has_native_uuid_field:
            return value.hex
        return value

    def rows(self, told: Mapping[str, Any]) -> list[Any]:
        """What stands in the database for these values."""
        if not self.text:
            return []
        if self.queryset.query.select_for_update and not self.connection.in_atomic_block:
            raise transaction.TransactionManagementError("rows are locked within a transaction")
        adapted = {
            name: [*map(self._adapted, v)] if _listed(v) else self._adapted(v)
            for name, v in told.items()
        }
        found = self._execute([_taken(p, adapted) for p in self.parameters])
        self.compiler.execute_sql = lambda *a, **k: [found]
        rows = list(self.queryset._iterable_class(self.queryset))
        if self.queryset._prefetch_related_lookups:
            prefetch_related_objects(rows, *self.queryset._prefetch_related_lookups)
        return rows

    def _execute(self, parameters: list[Any]) -> list[Any]:
        with _cursor(self.connection) as cursor:
            cursor.execute(self.text, parameters)
            rows = cursor.fetchall()
        if self.compiler.has_extra_select:
            return [row[: self.compiler.col_count] for row in rows]
        return rows


def _hashed(parameter: Any) -> Any:
    return parameter if isinstance(parameter, int | str | date | UUID) else None


def _taken(parameter: Any, told: Mapping[str, Any]) -> Any:
    if not isinstance(parameter, _Place):
        return parameter
    value = told[parameter.name]
    return value if parameter.member is None else value[parameter.member]


def _unlike(value: Any, number: int) -> Any:
    """The `number`-th stand-in for a value of this kind. Raises TypeError."""
    match value:
        case int():
            return 2_111_000_000 + number  # fits every whole number column
        case str():
            return f"\x01{number}"
        case datetime():
            return datetime(1801, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        case date():
            return date(1701, 1, 1) + timedelta(days=number)
        case UUID():
            return UUID(int=number)
    raise TypeError(f"a question is not prepared for {type(value).__name__}")


@contextmanager
def _cursor(connection: Any) -> Iterator[Any]:
    """A cursor whose statements the server keeps planned, where it can; Django's own keep none."""
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            yield cursor
        return
    from django.db.backends.postgresql.base import ServerBindingCursor  # needs the driver

    connection.ensure_connection()
    driver = connection.connection
    driver.prepare_threshold, driver.prepared_max = _SEEN_BEFORE, _MOST_KEPT
    try:
        with connection._prepare_cursor(ServerBindingCursor(driver)) as cursor:
            yield cursor
    finally:
        driver.prepare_threshold = None
