"""Who uses the data of the site: every command shares a lock, and what replaces the data wants it alone."""

from __future__ import annotations

import fcntl
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import OperationalError, connection

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
def alone(*, moving: bool) -> Iterator[None]:
    """Have the data to oneself as long as this lasts: to move the database's file, or to work in it. Raises InUse."""
    with ExitStack() as open_:
        handle = open_.enter_context((settings.DATA / _FILE).open("a"))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"`hocvuso serve` or another command uses {settings.DATA}.") from None
        if connection.vendor == "sqlite":
            connection.close()
            database = Path(settings.DATABASES["default"]["NAME"])
            if database.exists():
                open_.enter_context(_closed_file(database) if moving else _own_file(database))
        elif others := _sessions():
            raise InUse(f"{others} other connections to the database are open.")
        yield


@contextmanager
def _closed_file(database: Path) -> Iterator[None]:
    """Keep everybody from the file, this process too, also who was started in another way than by our commands.

    The lock belongs to this opening of the file (OFD), not to the process: POSIX gives those up as soon as the process
    closes the file anywhere else.
    """
    with database.open("r+b") as handle:
        wanted = struct.pack("hhqqi", fcntl.F_WRLCK, 0, _SHARED_FIRST, _SHARED_SIZE, 0)
        try:
            fcntl.fcntl(handle, fcntl.F_OFD_SETLK, wanted)
        except (BlockingIOError, PermissionError):
            raise InUse(f"Another process has {database} open.") from None
        yield


@contextmanager
def _own_file(database: Path) -> Iterator[None]:
    """Keep everybody else from the file by SQLite's own lock, which lasts as long as this process's connection."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("PRAGMA locking_mode = EXCLUSIVE")
            cursor.execute("BEGIN EXCLUSIVE")
            cursor.execute("COMMIT")
        except OperationalError:
            connection.close()
            raise InUse(f"Another process has {database} open.") from None
    try:
        yield
    finally:
        connection.close()


def _sessions() -> int:
    """Other people's connections to the database. Raises DatabaseError."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return int(cursor.fetchone()[0])
