"""Lists: pledges of one's units, what is available near, what is needed; filtered, in pages, as files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base.fields import holding
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.resources import queries
from hocvuso.resources.models import Need, Pledge
from hocvuso.resources.rules import Kind, NeedState, PledgeState
from hocvuso.units.models import Place, Unit

from ...kit.auth import PersonRequest
from ...kit.choosing import own_units
from ...kit.gate import staff
from ...kit.tables import download
from ...kit.typed import page_number

PAGE = 25
NEAR, NEEDS = "gan", "nhu-cau"


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
    units = own_units(request.user, May.PLEDGE)
    unit = next((u for u in units if str(u.pk) == request.GET.get("don-vi")), units[0])
    # What is needed: at first what is open; "all" is the empty choice.
    states: Any = {NEAR: [], NEEDS: NeedState.choices}.get(tab, PledgeState.choices)
    asked = {
        "kind": request.GET.get("loai", ""),
        "state": request.GET.get("trang-thai", NeedState.OPEN if tab == NEEDS else ""),
        "province": request.GET.get("tinh", ""),
        "q": request.GET.get("q", "")[:100],
    }
    found = _filtered(_found(request, tab, unit), asked, states)
    if request.GET.get("tai"):
        return download(request.GET["tai"], "nhu-cau" if tab == NEEDS else "dong-gop", _head(), map(_row, found))
    page = Paginator(found, PAGE).get_page(page_number(request.GET))
    context = {
        "tab": tab,
        "units": units,
        "unit": unit,
        "asked": asked,
        "kinds": Kind.choices,
        "states": states,
        "provinces": Place.objects.provinces().in_force(timezone.localdate()),
        "page": page,
        "lines": _lines(list(page), unit.place),
        "query": _query(request),
    }
    return render(request, "office/resources/pledges.html", context)


def _found(request: PersonRequest, tab: str, unit: Unit) -> QuerySet[Any]:
    related = ("unit", "place__parent")
    if tab == NEEDS:
        return queries.nearest_first(Need.objects.visible_to(request.user).select_related(*related), unit.place)
    if tab == NEAR:
        offered = Pledge.objects.available().visible_to(request.user).select_related(*related)
        running = offered.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))
        return queries.nearest_first(running, unit.place)
    return Pledge.objects.filter(unit__in=units_in_reach(request.user, May.PLEDGE)).select_related(*related)


def _filtered(found: QuerySet[Any], asked: dict[str, str], states: list[tuple[str, Any]]) -> QuerySet[Any]:
    if asked["kind"] in Kind.values:
        found = found.filter(kind=asked["kind"])
    if asked["state"] in dict(states):
        found = found.filter(state=asked["state"])
    if asked["province"]:
        found = found.filter(queries.in_province(asked["province"]))
    return found.filter(holding(asked["q"]) | holding(asked["q"], "unit__search"))


def _lines(things: list[Any], origin: Place | None) -> list[Line]:
    free = queries.free_today([thing for thing in things if isinstance(thing, Pledge)], timezone.localdate())
    return [
        Line(thing, thing.given if isinstance(thing, Need) else free[thing.pk], queries.nearness(origin, thing.place))
        for thing in things
    ]


def _query(request: PersonRequest) -> str:
    """The list as it is filtered, for the links to its files."""
    query = request.GET.copy()
    for name in ("trang", "tai"):
        query.pop(name, None)
    return query.urlencode()


def _head() -> list[str]:
    return [
        _("Tên"), _("Loại"), _("Số lượng"), _("Đơn vị tính"), _("Đơn vị"), _("Xã, phường"), _("Tỉnh, thành phố"),
        _("Từ ngày"), _("Đến ngày"), _("Trạng thái"),
    ]  # fmt: skip


def _row(thing: Pledge | Need) -> list[Any]:
    place = thing.place
    inside = place.kind == Place.Kind.COMMUNE
    return [
        thing.title, thing.get_kind_display(), thing.quantity, thing.counted_in, thing.unit.name,
        place.name if inside else "", place.parent.name if inside and place.parent else place.name,
        thing.starts_on, thing.ends_on, thing.get_state_display(),
    ]  # fmt: skip
