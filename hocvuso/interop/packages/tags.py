"""What our items say besides the question, as tags: `use:check`, `outcome:AI-08`, `difficulty:easy`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hocvuso.library.source.schema import ItemSource

from .found import Found

_OURS = re.compile(r"use:(check|test)|outcome:([A-Z]{2,4}-[0-9]{2})|difficulty:(easy|medium|hard)")


def tags_of(item: ItemSource) -> list[str]:
    """The tags of an item."""
    return [f"use:{item.use}", f"outcome:{item.outcome}", f"difficulty:{item.difficulty}"]


def take(found: Found, tags: Iterable[str]) -> None:
    """Read our tags into a question; others have no place in an item."""
    others = []
    for tag in tags:
        if match := _OURS.fullmatch(tag):
            use, outcome, difficulty = match.groups()
            found.use, found.outcome = use or found.use, outcome or found.outcome
            found.difficulty = difficulty or found.difficulty
        else:
            others.append(tag)
    if others:
        found.losses.append(f"bỏ thẻ: {', '.join(others)}")


def title_of(item: ItemSource) -> str:
    """What an item is called in lists of other software."""
    return " ".join(item.stem.split())[:80].strip()
