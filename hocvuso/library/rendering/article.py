"""The article of a lesson, and the guide for the person who teaches it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import nh3
from markdown_it import MarkdownIt

from ..source.blocks import Block, parse
from ..source.reader import LessonSource
from . import checks, practice
from .icons import inline
from .pictures import drawing, photograph

_MD = MarkdownIt("commonmark", {"html": False})
_TAGS = {"p", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "a", "code", "blockquote", "br"}
_BOXES = {
    "example": ("Ví dụ", "star"),
    "warning": ("Cẩn thận", "triangle-alert"),
    "remember": ("Ghi nhớ", "bookmark"),
}


def markdown(text: str) -> str:
    """Markdown as clean HTML: no raw HTML, no scripts, links only to http(s)."""
    return nh3.clean(_MD.render(text), tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "tel"})


def render_article(lesson: LessonSource, *, media: Callable[[str], str]) -> str:
    """The inner HTML of a lesson's article.

    `media(name)` gives the address of a photograph's renditions. The practice and the checks that the text does not
    place stand at the end. Raises UnknownBlock, BadDrawing, UnknownIcon.
    """
    blocks = parse(lesson.body)
    placed = {b.name for b in blocks if b.kind == "question"}
    parts = [_block(block, lesson, media) for block in blocks]
    if not any(b.kind == "practice" for b in blocks):
        parts.append(practice.render(lesson.practice))
    left = [i for i in lesson.items if i.use == "check" and i.key not in placed]
    parts += [checks.render_check(item, lesson="") for item in left]
    parts.append(_sources(lesson))
    return "\n".join(part for part in parts if part)


def _block(block: Block, lesson: LessonSource, media: Callable[[str], str]) -> str:
    match block.kind:
        case "text":
            return markdown(block.markdown)
        case "steps":
            return f'<div class="steps">{markdown(block.markdown)}</div>'
        case "picture":
            return _picture(block, lesson, media)
        case "practice":
            return practice.render(lesson.practice)
        case "question":
            return checks.render_check(next(i for i in lesson.items if i.key == block.name), lesson="")
        case "slide":
            return '<hr class="slide-break" hidden>'
        case "teacher":
            return ""
    title, icon = _BOXES[block.kind]
    return f'<aside class="box {block.kind}"><p class="box-title">{inline(icon)}{title}</p>{markdown(block.markdown)}</aside>'


def _picture(block: Block, lesson: LessonSource, media: Callable[[str], str]) -> str:
    path = lesson.folder / block.name
    if not path.is_file():  # a finding of the checks; the draft still shows the rest
        return f'<p class="missing">[{escape(block.alt or block.name)}]</p>'
    shown = drawing(path, block.alt) if path.suffix == ".svg" else photograph(path, media(block.name), block.alt)
    caption = f"<figcaption>{escape(block.caption)}</figcaption>" if block.caption else ""
    return f"<figure>{shown}{caption}</figure>"


def _sources(lesson: LessonSource) -> str:
    if not lesson.head.sources:
        return ""
    rows = []
    for c in lesson.head.sources:
        title = f'<a href="{escape(c.url)}" rel="noopener">{escape(c.title)}</a>' if c.url.startswith("http") else escape(c.title)
        rows.append(f"<li>{title} — {escape(c.issuer)}{', ' + escape(c.date) if c.date else ''}</li>")
    return f'<details class="sources"><summary>Nguồn của bài này</summary><ul>{"".join(rows)}</ul></details>'


def render_guide(lesson: LessonSource) -> str:
    """The teacher's guide: its own file, and the teacher's notes of the lesson."""
    notes = [markdown(b.markdown) for b in parse(lesson.body) if b.kind == "teacher"]
    return markdown(lesson.guide) + "".join(f'<aside class="box teacher">{note}</aside>' for note in notes)
