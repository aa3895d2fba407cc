"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EditionPublished:
    """An edition became the current one of its programme."""

    edition_id: str


@dataclass(frozen=True)
class EditionWithdrawn:
    """A programme has no published edition any more."""

    edition_id: str
