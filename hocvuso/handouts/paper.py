"""A lesson, or the guide of whoever teaches it, as PDF: to print and hand out."""

from __future__ import annotations

import datetime
from dataclasses import asdict
from json import dumps
from pathlib import Path
from typing import Any

import typst

from hocvuso.credentials import fonts

from . import blocks
from .blocks import Block
from .bundles import Whole

_TEMPLATE = Path(__file__).with_name("paper.typ")


def handout(whole: Whole) -> bytes:
    """The lesson, its questions, and the answers on a page of their own."""
    lesson = whole.lessons[0]
    return _drawn(whole, whole.title, whole.summary, blocks.of_lesson(whole, lesson))


def guide(whole: Whole) -> bytes:
    """The guide of whoever teaches the lesson, with the answers to its questions."""
    lesson = whole.lessons[0]
    title = f"Hướng dẫn cho người dạy: {whole.title}"
    return _drawn(whole, title, whole.summary, blocks.of_guide(whole, lesson))


def _drawn(whole: Whole, title: str, summary: str, shown: list[Block]) -> bytes:
    data = {
        "title": title,
        "author": whole.content["authors"],
        "summary": summary,
        "day": [whole.day.year, whole.day.month, whole.day.day],
        "attribution": whole.attribution,
        "blocks": [_data(block) for block in shown],
        "answers": [_data(block) for block in blocks.answers(whole.lessons[0])],
    }
    made: bytes = typst.compile(
        _TEMPLATE.read_bytes(),
        sys_inputs={"data": dumps(data, ensure_ascii=False)},
        font_paths=fonts.all_fonts(),
        ignore_system_fonts=True,
        timestamp=int(datetime.datetime.combine(whole.day, datetime.time(), datetime.UTC).timestamp()),
    )
    return made


def _data(block: Block) -> dict[str, Any]:
    """A block as the template takes it; a drawing as its text, a photograph as its bytes."""
    drawn = block.picture.startswith(b"<svg")
    shown = block.picture.decode() if drawn else list(block.picture)
    return asdict(block) | {"picture": shown, "format": "svg" if drawn else "webp"}
