"""Runs the site under Granian."""

from __future__ import annotations

import logging
import os
import resource
import shutil
import signal
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from hocvuso.web.kit import door

from . import periodic, worker

log = logging.getLogger(__name__)

SLOWEST_HEAD = 75  # seconds for the head of a request; a proxy keeps its lines open for less
MOST_OPEN = 8192  # requests of one worker that may be open at once, most of them on their way in
SHORT_LIFE = 60.0  # seconds: a worker that ended sooner may end again
MOST_FILES = 65_536  # that a process may have open, lines among them, where the system lets it
MOST_SILENT = 10  # looks, a second apart, at which a worker shows no new sign of life
LONGEST_PAUSE = 30.0  # seconds before a worker that ends again and again is begun anew


class _Server(MPServer):
    """Granian, which ends the whole site when a worker ends twice within seconds. Here the others go on, and that one
    is begun anew after pauses that grow.
    """

    _pause = 0.0

    def watch(self) -> None:
        """End workers that stand still for good: they would hold up whoever is led to them. Workers that are ended are
        begun anew. Silence is counted in looks, so that a machine that slept takes nobody for dead.
        """
        silent: Counter[tuple[int, int]] = Counter()
        while not self.interrupt_signal:
            time.sleep(door.BEAT)
            seen = [(worker.inner.pid, _sign_of(worker.inner.pid)) for worker in self.wrks if worker.inner.pid]
            silent = Counter({sign: silent[sign] + 1 for sign in seen if sign[1]})
            for (pid, _at), looks in silent.items():
                if looks > MOST_SILENT:
                    log.error("a worker stands still and is ended", extra={"worker": pid})
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

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
    _open_many()
    _fresh(door.ALIVE)
    # Counters of all workers lie in one folder, from which whichever is asked for `/metrics` adds them up.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_fresh("metrics"))  # read by prometheus_client when a worker loads it
    periodic.run_beside_serving()
    worker.run_beside_serving()
    server = _Server(
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
    )
    threading.Thread(target=server.watch, daemon=True).start()
    server.serve()
    return 0


def _sign_of(pid: int) -> int:
    """When a worker last gave a sign of life, in nanoseconds; 0: never yet."""
    try:
        return (settings.DATA / door.ALIVE / str(pid)).stat().st_mtime_ns
    except OSError:
        return 0


def _open_many() -> None:
    """Let the processes have as many lines open as they may: the usual limit is 1,024, which idle lines soon fill."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _fresh(name: str) -> Path:
    """An empty folder beneath the data."""
    folder: Path = settings.DATA / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _not_free(host: str, port: int) -> str:
    """Why the address cannot be used. Granian would share a port with an older server, and both would answer."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""
