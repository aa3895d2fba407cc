"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class PersonErased:
    """A person was anonymised; rooms above erase what is theirs."""

    kind: ClassVar = "person.erased"

    person_id: str
