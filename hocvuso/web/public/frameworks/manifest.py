"""Competency frameworks, to read and to take."""

from __future__ import annotations

from django.urls import reverse

from ...kit.subjects import Subject


def _competency(reference: str) -> str:
    """By its reference, as lessons and certificates cite it."""
    framework, _slash, code = reference.partition("/")
    return reverse("competency", args=[framework, code]) if code else ""


SUBJECT = Subject(
    at="khung-nang-luc/",
    pages={"framework": "framework", "competency": _competency},
)
