"""A lesson to be projected: its text cut into slides, with what the person who teaches says beside each.

An author cuts with `---`; a heading begins a slide too, and what is too much for one screen goes on to the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape

from ..source.blocks import Block, parse
from ..source.durations import syllables
from ..source.reader import LessonSource
from ..source.schema import ItemSource
from .article import Page, markdown, render_block
from .icons import Icons, svg
from .strings import words

MOST = 90  # syllables that one reads from the last row; a picture takes the room of PICTURE
PICTURE = 45
_HEADING = re.compile(r"^(?=#{2,4} )", re.M)


@dataclass
class Slide:
    """What stands on one screen, and what is said beside it (Markdown)."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How much of the screen is taken."""
        return sum(map(_room, self.blocks))


def _room(block: Block) -> int:
    return PICTURE if block.kind == "picture" else len(syllables(block.markdown))


def cut(body: str) -> list[Slide]:
    """The slides of a lesson's text, in order; questions and practice have one of their own. Raises UnknownBlock."""
    slides = [Slide()]
    for block in _pieces(body):
        last = slides[-1]
        if block.kind == "teacher":
            last.notes.append(block.markdown)
        elif block.kind == "slide":
            slides.append(Slide())
        elif last.blocks and _begins_anew(block, last):
            slides.append(Slide([block]))
        else:
            last.blocks.append(block)
    return [slide for slide in slides if slide.blocks]


def _begins_anew(block: Block, last: Slide) -> bool:
    alone = ("question", "practice")
    if block.kind in alone or last.blocks[-1].kind in alone or block.markdown.startswith("## "):
        return True
    only_heading = len(last.blocks) == 1 and last.blocks[0].markdown.startswith("#") and last.room < PICTURE // 3
    return not only_heading and last.room + _room(block) > MOST


def _pieces(body: str) -> Iterator[Block]:
    """The blocks, text at each heading apart."""
    for block in parse(body):
        if block.kind != "text":
            yield block
            continue
        for text in _HEADING.split(block.markdown):
            if text.strip():
                yield Block("text", text.strip(), line=block.line)


def render_slides(
    lesson: LessonSource, *, media: Callable[[str], str], icons: Icons = svg, language: str = "vi"
) -> str:
    """The slides of a lesson as sections: title, text, questions to talk about, practice; notes in an aside of each.

    Raises as `render_article`.
    """
    page = Page(lesson, media, icons, language)
    slides = cut(lesson.body)
    spoken = {note for slide in slides for note in slide.notes}
    left = [b.markdown for b in parse(lesson.body) if b.kind == "teacher" and b.markdown not in spoken]
    parts = [_section(f"<h1>{escape(lesson.head.title)}</h1><p>{escape(lesson.head.promise)}</p>", left, page, "title")]
    parts += [_section(_shown(slide, page), slide.notes, page) for slide in slides]
    return "\n".join(parts)


def _section(inner: str, notes: list[str], page: Page, kind: str = "") -> str:
    said = "".join(markdown(note) for note in notes)
    title = words(page.language)["teacher"]
    aside = f'<aside class="notes"><p class="box-title">{title}</p>{said}</aside>' if said else ""
    return f'<section class="slide {kind}"><div class="on">{inner}</div>{aside}</section>'


def _shown(slide: Slide, page: Page) -> str:
    """The blocks one below the other; a picture beside what is said with it."""
    shown = [(block.kind == "picture", _block(block, page)) for block in slide.blocks]
    if len({is_picture for is_picture, _html in shown}) == 1:
        return "".join(html for _is_picture, html in shown)
    columns = ("".join(html for is_picture, html in shown if is_picture is which) for which in (False, True))
    return '<div class="beside">' + "".join(f"<div>{column}</div>" for column in columns) + "</div>"


def _block(block: Block, page: Page) -> str:
    if block.kind == "practice":
        practice = page.lesson.practice
        kind = words(page.language)[practice.kind]
        return f"<h2>{kind}: {escape(practice.title)}</h2>{markdown(practice.intro)}"
    if block.kind == "question":
        item = next((one for one in page.lesson.items if one.key == block.name and one.use == "check"), None)
        return _question(item, page) if item else ""
    return render_block(block, page)


def _question(item: ItemSource, page: Page) -> str:
    """A question to talk about: the right answer folded away until it is asked for."""
    texts = item.sequence or [option.text for option in item.options]
    shown = sorted(texts) if item.sequence else texts
    rows = "".join(f"<li>{escape(text)}</li>" for text in shown)
    right = item.sequence or [option.text for option in item.options if option.right]
    answer = "".join(f"<li>{escape(text)}</li>" for text in right)
    say = words(page.language)
    return (
        f'<h2>{escape(item.stem)}</h2><ol class="choices">{rows}</ol>'
        f'<details><summary>{say["right"]}</summary><ol class="right">{answer}</ol>{markdown(item.why)}</details>'
    )
