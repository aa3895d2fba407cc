"""Shares of a whole as a bar of segments, drawn as SVG by `office/plans/_bar.html`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices

WIDTH = 1000


@dataclass(frozen=True)
class Segment:
    """One share: where it begins, how wide it is, of WIDTH."""

    state: str
    label: str
    count: int
    x: int
    width: int


def segments[S: TextChoices](counts: Mapping[S, int], states: type[S]) -> list[Segment]:
    """Segments in the order of the states; they fill the whole width."""
    total = sum(counts.values())
    made: list[Segment] = []
    seen = 0
    for state in states:
        count = counts.get(state, 0)
        if count:
            x, end = WIDTH * seen // total, WIDTH * (seen + count) // total
            made.append(Segment(state.value, str(state.label), count, x, end - x))
            seen += count
    return made
