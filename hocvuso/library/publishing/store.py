"""The bundle store: folders named by the SHA-256 of what they hold, written once, pre-compressed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from hashlib import sha256
from pathlib import Path

import brotli
from django.conf import settings

from hocvuso.base.files import replace, sync

COMPRESSIBLE = {".html", ".json", ".svg", ".css", ".js", ".txt", ".xml"}


def put(files: Mapping[str, bytes], *, name: str) -> Path:
    """Write `files` (relative path → bytes) as the folder `name`, all or nothing.

    In a folder that is there, what is missing or was changed is written again.
    """
    target = settings.BUNDLES / name
    if target.is_dir():
        _mend(target, files)
        return target
    settings.BUNDLES.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=settings.BUNDLES))
    try:
        for relative, content in files.items():
            write_compressed(staging / relative, content)
        staging.chmod(0o755)
        for folder in (staging, *(path for path in staging.rglob("*") if path.is_dir())):
            sync(folder)
        os.rename(staging, target)
        sync(settings.BUNDLES)
    except OSError:
        shutil.rmtree(staging, ignore_errors=True)
        if not target.is_dir():  # another process may have put the same content there first
            raise
    return target


def adopt(made: Path) -> None:
    """Take a folder that another process put together, under the name it has; what is there already stays as it is."""
    target = settings.BUNDLES / made.name
    try:
        os.rename(made, target)
    except OSError:
        if not target.is_dir():
            raise


def _mend(target: Path, files: Mapping[str, bytes]) -> None:
    for relative, content in files.items():
        path = target / relative
        if not path.is_file() or path.read_bytes() != content:
            write_compressed(path, content)


def holds(name: str, files: Collection[str]) -> bool:
    """Whether the folder `name` is there with all of `files`."""
    return all((settings.BUNDLES / name / file).is_file() for file in files)


def write_compressed(path: Path, content: bytes) -> None:
    """Write a file, and its Brotli form beside it when it is text; each replaced atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, content)
    if path.suffix in COMPRESSIBLE:
        replace(path.with_name(path.name + ".br"), brotli.compress(content, quality=11))


def digest(content: bytes) -> str:
    """SHA-256 in hex."""
    return sha256(content).hexdigest()
