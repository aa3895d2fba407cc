"""Hostile files of questions: GIFT, Moodle XML, QTI."""
# ruff: noqa: E501  tables of what hurts, a line each

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from hocvuso.interop.packages import FORMATS, write_items
from hocvuso.interop.tests.questions import ITEMS

from .common import ENTITIES, MEGABYTE, QUESTIONS, Case, damaged, texts, utf8, zipped

_GIFT = "::{0}::[html]{0}{{={0} ~{0}b#{0} ~{0}c####{0}}}\n"
_OPTION = "<answer fraction='{0}'><text>{1}</text></answer>"
_QUESTION = "<quiz><question type='multichoice'><name><text>{0}</text></name><questiontext><text>{0}</text></questiontext><single>1</single>%s</question></quiz>"
_MOODLE = _QUESTION % (_OPTION.format("100", "{0}") + _OPTION.format("{0}", "b") + _OPTION.format("0", "c"))
_QTI = (
    "<assessmentItem identifier='{0}' title='{0}'><responseDeclaration identifier='R' cardinality='single'><correctResponse>"
    "<value>{0}</value></correctResponse></responseDeclaration><itemBody><choiceInteraction responseIdentifier='R'>%s"
    "</choiceInteraction></itemBody></assessmentItem>"
)
_CHOICES = "".join(f"<simpleChoice identifier='{name}'>{{0}}{name}</simpleChoice>" for name in ("{0}", "b", "c"))


def questions() -> Iterator[Case]:
    for text in texts():
        inside = escape(text, {"'": "&apos;"})
        for name, content in (
            ("GIFT", _GIFT.format(text)),
            ("Moodle", _MOODLE.format(inside)),
            ("QTI", (_QTI % _CHOICES).format(inside)),
        ):
            yield Case(QUESTIONS, f"{name} with {text[:30]!r}", utf8(content))
    for format in FORMATS:
        yield from damaged(QUESTIONS, f"a file of {format}", write_items(ITEMS, format=format, title="Bài"))
    for name, head in ENTITIES.items():
        yield Case(QUESTIONS, f"Moodle with {name}", (head + _MOODLE.format("&x;")).encode())
        yield Case(QUESTIONS, f"QTI with {name}", (head + (_QTI % _CHOICES).format("&x;")).encode())
    yield from _heavy()


def _heavy() -> Iterator[Case]:
    moodle = {
        "100 000 options": _QUESTION % ("<answer/>" * 100_000),
        "HTML without end": _MOODLE.format("&lt;b&gt;" * 12_000),
        "a text without end": _MOODLE.format("&lt;p&gt;x" * 900_000),
        "elements without end": "<quiz>" + "<a/>" * 399_000 + "</quiz>",
        "elements with attributes": "<quiz>" + "<a b='1'/>x" * 199_000 + "</quiz>",
        "more elements": "<quiz>" + "<a/>" * 5_000_000 + "</quiz>",
        "attributes without end": "<quiz " + " ".join(f"a{n}='1'" for n in range(190_000)) + "/>",
        "100 000 floors": "<quiz>" + "<a>" * 100_000 + "</a>" * 100_000 + "</quiz>",
        "3 000 questions": "<quiz>" + "<question/>" * 3_000 + "</quiz>",
    }
    gift = {
        "900 000 options": "a{" + "~b" * 900_000 + "}",
        "300 000 questions": "a{=b ~c ~d}\n\n" * 300_000,
        "empty lines": "\n" * 3_900_000 + "a{=b ~c ~d}",
        "tags without end": "// " + "[tag:" * 700_000 + "\na{=b ~c ~d}",
        "ids without end": "// " + "[id:" * 900_000 + "\na{=b ~c ~d}",
        "braces": "{" * 4_000_000,
        "backslashes": "a{=b" + "\\" * 3_000_000 + "}",
        "Markdown": "[markdown]" + "[" * 45_000 + "{=b ~c ~d}",
        "emphasis": "[markdown]" + "*a_ " * 12_000 + "{=b ~c ~d}",
        "a large file": "a" * (21 * MEGABYTE),
    }
    for format, made in (("Moodle", moodle), ("GIFT", gift)):
        for name, text in made.items():
            yield Case(QUESTIONS, f"{format}, {name}", text.encode())
    yield Case(QUESTIONS, "QTI, 190 000 choices", (_QTI % ("<simpleChoice/>" * 190_000)).encode())
    manifest = b"<manifest>" + b"<resource type='imsqti_item_xmlv2p1' href='a.xml'/>" * 90_000 + b"</manifest>"
    yield Case(QUESTIONS, "a package of 90 000 resources", zipped({"imsmanifest.xml": manifest}))
    item = (_QTI % _CHOICES).format("a").encode()
    yield Case(QUESTIONS, "a package of 1 000 items", zipped({f"{n}.xml": item for n in range(1_000)}))
