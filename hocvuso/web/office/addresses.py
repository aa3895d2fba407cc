"""Where nouns are seen."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from hocvuso.base.addresses import register

PAGES = {
    "consultation": "consultation",
    "credential": "verify",
    "finding": "finding",
    "inspection": "inspection",
    "need": "need",
    "official-document": "document",
    "plan": "plan",
    "plan-review": "review",
    "pledge": "pledge",
    "programme": "programme",
    "report": "report",
    "resident-request": "resident-request",
    "task": "task",
    "unit": "unit",
}


def _page(name: str, key: Any) -> str:
    return reverse(name, args=[key])


def _lesson(key: str) -> str:
    return reverse("lesson", args=key.split("/"))


for _word, _name in PAGES.items():
    register(_word, partial(_page, _name))
register("lesson", _lesson)
