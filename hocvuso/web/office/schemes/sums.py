"""One figure over several schemes: what each has of it by its share, and all together with nothing counted twice."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from hocvuso.indicators.models import Indicator
from hocvuso.people.rules import May
from hocvuso.plans.models import Scheme, SchemeLink
from hocvuso.plans.queries import linking as queries

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from .pages import period_asked, recent, unit_asked


@staff(May.SEE_FIGURES)
def sums(request: PersonRequest) -> HttpResponse:
    """An indicator at a unit in a period, over the schemes that are ticked (at first all that it is linked to)."""
    seen = Scheme.objects.visible_to(request.user)
    linked = SchemeLink.objects.filter(scheme__in=seen).exclude(indicator="").values("indicator")
    indicators = list(Indicator.objects.current().filter(key__in=linked, kind__in=queries.ADDS_UP).order_by("title"))
    chosen = next((i for i in indicators if i.key == request.GET.get("cs")), next(iter(indicators), None))
    links = SchemeLink.objects.filter(scheme__in=seen, indicator=chosen.key if chosen else "").exclude(indicator="")
    shares = {link.scheme: link.share for link in links.select_related("scheme").order_by("scheme__number")}
    ticked = [s for s in shares if s.key in request.GET.getlist("da") or "da" not in request.GET]
    unit, period = unit_asked(request), period_asked(request.GET.get("ky", ""))
    found = None
    if chosen and unit:
        found = queries.sum_for(
            schemes=ticked, indicators=[chosen.key], units=[unit], period=period.code, viewer=request.user
        )
    context = {
        "indicators": indicators,
        "chosen": chosen,
        "schemes": [(scheme, scheme in ticked) for scheme in shares],
        "rows": [(s, shares[s], found.by_scheme.get(s.key)) for s in ticked] if found else [],
        "found": found,
        "unit": unit,
        "period": period,
        "periods": recent(),
    }
    return render(request, "office/schemes/sums.html", context)
