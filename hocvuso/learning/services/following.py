"""Verbs: follow what is recorded with progress, completions and the review queue; rebuild them, erase them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from fsrs import Card, Rating, Scheduler

from hocvuso.base import marks
from hocvuso.base.events import emit
from hocvuso.base.rows import places, read, write
from hocvuso.indicators.rules import LEAST_PEOPLE
from hocvuso.library.indexing import note_learners
from hocvuso.library.models import Lesson, Programme
from hocvuso.people.models import Person
from hocvuso.records.queries import facts_of, known_lesson
from hocvuso.records.rules import Fact, in_order
from hocvuso.records.services import lock
from hocvuso.units.models import Place

from ..events import LessonCompleted
from ..models import Completion, Enrolment, LearnersNearby, LessonProgress, ReviewCard, ReviewReminder, WeeklyGoal
from ..rules import Progress, advance, is_completion

_scheduler = Scheduler(enable_fuzzing=False)
LATELY = timedelta(days=28)
NEARBY = "learners-nearby"  # mark: the day on which they were counted last


def _enrol_for(person: Person, programme_ids: set[Any]) -> None:
    enrolled = read(Enrolment, f"person_id = %s AND programme_id IN {places(programme_ids)}", person.pk, *programme_ids)
    left = programme_ids - {row.programme_id for row in enrolled}
    if not left:
        return
    # Without the editions themselves: their content is large.
    for programme, edition in Programme.objects.filter(pk__in=left, current__isnull=False).values_list("pk", "current"):
        Enrolment.objects.get_or_create(person=person, programme_id=programme, defaults={"edition_id": edition})


def follow(person: Person, facts: list[Fact]) -> None:
    """Projection: fold new facts into progress and the review queue, count lessons that came to be done."""
    done = _fold(person, facts)
    if not done:
        return
    first = _first_completions(facts)
    _count(person, [(first[address], spent) for address, spent in done.items()], at=facts[0].stored_at)
    for address in done:
        emit(LessonCompleted(person_id=str(person.pk), lesson=address))


def correct(person: Person, voided: Fact, at: datetime) -> None:
    """Projection: conclude again for the lesson of a voided fact, from what still stands."""
    _conclude_again(person, facts_of(person, lesson=voided.lesson), at, lesson_id=known_lesson(voided.lesson).pk)


@transaction.atomic
def rebuild(*, person: Person) -> int:
    """Throw a person's progress and review queue away and fold all that stands again; returns the number of facts.

    Completions were counted and stay; what differs is appended.
    """
    lock(person=person)
    facts = facts_of(person)
    _conclude_again(person, facts, timezone.now())
    return len(facts)


def _conclude_again(person: Person, facts: list[Fact], at: datetime, **of_lesson: Any) -> None:
    LessonProgress.objects.filter(person=person, **of_lesson).delete()
    ReviewCard.objects.filter(person=person, **of_lesson).delete()
    _fold(person, facts)
    last = {row.lesson_id: row for row in Completion.objects.filter(person=person, **of_lesson).order_by("pk")}
    counted = {lesson_id: row for lesson_id, row in last.items() if row.times > 0}
    standing = {fact.id for fact in facts}
    gone = [row for row in counted.values() if row.cause not in standing]
    write(Completion, [_taken_back(row, at) for row in gone])
    kept = counted.keys() - {row.lesson_id for row in gone}
    missing = [first for first in _first_completions(facts).values() if known_lesson(first.lesson).pk not in kept]
    _count(person, [(first, _spent_until(first, facts)) for first in missing], at=at)


def _first_completions(facts: list[Fact]) -> dict[str, Fact]:
    """The completion of each lesson (by address) that was stored first."""
    first: dict[str, Fact] = {}
    for fact in sorted(filter(is_completion, facts), key=in_order):
        first.setdefault(fact.lesson, fact)
    return first


def _spent_until(first: Fact, facts: list[Fact]) -> int:
    return sum(f.seconds for f in facts if f.lesson == first.lesson and f.stored_at <= first.stored_at)


def _count(person: Person, completions: list[tuple[Fact, int]], *, at: datetime) -> None:
    """Append completions, each with the seconds spent by then."""
    keys = [known_lesson(fact.lesson).pk for fact, _spent in completions]
    minutes = {lesson.pk: lesson.minutes for lesson in read(Lesson, f"id IN {places(keys)}", *keys)}
    rows = []
    for fact, spent in completions:
        lesson_id = known_lesson(fact.lesson).pk
        values = {"cause": fact.id, "at": fact.at, "spent": spent, "needed": minutes[lesson_id] * 60}
        rows.append({"person_id": person.pk, "lesson_id": lesson_id, "stored_at": at, **values})
    write(Completion, rows)


def _taken_back(row: Completion, at: datetime) -> dict[str, Any]:
    same = ("person_id", "lesson_id", "cause", "at", "spent", "needed")
    return {name: getattr(row, name) for name in same} | {"times": -row.times, "stored_at": at}


def _fold(person: Person, facts: list[Fact]) -> dict[str, int]:
    """Fold facts into progress and the review queue; lessons (addresses) that came to be done, with seconds spent."""
    if not facts:
        return {}
    lessons = {fact.lesson: known_lesson(fact.lesson) for fact in facts}
    rows = {row.lesson_id: row for row in _rows_of(LessonProgress, person, [known.pk for known in lessons.values()])}
    if len(rows) < len(lessons):
        _enrol_for(person, {known.programme_id for known in lessons.values() if known.pk not in rows})
    before = {address: _progress(rows.get(known.pk)) for address, known in lessons.items()}
    after = dict(before)
    for fact in facts:
        after[fact.lesson] = advance(after[fact.lesson], fact)
    write(
        LessonProgress,
        [_row(person, lessons[address].pk, progress) for address, progress in after.items()],
        unique=["person_id", "lesson_id"],
        update=["state", "best", "seconds", "last_at", "done_at"],
    )
    _review(person, [fact for fact in facts if fact.kind == "item" and fact.success is not None])
    return {address: now.seconds for address, now in after.items() if now.done and not before[address].done}


def _rows_of[M: (LessonProgress, ReviewCard)](model: type[M], person: Person, lesson_ids: Collection[Any]) -> list[M]:
    return read(model, f"person_id = %s AND lesson_id IN {places(lesson_ids)}", person.pk, *lesson_ids)


def _progress(row: LessonProgress | None) -> Progress:
    if row is None:
        return Progress()
    return Progress(row.state == LessonProgress.State.DONE, row.best, row.seconds, row.last_at, row.done_at)


def _row(person: Person, lesson_id: Any, progress: Progress) -> dict[str, Any]:
    states = LessonProgress.State
    return {
        "person_id": person.pk,
        "lesson_id": lesson_id,
        "state": (states.DONE if progress.done else states.UNDER_WAY).value,
        "best": progress.best,
        "seconds": progress.seconds,
        "last_at": progress.last_at,
        "done_at": progress.done_at,
    }


def _review(person: Person, facts: list[Fact]) -> None:
    """Schedule the next review of each answered item (FSRS; right: Good, wrong: Again)."""
    if not facts:
        return
    rows = _rows_of(ReviewCard, person, {known_lesson(fact.lesson).pk for fact in facts})
    known = {(row.lesson_id, row.item): row.card for row in rows}
    moved: dict[tuple[Any, str], Card] = {}
    for fact in sorted(facts, key=in_order):
        key = (known_lesson(fact.lesson).pk, fact.item)
        card = moved.get(key) or (
            Card.from_dict(known[key]) if key in known else Card(card_id=fact.id.int & 0x7FFFFFFF)
        )
        if card.last_review and fact.at <= card.last_review:
            continue  # an offline answer older than what memory already knows
        moved[key], _log = _scheduler.review_card(card, Rating.Good if fact.success else Rating.Again, fact.at)
    write(
        ReviewCard,
        [
            {"person_id": person.pk, "lesson_id": lesson_id, "item": item, "card": card.to_dict(), "due": card.due}
            for (lesson_id, item), card in moved.items()
        ],
        unique=["person_id", "lesson_id", "item"],
        update=["card", "due"],
    )


def count_learners(now: datetime) -> None:
    """Tell the library how many learned each lesson in the last LATELY, for what it offers who does not know yet."""
    lately = LessonProgress.objects.filter(last_at__range=(now - LATELY, now)).order_by()
    note_learners(dict(lately.values_list("lesson").annotate(Count("pk"))))


def count_nearby(now: datetime) -> int:
    """Count once a day how many people of each commune have learned each programme; returns how many counts are shown.

    Small counts are not kept (decision 0024). A person counts in one commune, in each programme once.
    """
    if marks.read(NEARBY).get("day") == (today := timezone.localdate(now).isoformat()):
        return 0
    done = LessonProgress.objects.filter(state=LessonProgress.State.DONE, person__home_place__kind=Place.Kind.COMMUNE)
    counted = (
        done.order_by()
        .values_list("lesson__programme", "person__home_place")
        .annotate(people=Count("person", distinct=True))
        .filter(people__gte=LEAST_PEOPLE)
    )
    rows = [
        LearnersNearby(programme_id=programme, place_id=place, people=people, counted_at=now)
        for programme, place, people in counted
    ]
    with transaction.atomic():
        LearnersNearby.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["place", "programme"],
            update_fields=["people", "counted_at"],
        )
        LearnersNearby.objects.filter(counted_at__lt=now).delete()
        marks.write(NEARBY, day=today)
    return len(rows)


def erase(*, person_id: str) -> None:
    """Erase what follows from what a person did, and what was chosen; called when the person is anonymised."""
    for model in (LessonProgress, Completion, ReviewCard, Enrolment, WeeklyGoal, ReviewReminder):
        model.objects.filter(person_id=person_id).delete()
