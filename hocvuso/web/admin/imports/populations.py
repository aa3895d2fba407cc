"""Populations, which shares are divided by: what is there and where it is from, what is missing, lists in and out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.fields import holding
from hocvuso.base.numbers import trimmed
from hocvuso.indicators import services
from hocvuso.indicators.models import Population
from hocvuso.indicators.queries import places_to_count
from hocvuso.indicators.rules import POPULATION_GROUPS
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May
from hocvuso.units.models import Place

from ...kit import tables, uploads
from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.gate import staff
from ...kit.long_work import go_on
from . import forms

PAGE = 50
HEAD = ["place", "name", "group", "on", "count", "source"]


@staff(May.SEE_FIGURES)
def populations(request: PersonRequest) -> HttpResponseBase:
    """Counts by place, the latest first; who looks after data brings more in."""
    bringing = uploads.previewed(
        request,
        "populations",
        plan=lambda name, content: services.plan_populations(name=name, content=content, by=request.user),
        apply=lambda made, name: services.apply_table(made=made, by=request.user, source=name),
        long="populations.import",
    )
    if bringing.job:
        return go_on(request, bringing.job)
    if bringing.written is not None:
        said = _("Đã ghi dân số: %(count)s dòng.") % {"count": trimmed(bringing.written)}
        say_done(request, bringing.written, said, none=uploads.NOTHING_NEW)
        return redirect("populations")
    form = forms.PopulationsFilter.of(request, within={"province": Place.objects.provinces().order_by("code")})
    asked = form.asked
    missing = _without(asked)
    if (kind := request.GET.get("tai")) and form.is_valid():
        lines = ([p.code, p.name, asked["group"] or "all", None, None, ""] for p in missing)
        return tables.download(kind, "dan-so-con-thieu", HEAD, lines) if "thieu" in request.GET else _file(asked, kind)
    context = _page(request, asked) | {"form": form, "bringing": bringing, "missing": missing.count()}
    return render(request, "admin/imports/populations.html", context, status=max(form.status, bringing.form.status))


def _page(request: PersonRequest, asked: dict[str, Any]) -> dict[str, Any]:
    may_write = places_to_count(request.user)
    page = Paginator(_found(asked), PAGE).get_page(request.GET.get("trang"))
    return {
        "page": page,
        "rows": [(row, POPULATION_GROUPS.get(row.group, row.group)) for row in page],
        "mine": set(may_write.filter(code__in=[row.place_id for row in page]).values_list("code", flat=True)),
        "may_write": may_write.exists(),
        "may_values": may_anywhere(request.user, May.STEWARD_DATA),
    }


def _places(asked: dict[str, Any]) -> QuerySet[Place]:
    found, province = Place.objects.filter(holding(asked["text"])), asked["province"]
    return found.filter(code=province.code) | found.filter(parent=province) if province else found


def _found(asked: dict[str, Any]) -> QuerySet[Population]:
    found = Population.objects.filter(place__in=_places(asked)).select_related("place__parent")
    if asked["group"]:
        found = found.filter(group=asked["group"])
    return found.order_by("-place__kind", "place__parent_id", "place_id", "group", "-on")


def _without(asked: dict[str, Any]) -> QuerySet[Place]:
    """Provinces and communes that have no count of the group asked for."""
    counted = Population.objects.filter(place=OuterRef("pk"), group=asked["group"] or "all")
    there = Place.objects.in_force(timezone.localdate()).filter(pk__in=_places(asked))
    return there.exclude(Exists(counted)).exclude(kind=Place.Kind.COUNTRY).order_by("-kind", "parent_id", "code")


def _file(asked: dict[str, Any], kind: str) -> HttpResponseBase:
    """What was found, in the form that comes in again unchanged."""
    rows = ([p.place_id, p.place.name, p.group, p.on, p.count, p.source] for p in _found(asked).iterator(2000))
    return tables.download(kind, "dan-so", HEAD, rows)


@staff(May.STEWARD_DATA)
@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a count away."""
    mine = Population.objects.filter(place__in=places_to_count(request.user))
    services.remove_population(population=get_object_or_404(mine, pk=pk), by=request.user)
    messages.success(request, _("Đã bỏ số dân số."))
    return redirect("populations")
