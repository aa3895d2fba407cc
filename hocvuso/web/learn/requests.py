"""“Nhờ giúp”: what I ask of my commune, what was answered, whether it is solved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.helpdesk import queries
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.helpdesk.rules import OPEN, RATINGS, RequestState, Topic
from hocvuso.helpdesk.services import requests as verbs
from hocvuso.people.models import Person
from hocvuso.units.models import Unit

from ..kit.auth import PersonRequest
from ..kit.gate import everybody, signed_in

PAGE = 20


def _mine(person: Person, pk: UUID) -> ResidentRequest:
    return get_object_or_404(ResidentRequest.objects.filter(asker=person).select_related("unit", "taken_by"), pk=pk)


@everybody
def ask(request: HttpRequest) -> HttpResponseBase:
    """What asking is, for a stranger; for who is signed in the form, and what they asked before."""
    if request.method == "POST" or request.user.is_authenticated:
        return _ask(request)
    return render(request, "learn/requests_intro.html")


@signed_in
def _ask(request: PersonRequest) -> HttpResponse:
    unit, refusal = queries.unit_helping(request.user.home_place), None
    if request.method == "POST":
        try:
            if unit is None:
                raise verbs.NoCommune
            return redirect("my-request", _asked(request, unit).pk)
        except Refusal as error:
            refusal = error
    asked = ResidentRequest.objects.filter(asker=request.user).select_related("unit")
    context = {
        "unit": unit,
        "topics": Topic.choices,
        "typed": request.POST,
        "refusal": refusal,
        "page": Paginator(asked, PAGE).get_page(request.GET.get("trang", "1")),
    }
    return render(request, "learn/requests.html", context, status=400 if refusal else 200)


def _asked(request: PersonRequest, unit: Unit) -> ResidentRequest:
    post = request.POST
    return verbs.ask(
        unit=unit,
        topic=post.get("topic", ""),
        text=post.get("text", ""),
        may_call=post.get("may_call") == "1",
        tell=post.get("tell") == "1",
        by=request.user,
    )


@signed_in
def one(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One request of mine: where it stands, what was said, what I can do."""
    return _page(request, _mine(request.user, pk))


def _page(request: PersonRequest, found: ResidentRequest, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "request_": found,
        "said": queries.said_under(found),
        "is_open": found.state in OPEN,
        "is_solved": found.state == RequestState.SOLVED,
        "is_late": found.is_late(timezone.localdate()),
        "ratings": RATINGS,
        "refusal": refusal,
        "typed": request.POST,
    }
    return render(request, "learn/request.html", context, status=400 if refusal else 200)


@signed_in
@require_POST
def act(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Say something, or move it on: solved, not yet, rated, withdrawn."""
    found, post = _mine(request.user, pk), request.POST
    rating = post.get("rating", "")
    verb, more, done = _acts(
        post.get("text", ""), int(rating) if rating.isdecimal() and len(rating) == 1 else None
    ).get(post.get("do", ""), (verbs.say, {"text": post.get("text", "")}, ""))
    try:
        verb(request=found, by=request.user, **more)
    except Refusal as refusal:
        return _page(request, found, refusal)
    if done:
        messages.success(request, done)
    return redirect("my-request", pk)


def _acts(text: str, rating: int | None) -> dict[str, tuple[Any, dict[str, Any], str]]:
    return {
        "solve": (verbs.solve, {}, _("Mừng là việc đã xong.")),
        "again": (verbs.ask_again, {"why": text}, _("Đã báo là chưa xong. Sẽ có người giúp tiếp.")),
        "rate": (verbs.rate, {"rating": rating, "note": text}, _("Cảm ơn bạn đã đánh giá.")),
        "withdraw": (verbs.withdraw, {}, _("Đã rút yêu cầu.")),
    }
