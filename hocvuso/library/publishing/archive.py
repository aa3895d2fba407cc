"""Unpacking of uploaded programme folders: bounded in size, count, ratio and paths."""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from io import BytesIO
from pathlib import Path, PurePosixPath

from ..source.files import BadName, plain

MAX_BYTES = 20 * 1024 * 1024
MAX_FILES = 1000
MAX_RATIO = 100
# No archive, one with a password or a way of packing we do not know, damaged data, a name that is also a folder.
_BROKEN = (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, OSError)
KINDS = {".md", ".yaml", ".svg", ".png", ".jpg", ".jpeg", ".webp"}


class BadArchive(ValueError):
    """The archive is not a ZIP we take; the text says why."""


def unpack(content: bytes, into: Path) -> Path:
    """Unpack a ZIP and return the folder that holds `programme.yaml`. Raises BadArchive."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _unpack(archive, into)
    except _BROKEN as error:
        raise BadArchive("không phải tệp ZIP đọc được") from error
    return programme_in(into)


def programme_in(folder: Path) -> Path:
    """The folder of the programme in what was unpacked. Raises BadArchive."""
    found = sorted(folder.rglob("programme.yaml"), key=lambda p: len(p.parts))
    if not found:
        raise BadArchive("trong tệp không có programme.yaml")
    return found[0].parent


def _unpack(archive: zipfile.ZipFile, into: Path) -> None:
    members = [m for m in archive.infolist() if not m.is_dir()]
    _refuse(members)
    for member in members:
        target = into / PurePosixPath(unicodedata.normalize("NFC", member.filename))
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source:
            target.write_bytes(source.read(MAX_BYTES + 1))


def _refuse(members: list[zipfile.ZipInfo]) -> None:
    total = sum(m.file_size for m in members)
    packed = sum(m.compress_size for m in members) or 1
    if len(members) > MAX_FILES or total > MAX_BYTES or total / packed > MAX_RATIO:
        raise BadArchive(f"quá {MAX_FILES} tệp, quá {MAX_BYTES // 1024 // 1024} MB, hoặc nén bất thường")
    for member in members:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadArchive(f"cách nén không được phép: {member.filename[:200]!r}; hãy nén lại thành ZIP thường")
        path = PurePosixPath(unicodedata.normalize("NFC", member.filename))
        try:
            [plain(part) for part in path.parts]
        except BadName as error:
            raise BadArchive(f"đường dẫn không được phép: {member.filename[:200]!r}: {error}") from None
        if member.external_attr >> 28 == 0xA:
            raise BadArchive(f"liên kết không được phép: {member.filename[:200]!r}")
        if path.suffix.lower() not in KINDS:
            raise BadArchive(f"loại tệp không được phép: {member.filename[:200]}")
