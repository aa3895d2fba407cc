"""Tests: start, questions, result, the certificate that follows."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="kiem-tra/",
)
