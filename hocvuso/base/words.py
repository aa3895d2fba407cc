"""Every noun has a word of its own, and what is stored names things by it: `report:<key>`.

The word stands on the model (`word = "report"`), belongs to it alone and never changes. Module, app label and path are
only where the code lies today: a noun may move to another room, and the journal, attachments, documents and addresses
still find it.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model


def word_of(thing: Model | type[Model]) -> str:
    """The word of a noun, or of what is one. Raises LookupError for a model that declares none of its own."""
    model = thing if isinstance(thing, type) else thing.__class__  # of a request's lazy user too
    word = vars(model).get("word")
    if not isinstance(word, str):
        raise LookupError(f"{model} declares no word of its own")
    return word


def model_of(word: str) -> type[Model]:
    """The model with this word. Raises LookupError if nobody has it."""
    for model in apps.get_models():
        if vars(model).get("word") == word:
            return model
    raise LookupError(f"no model has the word {word}")


def name_of(thing: Model | type[Model]) -> str:
    """`word:key` of a thing; the word alone of a model, for what concerns many of them."""
    return word_of(thing) if isinstance(thing, type) else f"{word_of(thing)}:{thing.pk}"


def thing_of(name: str) -> Any:
    """The thing with this name; None if there is none, or none any more."""
    word, _colon, key = name.partition(":")
    try:
        return model_of(word)._base_manager.filter(pk=key).first() if key else None
    except (LookupError, ValueError, ValidationError):
        return None
