"""What a learner goes on with, reviews, certificates held."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="viec-hoc/",
    links={"reviews": "reviews"},
)
