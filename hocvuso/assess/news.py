"""What this room announces."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AttemptScored:
    """A test was finished and scored."""

    attempt_id: str
