"""One pledge with its calendar, one need with what fits it, and the steps of both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.resources import queries
from hocvuso.resources.models import Allocation, Need, Pledge
from hocvuso.resources.rules import EDITABLE, AllocationState, NeedState, PledgeState
from hocvuso.resources.services import allocations

from ...kit.auth import PersonRequest
from ...kit.forms import Form, StepForm
from ...kit.gate import staff
from . import forms

PAGE = 25


@dataclass(frozen=True)
class Given:
    """One allocation in a calendar: whether the other side is shown, and what this person may do with it."""

    allocation: Allocation
    shown: bool
    overdue: bool
    steps: list[str]


def _given(person: Person, found: Iterable[Allocation], today: date) -> list[Given]:
    lines = []
    for allocation in found:
        gives = may(person, May.PLEDGE, allocation.pledge.unit)
        gets = may(person, May.PLEDGE, allocation.need.unit)
        steps = _steps(allocation, gives=gives, gets=gets, today=today)
        lines.append(Given(allocation, gives or gets, allocation.is_overdue(today), steps))
    return lines


def _steps(allocation: Allocation, *, gives: bool, gets: bool, today: date) -> list[str]:
    if allocation.state == AllocationState.IN_USE:
        return ["take-back"] if gives else []
    if allocation.state != AllocationState.ALLOCATED or not (gives or gets):
        return []
    now = allocation.starts_on <= today <= allocation.ends_on
    return ["hand-over", "cancel"] if now else ["cancel"]


def _seen(request: PersonRequest, model: Any, pk: UUID) -> Any:
    found = model.objects.visible_to(request.user).select_related("unit__parent", "place__parent")
    return get_object_or_404(found, pk=pk)


def _calendar(request: PersonRequest, thing: Pledge | Need) -> dict[str, Any]:
    found = thing.allocations.select_related("pledge__unit", "need__unit").order_by("-starts_on", "-created_at")
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    return {"page": page, "given": _given(request.user, page, timezone.localdate())}


@staff(May.PLEDGE)
def pledge(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One pledge: what it is, what comes next, to whom it is given when, who needs such a thing."""
    return _pledge_page(request, _seen(request, Pledge, pk))


def _pledge_page(request: PersonRequest, found: Pledge, pressed: StepForm | None = None) -> HttpResponse:
    today = timezone.localdate()
    acts = may(request.user, May.PLEDGE, found.unit)
    open_to_all = found.state == PledgeState.AVAILABLE
    context = {
        "pledge": found,
        "free": queries.free_today([found], today)[found.pk],
        "acts": acts,
        "may_edit": acts and found.state in EDITABLE,
        "may_verify": found.state == PledgeState.OFFERED and queries.may_verify(request.user, found.unit),
        "wrote": queries.wrote(request.user, found),
        "may_withdraw": acts and found.state != PledgeState.WITHDRAWN and not found.allocations.live().exists(),
        "wanted": queries.needs_fitting(found, today) if acts and open_to_all else [],
        "pressed": pressed,
        "refusing": pressed if isinstance(pressed, forms.PledgeSteps) else forms.PledgeSteps(),
    }
    context |= _calendar(request, found)
    return render(request, "office/resources/pledge.html", context, status=pressed.status if pressed else 200)


@staff(May.PLEDGE)
@require_POST
def move_pledge(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The next step of a pledge: verify or refuse, make available, withdraw."""
    pressed = forms.PledgeSteps.of(request)
    if pressed.take(pledge=_seen(request, Pledge, pk), by=request.user):
        messages.success(request, _("Đã ghi."))
        return redirect("pledge", pk)
    return _pledge_page(request, _seen(request, Pledge, pk), pressed)


@staff(May.PLEDGE)
def need(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One need: what was given to it, which pledges fit, nearest first, and the form to allocate."""
    return _need_page(request, _seen(request, Need, pk))


def _need_page(request: PersonRequest, found: Need, sent: Form | None = None) -> HttpResponse:
    acts = may(request.user, May.PLEDGE, found.unit)
    ended = acts and not found.allocations.live().exists()
    fits = queries.pledges_fitting(found, timezone.localdate()) if found.state == NeedState.OPEN else []
    offers = [(fit, may(request.user, May.PLEDGE, fit.pledge.unit)) for fit in fits]
    first = next((fit for fit, mine in offers if mine), None)
    allocating = sent if isinstance(sent, forms.AllocateForm) else forms.AllocateForm(initial=_suggested(found, first))
    allocating["quantity"].label = f"{allocating['quantity'].label} ({found.counted_in})"
    context = {
        "need": found,
        "acts": acts,
        "may_edit": acts and found.state == NeedState.OPEN and not found.given,
        "may_withdraw": ended and found.state == NeedState.OPEN and not found.given,
        "may_close": ended and found.state in (NeedState.OPEN, NeedState.MET) and found.given,
        "offers": offers,
        "may_allocate": first is not None,
        "sent": sent,
        "form": allocating,
    }
    context |= _calendar(request, found)
    return render(request, "office/resources/need.html", context, status=sent.status if sent else 200)


def _suggested(found: Need, fit: queries.Fit | None) -> dict[str, Any]:
    """What the form to allocate says at first: as much as there is of the nearest, for as long as it is needed."""
    if fit is None:
        return {}
    return {
        "pledge": fit.pledge.pk,
        "quantity": min(fit.free, found.missing),
        "starts_on": fit.starts_on,
        "ends_on": None if fit.ends_on == date.max else fit.ends_on,
    }


@staff(May.PLEDGE)
@require_POST
def move_need(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Withdraw or close a need."""
    pressed = forms.NeedSteps.of(request)
    if pressed.take(need=_seen(request, Need, pk), by=request.user):
        messages.success(request, _("Đã ghi."))
        return redirect("need", pk)
    return _need_page(request, _seen(request, Need, pk), pressed)


@staff(May.PLEDGE)
@require_POST
def allocate(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Give part of a pledge to this need."""
    found = _seen(request, Need, pk)
    offered = Pledge.objects.visible_to(request.user).select_related("unit__parent")
    form = forms.AllocateForm.of(request, within={"pledge": offered})
    if form.attempt(allocations.allocate, need=found, by=request.user):
        messages.success(request, _("Đã phân bổ."))
        return redirect("need", pk)
    return _need_page(request, found, form)


@staff(May.PLEDGE)
@require_POST
def move_allocation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Hand over, take back, cancel; back to the page on which it was pressed."""
    shown = Allocation.objects.visible_to(request.user)
    found = get_object_or_404(shown.select_related("pledge__unit__parent", "need__unit"), pk=pk)
    pressed = forms.AllocationSteps.of(request)
    done = pressed.take(allocation=found, by=request.user)
    if done:
        messages.success(request, _("Đã ghi."))
    if pressed["at"].value() == "need":
        return redirect("need", found.need_id) if done else _need_page(request, found.need, pressed)
    return redirect("pledge", found.pledge_id) if done else _pledge_page(request, found.pledge, pressed)
