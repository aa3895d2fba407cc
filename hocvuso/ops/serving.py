"""Runs the site under Granian."""

from __future__ import annotations

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

from .tending import tend_beside_serving


def serve() -> int:
    """Serve until stopped. Static files and bundles are answered before Django is asked."""
    env = settings.ENV
    print(f"Học vụ số: {settings.BASE_URL}", flush=True)
    tend_beside_serving()
    Granian(
        "hocvuso.web.front:application",
        address=env["HOCVUSO_HOST"],
        port=env["HOCVUSO_PORT"],
        interface=Interfaces.WSGI,
        workers=env["HOCVUSO_WORKERS"],
        blocking_threads=4,
        backlog=2048,
        log_access=False,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()
    return 0
