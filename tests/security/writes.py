"""What a request writes: seen at the database, whichever way it went there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models

_WRITE = re.compile(r'\s*(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
# What any request may leave behind: that somebody asked, how often, that a test was drawn, where the journal ends.
TRACES = {"django_session", "base_throttle", "base_doneonce", "assess_item", "base_mark"}


@contextmanager
def seen() -> Iterator[set[str]]:
    """Tables in which rows were written, added or deleted meanwhile, but for traces."""
    tables: set[str] = set()

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if (found := _WRITE.match(sql)) and found[1].lower() not in TRACES:
            tables.add(found[1].lower())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield tables


def rows(tables: set[str]) -> dict[tuple[str, Any], tuple[Any, ...]]:
    """All rows of some tables by table and key, as they are stored."""
    found: dict[tuple[str, Any], tuple[Any, ...]] = {}
    for model in _models(tables):
        for row in model._base_manager.values_list(*[f.attname for f in model._meta.concrete_fields]):
            place = [f.attname for f in model._meta.concrete_fields].index(model._meta.pk.attname)
            found[model._meta.db_table, row[place]] = row
    return found


def points_at(table: str, row: tuple[Any, ...]) -> set[Any]:
    """Keys of the rows to which a row belongs, its own among them."""
    [model] = _models({table})
    fields = model._meta.concrete_fields
    return {value for field, value in zip(fields, row, strict=True) if field.is_relation or field.primary_key}


def _models(tables: set[str]) -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table in tables]
