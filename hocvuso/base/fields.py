"""Columns that more than one room has."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from .text import fold


class FoldedField(models.TextField):
    """What a row is found by: other columns of it, folded, written whenever the row is written as a whole or made.

    Whoever writes only some columns (`update_fields`) names this one with those it is made of.
    """

    def __init__(self, *sources: str, **options: Any) -> None:
        self.sources = sources
        super().__init__(**{"editable": False, "default": "", **options})

    def deconstruct(self) -> Any:
        """With the names of the columns, for migrations."""
        name, path, _positional, options = super().deconstruct()
        return name, path, self.sources, options

    def folded(self, row: models.Model) -> str:
        """What stands in the row's columns, folded."""
        return fold(" ".join(str(getattr(row, name) or "") for name in self.sources))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Made anew before every writing."""
        text = self.folded(model_instance)
        setattr(model_instance, self.attname, text)
        return text


def holding(text: str, path: str = "search") -> Q:
    """Rows whose folded text at `path` holds every word of what somebody typed, with or without diacritics."""
    found = Q()
    for word in fold(text).split():
        found &= Q(**{f"{path}__contains": word})
    return found
