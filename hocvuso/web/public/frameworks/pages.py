"""Frameworks to browse: competency → tiers → lessons that teach it; and to take away (CASE, CSV)."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render

from hocvuso.library.models import Lesson
from hocvuso.skills import exchange
from hocvuso.skills.models import Competency, Domain, Framework

from ...kit.downloads import export
from ...kit.gate import everybody


@everybody
def frameworks(request: HttpRequest) -> HttpResponse:
    """All frameworks with their sources."""
    return render(request, "public/frameworks/frameworks.html", {"frameworks": Framework.objects.all()})


@everybody
def framework(request: HttpRequest, key: str) -> HttpResponse:
    """One framework: domains and competencies."""
    found = get_object_or_404(Framework, key__iexact=key)
    domains = Domain.objects.filter(framework=found).prefetch_related("competencies")
    return render(request, "public/frameworks/framework.html", {"framework": found, "domains": domains})


@everybody
def competency(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """One competency: tiers, can-do sentences, lessons that teach it, links to other frameworks."""
    lessons = Prefetch("outcomes__lessons", Lesson.objects.filter(listed=True).select_related("programme"))
    found = get_object_or_404(
        Competency.objects.select_related("domain__framework").prefetch_related("tiers", "outcomes", lessons),
        reference__iexact=f"{key}/{code}".replace("\0", "\ufffd"),  # which PostgreSQL takes
    )
    links = [(link, link.target) for link in found.links_out.select_related("target__domain__framework")]
    links += [(link, link.origin) for link in found.links_in.select_related("origin__domain__framework")]
    described = {tier.number: tier.descriptor for tier in found.tiers.all()}
    tiers = [
        {
            **level,
            "descriptor": described.get(level["number"], ""),
            "outcomes": [o for o in found.outcomes.all() if o.tier == level["number"]],
        }
        for level in found.domain.framework.levels
    ]
    return render(request, "public/frameworks/competency.html", {"competency": found, "tiers": tiers, "links": links})


@export
@everybody
def download(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """A framework as 1EdTech CASE 1.1 JSON, or as CSV."""
    found = get_object_or_404(Framework, key__iexact=key)
    if kind == "case.json":
        return JsonResponse(exchange.to_case(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    if kind == "csv":
        response = HttpResponse(exchange.to_csv(found), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{found.key}.csv"'
        return response
    raise Http404
