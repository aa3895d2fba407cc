"""What this room tells the rooms above."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class LessonCompleted:
    """A learner has done a lesson for the first time."""

    kind: ClassVar = "lesson.completed"

    person_id: str
    lesson: str
