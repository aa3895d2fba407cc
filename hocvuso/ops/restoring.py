"""Restore: what the archive holds is checked to its end, then takes its place; what was there stays, moved aside."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from hocvuso import __version__
from hocvuso.base import master
from hocvuso.base.secrets import KEY_FILE

from . import in_use
from .backups import FOLDERS, NOTE, POSTGRESQL, SQLITE, dump

_STAGING = ".restore-"
_SLACK = 50 * 1024 * 1024  # room to be left
_DATABASE = (SQLITE, f"{SQLITE}-wal", f"{SQLITE}-shm")


class Unfit(Exception):
    """The archive cannot be restored here; says why."""


class HalfDone(Exception):
    """Neither the new database nor the old one could be loaded; says where the old one is."""


def restore(file: Path, *, force: bool) -> int:
    """Bring an archive back. Refuses to replace what is there without `force`; all or nothing; destroys nothing."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    try:
        with in_use.alone():
            _refuse_to_replace(force)
            for left in settings.DATA.glob(_STAGING + "*"):  # of one that was killed
                shutil.rmtree(left)
            with tempfile.TemporaryDirectory(prefix=_STAGING, dir=settings.DATA) as temporary:
                folder = Path(temporary)
                _unpack(file, folder)
                _check(file, folder)
                aside = _replace(folder)
    except (in_use.InUse, Unfit, DatabaseError) as error:
        print(f"{error} Nothing was changed.")
        return 1
    except HalfDone as error:
        print(error)
        return 1
    if aside:
        print(f"What was there before is in {aside}: delete it when all is well.")
    print("Restored. Now run: hocvuso setup")
    return 0


def _refuse_to_replace(force: bool) -> None:
    if force:
        return
    if connection.vendor == "sqlite":
        there = [str(settings.DATA / SQLITE)] if (settings.DATA / SQLITE).exists() else []
    else:
        there = _tables()
    if there:
        raise Unfit(f"There is a database already ({there[0]} …). Say --force to put this one in its place.")


def _unpack(file: Path, folder: Path) -> None:
    """Read the archive to its end, see that there is room, and unpack it. Raises Unfit."""
    try:
        needed = _size_of(file)
        free = shutil.disk_usage(settings.DATA).free - _SLACK - _size_of_database()
        if needed > free:
            raise Unfit(f"{settings.DATA} has room for {max(free, 0) >> 20} MB; this needs {needed >> 20} MB.")
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise Unfit(f"{file} is not a whole backup: {error}.") from error


def _size_of(file: Path) -> int:
    """Of all that is in the archive; every byte of it has been read then, and the checksum at its end compared."""
    size = 0
    with gzip.open(file) as packed:
        with tarfile.open(fileobj=packed, mode="r|") as archive:
            for member in archive:
                tarfile.data_filter(member, str(settings.DATA))
                size += member.size
        while packed.read(1 << 20):
            pass
    return size


def _size_of_database() -> int:
    """What is written besides the archive: on PostgreSQL the old database, which on SQLite is only moved."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _check(file: Path, folder: Path) -> None:
    """Raises Unfit when this site cannot live with what was unpacked."""
    try:
        note = json.loads((folder / NOTE).read_text())
        version, vendor = note["version"], note["vendor"]
    except (OSError, ValueError, KeyError) as error:
        raise Unfit(f"{file} is not a whole backup: {error}.") from error
    if vendor != connection.vendor:
        raise Unfit(f"This backup is of {vendor}; the site is set to {connection.vendor} (DATABASE_URL).")
    if _numbers(version) > _numbers(__version__):
        raise Unfit(f"This backup is of version {version}, the software is {__version__}: upgrade it first.")
    _check_database(folder)
    _check_key(note, folder)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _check_database(folder: Path) -> None:
    try:
        if connection.vendor == "sqlite":
            base = sqlite3.connect(f"{(folder / SQLITE).as_uri()}?immutable=1", uri=True)
            found = base.execute("PRAGMA integrity_check(3)").fetchall()
            base.close()
            if found != [("ok",)]:
                raise Unfit(f"The database in this backup is damaged: {'; '.join(str(row[0]) for row in found)}.")
        else:
            _run("pg_restore", "-f", os.devnull, folder / POSTGRESQL)
    except (OSError, sqlite3.Error, subprocess.CalledProcessError) as error:
        raise Unfit(f"The database in this backup cannot be read: {error}.") from error


def _check_key(note: dict[str, Any], folder: Path) -> None:
    """The secret that will be used after the restore is the one that the database was written with."""
    if given := settings.ENV["HOCVUSO_SECRET"]:
        what, secret = "HOCVUSO_SECRET", given
    elif (folder / KEY_FILE).is_file():
        what, secret = f"The {KEY_FILE} of this backup", (folder / KEY_FILE).read_text().strip()
    elif settings.SECRET_IS_KEPT:
        what, secret = str(settings.DATA / KEY_FILE), settings.MASTER_SECRET
    else:
        raise Unfit("This backup holds no master secret. Set HOCVUSO_SECRET to the one of then.")
    if note.get("key") and master.check_value(secret) != note["key"]:
        raise Unfit(f"{what} is not the master secret that this backup was written with.")


def _replace(folder: Path) -> Path | None:
    """Put what was unpacked in its place. Returns where the old state is now; on a fault all is as it was."""
    aside = settings.DATA / f"before-restore-{timezone.now():%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    moves: list[tuple[Path, Path]] = []
    try:
        os.sync()  # what takes the place is on the disk before the old leaves it
        _put_in_place(folder, aside, moves)
        os.sync()
    except HalfDone:
        raise
    except BaseException as error:
        for source, target in reversed(moves):
            os.rename(target, source)
        shutil.rmtree(aside)  # holds nothing but a dump of what is in its place again
        if isinstance(error, OSError | subprocess.CalledProcessError | DatabaseError):
            raise Unfit(f"It could not be put in place: {error}.") from error
        raise
    if any(aside.iterdir()):
        return aside
    aside.rmdir()
    return None


def _put_in_place(folder: Path, aside: Path, moves: list[tuple[Path, Path]]) -> None:
    old = dump(aside) if connection.vendor == "postgresql" and _tables() else None
    for name in (*_DATABASE, *FOLDERS, KEY_FILE):
        brought = (folder / name).exists()
        if (settings.DATA / name).exists() and (brought or name != KEY_FILE):
            _move(settings.DATA / name, aside / name, moves)
        if brought:
            _move(folder / name, settings.DATA / name, moves)
    if connection.vendor == "postgresql":
        _load(folder / POSTGRESQL, instead=old)


def _move(source: Path, target: Path, moves: list[tuple[Path, Path]]) -> None:
    os.rename(source, target)
    moves.append((source, target))


def _load(new: Path, *, instead: Path | None) -> None:
    """Put a dump in the place of all tables; when that fails, the dump `instead`, of what was there."""
    try:
        _load_dump(new)
    except BaseException:
        try:
            if instead:
                _load_dump(instead)
        except (OSError, DatabaseError) as error:
            raise HalfDone(f"The database is empty now: {error}. The old one: pg_restore -d … {instead}") from error
        raise


def _load_dump(file: Path) -> None:
    with connection.cursor() as cursor:
        for table in _tables():
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
    connection.close()
    _run(
        "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "-d", settings.ENV["DATABASE_URL"], file
    )


def _tables() -> list[str]:
    return connection.introspection.table_names()


def _run(*command: str | Path) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        raise OSError(error.stderr.strip()[-1000:]) from error
