"""Runs the site under Granian."""

from __future__ import annotations

import socket

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

from .periodic import run_beside_serving


def serve() -> int:
    """Serve until stopped. Static files and bundles are answered before Django is asked. Status 1: it cannot begin."""
    env = settings.ENV
    if why := _not_free(env["HOCVUSO_HOST"], env["HOCVUSO_PORT"]):
        print(f"{env['HOCVUSO_HOST']}:{env['HOCVUSO_PORT']}: {why}. Stop what uses it, or set HOCVUSO_PORT.")
        return 1
    print(f"Học vụ số: {settings.BASE_URL}", flush=True)
    run_beside_serving()
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


def _not_free(host: str, port: int) -> str:
    """Why the address cannot be used. Granian would share a port with an older server, and both would answer."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""
