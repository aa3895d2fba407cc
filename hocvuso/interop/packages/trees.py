"""XML and ZIP of strangers, bounded before they are read: no entities, no network, nothing large, deep or by tricks."""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from lxml import etree

from hocvuso.library.publishing.archive import MAX_BYTES, MAX_FILES, MAX_RATIO

from .found import BadPackage

# What bounds the memory of a tree: elements and their ends, attributes.
MOST_TAGS = 400_000
MOST_ATTRIBUTES = 200_000
_BROKEN = (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, OSError, ValueError)


def parsed(content: bytes) -> Any:
    """The root of an XML document. Raises BadPackage."""
    if content.count(b"<") > MOST_TAGS or content.count(b"=") > MOST_ATTRIBUTES:
        raise BadPackage("tệp XML có quá nhiều phần tử; hãy chia thành nhiều tệp")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content.lstrip(b" \t\r\n"), parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise BadPackage(f"tệp XML không đọc được: {str(error)[:200]}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadPackage("tệp XML có khai báo DOCTYPE, không nhận")
    return root


class Zip:
    """The files of a ZIP, by names that are plain paths."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(BytesIO(content))
            members = [m for m in self._archive.infolist() if not m.is_dir()]
        except _BROKEN:
            raise BadPackage("không phải tệp ZIP đọc được") from None
        _refuse(members)
        self._members = {unicodedata.normalize("NFC", m.filename): m for m in members}
        self.names = list(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The content of a file. Raises BadPackage."""
        try:
            return self._archive.read(self._members[name])
        except _BROKEN:
            raise BadPackage(f"tệp {name[:200]!r} trong gói ZIP bị hỏng hoặc có mật khẩu") from None


def _refuse(members: list[zipfile.ZipInfo]) -> None:
    total = sum(m.file_size for m in members)
    packed = sum(m.compress_size for m in members) or 1
    if len(members) > MAX_FILES or total > MAX_BYTES or total / packed > MAX_RATIO:
        raise BadPackage(f"gói ZIP quá {MAX_FILES} tệp, quá {MAX_BYTES // 1024 // 1024} MB, hoặc nén bất thường")
    for member in members:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadPackage(f"cách nén không được phép: {member.filename[:200]!r}; hãy nén lại thành ZIP thường")
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or member.filename.startswith("/") or ":" in member.filename:
            raise BadPackage(f"đường dẫn không được phép: {member.filename[:200]!r}")
        if member.external_attr >> 28 == 0xA:
            raise BadPackage(f"liên kết không được phép: {member.filename[:200]!r}")
