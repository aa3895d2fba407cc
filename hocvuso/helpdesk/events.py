"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class RequestMoved:
    """A resident's request changed its state. Says nothing of the resident."""

    kind: ClassVar = "request.moved"

    request_id: str
    state: str
    at: str
