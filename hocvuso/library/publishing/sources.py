"""The sources of editions, kept so that an author can go on from them: archives named by the hash of what they hold.

They hold the keys of test items, so that they lie beside the bundles, not among them: nothing serves them.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

from django.conf import settings

from hocvuso.base.files import replace

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of every file in an archive: the same source gives the same bytes


def pack(files: dict[str, bytes]) -> bytes:
    """Files by their path as a ZIP; the same files give the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            member = zipfile.ZipInfo(name, _FIRST_DAY)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return out.getvalue()


def keep(folder: Path, name: str) -> None:
    """Keep a programme's folder under the hash of its source; what is kept already stays."""
    path = path_of(name)
    if path.is_file():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    replace(path, pack(files))


def opened(name: str) -> dict[str, bytes] | None:
    """The files of a source by their path; None where it was not kept."""
    try:
        with zipfile.ZipFile(path_of(name)) as archive:
            return {member: archive.read(member) for member in archive.namelist()}
    except FileNotFoundError:
        return None


def path_of(name: str) -> Path:
    """Where the source with this hash lies."""
    folder: Path = settings.DATA / "sources"
    return folder / f"{name}.zip"
