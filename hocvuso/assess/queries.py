"""What pages may know of a test. Keys and explanations come only after the test is scored."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.library.models import Edition, Lesson, Programme
from hocvuso.people.models import Person
from hocvuso.records.queries import studied_since

from . import rules
from .models import Answer, Attempt, Item

LEAST_ITEMS = 5


class NoTest(Refusal):
    """The programme has too few live items for a test."""

    code = "no-test"
    says = _("Chương trình này chưa có bài kiểm tra.")


class BadResponse(Refusal):
    """The response does not fit the question."""

    code = "bad-response"
    says = _("Hãy chọn câu trả lời trước.")


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
    """One answered question after the test.

    Until a final test is passed its questions come again: of a wrong answer it says how it fails (`slip`, and the
    author's word on that option), and not what is right.
    """

    stem: str
    type: str
    given: list[str]
    right: list[str]
    correct: bool
    why: str
    slip: str
    count: int
    outcome: str
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
    """All answers, and as much of what would have been right as may be known; empty until the attempt is scored."""
    if attempt.state != Attempt.State.SCORED:
        return []
    passed = bool((attempt.result or {}).get("passed"))
    rows = attempt.answers.select_related("item__outcome")
    return [_reviewed(given, keys=passed or given.correct) for given in rows]


def _reviewed(given: Answer, *, keys: bool) -> Review:
    item, answer = given.item, given.item.answer
    options = item.content["options"]
    whys = answer.get("whys", [])
    own = " ".join(whys[n] for n in given.response if whys and n not in answer.get("right", []))
    slip, count = ("", 0) if given.correct else rules.slip(answer, given.response)
    return Review(
        stem=item.content["stem"],
        type=item.content["type"],
        given=[options[n] for n in given.response],
        right=[options[n] for n in answer.get("right", answer.get("sequence", []))] if keys else [],
        correct=given.correct,
        why=answer["why"] if keys else own,
        slip=slip,
        count=count,
        outcome=item.outcome.can_do,
        lesson=item.lesson,
    )


def next_try(attempt: Attempt) -> datetime | None:
    """When a final test that was not passed may be taken again without study; None when that is now."""
    result = attempt.result or {}
    if attempt.kind != Attempt.Kind.FINAL or result.get("passed") or attempt.submitted_at is None:
        return None
    at = attempt.submitted_at + rules.REST
    if at <= timezone.now() or studied_since(attempt.person, attempt.programme, attempt.submitted_at):
        return None
    return at


def to_begin(programme: Programme, tier: int) -> Lesson | None:
    """The first lesson of a programme that teaches at a tier."""
    lessons = Lesson.objects.filter(programme=programme, listed=True, outcomes__tier=tier)
    return lessons.select_related("programme").order_by("position").first()


def to_study(programme: Programme, result: Mapping[str, Any]) -> list[Lesson]:
    """Lessons of the outcomes that a result does not show, in order of the programme."""
    weak = [code for code, (right, count) in result.get("outcomes", {}).items() if right < count]
    lessons = Lesson.objects.filter(outcomes__code__in=weak, programme=programme, listed=True)
    return list(lessons.select_related("programme").distinct().order_by("position"))


def last_attempt(person: Person, programme: Programme, kind: str) -> Attempt | None:
    """The person's latest attempt of a kind."""
    return Attempt.objects.visible_to(person).filter(programme=programme, kind=kind).first()


def bank_of(programme: Programme, kind: str) -> list[rules.BankItem]:
    """What a test draws from. Raises NoTest where that is too little."""
    bank = live_items(programme, kind)
    if len(bank) < LEAST_ITEMS:
        raise NoTest
    return bank


def live_items(programme: Programme, kind: str) -> list[rules.BankItem]:
    """Live items: of a placement those of all programmes for the same audience, else the programme's own."""
    items = Item.objects.filter(state=Item.State.LIVE, programme__current__isnull=False)
    if kind == Attempt.Kind.PLACEMENT:
        items = items.filter(programme__audience=programme.audience)
    else:
        items = items.filter(programme=programme)
    rows = items.values_list("pk", "outcome__code", "difficulty", "exposure")
    return [rules.BankItem(str(pk), outcome, difficulty, exposure) for pk, outcome, difficulty, exposure in rows]


@lru_cache(maxsize=256)
def tier_of(edition_id: Any) -> int:
    """The tier that most outcomes of an edition have, of equals the highest; a published edition never changes."""
    content = Edition.objects.values_list("content", flat=True).get(pk=edition_id)
    tiers = [o["tier"] for o in content["outcomes"]]
    return max(set(tiers), key=lambda t: (tiers.count(t), t))
