"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ResourceMoved:
    """A pledge, a need or an allocation (`noun`) came to a state."""

    noun: str
    id: str
    state: str
    at: str
