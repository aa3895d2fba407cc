"""What can be taken home of a programme and its lessons: books, packages for other systems, papers, slides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from hocvuso.handouts import taking
from hocvuso.handouts.bundles import LICENCES
from hocvuso.library.models import Edition

from ...kit.downloads import export
from ...kit.gate import everybody
from .pages import published


@everybody
@require_safe
def page(request: HttpRequest, programme: str) -> HttpResponse:
    """All files that can be taken home of a programme; the size of those that somebody has taken already."""
    edition = published(programme).published_edition
    content = edition.content
    lessons = [
        {**content["lessons"][key], "files": _offered(edition, taking.OF_LESSON, key)} for key in edition.lesson_keys
    ]
    name, address = LICENCES[content["licence"]]
    context = {
        "programme": content,
        "files": _offered(edition, taking.OF_PROGRAMME),
        "lessons": lessons,
        "licence": name,
        "licence_address": address,
        "attribution": taking.attribution(edition),
    }
    return render(request, "learn/lessons/take_home.html", context)


def _offered(edition: Edition, kinds: Mapping[str, taking.Kind], lesson: str = "") -> list[dict[str, Any]]:
    key = edition.programme.key
    addresses = {
        kind: reverse("take-home-lesson", args=[key, lesson, kind])
        if lesson
        else reverse("take-home-programme", args=[key, kind])
        for kind in kinds
    }
    return [
        {"title": kinds[kind].title, "address": address, "bytes": taking.size_of(edition, kind, lesson)}
        for kind, address in addresses.items()
    ]


@export
@everybody
@require_safe
@cache_control(public=True, max_age=300)
def programme(request: HttpRequest, programme: str, kind: str) -> FileResponse:
    """A whole programme in one of the formats."""
    return _file(published(programme).published_edition, taking.OF_PROGRAMME, kind)


@export
@everybody
@require_safe
@cache_control(public=True, max_age=300)
def lesson(request: HttpRequest, programme: str, lesson: str, kind: str) -> FileResponse:
    """A lesson in one of the formats."""
    edition = published(programme).published_edition
    if lesson not in edition.content["lessons"]:
        raise Http404
    return _file(edition, taking.OF_LESSON, kind, lesson)


def _file(edition: Edition, kinds: Mapping[str, taking.Kind], kind: str, lesson: str = "") -> FileResponse:
    if kind not in kinds:
        raise Http404
    path = taking.file_of(edition, kind, lesson)
    name = "-".join(part for part in (edition.programme.key, lesson) if part)
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{name}.{kind}", content_type=kinds[kind].media)
