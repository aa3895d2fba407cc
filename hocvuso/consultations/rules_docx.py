"""The text of a .docx document, line by line, with the numbers that Word only draws, for splitting into clauses."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass
from io import BytesIO

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from hocvuso.media.word_lists import Marks

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2000
MOST_TEXT = 2 * 1024 * 1024  # characters; a law of five hundred pages has half


class Unreadable(ValueError):
    """Not a .docx document, or one that unpacks beyond bounds."""


@dataclass(frozen=True)
class Lines:
    """The document's lines, and for those in a heading style how deep that is."""

    text: str
    headings: dict[int, int]


def read(content: bytes) -> Lines:
    """The lines of a document. Raises Unreadable."""
    _bounded(content)
    try:
        document = docx.Document(BytesIO(content))
        marks = Marks(document)
        lines: list[str] = []
        headings: dict[int, int] = {}
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += [" | ".join(cell.text.strip() for cell in row.cells) for row in block.rows]
                continue
            level = _heading_level(block)
            for part in (_drawn_before(marks, block) + block.text).splitlines():
                if level is not None and part.strip():
                    headings[len(lines)] = level
                    level = None
                lines.append(part)
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise Unreadable(str(error)) from error
    text = "\n".join(lines)
    if len(text) > MOST_TEXT:
        raise Unreadable("too large")
    return Lines(text, headings)


def told(content: bytes) -> bytes:
    """The lines of a document as JSON, for whoever has it read apart. Raises Unreadable."""
    return json.dumps(asdict(read(content))).encode()


def lines_of(told: bytes) -> Lines:
    """What `told` said."""
    said = json.loads(told)
    return Lines(said["text"], {int(line): depth for line, depth in said["headings"].items()})


def _bounded(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise Unreadable(str(error)) from error
    if len(content) > MOST_BYTES or len(parts) > MOST_PARTS or sum(p.file_size for p in parts) > MOST_UNPACKED:
        raise Unreadable("too large")


def _drawn_before(marks: Marks, paragraph: Paragraph) -> str:
    mark = marks.before(paragraph)
    return f"{mark.text} " if mark and mark.text else ""


def _heading_level(paragraph: Paragraph) -> int | None:
    name = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
    last = name.rpartition(" ")[2]
    return int(last) - 1 if name.startswith("heading ") and last.isdigit() else None
