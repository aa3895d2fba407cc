"""The calendar of facts: sources that published lessons cite, when each was read last, and what speaks against it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from .models import Programme, SourceCheck
from .source.checks import SOURCE_READ_WITHIN

UNREAD, OLD, GONE, REPLACED = "unread", "old", "gone", "replaced"


@dataclass(frozen=True)
class Cited:
    """One source of a published programme, and the lessons that cite it. `doubts`: (kind, in words)."""

    programme: Programme
    title: str
    issuer: str
    url: str
    checked: datetime.date | None
    lessons: tuple[str, ...]
    doubts: tuple[tuple[str, str], ...]

    @property
    def addresses(self) -> list[str]:
        return [f"{self.programme.key}/{lesson}" for lesson in self.lessons]


def cited(programmes: Iterable[Programme], *, on: datetime.date) -> list[Cited]:
    """Every source of published programmes as it stands on a day, those that want reading first."""
    found = [one for programme in programmes for one in _of_programme(programme, on)]
    return sorted(found, key=lambda one: (not one.doubts, one.checked or datetime.date.min, one.title))


def _of_programme(programme: Programme, on: datetime.date) -> Iterator[Cited]:
    rows = SourceCheck.objects.filter(programme=programme).values_list("source").annotate(last=Max("on"))
    again: dict[str, datetime.date] = dict(rows.order_by())
    sources: dict[str, dict[str, Any]] = {}
    lessons: dict[str, list[str]] = {}
    for lesson in programme.published_edition.content["lessons"].values():
        for source in lesson["sources"]:
            sources.setdefault(source["title"], source)
            lessons.setdefault(source["title"], []).append(lesson["key"])
    for title, source in sources.items():
        days = [day for day in (_day(source.get("checked")), again.get(title)) if day]
        checked = max(days, default=None)
        doubts = tuple(_doubts(source, checked, on))
        yield Cited(programme, title, source["issuer"], source["url"], checked, tuple(lessons[title]), doubts)


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _doubts(source: dict[str, Any], checked: datetime.date | None, on: datetime.date) -> Iterator[tuple[str, str]]:
    if checked is None:
        yield UNREAD, _("chưa ai ghi ngày đọc lại")
    elif on - checked > SOURCE_READ_WITHIN:
        yield OLD, _("đọc lại đã quá một năm")
    host = f".{urlsplit(source['url']).hostname or ''}"
    for gone in _known()["hosts"]:
        if host.endswith(f".{gone['host']}"):
            yield GONE, _("địa chỉ không còn là của nơi ban hành: %(why)s") % {"why": gone["because"]}
    for text in _known()["texts"]:
        if text["text"] in source["title"] and text["since"] <= on:
            yield REPLACED, _("đã được thay bằng %(by)s") % {"by": text["by"]}


@cache
def _known() -> dict[str, list[dict[str, Any]]]:
    known: dict[str, list[dict[str, Any]]] = yaml.safe_load((settings.ROOT / "data/citations.yaml").read_text("utf-8"))
    return known
