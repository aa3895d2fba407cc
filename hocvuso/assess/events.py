"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AttemptScored:
    """A test was finished and scored."""

    attempt_id: str
