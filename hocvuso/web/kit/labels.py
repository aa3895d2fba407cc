"""Acts of the journal in words: each subject's manifest has those of its own."""

from __future__ import annotations

from functools import cache
from typing import Any

from .subjects import subjects


@cache
def labels() -> dict[str, Any]:
    """Every act that has words."""
    return {act: words for subject in subjects().values() for act, words in subject.labels.items()}


def act_in_words(act: str) -> str:
    """An act of the journal as people say it."""
    return str(labels().get(act, act))
