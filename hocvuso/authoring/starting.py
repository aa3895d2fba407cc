"""What a new programme and a new lesson begin with: a form to fill in, of which every open place is a finding."""

from __future__ import annotations

from typing import Any

from hocvuso.library.source.checks import OPEN

from .editing import dumped
from .folders import GUIDE, ITEMS, LESSON, PRACTICE, PROGRAMME

_BODY = """\
Mở đầu bằng một chuyện thật, một hai câu: ai, ở đâu, gặp việc gì.

## Cách làm

::: steps
1. Việc đầu tiên, bắt đầu bằng một động từ.
2. Việc tiếp theo.
:::

::: practice
:::

::: question c1
:::

::: remember
- Điều quan trọng nhất, một câu.
:::

::: teacher
Cách mở bài, chỗ người học hay vướng.
:::
"""
_GUIDE = """\
## Trước buổi học

Cần chuẩn bị gì.

## Trong buổi học

Làm gì, trong mấy phút.
"""


def new_programme(*, key: str, title: str, audience: str, authors: str) -> dict[str, bytes]:
    """The files of a programme in which nothing is written yet."""
    data = {
        "key": key, "title": title, "title_en": OPEN, "summary": OPEN, "summary_en": OPEN, "audience": audience,
        "licence": "CC-BY-4.0", "authors": authors, "outcomes": [], "modules": [],
    }  # fmt: skip
    return {PROGRAMME: dumped(data).encode()}


def new_lesson(*, key: str, title: str, outcome: str, body: str = "") -> dict[str, bytes]:
    """The files of a lesson by their path; `body` where there is one already, as from a document."""
    head = {
        "key": key, "title": title, "title_en": OPEN, "promise": OPEN, "promise_en": OPEN, "goal": OPEN,
        "goal_en": OPEN, "icon": "book-open", "outcomes": [outcome], "legal": False,
    }  # fmt: skip
    files = {
        LESSON: f"---\n{dumped(head)}---\n{body or _BODY}",
        PRACTICE: dumped(new_practice("inbox", title)),
        ITEMS: dumped([_check(outcome)]),
        GUIDE: _GUIDE,
    }
    return {f"{key}/{name}": text.encode() for name, text in files.items()}


def new_practice(kind: str, title: str) -> dict[str, Any]:
    """A practice of a kind in which nothing is written yet, of as many parts as such a one needs."""
    head = {"kind": kind, "title": title, "intro": OPEN}
    return {**head, **_PARTS[kind], "done": OPEN}


_MESSAGES = [{"sender": OPEN, "text": OPEN, "bin": where, "why": OPEN} for where in ("a", "b", "a", "b")]
_REPLIES = [{"text": OPEN, "good": True, "why": OPEN}, {"text": OPEN, "why": OPEN}]
_PARTS: dict[str, dict[str, Any]] = {
    "inbox": {"bins": [{"id": "a", "label": OPEN}, {"id": "b", "label": OPEN}], "messages": _MESSAGES},
    "chat": {"partner": OPEN, "turns": [{"says": OPEN, "replies": _REPLIES} for _n in range(3)]},
    "making": {"task": OPEN, "rules": [{"words": 1, "say": OPEN}], "rubric": [OPEN, OPEN], "exemplar": OPEN},
    "simulation": {
        "device": "phone",
        "screens": [{"id": "a", "title": OPEN, "elements": [{"id": "a", "kind": "button", "label": OPEN}]}],
        "steps": [{"screen": "a", "say": OPEN, "tap": "a", "hint": OPEN, "ok": OPEN} for _n in range(3)],
    },
}


def _check(outcome: str) -> dict[str, Any]:
    """The question that the body of a new lesson places."""
    options = [{"text": f"{OPEN} {n}", "right": n == 1, "why": OPEN} for n in (1, 2, 3)]
    return {
        "key": "c1", "use": "check", "type": "choice", "outcome": outcome, "difficulty": "easy", "stem": OPEN,
        "options": options, "why": OPEN,
    }  # fmt: skip
