"""Questions come in and go out in the formats of the field: GIFT, Moodle XML, QTI. No database, no pages.

Doors: `read_items`, `write_items`. What an item has no place for is told in words, never dropped unsaid.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from hocvuso.base import apart
from hocvuso.library.source.schema import ItemSource

from . import gift, moodle, qti_writing, reading
from .found import BadPackage, LeftOut, Read, unique_key

__all__ = ["FORMATS", "BadPackage", "LeftOut", "Read", "read_items", "unique_key", "write_items"]

# The formats that items go out in, with the ending of their files.
FORMATS: Mapping[str, str] = {"gift": "txt", "moodle": "xml", "qti30": "zip", "qti21": "zip"}
_WRITERS: Mapping[str, Callable[[Sequence[ItemSource], str], bytes]] = {
    "gift": gift.write,
    "moodle": moodle.write,
    "qti30": lambda items, title: qti_writing.write(items, title, "3.0"),
    "qti21": lambda items, title: qti_writing.write(items, title, "2.1"),
}
_SECONDS = 10
_MEMORY = 512 * 1024 * 1024  # bytes of address space, of which a part is never used


def read_items(name: str, content: bytes) -> Read:
    """The items of a file by its content, read apart; the name only tells where things stand. Raises BadPackage."""
    told = name[:200].replace("\0", "").encode("utf-8", "replace") + b"\0" + content
    try:
        read = json.loads(apart.read(reading.told, told, seconds=_SECONDS, memory=_MEMORY))
    except apart.Unread as error:
        raise BadPackage(str(error) or "đọc tệp này quá lâu hoặc quá tốn bộ nhớ; hãy chia thành nhiều tệp") from None
    return Read(**read | {"left_out": [LeftOut(**left) for left in read["left_out"]]})


def write_items(items: Sequence[ItemSource], *, format: str, title: str) -> bytes:
    """The items as a file of one of the FORMATS; the same items give the same bytes."""
    return _WRITERS[format](items, title)
