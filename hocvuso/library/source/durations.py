"""How long a lesson takes: all that is read on one way through it, at its audience's pace, and every act."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .blocks import Block
from .making import Making
from .practices import Inbox, Practice, Simulation, Step
from .reader import LessonSource
from .schema import ItemSource


@dataclass(frozen=True)
class Pace:
    """Syllables read a minute, and the seconds that an act takes beside reading: to find, to decide, to touch."""

    syllables: int
    seconds: float


# Unhurried silent reading of plain Vietnamese; what is assumed of slow readers is not observed yet (decision 0044).
ORDINARY = Pace(180, 4)
PACES = {"elderly": Pace(110, 8), "disability": Pace(110, 8)}
ACTS_TO_TYPE = 3
SYLLABLES_AN_ACT = 2  # of a text of one's own: to think and to type
MAX_MINUTES = 7.0


@dataclass(frozen=True)
class Duration:
    """Expected minutes of a lesson: of its text, and of its practice and questions."""

    reading: float
    doing: float

    @property
    def total(self) -> float:
        return self.reading + self.doing

    @property
    def practice_share(self) -> float:
        return self.doing / self.total if self.total else 0.0


def syllables(text: str) -> list[str]:
    """Vietnamese is written in separate syllables: these are what readers count as words."""
    return re.findall(r"\w+", text)


def duration(lesson: LessonSource, blocks: list[Block], audience: str) -> Duration:
    """Expected time of whoever does everything rightly at once."""
    pace = PACES.get(audience, ORDINARY)
    checks = [item for item in lesson.items if item.use == "check"]
    text = [f"{b.markdown} {b.caption}" for b in blocks if b.kind != "teacher"]
    done = [*practice_text(lesson.practice), *(said for item in checks for said in _item_text(item))]
    acts = _practice_acts(lesson.practice) + sum(_item_acts(item) for item in checks)
    return Duration(_minutes(text, pace), _minutes(done, pace) + acts * pace.seconds / 60)


def _minutes(texts: list[str], pace: Pace) -> float:
    return sum(len(syllables(text)) for text in texts) / pace.syllables


def practice_text(practice: Practice) -> Iterator[str]:
    """What is read on the right way through a practice: no hints, and of what would be wrong only the choices."""
    yield from (practice.title, practice.intro, practice.done)
    if isinstance(practice, Simulation):
        for screen in practice.screens:
            yield screen.title
            yield from (f"{element.label} {element.note}" for element in screen.elements)
        yield from (f"{step.say} {step.ok}" for step in practice.steps)
    elif isinstance(practice, Inbox):
        yield from (choice.label for choice in practice.bins)
        yield from (f"{message.sender} {message.text} {message.why}" for message in practice.messages)
    elif isinstance(practice, Making):
        yield from (practice.task, *practice.facts, *practice.columns, *practice.rubric, practice.exemplar)
    else:
        for turn in practice.turns:
            yield turn.says
            yield from (reply.text for reply in turn.replies)
            yield next(reply.why for reply in turn.replies if reply.good)


def _practice_acts(practice: Practice) -> int:
    if isinstance(practice, Simulation):
        return sum(_step_acts(step) for step in practice.steps)
    if isinstance(practice, Making):
        return practice.length // SYLLABLES_AN_ACT + len(practice.rubric) + 2  # to have it checked, and to see the end
    return len(practice.messages) if isinstance(practice, Inbox) else len(practice.turns)


def _step_acts(step: Step) -> int:
    """A number is pressed digit by digit, two an act, and called."""
    if step.dial:
        return (min(len(text) for text in step.type) + 1) // 2 + 1
    return ACTS_TO_TYPE if step.field else 1


def _item_text(item: ItemSource) -> Iterator[str]:
    yield item.stem
    yield from item.sequence
    yield from (option.text for option in item.options)
    right = [option.why for option in item.options if option.right and option.why]
    yield from right or [item.why]


def _item_acts(item: ItemSource) -> int:
    """To choose or to move, and to answer."""
    return 1 + (len(item.sequence) or sum(option.right for option in item.options))
