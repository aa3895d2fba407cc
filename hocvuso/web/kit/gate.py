"""The gates of views: who may enter. Every URL is under exactly one of them, which a test checks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hocvuso.people.queries import is_staff, may_anywhere
from hocvuso.people.rules import May

from .auth import needs_second_factor, owes_fresh_factor, owes_own_factor

View = Callable[..., HttpResponseBase]


def _by_way_of(page: str, request: HttpRequest) -> HttpResponse:
    """To the page of that name and back: to where one wanted, or for a form that was sent, to the page it stood on."""
    back = request.get_full_path() if request.method == "GET" else urlsplit(request.headers.get("Referer", "")).path
    return redirect(f"{reverse(page)}?next={quote(back or reverse('home'))}")


def everybody(view: View) -> View:
    """Open to everybody, on purpose."""
    view.gate = "everybody"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """For signed-in people; others go to the sign-in page and come back."""

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _by_way_of("sign-in", request)
        return view(request, *args, **kwargs)

    gated.gate = "signed-in"  # type: ignore[attr-defined]
    return never_cache(gated)


def signed_in_fully(view: View) -> View:
    """For signed-in people; whoever holds a role shows the second factor first."""

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and needs_second_factor(request):
            return _by_way_of("second-factor", request)
        return view(request, *args, **kwargs)

    return signed_in(gated)


def show_factor_again(request: HttpRequest) -> HttpResponse | None:
    """For acts of weight: the way to the second factor, unless it was shown within the last quarter of an hour."""
    return _again(request) if owes_fresh_factor(request) else None


def _again(request: HttpRequest) -> HttpResponse:
    messages.info(request, _("Việc này cần xác thực lại bước thứ hai. Xong, hãy làm lại việc vừa rồi."))
    return _by_way_of("second-factor", request)


def proven_lately(view: View) -> View:
    """A form of weight (roles, publishing, withdrawing, revoking, erasing): staff show the second factor again.

    Stands beneath a gate.
    """

    @wraps(view)
    def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        again = show_factor_again(request) if request.method == "POST" else None
        return again or view(request, *args, **kwargs)

    return gated


def own_factor_first(view: View) -> View:
    """A page on which the ways to sign in change: whoever has a second factor, staff or not, shows it again first.

    Else a session left open could set another factor and be as fresh as if it had shown the owner's. Also when the page
    is opened, so that nothing typed is lost. Stands beneath a gate.
    """

    @wraps(view)
    def gated(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _again(request) if owes_own_factor(request) else view(request, *args, **kwargs)

    return gated


def staff(*permissions: May) -> Callable[[View], View]:
    """For people whose roles give one of the permissions somewhere, with a second factor shown.

    Others get 404: that such a page exists is not their business.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _by_way_of("sign-in", request)
            if not is_staff(request.user) or (
                permissions and not any(may_anywhere(request.user, p) for p in permissions)
            ):
                raise Http404
            if needs_second_factor(request):
                return _by_way_of("second-factor", request)
            return view(request, *args, **kwargs)

        gated.gate = "staff"  # type: ignore[attr-defined]
        return never_cache(gated)

    return decorate
