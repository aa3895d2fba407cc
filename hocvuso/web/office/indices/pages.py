"""Indices: the ladder of a period, a unit's parts, history and best gains; a year's definition."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import yaml
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import periods
from hocvuso.base.errors import Refusal
from hocvuso.base.numbers import trimmed
from hocvuso.indicators.models import IndexDefinition, IndexScore
from hocvuso.indicators.queries import indices as queries
from hocvuso.indicators.rules_indices import Definition
from hocvuso.indicators.services import indices as services
from hocvuso.people.queries import may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.gate import staff
from ...kit.tables import download

PAGE = 50
KINDS = (Unit.Kind.PROVINCIAL_DEPARTMENT, Unit.Kind.COMMUNE_COMMITTEE, Unit.Kind.SCHOOL)


@staff(May.SEE_FIGURES)
def indices(request: PersonRequest) -> HttpResponse:
    """All indices, their latest version."""
    rows = [(index, Definition.model_validate(index.definition)) for index in queries.latest_indices()]
    return render(
        request, "office/indices/indices.html", {"rows": rows, "may_define": may_anywhere(request.user, May.DEFINE)}
    )


def _index(key: str, year: int) -> IndexDefinition:
    return get_object_or_404(IndexDefinition, key=key, year=year)


def _period(request: PersonRequest) -> str:
    asked = request.POST.get("ky") or request.GET.get("ky", "")
    try:
        return periods.parse(asked).code
    except ValueError:
        return periods.containing(periods.PeriodType.YEAR, timezone.localdate()).code


def _kind(request: PersonRequest) -> str:
    asked = request.POST.get("loai") or request.GET.get("loai", "")
    return asked if asked in KINDS else KINDS[0]


@staff(May.SEE_FIGURES)
def ladder(request: PersonRequest, key: str, year: int) -> HttpResponseBase:
    """Units of one kind from first to last; ranks are public inside the house, as on the national portal."""
    index = _index(key, year)
    period, kind = _period(request), _kind(request)
    found = queries.ladder(index, period, kind)
    definition = Definition.model_validate(index.definition)
    if request.GET.get("tai"):
        head = [_("Hạng"), _("Đơn vị"), _("Tổng điểm"), _("Loại"), *(c.title for c in definition.criteria)]
        rows = (
            [
                s.rank,
                s.unit.name,
                s.total,
                s.band,
                *(s.parts.get(c.code, {}).get("points") for c in definition.criteria),
            ]
            for s in found
        )
        return download(request.GET["tai"], f"{index.key}-{period}", head, rows)
    context = {
        "index": index,
        "definition": definition,
        "period": period,
        "kind": kind,
        "kinds": [(k.value, k.label) for k in KINDS],
        "page": Paginator(found, PAGE).get_page(request.GET.get("trang")),
        "query_string": f"ky={period}&loai={kind}",
        "may_define": may_anywhere(request.user, May.DEFINE),
    }
    return render(request, "office/indices/ladder.html", context)


@staff(May.DEFINE)
@require_POST
def compute(request: PersonRequest, key: str, year: int) -> HttpResponse:
    """Compute the units of one kind in reach for a period, now."""
    index, period, kind = _index(key, year), _period(request), _kind(request)
    units = list(units_in_reach(request.user, May.SEE_FIGURES).filter(kind=kind).open(timezone.localdate()))
    rows = services.compute(index=index, period=period, units=units, by=request.user)
    without = sum(row.total is None for row in rows)
    said = _("Đã tính %(count)s đơn vị; %(without)s đơn vị còn thiếu số liệu.")
    none = _("Chưa tính gì: trong phạm vi của bạn không có đơn vị nào thuộc loại này. Hãy chọn loại khác.")
    say_done(request, len(rows), said % {"count": trimmed(len(rows)), "without": trimmed(without)}, none=none)
    return redirect(reverse("index", args=[key, year], query={"ky": period, "loai": kind}))


@staff(May.SEE_FIGURES)
def unit(request: PersonRequest, key: str, year: int, unit: UUID) -> HttpResponse:
    """One unit in reach: its parts, what would raise it most, its history."""
    index, period = _index(key, year), _period(request)
    found = get_object_or_404(units_in_reach(request.user, May.SEE_FIGURES), pk=unit)
    score = IndexScore.objects.select_related("index", "unit").filter(index=index, period=period, unit=found).first()
    if score is None:
        raise Http404
    definition = Definition.model_validate(index.definition)
    parts = [(c, score.parts.get(c.code, {})) for c in definition.criteria]
    context = {
        "index": index,
        "unit": found,
        "score": score,
        "period": period,
        "parts": parts,
        "gains": queries.what_would_raise(score)[:5],
        "history": queries.history(index, found),
    }
    return render(request, "office/indices/unit.html", context)


@staff(May.DEFINE)
def define(request: PersonRequest, key: str = "", year: int = 0) -> HttpResponse:
    """A year's definition as text that is checked as a whole."""
    refusal, text = None, str(render_to_string("office/indices/example.html"))
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            index = services.define(data=_read(text), by=request.user)
            messages.success(request, _("Đã lưu bộ chỉ số."))
            return redirect("index", index.key, index.year)
        except Refusal as error:
            refusal = error
    elif key:
        text = _as_text(_index(key, year))
    context = {"refusal": refusal, "text": text, "key": key}
    return render(request, "office/indices/define.html", context, status=400 if refusal else 200)


def _as_text(index: IndexDefinition) -> str:
    fields = {name: getattr(index, name) for name in ("key", "year", "title", "title_en", "source", "definition")}
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=110)


def _read(text: str) -> Any:
    try:
        return yaml.safe_load(text[:200_000])
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # the last two: days that are none, depth
        raise services.BadIndex(field="definition", faults=str(error)[:300]) from None
