"""Runs the site under Granian."""

from __future__ import annotations

import os
import shutil
import socket
import time
from typing import Any

from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from .periodic import run_beside_serving

SLOWEST_HEAD = 75  # seconds for the head of a request; a proxy keeps its lines open for less
MOST_OPEN = 8192  # requests of one worker that may be open at once, most of them on their way in
SHORT_LIFE = 60.0  # seconds: a worker that ended sooner may end again
LONGEST_PAUSE = 30.0  # seconds before a worker that ends again and again is begun anew


class _Server(MPServer):
    """Granian, which ends the whole site when a worker ends twice within seconds. Here the others go on, and that one
    is begun anew after pauses that grow.
    """

    _pause = 0.0

    def _respawn_workers(self, workers: list[int], *arguments: Any, **options: Any) -> None:
        lived = time.monotonic() - max(self.wrks[worker].birth for worker in workers)
        self._pause = min(self._pause * 2 or 1.0, LONGEST_PAUSE) if lived < SHORT_LIFE else 0.0
        end = time.monotonic() + self._pause
        while time.monotonic() < end and not self.interrupt_signal:
            time.sleep(0.1)
        super()._respawn_workers(workers, *arguments, **options)
        self.respawned_wrks.clear()  # what Granian knows a crash loop by


def serve() -> int:
    """Serve until stopped. Static files and bundles are answered before Django is asked. Status 1: it cannot begin."""
    env = settings.ENV
    if why := _not_free(env["HOCVUSO_HOST"], env["HOCVUSO_PORT"]):
        print(f"{env['HOCVUSO_HOST']}:{env['HOCVUSO_PORT']}: {why}. Stop what uses it, or set HOCVUSO_PORT.")
        return 1
    print(f"Học vụ số: {settings.BASE_URL}", flush=True)
    shutil.rmtree(settings.DATA / "tmp", ignore_errors=True)  # what was on its way when the site ended
    _count_together()
    run_beside_serving()
    _Server(
        "hocvuso.web.front:door",
        address=env["HOCVUSO_HOST"],
        port=env["HOCVUSO_PORT"],
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=SLOWEST_HEAD * 1000),
        workers=env["HOCVUSO_WORKERS"] or max(2, os.cpu_count() or 1),
        backlog=2048,
        backpressure=MOST_OPEN,
        log_access=False,
        respawn_failed_workers=True,
        websockets=False,
    ).serve()
    return 0


def _count_together() -> None:
    """Counters of all workers lie in one folder, from which whichever is asked for `/metrics` adds them up."""
    folder = settings.DATA / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)  # read by prometheus_client when a worker loads it


def _not_free(host: str, port: int) -> str:
    """Why the address cannot be used. Granian would share a port with an older server, and both would answer."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""
