"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ValuesImported:
    """Declared figures came in from a file or a program."""

    kind: ClassVar = "values.imported"

    source: str
    rows: int
    at: str
