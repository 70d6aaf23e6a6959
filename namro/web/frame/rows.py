"""Rows written whole where a page writes many a second: Django's own words for it take longer to
put together than the database takes to write them (decision 34)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert new rows of one table, in their order; they get their keys. What `bulk_create` does,
    without signals. Raises what the database does."""
    if not rows:
        return
    fields = _written(_model_of(rows[0]))
    most = connection.ops.bulk_batch_size(list(fields), rows)
    with connection.cursor() as cursor:
        for first in range(0, len(rows), most):
            _insert(cursor, rows[first : first + most], fields)


def _insert(cursor, rows: Sequence[Model], fields: Sequence[Field]) -> None:
    told = [
        field.get_db_prep_save(field.pre_save(row, True), connection)
        for row in rows
        for field in fields
    ]
    cursor.execute(_inserting(_model_of(rows[0]), len(rows)), told)
    for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
        row.pk = row._meta.pk.to_python(key)
        row._state.adding, row._state.db = False, "default"


def _model_of(row: Any) -> Any:
    return type(row)


@lru_cache
def _written(model: Any) -> tuple[Field, ...]:
    """The columns that a new row tells: all but a key that the database counts."""
    fields = model._meta.local_concrete_fields
    return tuple(f for f in fields if not (f.primary_key and isinstance(f, AutoField)))


@lru_cache(maxsize=512)
def _inserting(model: Any, many: int) -> str:
    quote, fields = connection.ops.quote_name, _written(model)
    columns = ", ".join(quote(f.column) for f in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    return (
        f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {', '.join([row] * many)} "
        f"RETURNING {quote(model._meta.pk.column)}"
    )


def update_row(row: Model, names: Sequence[str]) -> None:
    """Write some fields of a row that stands. Raises the model's DoesNotExist where it is gone."""
    model = _model_of(row)
    fields = [model._meta.get_field(name) for name in names]
    told = [f.get_db_prep_save(f.pre_save(row, False), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(_updating(model, tuple(f.column for f in fields)), [*told, row.pk])
        if cursor.rowcount != 1:
            raise model.DoesNotExist(f"{model._meta.label} {row.pk}")


@lru_cache(maxsize=128)
def _updating(model: Any, columns: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    told = ", ".join(f"{quote(column)} = %s" for column in columns)
    key = quote(model._meta.pk.column)
    return f"UPDATE {quote(model._meta.db_table)} SET {told} WHERE {key} = %s"
