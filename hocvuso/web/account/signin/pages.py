"""Sign-in by phone or e-mail and a one-time code; signing out."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hocvuso.people.models import OneTimeCode, Person
from hocvuso.people.queries import lookup_of, offers_to
from hocvuso.people.services import signin

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
    return wanted if here else reverse("my-learning")


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
        return signin.send_code(address=address, asker=asker(request), trusted=trusted)

    onward = safe_next(request)
    form = forms.AddressForm.of(request, initial={"next": onward})
    if form.attempt(send):
        request.session["code"] = {"id": str(form.done.pk), "to": form.cleaned_data["address"], "next": onward}
        return redirect("sign-in-code")
    return answer(request, "account/signin/sign_in.html", form, {"next": onward, "oidc": _oidc_name()})


def _oidc_name() -> str:
    return settings.ENV["HOCVUSO_OIDC_NAME"] if settings.ENV["HOCVUSO_OIDC_ISSUER"] else ""


@everybody
def code(request: HttpRequest) -> HttpResponse:
    """Check the code and begin the session."""
    pending = request.session.get("code")
    if not pending:
        return redirect("sign-in")
    form = forms.CodeForm.of(request)
    if form.attempt(_person_of, code_id=pending["id"]):
        person, made, lookup = form.done
        return _welcome(request, person, made, lookup, pending["next"])
    return answer(request, "account/signin/code.html", form, {"to": pending["to"], "next": pending["next"]})


def _person_of(*, code_id: str, code: str) -> tuple[Person, bool, str]:
    used = signin.check_code(code_id=code_id, code=code)
    person, made = signin.person_of(code=used)
    if not person.is_active:
        raise signin.WrongCode(field="code")
    return person, made, used.lookup


def _welcome(request: HttpRequest, person: Person, made: bool, lookup: str, onward: str) -> HttpResponse:
    known = [lookup[:16], *[k for k in _known(request) if k != lookup[:16]]][:5]
    begin(request, person)
    if offers_to(person).exists():
        onward = f"{reverse('my-offers')}?next={quote(onward)}"
    response = redirect(f"{reverse('profile')}?moi=1&next={quote(onward)}" if made else onward)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(
        KNOWN, signing.dumps(known, salt=KNOWN), max_age=KNOWN_AGE, httponly=True, samesite="Lax", secure=secure
    )
    return mark(response, secure=secure)


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
    """End every session, on every device."""
    signin.sign_out_everywhere(person=request.user)
    return sign_out(request)
