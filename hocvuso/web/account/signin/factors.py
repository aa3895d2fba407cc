"""Passkeys, and the second factor of staff."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST

from hocvuso.base import throttle
from hocvuso.base.errors import Refusal
from hocvuso.people.queries import has_second_factor
from hocvuso.people.services import factors

from ...kit.auth import PersonRequest, begin, keep_session, mark, owes_own_factor, show_factor
from ...kit.client import asker
from ...kit.forms import answer
from ...kit.gate import everybody, own_factor_first, signed_in
from ...kit.middleware import problem
from .forms import CodeForm, FirstCodeForm
from .pages import safe_next

FAILED_BY_ADDRESS = 600  # passkeys that did not hold, of one network address: far above a school or an office


class SecondFactorFirst(Refusal):
    """Whoever has a second factor shows it again before changing factors."""

    code = "second-factor-first"
    says = gettext_lazy("Hãy xác thực bước thứ hai mà bạn đã cài trước khi thêm khoá truy cập.")


def _answer(request: HttpRequest) -> dict[str, Any]:
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):  # no JSON, or lists in lists in lists
        data = None
    if not isinstance(data, dict):
        raise factors.BadPasskey
    return data


@everybody
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """A challenge for signing in with a passkey."""
    options, request.session["challenge"] = factors.signin_options()
    return HttpResponse(options, content_type="application/json")


@everybody
@require_POST
def passkey_signin(request: HttpRequest) -> HttpResponse:
    """Check the device's answer and begin the session."""
    try:
        throttle.count("passkey", asker(request), limit=FAILED_BY_ADDRESS, minutes=10)
        person = factors.person_of_passkey(answer=_answer(request), challenge=request.session.pop("challenge", ""))
        throttle.give_back(("passkey", asker(request)))
    except Refusal as refusal:
        return problem(400, refusal)
    begin(request, person, strong=True)
    response = JsonResponse({"next": safe_next(request)})
    return mark(response, person, secure=settings.SESSION_COOKIE_SECURE)


@signed_in
def passkeys(request: PersonRequest) -> HttpResponse:
    """My passkeys."""
    context = {"passkeys": request.user.passkeys.order_by("created_at"), "owes_factor": owes_own_factor(request)}
    return render(request, "account/signin/passkeys.html", context)


@signed_in
@require_POST
def passkey_add(request: PersonRequest) -> HttpResponse:
    """Without a body: options for a new passkey. With the device's answer: store it."""
    if owes_own_factor(request):  # the script reads problem documents and follows no way to another page
        return problem(403, SecondFactorFirst())
    try:
        if not request.body or request.body == b"{}":
            options, request.session["challenge"] = factors.passkey_options(request.user)
            return HttpResponse(options, content_type="application/json")
        answer = _answer(request)
        challenge = request.session.pop("challenge", "")
        label = str(answer.get("label", ""))
        factors.add_passkey(person=request.user, answer=answer, challenge=challenge, label=label)
    except Refusal as refusal:
        return problem(400, refusal)
    keep_session(request)
    show_factor(request)
    return JsonResponse({"next": reverse("passkeys")})


@signed_in
@require_POST
@own_factor_first
def passkey_remove(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Remove one of my passkeys."""
    factors.remove_passkey(person=request.user, passkey=get_object_or_404(request.user.passkeys, pk=pk))
    keep_session(request)
    messages.success(request, _("Đã xoá khoá truy cập."))
    return redirect("passkeys")


@signed_in
@ensure_csrf_cookie
def second(request: PersonRequest) -> HttpResponse:
    """The second factor: a code of the authenticator app, or a passkey."""
    onward = safe_next(request)
    if not has_second_factor(request.user):
        return redirect(f"{reverse('totp-set')}?next={quote(onward)}")
    form = CodeForm.of(request, initial={"next": onward})
    if form.attempt(factors.check_totp, person=request.user):
        show_factor(request)
        return redirect(onward)
    has_app, has_passkey = bool(request.user.totp_sealed), request.user.passkeys.exists()
    context = {"next": onward, "has_app": has_app, "has_passkey": has_passkey}
    return answer(request, "account/signin/second.html", form, context)


@signed_in
@own_factor_first
def set_totp(request: PersonRequest) -> HttpResponse:
    """Set the authenticator app up. Whoever has a second factor already shows it first."""
    onward = safe_next(request)
    secret = request.session.get("totp") or factors.new_totp_secret()
    request.session["totp"] = secret
    form = FirstCodeForm.of(request, initial={"next": onward})
    if form.attempt(factors.set_totp, person=request.user, secret=secret):
        del request.session["totp"]
        keep_session(request)
        show_factor(request)
        return redirect(onward)
    qr = segno.make(factors.totp_uri(secret, request.user), error="m").svg_inline(scale=5, omitsize=True)
    return answer(request, "account/signin/totp.html", form, {"secret": secret, "qr": qr})
