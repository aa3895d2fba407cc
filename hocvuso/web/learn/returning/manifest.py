"""What brings a learner back: the goal of a week, reminders of what is about to be forgotten, and their end."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="",
    links={"stop-reminders": "stop-by-link"},
)
