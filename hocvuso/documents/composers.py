"""What a document may be composed from. Rooms above register their nouns; no room above is named here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from hocvuso.base.words import word_of
from hocvuso.people.models import Person


@dataclass(frozen=True)
class Composer:
    """How a noun becomes a document: `visible(person)` are the things it may be composed from, `compose(thing)` the
    fields of a draft, in Vietnamese."""

    visible: Callable[[Person], QuerySet[Any]]
    compose: Callable[[Any], dict[str, Any]]


_registered: dict[str, Composer] = {}


def register(word: str, composer: Composer) -> None:
    """Let documents be composed from nouns with this word."""
    _registered[word] = composer


def composer_of(word: str) -> Composer | None:
    """The composer of a noun; None where no document is about such."""
    return _registered.get(word)


def compose(subject: Any) -> dict[str, Any]:
    """The fields of a draft about `subject`. Raises KeyError for a noun that no document is about."""
    with translation.override("vi"):
        return _registered[word_of(subject)].compose(subject)
