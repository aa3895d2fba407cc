"""Texts in PNG files (iTXt chunks; PNG 1.2, 4.2.3.3): written, and read from strangers' files without their pixels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_IHDR_ENDS = 8 + 25


def with_text(png: bytes, keyword: str, text: str) -> bytes:
    """A picture of ours with one more text, after its head."""
    body = b"iTXt" + keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_IHDR_ENDS] + chunk + png[_IHDR_ENDS:]


def texts(png: bytes, keyword: str, *, most: int) -> Iterator[bytes]:
    """The texts of a keyword, each of at most `most` bytes: what is longer, or broken, is passed over."""
    at = len(SIGNATURE)
    while at + 12 <= len(png):
        (size,) = struct.unpack_from(">I", png, at)
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        if kind == b"iTXt" and len(body) == size:
            found, _end, rest = body.partition(b"\0")
            if found == keyword.encode("latin-1") and (text := _text(rest, most)) is not None:
                yield text
        at += 12 + size


def _text(rest: bytes, most: int) -> bytes | None:
    packed = rest[:1] == b"\1"
    text = rest[2:].split(b"\0", 2)[-1]  # behind language and translated keyword
    if not packed:
        return text if len(text) <= most else None
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(text, most)
    except zlib.error:
        return None
    return text if unpacker.eof else None
