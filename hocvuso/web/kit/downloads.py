"""Exports are written in a process of their own: one that computes for seconds takes no time from who taps in a lesson.

The process is begun when an export is asked for, and ended when none was for a while. It is nice to the others and may
not grow beyond a limit; one that takes longer than `LONGEST` is ended.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

from django.urls import Resolver404, resolve

from hocvuso.base.processes import die_with, hold_back

IDLE = 300.0  # seconds without an export before the process is ended
LONGEST = 120.0  # seconds that one export may take
MOST_EACH, MOST_WAITING = 2, 20  # exports of one person, and of all, that may wait at one worker


def export[V: Callable[..., Any]](view: V) -> V:
    """Decorator of a view that writes a file from many rows: it is answered by the process of this module."""
    view.is_export = True  # type: ignore[attr-defined]
    return view


def is_export(path: str, query: str) -> bool:
    """Whether an address is answered by that process: an export, or a page that is asked for as a file."""
    if "tai=" in query:
        return True
    try:
        return hasattr(resolve(path).func, "is_export")
    except Resolver404:
        return False


class Failed(Exception):
    """The export was not finished: it took too long, its process ended, or too many wait."""


class Downloads:
    """The process, as the door sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: ProcessPoolExecutor | None = None
        self.end: asyncio.TimerHandle | None = None
        self.waiting: Counter[str] = Counter()  # exports under way or waiting, by who asked
        self.turn = asyncio.Lock()

    async def answer(
        self, who: str, environ: dict[str, Any], files: ExitStack
    ) -> tuple[str, list[tuple[str, str]], IO[bytes]]:
        """Status, headers and the body, which is open for as long as `files`. Raises Failed."""
        if self.waiting[who] >= MOST_EACH or self.waiting.total() >= MOST_WAITING:
            raise Failed
        body = files.enter_context(tempfile.NamedTemporaryFile(dir=self.folder))  # noqa: SIM115  closed with `files`
        self.waiting[who] += 1
        try:
            async with self.turn:  # one at a time: the time of one is not that of those before it
                status, headers = await self._written(environ, body.name)
        finally:
            self.waiting[who] -= 1
            self.waiting += Counter()  # forgets who waits for nothing
        body.seek(0)
        return status, headers, body

    async def _written(self, environ: dict[str, Any], file: str) -> tuple[str, list[tuple[str, str]]]:
        loop = asyncio.get_running_loop()
        plain = {name: value for name, value in environ.items() if not name.startswith("wsgi.")}
        plain["wsgi.url_scheme"] = environ["wsgi.url_scheme"]
        self._go_on(loop)
        try:
            async with asyncio.timeout(LONGEST):
                return await loop.run_in_executor(self.process, _write, plain, file)
        except (TimeoutError, BrokenProcessPool):
            self._stop()
            raise Failed from None
        except asyncio.CancelledError:
            self._stop()  # nobody waits for it any more, and the next one should not have to
            raise

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        if self.end:
            self.end.cancel()
        self.end = loop.call_later(IDLE, self._stop)
        if self.process is None:
            self.process = ProcessPoolExecutor(
                1, mp_context=get_context("spawn"), initializer=_begin, initargs=(os.getpid(),)
            )

    def _stop(self) -> None:
        """End the process, whatever it does; the next export begins another."""
        process, self.process = self.process, None
        if process:
            for worker in list((process._processes or {}).values()):
                worker.kill()
            process.shutdown(wait=False, cancel_futures=True)


def _begin(parent: int) -> None:
    """In the new process: its limits, and Django."""
    die_with(parent)
    hold_back()
    import hocvuso.web.front  # noqa: F401  loads Django with all its rooms


def _write(environ: dict[str, Any], name: str) -> tuple[str, list[tuple[str, str]]]:
    """In that process: let Django answer into a file."""
    from hocvuso.web.front import application

    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        told[:] = status, headers

    environ |= {"wsgi.input": BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": False}
    environ |= {"wsgi.version": (1, 0), "wsgi.multiprocess": True, "wsgi.run_once": False}
    with (
        open(name, "r+b") as file,
        closing(application.django(environ, start)) as response,
    ):
        file.writelines(response)
    return told[0], told[1]
