"""Columns that more than one room has."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

import msgspec
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


class FingerprintField(models.BigIntegerField):
    """What other columns of the row were when it was written: `hocvuso doctor` finds a row that was changed since.

    Written whenever the row is saved as a whole or made; whoever writes only some columns (`update_fields`) names this
    one with those it is made of, and nobody writes them by `update()`. It finds what a disk or a hand at the database
    changed; it is no seal against whoever works it out anew.
    """

    def __init__(self, *sources: str, **options: Any) -> None:
        self.sources = sources
        super().__init__(**{"editable": False, "default": 0, **options})

    def deconstruct(self) -> Any:
        """With the names of the columns, for migrations."""
        name, path, _positional, options = super().deconstruct()
        return name, path, self.sources, options

    def of(self, row: models.Model) -> int:
        """The fingerprint of what stands in the row's columns."""
        fields = {field.attname: field for field in row._meta.concrete_fields}
        return fingerprint(*(fields[name].to_python(getattr(row, name)) for name in self.sources))

    def pre_save(self, model_instance: models.Model, add: bool) -> int:
        """Made anew before every writing."""
        made = self.of(model_instance)
        setattr(model_instance, self.attname, made)
        return made


def fingerprint(*values: Any) -> int:
    """64 bits (BLAKE2b, RFC 7693) over values as the database gives them back."""
    text = msgspec.json.encode([v if v.__class__ in _AS_THEY_ARE else _alike(v) for v in values])
    return int.from_bytes(blake2b(text, digest_size=8).digest(), signed=True)


_AS_THEY_ARE = {str, int, bool, UUID, type(None)}


def _alike(value: Any) -> Any:
    """What is the same whichever database it comes from."""
    if isinstance(value, datetime):
        return value if value.tzinfo is UTC else value.astimezone(UTC)
    if isinstance(value, float):
        return repr(value + 0.0)  # no database tells zero from minus zero
    return json.dumps(_plain(value), sort_keys=True) if isinstance(value, (dict, list)) else str(value)


def _plain(value: Any) -> Any:
    """JSON with its numbers alike: PostgreSQL writes them as it likes."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, bool) or not isinstance(value, int | float) else float(value) + 0.0


def holding(text: str, path: str = "search") -> Q:
    """Rows whose folded text at `path` holds every word of what somebody typed, with or without diacritics."""
    found = Q()
    for word in fold(text).split():
        found &= Q(**{f"{path}__contains": word})
    return found
