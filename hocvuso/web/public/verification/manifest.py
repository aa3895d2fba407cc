"""Certificates checked by anybody; the issuer’s keys and status lists."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="",
    pages={"credential": "verify"},
)
