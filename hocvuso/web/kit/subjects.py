"""Subjects of the site: each is a folder `web/<who>/<subject>/` with pages, forms, templates, styles, tests, manifest.

The manifest says what the rest of the site needs of a subject: where its addresses begin, its entries in the menu of
the steering pages, its lists on “Việc của tôi”, what its acts are called in the journal, where its nouns are seen.
Whoever adds a subject adds its folder, and one line to SUBJECTS in the settings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.urls import reverse

from hocvuso.base import addresses
from hocvuso.people.models import Person
from hocvuso.people.rules import May

ROWS = 10  # rows of a list of “Việc của tôi”; the page of the subject has all of them


@dataclass(frozen=True)
class MenuEntry:
    """A page in the menu, for whoever has `needs` anywhere and for whom it is `useful`; small `order` first."""

    page: str
    title: Any
    needs: May | None = None
    order: int = 1000
    useful: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: what, where to do it, until when. `tone`: "warn", "good" or nothing; `note`: why it is here."""

    title: str
    url: str
    due: date | None = None
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class WorkList:
    """What `ask` finds for a person, under its heading on “Việc của tôi”; `more` leads to all of it."""

    heading: Any
    ask: Callable[[Person], list[WorkItem]]
    more: Any = ""
    order: int = 50


@dataclass(frozen=True)
class JobPage:
    """What a kind of long work is called, and where one sees what it is about (from its arguments).

    `then`: what the button says that asks for what may follow.
    """

    title: Any
    leads: Callable[[Mapping[str, Any]], str]
    then: Any = ""


@dataclass(frozen=True)
class Subject:
    """What a manifest says. `pages`: a noun's word → name of its page, or the function from its key to its address.

    `links`: the name of a page by the word with which rooms ask for it, where it shows no noun (`base.addresses`).
    `jobs`: long work that is asked for on its pages, by kind.
    """

    at: str
    menu: Sequence[MenuEntry] = ()
    work: Sequence[WorkList] = ()
    labels: Mapping[str, Any] = field(default_factory=dict)
    pages: Mapping[str, str | addresses.Address] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    jobs: Mapping[str, JobPage] = field(default_factory=dict)


@cache
def subjects() -> dict[str, Subject]:
    """Every subject by `<who>.<subject>`, in the order of the settings: addresses are looked for in it."""
    return {name: import_module(f"{__package__[:-4]}.{name}.manifest").SUBJECT for name in settings.SUBJECTS}


@cache
def job_pages() -> dict[str, JobPage]:
    """What every kind of long work is called."""
    return {kind: page for subject in subjects().values() for kind, page in subject.jobs.items()}


def connect() -> None:
    """Make known where nouns are seen, and what subjects listen to."""
    for name, subject in subjects().items():
        for word, page in [*subject.pages.items(), *subject.links.items()]:
            addresses.register(word, partial(_page, page) if isinstance(page, str) else page)
        if find_spec(listeners := f"{__package__[:-4]}.{name}.listeners"):
            import_module(listeners)


def _page(name: str, key: Any) -> str:
    return reverse(name, args=[] if key is None else [key])
