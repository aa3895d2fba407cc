"""Rows of a model read and written by plain SQL, for the few paths that every tap, sign-in and journalled act takes.

Building a query costs the ORM several times what the database needs to run it. Tables, columns and the conversion of
values still come from the models, and the SQL is that which SQLite and PostgreSQL have in common.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import CharField, Field, FloatField, ForeignKey, IntegerField, Model, UUIDField
from django.db.models.base import ModelState
from django.db.transaction import TransactionManagementError

ROWS_A_STATEMENT = 500  # below the databases' limits of parameters
_key = UUIDField()
_AS_THEY_ARE = (CharField, FloatField, IntegerField)  # plain values that databases take as Python has them


def read[M: Model](model: type[M], where: str, *values: Any, locked: bool = False) -> list[M]:
    """The rows for which `where` is true, which may end in LIMIT; its `%s` stand for `values`: keys (as UUID) or texts.

    `locked`: for nobody else to change until the transaction ends; SQLite has one writer anyway. Raises
    TransactionManagementError where there is no transaction.
    """
    select, names, conversions = _reading(model)
    database = connections[DEFAULT_DB_ALIAS]  # `connection` finds it anew at every use
    if locked:
        if not database.in_atomic_block:
            raise TransactionManagementError("rows are locked to the end of a transaction")
        where += " FOR UPDATE" * database.features.has_select_for_update
    with database.cursor() as cursor:
        cursor.execute(select + where, [_prepared(value, database) for value in values])
        rows = [list(row) for row in cursor.fetchall()]
    for row in rows:
        for place, convert, column in conversions:
            row[place] = convert(row[place], column, database)
    return [_instance(model, names, row) for row in rows]


def first[M: Model](model: type[M], where: str, *values: Any, locked: bool = False) -> M | None:
    """The first of such rows, None where there is none."""
    return next(iter(read(model, where, *values, locked=locked)), None)


def _prepared(value: Any, database: Any) -> Any:
    return _key.get_db_prep_value(value, database) if isinstance(value, UUID) else value


def _instance[M: Model](model: type[M], names: list[str], values: list[Any]) -> M:
    """As `Model.from_db` with all columns, without the signals and defaults that nobody here needs."""
    made = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    made.__dict__.update(zip(names, values, strict=True), _state=state)
    return made


type Row = Mapping[str, Any]  # values by the names of columns; a column that is not named has its field's default


def write(model: type[Model], rows: Iterable[Row], *, unique: Sequence[str] = (), update: Sequence[str] = ()) -> None:
    """Insert rows; one whose `unique` columns exist already replaces the `update` columns of that row."""
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in update)
    _insert(model, rows, f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {changes}" if unique else "")


def insert(made: Model) -> None:
    """Insert an object that has its key already, without the signals that nobody here needs."""
    write(type(made), [{field.attname: field.pre_save(made, True) for field in made._meta.concrete_fields}])
    made._state.adding, made._state.db = False, DEFAULT_DB_ALIAS


def write_new(model: type[Model], rows: Iterable[Row]) -> set[Any]:
    """Insert the rows whose key (a UUID) is not there yet; the keys that were inserted."""
    key = _quoted(model._meta.pk)
    return {UUID(str(found)) for (found,) in _insert(model, rows, f" ON CONFLICT ({key}) DO NOTHING RETURNING {key}")}


def _insert(model: type[Model], rows: Iterable[Row], after: str) -> list[tuple[Any, ...]]:
    """Insert rows; what the database returns, when `after` asks for it."""
    into, columns = _insertion(model)
    row_of = f"({', '.join(['%s'] * len(columns))})"
    found: list[tuple[Any, ...]] = []
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor:
        for part in batched(rows, ROWS_A_STATEMENT):
            values = [_value(row, column, database) for row in part for column in columns]
            cursor.execute(into + ", ".join([row_of] * len(part)) + after, values)
            if cursor.description:
                found += cursor.fetchall()
    return found


type _Column = tuple[str, Callable[..., Any] | None, Callable[[], Any]]


def _value(row: Row, column: _Column, database: Any) -> Any:
    name, adapt, default = column
    value = row[name] if name in row else default()
    return adapt(value, database) if adapt and value is not None else value


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
    return f"SELECT {columns} FROM {table(model)} WHERE ", [f.attname for f in fields], conversions


@cache
def _insertion(model: type[Model]) -> tuple[str, list[_Column]]:
    """The statement before its values, and the columns: name, how a value becomes the database's (None: it is), and
    the value of a row that has none.
    """
    fields = [f for f in model._meta.concrete_fields if f is not model._meta.auto_field]
    columns = [(f.attname, None if isinstance(f, _AS_THEY_ARE) else _adapt(f), f.get_default) for f in fields]
    return f"INSERT INTO {table(model)} ({', '.join(_quoted(f) for f in fields)}) VALUES ", columns


def _adapt(field: Field) -> Callable[..., Any]:
    """The conversion of values that are of the field's type in Python already."""
    return partial(_target(field).get_db_prep_value, prepared=True)


def _target(field: Field) -> Field:
    """The field whose values a column holds: of a foreign key, the key it points at."""
    return _target(field.target_field) if isinstance(field, ForeignKey) else field


def table(model: type[Model]) -> str:
    """The quoted name of a model's table."""
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(field: Field) -> str:
    return connection.ops.quote_name(str(field.column))
