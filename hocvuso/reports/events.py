"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ReportMoved:
    """A report changed its state."""

    kind: ClassVar = "report.moved"

    report_id: str
    state: str
    at: str
