"""Lists: pledges of one's units, what is available near, what is needed; filtered, in pages, as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hocvuso.base.fields import holding
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.resources import queries
from hocvuso.resources.models import Need, Pledge
from hocvuso.resources.rules import NeedState
from hocvuso.units.models import Place, Unit

from ...kit.auth import PersonRequest
from ...kit.choosing import own_unit_rows
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.tables import download
from . import forms

PAGE = 25
NEAR, NEEDS = "gan", "nhu-cau"
FILTERS: dict[str, type[forms.ResourcesFilter]] = {NEAR: forms.ResourcesFilter, NEEDS: forms.NeedsFilter}


@dataclass(frozen=True)
class Line:
    """One pledge or need of a list; `count` is what is free of a pledge, or given to a need."""

    thing: Pledge | Need
    count: int
    near: queries.Nearness


@staff(May.PLEDGE)
def index(request: PersonRequest) -> HttpResponseBase:
    """The list of the tab that was asked for."""
    tab = request.GET.get("xem", "")
    units = own_unit_rows(request.user, May.PLEDGE)
    provinces = Place.objects.provinces().in_force(timezone.localdate())
    # What is needed: at first what is open; "all" is the empty choice.
    defaults = {"state": NeedState.OPEN} if tab == NEEDS else {}
    within = {"province": provinces, "unit": units}
    form = FILTERS.get(tab, forms.OwnFilter).of(request, within=within, defaults=defaults)
    asked = form.asked
    near = asked["unit"] or units.order_by(Length("path"), "path")[0]
    found = _filtered(_found(request, tab, near), asked)
    if request.GET.get("tai") and form.is_valid():
        return download(request.GET["tai"], "nhu-cau" if tab == NEEDS else "dong-gop", _head(), map(_row, found))
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {"tab": tab, "near_to": tab in FILTERS and len(units) > 1, "asked": asked, "page": page}
    return answer(request, "office/resources/pledges.html", form, context | {"lines": _lines(list(page), near.place)})


def _found(request: PersonRequest, tab: str, unit: Unit) -> QuerySet[Any]:
    related = ("unit", "place__parent")
    if tab == NEEDS:
        return queries.nearest_first(Need.objects.visible_to(request.user).select_related(*related), unit.place)
    if tab == NEAR:
        offered = Pledge.objects.available().visible_to(request.user).select_related(*related)
        running = offered.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))
        return queries.nearest_first(running, unit.place)
    return Pledge.objects.filter(unit__in=units_in_reach(request.user, May.PLEDGE)).select_related(*related)


def _filtered(found: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    for name in ("kind", "state"):
        if asked.get(name):
            found = found.filter(**{name: asked[name]})
    if asked["province"]:
        found = found.filter(queries.in_province(asked["province"].code))
    return found.filter(holding(asked["text"]) | holding(asked["text"], "unit__search"))


def _lines(things: list[Any], origin: Place | None) -> list[Line]:
    free = queries.free_today([thing for thing in things if isinstance(thing, Pledge)], timezone.localdate())
    return [
        Line(thing, thing.given if isinstance(thing, Need) else free[thing.pk], queries.nearness(origin, thing.place))
        for thing in things
    ]


def _head() -> list[str]:
    return [
        _("Tên"), _("Loại"), _("Số lượng"), _("Đơn vị tính"), _("Đơn vị"), pgettext("one", "Xã, phường"),
        _("Tỉnh, thành phố"), _("Từ ngày"), _("Đến ngày"), _("Trạng thái"),
    ]  # fmt: skip


def _row(thing: Pledge | Need) -> list[Any]:
    place = thing.place
    inside = place.kind == Place.Kind.COMMUNE
    return [
        thing.title, thing.get_kind_display(), thing.quantity, thing.counted_in, thing.unit.name,
        place.name if inside else "", place.parent.name if inside and place.parent else place.name,
        thing.starts_on, thing.ends_on, thing.get_state_display(),
    ]  # fmt: skip
