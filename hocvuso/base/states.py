"""States through one mechanism: a table of moves, and one function that checks a move against it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from .errors import IllegalMove


def check_move[S: Enum](moves: Mapping[S, set[S]], *, now: S, to: S) -> None:
    """Raise IllegalMove unless `moves` allows `now` → `to`."""
    if to not in moves.get(now, set()):
        raise IllegalMove(now=getattr(now, "label", now), to=getattr(to, "label", to))
