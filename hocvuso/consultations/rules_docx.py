"""The text of a .docx document, line by line, with the numbers that Word only draws, for splitting into clauses."""

from __future__ import annotations

import json
import zipfile
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

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
        numbers = _Numbers(document)
        lines: list[str] = []
        headings: dict[int, int] = {}
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += [" | ".join(cell.text.strip() for cell in row.cells) for row in block.rows]
                continue
            level = _heading_level(block)
            for part in (numbers.before(block) + block.text).splitlines():
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


def _heading_level(paragraph: Paragraph) -> int | None:
    name = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
    last = name.rpartition(" ")[2]
    return int(last) - 1 if name.startswith("heading ") and last.isdigit() else None


@dataclass
class _Numbers:
    """The numbers of list paragraphs, counted as Word does: by list and level; a higher level starts the lower anew."""

    document: Any
    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    levels: dict[tuple[str, int], tuple[str, str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        try:
            root = self.document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        abstract = {a.get(qn("w:abstractNumId")): a for a in root.findall(qn("w:abstractNum"))}
        for num in root.findall(qn("w:num")):
            reference = num.find(qn("w:abstractNumId"))
            source = abstract.get(reference.get(qn("w:val"))) if reference is not None else None
            for lvl in source.findall(qn("w:lvl")) if source is not None else []:
                key = (num.get(qn("w:numId")), int(lvl.get(qn("w:ilvl"))))
                self.levels[key] = (_of(lvl, "numFmt", "decimal"), _of(lvl, "lvlText", ""), int(_of(lvl, "start", "1")))

    def before(self, paragraph: Paragraph) -> str:
        """What Word draws before the paragraph: "2. ", "a) ", or nothing."""
        place = _list_place(paragraph)
        if place is None or place not in self.levels:
            return ""
        number, level = place
        kind, shape, start = self.levels[place]
        for key in [k for k in self.counts if k[0] == number and k[1] > level]:
            del self.counts[key]
        self.counts[place] = self.counts.get(place, start - 1) + 1
        if kind == "bullet":
            return "- "
        for n in range(level + 1):
            style, _shape, first = self.levels.get((number, n), ("decimal", "", 1))
            shape = shape.replace(f"%{n + 1}", _drawn(style, self.counts.get((number, n), first)))
        return f"{shape} " if shape else ""


def _of(lvl: Any, tag: str, default: str) -> str:
    found = lvl.find(qn(f"w:{tag}"))
    return default if found is None else found.get(qn("w:val")) or default


def _list_place(paragraph: Paragraph) -> tuple[str, int] | None:
    """List and level of a paragraph, its own or its style's."""
    places = [paragraph._p.pPr, paragraph.style.element.find(qn("w:pPr")) if paragraph.style is not None else None]
    for properties in places:
        found = properties.find(qn("w:numPr")) if properties is not None else None
        number = found.find(qn("w:numId")) if found is not None else None
        if found is not None and number is not None:
            level = found.find(qn("w:ilvl"))
            return number.get(qn("w:val")), int(level.get(qn("w:val"))) if level is not None else 0
    return None


def _drawn(style: str, number: int) -> str:
    if style in ("upperRoman", "lowerRoman"):
        text = _roman(number)
        return text if style == "upperRoman" else text.lower()
    if style in ("lowerLetter", "upperLetter"):
        text = chr(ord("a") + (number - 1) % 26)
        return text if style == "lowerLetter" else text.upper()
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in [(50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]:
        while number >= value:
            text, number = text + letters, number - value
    return text
