"""The article of a lesson, and the guide for the person who teaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import nh3
from markdown_it import MarkdownIt

from ..source.blocks import Block, parse
from ..source.files import beside
from ..source.reader import LessonSource
from . import checks, practice
from .icons import Icons, inline, svg
from .pictures import drawing, photograph
from .strings import words

_MD = MarkdownIt("commonmark", {"html": False})
_TAGS = {"p", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "a", "code", "blockquote", "br"}
_BOXES = {"example": "star", "warning": "triangle-alert", "remember": "bookmark"}


@dataclass(frozen=True)
class Page:
    """What every block of a lesson is rendered with."""

    lesson: LessonSource
    media: Callable[[str], str]
    icons: Icons
    language: str


def markdown(text: str) -> str:
    """Markdown as clean HTML: no raw HTML, no scripts, links only to http(s)."""
    return nh3.clean(
        _MD.render(text), tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes={"http", "https", "tel"}
    )


def render_article(
    lesson: LessonSource, *, media: Callable[[str], str], icons: Icons = svg, language: str = "vi"
) -> str:
    """The inner HTML of a lesson's article; the title and the promise stand above it, in the shell.

    `media(name)` gives the address of a photograph's renditions, `icons(name)` the SVG text of an icon. Practice comes
    first, wherever the text places it; the checks that the text does not place stand at the end. Raises UnknownBlock,
    BadDrawing, UnknownIcon.
    """
    page = Page(lesson, media, icons, language)
    blocks = [block for block in parse(lesson.body) if block.kind != "practice"]
    placed = {b.name for b in blocks if b.kind == "question"}
    parts = [practice.render(lesson.practice, icons=icons, language=language), _reading(language)]
    parts += [render_block(block, page) for block in blocks]
    left = [i for i in lesson.items if i.use == "check" and i.key not in placed]
    parts += [checks.render_check(item, language=language) for item in left]
    parts.append(_sources(page))
    return "\n".join(part for part in parts if part)


def _reading(language: str) -> str:
    """Where the text begins; the practice above leads here."""
    return f'<h2 id="{practice.TEXT}">{words(language)["text"]}</h2>'


def render_block(block: Block, page: Page) -> str:
    """One block as HTML; nothing for what stands elsewhere, such as a teacher's note."""
    match block.kind:
        case "text":
            return markdown(block.markdown)
        case "steps":
            return f'<div class="steps">{markdown(block.markdown)}</div>'
        case "picture":
            return _picture(block, page)
        case "question":
            item = next((i for i in page.lesson.items if i.key == block.name), None)
            return checks.render_check(item, language=page.language) if item and item.use == "check" else ""
        case "slide":
            return '<hr class="slide-break" hidden>'
        case "teacher":
            return ""
    return _box(block.kind, _BOXES[block.kind], markdown(block.markdown), page.language, page.icons)


def _box(kind: str, icon: str, inner: str, language: str, icons: Icons) -> str:
    """A box with its own name: a note, not a landmark, so that many of them do not clutter the list of landmarks."""
    title = words(language)[kind]
    return f'<div class="box {kind}" role="note"><p class="box-title">{inline(icon, icons)}{title}</p>{inner}</div>'


def _picture(block: Block, page: Page) -> str:
    path = beside(page.lesson.folder, block.name)
    listed = path.suffix.lower() == ".svg" or block.name in page.lesson.head.pictures
    if not listed or not path.is_file():  # a finding of the checks; the draft still shows the rest
        name = block.alt or block.name
        return f'<p class="missing">{escape(words(page.language)["missing"].format(name=name))}</p>'
    shown = (
        drawing(path, block.alt)
        if path.suffix.lower() == ".svg"
        else photograph(path, page.media(block.name), block.alt)
    )
    caption = f"<figcaption>{escape(block.caption)}</figcaption>" if block.caption else ""
    return f"<figure>{shown}{caption}</figure>"


def _sources(page: Page) -> str:
    if not page.lesson.head.sources:
        return ""
    rows = []
    for c in page.lesson.head.sources:
        linked = c.url.startswith(("https://", "http://"))
        title = f'<a href="{escape(c.url)}" rel="noopener">{escape(c.title)}</a>' if linked else escape(c.title)
        checked = c.checked and words(page.language)["checked"].format(day=f"{c.checked:%d/%m/%Y}")
        rows.append(f"<li>{title} — {', '.join(escape(part) for part in (c.issuer, c.date, checked) if part)}</li>")
    title = words(page.language)["sources"]
    return f'<details class="sources"><summary>{title}</summary><ul>{"".join(rows)}</ul></details>'


def render_guide(lesson: LessonSource, *, icons: Icons = svg, language: str = "vi") -> str:
    """The teacher's guide: its own file, and the teacher's notes of the lesson."""
    notes = [markdown(b.markdown) for b in parse(lesson.body) if b.kind == "teacher"]
    return markdown(lesson.guide) + "".join(_box("teacher", "graduation-cap", note, language, icons) for note in notes)
