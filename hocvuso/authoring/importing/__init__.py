"""Documents of authors as lessons to edit: Word, slides, OpenDocument, PDF, EPUB, HTML, Markdown.

A reader for each format gathers blocks (`model`), `shaping` makes out what was meant, `writing` writes our Markdown.
"""

from __future__ import annotations

import msgspec

from hocvuso.base import apart

from .model import BadDocument, Box, Imported, LeftOut, Run, Text, line
from .writing import to_markdown

__all__ = ["BadDocument", "Imported", "LeftOut", "note_of", "read_document"]

MOST_BYTES = 20 * 1024 * 1024
SECONDS = 30


def note_of(name: str, left_out: list[LeftOut]) -> str:
    """What was left out of a document, as a box that the lesson's author reads and takes away; empty if nothing."""
    if not left_out:
        return ""
    said = Text([Run(f"Chưa lấy được từ “{line(name)}”", bold=True), Run(" (xem xong thì xoá khối này):")])
    items = [Text([Run(line(f"{left.where}: {left.what}"))], "item") for left in left_out]
    return to_markdown([Box("teacher", [said, *items])]) + "\n"


def read_document(name: str, content: bytes) -> Imported:
    """The lesson that a document makes; its kind is judged by its content, `name` serves where it has no title.

    The body is what `source.blocks.parse` takes. Read apart, within bounds. Raises BadDocument, with what to do.
    """
    from . import formats  # its libraries are many, and only its name is needed here

    if len(content) > MOST_BYTES:
        raise BadDocument(f"Tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB. Hãy bớt hình hoặc chia thành nhiều tài liệu.")
    try:
        told = apart.read(formats.told, msgspec.msgpack.encode((name[:300], content)), seconds=SECONDS)
    except apart.Unread as error:
        raise BadDocument(
            str(error)
            or "Không đọc được tệp này: tệp bị hỏng, quá lớn hoặc quá phức tạp. "
            "Hãy mở bằng phần mềm đã soạn ra nó, lưu thành tệp mới rồi thử lại."
        ) from error
    return msgspec.msgpack.decode(told, type=Imported)
