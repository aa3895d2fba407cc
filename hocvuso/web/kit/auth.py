"""The signed-in person in the request."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import login
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest, HttpResponse

from hocvuso.people.models import Person
from hocvuso.people.queries import active_person, has_second_factor, is_staff

SIGNED_IN = (
    "hv_in"  # readable by JavaScript: tells pages made at publishing that somebody is signed in, and nothing else
)


class PersonRequest(HttpRequest):
    """A request with a signed-in person."""

    user: Person


class PersonBackend(BaseBackend):
    """Sessions only: people prove who they are in `people.services`, not here."""

    def authenticate(self, request: Any, **_credentials: Any) -> None:
        """No credentials are checked here."""
        return

    def get_user(self, user_id: UUID) -> Person | None:
        """The person of a session; an erased or barred person has none."""
        return active_person(user_id)


def begin(request: HttpRequest, person: Person, *, strong: bool = False) -> None:
    """Begin a session. `strong`: a passkey was used, which is two factors by itself."""
    language = request.session.get("language")
    request.session.flush()
    login(request, person)
    request.session["strong"] = strong
    if language:
        request.session["language"] = language


def mark(response: HttpResponse, *, secure: bool) -> HttpResponse:
    """Set the cookie that tells scripts somebody is signed in."""
    response.set_cookie(SIGNED_IN, "1", max_age=60 * 60 * 24 * 90, samesite="Lax", secure=secure)
    return response


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether this person holds a role and has shown only one factor in this session."""
    return is_staff(request.user) and not request.session.get("strong")


def owes_second_factor(request: PersonRequest) -> bool:
    """Whether this person must show the second factor they have before they may add, replace or remove one."""
    return needs_second_factor(request) and has_second_factor(request.user)
