"""Open figures: public indicators of the country and its provinces, as page, CSV, JSON. Small counts are withheld."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from hocvuso.base import periods
from hocvuso.base.sheets import safe
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import Figure, current_indicators, figures, national_unit
from hocvuso.units.models import Unit

from ...kit.downloads import export
from ...kit.gate import everybody

LICENCE = "CC-BY-4.0"


def _period(request: HttpRequest) -> periods.Period:
    try:
        return periods.parse(request.GET.get("ky", ""))
    except ValueError:
        return periods.containing(periods.PeriodType.MONTH, timezone.localdate()).preceding()


def _units() -> list[Unit]:
    """The country first, then its provinces by code."""
    country = national_unit()
    provinces = Unit.objects.filter(kind=Unit.Kind.PROVINCIAL_DEPARTMENT, closed_on=None).select_related("place")
    return [*([country] if country else []), *provinces.order_by("code")]


def _figures(
    chosen: Sequence[Indicator], units: Sequence[Unit], period: periods.Period
) -> dict[tuple[str, str], Figure]:
    found = figures(indicators=chosen, units=units, periods=[period], viewer=AnonymousUser())
    code = {u.pk: u.code for u in units}
    return {(key, code[unit]): figure for (key, unit, _period), figure in found.items()}


@everybody
def index(request: HttpRequest) -> HttpResponse:
    """What may be taken, with the country's figures."""
    period = _period(request)
    chosen = list(current_indicators().filter(public=True))
    country = national_unit()
    found = _figures(chosen, [country], period) if country else {}
    rows = [(i, found.get((i.key, country.code)) if country else None) for i in chosen]
    context = {"rows": rows, "period": period, "before": period.preceding(), "after": period.following()}
    return render(request, "public/opendata/opendata.html", context)


@export
@everybody
@cache_control(public=True, max_age=300)
def table(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """One indicator for the country and every province, as CSV or JSON."""
    indicator = current_indicators().filter(public=True, key=key).first()
    if indicator is None or kind not in ("csv", "json"):
        raise Http404
    period, units = _period(request), _units()
    found = _figures([indicator], units, period)
    rows = [(u.code, u.name, period.code, found[indicator.key, u.code]) for u in units]
    return _json(indicator, rows) if kind == "json" else _csv(indicator, rows)


def _json(indicator: Indicator, rows: list[tuple[str, str, str, Figure]]) -> HttpResponse:
    data = {
        "indicator": indicator.key,
        "version": indicator.version,
        "title": indicator.title,
        "title_en": indicator.title_en,
        "measured_in": indicator.measured_in,
        "licence": LICENCE,
        "values": [
            {"unit": code, "name": name, "period": period, "value": f.value, "withheld": f.withheld}
            for code, name, period, f in rows
        ],
    }
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})


def _csv(indicator: Indicator, rows: list[tuple[str, str, str, Figure]]) -> HttpResponse:
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(["indicator", "unit", "name", "period", "value", "withheld"])
    for code, name, period, f in rows:
        writer.writerow([indicator.key, safe(code), safe(name), period, f.value, int(f.withheld)])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{indicator.key}.csv"'
    return response
