"""Files that are on the disk before they bear their name: after a power failure there is the old one or the new one."""

from __future__ import annotations

import os
from pathlib import Path


def replace(path: Path, content: bytes) -> None:
    """Write `content` to `path`, whole: a reader, and who comes after a power failure, sees no part."""
    staging = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with staging.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(staging, path)
    except OSError:
        staging.unlink(missing_ok=True)  # a full disk gets back what was taken
        raise
    sync(path.parent)


def sync(folder: Path) -> None:
    """What a folder names is named on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
