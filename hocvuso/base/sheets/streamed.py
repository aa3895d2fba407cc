"""XML of strangers, piece by piece: no tree is built, so that memory does not grow with the file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers.expat import ParserCreate

from django.utils.translation import gettext as _

from .faults import BadFile

MAX_CELL = 32_767  # characters of one text; the limit of Excel
_MAX_TOKEN = 1024 * 1024
_MAX_DEPTH = 60
_MAX_ELEMENTS = 8_000_000  # a million rows of three cells
_CHUNK = 64 * 1024
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how Office writes characters that XML cannot hold

type Attributes = dict[str, str]


class Target:
    """What takes the elements of a file, by their local names."""

    depth = count = 0
    texts: list[str] | None = None  # pieces of the text that is being read
    size = 0

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self) -> str:
        """The text that was read since `texts` was opened."""
        found, self.texts, self.size = "".join(self.texts or ()), None, 0
        return _ESCAPED.sub(_unescaped, found) if "_x" in found else found


def _unescaped(match: re.Match[str]) -> str:
    """The character meant; nothing for what no text has: control characters and halves of characters."""
    char = chr(int(match[1], 16))
    return char if char in "\t\n\r" or unicodedata.category(char) not in ("Cc", "Cs") else ""


def feed(stream: IO[bytes], target: Target, *, most: int) -> Iterator[None]:
    """Feed XML to its target, at most so many bytes; a turn for each piece. Raises BadFile, ExpatError, ValueError."""
    parser, fed = _parser(target), 0
    while piece := stream.read(_CHUNK):
        parser.Parse(piece, False)
        fed += len(piece)
        if fed > most or fed - parser.CurrentByteIndex > _MAX_TOKEN:
            raise too_large()
        yield
    parser.Parse(b"", True)
    yield


def too_large() -> BadFile:
    """The refusal of a file that swells."""
    return BadFile(why=_("tệp khi mở ra quá lớn. Hãy chia thành nhiều tệp nhỏ hơn."))


def _parser(target: Target) -> Any:
    parser = ParserCreate()
    parser.buffer_text = True
    start, end = target.start, target.end

    def starts(name: str, attributes: Attributes) -> None:
        target.depth += 1
        target.count += 1
        if target.depth > _MAX_DEPTH or target.count > _MAX_ELEMENTS:
            raise too_large()
        start(name[name.find(":") + 1 :], attributes)

    def ends(name: str) -> None:
        target.depth -= 1
        end(name[name.find(":") + 1 :])

    def data(piece: str) -> None:
        if target.texts is not None:
            target.texts.append(piece)
            target.size += len(piece)
            if target.size > MAX_CELL:
                raise BadFile(why=_("có ô dài hơn %(most)s ký tự.") % {"most": MAX_CELL})

    def doctype(*_what: Any) -> None:
        raise ValueError("DTD")

    parser.StartElementHandler, parser.EndElementHandler = starts, ends
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = data, doctype
    return parser
