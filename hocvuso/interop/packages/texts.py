"""Texts of strangers' questions as plain text, which is what an item holds; in words what of them was lost."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from markdown_it import MarkdownIt

from hocvuso.library.source.reader import UNFIT

from .found import Unfit

MOST_LETTERS = 50_000  # of one text, with its formatting
_SPACE = re.compile(r"[ \t\n\r\f\xa0]+")
_MARKUP = re.compile(r"</?[a-zA-Z!][^<>]*>|&#?\w+;")
_BLOCKS = "p div br li tr h1 h2 h3 h4 h5 h6 blockquote section article table ul ol dl dt dd pre prompt hr figure"
_BREAKS = frozenset(_BLOCKS.split())
_UNREAD = frozenset({"script", "style", "head", "title", "stylesheet"})
_MARKS = "b strong i em u s del sub sup code pre mark tt font ruby"
_LOST = (
    ("hình", frozenset({"img", "picture", "svg", "canvas"})),
    ("âm thanh, video, nội dung nhúng", frozenset({"audio", "video", "object", "embed", "iframe", "include"})),
    ("công thức", frozenset({"math"})),
    ("bảng", frozenset({"table"})),
    ("liên kết", frozenset({"a"})),
    ("mã lệnh", frozenset({"script"})),
    ("lời hướng dẫn chấm", frozenset({"rubricBlock"})),
    ("chữ đậm, nghiêng, trên, dưới", frozenset(_MARKS.split())),
)


@dataclass
class Losses:
    """What one question loses where it becomes plain text."""

    kinds: dict[str, None] = field(default_factory=dict)

    def of(self, tag: str) -> None:
        """An element is lost but for its text."""
        self.kinds.update(dict.fromkeys(name for name, tags in _LOST if tag in tags))

    def said(self) -> list[str]:
        """What is lost, in a sentence; none where nothing is."""
        return [f"chỉ giữ chữ, bỏ: {'; '.join(self.kinds)}"] if self.kinds else []


def clean(text: str) -> str:
    """The same text as our files hold it: composed, without control characters, lines ended one way."""
    return unicodedata.normalize("NFC", UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def plain(text: str, kind: str, losses: Losses, *, line: bool = False) -> str:
    """A text of a kind (plain, html, markdown, or Moodle's own mixture) as plain text. Raises Unfit.

    What is not plain and stands in one `line` keeps no ends of lines.
    """
    if len(text) > MOST_LETTERS:
        raise Unfit(f"có phần chữ dài hơn {MOST_LETTERS} ký tự")
    text = clean(text).strip()
    if kind == "plain":
        return text
    if kind == "markdown":
        text, kind = MarkdownIt("commonmark", {"html": True}).render(text), "html"
    elif kind == "moodle":
        text = text.replace("\n", "<br>\n") if _MARKUP.search(text) else text
    if _MARKUP.search(text):
        text = flat(_of_html(text), losses)
    elif kind == "html":
        text = _SPACE.sub(" ", text).strip()
    return _SPACE.sub(" ", text) if line else text


def _of_html(text: str) -> Any:
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        return etree.fromstring(f"<html><body><div>{text}</div></body></html>", parser)
    except (etree.LxmlError, ValueError):
        raise Unfit("chữ có định dạng HTML không đọc được") from None


def name_of(element: Any) -> str:
    """The name of an element, as QTI 2 writes it (QTI 3: qti-simple-choice)."""
    name = str(element.tag).rpartition("}")[2]
    return camel(name.removeprefix("qti-"))


def camel(name: str) -> str:
    """`response-identifier` as QTI 2 writes it."""
    first, *others = name.split("-")
    return first + "".join(other[:1].upper() + other[1:] for other in others)


def flat(root: Any, losses: Losses, *, skip: Collection[str] = (), literal: bool = False) -> str:
    """The text of an element, its blocks on lines of their own; `literal`: to the letter, only <br/> ends a line."""
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = name_of(element)
        if event == "start":
            if name in skip or name in _UNREAD:
                losses.of(name)
                walk.skip_subtree()
                continue
            losses.of(name)
            parts += _opened(element, name, literal)
        else:
            if not literal and name in _BREAKS:
                parts.append("\n")
            if element is not root:
                parts.append(_written(element.tail, literal))
    text = clean("".join(parts))
    return text.strip() if literal else _lines(text)


def _opened(element: Any, name: str, literal: bool) -> list[str]:
    shown = f"[{_SPACE.sub(' ', element.get('alt', '')).strip()}]" if name == "img" and element.get("alt") else ""
    broken = "\n" if name == "br" or (name in _BREAKS and not literal) else ""
    return [broken, shown, _written(element.text, literal)]


def _written(text: str | None, literal: bool) -> str:
    """A piece of text; even to the letter, what somebody indented after us is one space."""
    if literal and "\n" not in (text or ""):
        return text or ""
    return _SPACE.sub(" ", text or "")


def _lines(text: str) -> str:
    return re.sub(r" ?\n[ \n]*", "\n", re.sub(r" {2,}", " ", text)).strip()
