"""Who uses the data of the site: every command shares a lock, and what replaces the data wants it alone."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connection

_FILE = "in-use.lock"
# Where SQLite's own readers hold a lock as long as they are open (SHARED_FIRST, SHARED_SIZE of its os_unix.c).
_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510
_shared: list[IO[str]] = []  # for the life of the process


class InUse(Exception):
    """Somebody uses the data; says who."""


def share() -> None:
    """Use the data until the process ends. Raises SystemExit while they are being replaced."""
    try:
        handle = (settings.DATA / _FILE).open("a")
    except OSError:  # nothing can be written there: what the command then does says so itself
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SystemExit(f"{settings.DATA} is being replaced by a restore or a change of the secret. Wait.") from None
    _shared.append(handle)


@contextmanager
def alone() -> Iterator[None]:
    """Have the data to oneself as long as this lasts. Raises InUse."""
    with ExitStack() as open_:
        handle = open_.enter_context((settings.DATA / _FILE).open("a"))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"`hocvuso serve` or another command uses {settings.DATA}.") from None
        if connection.vendor == "sqlite":
            connection.close()
            _lock_sqlite(open_, Path(settings.DATABASES["default"]["NAME"]))
        elif others := _sessions():
            raise InUse(f"{others} other connections to the database are open.")
        yield


def _lock_sqlite(open_: ExitStack, database: Path) -> None:
    """Keep every other process from the file, also one that was started in another way than by our commands."""
    if not database.exists():
        return
    handle = open_.enter_context(database.open("r+b"))
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
    except (BlockingIOError, PermissionError):
        raise InUse(f"Another process has {database} open.") from None


def _sessions() -> int:
    """Other people's connections to the database; 0 when it does not answer, which is told elsewhere."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            return int(cursor.fetchone()[0])
    except DatabaseError:
        return 0
