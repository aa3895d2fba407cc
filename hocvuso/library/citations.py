"""The calendar of facts: sources that published lessons cite, when each was read last, and what speaks against it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from .models import Programme, SourceCheck
from .source.checks import SOURCE_READ_WITHIN
from .source.schema import host_of

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
    def cited_by(self) -> list[tuple[str, str]]:
        """(address, title) of the lessons that cite it."""
        lessons = self.programme.published_edition.content["lessons"]
        return [(f"{self.programme.key}/{key}", lessons[key]["title"]) for key in self.lessons]

    @property
    def link(self) -> str:
        """Its address, if a reader may be led there."""
        return self.url if host_of(self.url) else ""


def cited(programmes: Iterable[Programme], *, on: datetime.date) -> list[Cited]:
    """Every source of published programmes as it stands on a day, those that want reading first."""
    chosen = list(programmes)
    rows = SourceCheck.objects.filter(programme__in=chosen).values_list("programme", "source").annotate(last=Max("on"))
    again = {(programme, title): last for programme, title, last in rows.order_by()}
    found = [one for programme in chosen for one in _of_programme(programme, again, on)]
    return sorted(found, key=lambda one: (not one.doubts, one.checked or datetime.date.min, one.title))


def _of_programme(
    programme: Programme, again: Mapping[tuple[Any, str], datetime.date], on: datetime.date
) -> Iterator[Cited]:
    sources: dict[tuple[str, str], dict[str, Any]] = {}
    lessons: dict[tuple[str, str], dict[str, datetime.date | None]] = {}
    for lesson in programme.published_edition.content["lessons"].values():
        for source in lesson["sources"]:
            at = source["title"], source["url"]
            sources.setdefault(at, source)
            lessons.setdefault(at, {}).setdefault(lesson["key"], _day(source.get("checked")))
    for (title, url), source in sources.items():
        days = lessons[title, url]
        oldest = min((day or datetime.date.min for day in days.values()), default=datetime.date.min)
        checked = max(oldest, again.get((programme.pk, title), datetime.date.min))
        known = None if checked == datetime.date.min else checked
        yield Cited(programme, title, source["issuer"], url, known, tuple(days), tuple(_doubts(title, url, known, on)))


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _doubts(title: str, url: str, checked: datetime.date | None, on: datetime.date) -> Iterator[tuple[str, str]]:
    if checked is None:
        yield UNREAD, _("chưa ai ghi ngày đọc lại")
    elif on - checked > SOURCE_READ_WITHIN:
        yield OLD, _("đọc lại đã quá một năm")
    host = f".{host_of(url)}"
    for gone in _known()["hosts"]:
        if host.endswith(f".{gone['host']}"):
            yield GONE, _("địa chỉ không còn là của nơi ban hành: %(why)s") % {"why": gone["because"]}
    for text in _known()["texts"]:
        if re.search(rf"(?<!\d){re.escape(text['text'])}", title) and text["since"] <= on:
            yield REPLACED, _("đã được thay bằng %(by)s") % {"by": text["by"]}


@cache
def _known() -> dict[str, list[dict[str, Any]]]:
    known: dict[str, list[dict[str, Any]]] = yaml.safe_load((settings.ROOT / "data/citations.yaml").read_text("utf-8"))
    return known
