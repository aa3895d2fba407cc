"""Backup: one archive with database, bundles, files and the master secret. `restoring.py` brings it back."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from hocvuso import __version__
from hocvuso.base import master
from hocvuso.base.files import sync
from hocvuso.base.secrets import KEY_FILE

FOLDERS = ("bundles", "files", "sources")
SQLITE, POSTGRESQL, NOTE = "hocvuso.sqlite3", "hocvuso.pgdump", "backup.json"
_LEFT_OVER = 24 * 3600  # seconds after which what a backup was working on belongs to none that still runs


def backup(file: Path) -> int:
    """Write a consistent archive while the site runs. It holds the master secret: keep it safe."""
    _clear_left_over(file)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as temporary:
            folder = Path(temporary)
            made = dump(folder)
            knows_its_secret = bool(master.kept_check())
            staging = folder / "archive.new"
            _pack(made, staging)
            os.replace(staging, file)
        sync(file.parent)
    except (OSError, subprocess.CalledProcessError, sqlite3.Error, DatabaseError) as error:
        print(f"No backup was made: {error}")
        return 1
    print(f"{file}: {file.stat().st_size // 1024} KB")
    if not knows_its_secret:
        print("It cannot be restored: the database knows no master secret. Run: hocvuso setup; then back up again.")
        return 1
    return 0


def _clear_left_over(file: Path) -> None:
    """Remove what a backup that was killed had been working on."""
    for folder in file.parent.glob(f".{file.name}.*"):
        if folder.is_dir() and folder.stat().st_mtime < time.time() - _LEFT_OVER:
            shutil.rmtree(folder)


def dump(folder: Path) -> Path:
    """Write the database as it is at one moment to a file in `folder`."""
    if connection.vendor == "sqlite":
        source = sqlite3.connect(f"{Path(settings.DATABASES['default']['NAME']).as_uri()}?mode=ro", uri=True)
        target = sqlite3.connect(folder / SQLITE)
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        return folder / SQLITE
    subprocess.run(["pg_dump", "-Fc", "-f", folder / POSTGRESQL, settings.ENV["DATABASE_URL"]], check=True)
    return folder / POSTGRESQL


class _Archive:
    """The archive while it is written, and the hash of every file that went in."""

    def __init__(self, out: tarfile.TarFile) -> None:
        self._out = out
        self.holds: dict[str, str] = {}

    def add(self, path: Path, name: str) -> None:
        """Put a file in, with the very bytes that are hashed."""
        with path.open("rb") as file:
            read = _Hashed(file)
            self._out.addfile(self._out.gettarinfo(arcname=name, fileobj=file), read)
        self.holds[name] = read.hash.hexdigest()

    def add_folder(self, name: str) -> None:
        """All files of a folder of HOCVUSO_DATA but those that somebody is writing: these come under other names."""
        for path in sorted((settings.DATA / name).rglob("*")):
            relative = path.relative_to(settings.DATA)
            if path.suffix == ".new" or any(part.startswith(".new-") for part in relative.parts) or not path.is_file():
                continue
            try:
                self.add(path, str(relative))
            except FileNotFoundError:  # replaced or taken away since the folder was read
                continue


class _Hashed:
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.hash = file, sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        content = self._file.read(size)
        self.hash.update(content)
        return content


def _pack(database: Path, staging: Path) -> None:
    """The archive, readable by its owner alone from its first byte, and on the disk when this returns.

    Its note comes last and says what else it must hold; the master secret may be taken out, to be kept apart.
    """
    handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz") as packed:
            archive = _Archive(packed)
            archive.add(database, database.name)
            for name in FOLDERS:
                archive.add_folder(name)
            about = {"version": __version__, "at": timezone.now().isoformat(), "vendor": connection.vendor}
            note = database.with_name(NOTE)
            note.write_text(json.dumps(about | {"holds": archive.holds.copy()}))
            archive.add(note, NOTE)
            if not settings.ENV["HOCVUSO_SECRET"] and (settings.DATA / KEY_FILE).is_file():
                archive.add(settings.DATA / KEY_FILE, KEY_FILE)
        out.flush()
        os.fsync(out.fileno())
