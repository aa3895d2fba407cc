"""A resident asks for help and hears back."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="nho-giup/",
    links={"my-requests": "ask-help"},
)
