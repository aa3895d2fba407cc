"""“Việc của tôi”: what waits for this person. Each subject registers its lists; this page only shows them.

A subject registers in a module that its `urls.py` imports:

    @today.listed(_("Báo cáo đến hạn"))
    def reports_due(person: Person) -> list[today.Row]: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from hocvuso.people.models import Person
from hocvuso.people.queries import grants_of, may_anywhere
from hocvuso.people.rules import May

from ..kit.auth import PersonRequest
from ..kit.gate import staff

SHOWN = 10  # rows of a list; the page of the subject has all of them


@dataclass(frozen=True)
class Row:
    """One thing to do: what, where to do it, until when. `tone`: "warn", "good" or nothing; `note`: why it is here."""

    title: str
    url: str
    due: date | None = None
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Listing:
    """A list under its heading, cut to SHOWN rows; `more` where all of it is."""

    heading: Any
    rows: list[Row]
    more: Any


Ask = Callable[[Person], list[Row]]
_registered: dict[str, tuple[int, Any, Any, Ask]] = {}


def listed(heading: Any, *, more: Any = "", order: int = 50) -> Callable[[Ask], Ask]:
    """Decorator: show what the function returns under `heading`. Small `order` stands first; `more` links to all."""

    def register(ask: Ask) -> Ask:
        _registered[f"{ask.__module__}.{ask.__qualname__}"] = (order, heading, more, ask)
        return ask

    return register


def lists_for(person: Person) -> list[Listing]:
    """All lists that are not empty."""
    asked = (
        Listing(heading, ask(person)[:SHOWN], more)
        for _order, heading, more, ask in sorted(_registered.values(), key=lambda entry: entry[0])
    )
    return [listing for listing in asked if listing.rows]


@staff()
def overview(request: PersonRequest) -> HttpResponse:
    """What waits for me; and beneath, where my roles reach."""
    context = {"lists": lists_for(request.user), "grants": grants_of(request.user)}
    context["may_author"] = any(
        may_anywhere(request.user, permission) for permission in (May.AUTHOR, May.REVIEW, May.APPROVE)
    )
    return render(request, "office/overview.html", context)
