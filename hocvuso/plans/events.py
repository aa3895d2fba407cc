"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class PlanMoved:
    """A plan changed its state."""

    kind: ClassVar = "plan.moved"

    plan_id: str
    state: str
    at: str


@dataclass(frozen=True)
class TaskCompleted:
    """A task was completed, with evidence."""

    kind: ClassVar = "task.completed"

    task_id: str
