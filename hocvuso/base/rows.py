"""Rows of a model read and written by plain SQL, for the few paths that every tap of every learner takes.

Building a query costs the ORM several times what the database needs to run it. Tables, columns and the conversion of
values still come from the models, and the SQL is that which SQLite and PostgreSQL have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import CharField, Field, FloatField, ForeignKey, IntegerField, Model, UUIDField

ROWS_A_STATEMENT = 500  # below the databases' limits of parameters
_key = UUIDField()
_AS_THEY_ARE = (CharField, FloatField, IntegerField)  # plain values that databases take as Python has them


def read[M: Model](model: type[M], where: str, *values: Any) -> list[M]:
    """The rows for which `where` is true; its `%s` stand for `values`, which are keys (UUIDs)."""
    select, names, conversions = _reading(model)
    database = connections[DEFAULT_DB_ALIAS]  # `connection` finds it anew at every use
    with database.cursor() as cursor:
        cursor.execute(select + where, [_key.get_db_prep_value(value, database) for value in values])
        rows = [list(row) for row in cursor.fetchall()]
    for row in rows:
        for place, convert, column in conversions:
            row[place] = convert(row[place], column, database)
    return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows]


def write[M: Model](
    model: type[M], rows: Iterable[M], *, unique: Sequence[str] = (), update: Sequence[str] = ()
) -> None:
    """Insert rows; one whose `unique` columns exist already replaces the `update` columns of that row."""
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in update)
    _insert(model, rows, f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {changes}" if unique else "")


def write_new[M: Model](model: type[M], rows: Iterable[M]) -> set[Any]:
    """Insert the rows whose key (a UUID) is not there yet; the keys that were inserted."""
    key = _quoted(model._meta.pk)
    return {UUID(str(found)) for (found,) in _insert(model, rows, f" ON CONFLICT ({key}) DO NOTHING RETURNING {key}")}


def _insert(model: type[Model], rows: Iterable[Model], after: str) -> list[tuple[Any, ...]]:
    """Insert rows; what the database returns, when `after` asks for it."""
    into, columns = _insertion(model)
    row_of = f"({', '.join(['%s'] * len(columns))})"
    found: list[tuple[Any, ...]] = []
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        for part in batched(rows, ROWS_A_STATEMENT):
            values = [
                adapt(getattr(row, name), database) if adapt else getattr(row, name)
                for row in part
                for name, adapt in columns
            ]
            cursor.execute(into + ", ".join([row_of] * len(part)) + after, values)
            if cursor.description:
                found += cursor.fetchall()
    return found


def places(values: Collection[Any]) -> str:
    """Places for the values of an `IN`; without values one that nothing is in (PostgreSQL refuses an empty list)."""
    return f"({', '.join(['%s'] * len(values)) or 'NULL'})"


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
def _insertion(model: type[Model]) -> tuple[str, list[tuple[str, Callable[..., Any] | None]]]:
    """The statement before its values, and the columns: name, and how a value becomes the database's (None: it is)."""
    fields = [f for f in model._meta.concrete_fields if f is not model._meta.auto_field]
    columns = [(f.attname, None if isinstance(f, _AS_THEY_ARE) else _target(f).get_db_prep_save) for f in fields]
    return f"INSERT INTO {_table(model)} ({', '.join(_quoted(f) for f in fields)}) VALUES ", columns


def _target(field: Field) -> Field:
    """The field whose values a column holds: of a foreign key, the key it points at."""
    return _target(field.target_field) if isinstance(field, ForeignKey) else field


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(field: Field) -> str:
    return connection.ops.quote_name(str(field.column))
