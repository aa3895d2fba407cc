"""Lesson pages: the site's shell around a compiled article. Made to files at publishing; by request in English."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from hocvuso.library import queries as library
from hocvuso.library.models import Programme

from ...kit import drawings
from ...kit.gate import everybody
from ...kit.keeping import for_everybody
from ...kit.sharing import Card, Shared
from ...kit.templatetags.kit import or_en

# Of the lock of four pictures, in the order in which `later/pin.js` names them.
PICTURES = ("fish", "flower", "bike", "house", "sun", "moon", "sailboat", "drum", "apple", "bird", "umbrella", "star")


def _able(promise: str) -> str:
    """What somebody can do who kept the promise: “Sau bài này bạn gọi được …” becomes “Bạn gọi được …”."""
    can = promise.removeprefix("Sau bài này").removeprefix("After this lesson").strip(" ,")
    return can[:1].upper() + can[1:]


def lesson_context(programme: Programme, key: str) -> dict[str, Any]:
    """What the lesson page needs, all of it from the published edition. Raises Http404."""
    edition = programme.published_edition
    content = edition.content
    keys = [k for module in content["modules"] for k in module["lessons"]]
    if key not in keys:
        raise Http404
    rows = [
        {**content["lessons"][k], "url": reverse("lesson", args=[programme.key, k]), "address": f"{programme.key}/{k}"}
        for k in keys
    ]
    at = keys.index(key)
    here = rows[at]
    face = drawings.beside(content["audience"], at + 1)
    note = f"Bài {here['minutes']} phút, có chỗ tập làm thử"
    return {
        "programme": {**content, "url": reverse("programme", args=[programme.key])},
        "lesson": here,
        "able": _able(here["promise"]),
        "able_en": _able(here["promise_en"]),
        "lessons": rows,
        "previous": rows[at - 1] if at else None,
        "next": rows[at + 1] if at + 1 < len(rows) else None,
        "player": f"later/{here['practice']['kind']}.js",
        "article": library.article(edition, key),
        "spoken": library.speaks(),
        "can_do": [outcome for outcome in content["outcomes"] if outcome["code"] in here["outcomes"]],
        "edition": edition.bundle[:16],
        "number": at + 1,
        "face": face,
        "share": Shared(
            here["url"],
            or_en(here["title"], here["title_en"]),
            or_en(here["promise"], here["promise_en"]),
            Card(here["title"], note, face),
        ),
    }


def published(key: str) -> Programme:
    found = library.published().filter(key=key).first()
    if found is None:
        raise Http404
    return found


@everybody
def lesson(request: HttpRequest, programme: str, lesson: str) -> HttpResponse:
    """One lesson."""
    return for_everybody(request, "kit/lesson_page.html", lesson_context(published(programme), lesson))


@everybody
def guide(request: HttpRequest, programme: str, lesson: str) -> HttpResponse:
    """The guide for the person who teaches the lesson."""
    found = published(programme)
    context = lesson_context(found, lesson)
    return render(
        request, "learn/lessons/guide.html", context | {"guide": library.guide(found.published_edition, lesson)}
    )


@everybody
def slides(request: HttpRequest, programme: str, lesson: str) -> HttpResponse:
    """The lesson to be projected; its last slide leads everybody's own phone to the lesson."""
    found = published(programme)
    context = lesson_context(found, lesson)
    address = request.build_absolute_uri(context["lesson"]["url"])
    code = segno.make(address, error="m").svg_inline(border=2, scale=8, omitsize=True, dark="#000", light="#fff")
    more = {"slides": library.slides(found.published_edition, lesson), "code": code, "at": address.partition("//")[2]}
    return render(request, "learn/lessons/slides.html", context | more)


@everybody
def saved(request: HttpRequest) -> HttpResponse:
    """What this device keeps; also what opens without a line in place of a page that is not kept."""
    return for_everybody(request, "learn/lessons/saved.html", {})


@everybody
def people(request: HttpRequest) -> HttpResponse:
    """Who learns on this phone: a household's people, known to the device alone."""
    return for_everybody(request, "learn/lessons/people.html", {"pictures": PICTURES, "cast": drawings.CAST})


@everybody
def offline(request: HttpRequest, programme: str) -> HttpResponse:
    """What a device fetches to keep a whole programme: finished pages, and their weight."""
    found = published(programme)
    edition = found.published_edition
    pages = [reverse("programme", args=[found.key])]
    pages += [reverse("lesson", args=[found.key, key]) for key in edition.lesson_keys]
    files = [settings.SITE / page.strip("/") / "index.html.br" for page in pages]
    weight = sum(file.stat().st_size for file in files if file.exists())
    return JsonResponse({"edition": edition.bundle[:16], "urls": pages, "bytes": weight})
