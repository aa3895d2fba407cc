"""Exports are written in a process of their own: one that computes for seconds takes no time from who taps in a lesson.

The process is begun when an export is asked for, and ended when none was for a while. It is nice to the others and may
not grow beyond `MOST_MEMORY`; one that takes longer than `LONGEST` is ended.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import resource
import signal
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

IDLE = 300.0  # seconds without an export before the process is ended
LONGEST = 120.0  # seconds that one export may take
MOST_MEMORY = 2 * 1024**3  # bytes of address space, of which a part is never used
NICE = 10
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


class Failed(Exception):
    """The export was not finished: it took too long, or its process ended."""


class Downloads:
    """The process, as the door sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: ProcessPoolExecutor | None = None
        self.end: asyncio.TimerHandle | None = None

    async def answer(self, environ: dict[str, Any], files: ExitStack) -> tuple[str, list[tuple[str, str]], IO[bytes]]:
        """Status, headers and the body, which is open for as long as `files`. Raises Failed."""
        loop = asyncio.get_running_loop()
        plain = {name: value for name, value in environ.items() if not name.startswith("wsgi.")}
        plain["wsgi.url_scheme"] = environ["wsgi.url_scheme"]
        self._go_on(loop)
        try:
            async with asyncio.timeout(LONGEST):
                status, headers, file = await loop.run_in_executor(self.process, _write, plain, str(self.folder))
        except (TimeoutError, BrokenProcessPool):
            self._stop()
            raise Failed from None
        body = files.enter_context(os.fdopen(os.open(file, os.O_RDONLY), "rb"))
        os.unlink(file)
        return status, headers, body

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        if self.end:
            self.end.cancel()
        self.end = loop.call_later(IDLE, self._stop)
        if self.process is None:
            self.process = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)

    def _stop(self) -> None:
        """End the process, whatever it does; the next export begins another."""
        process, self.process = self.process, None
        if process:
            for worker in list((process._processes or {}).values()):
                worker.kill()
            process.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """In the new process: its limits, and Django."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    os.nice(NICE)
    import hocvuso.web.front  # noqa: F401  loads Django with all its rooms


def _write(environ: dict[str, Any], folder: str) -> tuple[str, list[tuple[str, str]], str]:
    """In that process: let Django answer into a file."""
    from hocvuso.web.front import application

    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        told[:] = status, headers

    environ |= {"wsgi.input": BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": False}
    environ |= {"wsgi.version": (1, 0), "wsgi.multiprocess": True, "wsgi.run_once": False}
    with (
        tempfile.NamedTemporaryFile(dir=folder, delete=False) as file,
        closing(application.django(environ, start)) as response,
    ):
        file.writelines(response)
    return told[0], told[1], file.name
