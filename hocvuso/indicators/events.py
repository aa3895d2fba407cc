"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ValuesImported:
    """Declared figures came in from a file or a program."""

    source: str
    rows: int
    at: str
