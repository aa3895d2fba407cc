"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class AttemptScored:
    """A test was finished and scored."""

    kind: ClassVar = "attempt.scored"

    attempt_id: str
