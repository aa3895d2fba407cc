"""Documents that are ZIP archives: bounded before anything of them is unpacked, their XML without entities."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from io import BytesIO
from urllib.parse import unquote

from lxml import etree

from .model import BadDocument

MOST_FILES = 3000
MOST_UNPACKED = 160 * 1024 * 1024
MOST_XML = 40 * 1024 * 1024  # of one part; a tree is ten times that
MOST_RATIO = 150
_RATIO_FROM = 8 * 1024 * 1024  # below, a part that is all spaces hurts nobody
BROKEN = "Tệp bị hỏng hoặc thiếu phần. Hãy mở bằng phần mềm đã soạn ra nó, lưu lại rồi gửi tệp mới."
PASSWORD = "Tệp có mật khẩu. Hãy mở tệp, bỏ mật khẩu rồi lưu lại."
_NAMED_TYPE = re.compile(rb"<!DOCTYPE[^\[>]*>")
_DAMAGED = (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, OSError, ValueError, KeyError)
_PARSER = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}


class Archive:
    """The parts of a document, read by name and never written anywhere."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except _DAMAGED as error:
            raise BadDocument(BROKEN) from error
        members = [one for one in self._zip.infolist() if not one.is_dir()]
        _refuse(members)
        self.names = {one.filename for one in members}

    def read(self, name: str) -> bytes | None:
        """A part, or None where there is none of that name. Raises BadDocument."""
        if name not in self.names:
            return None
        try:
            return self._zip.read(name)
        except _DAMAGED as error:
            raise BadDocument(BROKEN) from error

    def xml(self, name: str) -> etree._Element | None:
        """A part as a tree, or None where there is none of that name. Raises BadDocument."""
        content = self.read(name)
        return None if content is None else tree(content)

    def beside(self, name: str, link: str) -> str:
        """The name of the part to which a part links."""
        path = unquote(re.split(r"[?#]", link)[0])
        return posixpath.normpath(posixpath.join(posixpath.dirname(name), path)).lstrip("/")

    def refuse_entities(self) -> None:
        """Raises BadDocument where a part of XML declares a type or entities: no program for offices writes such."""
        for name in self.names:
            if name.lower().endswith((".xml", ".rels", ".vml")):
                no_entities(self.read(name) or b"")


def _refuse(members: list[zipfile.ZipInfo]) -> None:
    total = sum(one.file_size for one in members)
    if len(members) > MOST_FILES or total > MOST_UNPACKED:
        raise BadDocument("Tệp chứa quá nhiều hoặc quá lớn. Hãy chia tài liệu thành nhiều bài, bớt hình rồi gửi lại.")
    for one in members:
        if one.flag_bits & 1:
            raise BadDocument(PASSWORD)
        if one.file_size > _RATIO_FROM and one.file_size > MOST_RATIO * max(one.compress_size, 1):
            raise BadDocument("Tệp nén bất thường nên không mở. Hãy mở bằng phần mềm đã soạn ra nó rồi lưu lại.")
        if one.filename.lower().endswith((".xml", ".rels", ".xhtml", ".html")) and one.file_size > MOST_XML:
            raise BadDocument("Tài liệu dài quá. Hãy chia thành nhiều tài liệu rồi gửi từng phần.")


def no_entities(content: bytes) -> None:
    """Raises BadDocument where XML declares a document type or entities."""
    plain = content.replace(b"\0", b"") if b"\0" in content else content
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise BadDocument(BROKEN)


def tree(content: bytes) -> etree._Element:
    """XML as a tree; a document type is passed over if it only names one, else refused. Raises BadDocument."""
    content = _NAMED_TYPE.sub(b"", content, count=1)
    no_entities(content)
    try:
        return etree.fromstring(content, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadDocument(BROKEN) from error


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
