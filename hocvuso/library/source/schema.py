"""What an author may write in a lesson folder. Unknown fields are errors: a slip must not pass silently."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

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


# --- practice -------------------------------------------------------------------------------


class Element(Strict):
    """One thing on a simulated screen."""

    id: Key
    kind: Literal["app", "button", "link", "field", "switch", "row", "text", "heading", "picture", "bubble"]
    label: Line
    icon: Key | None = None
    note: str = ""


class Screen(Strict):
    """One simulated screen: a phone screen or a web page."""

    id: Key
    title: Line
    address: str = ""
    elements: Annotated[list[Element], Field(min_length=1, max_length=24)]

    @model_validator(mode="after")
    def _ids_once(self) -> Screen:
        _unique([e.id for e in self.elements], "phần tử trên màn hình " + self.id)
        return self


class Step(Strict):
    """One expected action. `tap` an element, or `type` one of the accepted texts into a field."""

    screen: Key
    say: Line
    tap: Key | None = None
    field: Key | None = None
    type: list[Line] = []
    hint: Line
    ok: Line
    wrong: dict[str, Line] = {}

    @model_validator(mode="after")
    def _one_action(self) -> Step:
        if bool(self.tap) == bool(self.field):
            raise ValueError("mỗi bước cần đúng một hành động: tap, hoặc field kèm type")
        if self.field and not self.type:
            raise ValueError("bước nhập chữ cần type: danh sách câu trả lời được chấp nhận")
        return self


class Simulation(Strict):
    """A safe copy of a phone or a web form."""

    kind: Literal["simulation"]
    device: Literal["phone", "web"]
    title: Line
    intro: Text
    screens: Annotated[list[Screen], Field(min_length=1, max_length=12)]
    steps: Annotated[list[Step], Field(min_length=3, max_length=16)]
    done: Text

    @model_validator(mode="after")
    def _steps_fit_screens(self) -> Simulation:
        _unique([s.id for s in self.screens], "màn hình")
        screens = {s.id: {e.id: e for e in s.elements} for s in self.screens}
        for number, step in enumerate(self.steps, 1):
            elements = screens.get(step.screen)
            if elements is None:
                raise ValueError(f"bước {number}: không có màn hình {step.screen!r}")
            for name in [step.tap or step.field, *step.wrong]:
                if name != "other" and name not in elements:
                    raise ValueError(f"bước {number}: màn hình {step.screen!r} không có phần tử {name!r}")
            if step.field and elements[step.field].kind != "field":
                raise ValueError(f"bước {number}: {step.field!r} không phải ô nhập (field)")
        return self


class Bin(Strict):
    """Where a message can be sorted."""

    id: Key
    label: Line


class Message(Strict):
    """One message to judge."""

    sender: Line
    text: Text
    bin: Key
    why: Text
    channel: Literal["sms", "email", "chat", "call", "post"] = "sms"


class Inbox(Strict):
    """Messages to sort into bins, each explained."""

    kind: Literal["inbox"]
    title: Line
    intro: Text
    bins: Annotated[list[Bin], Field(min_length=2, max_length=4)]
    messages: Annotated[list[Message], Field(min_length=4, max_length=12)]
    done: Text

    @model_validator(mode="after")
    def _bins_exist(self) -> Inbox:
        names = {b.id for b in self.bins}
        for number, message in enumerate(self.messages, 1):
            if message.bin not in names:
                raise ValueError(f"tin {number}: không có ngăn {message.bin!r}")
        return self


class Reply(Strict):
    """One way to answer in a chat."""

    text: Line
    good: bool = False
    why: Line


class Turn(Strict):
    """What the other side says, and the ways to answer."""

    says: Text
    replies: Annotated[list[Reply], Field(min_length=2, max_length=4)]

    @field_validator("replies")
    @classmethod
    def _some_good_some_not(cls, replies: list[Reply]) -> list[Reply]:
        if len({r.good for r in replies}) < 2:
            raise ValueError("mỗi lượt cần ít nhất một câu trả lời tốt và một câu chưa tốt")
        return replies


class Chat(Strict):
    """A conversation to see through, or to lead well."""

    kind: Literal["chat"]
    title: Line
    intro: Text
    partner: Line
    turns: Annotated[list[Turn], Field(min_length=3, max_length=8)]
    done: Text


Practice = Annotated[Simulation | Inbox | Chat, Field(discriminator="kind")]

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
            _unique(self.sequence, "mục trong sequence")
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
        _unique([o.text for o in self.options], "phương án")
        return self


def _unique(values: list[str], what: str) -> None:
    twice = sorted({v for v in values if values.count(v) > 1})
    if twice:
        raise ValueError(f"trùng {what}: {', '.join(twice)}")
