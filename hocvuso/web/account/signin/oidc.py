"""Sign-in with an OpenID Connect provider, such as VNeID (authorization code flow with PKCE)."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.base.text import clean
from hocvuso.people.services import signin

from ...kit.auth import begin, mark
from ...kit.gate import everybody
from . import forms, provider
from .pages import first_steps, safe_next, say_what_is_kept, sign_in_context

log = logging.getLogger(__name__)


class OutsideFailed(Refusal):
    """The provider did not confirm who this is."""

    code = "outside-failed"
    says = _("Chưa đăng nhập được bằng danh tính số. Hãy thử lại, hoặc đăng nhập bằng số điện thoại.")


@everybody
def go(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    if provider.client() is None:
        raise Http404
    onward = safe_next(request)
    request.session["oidc-next"] = onward
    try:
        return provider.lead_there(request, settings.BASE_URL + reverse("oidc-back"))
    except provider.Unusable as fault:
        return _refused(request, str(fault), onward)


@everybody
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: check its word, begin the session."""
    if provider.client() is None:
        raise Http404
    onward = request.session.pop("oidc-next", reverse("my-learning"))
    try:
        issuer, subject, name = provider.who_came_back(request)
    except provider.Unusable as fault:
        return _refused(request, str(fault), onward)
    person, made = signin.person_of_identity(issuer=issuer, subject=subject, name=clean(name))
    if not person.is_active:
        return _refused(request, "barred", onward)
    begin(request, person)
    response = redirect(first_steps(person, onward, made=made))
    if not made:
        say_what_is_kept(request, person)
    return mark(response, person, secure=settings.SESSION_COOKIE_SECURE)


def _refused(request: HttpRequest, reason: str, onward: str) -> HttpResponse:
    log.info("oidc refused", extra={"reason": reason})
    form = forms.AddressForm(initial={"next": onward})
    context = {"form": form, "refusal": OutsideFailed(), **sign_in_context(onward)}
    return render(request, "account/signin/sign_in.html", context, status=400)
