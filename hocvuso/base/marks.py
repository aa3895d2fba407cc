"""Marks: what the house remembers of itself, one row a name."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone

from . import rows
from .models import Mark

WORK = "work:"  # how what is periodic begins: `ok` when it was done last, `error` of the tries since
_WRITE = """
    INSERT INTO base_mark (name, at, data) VALUES (%s, %s, %s)
    ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at, data = EXCLUDED.data
"""
_AT, _DATA = Mark._meta.get_field("at"), Mark._meta.get_field("data")


def read(name: str) -> dict[str, Any]:
    """What is remembered under a name; nothing when it never was.

    What a disk or a hand made of it is no memory, but not nothing: neither stops whoever asks.
    """
    mark = rows.first(Mark, "name = %s", name)
    if mark and not isinstance(mark.data, dict):
        return {"damaged": True}
    return mark.data if mark else {}


def beginning(prefix: str) -> dict[str, Mark]:
    """All marks whose names begin so, by the rest of the name."""
    return {m.name.removeprefix(prefix): m for m in Mark.objects.filter(name__startswith=prefix)}


def write(name: str, /, **data: Any) -> None:
    """Remember it, in place of what was there; one statement."""
    values = [name, _AT.get_db_prep_value(timezone.now(), connection), _DATA.get_db_prep_value(data, connection)]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)


def forget(name: str) -> None:
    """Remember it no more."""
    Mark.objects.filter(name=name).delete()
