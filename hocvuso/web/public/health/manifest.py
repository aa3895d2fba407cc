"""For machines that watch, and the files browsers ask for at the root."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="",
)
