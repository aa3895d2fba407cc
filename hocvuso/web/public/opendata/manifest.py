"""Open data."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="so-lieu-mo/",
)
