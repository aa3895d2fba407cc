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
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from hocvuso import __version__
from hocvuso.base import master
from hocvuso.base.secrets import KEY_FILE

FOLDERS = ("bundles", "files")
SQLITE, POSTGRESQL, NOTE = "hocvuso.sqlite3", "hocvuso.pgdump", "backup.json"
_LEFT_OVER = 24 * 3600  # seconds after which what a backup was working on belongs to none that still runs


def backup(file: Path) -> int:
    """Write a consistent archive while the site runs. It holds the master secret: keep it safe."""
    _clear_left_over(file)
    try:
        with tempfile.TemporaryDirectory(prefix=f".{file.name}.", dir=file.parent) as temporary:
            folder = Path(temporary)
            dump(folder)
            note = {"version": __version__, "at": timezone.now().isoformat(), "vendor": connection.vendor}
            (folder / NOTE).write_text(json.dumps(note | {"key": master.kept_check()}))
            staging = folder / "archive.new"
            _pack(folder, staging)
            os.replace(staging, file)
    except (OSError, subprocess.CalledProcessError, sqlite3.Error) as error:
        print(f"No backup was made: {error}")
        return 1
    print(f"{file}: {file.stat().st_size // 1024} KB")
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


def _pack(folder: Path, staging: Path) -> None:
    """The archive, readable by its owner alone from its first byte, and on the disk when this returns."""
    content = sorted(folder.iterdir())
    handle = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            for path in content:
                archive.add(path, path.name)
            if not settings.ENV["HOCVUSO_SECRET"] and (settings.DATA / KEY_FILE).is_file():
                archive.add(settings.DATA / KEY_FILE, KEY_FILE)
            for name in FOLDERS:
                _add_folder(archive, name)
        out.flush()
        os.fsync(out.fileno())


def _add_folder(archive: tarfile.TarFile, name: str) -> None:
    """All files of a folder of HOCVUSO_DATA but those that somebody is writing: these come under other names."""
    for path in sorted((settings.DATA / name).rglob("*")):
        relative = path.relative_to(settings.DATA)
        if path.suffix == ".new" or any(part.startswith(".new-") for part in relative.parts):
            continue
        try:
            archive.add(path, str(relative), recursive=False)
        except FileNotFoundError:  # replaced or taken away since the folder was read
            continue
