"""What an author may write as the practice of a lesson: `practice.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from .making import Making
from .schema import Key, Line, Strict, Text, unique

Level = Annotated[int, Field(ge=0, le=10)]
ACTS = ("tap", "field", "dial", "swipe", "hold", "drag")
# Acts that need an element of a kind of its own, which no other act is done to.
_KIND_OF = {"field": "field", "dial": "keypad", "drag": "slider"}
_LONGEST = 15  # signs a keypad takes, as in gestures.js
_SIGNED = ("app", "button", "row", "picture")  # kinds that show an icon large enough to be coloured, and can be moved


class Element(Strict):
    """One thing on a simulated screen.

    swipe: the way it goes when it is swiped; colour: of its icon; value: where a slider begins; secret: a keypad for a
    PIN, which shows dots and has no button that calls.
    """

    id: Key
    kind: Literal[
        "app", "button", "link", "field", "switch", "row", "text", "heading", "picture", "bubble", "keypad", "slider"
    ]
    label: Line
    icon: Key | None = None
    note: str = ""
    colour: Literal["green", "red", "yellow", "grey"] | None = None
    swipe: Literal["left", "right", "up", "down"] | None = None
    value: Level | None = None
    secret: bool = False

    @model_validator(mode="after")
    def _fits_kind(self) -> Element:
        if self.colour and not (self.icon and self.kind in _SIGNED):
            raise ValueError(f"phần tử {self.id!r}: colour cần icon, và kind là một trong {', '.join(_SIGNED)}")
        if self.swipe and self.kind not in _SIGNED:
            raise ValueError(f"phần tử {self.id!r}: chỉ vuốt được {', '.join(_SIGNED)}")
        if (self.value is not None) != (self.kind == "slider"):
            raise ValueError(f"phần tử {self.id!r}: value (nấc lúc đầu, 0 đến 10) đi cùng kind: slider")
        if self.secret and self.kind != "keypad":
            raise ValueError(f"phần tử {self.id!r}: secret chỉ dùng cho kind: keypad")
        return self


class Screen(Strict):
    """One simulated screen: a phone screen or a web page. look: how it is hard to see, until an effect mends it."""

    id: Key
    title: Line
    address: str = ""
    look: Literal["faint", "dim", "mixed"] | None = None
    elements: Annotated[list[Element], Field(min_length=1, max_length=24)]

    @model_validator(mode="after")
    def _ids_once(self) -> Screen:
        unique([e.id for e in self.elements], "phần tử trên màn hình " + self.id)
        if sum(e.kind == "keypad" for e in self.elements) > 1:
            raise ValueError(f"màn hình {self.id!r}: chỉ một keypad, vì phím của bàn phím thật chỉ bấm vào một chỗ")
        return self


class Step(Strict):
    """One expected act, done to one element.

    `tap`, `swipe` or `hold` it; `type` one of the accepted texts into a `field`, or of the numbers to `dial` on a
    keypad; `drag` a slider to between `at_least` and `at_most`. effect: how the device looks from then on.
    """

    screen: Key
    say: Line
    tap: Key | None = None
    field: Key | None = None
    dial: Key | None = None
    swipe: Key | None = None
    hold: Key | None = None
    drag: Key | None = None
    type: list[Line] = []
    at_least: Level | None = None
    at_most: Level | None = None
    effect: Literal["large-text", "dark", "contrast", "greyscale", "bright", "colours"] | None = None
    hint: Line
    ok: Line
    wrong: dict[str, Line] = {}

    @property
    def act(self) -> str:
        """What is to be done, one of ACTS."""
        return next(act for act in ACTS if getattr(self, act))

    @property
    def target(self) -> str:
        """The id of what it is to be done to."""
        return str(getattr(self, self.act))

    @model_validator(mode="after")
    def _one_action(self) -> Step:
        if sum(bool(getattr(self, act)) for act in ACTS) != 1:
            raise ValueError(f"mỗi bước cần đúng một hành động: {', '.join(ACTS)}")
        if bool(self.type) != (self.act in ("field", "dial")):
            raise ValueError("type, danh sách câu hoặc số được chấp nhận, đi cùng field hoặc dial")
        if self.dial and not all(_is_number(text) for text in self.type):
            raise ValueError("bàn phím chỉ bấm được 0 đến 9, * và #: type không có dấu cách hay chữ")
        if self.dial and max(map(len, self.type)) > _LONGEST:
            raise ValueError(f"bàn phím chỉ nhận {_LONGEST} số")
        low, high = self.wanted
        if (low, high) != (0, 10) and not self.drag:
            raise ValueError("at_least và at_most đi cùng drag")
        if self.drag and ((low, high) == (0, 10) or low > high):
            raise ValueError("kéo thanh trượt cần at_least hoặc at_most, và at_least không quá at_most")
        return self

    @property
    def wanted(self) -> tuple[int, int]:
        """From where to where a slider is right."""
        return self.at_least or 0, 10 if self.at_most is None else self.at_most


def _is_number(text: str) -> bool:
    return bool(text) and set(text) <= set("0123456789*#")


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
        unique([s.id for s in self.screens], "màn hình")
        screens = {s.id: {e.id: e for e in s.elements} for s in self.screens}
        left: dict[tuple[str, str], tuple[int, int]] = {}  # from where to where a slider may lie by then
        for number, step in enumerate(self.steps, 1):
            elements = screens.get(step.screen)
            if elements is None:
                raise ValueError(f"bước {number}: không có màn hình {step.screen!r}")
            for name in [step.target, *_ids_of_slips(step)]:
                if name not in elements:
                    raise ValueError(f"bước {number}: màn hình {step.screen!r} không có phần tử {name!r}")
            place = (step.screen, step.target)
            begun = elements[step.target].value or 0
            if fault := _fault(step, elements[step.target], left.get(place, (begun, begun))):
                raise ValueError(f"bước {number}: {fault}")
            left[place] = step.wanted
        return self


def _ids_of_slips(step: Step) -> list[str]:
    """Elements that `wrong` speaks of; a keypad's slips may also be numbers, a slider's `low` and `high`."""
    besides = {"other", "low", "high"} if step.drag else {"other"}
    return [name for name in step.wrong if name not in besides and not (step.dial and _is_number(name))]


def _fault(step: Step, element: Element, left: tuple[int, int]) -> str:
    """Why an act cannot be done to an element; nothing where it can. left: where a slider was left before."""
    if _KIND_OF.get(step.act, element.kind) != element.kind:
        return f"{step.act} cần phần tử kind: {_KIND_OF[step.act]}, {element.id!r} là {element.kind}"
    if step.act not in _KIND_OF and element.kind in _KIND_OF.values():
        return f"không {step.act} được {element.id!r}, vì đó là {element.kind}"
    if step.swipe and not element.swipe:
        return f"{element.id!r} cần swipe: left, right, up hoặc down"
    if step.hold and element.swipe:
        return f"{element.id!r} được vuốt nên không giữ được"
    if step.dial and (both := sorted(set(step.wrong) & set(step.type))):
        return f"số {both[0]!r} vừa đúng (type) vừa sai (wrong)"
    if step.dial and element.secret and set("".join(step.type)) & set("*#"):
        return f"bàn phím {element.id!r} nhập mã PIN (secret) nên không có * và #"
    low, high = step.wanted
    if step.drag and low <= left[1] and left[0] <= high:
        return f"thanh trượt {element.id!r} đã nằm sẵn ở chỗ đúng"
    return ""


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


Practice = Annotated[Simulation | Inbox | Chat | Making, Field(discriminator="kind")]
