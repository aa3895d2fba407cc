"""Certificates checked by anybody; the issuer’s keys and status lists."""

from __future__ import annotations

from ...kit.subjects import Subject

SUBJECT = Subject(
    at="",
    links={"issuer": "issuer", "status-list": "status-list"},
    pages={"credential": "verify"},
)
