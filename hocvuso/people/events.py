"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonErased:
    """A person was anonymised; rooms above erase what is theirs."""

    person_id: str
