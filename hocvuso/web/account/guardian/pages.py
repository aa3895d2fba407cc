"""Where a guardian answers: by the link that came to them, and of all their children."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Guardianship, Person
from hocvuso.people.rules import name_in_messages
from hocvuso.people.services import guardians

from ...kit.auth import PersonRequest
from ...kit.client import asker
from ...kit.forms import answer
from ...kit.gate import everybody, signed_in_fully
from ..signin.pages import browser_of, told
from .forms import ConsentForm, WardForm

PAGE = "account/guardian/guardian.html"
VERBS: dict[str, Callable[..., Guardianship]] = {
    "withdraw": guardians.guardian_withdraws,
    "year": guardians.guardian_corrects_year,
}


@everybody
def consent(request: PersonRequest, token: str) -> HttpResponseBase:
    """Read what is asked; consent or withdraw, with a code to the address the link came to or signed in with it."""
    try:
        asked = guardians.open_request(token)
    except Refusal as error:
        return render(request, "kit/refusal.html", {"refusal": error}, status=410)
    form = ConsentForm.of(request, initial={"birth_year": asked.child.birth_year})
    if request.method != "POST":
        return _page(request, form, asked)
    if request.user.is_authenticated and guardians.is_guardian(asked, request.user):
        return _answered(request, asked)
    if form["act"].value() == "send":
        return _send(request, form, asked)
    if form["code"].value():
        return _by_code(request, form, asked)
    if not request.user.is_authenticated:
        return redirect(f"{reverse('sign-in')}?next={quote(request.path)}")
    return _answered(request, asked)


def _page(request: PersonRequest, form: ConsentForm, asked: Guardianship) -> HttpResponse:
    pending = request.session.get("guardian", {})
    sent = pending.get("for") == str(asked.pk)
    context = {
        "asked": asked,
        "child": name_in_messages(asked.child.name) or _("Một em nhỏ"),
        "guardian": name_in_messages(asked.guardian_name),
        "stands": asked.consented_at and asked.child.keeps_records,
        "to": guardians.shown_address(asked),
        "mine": request.user.is_authenticated and guardians.is_guardian(asked, request.user),
        "sent": told(pending) if sent else {},
    }
    return answer(request, PAGE, form, context)


def _send(request: PersonRequest, form: ConsentForm, asked: Guardianship) -> HttpResponse:
    if not form.attempt(guardians.send_code, request=asked, asker=asker(request), browser=browser_of(request)):
        return _page(request, form, asked)
    to = guardians.shown_address(asked)
    request.session["guardian"] = {"id": str(form.done.pk), "for": str(asked.pk), "to": to}
    return redirect(f"{request.path}#ma")


def _by_code(request: PersonRequest, form: ConsentForm, asked: Guardianship) -> HttpResponse:
    pending = request.session.get("guardian", {})
    verb = VERBS.get(form["act"].value() or "", guardians.guardian_consents)

    def act(*, code: str = "", **typed: Any) -> Guardianship:
        by = guardians.guardian_of_code(code_id=pending.get("id"), code=code, browser=browser_of(request))
        return verb(request=asked, by=by, **typed)

    if form.attempt(act, code=form["code"].value()):
        asked = form.done
        request.session.pop("guardian", None)
        form = ConsentForm(initial={"birth_year": asked.child.birth_year})
    return _page(request, form, asked)


@signed_in_fully
def _answered(request: PersonRequest, asked: Guardianship) -> HttpResponse:
    form = ConsentForm.of(request)
    if form.attempt(VERBS.get(form["act"].value() or "", guardians.guardian_consents), request=asked, by=request.user):
        asked = form.done
    return _page(request, form, asked)


@signed_in_fully
def wards(request: PersonRequest) -> HttpResponse:
    """The children for whom I agreed, and taking that back."""
    held = _held(request.user)
    form = WardForm.of(request, within={"ward": held})
    if form.attempt(_take_back, by=request.user):
        messages.success(request, _("Đã rút lại. Từ giờ không lưu thêm kết quả nào của em."))
        return redirect("my-wards")
    return answer(request, "account/guardian/wards.html", form, {"wards": held.order_by("consented_at")})


def _take_back(*, ward: Guardianship, by: Person) -> Guardianship:
    return guardians.guardian_withdraws(request=ward, by=by)


def _held(guardian: Person) -> Any:
    return guardian.wards.filter(consented_at__isnull=False, withdrawn_at=None).select_related("child")
