"""For machines that watch: alive, ready, metrics; and the files browsers ask for at the root."""

from __future__ import annotations

import os

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from ...kit.client import address_of, is_within
from ...kit.gate import everybody


@everybody
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@everybody
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and is migrated, and static files are there."""
    try:
        executor = MigrationExecutor(connection)
        pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        return HttpResponse("database does not answer\n", status=503, content_type="text/plain")
    if pending:
        return HttpResponse("migrations are pending\n", status=503, content_type="text/plain")
    if not all((settings.STATIC_ROOT / name).is_file() for name in ("app.css", "app.js", "sw.js")):
        return HttpResponse("static files are missing\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


@everybody
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics of all workers together; only for the networks of HOCVUSO_METRICS_FROM."""
    address = address_of(request)
    if address is None or not is_within(address, "HOCVUSO_METRICS_FROM"):
        return HttpResponse(status=404)
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@everybody
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which must live at the root."""
    names = {name: staticfiles_storage.url(name) for name in ("app.css", "app.js")}
    text = (settings.STATIC_ROOT / "sw.js").read_text("utf-8")
    head = f"self.HV_ASSETS={list(names.values())!r};\n"
    response = HttpResponse(head + text, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    return response


@everybody
def web_manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the site on its home screen."""
    icon = {"src": staticfiles_storage.url("icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    data = {
        "name": "Học vụ số",
        "short_name": "Học vụ số",
        "lang": "vi",
        "start_url": "/",
        "display": "standalone",
        "background_color": "#fbf9f4",
        "theme_color": "#0b5d57",
        "icons": [icon],
    }
    return JsonResponse(data, content_type="application/manifest+json")


@everybody
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone."""
    lines = [
        "User-agent: *",
        "Disallow: /tai-khoan/",
        "Disallow: /viec-hoc/",
        "Disallow: /kiem-tra/",
        "Disallow: /xac-minh/",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
