"""What an author may write in a lesson folder, but for its practice (practices.py).

Unknown fields are errors: a slip must not pass silently.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from .files import plain

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
OutcomeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}-[0-9]{2}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
PlainName = Annotated[str, AfterValidator(plain)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1500)]


class Strict(BaseModel):
    """Base of every source object."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def host_of(url: str) -> str:
    """The host of an address of the web; nothing where it is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _of_the_web(url: str) -> str:
    if url and not host_of(url):
        raise ValueError(f"{url!r} không phải địa chỉ web: cần bắt đầu bằng https:// hoặc http://")
    return url


class Citation(Strict):
    """Where a fact of law or procedure comes from; `checked` is the day somebody last read it there."""

    title: Line
    issuer: Line
    date: str = ""
    url: Annotated[str, AfterValidator(_of_the_web)] = ""
    checked: datetime.date | None = None


class OutcomeSource(Strict):
    """Yêu cầu cần đạt: a can-do sentence at one tier of one competency."""

    code: OutcomeCode
    competency: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]+/[0-9.]+$")]
    tier: Annotated[int, Field(ge=1, le=8)]
    can_do: Line
    can_do_en: Line


class ModuleSource(Strict):
    """A run of lessons under one title."""

    key: Key
    title: Line
    title_en: Line
    lessons: Annotated[list[Key], Field(min_length=1)]


class ProgrammeSource(Strict):
    """`programme.yaml`: one programme for one audience."""

    key: Key
    title: Line
    title_en: Line
    summary: Text
    summary_en: Text
    audience: Key
    position: Annotated[int, Field(ge=0, le=9999)] = 1000
    licence: Literal["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"]
    authors: Line
    outcomes: Annotated[list[OutcomeSource], Field(min_length=1)]
    modules: Annotated[list[ModuleSource], Field(min_length=1)]


class Picture(Strict):
    """Source and licence of a picture file beside `lesson.md`."""

    source: Line
    licence: Literal["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"]


class LessonHead(Strict):
    """Front matter of `lesson.md`."""

    key: Key
    title: Line
    title_en: Line
    promise: Line
    promise_en: Line
    goal: Line
    goal_en: Line
    tonight: Line | None = None
    tonight_en: Line | None = None
    icon: Key
    outcomes: Annotated[list[OutcomeCode], Field(min_length=1, max_length=3)]
    legal: bool = False
    sources: list[Citation] = []
    pictures: dict[PlainName, Picture] = {}
    words: list[Line] = []


# --- items ----------------------------------------------------------------------------------


class Option(Strict):
    """One option of a choice item."""

    text: Line
    right: bool = False
    why: Line | None = None


class ItemSource(Strict):
    """A question. A `check` item is shown in the lesson with feedback; a `test` item's key never leaves the server."""

    key: Key
    use: Literal["check", "test"]
    type: Literal["choice", "multi", "order"]
    outcome: OutcomeCode
    difficulty: Literal["easy", "medium", "hard"]
    stem: Text
    options: list[Option] = []
    sequence: list[Line] = []
    why: Text

    @model_validator(mode="after")
    def _shape(self) -> ItemSource:
        if self.type == "order":
            if len(self.sequence) < 3 or self.options:
                raise ValueError("câu sắp xếp cần sequence có ít nhất 3 mục và không có options")
            unique(self.sequence, "mục trong sequence")
            return self
        right = sum(o.right for o in self.options)
        if self.sequence or not 3 <= len(self.options) <= 6:
            raise ValueError("câu chọn cần từ 3 đến 6 options và không có sequence")
        if self.type == "choice" and right != 1:
            raise ValueError("câu chọn một cần đúng một phương án right: true")
        if self.type == "multi" and not 1 <= right < len(self.options):
            raise ValueError("câu chọn nhiều cần có phương án đúng và phương án sai")
        if self.use == "check" and any(o.why is None for o in self.options):
            raise ValueError("câu hỏi trong bài cần why cho từng phương án")
        unique([o.text for o in self.options], "phương án")
        return self


def unique(values: list[str], what: str) -> None:
    """Refuse values that stand twice."""
    twice = sorted({v for v in values if values.count(v) > 1})
    if twice:
        raise ValueError(f"trùng {what}: {', '.join(twice)}")
