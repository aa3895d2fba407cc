"""Sign-in by phone or e-mail and a one-time code; signing out."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hocvuso.people.models import OneTimeCode, Person
from hocvuso.people.queries import has_offers, is_staff, lookup_of, records_need, to_ask
from hocvuso.people.rules_consent import Purpose
from hocvuso.people.rules_messages import example
from hocvuso.people.services import codes, signin
from hocvuso.reminders.services import devices

from ...kit.auth import SIGNED_IN, PersonRequest, begin, mark
from ...kit.client import asker
from ...kit.forms import answer
from ...kit.gate import everybody, signed_in
from . import forms

KNOWN = "hv_known"  # signed list of address hashes that signed in from this browser before
KNOWN_AGE = 60 * 60 * 24 * 365


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: an address of this site, or my learning."""
    sent = forms.OnwardForm.of(request)["next"].value() if request.method == "POST" else ""
    wanted = sent or request.GET.get("next", "")
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here and wanted.startswith("/") else reverse("my-learning")  # a bare word would name a view


def _known(request: HttpRequest) -> list[str]:
    try:
        return signing.loads(request.COOKIES.get(KNOWN, ""), salt=KNOWN, max_age=KNOWN_AGE)
    except signing.BadSignature:
        return []


@everybody
def address(request: HttpRequest) -> HttpResponse:
    """Ask for a phone number or e-mail address, and send a code to it."""

    def send(*, address: str) -> OneTimeCode:
        kind, value = signin.read_address(address)
        trusted = lookup_of(kind, value)[:16] in _known(request)
        return signin.send_code(address=address, asker=asker(request), trusted=trusted, browser=browser_of(request))

    onward = safe_next(request)
    form = forms.AddressForm.of(request, initial={"next": onward})
    if form.attempt(send):
        request.session["code"] = {"id": str(form.done.pk), "to": form.cleaned_data["address"], "next": onward}
        return redirect("sign-in-code")
    browser_of(request)  # of this page, so that two presses at once on “send” are of one browser
    return answer(request, "account/signin/sign_in.html", form, sign_in_context(onward))


def sign_in_context(onward: str) -> dict[str, Any]:
    """What the sign-in page says: from whom the message comes, what it looks like, the other ways in."""
    env = settings.ENV
    return {
        "next": onward,
        "oidc": env["HOCVUSO_OIDC_NAME"] if env["HOCVUSO_OIDC_ISSUER"] else "",
        "agency": env["HOCVUSO_CONTROLLER"],
        "sender": env["HOCVUSO_SMS_SENDER"],
        "example": example(),
    }


def browser_of(request: HttpRequest) -> str:
    """A secret of this session, by which each code opens that it asked for, not only the last."""
    if "browser" not in request.session:
        request.session["browser"] = secrets.token_hex(8)
    return str(request.session["browser"])


@everybody
def code(request: HttpRequest) -> HttpResponse:
    """Check the code and begin the session."""
    pending = request.session.get("code")
    if not pending:
        return redirect("my-learning" if request.user.is_authenticated else "sign-in")
    form = forms.CodeForm.of(request)
    if form.attempt(_person_of, code_id=pending["id"], browser=browser_of(request)):
        person, made, used = form.done
        return _welcome(request, person, made, used, pending["next"])
    return answer(request, "account/signin/code.html", form, {**told(pending), "next": pending["next"]})


def told(pending: dict[str, str]) -> dict[str, str]:
    """Where the code is that this browser asked for: its state, and a sentence."""
    state = codes.delivery_of(pending["id"])
    return {"state": state.value, "says": str(state.label) % {"to": pending["to"]}}


@everybody
@never_cache
def code_state(request: HttpRequest) -> HttpResponse:
    """The same for scripts; `?them`: of the code for one more address."""
    pending = request.session.get("add" if "them" in request.GET else "code")
    if not pending:
        return redirect("sign-in")
    return JsonResponse(told(pending))


def _person_of(*, code_id: str, code: str, browser: str) -> tuple[Person, bool, OneTimeCode]:
    used = signin.check_code(code_id=code_id, code=code, browser=browser)
    person, made = signin.person_of(code=used)
    if not person.is_active:
        raise signin.WrongCode(field="code")
    return person, made, used


def by_way_of_consent(person: Person, onward: str) -> str:
    """Where one wanted to go; for a learner who was never asked to have results kept, by way of the page that asks."""
    never = records_need(person) == "consent" and Purpose.LEARNING in to_ask(person) and not is_staff(person)
    return f"{reverse('my-consents')}?next={quote(onward)}" if never else onward


def first_steps(person: Person, onward: str, *, made: bool) -> str:
    """Where one wanted to go, by way of what a new person, or staff who did not say who they are, is asked first."""
    if has_offers(person):
        onward = f"{reverse('my-offers')}?next={quote(onward)}"
    if made or (is_staff(person) and not (person.name and person.position)):
        return f"{reverse('profile')}?moi=1&next={quote(onward)}"
    return by_way_of_consent(person, onward)


def _welcome(request: HttpRequest, person: Person, made: bool, used: OneTimeCode, onward: str) -> HttpResponse:
    known = [used.lookup[:16], *[k for k in _known(request) if k != used.lookup[:16]]][:5]
    begin(request, person, session=signin.session_of(used))
    response = redirect(first_steps(person, onward, made=made))
    if not made:
        say_what_is_kept(request, person)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(
        KNOWN, signing.dumps(known, salt=KNOWN), max_age=KNOWN_AGE, httponly=True, samesite="Lax", secure=secure
    )
    return mark(response, person, secure=secure)


def say_what_is_kept(request: HttpRequest, person: Person) -> None:
    """One line after signing in: what of one's learning the account keeps, and what not."""
    match records_need(person):
        case "guardian":
            said = _("Bạn đã đăng nhập. Kết quả học chưa được lưu: còn chờ người giám hộ đồng ý.")
        case "consent":
            said = _("Bạn đã đăng nhập. Kết quả học chưa được lưu vào tài khoản vì bạn chưa đồng ý.")
        case _kept:
            said = _("Bạn đã đăng nhập. Bài đã học và chứng nhận của bạn vẫn được giữ trong tài khoản này.")
    messages.success(request, said)


@everybody
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, here and on the server."""
    if request.user.is_authenticated:
        signin.end_session(person=request.user, session=request.session["sid"])
    logout(request)
    response = redirect("home")
    response.delete_cookie(SIGNED_IN)
    return response


@signed_in
@require_POST
def sign_out_everywhere(request: PersonRequest) -> HttpResponseBase:
    """End every session, on every device, and call none of its browsers any more."""
    signin.sign_out_everywhere(person=request.user)
    devices.let_go(person=request.user)
    return sign_out(request)
