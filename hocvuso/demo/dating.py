"""Rows that tell of the past: fields that would be set to now keep the dates they are given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Model


@contextmanager
def dated(*models: type[Model]) -> Iterator[None]:
    """Inside, `created_at` of these models is not overwritten on saving."""
    fields = [model._meta.get_field("created_at") for model in models]
    for field in fields:
        field.auto_now_add = False  # type: ignore[union-attr]
    try:
        yield
    finally:
        for field in fields:
            field.auto_now_add = True  # type: ignore[union-attr]
