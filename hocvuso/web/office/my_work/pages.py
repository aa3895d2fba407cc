"""“Việc của tôi”: what waits for this person, as their subjects list it; and where one's roles reach."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from hocvuso.people.models import Person
from hocvuso.people.queries import grants_of, may_anywhere
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.subjects import ROWS, WorkItem, subjects


@dataclass(frozen=True)
class Listed:
    """A list under its heading, cut to ROWS items; `more` where all of it is."""

    heading: Any
    rows: list[WorkItem]
    more: Any


def lists_for(person: Person) -> Iterator[Listed]:
    """All lists that are not empty."""
    every = (work for subject in subjects().values() for work in subject.work)
    for work in sorted(every, key=lambda work: work.order):
        if rows := work.ask(person)[:ROWS]:
            yield Listed(work.heading, rows, work.more)


@staff()
def my_work(request: PersonRequest) -> HttpResponse:
    """What waits for me; and beneath, where my roles reach."""
    context = {"lists": list(lists_for(request.user)), "grants": grants_of(request.user)}
    context["may_author"] = any(
        may_anywhere(request.user, permission) for permission in (May.AUTHOR, May.REVIEW, May.APPROVE)
    )
    return render(request, "office/my_work/my_work.html", context)
