"""The front of the WSGI application: files made at publishing are answered here, everything else by Django.

Bundles and static files go through WhiteNoise, which knows pre-compressed forms, ranges and ETags. Finished pages are
small and asked for most, so they are kept in memory and answered in a few microseconds; a page that changed on disk is
read again.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.utils.csp import build_policy
from whitenoise import WhiteNoise

from hocvuso.media import speech

Start = Callable[..., Any]
_PAGE = re.compile(r"^/(?:[a-z0-9-]+/){0,3}$")
_BUNDLE = re.compile(r"^/b/[0-9a-f]{64}/")
_MOST_PAGES = 5000
_MOST_HOSTS = 100
_ASK_DJANGO = ("hv_lang=", "messages=")  # cookies of another language, or of a message that waits to be shown


@dataclass(frozen=True)
class Page:
    """A finished page in memory, as read from one state of its file."""

    stamp: tuple[int, int]
    plain: list[tuple[str, str]]
    packed: list[tuple[str, str]]
    body: bytes
    body_br: bytes
    etag: str


class Front:
    """WSGI callable around Django's."""

    def __init__(self, django: Callable[[dict[str, Any], Start], Any]) -> None:
        self.django = django
        self.root = str(settings.SITE)
        self.pages: dict[str, Page] = {}
        self.hosts: set[str] = set()  # those that were found to be ours
        self.files = WhiteNoise(
            django,
            max_age=3600,
            immutable_file_test=_immutable,
            add_headers_function=_add_headers,
            mimetypes={speech.KIND: "audio/webm"},
        )
        if settings.STATIC_ROOT.is_dir():
            self.files.add_files(settings.STATIC_ROOT, prefix="static")

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        finished = self.finished(environ, start)
        return self.django(environ, start) if finished is None else finished

    def finished(self, environ: dict[str, Any], start: Start) -> Iterable[bytes] | None:
        """The answer to a request for what was made at publishing; None where Django must be asked."""
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return None
        if path.startswith(("/static/", "/b/")):
            return self._file(path, environ, start)
        cookies = environ.get("HTTP_COOKIE", "")
        may_be = _PAGE.match(path) and not environ.get("QUERY_STRING")
        named = environ.get("HTTP_HV_LANGUAGE", settings.LANGUAGE_CODE) != settings.LANGUAGE_CODE
        if may_be and not named and not any(name in cookies for name in _ASK_DJANGO) and self._is_ours(environ):
            page = self._page(path)
            if page:
                return _answer(page, environ, start)
        return None

    def _is_ours(self, environ: dict[str, Any]) -> bool:
        """Whether the request names a host that is served; Django refuses the others."""
        host = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", "")
        if host not in self.hosts:
            if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
                return False
            if len(self.hosts) < _MOST_HOSTS:
                self.hosts.add(host)
        return True

    def _file(self, path: str, environ: dict[str, Any], start: Start) -> Iterable[bytes] | None:
        """Files whose names hold their hash never change: those that came after the start are found when asked for."""
        if path not in self.files.files and _immutable(path, path) and "/." not in path and "//" not in path:
            root = settings.BUNDLES if path.startswith("/b/") else settings.STATIC_ROOT
            file = root / path.split("/", 2)[2]
            if os.path.isfile(file):  # of Path it raises for a name that no disk can hold
                self.files.add_file_to_dictionary(path, str(file))
        return self.files(environ, start) if path in self.files.files else None

    def _page(self, path: str) -> Page | None:
        file = f"{self.root}{path}index.html"
        try:
            status = os.stat(file + ".br")  # written last: once it changed, both forms are of one making
        except OSError:
            return None
        page = self.pages.get(path)
        stamp = (status.st_mtime_ns, status.st_ino)
        if page is None or page.stamp != stamp:
            page = _read(file, stamp)
            if len(self.pages) < _MOST_PAGES:
                self.pages[path] = page
        return page


def _immutable(path: str, url: str) -> bool:
    return bool(_BUNDLE.match(url) or re.search(r"\.[0-9a-f]{12}\.", url))


def safety_headers() -> list[tuple[str, str]]:
    """What every answer says so that browsers guard it: finished pages here, Django's in `middleware.SafetyHeaders`."""
    headers = [
        ("Content-Security-Policy", build_policy(settings.SECURE_CSP)),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", settings.PERMISSIONS_POLICY),
    ]
    if settings.SECURE_HSTS_SECONDS:
        headers.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return headers


def _add_headers(headers: Any, path: str, url: str) -> None:
    for name, value in safety_headers():
        headers[name] = value
    if url.endswith(speech.KIND):
        headers["Accept-Ranges"] = "bytes"  # so players know before they ask that they may begin anywhere


def _read(file: str, stamp: tuple[int, int]) -> Page:
    with open(file, "rb") as plain, open(file + ".br", "rb") as packed:
        body, body_br = plain.read(), packed.read()
    etag = f'"{sha256(body).hexdigest()[:20]}"'
    common = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Language", settings.LANGUAGE_CODE),
        ("Cache-Control", "no-cache"),
        ("ETag", etag),
        ("Vary", "Accept-Encoding, Cookie"),
        *safety_headers(),
    ]
    return Page(
        stamp=stamp,
        plain=[*common, ("Content-Length", str(len(body)))],
        packed=[*common, ("Content-Encoding", "br"), ("Content-Length", str(len(body_br)))],
        body=body,
        body_br=body_br,
        etag=etag,
    )


def _answer(page: Page, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    if environ.get("HTTP_IF_NONE_MATCH") == page.etag:
        start("304 Not Modified", [h for h in page.plain if h[0] != "Content-Length"])
        return []
    brotli = "br" in environ.get("HTTP_ACCEPT_ENCODING", "")
    start("200 OK", page.packed if brotli else page.plain)
    if environ["REQUEST_METHOD"] == "HEAD":
        return []
    return [page.body_br if brotli else page.body]
