"""The form of a pledge or a need: new, or changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.people.queries import may, units_in_reach
from hocvuso.people.rules import May
from hocvuso.resources.models import Need, Pledge
from hocvuso.resources.rules import COUNTED_IN, Kind
from hocvuso.resources.services import needs, pledges
from hocvuso.units.models import Place

from ...kit import typed
from ...kit.auth import PersonRequest
from ...kit.choosing import own_units
from ...kit.gate import staff


@dataclass(frozen=True)
class Noun:
    """What differs between the two: the rows, the verbs, the name of the argument."""

    model: Any
    make: Callable[..., Any]
    change: Callable[..., None]


NOUNS = {
    "pledge": Noun(Pledge, pledges.offer, pledges.edit),
    "need": Noun(Need, needs.ask_need, needs.edit_need),
}


@staff(May.PLEDGE)
def create(request: PersonRequest, noun: str) -> HttpResponse:
    """A new pledge or need, of a unit of one's reach."""
    units = own_units(request.user, May.PLEDGE)
    start = {"starts_on": timezone.localdate().isoformat(), "kind": request.GET.get("loai", "")}
    context = _context(request, noun, start) | {"units": units}
    if request.method != "POST" or "pick" in request.POST:
        return render(request, "office/resources/form.html", context)
    unit = get_object_or_404(units_in_reach(request.user, May.PLEDGE), pk=typed.key(request.POST, "unit"))
    try:
        made = NOUNS[noun].make(unit=unit, by=request.user, **_read(request.POST))
    except Refusal as refusal:
        return render(request, "office/resources/form.html", context | {"refusal": refusal}, status=400)
    messages.success(request, _("Đã lưu."))
    return redirect(noun, made.pk)


@staff(May.PLEDGE)
def edit(request: PersonRequest, noun: str, pk: UUID) -> HttpResponse:
    """Change a pledge that is not verified yet, or a need to which nothing was given."""
    shown = NOUNS[noun].model.objects.visible_to(request.user).select_related("unit", "place")
    found = get_object_or_404(shown, pk=pk)
    if not may(request.user, May.PLEDGE, found.unit):
        raise NotAllowed
    context = _context(request, noun, _as_typed(found)) | {"thing": found}
    if request.method != "POST" or "pick" in request.POST:
        return render(request, "office/resources/form.html", context)
    try:
        NOUNS[noun].change(**{noun: found}, by=request.user, **_read(request.POST))
    except Refusal as refusal:
        return render(request, "office/resources/form.html", context | {"refusal": refusal}, status=400)
    messages.success(request, _("Đã lưu."))
    return redirect(noun, pk)


def _context(request: PersonRequest, noun: str, start: dict[str, Any]) -> dict[str, Any]:
    shown = request.POST if request.method == "POST" else start
    places = Place.objects.in_force(timezone.localdate())
    return {
        "noun": noun,
        "typed": shown,
        "kinds": [(value, label, COUNTED_IN[value]) for value, label in Kind.choices],
        "provinces": places.provinces(),
        "communes": places.communes().filter(parent=shown.get("province") or None),
    }


def _read(post: QueryDict) -> dict[str, Any]:
    fields = typed.words(post, ["kind", "title", "details"])
    province, commune = post.get("province", ""), post.get("commune", "")
    inside = Place.objects.communes().filter(code=commune, parent=province).first()
    return {
        **fields,
        "quantity": typed.whole(post, "quantity"),
        "place": inside or Place.objects.provinces().filter(code=province).first(),
        "starts_on": typed.day(post, "starts_on"),
        "ends_on": typed.day(post, "ends_on"),
    }


def _as_typed(found: Pledge | Need) -> dict[str, Any]:
    inside = found.place.kind == Place.Kind.COMMUNE
    return {
        "kind": found.kind,
        "title": found.title,
        "details": found.details,
        "quantity": str(found.quantity),
        "province": found.place.parent_id if inside else found.place_id,
        "commune": found.place_id if inside else "",
        "starts_on": found.starts_on.isoformat(),
        "ends_on": found.ends_on.isoformat() if found.ends_on else "",
    }
