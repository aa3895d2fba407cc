"""What a document is read into: a flat list of blocks, pictures by name, and what could not be taken along."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace

from hocvuso.base.text import seen

from . import pictures

MOST_PICTURES = 60
MOST_OF_PICTURES = 12 * 1024 * 1024  # bytes together
MOST_BLOCKS = 10_000  # more than `shaping` leaves, which says where it cut
MOST_LEFT_OUT = 100
_QUOTED = 80  # characters of a text that is named
_MADE_UP = re.compile(
    r"(?i)^(picture|image|img|graphic|content placeholder|hình( ảnh)?|ảnh)?[ _-]*\d*$"
    r"|\.(png|jpe?g|gif|svg|webp|emf|wmf)$"
)
_PAGE = re.compile(r"(?i)[-–—\s|]*(trang|page)?\s*\d{0,4}(\s*(/|of|trên)\s*\d{0,4})?[-–—\s|]*")
_OF_A_FONT = re.compile("[\ue000-\uf8ff]")
_BULLETS = "\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\uf06e\uf06c"
_SAID_BY_MACHINE = re.compile(
    r"(?i)\s*(description automatically generated|mô tả được tạo tự động|ai-generated content).*$", re.S
)


class BadDocument(ValueError):
    """The file is no document we can read; the text says why and what to do."""


@dataclass(frozen=True)
class LeftOut:
    """One thing of the document that is not in the lesson, or not as it was, and where it stood."""

    where: str
    what: str


@dataclass(frozen=True)
class Imported:
    """A document as the text of a lesson, with its pictures and what its author has to look at."""

    title: str
    body: str
    pictures: dict[str, bytes] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)


@dataclass(frozen=True)
class Run:
    """Letters of one look."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""
    code: bool = False


@dataclass
class Text:
    """A paragraph. kind: `text`, `heading`, `item`, `quote` or `caption`.

    level: of a heading from 1 (0 is the document's title), of an item from 0; number: of an item that has one.
    """

    runs: list[Run]
    kind: str = "text"
    level: int = 0
    number: int | None = None

    @property
    def text(self) -> str:
        """Its letters alone."""
        return "".join(run.text for run in self.runs)


@dataclass
class Picture:
    """A picture on a line of its own, by the name under which it is kept."""

    name: str
    alt: str = ""
    caption: str = ""


@dataclass
class Table:
    """Cells by rows; `head` where the first row names the columns."""

    rows: list[list[list[Run]]]
    head: bool = False


@dataclass
class Box:
    """One of the boxes of a lesson, such as what is said to the teacher only."""

    kind: str
    blocks: list[Block]


@dataclass
class Break:
    """Here a new slide begins."""


type Block = Text | Picture | Table | Box | Break


class Gathered:
    """What a reader has found so far."""

    def __init__(self) -> None:
        self.title = ""
        self.blocks: list[Block] = []
        self.pictures: dict[str, bytes] = {}
        self.at = ""  # page or slide, where the format has such
        self._left: dict[LeftOut, int] = {}
        self._heading = ""
        self._known: dict[bytes, str] = {}

    def add(self, block: Block) -> None:
        """One more block; paragraphs without letters are none, and what is more than any lesson holds is not kept."""
        if len(self.blocks) > MOST_BLOCKS:
            return
        if isinstance(block, Text):
            block.runs = tidy(block.runs)
            if not block.runs:
                return
            if block.kind == "heading":
                self._heading = quoted(block.text)
        if isinstance(block, Picture):
            block.alt, block.caption = line(block.alt), line(block.caption)
        if isinstance(block, Table):
            block.rows = [[tidy(cell) for cell in row] for row in block.rows]
            block.rows = [row for row in block.rows if any(row)]
            if not block.rows:
                return
            self.leave(f"bảng {len(block.rows)} hàng, {max(map(len, block.rows))} cột đã chuyển thành danh sách")
        self.blocks.append(block)

    def leave(self, what: str, where: str = "") -> None:
        """Note what is not taken along, here unless said."""
        place = where or self.at or (f"mục {self._heading}" if self._heading else "đầu tài liệu")
        left = LeftOut(place, seen(what).strip())
        self._left[left] = self._left.get(left, 0) + 1

    @property
    def left_out(self) -> list[LeftOut]:
        """What was left, each once, with how often."""
        told = [replace(one, what=f"{one.what} ({n} chỗ)") if n > 1 else one for one, n in self._left.items()]
        more = len(told) - MOST_LEFT_OUT
        return [*told[:MOST_LEFT_OUT], *([LeftOut("cả tài liệu", f"và {more} điều khác")] if more > 0 else [])]

    def picture(self, content: bytes | None, alt: str = "", caption: str = "") -> Picture | None:
        """A picture as a lesson can show it; None, and noted, where it cannot."""
        alt = plain_alt(alt)
        named = f"hình {quoted(alt)}" if alt else "một hình"
        try:
            if not content:
                raise pictures.Unusable("tệp hình không có trong tài liệu")
            name = self._known.get(content) or self._keep(content)
        except pictures.Unusable as error:
            self.leave(f"{named}: {error}")
            return None
        return Picture(name, alt, caption)

    def _keep(self, content: bytes) -> str:
        if len(self.pictures) >= MOST_PICTURES:
            raise pictures.Unusable(f"tài liệu có quá {MOST_PICTURES} hình")
        ready = pictures.prepared(content)
        if sum(map(len, self.pictures.values())) + len(ready.content) > MOST_OF_PICTURES:
            raise pictures.Unusable(f"các hình cộng lại quá {MOST_OF_PICTURES // 1024 // 1024} MB")
        if ready.note:
            self.leave(ready.note)
        name = f"hinh-{len(self.pictures) + 1}.{ready.ending}"
        self.pictures[name] = ready.content
        self._known[content] = name
        return name


def tidy(runs: list[Run]) -> list[Run]:
    """Runs with kept letters only, composed, spaces squeezed, neighbours of one look as one; none where nothing is."""
    joined: list[Run] = []
    for run in runs:
        text = "\n".join(seen(part) for part in _OF_A_FONT.sub(_sign, run.text.replace("\r", "")).split("\n"))
        if not text:
            continue
        if not text.strip():
            run = replace(run, bold=joined[-1].bold, italic=joined[-1].italic) if joined else Run("")
        if joined and replace(joined[-1], text="") == replace(run, text=""):
            joined[-1] = replace(run, text=joined[-1].text + text)
        else:
            joined.append(replace(run, text=text))
    return _trimmed(_squeezed(joined))


def _sign(match: re.Match[str]) -> str:
    """A sign that only one font draws: a bullet where we know it, else a box that its author sees."""
    return "•" if match[0] in _BULLETS else "□"


def _squeezed(runs: list[Run]) -> list[Run]:
    made: list[Run] = []
    before = "\n"
    for run in runs:
        text = re.sub(r" *\n[ \n]*", "\n", re.sub(r" {2,}", " ", run.text))
        if before[-1] in " \n":
            text = text.lstrip(" ")
        if text:
            made.append(replace(run, text=unicodedata.normalize("NFC", text)))
            before = text
    return made


def _trimmed(runs: list[Run]) -> list[Run]:
    while runs and not runs[-1].text.strip():
        runs = runs[:-1]
    while runs and not runs[0].text.strip():
        runs = runs[1:]
    if runs:
        runs[0] = replace(runs[0], text=runs[0].text.lstrip())
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip())
    return runs


def line(text: str) -> str:
    """A text on one line, with kept letters only."""
    return unicodedata.normalize("NFC", " ".join(seen(text).split()))


def quoted(text: str) -> str:
    """A text as it is named to somebody: on one line, not too long, in quotes."""
    said = line(text)
    return f"“{said[:_QUOTED].rstrip()}…”" if len(said) > _QUOTED else f"“{said}”"


def plain_alt(alt: str) -> str:
    """What a person wrote about a picture; nothing where a program only named or guessed it."""
    said = line(_SAID_BY_MACHINE.sub("", alt))
    return "" if _MADE_UP.search(said) else said[:300]


def is_page_number(text: str) -> bool:
    """Whether a line says nothing but which page it is on."""
    return bool(_PAGE.fullmatch(line(text)))
