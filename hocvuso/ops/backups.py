"""Backup and restore: one archive with database, bundles, files and the master secret."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from hocvuso import __version__

FOLDERS = ("bundles", "files")


def backup(file: Path) -> int:
    """Write a consistent archive while the site runs. It holds the master secret: keep it safe."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _dump(folder)
        note = {"version": __version__, "at": timezone.now().isoformat(), "vendor": connection.vendor}
        (folder / "backup.json").write_text(json.dumps(note))
        if (settings.DATA / "secret.key").is_file():
            shutil.copy(settings.DATA / "secret.key", folder)
        staging = file.with_name(file.name + ".new")
        with tarfile.open(staging, "w:gz") as archive:
            for path in sorted(folder.iterdir()):
                archive.add(path, path.name)
            for name in FOLDERS:
                if (settings.DATA / name).is_dir():
                    archive.add(settings.DATA / name, name)
        os.chmod(staging, 0o600)
        os.replace(staging, file)
    print(f"{file}: {file.stat().st_size // 1024} KB")
    return 0


def _dump(folder: Path) -> None:
    if connection.vendor == "sqlite":
        source = sqlite3.connect(settings.DATABASES["default"]["NAME"])
        target = sqlite3.connect(folder / "hocvuso.sqlite3")
        with source, target:
            source.backup(target)
        source.close()
        target.close()
        return
    subprocess.run(["pg_dump", "-Fc", "-f", folder / "hocvuso.pgdump", settings.ENV["DATABASE_URL"]], check=True)


def restore(file: Path, *, force: bool) -> int:
    """Bring an archive back into HOCVUSO_DATA. Refuses to replace what is there without `force`; all or nothing."""
    database = settings.DATA / "hocvuso.sqlite3"
    if connection.vendor == "sqlite" and database.exists() and not force:
        print(f"{database} exists. Stop the site and say --force to replace it.")
        return 1
    settings.DATA.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA) as temporary:
        folder = Path(temporary)
        try:
            with tarfile.open(file) as archive:
                archive.extractall(folder, filter="data")
            note = json.loads((folder / "backup.json").read_text())
        except (OSError, tarfile.TarError, ValueError, KeyError) as error:
            print(f"{file} is not a whole backup: {error}")
            return 1
        if note["vendor"] != connection.vendor:
            print(f"This backup is of {note['vendor']}; the site is set to {connection.vendor} (DATABASE_URL).")
            return 1
        connection.close()
        _load(folder, database)
        for name in (*FOLDERS, "secret.key"):
            if (folder / name).exists():
                _swap(folder / name, settings.DATA / name)
    print("Restored. Now run: hocvuso setup")
    return 0


def _load(folder: Path, database: Path) -> None:
    if connection.vendor == "sqlite":
        for leftover in ("-wal", "-shm"):
            database.with_name(database.name + leftover).unlink(missing_ok=True)
        os.replace(folder / "hocvuso.sqlite3", database)
        return
    command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction"]
    subprocess.run([*command, "-d", settings.ENV["DATABASE_URL"], folder / "hocvuso.pgdump"], check=True)


def _swap(new: Path, old: Path) -> None:
    if old.is_dir():
        shutil.rmtree(old)
    os.replace(new, old)
