"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ResourceMoved:
    """A pledge, a need or an allocation (`noun`) came to a state."""

    kind: ClassVar = "resource.moved"

    noun: str
    id: str
    state: str
    at: str
