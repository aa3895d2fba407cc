"""Hostile programmes: their archives, drawings and pictures."""
# ruff: noqa: E501, C901  tables of what hurts, a line each

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile, ZipInfo

from PIL import Image

from tests.world import ROOT

from .common import ALIASES, ARCHIVE, ENTITIES, MEGABYTE, PICTURE, SVG, Case, damaged, texts, utf8, zipped

HANDLERS = (
    "onload",
    "ONLOAD",
    "OnLoad",
    "onbegin",
    "onclick",
    "ONFOCUSIN",
    "xlink:href",
    "href",
    "HREF",
    "style",
    "STYLE",
    "src",
    "formaction",
)
TAGS = (
    "script",
    "SCRIPT",
    "sCript",
    "foreignObject",
    "FOREIGNOBJECT",
    "iframe",
    "image",
    "use",
    "a",
    "animate",
    "set",
    "style",
    "handler",
    "x:script",
)


@cache
def _lesson() -> dict[str, bytes]:
    folder = ROOT / "tests" / "programmes" / "hai-bai"
    return {f"hai-bai/{f.relative_to(folder)}": f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def _archive(**changed: bytes) -> bytes:
    """The programme of the tests as an archive, with some files replaced (`lesson_md` is that of the first lesson)."""
    names = {"programme": "hai-bai/programme.yaml"} | {
        name: f"hai-bai/bai-mot/{name.replace('_', '.')}"
        for name in ("lesson_md", "items_yaml", "practice_yaml", "guide_md")
    }
    return zipped(_lesson() | {names.get(name, name): content for name, content in changed.items()})


def archives() -> Iterator[Case]:
    lesson = _lesson()["hai-bai/bai-mot/lesson.md"]
    for text in texts():
        yield Case(ARCHIVE, f"lesson that ends with {text[:30]!r}", _archive(lesson_md=lesson + b"\n\n" + utf8(text)))
        key = next(line for line in lesson.splitlines() if line.startswith(b"title:"))
        titled = lesson.replace(key, b"title: " + utf8(json.dumps(text[:200], ensure_ascii=False)), 1)
        yield Case(ARCHIVE, f"lesson titled {text[:30]!r}", _archive(lesson_md=titled))
    for bad in (
        "../evil.md",
        "/etc/evil.md",
        "a\\..\\b.md",
        "hai-bai/con.md",
        "hai-bai/\u202egnp.md",
        "x" * 300 + ".md",
        "a\x00b.md",
        "a/./b.md",
        "hai-bai/a.sh",
    ):
        yield Case(ARCHIVE, f"a file named {bad[:30]!r}", zipped({**_lesson(), bad: b"x"}))
    for name, content in {
        "nested": "- " * 5000 + "x",
        "brackets": "[" * 20_000,
        "aliases": ALIASES,
        "long": "[" + "1," * 200_000 + "]",
    }.items():
        for file in ("programme", "items_yaml", "practice_yaml"):
            yield Case(ARCHIVE, f"{file} of YAML {name}", _archive(**{file: content.encode()}))
    for name, md in {
        "quotes": "> " * 50_000,
        "stars": "*a " * 100_000,
        "links": "[" * 50_000,
        "ticks": "`" * 100_000,
        "lists": "\n".join("  " * n + "- a" for n in range(500)),
        "html": "<a" * 100_000,
        "entities": "&" * 100_000,
        "table": "|a" * 50_000 + "\n" + "|-" * 50_000,
    }.items():
        yield Case(ARCHIVE, f"Markdown of {name}", _archive(lesson_md=lesson + b"\n\n" + md.encode()))
    link = ZipInfo("hai-bai/link.md")
    link.external_attr = 0o120777 << 16
    out = BytesIO(_archive())
    with ZipFile(out, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    yield Case(ARCHIVE, "a link", out.getvalue())
    yield Case(ARCHIVE, "a bomb", zipped({**_lesson(), "hai-bai/a.md": b"\0" * (19 * MEGABYTE)}))
    yield Case(ARCHIVE, "many files", zipped({f"hai-bai/{n}.md": b"" for n in range(1_200)}))
    yield from damaged(ARCHIVE, "a programme", _archive(), changes=12)


def drawings() -> Iterator[Case]:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:x="http://www.w3.org/1999/xhtml" viewBox="0 0 9 9">{}</svg>'
    for text in texts():
        safe = "".join(c for c in text if c in "\t\n\r" or " " <= c < "\ud800")
        yield Case(SVG, f"text {text[:30]!r}", utf8(svg.format(f"<text>{escape(safe)}</text>")))
        yield Case(SVG, f"fill {text[:30]!r}", utf8(svg.format(f"<path fill={quoteattr(safe)} d={quoteattr(safe)}/>")))
    for handler in HANDLERS:
        yield Case(SVG, f"attribute {handler}", svg.format(f'<g {handler}="javascript:hvlive()"/>').encode())
    for tag in TAGS:
        yield Case(SVG, f"element {tag}", svg.format(f"<{tag}>hvlive()<{'path'}/></{tag}>").encode())
    for name, head in ENTITIES.items():
        yield Case(SVG, name, (head.replace("DOCTYPE x", "DOCTYPE svg") + svg.format("<text>&x;</text>")).encode())
    for name, inner in {
        "deep": "<g>" * 5_000,
        "deep and closed": "<g>" * 250 + "</g>" * 250,
        "many": "<g/>" * 200_000,
        "use of itself": '<g id="a"><use href="#a"/></g>',
        "long path": f'<path d="{"M0 0" * 500_000}"/>',
    }.items():
        yield Case(SVG, name, svg.format(inner).encode())
    yield from damaged(SVG, "a drawing", svg.format('<path d="M0 0"/>').encode())


def _png(width: int, height: int, *chunks: tuple[bytes, bytes], data: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", data or zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunk(*one) for one in chunks) + body + chunk(b"IEND", b"")


def pictures() -> Iterator[Case]:
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"):
        out = BytesIO()
        Image.new("RGB", (20, 20)).save(out, kind)
        yield from damaged(PICTURE, kind, out.getvalue(), changes=4)
    for size in (
        (1, 1),
        (1, 60_000),
        (60_000, 1),
        (6_000, 6_000),
        (40_001, 1_000),
        (65_535, 65_535),
        (2**31 - 1, 2**31 - 1),
        (0, 0),
    ):
        yield Case(PICTURE, f"a PNG that says {size}", _png(*size))
    rows = zlib.compress(b"\0" * (3 * 6_000 + 1) * 6_000, 9)
    yield Case(PICTURE, "36 million black pixels", _png(6_000, 6_000, data=rows))
    for name, content in {
        "text": b"a\0\0" + zlib.compress(b"x" * 80 * MEGABYTE),
        "icc": b"a\0\0" + zlib.compress(b"x" * 80 * MEGABYTE),
        "exif": b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 60_000,
    }.items():
        yield Case(
            PICTURE,
            f"a PNG that swells in {name}",
            _png(9, 9, ({"text": b"zTXt", "icc": b"iCCP", "exif": b"eXIf"}[name], content)),
        )
    for orientation in (0, 9, 65_535):
        out, exif = BytesIO(), Image.Exif()
        exif[0x0112] = orientation
        Image.new("RGB", (4, 4)).save(out, "JPEG", exif=exif)
        yield Case(PICTURE, f"a JPEG turned {orientation}", out.getvalue())
