"""Which format a file is in, by its content, and the items in it. Runs apart: it knows nothing of the site."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import asdict
from typing import Any

from hocvuso.library.publishing.archive import MAX_BYTES

from . import gift, moodle, qti
from .found import BadPackage, Collected, Read
from .texts import name_of
from .trees import Zip, parsed

MOST_TEXT = 4 * 1024 * 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
# GIFT may begin with formatting, too.
_XML = re.compile(rb"\s*<(?!(?:p|b|i|u|em|strong|span|div|img|br|h[1-6]|table)\b)", re.IGNORECASE)
_UNKNOWN = "không nhận ra dạng tệp; ở đây nhận GIFT, Moodle XML và QTI 2.1, 2.2, 3.0 (gói ZIP hoặc tệp XML)"


def told(content: bytes) -> bytes:
    """What is read of a file, whose name stands before it and a zero byte, as JSON. Raises BadPackage."""
    name, _zero, content = content.partition(b"\0")
    return json.dumps(asdict(read(name.decode("utf-8", "replace"), content)), ensure_ascii=False).encode()


def read(name: str, content: bytes) -> Read:
    """The items of a file. Raises BadPackage, and nothing else."""
    if not content.strip():
        raise BadPackage("tệp trống")
    if len(content) > MAX_BYTES:
        raise BadPackage(f"tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB")
    if content.startswith(_ZIP):
        collected, kind = _package(Zip(content))
    elif _is_xml(content):
        collected = Collected()
        kind = _document(parsed(content), name, collected)
    else:
        collected, kind = _text(content), "gift"
    return Read(collected.items, collected.left_out, kind)


def _is_xml(content: bytes) -> bool:
    start = content[:200].removeprefix(b"\xef\xbb\xbf")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<"):
        start = start.replace(b"\0", b"").lstrip(b"\xff\xfe")
    return bool(_XML.match(start))


def _text(content: bytes) -> Collected:
    if len(content) > MOST_TEXT:
        raise BadPackage(f"tệp chữ lớn hơn {MOST_TEXT // 1024 // 1024} MB")
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise BadPackage("không phải tệp câu hỏi, hoặc chữ không theo mã UTF-8; hãy lưu lại với mã UTF-8") from None
    if not gift.looks(text):
        raise BadPackage(_UNKNOWN)
    return gift.read(text)


def _document(root: Any, name: str, collected: Collected) -> str:
    """Read one XML document into what is collected; gives its format. Raises BadPackage."""
    kind = name_of(root)
    if kind == "quiz":
        moodle.read(root, collected)
        return "moodle"
    if kind == qti.ITEM:
        collected.count()
        qti.read_item(root, name, collected)
        return qti.version_of(root)
    if kind == "questestinterop":
        raise BadPackage("đây là QTI 1.2; hãy xuất ra QTI 2.1 trở lên, hoặc Moodle XML")
    if kind in ("manifest", "assessmentTest", "assessmentSection"):
        raise BadPackage("tệp này chỉ liệt kê câu hỏi; hãy gửi cả gói ZIP")
    raise BadPackage(_UNKNOWN)


def _package(package: Zip) -> tuple[Collected, str]:
    manifests = sorted((n for n in package.names if posixpath.basename(n) == qti.MANIFEST), key=lambda n: n.count("/"))
    if manifests:
        return qti.read_package(package, manifests[0])
    collected, kinds = Collected(), []
    for name in package.names:
        if not name.lower().endswith(".xml"):
            collected.leave(name, "tệp này không được nhận")
            continue
        try:
            kinds.append(_document(parsed(package.read(name)), name, collected))
        except BadPackage as error:
            collected.leave(name, str(error))
    if not kinds:
        raise BadPackage("trong gói ZIP không có câu hỏi nào đọc được")
    return collected, kinds[0]
