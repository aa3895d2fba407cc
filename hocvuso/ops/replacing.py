"""What was unpacked takes the place of the data. All that will be moved is written down before the first move, so that
whatever breaks off in between is finished or taken back, and nothing runs on a mixture.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from hocvuso.base.master import RESTORING
from hocvuso.base.secrets import KEY_FILE

from .backups import FOLDERS, POSTGRESQL, SQLITE, dump

_DATABASE = (SQLITE, f"{SQLITE}-wal", f"{SQLITE}-shm")
FAULTS = (OSError, subprocess.CalledProcessError, DatabaseError)


class HalfDone(Exception):
    """Neither the new state nor the old one could be put in place; says what to do."""


@dataclass(frozen=True)
class UnderWay:
    """What `RESTORING` holds: folders and moves (from, to) as names beneath HOCVUSO_DATA, in order."""

    folder: str  # with what was unpacked
    aside: str  # where what was there goes
    moves: list[tuple[str, str]]
    loading: bool = False  # PostgreSQL: the tables are being replaced


def under_way() -> UnderWay | None:
    """What was broken off."""
    try:
        return UnderWay(**json.loads((settings.DATA / RESTORING).read_text()))
    except FileNotFoundError:
        return None


def put_in_place(folder: Path) -> Path | None:
    """Put what was unpacked in its place. Returns where the old state is now; on a fault all is as it was.

    Raises the fault, or HalfDone.
    """
    aside = settings.DATA / f"before-restore-{timezone.now():%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    try:
        if connection.vendor == "postgresql" and tables():
            dump(aside)
        os.sync()  # what takes the place is on the disk before the old leaves it
        begun = UnderWay(folder.name, aside.name, _moves(folder, aside.name))
        _note(begun)
    except BaseException:
        shutil.rmtree(aside)
        raise
    try:
        return finish(begun)
    except BaseException as error:
        try:
            if left := under_way():
                take_back(left)
        except FAULTS as other:
            raise HalfDone(f"{error} The old state could not be put back either: {other}.") from error
        raise


def finish(begun: UnderWay) -> Path | None:
    """Make the moves that were not made yet. Returns where the old state is now."""
    for move in begun.moves:
        if not _is_made(move, begun):
            _rename(*move)
    if connection.vendor == "postgresql":
        _note(replace(begun, loading=True))
        _load(settings.DATA / begun.folder / POSTGRESQL)
    _end(begun)
    aside: Path = settings.DATA / begun.aside
    if any(aside.iterdir()):
        return aside
    aside.rmdir()
    return None


def take_back(begun: UnderWay) -> None:
    """Take back the moves that were made, the last first."""
    for move in reversed(begun.moves):
        if _is_made(move, begun):
            _rename(*reversed(move))
    if begun.loading:
        _load(settings.DATA / begun.aside / POSTGRESQL)
    _end(begun)
    shutil.rmtree(settings.DATA / begun.aside)  # holds nothing but a dump of what is in its place again


def _moves(folder: Path, aside: str) -> list[tuple[str, str]]:
    moves = []
    for name in (*_DATABASE, *FOLDERS, KEY_FILE):
        brought = (folder / name).exists()
        if (settings.DATA / name).exists() and (brought or name != KEY_FILE):
            moves.append((name, f"{aside}/{name}"))
        if brought:
            moves.append((f"{folder.name}/{name}", name))
    return moves


def _is_made(move: tuple[str, str], begun: UnderWay) -> bool:
    """What left is aside; what came is no more where it was unpacked."""
    source, target = move
    if target.startswith(f"{begun.aside}/"):
        return (settings.DATA / target).exists()
    return not (settings.DATA / source).exists()


def _rename(source: str, target: str) -> None:
    os.rename(settings.DATA / source, settings.DATA / target)


def _note(begun: UnderWay) -> None:
    """Write down what is under way, down to the disk."""
    new = settings.DATA / f"{RESTORING}.new"
    with new.open("w") as file:
        json.dump(asdict(begun), file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, settings.DATA / RESTORING)
    os.sync()


def _end(begun: UnderWay) -> None:
    """Nothing is under way any more: first all of it is on the disk."""
    os.sync()
    (settings.DATA / RESTORING).unlink()
    os.sync()
    shutil.rmtree(settings.DATA / begun.folder, ignore_errors=True)


def _load(file: Path) -> None:
    """Put a dump in the place of all tables; without one there were none."""
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
    connection.close()
    if file.exists():
        database = settings.ENV["DATABASE_URL"]
        run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "-d", database, file)


def tables() -> list[str]:
    """The tables of the database that there is."""
    return connection.introspection.table_names()


def run(*command: str | Path) -> str:
    """What a program says. Raises OSError with its complaint."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    except subprocess.CalledProcessError as error:
        raise OSError(error.stderr.strip()[-1000:]) from error
