"""Pages for what went wrong: what it was, and what to do; never a stack trace."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400: larger than a form may be, or not a form at all; rendered without the request, which cannot be read."""
    return HttpResponse(render_to_string("kit/400.html"), status=400)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404."""
    return render(request, "kit/404.html", status=404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403, also of the cross-site guard: usually a page left open too long."""
    return render(request, "kit/403.html", status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """500: rendered without the request, which may be what is broken."""
    return HttpResponse(render_to_string("kit/500.html"), status=500)


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came from another site, or from a page left open for too long.

    A second press on the code of a sign-in comes when the first has changed the token already: it is signed in.
    """
    match = request.resolver_match
    if match and match.url_name == "sign-in-code" and request.user.is_authenticated:
        return redirect("my-learning")
    return render(request, "kit/403.html", status=403)
