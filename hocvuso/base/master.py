"""Whether this master secret is the one the database was written with: a check value of it is kept there."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import DatabaseError, connection

from . import marks
from .secrets import KEY_FILE, keep, keyed_hash

NEXT_KEY_FILE = KEY_FILE + ".new"
MARK = "master-secret"
RESTORING = "restore-under-way.json"  # in HOCVUSO_DATA: what a restore has begun (`ops/replacing.py`)
_AGAIN = 2.0  # seconds after which a database that did not answer is asked again


def check_value(master: str | None = None) -> str:
    """What tells one master secret from another without telling anything of it."""
    return keyed_hash("hocvuso", purpose=MARK, master=master)


def kept_check() -> str:
    """The check value in the database; empty when it has none, or no tables yet. Raises DatabaseError: nobody knows."""
    if "base_mark" not in connection.introspection.table_names():
        return ""
    return str(marks.read(MARK).get("check", ""))


def keep_check(master: str | None = None) -> None:
    """From now on the database fits this master secret."""
    marks.write(MARK, check=check_value(master))


def fault(*, patience: float = 0.0) -> str:
    """Why nothing may run with this secret on this database, and what to do; empty when it fits or nothing does yet.

    A database that does not answer is asked again for `patience` seconds. That it says nothing is no fit.
    """
    if why := broken_off():
        return why
    end = time.monotonic() + patience
    while True:
        try:
            kept = kept_check()
            break
        except DatabaseError as error:
            if time.monotonic() >= end:
                said = " ".join(str(error).split()).rstrip(".")
                return f"The database does not say whether the master secret fits ({said}). Start it, then try again."
            time.sleep(_AGAIN)
    return _fault_of(kept)


def _fault_of(kept: str) -> str:
    if not kept or kept == check_value():
        return ""
    coming = settings.DATA / NEXT_KEY_FILE
    if coming.is_file() and check_value(coming.read_text().strip()) == kept:
        return "A change of the master secret was broken off. Finish it: hocvuso rotate-secret"
    if settings.SECRET_IS_KEPT:
        where = "HOCVUSO_SECRET" if settings.ENV["HOCVUSO_SECRET"] else f"{settings.DATA / KEY_FILE}"
        what = f"The master secret in {where} is not the one this database was written with."
    else:
        what = f"The master secret is missing: {settings.DATA / KEY_FILE} is not there and HOCVUSO_SECRET is not set."
    return (
        f"{what} Without the right one addresses, second factors and signing keys cannot be read, and nobody can sign "
        f"in. Bring it back: set HOCVUSO_SECRET, or take {KEY_FILE} from a backup (tar -xzf FILE {KEY_FILE}). No new "
        "one is made. If it is lost for good: docs/operations/backup.md."
    )


def broken_off() -> str:
    """Why nothing may run on what lies there, and what to do; empty when no restore was broken off."""
    if not (settings.DATA / RESTORING).exists():
        return ""
    return (
        f"A restore was broken off: what lies in {settings.DATA} is partly the old state, partly the new one. "
        "Finish it: hocvuso restore --finish. Or go back to what was there before: hocvuso restore --back"
    )


def is_missing() -> bool:
    """Whether nothing may be sealed yet: the secret would be gone with this process, or the database knows none."""
    return not settings.SECRET_IS_KEPT or not kept_check()


def settle() -> None:
    """At the first set-up: keep the secret, and its check value in the database. Raises SystemExit when it is wrong."""
    if why := fault():
        raise SystemExit(why)
    if not settings.SECRET_IS_KEPT:
        try:
            keep(settings.MASTER_SECRET, settings.DATA / KEY_FILE)
        except FileExistsError:
            raise SystemExit(f"Another process made {settings.DATA / KEY_FILE} meanwhile. Run this again.") from None
        settings.SECRET_IS_KEPT = True
    if not kept_check():
        keep_check()
