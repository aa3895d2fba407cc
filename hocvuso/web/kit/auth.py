"""The signed-in person in the request."""

from __future__ import annotations

import secrets
import time
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, get_user, login
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from hocvuso.base.secrets import keyed_hash
from hocvuso.people.models import Person
from hocvuso.people.queries import active_person, has_second_factor, is_staff

# Readable by JavaScript: tells pages made at publishing that somebody is signed in, by a key that names nobody but
# stays the same, so that a phone keeps apart what several people did on it.
SIGNED_IN = "hv_in"
ERASED = "hv_erased"  # readable too, for some minutes: the key of an erased account, of which what waited is dropped

IDLE, LONGEST = 12 * 3600, 7 * 24 * 3600  # seconds that a session of staff lasts unused, and at most
NOTED = 300  # seconds after which it is noted again that a session of staff is used
FRESH = 15 * 60  # seconds for which a second factor stands for acts that ask for it again


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


class LivingSessions(AuthenticationMiddleware):
    """Who asks, by a session that is still good. All that is asked of it stands in its cookie and the person's row."""

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]


def person_of(request: HttpRequest) -> Any:
    """Whoever has this session, while it is good; else nobody, and the session is emptied."""
    user: Any = get_user(request)
    if user.is_authenticated and _is_over(request, user):
        request.session.flush()
        return AnonymousUser()
    return user


def _is_over(request: HttpRequest, person: Person) -> bool:
    session, now = request.session, time.time()
    if "sid" not in session or person.has_ended(session["sid"]):
        return True
    if not session.get("staff"):
        return False
    if now > session["seen"] + IDLE or now > session["began"] + LONGEST:
        return True
    if now > session["seen"] + NOTED:
        session["seen"] = now
    return False


@receiver(user_logged_in, dispatch_uid="hocvuso.session")
def _begun(request: HttpRequest, user: Person, **_more: Any) -> None:
    now = time.time()
    request.session.update({"sid": secrets.token_hex(8), "began": now, "seen": now, "staff": is_staff(user)})


def keep_session(request: PersonRequest) -> None:
    """The session at hand goes on when the person's others were ended."""
    request.session[HASH_SESSION_KEY] = request.user.get_session_auth_hash()


def show_factor(request: HttpRequest) -> None:
    """Note that a second factor was shown just now."""
    request.session["strong"] = time.time()


def begin(request: HttpRequest, person: Person, *, strong: bool = False, session: str = "") -> None:
    """Begin a session. `strong`: a passkey was used, which is two factors by itself.

    `session`: its name, where the same act may come twice and must begin one.
    """
    language = request.session.get("language")
    request.session.flush()
    login(request, person)
    if session:
        request.session["sid"] = session
    request.session["strong"] = time.time() if strong else 0
    if language:
        request.session["language"] = language


def device_key(person: Person) -> str:
    """What scripts know an account by: it says nothing, and is the same on every device and in every session."""
    return keyed_hash(str(person.pk), purpose="device")[:20]


def mark(response: HttpResponse, person: Person, *, secure: bool) -> HttpResponse:
    """Set the cookie that tells scripts somebody is signed in; for no longer than their session may last."""
    longest = LONGEST if is_staff(person) else settings.SESSION_COOKIE_AGE
    response.set_cookie(SIGNED_IN, device_key(person), max_age=longest, samesite="Lax", secure=secure)
    return response


def unmark(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Take that cookie back where it outlived the session: else the next person's acts go to the last one's account."""
    if SIGNED_IN in request.COOKIES:
        response.delete_cookie(SIGNED_IN)
    return response


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether this person holds a role and has shown only one factor in this session."""
    if not is_staff(request.user):
        return False
    if not request.session.get("staff"):  # given a role since it began: from now on a session of staff
        request.session.update({"staff": True, "seen": time.time()})
    return not request.session.get("strong")


def owes_fresh_factor(request: HttpRequest) -> bool:
    """Whether this person holds a role and has not shown a second factor within the last quarter of an hour."""
    return _is_stale(request) and is_staff(request.user)


def owes_own_factor(request: PersonRequest) -> bool:
    """Whether this person, staff or not, has a second factor and has not shown it within the last quarter of an hour.

    A factor that was just set counts as shown, so whoever has one must show that before setting, replacing or
    removing any.
    """
    return _is_stale(request) and has_second_factor(request.user)


def _is_stale(request: HttpRequest) -> bool:
    return time.time() > (request.session.get("strong") or 0) + FRESH
