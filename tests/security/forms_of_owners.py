"""The forms that the pages show to whoever may send them, filled in as they would be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

TYPED = {
    "date": "2026-12-31", "month": "2026-12", "time": "08:00", "number": "1", "email": "a@b.vn", "tel": "0900000077",
    "url": "https://a.vn/", "color": "#000000", "datetime-local": "2026-12-31T08:00",
}  # fmt: skip
PDF = b"%PDF-1.7\n"


@dataclass
class Form:
    """Where a form leads, and what it sends; `said` is the button."""

    path: str
    sent: dict[str, Any] = field(default_factory=dict)
    said: str = ""

    def body(self) -> dict[str, Any]:
        """A fresh copy, whose files can be read."""
        return {name: SimpleUploadedFile("a.pdf", PDF) if value is PDF else value for name, value in self.sent.items()}


def forms(page: str, text: str) -> Iterator[Form]:
    """All forms of a page that change something, a form for each button."""
    for found in html.document_fromstring(text or "<p>").iter("form"):
        if found.get("method", "").lower() != "post":
            continue
        path = urlsplit(urljoin(page, found.get("action") or "")).path
        sent = dict(_fields(found))
        buttons = [one for one in found.iter("button") if one.get("name") and one.get("type") != "button"]
        for button in buttons or [None]:
            more = {} if button is None else {button.get("name"): button.get("value", "")}
            yield Form(path, sent | more, "" if button is None else f"{button.get('name')}={button.get('value')}")


def _fields(found: Any) -> Iterator[tuple[str, Any]]:
    for one in found.iter("input", "select", "textarea"):
        name, kind = one.get("name"), one.get("type", "text").lower()
        if not name or name == "csrfmiddlewaretoken" or kind in ("submit", "button", "image", "reset"):
            continue
        if one.tag == "select":
            options = [option.get("value", option.text or "") for option in one.iter("option")]
            chosen = [o.get("value", "") for o in one.iter("option") if o.get("selected") is not None]
            yield name, next((value for value in [*chosen, *options] if value), "")
        elif kind == "file":
            yield name, PDF
        elif one.tag == "textarea":
            yield name, (one.text or "").strip() or "Chữ của người lạ"
        elif kind == "hidden":
            yield name, one.get("value", "")
        else:
            yield name, one.get("value") or TYPED.get(kind, "Chữ")
