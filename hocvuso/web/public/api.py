"""The public read API."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Schema

from hocvuso import __version__
from hocvuso.base import periods as calendar
from hocvuso.indicators import queries, services
from hocvuso.interop.api import api as machine_api
from hocvuso.library import queries as library
from hocvuso.skills.models import Framework
from hocvuso.units.models import Place

from ..kit.gate import everybody
from . import shapes

PAGE = 500


def _json(data: Any) -> HttpResponse:
    response = JsonResponse(data, safe=False, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@everybody
def catalogue(request: HttpRequest) -> HttpResponse:
    """Published programmes and lessons: title, language, audience, outcomes, kinds, url."""
    rows = []
    for programme in library.published():
        content = programme.published_edition.content
        common = {
            "language": "vi",
            "audience": content["audience"],
            "kinds": ["text", "pictures"],
            "licence": content["licence"],
        }
        lessons = [
            {
                "key": f"{programme.key}/{lesson['key']}",
                "title": lesson["title"],
                "title_en": lesson["title_en"],
                "outcomes": lesson["outcomes"],
                "minutes": lesson["minutes"],
                "url": f"{settings.BASE_URL}/hoc/{programme.key}/{lesson['key']}/",
                **common,
            }
            for lesson in (content["lessons"][key] for key in programme.published_edition.lesson_keys)
        ]
        rows.append(
            {
                "key": programme.key,
                "title": content["title"],
                "title_en": content["title_en"],
                "outcomes": [
                    {k: o[k] for k in ("code", "competency", "tier", "can_do", "can_do_en")}
                    for o in content["outcomes"]
                ],
                "edition": programme.published_edition.bundle,
                "url": f"{settings.BASE_URL}/chuong-trinh/{programme.key}/",
                "lessons": lessons,
                **common,
            }
        )
    return _json({"programmes": rows})


@everybody
def frameworks(request: HttpRequest) -> HttpResponse:
    """Frameworks, and where to take them whole."""
    rows = [
        {
            "key": f.key,
            "version": f.version,
            "title": f.title,
            "title_en": f.title_en,
            "sources": f.sources,
            "case": f"{settings.BASE_URL}/khung-nang-luc/{f.key}.case.json",
            "csv": f"{settings.BASE_URL}/khung-nang-luc/{f.key}.csv",
        }
        for f in Framework.objects.all()
    ]
    return _json({"frameworks": rows})


@everybody
def places(request: HttpRequest) -> HttpResponse:
    """Places, 500 a page; `kind` and `parent` narrow them."""
    found = Place.objects.all()
    for name in ("kind", "parent"):
        if value := request.GET.get(name, ""):
            found = found.filter(**{name: value})
    fields = (
        "code",
        "name",
        "name_en",
        "kind",
        "type",
        "parent_id",
        "valid_from",
        "valid_to",
        "latitude",
        "longitude",
        "source",
    )
    page = Paginator(found.values(*fields), PAGE).get_page(request.GET.get("page"))
    return _json(
        {"count": page.paginator.count, "page": page.number, "pages": page.paginator.num_pages, "places": list(page)}
    )


@everybody
def indicators(request: HttpRequest) -> HttpResponse:
    """Public indicators with their present national values; counts of fewer than five people are withheld (null)."""
    services.freshen()
    public = [i for i in queries.current_indicators() if i.public]
    nation = queries.national_unit()
    periods = {i.key: calendar.containing(i.period_type, timezone.localdate()).code for i in public}
    units, codes = [nation] if nation else [], sorted(set(periods.values()))
    sheet = queries.figures(indicators=public, units=units, periods=codes, viewer=AnonymousUser())
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
        for i in public
    ]
    return _json({"indicators": rows})


ANSWERS: dict[Any, type[Schema]] = {
    catalogue: shapes.Catalogue,
    frameworks: shapes.Frameworks,
    places: shapes.Places,
    indicators: shapes.Indicators,
}
QUERIES = {"places": ["kind", "parent", "page"]}


@everybody
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of this API (OpenAPI 3.1)."""
    described = machine_api.get_openapi_schema(path_prefix="/api/v1/")
    described["info"]["version"] = __version__
    described["paths"] = {reverse(f"api-{view.__name__}"): {"get": _act(view)} for view in ANSWERS} | described["paths"]
    for shape in ANSWERS.values():
        made = shape.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
        described["components"]["schemas"] |= made.pop("$defs") | {shape.__name__: made}
    return _json(described)


def _act(view: Any) -> dict[str, Any]:
    """One public address in the description."""
    schema = {"$ref": f"#/components/schemas/{ANSWERS[view].__name__}"}
    return {
        "operationId": view.__name__,
        "summary": view.__doc__,
        "parameters": [
            {"name": n, "in": "query", "schema": {"type": "string"}} for n in QUERIES.get(view.__name__, [])
        ],
        "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": schema}}}},
        "security": [],
    }
