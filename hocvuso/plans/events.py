"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlanMoved:
    """A plan changed its state."""

    plan_id: str
    state: str
    at: str


@dataclass(frozen=True)
class TaskCompleted:
    """A task was completed, with evidence."""

    task_id: str
