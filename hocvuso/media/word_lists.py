"""The numbers and bullets of Word's lists, which a document does not hold and Word only draws."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph


@dataclass(frozen=True)
class Mark:
    """What Word draws before a paragraph: `text` as "2." or "a)", `kind` as Word names it, the level from 0."""

    kind: str
    text: str
    level: int
    number: int


@dataclass
class Marks:
    """The marks of list paragraphs, counted as Word does: by list and level; a higher level starts the lower anew."""

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

    def before(self, paragraph: Paragraph) -> Mark | None:
        """What Word draws before the paragraph, which is counted with that."""
        place = _list_place(paragraph)
        if place is None or place not in self.levels:
            return None
        number, level = place
        kind, shape, start = self.levels[place]
        for key in [k for k in self.counts if k[0] == number and k[1] > level]:
            del self.counts[key]
        self.counts[place] = self.counts.get(place, start - 1) + 1
        if kind == "bullet":
            return Mark(kind, "-", level, self.counts[place])
        for n in range(level + 1):
            style, _shape, first = self.levels.get((number, n), ("decimal", "", 1))
            shape = shape.replace(f"%{n + 1}", _drawn(style, self.counts.get((number, n), first)))
        return Mark(kind, shape, level, self.counts[place])


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
