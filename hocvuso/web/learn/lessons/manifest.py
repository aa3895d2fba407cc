"""Lessons as finished pages, and where devices send what was done."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ...kit.subjects import Subject


def _lesson(key: str) -> str:
    return reverse("lesson", args=key.split("/"))


def _sound(key: str) -> str:
    return reverse("listen", args=key.split("/"))


SUBJECT = Subject(
    at="",
    labels={
        "statement.voided": _("rút lại một bản ghi học tập"),
    },
    pages={"lesson": _lesson, "lesson-sound": _sound},
)
