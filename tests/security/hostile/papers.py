"""Hostile documents of authors, of every kind that becomes a lesson but Word, which `office` has."""
# ruff: noqa: E501  tables of what hurts, a line each

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import typst
from pptx import Presentation

from .common import ENTITIES, MEGABYTE, PAPER, Case, damaged, zipped

ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"><office:body><office:text>{}</office:text></office:body></office:document-content>'
)
LIVE = {
    "a script": "<script>hvlive()</script><p>a</p>",
    "a handler": '<p onclick="hvlive()">a</p><img src=x onerror=hvlive()>',
    "an address that runs": '<p><a href="javascript:hvlive()">a</a></p>',
    "a drawing that runs": '<p>a</p><svg xmlns="http://www.w3.org/2000/svg" onload="hvlive()"><script>hvlive()</script><path d="M0 0"/></svg>',
    "a frame": '<iframe src="javascript:hvlive()"></iframe><p>a</p>',
    "a picture elsewhere": '<p>a</p><img src="file:///etc/passwd"><img src="http://127.0.0.1:1/a.png"><img src="//a.example/x">',
    "signs of ours": "<p>::: teacher</p><p>:::</p><p>---</p><p>![x](../../etc/passwd)</p><p>&lt;script&gt;hvlive()&lt;/script&gt;</p>",
    "depth": "<div>" * 60_000 + "a",
    "breadth": "<p>a" * 100_000,
    "one long word": "<p>" + "a" * 5 * MEGABYTE,
    "tables in tables": "<table><tr><td>" * 900 + "a",
    "stars": "<p>" + "*a _b " * 60_000,
}


def _odt(body: str, head: str = "") -> bytes:
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": head + ODT.format(body)})


def _epub(chapter: str) -> bytes:
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="a.opf"/></rootfiles></container>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '</manifest><spine><itemref idref="a"/><itemref idref="a"/></spine></package>'
    )
    return zipped({"META-INF/container.xml": container, "a.opf": package, "a.xhtml": chapter})


def _show() -> bytes:
    made, out = Presentation(), BytesIO()
    slide = made.slides.add_slide(made.slide_layouts[1])
    slide.shapes.title.text, slide.placeholders[1].text_frame.text = (
        "Bài",
        "::: warning\n---\n<script>hvlive()</script>",
    )
    made.save(out)
    return out.getvalue()


def papers() -> Iterator[Case]:
    for name, html in LIVE.items():
        yield Case(PAPER, f"a page with {name}", f"<html><body>{html}</body></html>".encode())
        yield Case(PAPER, f"Markdown with {name}", f"Lời.\n\n{html}\n".encode())
        yield Case(PAPER, f"a book with {name}", _epub(f"<html><body>{html}</body></html>"))
    for name, head in ENTITIES.items():
        yield Case(
            PAPER,
            f"a text with {name}",
            _odt("<text:p>&x;</text:p>", head.replace("DOCTYPE x", "DOCTYPE office:document-content")),
        )
        yield Case(PAPER, f"a book with {name}", _epub(f"{head}<html><body><p>&x;</p></body></html>"))
    for name, body in {
        "lists in lists": "<text:list><text:list-item>" * 200
        + "<text:p>a</text:p>"
        + "</text:list-item></text:list>" * 200,
        "spans in spans": "<text:p>" + "<text:span>" * 240 + "a" + "</text:span>" * 240 + "</text:p>",
        "many paragraphs": "<text:p>a</text:p>" * 300_000,
        "a way out": '<text:p>a<draw:frame><draw:image xlink:href="../../../etc/passwd"/></draw:frame></text:p>',
    }.items():
        yield Case(PAPER, f"a text with {name}", _odt(body))
    yield Case(PAPER, "a bomb", zipped({"mimetype": "application/epub+zip", "a": b"\0" * (70 * MEGABYTE)}))
    for name, content in {"slides": _show(), "a PDF": typst.compile(b"= B\nA")}.items():
        yield Case(PAPER, name, content)
        yield from damaged(PAPER, name, content, changes=3)
