"""Two people in one text: what each changed in another place is taken from both."""

from __future__ import annotations

from merge3 import Merge3


def merge(base: str, mine: str, theirs: str) -> str | None:
    """The text with both changes, line by line; None where both changed the same place, each in another way."""
    lines = [text.splitlines(keepends=True) for text in (base, mine, theirs)]
    merged: list[str] = []
    for part in Merge3(*lines).merge_groups():
        if part[0] == "conflict":
            return None
        merged += part[1]
    return "".join(merged)
