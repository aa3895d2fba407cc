"""Restore: what the archive holds is checked to its end, then takes its place; what was there stays, moved aside."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from hashlib import file_digest
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from hocvuso import __version__
from hocvuso.base import master
from hocvuso.base.models import JournalEntry, Mark
from hocvuso.base.secrets import KEY_FILE, long_enough
from hocvuso.people.models import Identifier, Person, RoleGrant
from hocvuso.records.models import Statement
from hocvuso.units.models import Place, Unit

from . import in_use, replacing
from .backups import NOTE, POSTGRESQL, SQLITE

_STAGING = ".restore-"
_SLACK = 50 * 1024 * 1024  # room to be left
# No database of a site, of whatever version, is without these.
_TABLES = {m._meta.db_table for m in (JournalEntry, Mark, Place, Unit, Person, Identifier, RoleGrant, Statement)}


class Unfit(Exception):
    """The archive cannot be restored here; says why."""


def restore(file: Path, *, force: bool) -> int:
    """Bring an archive back. Refuses to replace what is there without `force`; all or nothing; destroys nothing."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    try:
        with in_use.alone(moving=True):
            if why := master.broken_off():
                raise Unfit(why)
            _refuse_to_replace(force)
            aside = _restore(file)
    except (in_use.InUse, Unfit, DatabaseError) as error:
        print(f"{error} Nothing was changed.")
        return 1
    except replacing.HalfDone as error:
        print(f"{error} {master.broken_off()}")
        return 1
    return _restored(aside)


def go_on(*, back: bool) -> int:
    """Finish a restore that was broken off, or go back to what was there before it; again goes on."""
    try:
        with in_use.alone(moving=True):
            begun = replacing.under_way()
            if begun is None:
                print("No restore was broken off.")
                return 1
            if back:
                replacing.take_back(begun)
                print("All is as it was before the restore.")
                return 0
            aside = replacing.finish(begun)
    except (in_use.InUse, *replacing.FAULTS) as error:
        print(f"{error} Mend it, and say this again.")
        return 1
    return _restored(aside)


def _restored(aside: Path | None) -> int:
    if aside:
        print(f"What was there before is in {aside}: delete it when all is well.")
    print("Restored. Now run: hocvuso setup")
    return 0


def _restore(file: Path) -> Path | None:
    """Returns where the old state is now. Raises Unfit, HalfDone."""
    for left in settings.DATA.glob(_STAGING + "*"):  # of one that was killed before it moved anything
        shutil.rmtree(left)
    folder = Path(tempfile.mkdtemp(prefix=_STAGING, dir=settings.DATA))
    try:
        _unpack(file, folder)
        _check(file, folder)
        try:
            return replacing.put_in_place(folder)
        except replacing.FAULTS as error:
            raise Unfit(f"It could not be put in place: {error}.") from error
    finally:
        if not master.broken_off():  # else it is still needed
            shutil.rmtree(folder, ignore_errors=True)


def _refuse_to_replace(force: bool) -> None:
    if force:
        return
    if connection.vendor == "sqlite":
        there = [str(settings.DATA / SQLITE)] if (settings.DATA / SQLITE).exists() else []
    else:
        there = replacing.tables()
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
        version, vendor, holds = str(note["version"]), str(note["vendor"]), dict(note["holds"])
        newer = _numbers(version) > _numbers(__version__)
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise Unfit(f"{file} is not a whole backup: {error}.") from error
    if vendor != connection.vendor:
        raise Unfit(f"This backup is of {vendor}; the site is set to {connection.vendor} (DATABASE_URL).")
    if newer:
        raise Unfit(f"This backup is of version {version}, the software is {__version__}: upgrade it first.")
    _check_key(_key_of_database(folder), folder)
    for name, digest in holds.items():
        if (found := _digest(folder / name)) != digest:
            raise Unfit(f"{name} {'is not what it was in' if found else 'is missing in'} this backup.")


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # ValueError: no name that a file can have
        return ""


def _key_of_database(folder: Path) -> str:
    """What tells the master secret that the unpacked database was written with. Raises Unfit: it is not a whole one."""
    try:
        tables, mark = (
            _read_sqlite(folder / SQLITE) if connection.vendor == "sqlite" else _read_dump(folder / POSTGRESQL)
        )
    except (OSError, sqlite3.Error) as error:
        raise Unfit(f"The database in this backup cannot be read: {error}.") from error
    if missing := _TABLES - tables:
        raise Unfit(f"The database in this backup is not one of a site: {min(missing)} is missing.")
    try:
        return str(json.loads(mark)["check"])
    except (ValueError, KeyError):
        raise Unfit("The database in this backup knows no master secret: its site was not set up.") from None


def _read_sqlite(database: Path) -> tuple[set[str], str]:
    """Its tables, and the mark of its master secret. Raises OSError, sqlite3.Error, Unfit."""
    database.stat()
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro&immutable=1", uri=True)) as base:
        found = base.execute("PRAGMA integrity_check(3)").fetchall()
        if found != [("ok",)]:
            raise Unfit(f"The database in this backup is damaged: {'; '.join(str(row[0]) for row in found)}.")
        tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        marks = []
        if Mark._meta.db_table in tables:
            asked = f"SELECT data FROM {Mark._meta.db_table} WHERE name = ?"
            marks = base.execute(asked, [master.MARK]).fetchall()
    return tables, marks[0][0] if marks else ""


def _read_dump(dump: Path) -> tuple[set[str], str]:
    """Its tables, and the mark of its master secret; all of it is read. Raises OSError."""
    replacing.run("pg_restore", "-f", os.devnull, dump)
    tables = set(re.findall(r"^\d+; \d+ \d+ TABLE \S+ (\S+) ", replacing.run("pg_restore", "-l", dump), re.MULTILINE))
    return tables, next(_marks_of(dump), "")


def _marks_of(dump: Path) -> Iterator[str]:
    """The mark of the master secret, out of the lines of its table as PostgreSQL writes them (COPY, text format)."""
    columns: list[str] = []
    for line in replacing.run("pg_restore", "-a", "-t", Mark._meta.db_table, "-f", "-", dump).splitlines():
        if head := re.match(r"COPY \S+ \((.+)\) FROM stdin;", line):
            columns = head[1].split(", ")
        row = dict(zip(columns, line.split("\t"), strict=False))
        if row.get("name") == master.MARK and "data" in row:
            yield row["data"]


def _check_key(kept: str, folder: Path) -> None:
    """The secret that will be used after the restore is the one that the database was written with."""
    brought = _secret_of(folder)
    if given := settings.ENV["HOCVUSO_SECRET"]:
        what, secret = "HOCVUSO_SECRET", given
    elif brought is not None:
        what, secret = f"The {KEY_FILE} of this backup", brought
    elif settings.SECRET_IS_KEPT:
        what, secret = str(settings.DATA / KEY_FILE), settings.MASTER_SECRET
    else:
        raise Unfit("This backup holds no master secret. Set HOCVUSO_SECRET to the one of then.")
    if master.check_value(secret) != kept:
        raise Unfit(f"{what} is not the master secret that this backup was written with.")


def _secret_of(folder: Path) -> str | None:
    """What the archive brings along; nothing when it brings none."""
    if not (folder / KEY_FILE).exists():
        return None
    try:
        return long_enough((folder / KEY_FILE).read_text().strip(), f"The {KEY_FILE} of this backup")
    except (OSError, UnicodeDecodeError, SystemExit) as error:
        raise Unfit(f"{error}") from None
