"""Who sends: asked by the door before it takes a long body, or gives an export to a process of its own."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import HttpResponse

from hocvuso.base.attachments import MAX_BYTES
from hocvuso.interop.api.values import MAX_BYTES as MOST_VALUES
from hocvuso.interop.services import client_of
from hocvuso.people.queries import is_staff

from .kit.auth import person_of

MOST_FILES = 25  # of one form, such as the photos of a visit
ROOM = 64 * 1024  # for what a form sends beside its file


def most_bytes(environ: dict[str, Any]) -> int:
    """How many bytes a request may send: nothing extra from strangers, files from people, tables from machines."""
    close_old_connections()  # no request of Django's has begun, which would look whether they still live
    scheme, _space, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() == "bearer":
        return MOST_VALUES if client_of(token.strip()) else 0
    person = _person(environ)
    if not person.is_authenticated:
        return 0
    return MOST_FILES * MAX_BYTES + ROOM if is_staff(person) else MAX_BYTES + ROOM


def name_of_person(environ: dict[str, Any]) -> str:
    """Who is signed in, as an id; empty for strangers."""
    close_old_connections()
    return str(_person(environ).pk or "")


def _person(environ: dict[str, Any]) -> Any:
    request = WSGIRequest(environ | {"wsgi.input": BytesIO()})
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    return person_of(request)
