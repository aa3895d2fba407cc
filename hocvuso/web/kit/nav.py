"""The menu of the steering pages: what this person's roles open."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from hocvuso.people.queries import may_anywhere

from .subjects import MenuEntry, subjects

STEERING = ("office.", "admin.", "commune.")


@cache
def _menu() -> list[MenuEntry]:
    return sorted((e for subject in subjects().values() for e in subject.menu), key=lambda entry: entry.order)


@cache
def _here() -> tuple[str, ...]:
    """How the addresses of pages with this menu begin."""
    return tuple({f"/{subject.at}" for name, subject in subjects().items() if name.startswith(STEERING)})


def _offered(person: Any, entry: MenuEntry) -> bool:
    allowed = entry.needs is None or may_anywhere(person, entry.needs)
    return allowed and (entry.useful is None or entry.useful(person))


def office_nav(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menu, on steering pages only."""
    here, home = request.path, reverse("office")
    if not here.startswith(_here()):
        return {}
    shown = [(reverse(entry.page), entry.title) for entry in _menu() if _offered(request.user, entry)]
    within = [url for url, _title in shown if (here == url if url == home else here.startswith(url))]
    current = max(within, key=len, default="")  # a page of the menu may lie beneath another
    return {"office_nav": [{"url": url, "title": title, "current": url == current} for url, title in shown]}
