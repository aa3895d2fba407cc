"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RequestMoved:
    """A resident's request changed its state. Says nothing of the resident."""

    request_id: str
    state: str
    at: str
