"""Sign-in with an OpenID Connect provider, such as VNeID (authorization code flow with PKCE)."""

from __future__ import annotations

import logging
from functools import cache
from typing import Any
from urllib.parse import quote

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.people.services import signin

from ...kit.auth import begin, mark
from ...kit.gate import everybody
from . import forms
from .pages import safe_next

log = logging.getLogger(__name__)


class OutsideFailed(Refusal):
    """The provider did not confirm who this is."""

    code = "outside-failed"
    says = _("Chưa đăng nhập được bằng danh tính số. Hãy thử lại, hoặc đăng nhập bằng số điện thoại.")


@cache
def _client() -> Any:
    env = settings.ENV
    if not env["HOCVUSO_OIDC_ISSUER"]:
        return None
    return OAuth().register(
        "oidc",
        client_id=env["HOCVUSO_OIDC_CLIENT_ID"],
        client_secret=env["HOCVUSO_OIDC_CLIENT_SECRET"],
        server_metadata_url=f"{env['HOCVUSO_OIDC_ISSUER']}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": 10},
    )


@everybody
def go(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    if _client() is None:
        raise Http404
    request.session["oidc-next"] = safe_next(request)
    return _client().authorize_redirect(request, settings.BASE_URL + reverse("oidc-back"))


@everybody
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider: check its word, begin the session."""
    if _client() is None:
        raise Http404
    onward = request.session.pop("oidc-next", reverse("my-learning"))
    try:
        token = _client().authorize_access_token(request)
        claims = token["userinfo"]
    except (AuthlibBaseError, KeyError, OSError, ValueError) as error:
        log.info("oidc refused", extra={"reason": type(error).__name__})
        form = forms.AddressForm(initial={"next": onward})
        name = settings.ENV["HOCVUSO_OIDC_NAME"]
        context = {"form": form, "refusal": OutsideFailed(), "next": onward, "oidc": name}
        return render(request, "account/signin/sign_in.html", context, status=400)
    person, made = signin.person_of_identity(issuer=claims["iss"], subject=claims["sub"], name=claims.get("name") or "")
    if not person.is_active:
        raise Http404
    begin(request, person)
    response = redirect(f"{reverse('profile')}?moi=1&next={quote(onward)}" if made else onward)
    return mark(response, secure=settings.SESSION_COOKIE_SECURE)
