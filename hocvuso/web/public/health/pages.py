"""For machines that watch: alive, ready, metrics; and the files browsers ask for at the root."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from threading import Lock

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from hocvuso.base import marks, master, unavailable

from ...kit.client import address_of, is_within
from ...kit.gate import everybody

log = logging.getLogger(__name__)


@everybody
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@everybody
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, is migrated and takes what is written, and static files are there."""
    if word := _not_ready():
        return HttpResponse(f"{word}\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


def _not_ready() -> str:
    """Why no requests should come here, in words; empty when they may."""
    try:
        executor = MigrationExecutor(connection)
        pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        return (
            "database is held" if isinstance(unavailable.why(error), unavailable.Held) else "database does not answer"
        )
    if pending:
        return "migrations are pending"
    if master.kept_check() != master.check_value():
        return "master secret does not fit"
    if not all((settings.STATIC_ROOT / name).is_file() for name in ("app.css", "app.js", "sw.js")):
        return "static files are missing"
    return _written.word()


class _Written:
    """Whether a row could really be written: tried at most every five seconds a process, however many ask."""

    def __init__(self) -> None:
        self._until, self._word = 0.0, ""
        self._one_at_a_time = Lock()

    def word(self) -> str:
        """Why it could not, or nothing. Who asks while another tries hears what was known before."""
        if time.monotonic() >= self._until and self._one_at_a_time.acquire(blocking=False):
            try:
                self._word = self._try()
                self._until = time.monotonic() + _TRIED_EVERY
            finally:
                self._one_at_a_time.release()
        return self._word

    def _try(self) -> str:
        try:
            marks.write("ready")
        except DatabaseError as error:
            log.warning("the database takes no writes", extra={"fault": str(error)})
            full = isinstance(unavailable.why(error), unavailable.NoRoom)
            return "database takes no writes: the disk is full" if full else "database takes no writes"
        return ""

    def forget(self) -> None:
        """Try at the next question."""
        self._until = 0.0


_TRIED_EVERY = 5  # seconds
_written = _Written()


@everybody
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics of all workers together; only for the networks of HOCVUSO_METRICS_FROM."""
    address = address_of(request)
    if address is None or not is_within(address, "HOCVUSO_METRICS_FROM"):
        return HttpResponse(status=404)
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return HttpResponse(generate_latest(registry) + generate_latest(_works), content_type=CONTENT_TYPE_LATEST)


class _Works(Collector):
    """When each part of what is periodic was done last; nothing while the database does not answer."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One time for each."""
        done = GaugeMetricFamily("hocvuso_periodic_done_timestamp_seconds", "When it was done last", labels=["work"])
        with suppress(DatabaseError):
            for name, mark in marks.beginning(marks.WORK).items():
                if ok := mark.data.get("ok"):
                    done.add_metric([name], datetime.fromisoformat(ok).timestamp())
        yield done


_works = CollectorRegistry()
_works.register(_Works())


LATER = ("chat", "ending", "inbox", "leaving", "making", "people", "saved", "saving", "simulation", "whose")
# What the site needs to open without a line; app.css and app.js first, by which the worker knows its own release.
SHELL = (
    "app.css",
    "app.js",
    "icon.svg",
    *(f"later/{name}.js" for name in LATER),
)


@everybody
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which must live at the root."""
    names = {name: staticfiles_storage.url(name) for name in SHELL}
    text = (settings.STATIC_ROOT / "sw.js").read_text("utf-8")
    head = f"self.HV_ASSETS={list(names.values())!r};\n"
    response = HttpResponse(head + text, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@everybody
def web_manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the site on its home screen."""
    data = {
        "id": "/",
        "name": "Học vụ số",
        "short_name": "Học vụ số",
        "description": "Bài ngắn để làm được việc trên điện thoại, có chỗ tập làm thử.",
        "lang": "vi",
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbf7ec",
        "theme_color": "#fbf7ec",
        "categories": ["education"],
        "icons": [
            {"src": staticfiles_storage.url("icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            _pixels("icon-192.png", 192, "any"),
            _pixels("icon-512.png", 512, "any"),
            _pixels("icon-maskable.png", 512, "maskable"),
        ],
        "shortcuts": [
            {"name": "Học", "url": reverse("programmes")},
            {"name": "Tìm bài học", "url": reverse("search")},
        ],
    }
    return JsonResponse(data, content_type="application/manifest+json")


def _pixels(name: str, size: int, purpose: str) -> dict[str, str]:
    address = staticfiles_storage.url(name)
    return {"src": address, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


@everybody
def favicon(request: HttpRequest) -> HttpResponse:
    """The icon for browsers that ask at the root and read no SVG."""
    response = HttpResponse((settings.STATIC_ROOT / "favicon.ico").read_bytes(), content_type="image/x-icon")
    response["Cache-Control"] = "max-age=86400"
    return response


@everybody
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone."""
    # Certificates say so themselves (`noindex`): Facebook and LinkedIn ask here before they draw the picture of one.
    lines = [
        "User-agent: *",
        "Disallow: /tai-khoan/",
        "Disallow: /viec-hoc/",
        "Disallow: /kiem-tra/",
        f"Sitemap: {settings.BASE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
