"""Whoever writes takes turns: asked for again every few milliseconds, and sooner by those for whom somebody waits.

SQLite itself asks after pauses that grow to a tenth of a second: while a class sits down to a test some wait for seconds
though the lock is free most of the time.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

PAUSE, SHORT_PAUSE = 0.004, 0.0005  # seconds between two askings
_thread = threading.local()


def go_first() -> None:
    """This thread asks more often than others: what it writes is short, and somebody taps and waits."""
    _thread.pause = SHORT_PAUSE


class DatabaseWrapper(base.DatabaseWrapper):  # type: ignore[misc]
    """A connection whose transactions begin by turns."""

    def _start_transaction_under_autocommit(self) -> None:
        raw: Any = self.connection
        patience = raw.execute("PRAGMA busy_timeout").fetchone()[0]
        until = time.monotonic() + patience / 1000
        raw.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begun(last=time.monotonic() >= until):
                time.sleep(getattr(_thread, "pause", PAUSE))
        finally:
            raw.execute(f"PRAGMA busy_timeout = {patience}")

    def _begun(self, *, last: bool) -> bool:
        """Whether it is this connection's turn. Raises OperationalError at the last asking."""
        try:
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            if last or "locked" not in str(error):
                raise
            return False
        return True
