"""Home by goals, programmes, search, language."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from hocvuso.library import queries as library
from hocvuso.library import searching
from hocvuso.people.rules_messages import example
from hocvuso.skills.models import Audience

from ...kit import drawings
from ...kit.gate import everybody
from ...kit.keeping import for_everybody
from ...kit.sharing import Card, Shared
from ...kit.templatetags.kit import or_en
from . import personas

PAGE = 20
FIRST_TRY = "nguoi-cao-tuoi/cuoc-goi-la"  # the lesson into which the short practice of home leads
SOUGHT = 6  # lessons offered to who has not said what


def home_context() -> dict[str, Any]:
    """Who asks, and goals by programme, for the home page. Two queries."""
    programmes = list(library.published())
    goals: dict[Any, list[Any]] = {p.pk: [] for p in programmes}
    first_try = None
    for lesson in library.listed_lessons():
        goals[lesson.programme_id].append(lesson)
        first_try = lesson if lesson.address == FIRST_TRY else first_try
    rows = [
        {
            "content": p.published_edition.content,
            "goals": goals[p.pk],
            "less": p.audience != "elderly",
        }
        for p in programmes
    ]
    if all(row["less"] for row in rows):  # nothing of their own for older people yet: they see what there is
        rows = [{**row, "less": False} for row in rows]
    return {"programmes": rows, "personas": personas.PERSONAS, "first_try": first_try, "share": _home_shared()}


def _home_shared() -> Shared:
    says = _("Bài ngắn, có chỗ tập làm thử, không cần tài khoản.")
    return Shared("/", "Học vụ số", says, Card("Bạn muốn làm được việc gì?", "Học là làm được ngay", "ba"))


@everybody
def home(request: HttpRequest) -> HttpResponse:
    """“Bạn là ai?”, a practice of forty seconds, and “Bạn muốn làm được việc gì?”."""
    return for_everybody(request, "public/catalogue/home.html", home_context())


@everybody
def persona(request: HttpRequest, key: str) -> HttpResponse:
    """What one who is such wants to be able to do."""
    if key not in personas.BY_KEY:
        raise Http404
    return for_everybody(request, "public/catalogue/persona.html", personas.context_of(personas.BY_KEY[key]))


@everybody
def programmes(request: HttpRequest) -> HttpResponse:
    """All programmes."""
    rows = [
        {
            "key": p.key,
            **p.published_edition.content,
            "count": len(p.published_edition.content["lessons"]),
            "face": drawings.beside(p.audience),
        }
        for p in library.published()
    ]
    return render(request, "public/catalogue/programmes.html", {"programmes": rows})


def programme_context(key: str) -> dict[str, Any]:
    """The path of a programme: modules with their lessons. Raises Http404."""
    programme = library.published().filter(key=key).first()
    if programme is None:
        raise Http404
    content = programme.published_edition.content
    modules = [
        {**module, "lessons": [content["lessons"][lesson] for lesson in module["lessons"]]}
        for module in content["modules"]
    ]
    minutes = sum(lesson["minutes"] for lesson in content["lessons"].values())
    face = drawings.beside(content["audience"])
    card = Card(content["title"], f"{len(content['lessons'])} bài, khoảng {minutes} phút", face)
    return {
        "programme": programme,
        "content": content,
        "modules": modules,
        "minutes": minutes,
        "face": face,
        "share": Shared(
            reverse("programme", args=[key]),
            or_en(content["title"], content["title_en"]),
            or_en(content["summary"], content["summary_en"]),
            card,
        ),
        "audience": Audience.objects.filter(key=programme.audience).first(),
    }


@everybody
def programme(request: HttpRequest, key: str) -> HttpResponse:
    """The path of one programme."""
    return for_everybody(request, "public/catalogue/programme.html", programme_context(key))


@everybody
def search(request: HttpRequest) -> HttpResponse:
    """Search that forgives missing diacritics and slips."""
    text = request.GET.get("q", "")[:100].strip()
    found = searching.search(text, limit=100)
    page = Paginator(found.lessons, PAGE).get_page(request.GET.get("trang"))
    context = {"q": text, "found": found, "page": page, "mended": list(found.mended.items())}
    if not found.lessons and not found.mentions and not found.programmes:
        context["sought"] = list(library.most_learned(SOUGHT))
    return render(request, "public/catalogue/search.html", context)


@everybody
def about(request: HttpRequest) -> HttpResponse:
    """What this site is, who runs it, what its messages look like, how it treats personal data."""
    env = settings.ENV
    context = {
        "agency": env["HOCVUSO_CONTROLLER"],
        "address": env["HOCVUSO_CONTROLLER_ADDRESS"],
        "hotline": env["HOCVUSO_HOTLINE"],
        "contact": env["HOCVUSO_CONTROLLER_CONTACT"],
        "sender": env["HOCVUSO_SMS_SENDER"],
        "mail_from": env["HOCVUSO_MAIL_FROM"] if env["HOCVUSO_SMTP_URL"] else "",
        "site": urlsplit(settings.BASE_URL).hostname,
        "example": example(),
    }
    return render(request, "public/catalogue/about.html", context)


@everybody
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page worth finding, for search engines: home, who one is, programmes, lessons."""
    pages: dict[str, Any] = dict.fromkeys(["/", reverse("programmes"), reverse("about"), reverse("frameworks")])
    pages |= dict.fromkeys(reverse("persona", args=[one.key]) for one in personas.PERSONAS)
    for found in library.published():
        edition = found.published_edition
        pages[reverse("programme", args=[found.key])] = edition.published_at
        pages |= {reverse("lesson", args=[found.key, key]): edition.published_at for key in edition.lesson_keys}
    context = {"site": settings.BASE_URL, "pages": list(pages.items())}
    return render(request, "public/catalogue/sitemap.xml", context, content_type="application/xml")


@everybody
def components(request: HttpRequest) -> HttpResponse:
    """Every component of the interface on one page."""
    drawn = {"cast": drawings.CAST, "moods": drawings.MOODS, "places": drawings.PLACES}
    return render(request, "public/catalogue/components.html", drawn)


@everybody
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the interface, and go back to the page one came from.

    By GET, since pages made at publishing carry no cross-site token; it changes only this browser's own cookie.
    """
    back = request.headers.get("Referer", "/")
    if "/" not in back or not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = redirect(back)
    chosen = request.GET.get("ma", "")
    if chosen == settings.LANGUAGE_CODE:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    elif chosen in dict(settings.LANGUAGES):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=60 * 60 * 24 * 365, samesite="Lax")
    return response
