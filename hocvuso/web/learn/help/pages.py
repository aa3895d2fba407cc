"""“Nhờ giúp”: what I ask of my commune, what was answered, whether it is solved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from hocvuso.helpdesk import queries
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.helpdesk.rules import OPEN, RequestState, Topic
from hocvuso.helpdesk.rules_masking import COVERED
from hocvuso.helpdesk.services import requests as verbs
from hocvuso.helpdesk.services.refusals import NoCommune
from hocvuso.people.models import Person

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import everybody, signed_in, signed_in_fully
from ...kit.keeping import for_everybody
from .forms import AskForm, RequestForm

PAGE = 20
ACTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "solve": (verbs.solve, _("Mừng là việc đã xong.")),
    "again": (verbs.ask_again, _("Đã báo là chưa xong. Sẽ có người giúp tiếp.")),
    "rate": (verbs.rate, _("Cảm ơn bạn đã đánh giá.")),
    "withdraw": (verbs.withdraw, _("Đã rút yêu cầu.")),
}


def _mine(person: Person, pk: UUID) -> ResidentRequest:
    return get_object_or_404(ResidentRequest.objects.filter(asker=person).select_related("unit", "taken_by"), pk=pk)


@everybody
def ask(request: HttpRequest) -> HttpResponseBase:
    """What asking is, for a stranger; for who is signed in the form, and what they asked before."""
    if request.method == "POST" or request.user.is_authenticated:
        return _ask(request)
    return render(request, "learn/help/requests_intro.html")


@everybody
def defrauded(request: HttpRequest) -> HttpResponse:
    """What to do in the first minutes after a fraud: for everybody, before any form."""
    return for_everybody(request, "learn/help/defrauded.html", {})


@signed_in_fully
def _ask(request: PersonRequest) -> HttpResponse:
    unit = queries.unit_helping_at(request.user.home_place_id)

    def ask(**typed: Any) -> ResidentRequest:
        if unit is None:
            raise NoCommune
        return verbs.ask(unit=unit, by=request.user, **typed)

    form = AskForm.of(request)
    if form.attempt(ask):
        if COVERED in form.done.text:
            messages.info(request, _t("Trong lời bạn viết có số thẻ hoặc mã: chúng tôi đã che đi, không ai đọc được."))
        return redirect("my-request", form.done.pk)
    asked = ResidentRequest.objects.filter(asker=request.user).select_related("unit")
    page = Paginator(asked, PAGE).get_page(request.GET.get("trang", "1"))
    promised = queries.promised_by(unit) if unit else None
    return answer(request, "learn/help/requests.html", form, {"unit": unit, "page": page, "promised": promised})


@signed_in
def one(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One request of mine: where it stands, what was said, what I can do."""
    return _page(request, _mine(request.user, pk))


def _form(request: PersonRequest, found: ResidentRequest) -> RequestForm:
    return RequestForm.of(request, is_solved=found.state == RequestState.SOLVED)


def _page(request: PersonRequest, found: ResidentRequest, form: RequestForm | None = None) -> HttpResponse:
    context = {
        "request_": found,
        "said": queries.said_under(found),
        "is_open": found.state in OPEN,
        "is_solved": found.state == RequestState.SOLVED,
        "is_late": found.is_late(timezone.localdate()),
        "fraud": found.topic == Topic.SAFETY,
        "phone": queries.promised_by(found.unit).phone,
    }
    return answer(request, "learn/help/request.html", form or _form(request, found), context)


@signed_in_fully
@require_POST
def act(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Say something, or move it on: solved, not yet, rated, withdrawn."""
    found = _mine(request.user, pk)
    form = _form(request, found)
    verb, done = ACTS.get(form["do"].value() or "", (verbs.say, ""))
    if not form.attempt(verb, request=found, by=request.user):
        return _page(request, found, form)
    if done:
        messages.success(request, str(done))
    return redirect("my-request", pk)
