"""How letters and paragraphs of Word look, by what is said at them and by the styles they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

_DEEPEST = 12  # styles that rest on styles


@dataclass
class Style:
    """A style with what it says itself."""

    name: str
    based_on: str | None
    element: Any


@dataclass
class Looks:
    """The styles of a document."""

    document: Any
    styles: dict[str, Style] = field(default_factory=dict)

    def __post_init__(self) -> None:
        root = self.document.styles.element
        self._standard = Style("", None, None)
        for element in root.findall(qn("w:style")):
            name = _value(element.find(qn("w:name"))) or ""
            style = Style(name, _value(element.find(qn("w:basedOn"))), element)
            self.styles[element.get(qn("w:styleId")) or ""] = style
            if element.get(qn("w:type")) == "paragraph" and element.get(qn("w:default")) in ("1", "true"):
                self._standard = style
        self._defaults = root.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        self._known: dict[tuple[int, str], Any] = {}

    def style_of(self, paragraph: Any) -> Style:
        """The style of a paragraph."""
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self.styles.get(_value(named) or "", self._standard)

    def heading_level(self, paragraph: Any, style: Style) -> int | None:
        """0 of a title, 1 of the highest heading; None of what is no heading."""
        for one in self._chain(style):
            name = one.name.lower()
            if name == "title":
                return 0
            if name.startswith("heading ") and name[8:].isdigit():
                return int(name[8:])
            if one.element is not None and (said := _level(one.element.find(qn("w:pPr")))) is not None:
                return said
        return _level(paragraph.find(qn("w:pPr")))

    def is_on(self, tag: str, run: Any, style: Style) -> bool:
        """Whether letters are `w:b`, `w:i` and so on."""
        return self._said(tag, run, style, _switched) or False

    def font(self, run: Any, style: Style) -> str:
        """The name of the font in which plain letters are drawn."""
        return self._said("w:rFonts", run, style, _font) or ""

    def _said(self, tag: str, run: Any, style: Style, what: Any) -> Any:
        """What the first of run, its style, the paragraph's style and the defaults says."""
        properties = run.find(qn("w:rPr"))
        if properties is not None:
            if (said := what(properties.find(qn(tag)))) is not None:
                return said
            named = self.styles.get(_value(properties.find(qn("w:rStyle"))) or "")
            if named and (said := self._of_style(tag, named, what)) is not None:
                return said
        said = self._of_style(tag, style, what)
        if said is None and self._defaults is not None:
            said = what(self._defaults.find(qn(tag)))
        return said

    def _of_style(self, tag: str, style: Style, what: Any) -> Any:
        key = (id(style), tag)
        if key not in self._known:
            path = f"{qn('w:rPr')}/{qn(tag)}"
            found = (one.element.find(path) for one in self._chain(style) if one.element is not None)
            self._known[key] = next((said for element in found if (said := what(element)) is not None), None)
        return self._known[key]

    def _chain(self, style: Style) -> list[Style]:
        chain = [style]
        while chain[-1].based_on in self.styles and len(chain) < _DEEPEST:
            chain.append(self.styles[chain[-1].based_on or ""])
        return chain


def _value(element: Any) -> str | None:
    return None if element is None else element.get(qn("w:val"))


def _switched(element: Any) -> bool | None:
    return None if element is None else _value(element) not in ("0", "false", "off", "none")


def _font(element: Any) -> str | None:
    return None if element is None else element.get(qn("w:ascii")) or element.get(qn("w:hAnsi"))


def _level(properties: Any) -> int | None:
    said = _value(properties.find(qn("w:outlineLvl"))) if properties is not None else None
    return int(said) + 1 if said and said.isdigit() and int(said) < 9 else None
