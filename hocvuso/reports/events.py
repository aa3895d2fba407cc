"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReportMoved:
    """A report changed its state."""

    report_id: str
    state: str
    at: str
