"""Rows of a model read and written by plain SQL, for the few paths that every tap of every learner takes.

Building a query costs the ORM several times what the database needs to run it. Tables, columns and the conversion of
values still come from the models, and the SQL is that which SQLite and PostgreSQL have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import Field, Model, UUIDField

ROWS_A_STATEMENT = 500  # below the databases' limits of parameters
_key = UUIDField()


def read[M: Model](model: type[M], where: str, *values: Any) -> list[M]:
    """The rows for which `where` is true; its `%s` stand for `values`, which are keys (UUIDs)."""
    select, names, conversions = _reading(model)
    with connection.cursor() as cursor:
        cursor.execute(select + where, [_key.get_db_prep_value(value, connection) for value in values])
        rows = [list(row) for row in cursor.fetchall()]
    for row in rows:
        for place, convert, column in conversions:
            row[place] = convert(row[place], column, connection)
    return [model.from_db(connection.alias, names, row) for row in rows]


def write[M: Model](
    model: type[M], rows: Iterable[M], *, unique: Sequence[str] = (), update: Sequence[str] = ()
) -> None:
    """Insert rows; one whose `unique` columns exist already replaces the `update` columns of that row."""
    fields = _written(model)
    into, conflict = _insertion(model, tuple(unique), tuple(update))
    row_of = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for part in batched(rows, ROWS_A_STATEMENT):
            values = [f.get_db_prep_save(getattr(row, f.attname), connection) for row in part for f in fields]
            cursor.execute(into + ", ".join([row_of] * len(part)) + conflict, values)


def places(values: Collection[Any]) -> str:
    """Places for several values of an `IN`."""
    return f"({', '.join(['%s'] * len(values))})"


@cache
def _reading(model: type[Model]) -> tuple[str, list[str], list[tuple[int, Callable[..., Any], Any]]]:
    """The statement before its condition, the names of what it reads, and how values become Python's."""
    fields = model._meta.concrete_fields
    conversions = []
    for place, field in enumerate(fields):
        column = field.get_col(model._meta.db_table)
        converters = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
        conversions += [(place, convert, column) for convert in converters]
    columns = ", ".join(_quoted(field) for field in fields)
    return f"SELECT {columns} FROM {_table(model)} WHERE ", [f.attname for f in fields], conversions


@cache
def _insertion(model: type[Model], unique: tuple[str, ...], update: tuple[str, ...]) -> tuple[str, str]:
    """The statement before and after its values."""
    into = f"INSERT INTO {_table(model)} ({', '.join(_quoted(f) for f in _written(model))}) VALUES "
    if not unique:
        return into, ""
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in update)
    return into, f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {changes}"


def _written(model: type[Model]) -> list[Field]:
    return [f for f in model._meta.concrete_fields if f is not model._meta.auto_field]


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(field: Field) -> str:
    return connection.ops.quote_name(str(field.column))
