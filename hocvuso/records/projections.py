"""What rooms above conclude from statements, in the transaction that stores or voids them.

Whichever door a statement comes through, every registered projection follows. Which rooms these are is not known here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hocvuso.people.models import Person

from .rules import Fact


@dataclass(frozen=True)
class Projection:
    """What follows new facts of a person (each once), and a fact of theirs that no longer stands since a moment."""

    appended: Callable[[Person, list[Fact]], None]
    voided: Callable[[Person, Fact, datetime], None]


REGISTER: list[Projection] = []


def register(projection: Projection) -> None:
    """Let a projection follow all statements from now on."""
    REGISTER.append(projection)
