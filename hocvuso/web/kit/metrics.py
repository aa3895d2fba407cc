"""Counters for `/metrics` (Prometheus)."""

import os
from pathlib import Path

from prometheus_client import Counter, Histogram

ROOM = 4 * 1024 * 1024  # bytes of a worker's counters: for some ten thousand of them


def _reserve() -> None:
    """Take the room on the disk that the library would only note: written into when the disk is full, its file would
    end the worker (SIGBUS). Without room a worker counts for itself.
    """
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return
    try:
        for kind in ("counter", "histogram"):
            with (Path(folder) / f"{kind}_{os.getpid()}.db").open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, ROOM)
    except OSError:
        del os.environ["PROMETHEUS_MULTIPROC_DIR"]


_reserve()
REQUESTS = Counter("hocvuso_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("hocvuso_request_seconds", "Time to answer", ["route"])
