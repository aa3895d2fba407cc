"""Home by goals, programmes, search, about, language."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="",
    pages={"programme": "programme"},
)
