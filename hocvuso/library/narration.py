"""A compiled lesson becomes what is said of it: paragraphs, each as it is shown and as the voice says it.

First the title and what one can do afterwards, then the text, what the practice is about, the questions with their
choices (never which is right), and what to try at the end. What is only there for the eye is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import html

from .pronouncing import said
from .rendering.article import render_article
from .rendering.practice import TEXT
from .rendering.strings import words
from .source.reader import LessonSource

_NOT_SAID = {"svg", "script", "details", "hr", "picture", "section", "form"}
_SAY = words("vi")


@dataclass(frozen=True)
class Paragraph:
    """One piece of what is said. kind: `title`, `promise`, `heading`, `text`, `note`, `item`, `step` or `choice`."""

    kind: str
    shown: str
    said: str


def narrate(lesson: Mapping[str, Any], article: str) -> list[Paragraph]:
    """All that is said of a lesson, from its row in the edition's index and its compiled article."""
    whole = html.fragment_fromstring(article, create_parent="div")
    found = [_paragraph("title", lesson["title"]), _paragraph("promise", lesson["promise"])]
    found += [*_text(whole), *_practice(whole), *_questions(whole), *_ending(lesson)]
    return [one for one in found if one.said]


def narrate_source(lesson: LessonSource) -> list[Paragraph]:
    """The same of a lesson that is not compiled yet. Raises UnknownBlock, BadDrawing, UnknownIcon."""
    return narrate(lesson.head.model_dump(), render_article(lesson, media=lambda _name: ""))


def _paragraph(kind: str, shown: str, spoken: str = "") -> Paragraph:
    """`spoken`: what is said in its place, where that is more than is shown."""
    words_said = said(spoken or shown)
    pause = "" if words_said[-1:] in ("", ".", "!", "?") else "."
    return Paragraph(kind, shown, words_said + pause)


def _words_of(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def _text(node: Any, box: str = "") -> Iterator[Paragraph]:
    """The text in its order. `box`: the class of what stands around it."""
    for child in node:
        kind = child.get("class", "")
        if child.tag in _NOT_SAID or child.get("id") == TEXT:
            continue
        if child.tag in ("h2", "h3", "h4"):
            yield _paragraph("heading", _words_of(child))
        elif child.tag in ("p", "figcaption"):
            yield _paragraph("note" if kind == "box-title" else "text", _words_of(child))
        elif child.tag in ("ol", "ul"):
            yield from _list(child, box)
        else:
            yield from _text(child, kind)


def _list(node: Any, box: str) -> Iterator[Paragraph]:
    for number, item in enumerate(node.findall("li"), 1):
        text = _words_of(item)
        if node.tag == "ul":
            yield _paragraph("item", text)
        else:
            yield _paragraph("step", f"{number}. {text}", f"{'Bước ' if box == 'steps' else ''}{number}: {text}")


def _practice(whole: Any) -> Iterator[Paragraph]:
    """What the practice is about: its title and how it begins."""
    section = whole.find("section")
    if section is None:
        return
    heading, intro = section.find("h2"), section.find("p")
    for link in intro.findall("a"):  # to the text, which was said already
        link.drop_tree()
    yield _paragraph("heading", _words_of(heading))
    yield _paragraph("text", _words_of(intro))


def _questions(whole: Any) -> Iterator[Paragraph]:
    """Each question and its choices, those of an order in the shuffle of the page."""
    for form in whole.iter("form"):
        yield _paragraph("heading", _words_of(form.find(".//legend")))
        choices = [span for span in form.iter("span") if "option" in span.getparent().get("class", "").split()]
        for number, choice in enumerate(choices, 1):
            text = _words_of(choice)
            yield _paragraph("choice", f"{number}. {text}", f"Ý {number}: {text}")


def _ending(lesson: Mapping[str, Any]) -> Iterator[Paragraph]:
    if lesson.get("tonight"):
        yield _paragraph("heading", _SAY["tonight"])
        yield _paragraph("text", lesson["tonight"])
    yield _paragraph("text", _SAY["invited"])
