"""The notice about personal data."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="quyen-rieng-tu/",
)
