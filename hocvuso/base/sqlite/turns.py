"""Turns at the one lock of who writes: within a process in the order of coming, between processes one after the other.

SQLite itself lets everybody ask again after pauses that grow to a tenth of a second: under a class that sits down to a
test some would wait for seconds though the lock is free most of the time.
"""

from __future__ import annotations

import fcntl
import heapq
import itertools
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PAUSE = 0.001  # seconds between two askings of the one in a process whose turn it is
YIELD = 0.002  # seconds that a process which just wrote leaves to another that waits
AHEAD = 0.25  # seconds by which whoever is in a hurry counts as having come earlier
_thread = threading.local()


def go_ahead() -> None:
    """What this thread writes is short, and somebody taps and waits: it goes before what came up to `AHEAD` earlier."""
    _thread.ahead = AHEAD


class Turns:
    """Who of this process may ask for the lock; `path`: a file by which processes see that others wait."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._reset()
        os.register_at_fork(after_in_child=self._reset)

    def _reset(self) -> None:
        self._guard = threading.Lock()
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._count = itertools.count()
        self._taken = self._wrote = False

    def take(self, until: float) -> bool:
        """Wait for one's turn, to give it back with `give`; False when it did not come in time."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            came = time.monotonic() - getattr(_thread, "ahead", 0.0)
            place = came, next(self._count), threading.Event()
            heapq.heappush(self._waiting, place)
        if place[2].wait(max(0.0, until - time.monotonic())):
            return True
        with self._guard:
            if place[2].is_set():  # given at the last moment
                return True
            self._waiting.remove(place)
            heapq.heapify(self._waiting)
            return False

    def give(self) -> None:
        """The turn goes to who came first."""
        with self._guard:
            self._wrote = True
            if self._waiting:
                heapq.heappop(self._waiting)[2].set()
            else:
                self._taken = False

    def ask(self, begun: Callable[[], bool], until: float) -> bool:
        """Ask for the lock until it is had (`begun`), or until it is too late. Only by whose turn it is."""
        if self._wrote and self._others_wait():
            time.sleep(YIELD)
        self._wrote = False
        if begun():
            return True
        with self._seen_waiting():
            while time.monotonic() < until:
                time.sleep(PAUSE)
                if begun():
                    return True
        return False

    def _others_wait(self) -> bool:
        if self.path is None:
            return False
        with self._opened() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @contextmanager
    def _seen_waiting(self) -> Iterator[None]:
        """While this process waits, others see it; a process that is killed waits no longer."""
        if self.path is None:
            yield
            return
        with self._opened() as file:
            with suppress(BlockingIOError):  # somebody looks at this very moment
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            yield

    @contextmanager
    def _opened(self) -> Iterator[int]:
        file = os.open(str(self.path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield file
        finally:
            os.close(file)
