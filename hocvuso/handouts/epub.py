"""A programme, or a lesson of it, as a book: EPUB 3, to be read without a line and without any script.

The practice is there to be read with its right way, the questions in their place, their answers folded at the end.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from html import escape
from io import BytesIO
from typing import Any

from lxml import etree

from hocvuso.library.source.schema import ItemSource

from . import bundles
from .bundles import Lesson, Whole, named

XHTML = "http://www.w3.org/1999/xhtml"
_EPUB = "http://www.idpf.org/2007/ops"
_DAY = (1980, 1, 1, 0, 0, 0)  # of every file: the same edition gives the same bytes
_TYPES = {
    "xhtml": "application/xhtml+xml", "css": "text/css", "svg": "image/svg+xml", "webp": "image/webp",
    "jpg": "image/jpeg", "png": "image/png",
}  # fmt: skip
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTAINER = (
    _HEAD + '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
_CSS = """body { line-height: 1.5; margin: 5%; }
h1, h2, h3 { line-height: 1.25; }
figure { margin: 1em 0; text-align: center; }
figure svg, figure img { max-width: 100%; max-height: 18em; }
figcaption, .small { font-size: 0.9em; }
svg.icon { width: 1.2em; height: 1.2em; fill: none; stroke: currentColor; stroke-width: 2; vertical-align: middle; }
.box, .check, .way { border-left: 0.25em solid #1d6f68; padding: 0.1em 0 0.1em 1em; margin: 1em 0; }
.warning { border-color: #b4381f; }
.box-title, .way-title { font-weight: bold; }
summary { font-weight: bold; }
"""
# What tells readers, and the shops of books, how it can be read: https://www.w3.org/TR/epub-a11y-11/
_ACCESS = {
    "schema:accessMode": ("textual", "visual"),
    "schema:accessModeSufficient": ("textual",),
    "schema:accessibilityFeature": (
        "alternativeText", "tableOfContents", "structuralNavigation", "readingOrder", "displayTransformability",
    ),
    "schema:accessibilityHazard": ("none",),
    "schema:accessibilitySummary": (
        "Hình vẽ và ảnh đều có lời mô tả. Không có âm thanh, phim, nhấp nháy. Chữ phóng to được theo máy đọc.",
    ),
}  # fmt: skip


def write(whole: Whole) -> bytes:
    """The book; the same edition gives the same bytes."""
    files: dict[str, bytes] = {"book.css": _CSS.encode()}
    spine = {"about.xhtml": _page(whole.title, _about(whole))}
    for lesson in whole.lessons:
        spine[f"{lesson.key}.xhtml"] = _page(lesson.title, _lesson(whole, lesson, files))
    files |= spine | {"nav.xhtml": _page("Mục lục", _nav(whole))}
    files["book.opf"] = _package(whole, files, list(spine))
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", _DAY), b"application/epub+zip", zipfile.ZIP_STORED)
        archive.writestr(zipfile.ZipInfo("META-INF/container.xml", _DAY), _CONTAINER, zipfile.ZIP_DEFLATED)
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(f"book/{name}", _DAY), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


# --- pages ----------------------------------------------------------------------------------


def _page(title: str, body: str) -> bytes:
    return (
        f'{_HEAD}<!DOCTYPE html>\n<html xmlns="{XHTML}" xmlns:epub="{_EPUB}" lang="vi" xml:lang="vi">'
        f'<head><meta charset="utf-8"/><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="book.css"/></head><body>{body}</body></html>\n'
    ).encode()


def _about(whole: Whole) -> str:
    name, address = whole.licence
    outcomes = "".join(f"<li>{escape(outcome['can_do'])}</li>" for outcome in whole.content["outcomes"])
    pictures = sorted({
        f"{picture['source']}, {picture['licence']}"
        for lesson in whole.lessons for picture in lesson.about["pictures"].values()
    })  # fmt: skip
    drawn = f"<p>Hình: {escape('; '.join(pictures))}.</p>" if pictures else ""
    return (
        f'<section epub:type="titlepage"><h1>{escape(whole.title)}</h1><p>{escape(whole.summary)}</p>'
        f"<p>{escape(whole.content['authors'])}</p></section>"
        f"<section><h2>Học xong, bạn làm được</h2><ul>{outcomes}</ul></section>"
        f'<section epub:type="copyright-page"><h2>Giấy phép</h2>'
        f'<p>Bạn được chép lại và chia sẻ theo giấy phép <a href="{address}">{name}</a>.'
        f"</p><p>Ghi nguồn: {escape(whole.attribution)}</p>{drawn}"
        f'<p>Phát hành {whole.day:%d/%m/%Y}. Tập làm trực tiếp tại <a href="{escape(whole.address)}">'
        f"{escape(whole.address)}</a>.</p></section>"
    )


def _nav(whole: Whole) -> str:
    modules = "".join(
        f"<li><span>{escape(module['title'])}</span><ol>"
        + "".join(f'<li><a href="{one.key}.xhtml">{escape(one.title)}</a></li>' for one in lessons)
        + "</ol></li>"
        for module, lessons in whole.modules()
    )
    return (
        f'<nav epub:type="toc" role="doc-toc"><h1>Mục lục</h1>'
        f'<ol><li><a href="about.xhtml">Về tài liệu này</a></li>{modules}</ol></nav>'
    )


def _lesson(whole: Whole, lesson: Lesson, files: dict[str, bytes]) -> str:
    body = lesson.body()
    for node in list(body.iter("script", "form", "svg", "section", "picture", "details", "hr")):
        _changed(whole, lesson, node, files)
    for node in body.iter():
        node.attrib.pop("hidden", None)
        if node.tag == "a" and (node.get("href") or "").startswith("#"):
            node.drop_tag()
    text = "".join(serialized(child) for child in body)
    answers = "".join(_answer(number, check) for number, check in enumerate(lesson.checks, start=1))
    folded = f'<section class="answers"><h2>Trả lời các câu hỏi</h2>{answers}</section>' if answers else ""
    tonight = lesson.about.get("tonight")
    tried = f"<section><h2>Tối nay, thử một việc thật</h2><p>{escape(tonight)}</p></section>" if tonight else ""
    return f"<h1>{escape(lesson.title)}</h1><p><em>{escape(lesson.about['promise'])}</em></p>{text}{tried}{folded}"


def _changed(whole: Whole, lesson: Lesson, node: Any, files: dict[str, bytes]) -> None:
    """What only a page can do becomes what a book can."""
    if node.tag == "script" or named(node, "sprite") or named(node, "slide-break"):
        node.drop_tree()
    elif node.tag == "form":
        number, check = next((n, c) for n, c in enumerate(lesson.checks, 1) if c.key == node.get("data-item"))
        _replace(node, _question(number, check))
    elif node.tag == "section" and named(node, "practice"):
        for player in node.find_class("player"):
            player.drop_tree()
        node.attrib.pop("data-practice", None)
    elif node.tag == "picture":
        _replace(node, _photograph(whole, node, files))
    elif node.tag == "details":
        _unfold(node)


def _unfold(node: Any) -> None:
    """A book on paper-like screens folds little: the way and the sources are there to be read."""
    node.tag = "div"
    if not node.get("class"):
        node.set("class", "way")
    for summary in node.findall("summary"):
        summary.tag = "p"
        summary.set("class", "way-title")


def _replace(node: Any, with_html: str) -> None:
    made = bundles.tree(with_html)
    made.tail, node.tail = node.tail, None
    node.getparent().replace(node, made)


def _photograph(whole: Whole, node: Any, files: dict[str, bytes]) -> str:
    image = node.find(".//img")
    found = whole.photograph(image.get("src", ""))
    if found is None:
        return f"<p>{escape(image.get('alt', ''))}</p>"
    name, content = found
    files[name] = content
    return f'<img src="{name}" alt="{escape(image.get("alt", ""))}">'


def _question(number: int, check: ItemSource) -> str:
    lines = sorted(check.sequence) if check.type == "order" else [option.text for option in check.options]
    hint = {"order": "<p>Xếp cho đúng thứ tự:</p>", "multi": "<p>Có thể chọn nhiều câu:</p>"}.get(check.type, "")
    rows = "".join(f"<li>{escape(line)}</li>" for line in lines)
    kind = "ul" if check.type == "order" else 'ol type="A"'
    return (
        f'<div class="check"><h3>Câu hỏi {number}. {escape(check.stem)}</h3>{hint}'
        f"<{kind}>{rows}</{kind.split()[0]}></div>"
    )


def _answer(number: int, check: ItemSource) -> str:
    whys = "".join(
        f"<li>{escape(option.text)}: {escape(option.why)}</li>" for option in check.options if option.why is not None
    )
    return (
        f"<details><summary>Câu hỏi {number}</summary><p><strong>{escape(bundles.right_of(check))}</strong></p>"
        f"<p>{escape(check.why)}</p>{f'<ul>{whys}</ul>' if whys else ''}</details>"
    )


def serialized(node: Any) -> str:
    """A node of HTML as XML; drawings bear the namespace that XML wants of them."""
    for drawing in node.iter("svg"):
        if drawing.getparent() is None or drawing.getparent().tag != "svg":
            drawing.set("xmlns", bundles.SVG)
    return str(etree.tostring(node, encoding="unicode"))


# --- the package ----------------------------------------------------------------------------


def _package(whole: Whole, files: Mapping[str, bytes], spine: list[str]) -> bytes:
    name, address = whole.licence
    moment = f"{whole.day:%Y-%m-%d}T00:00:00Z"
    about = [
        f'<dc:identifier id="id">urn:uuid:{whole.id}</dc:identifier>',
        *(f"<dc:{tag}>{escape(text)}</dc:{tag}>" for tag, text in _told(whole, f"{name} ({address})")),
        f'<meta property="dcterms:modified">{moment}</meta>',
        f'<link rel="dcterms:license" href="{address}"/>',
        *(f'<meta property="{key}">{escape(one)}</meta>' for key, values in _ACCESS.items() for one in values),
    ]
    items = "".join(_item(file, content) for file, content in sorted(files.items()))
    order = "".join(f'<itemref idref="{_id(file)}"/>' for file in spine)
    return (
        f'{_HEAD}<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="vi" '
        f'prefix="schema: http://schema.org/"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{"".join(about)}'
        f"</metadata><manifest>{items}</manifest><spine>{order}</spine></package>\n"
    ).encode()


def _told(whole: Whole, rights: str) -> list[tuple[str, str]]:
    return [
        ("title", whole.title), ("language", "vi"), ("creator", whole.content["authors"]),
        ("publisher", bundles.PUBLISHER), ("description", whole.summary), ("date", f"{whole.day:%Y-%m-%d}"),
        ("rights", rights), ("source", whole.address),
        *(("subject", outcome["can_do"]) for outcome in whole.content["outcomes"]),
    ]  # fmt: skip


def _id(file: str) -> str:
    return "f-" + file.replace(".", "-")


def _item(file: str, content: bytes) -> str:
    kinds = ["nav"] * (file == "nav.xhtml") + ["svg"] * (file.endswith(".xhtml") and b"<svg" in content)
    properties = f' properties="{" ".join(kinds)}"' if kinds else ""
    return f'<item id="{_id(file)}" href="{file}" media-type="{_TYPES[file.rpartition(".")[2]]}"{properties}/>'
