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
        PRACTICE: dumped(_practice(title)),
        ITEMS: dumped([_check(outcome)]),
        GUIDE: _GUIDE,
    }
    return {f"{key}/{name}": text.encode() for name, text in files.items()}


def _practice(title: str) -> dict[str, Any]:
    """The plainest practice: messages that are put where they belong."""
    return {
        "kind": "inbox",
        "title": title,
        "intro": OPEN,
        "bins": [{"id": "a", "label": OPEN}, {"id": "b", "label": OPEN}],
        "messages": [{"sender": OPEN, "text": OPEN, "bin": where, "why": OPEN} for where in ("a", "b", "a", "b")],
        "done": OPEN,
    }


def _check(outcome: str) -> dict[str, Any]:
    """The question that the body of a new lesson places."""
    options = [{"text": f"{OPEN} {n}", "right": n == 1, "why": OPEN} for n in (1, 2, 3)]
    return {
        "key": "c1", "use": "check", "type": "choice", "outcome": outcome, "difficulty": "easy", "stem": OPEN,
        "options": options, "why": OPEN,
    }  # fmt: skip
