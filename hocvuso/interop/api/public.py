"""The public read API: open to everybody, from anywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from hocvuso.base import periods as calendar
from hocvuso.base.addresses import address_of
from hocvuso.indicators import queries, services
from hocvuso.library import queries as library
from hocvuso.library.models import Programme
from hocvuso.skills.models import Framework
from hocvuso.units.models import Place

from . import shapes
from .common import Text, api

PAGE = 500
KINDS = ["text", "pictures"]  # of every lesson
OPEN: set[str] = set()  # paths of this module
OUTCOME = ("code", "competency", "tier", "can_do", "can_do_en")
PLACE = (
    "code", "name", "name_en", "kind", "type", "parent_id", "valid_from", "valid_to", "latitude", "longitude", "source",
)  # fmt: skip


def public(path: str, shape: Any, **options: Any) -> Callable[..., Any]:
    """Decorator: an operation that asks for no secret."""
    OPEN.add(path.removeprefix("/"))
    options["url_name"] = f"api-{path.removeprefix('/').removesuffix('.json')}"
    return api.api_operation(["GET", "HEAD"], path, response=shape, auth=None, tags=["public"], **options)


def _for_everybody(response: HttpResponse) -> None:
    response["Content-Type"] = "application/json"
    response["Access-Control-Allow-Origin"] = "*"


@public("/catalogue", shapes.Catalogue)
def catalogue(request: HttpRequest, response: HttpResponse) -> Any:
    """Published programmes and lessons: title, language, audience, outcomes, kinds, url."""
    _for_everybody(response)
    spoken = library.spoken()
    return {"programmes": [_programme(programme, spoken) for programme in library.published()]}


def _programme(programme: Programme, spoken: Collection[str]) -> dict[str, Any]:
    content = programme.published_edition.content
    common = {
        "language": "vi",
        "audience": content["audience"],
        "kinds": KINDS,
        "licence": content["licence"],
    }
    lessons = (content["lessons"][key] for key in programme.published_edition.lesson_keys)
    return {
        "key": programme.key,
        "title": content["title"],
        "title_en": content["title_en"],
        "outcomes": [{name: outcome[name] for name in OUTCOME} for outcome in content["outcomes"]],
        "edition": programme.published_edition.bundle,
        "url": settings.BASE_URL + address_of("programme", programme.key),
        "lessons": [common | _lesson(f"{programme.key}/{lesson['key']}", lesson, spoken) for lesson in lessons],
        **common,
    }


def _lesson(address: str, lesson: dict[str, Any], spoken: Collection[str]) -> dict[str, Any]:
    sound = {}
    if address in spoken:
        sound = {"kinds": [*KINDS, "sound"], "sound": settings.BASE_URL + address_of("lesson-sound", address)}
    return sound | {
        "key": address,
        "title": lesson["title"],
        "title_en": lesson["title_en"],
        "outcomes": lesson["outcomes"],
        "minutes": lesson["minutes"],
        "url": settings.BASE_URL + address_of("lesson", address),
    }


@public("/frameworks", shapes.Frameworks)
def frameworks(request: HttpRequest, response: HttpResponse) -> Any:
    """Frameworks, and where to take them whole."""
    _for_everybody(response)
    rows = [
        {
            "key": f.key,
            "version": f.version,
            "title": f.title,
            "title_en": f.title_en,
            "sources": f.sources,
            "case": f"{_page_of(f)}.case.json",
            "csv": f"{_page_of(f)}.csv",
        }
        for f in Framework.objects.all()
    ]
    return {"frameworks": rows}


def _page_of(framework: Framework) -> str:
    return settings.BASE_URL + address_of("framework", framework.key).rstrip("/")


@public("/places", shapes.Places)
def places(request: HttpRequest, response: HttpResponse, kind: Text = "", parent: Text = "", page: str = "1") -> Any:
    """Places, 500 a page; `kind` and `parent` narrow them."""
    _for_everybody(response)
    asked = {name: value for name, value in {"kind": kind, "parent": parent}.items() if request.GET.get(name)}
    rows = Paginator(Place.objects.filter(**asked).values(*PLACE), PAGE).get_page(page)
    return {
        "count": rows.paginator.count,
        "page": rows.number,
        "pages": rows.paginator.num_pages,
        "places": list(rows),
    }


@public("/indicators", shapes.Indicators)
def indicators(request: HttpRequest, response: HttpResponse) -> Any:
    """Public indicators with their present national values; counts of fewer than five people are withheld (null)."""
    _for_everybody(response)
    services.freshen()
    listed = [i for i in queries.current_indicators() if i.public]
    nation = queries.national_unit()
    periods = {i.key: calendar.containing(i.period_type, timezone.localdate()).code for i in listed}
    units, codes = [nation] if nation else [], sorted(set(periods.values()))
    sheet = queries.figures(indicators=listed, units=units, periods=codes, viewer=AnonymousUser())
    rows = [
        {
            "name": i.key,
            "version": i.version,
            "title": i.title,
            "title_en": i.title_en,
            "kind": i.kind,
            "measured_in": i.measured_in,
            "period": periods[i.key],
            "value": sheet[i.key, nation.pk, periods[i.key]].value if nation else None,
            "withheld": sheet[i.key, nation.pk, periods[i.key]].withheld if nation else False,
            "source": i.source,
        }
        for i in listed
    ]
    return {"indicators": rows}


@public("/openapi.json", dict[str, Any], include_in_schema=False)
def openapi(request: HttpRequest, response: HttpResponse) -> Any:
    """The description of this API (OpenAPI 3.1)."""
    _for_everybody(response)
    return api.get_openapi_schema(path_prefix="/api/v1/")
