"""What may be reminded of. Rooms above register where what is owed comes from; no room above is named here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

__all__ = ["Source", "choices", "kinds", "label_of", "register", "source_of"]


@dataclass(frozen=True)
class Source:
    """Where what is owed of one kind comes from.

    `kind` is the stored word of the kind, `label` what people call it, `noun` the word of the thing that is owed.
    `rows`: what is still open, each with a day `due_on` and at `unit` who owes it. `fields` are read of each row, and
    `titled` makes of them the title and the leader in charge, if there is one.
    """

    kind: str
    label: Any
    noun: str
    rows: Callable[[], QuerySet[Any, Any]]
    unit: str
    fields: tuple[str, ...]
    titled: Callable[..., tuple[str, UUID | None]]
    order: int = 50


_registered: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let things of this kind be reminded of."""
    _registered[source.kind] = source


def source_of(kind: str) -> Source:
    """The source of a kind. Raises KeyError for a kind that nobody registered."""
    return _registered[kind]


def kinds() -> list[str]:
    """Every kind, in the order in which people read them."""
    return [kind for kind, _label in choices()]


def choices() -> list[tuple[str, Any]]:
    """(kind, label) of every kind, in the order in which people read them."""
    return [(s.kind, s.label) for s in sorted(_registered.values(), key=lambda s: s.order)]


def label_of(kind: str) -> str:
    """What people call a kind; the kind itself where its room is gone."""
    return str(_registered[kind].label) if kind in _registered else kind
