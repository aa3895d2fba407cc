"""A pledge or a need written: new, or changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base.errors import NotAllowed
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.resources.models import Need, Pledge
from hocvuso.resources.services import needs, pledges

from ...kit.auth import PersonRequest
from ...kit.choosing import own_unit_rows
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms

TEMPLATE = "office/resources/form.html"


@dataclass(frozen=True)
class Noun:
    """What differs between the two: the rows, the form, the verbs."""

    model: Any
    form: type[forms.ResourceForm]
    make: Callable[..., Any]
    change: Callable[..., None]


NOUNS = {
    "pledge": Noun(Pledge, forms.PledgeForm, pledges.offer, pledges.edit),
    "need": Noun(Need, forms.NeedForm, needs.ask_need, needs.edit_need),
}


@staff(May.PLEDGE)
def create(request: PersonRequest, noun: str) -> HttpResponse:
    """A new pledge or need, of a unit for which one acts."""
    start = {"starts_on": timezone.localdate(), "kind": request.GET.get("loai", "")}
    within = {"unit": own_unit_rows(request.user, May.PLEDGE)}
    form = NOUNS[noun].form.of(request, redraw="pick", initial=start, within=within)
    if form.attempt(NOUNS[noun].make, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect(noun, form.done.pk)
    return answer(request, TEMPLATE, form, {"noun": noun})


@staff(May.PLEDGE)
def edit(request: PersonRequest, noun: str, pk: UUID) -> HttpResponse:
    """Change a pledge that is not verified yet, or a need to which nothing was given."""
    shown = NOUNS[noun].model.objects.visible_to(request.user).select_related("unit", "place")
    found = get_object_or_404(shown, pk=pk)
    if not may(request.user, May.PLEDGE, found.unit):
        raise NotAllowed
    form = NOUNS[noun].form.of(request, redraw="pick", row=found)
    if form.attempt(NOUNS[noun].change, **{noun: found}, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect(noun, pk)
    return answer(request, TEMPLATE, form, {"noun": noun, "thing": found})
