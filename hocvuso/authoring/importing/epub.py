"""Books (.epub): their chapters in the order of reading."""

from __future__ import annotations

import re
from typing import Any

from . import html
from .archives import BROKEN, Archive
from .model import BadDocument, Break, Gathered

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF, _DC = "{http://www.idpf.org/2007/opf}", "{http://purl.org/dc/elements/1.1/}"
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_TYPE = re.compile(r"<!DOCTYPE[^>\[]*(\[.*?\]\s*)?>", re.S | re.I)


def read(content: bytes) -> tuple[Gathered, str]:
    """What a book holds, and its title. Raises BadDocument."""
    archive = Archive(content)
    _refuse_locked(archive)
    container = archive.xml("META-INF/container.xml")
    root = next(container.iter(_CONTAINER + "rootfile"), None) if container is not None else None
    where = root.get("full-path") or "" if root is not None else ""
    package = archive.xml(where)
    if package is None:
        raise BadDocument(BROKEN)
    gathered = Gathered()
    for name in _chapters(package, archive, where, gathered):
        _chapter(gathered, archive, name)
    gathered.title = package.findtext(f".//{_DC}title") or ""
    return gathered, ""


def _refuse_locked(archive: Archive) -> None:
    """Fonts may be hidden, words may not."""
    tree = archive.xml("META-INF/encryption.xml")
    methods = [one.get("Algorithm") or "" for one in tree.iter("{*}EncryptionMethod")] if tree is not None else []
    if any(method not in _FONTS_ONLY for method in methods):
        raise BadDocument("Sách này bị khóa bản quyền (DRM) nên không đọc được. Hãy xin bản không khóa.")


def _chapters(package: Any, archive: Archive, where: str, gathered: Gathered) -> list[str]:
    items = {one.get("id"): one for one in package.iter(_OPF + "item")}
    names = []
    for place in package.iter(_OPF + "itemref"):
        item = items.get(place.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        name = archive.beside(where, item.get("href") or "")
        if "html" in (item.get("media-type") or "") and name in archive.names:
            names.append(name)
        else:
            gathered.leave(f"phần {item.get('href')}: không phải chữ hoặc không có trong sách", "cả tài liệu")
    return names


def _chapter(gathered: Gathered, archive: Archive, name: str) -> None:
    text = (archive.read(name) or b"").decode("utf-8", "replace")
    root = html.parsed(re.sub(r"^\s*<\?xml[^>]*\?>", "", _TYPE.sub("", text.removeprefix("\ufeff"), count=1)))
    if gathered.blocks:
        gathered.add(Break())

    def fetch(link: str) -> bytes | None:
        return None if "://" in link else archive.read(archive.beside(name, link))

    body = root.find("body")
    html.into(gathered, root if body is None else body, fetch)
