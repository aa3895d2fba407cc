"""What pages may know of a test. Keys and explanations come only after the test is scored."""

from __future__ import annotations

import random
from dataclasses import dataclass

from hocvuso.library.models import Lesson, Programme
from hocvuso.people.models import Person

from .models import Attempt, Item


@dataclass(frozen=True)
class Question:
    """The open question as shown: options as (value, text) in this attempt's order, nothing of what is right."""

    position: int
    count: int
    adaptive: bool
    type: str
    stem: str
    options: list[tuple[int, str]]


@dataclass(frozen=True)
class Review:
    """One answered question after the test."""

    stem: str
    type: str
    given: list[str]
    right: list[str]
    correct: bool
    why: str
    lesson: str


def open_question(attempt: Attempt) -> Question | None:
    """The next question of a started attempt; None when all are answered."""
    position = attempt.answers.count()
    if attempt.state != Attempt.State.STARTED or position >= len(attempt.form["items"]):
        return None
    item = Item.objects.get(pk=attempt.form["items"][position]["id"])
    options = list(enumerate(item.content["options"]))
    random.Random(f"{attempt.seed}/{position}").shuffle(options)
    return Question(
        position=position,
        count=len(attempt.form["items"]),
        adaptive=attempt.kind == Attempt.Kind.PLACEMENT,
        type=item.content["type"],
        stem=item.content["stem"],
        options=options,
    )


def review(attempt: Attempt) -> list[Review]:
    """All answers with what would have been right; empty until the attempt is scored."""
    if attempt.state != Attempt.State.SCORED:
        return []
    rows = []
    for given in attempt.answers.select_related("item"):
        options = given.item.content["options"]
        key = given.item.answer.get("right", given.item.answer.get("sequence", []))
        rows.append(
            Review(
                stem=given.item.content["stem"],
                type=given.item.content["type"],
                given=[options[n] for n in given.response],
                right=[options[n] for n in key],
                correct=given.correct,
                why=given.item.answer["why"],
                lesson=given.item.lesson,
            )
        )
    return rows


def to_study(attempt: Attempt) -> list[Lesson]:
    """Lessons of the outcomes that were not shown, in order of the programme."""
    weak = [code for code, (right, asked) in (attempt.result or {}).get("outcomes", {}).items() if right < asked]
    lessons = Lesson.objects.filter(outcomes__code__in=weak, programme=attempt.programme, listed=True)
    return list(lessons.select_related("programme").distinct().order_by("position"))


def last_attempt(person: Person, programme: Programme, kind: str) -> Attempt | None:
    """The person's latest attempt of a kind."""
    return Attempt.objects.visible_to(person).filter(programme=programme, kind=kind).first()
