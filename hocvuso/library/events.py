"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class EditionPublished:
    """An edition became the current one of its programme."""

    kind: ClassVar = "edition.published"

    edition_id: str


@dataclass(frozen=True)
class EditionWithdrawn:
    """A programme has no published edition any more."""

    kind: ClassVar = "edition.withdrawn"

    edition_id: str
