"""Competency frameworks, to read and to take."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="khung-nang-luc/",
    pages={"framework": "framework"},
)
