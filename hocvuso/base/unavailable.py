"""When the house itself cannot: a database that is held, full or away, a disk without room. In words, to try again.

Connections that answer requests wait shortly for a lock (`wait_shortly`): whoever asks wants an answer.
"""

from __future__ import annotations

import errno
import threading
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from .errors import Refusal

_thread = threading.local()
SECONDS = 2  # that a request waits for a lock which another holds


class Unavailable(Refusal):
    """Not now. What was sent is not kept, no part of it; the same again is harmless."""

    code = "unavailable"
    again_after = 5  # seconds
    says = _("Hệ thống đang bận nên chưa làm được việc này; chưa có gì được lưu. Hãy thử lại sau ít giây.")


class Held(Unavailable):
    """Somebody else writes, and has for a while."""

    code = "held"


class NoRoom(Unavailable):
    """Nothing can be written: the disk is full, or does not take it."""

    code = "no-room"
    again_after = 60
    says = _("Máy chủ hết chỗ ghi nên chưa lưu được; chưa có gì thay đổi. Hãy thử lại sau ít phút.")


class Away(Unavailable):
    """The database does not answer."""

    code = "away"
    again_after = 15
    says = _("Cơ sở dữ liệu tạm thời không trả lời; việc vừa rồi có thể chưa được lưu. Hãy thử lại sau ít phút.")


# Primary result codes of SQLite (sqlite.org/rescode.html); states and classes of PostgreSQL (appendix A of its manual).
_SQLITE: dict[int, type[Unavailable]] = {5: Held, 6: Held, 8: NoRoom, 10: NoRoom, 13: NoRoom, 14: Away}
_STATES: dict[str, type[Unavailable]] = {
    "55P03": Held, "57014": Held, "40P01": Held, "40001": Held, "53100": NoRoom, "58030": NoRoom, "25006": NoRoom,
}  # fmt: skip
_CLASSES: dict[str, type[Unavailable]] = {"08": Away, "53": Away, "57": Away, "58": Away}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}


def why(error: BaseException) -> Unavailable | None:
    """What `error` means for whoever asked, if it is none of the software but of the moment."""
    if isinstance(error, OSError):
        return NoRoom() if error.errno in _NO_ROOM else None
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    cause: Any = error.__cause__ or error
    if (number := getattr(cause, "sqlite_errorcode", None)) is not None:
        kind = _SQLITE.get(number & 0xFF)
        return kind() if kind else None
    state = getattr(cause, "sqlstate", None)
    if state is None:  # psycopg has none where no server spoke
        return Away() if type(cause).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout") else None
    kind = _STATES.get(state) or _CLASSES.get(state[:2])
    return kind() if kind else None


def wait_shortly() -> None:
    """From now on this process's new connections wait `SECONDS` for a lock, no longer."""
    connection_created.connect(_shortly, dispatch_uid="hocvuso.wait-shortly")


def wait_patiently() -> None:
    """Not so in this thread, for which nobody waits. Called before it connects."""
    _thread.patient = True


def _shortly(connection: Any, **_more: Any) -> None:
    if getattr(_thread, "patient", False):
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"PRAGMA busy_timeout = {SECONDS * 1000}"
            if connection.vendor == "sqlite"
            else f"SET lock_timeout = '{SECONDS}s'"
        )
