"""What this room tells the rooms above."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LessonCompleted:
    """A learner has done a lesson for the first time."""

    person_id: str
    lesson: str
