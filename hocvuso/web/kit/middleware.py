"""Language, refusals, and one log line a request."""

from __future__ import annotations

import codecs
import json
import logging
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar

import brotli
from django.conf import settings
from django.core.exceptions import BadRequest, ObjectDoesNotExist
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import is_valid_path, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from hocvuso.base import unavailable
from hocvuso.base.errors import NotAllowed, Refusal, TooMany

from .front import safety_headers
from .keeping import EVERYBODY
from .metrics import REQUESTS, SECONDS

log = logging.getLogger("hocvuso.access")
# Counted by name; a counter for every word that a client may say would fill the memory.
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
SAFE = {"GET", "HEAD", "OPTIONS"}
PAGES = ("office", "pledges", "authoring", "ask-help")  # beneath which a form leads back to its page
PROBLEM = "application/problem+json"
LANGUAGE_HEADER = "Hv-Language"
BROTLI = 5  # of 11: a millisecond for the longest lesson
Respond = Callable[[HttpRequest], HttpResponse]


class Compressed(GZipMiddleware):
    """Pages and JSON made by request; finished pages were compressed when they were made, and files are as they are.

    Pages that hold nothing of a person are lighter as brotli, for as little work. Of those that hold a token Django's
    middleware hides the exact length (Heal The Breach).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is text and whole."""
        kind = response.get("Content-Type", "").partition(";")[0]
        if not isinstance(response, HttpResponse) or not (kind == "text/html" or kind.endswith("json")):
            return response
        if EVERYBODY not in response or "br" not in request.headers.get("Accept-Encoding", ""):
            return super().process_response(request, response)
        patch_vary_headers(response, ["Accept-Encoding"])
        response.content = brotli.compress(response.content, mode=brotli.MODE_TEXT, quality=BROTLI)
        response.headers["Content-Encoding"] = "br"
        response.headers["Content-Length"] = str(len(response.content))
        return response


class ReadersLanguage:
    """Vietnamese, unless the reader chose another language (a cookie; the browser's wish is not asked).

    A device that keeps a page asks for it without cookies, so that it holds nothing of a person, and names the
    language.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or request.headers.get(LANGUAGE_HEADER, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.respond(request)
        patch_vary_headers(response, ["Cookie"])
        response.headers.setdefault("Content-Language", language)
        return response


class GoneMeanwhile(Refusal):
    """What a form or script is about was there when its page was made, and is not any more."""

    code = "gone-meanwhile"
    says = _("Mục này vừa được xoá, trong một lần bấm trước hoặc bởi người khác. Hãy mở lại trang để xem.")


class DoneMeanwhile(Refusal):
    """Somebody else did at the same moment what can be done once."""

    code = "done-meanwhile"
    says = _("Vừa có người khác làm việc này cùng lúc với bạn, nên lần này chưa ghi gì. Hãy mở lại trang để xem.")


# By the codes of SQLite and the states of PostgreSQL: what a row points at is gone; such a row is there already.
_MEANWHILE: dict[object, type[Refusal]] = {
    787: GoneMeanwhile, "23503": GoneMeanwhile, 1555: DoneMeanwhile, 2067: DoneMeanwhile, "23505": DoneMeanwhile,
}  # fmt: skip


def _meanwhile(error: Exception) -> type[Refusal] | None:
    """The refusal of who came a moment later than somebody else."""
    if isinstance(error, ObjectDoesNotExist):
        return GoneMeanwhile
    cause = error.__cause__ if isinstance(error, IntegrityError) else None
    return _MEANWHILE.get(getattr(cause, "sqlite_errorcode", None) or getattr(cause, "sqlstate", None))


class Refusals:
    """A refusal that no form caught becomes a page, or a problem document (RFC 9457) for scripts.

    So does what is the moment's fault, a held database or a full disk: with the words when to try again.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a Refusal into an answer, and what is the moment's fault; anything else goes on."""
        if request.method not in SAFE and (late := _meanwhile(error)):
            log.warning("too late", exc_info=error)  # two pressed at once; else it is a fault of ours
            error = late()
        if not isinstance(error, Refusal):
            moment = unavailable.why(error)
            return _come_again(request, moment, error) if moment else None
        status = 403 if isinstance(error, NotAllowed) else 429 if isinstance(error, TooMany) else 409
        if request.content_type == "application/json" or request.path.startswith("/api/"):
            return problem(status, error)
        return render(request, "kit/refusal.html", {"refusal": error}, status=status)


SAID_EVERY = 10.0  # seconds between two lines in the log with the words of one kind of fault
_said: dict[str, float] = {}


def _come_again(request: HttpRequest, why: unavailable.Unavailable, fault: Exception) -> HttpResponse:
    """503, made without the request's person and so without the database."""
    if time.monotonic() > _said.get(why.code, 0.0) + SAID_EVERY:
        _said[why.code] = time.monotonic()
        log.warning("not now", extra={"reason": why.code, "fault": str(fault)})
    if request.content_type == "application/json" or request.path.startswith("/api/"):
        answer = problem(503, why)
    else:
        context = {"refusal": why, "again": request.get_full_path() if request.method == "GET" else ""}
        answer = HttpResponse(render_to_string("kit/unavailable.html", context), status=503)
    answer.headers["Retry-After"] = str(why.again_after)
    answer.headers["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined]  # in one line: Django's would be another
    return answer


def problem(status: int, error: Refusal) -> HttpResponse:
    """A problem document (RFC 9457)."""
    return _problem(status, error.code, str(error), error.field)


def _problem(status: int, code: str, title: str, field: str = "") -> HttpResponse:
    body = {"type": f"urn:hocvuso:problem:{code}", "title": title, "status": status, "field": field}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)


class BackToThePage:
    """Reloading a page that a form answered, or opening its address: the nearest page above it, not a bare 405."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        if response.status_code == 405 and request.method == "GET" and _is_of_pages(request.path):
            return redirect(_above(request.path))
        return response


def _is_of_pages(path: str) -> bool:
    return path.startswith(tuple(reverse(name) for name in PAGES))


def _above(path: str) -> str:
    """The nearest address above that leads somewhere; one that takes forms only leads on upwards by itself."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            return path
    return path


class Readable:
    """Refuses the parts of a form in another alphabet than UTF-8: no browser sends them, and what reads them breaks."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.content_type == "multipart/form-data" and request.encoding and not _is_utf8(request.encoding):
            raise BadRequest("not UTF-8")
        return self.respond(request)


def _is_utf8(name: str) -> bool:
    return codecs.lookup(name).name == "utf-8"


class SafetyHeaders:
    """The same promises on Django's answers as on finished pages.

    One middleware in the place of three of Django's, which build these lines anew for every answer. What is for
    everybody says so (`Access-Control-Allow-Origin`), and may be used everywhere.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond
        self.headers = safety_headers()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        if "Access-Control-Allow-Origin" in response.headers:
            response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
        for name, value in self.headers:
            response.headers.setdefault(name, value)
        return response


class KeptByNobody:
    """What holds something of a person is kept by no cache and no browser: after signing out, Back shows nothing.

    By what a page was made from, whatever its gate: the session was read and is not empty (somebody is signed in, or is
    about to), or a message to somebody was shown.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        told = getattr(request, "_messages", None)
        if (request.session.accessed and not request.session.is_empty()) or (told is not None and told.used):
            response.headers["Cache-Control"] = "private, no-store"
        return response


class ApiProblems:
    """Whatever goes wrong beneath the API's address, before it or in it, is told as a problem document (RFC 9457)."""

    SAYS: ClassVar = {
        400: _("Yêu cầu không đọc được."),
        403: _("Yêu cầu bị từ chối."),
        404: _("Không có địa chỉ này."),
        405: _("Địa chỉ này không nhận phương thức đó."),
        413: _("Yêu cầu quá lớn."),
    }

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        status = response.status_code
        if status < 400 or not request.path.startswith("/api/") or response["Content-Type"] == PROBLEM:
            return response
        title = str(self.SAYS.get(status, _("Có lỗi ở phía chúng tôi. Hãy thử lại sau.")))
        code = HTTPStatus(status).phrase.lower().replace(" ", "-")
        told = _problem(status, code, title)
        for name, value in response.headers.items():
            if not name.startswith("Content-") or name == "Content-Security-Policy":
                told[name] = value
        return told


class AccessLog:
    """Method, route, status, time: no addresses of people, no queries, no bodies."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.respond(request)
        seconds = time.perf_counter() - began
        match = request.resolver_match
        route = f"/{match.route}" if match else "unmatched"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(method, route, str(response.status_code)).inc()
        SECONDS.labels(route).observe(seconds)
        if response.status_code >= 500 or log.isEnabledFor(logging.DEBUG):
            log.warning("answered", extra={"method": method, "route": route, "status": response.status_code})
        return response
