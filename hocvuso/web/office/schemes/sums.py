"""One figure over several schemes: what each has of it by its share, and all together with nothing counted twice."""

from __future__ import annotations

from django.http import HttpResponse

from hocvuso.indicators.models import Indicator
from hocvuso.people.rules import May
from hocvuso.plans.models import Scheme, SchemeLink
from hocvuso.plans.queries import linking as queries

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from .forms import SumsFilter


@staff(May.SEE_FIGURES)
def sums(request: PersonRequest) -> HttpResponse:
    """An indicator at a unit in a period, over the schemes that are ticked (at first all that it is linked to)."""
    seen = Scheme.objects.visible_to(request.user)
    linked = SchemeLink.objects.filter(scheme__in=seen).exclude(indicator="").values("indicator")
    indicators = list(Indicator.objects.current().filter(key__in=linked, kind__in=queries.ADDS_UP).order_by("title"))
    form = SumsFilter.by(request, request.user, cs=indicators[0].key if indicators else None)
    form.offer(indicators, seen)
    asked = form.asked
    chosen = next((i for i in indicators if i.key == asked["indicator"]), next(iter(indicators), None))
    links = SchemeLink.objects.filter(scheme__in=seen, indicator=chosen.key if chosen else "").exclude(indicator="")
    shares = {link.scheme: link.share for link in links.select_related("scheme").order_by("scheme__number")}
    ticked = [s for s in shares if s.key in asked["schemes"] or not asked["schemes"]]
    unit, period = form.chosen_unit, form.chosen_period
    found = None
    if chosen and unit:
        found = queries.sum_for(
            schemes=ticked, indicators=[chosen.key], units=[unit], period=period.code, viewer=request.user
        )
    context = {
        "chosen": chosen,
        "schemes": [(scheme, scheme in ticked) for scheme in shares],
        "rows": [(s, shares[s], found.by_scheme.get(s.key)) for s in ticked] if found else [],
        "found": found,
        "unit": unit,
        "period": period,
    }
    return answer(request, "office/schemes/sums.html", form, context)
