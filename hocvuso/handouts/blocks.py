"""A lesson as plain blocks, one after another: what papers and slides are laid out from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import Any

import typst
from lxml import etree
from PIL import Image

from hocvuso.credentials import fonts
from hocvuso.library.rendering.practice import TEXT

from . import bundles
from .bundles import Lesson, Whole, named, words_of

_INLINE = {"strong", "b", "em", "i", "a", "code", "span", "br"}
_PLAIN = {"h2", "h3", "h4", "p", "blockquote", "hr"}
# A drawing alone on a page of its size, as a picture.
_DRAWN = b"""#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: 420pt)"""


@dataclass(frozen=True)
class Run:
    """Words of one look."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass(frozen=True)
class Block:
    """kind: `heading`, `text`, `item`, `picture`, `break`. `sign`: before an item; `box`: the name of its box."""

    kind: str
    runs: tuple[Run, ...] = ()
    level: int = 0
    sign: str = ""
    box: str = ""
    picture: bytes = b""
    alt: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


def of_lesson(whole: Whole, lesson: Lesson) -> list[Block]:
    """The lesson in its order, without the answers to its questions."""
    return list(_inside(whole, lesson.body()))


def of_text(whole: Whole, lesson: Lesson) -> list[Block]:
    """Only the text of the lesson: without its practice, its questions, its sources."""
    body = lesson.body()
    for node in [*body.iter("form", "details", "section"), *body.xpath(f"h2[@id='{TEXT}']")]:
        node.drop_tree()
    return list(_inside(whole, body))


def of_guide(whole: Whole, lesson: Lesson) -> list[Block]:
    """The guide of whoever teaches it."""
    return list(_inside(whole, bundles.tree(lesson.guide)))


def answers(lesson: Lesson) -> list[Block]:
    """The right answers of its questions, with the reason."""
    return [
        Block("item", (Run(bundles.right_of(check), bold=True), Run(f" {check.why}")), sign=f"{number}.")
        for number, check in enumerate(lesson.checks, start=1)
    ]


def line(text: str, *, bold: bool = False, italic: bool = False) -> tuple[Run, ...]:
    """A text of one look."""
    return (Run(text, bold, italic),)


def _inside(whole: Whole, node: Any) -> Iterator[Block]:
    if (node.text or "").strip():
        yield Block("text", line(" ".join(node.text.split())))
    for child in node:
        yield from _of(whole, child)


def _of(whole: Whole, node: Any) -> Iterator[Block]:
    if node.tag in _PLAIN:
        yield _plain(node)
    elif node.tag in ("div", "section") and not named(node, "player"):
        box = node.get("class").split()[-1] if named(node, "box") else ""
        yield from (replace(block, box=box or block.box) for block in _inside(whole, node))
    elif node.tag in ("ul", "ol"):
        yield from _items(whole, node)
    elif node.tag == "figure":
        yield from _figure(whole, node)
    elif node.tag == "form":
        yield from _question(node)
    elif node.tag == "details":
        yield from _sources(whole, node) if named(node, "sources") else _folded(node)


def _plain(node: Any) -> Block:
    """A block that holds no others."""
    if node.tag == "hr":
        return Block("break")
    if node.tag in ("p", "blockquote"):
        return Block("text", tuple(_runs(node, bold=named(node, "box-title"))))
    return Block("heading", line(words_of(node)), level=int(node.tag[1]))


def _sources(whole: Whole, node: Any) -> Iterator[Block]:
    yield Block("heading", line(words_of(node.find("summary"))), level=2)
    yield from _items(whole, node.find("ul"))


def _folded(node: Any) -> Iterator[Block]:
    """What a page folds: its name before its first line."""
    name = f"{words_of(node.find('summary'))}: "
    for place, paragraph in enumerate(node.findall("p")):
        yield Block("text", (Run("" if place else name, bold=True), *_runs(paragraph, italic=True)), box="way")


def _items(whole: Whole, node: Any) -> Iterator[Block]:
    start = int(node.get("start") or 1)
    for place, item in enumerate(node.findall("li"), start=start):
        sign = f"{place}." if node.tag == "ol" else "•"
        runs = tuple(_runs(item))
        if runs:
            yield Block("item", runs, sign=sign)
        for child in item:
            if child.tag not in _INLINE:
                found = list(_of(whole, child))
                if not runs and found and found[0].kind == "text":
                    found[0] = replace(found[0], kind="item", sign=sign)
                    runs = found[0].runs
                yield from found


def _runs(node: Any, bold: bool = False, italic: bool = False, link: str = "") -> Iterator[Run]:
    """The words right in a node, with what stands out among them; blocks inside it are others' matter."""
    if text := _squeezed(node.text):
        yield Run(text, bold, italic, link)
    for child in node:
        if child.tag == "br":
            yield Run("\n")
        elif child.tag in _INLINE:
            strong, slanted = child.tag in ("strong", "b"), child.tag in ("em", "i")
            href = child.get("href") or ""
            yield from _runs(child, bold or strong, italic or slanted, "" if href.startswith("#") else href or link)
        if text := _squeezed(child.tail):
            yield Run(text, bold, italic, link)


def _squeezed(text: str | None) -> str:
    """White space as a page shows it; nothing where there is nothing else."""
    if not text or not text.strip():
        return " " if text and "\n" not in text else ""
    ends = " " * text[0].isspace(), " " * text[-1].isspace()
    return ends[0] + " ".join(text.split()) + ends[1]


def _figure(whole: Whole, node: Any) -> Iterator[Block]:
    caption = node.find("figcaption")
    drawing, photograph = node.find("svg"), node.find(".//img")
    if drawing is not None:
        yield Block("picture", picture=_svg(drawing), alt=drawing.get("aria-label") or "")
    elif photograph is not None and (found := whole.photograph(photograph.get("src", ""))):
        yield Block("picture", picture=found[1], alt=photograph.get("alt") or "")
    if caption is not None:
        yield Block("text", line(words_of(caption), italic=True))


def _svg(drawing: Any) -> bytes:
    drawing.set("xmlns", bundles.SVG)
    return bytes(etree.tostring(drawing, encoding="utf-8", with_tail=False))


@lru_cache(maxsize=32)
def raster(picture: bytes) -> bytes:
    """A picture as PNG, for what knows neither SVG nor WebP."""
    if not picture.startswith(b"<svg"):
        out = BytesIO()
        with Image.open(BytesIO(picture)) as photograph:
            photograph.save(out, "PNG")
        return out.getvalue()
    made: bytes = typst.compile(
        _DRAWN, format="png", ppi=144, sys_inputs={"svg": picture.decode()}, font_paths=fonts.all_fonts(),
        ignore_system_fonts=True,
    )  # fmt: skip
    return made


def _question(form: Any) -> Iterator[Block]:
    yield Block("text", line(words_of(form.find(".//legend")), bold=True), box="question")
    if (hint := form.find(".//p[@class='hint']")) is not None:
        yield Block("text", line(words_of(hint), italic=True), box="question")
    for option in form.find_class("option"):
        yield Block("item", line(words_of(option.find("span"))), sign="□", box="question")
