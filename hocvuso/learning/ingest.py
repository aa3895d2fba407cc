"""Rows of a learner's records by plain SQL: the path that every answer of every learner takes.

Building a query costs the ORM several times what the database needs to run it. Tables, columns and the conversion of
values still come from the models.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from .models import LessonProgress, ReviewCard

ROWS_A_STATEMENT = 500  # below the databases' limits of parameters


def write[M: Model](
    model: type[M], rows: Iterable[M], *, unique: Iterable[str] = (), update: Iterable[str] = ()
) -> None:
    """Insert rows; one whose `unique` columns exist already replaces the `update` columns of that row."""
    fields = _written(model)
    into, conflict = _insertion(model, tuple(unique), tuple(update))
    row_of = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        for part in batched(rows, ROWS_A_STATEMENT):
            values = [f.get_db_prep_save(getattr(row, f.attname), connection) for row in part for f in fields]
            cursor.execute(into + ", ".join([row_of] * len(part)) + conflict, values)


def _written(model: type[Model]) -> list[Field]:
    return [f for f in model._meta.concrete_fields if f is not model._meta.auto_field]


@cache
def _insertion(model: type[Model], unique: tuple[str, ...], update: tuple[str, ...]) -> tuple[str, str]:
    """The statement before and after its values."""
    into = f"INSERT INTO {_table(model)} ({', '.join(_quoted(str(f.column)) for f in _written(model))}) VALUES "
    if not unique:
        return into, ""
    changes = ", ".join(f"{_quoted(name)} = EXCLUDED.{_quoted(name)}" for name in update)
    return into, f" ON CONFLICT ({', '.join(map(_quoted, unique))}) DO UPDATE SET {changes}"


def rows_of[M: (LessonProgress, ReviewCard)](
    model: type[M], person_id: Any, lesson_ids: Collection[Any]
) -> Iterable[M]:
    """A learner's rows for some lessons."""
    prepare = model._meta.get_field("person").get_db_prep_value
    places = ", ".join(["%s"] * len(lesson_ids))
    return model.objects.raw(
        f"SELECT * FROM {_table(model)} WHERE person_id = %s AND lesson_id IN ({places})",
        [prepare(value, connection) for value in (person_id, *lesson_ids)],
    )


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
