"""What invented people learned: statements as devices make them, and the progress that follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from hocvuso.assess.models import Attempt
from hocvuso.credentials import services as credentials
from hocvuso.learning.models import Completion, Enrolment, LessonProgress
from hocvuso.library.models import Lesson, Programme
from hocvuso.people.models import Person
from hocvuso.records.models import Statement
from hocvuso.records.rules import DEVICE, StatementIn, fingerprint

from .cases import Planted
from .dating import dated
from .people import BATCH, person

FITTING = {"elderly": "nguoi-cao-tuoi", "pupils-lower-secondary": "hoc-sinh-thcs"}
CERTIFIED = 300  # certificates are really signed, so only some get one
HASTY_COMMUNES, CROWDED_COMMUNES = 20, 15
HASTY_PEOPLE, CROWDED_PEOPLE = 40, 30


@dataclass
class Rows:
    """Rows of one batch."""

    enrolments: list[Enrolment] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    progress: list[LessonProgress] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)


@dataclass(frozen=True)
class Course:
    """A published programme with its lessons in order."""

    programme: Programme
    lessons: list[Lesson]


def courses() -> dict[str, Course]:
    """Published programmes by key."""
    found = {}
    for programme in Programme.objects.filter(current__isnull=False).select_related("current"):
        lessons = list(Lesson.objects.filter(programme=programme, listed=True).order_by("position"))
        found[programme.key] = Course(programme, lessons)
    return found


def make(rng: Random, people: list[Person], now: datetime, planted: Planted) -> int:
    """Learning of everybody, and of the people planted as hasty or crowded; returns the number of statements."""
    catalogue = courses()
    total = 0
    for start in range(0, len(people), BATCH):
        rows = Rows()
        for one in people[start : start + BATCH]:
            _learn(rng, rows, one, catalogue, now)
        total += _store(rows)
    return total + _store(_planted(rng, catalogue, now, planted))


def _course(rng: Random, one: Person, catalogue: dict[str, Course]) -> Course:
    key = FITTING.get(one.audience) if rng.random() < 0.8 else None
    return catalogue[key] if key in catalogue else catalogue[rng.choice(sorted(catalogue))]


def _learn(rng: Random, rows: Rows, one: Person, catalogue: dict[str, Course], now: datetime) -> None:
    course = _course(rng, one, catalogue)
    device = str(UUID(int=rng.getrandbits(128), version=4))
    count = min(len(course.lessons), 1 + int(rng.expovariate(0.6)))
    at = one.created_at + timedelta(minutes=rng.randint(1, 600))
    _enrol(rows, one, course, min(at, now))
    for lesson in course.lessons[:count]:
        if at >= now:
            break
        seconds = int(max(lesson.minutes, 1) * 60 * rng.uniform(0.6, 1.6))
        _lesson(rng, rows, one, lesson, at, seconds, device)
        at += timedelta(hours=rng.expovariate(1 / 40))


def _enrol(rows: Rows, one: Person, course: Course, at: datetime) -> None:
    made = Enrolment(person=one, programme=course.programme, edition=course.programme.published_edition)
    made.created_at = at
    rows.enrolments.append(made)


def _lesson(rng: Random, rows: Rows, one: Person, lesson: Lesson, at: datetime, seconds: int, device: str) -> None:
    score = round(rng.betavariate(5, 1.5), 2)
    practice = {"completion": True, "score": {"scaled": score}, "duration": f"PT{seconds // 2}S"}
    rows.statements.append(_statement(rng, one, "practice", lesson, at, seconds // 2, practice, device))
    end = at + timedelta(seconds=seconds)
    done = {"completion": True, "duration": f"PT{seconds - seconds // 2}S"}
    completing = _statement(rng, one, "lesson", lesson, end, seconds - seconds // 2, done, device)
    rows.statements.append(completing)
    rows.progress.append(
        LessonProgress(person=one, lesson=lesson, state="done", best=score, seconds=seconds, last_at=end, done_at=end)
    )
    rows.completions.append(
        Completion(
            person=one, lesson=lesson, cause=completing.pk, at=end, stored_at=completing.stored_at, spent=seconds,
            needed=lesson.minutes * 60,
        )
    )  # fmt: skip


def _statement(
    rng: Random, one: Person, kind: str, lesson: Lesson, at: datetime, seconds: int, result: dict[str, Any], device: str
) -> Statement:
    made = UUID(int=rng.getrandbits(128), version=4)
    target = f"urn:hocvuso:{kind}:{lesson.address}"
    content = {
        "id": str(made),
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": target},
        "timestamp": at.astimezone(UTC).isoformat(),
        "result": result,
        "context": {"extensions": {DEVICE: device}},
    }
    statement = msgspec.convert(content, StatementIn)
    return Statement(
        id=made,
        person=one,
        verb="completed",
        object=target,
        content=msgspec.to_builtins(statement),
        content_hash=fingerprint(statement),
        at=at,
        stored_at=at + timedelta(seconds=rng.randint(1, 90)),
        seconds=seconds,
        device=device,
    )


def _store(rows: Rows) -> int:
    with dated(Enrolment):
        Enrolment.objects.bulk_create(rows.enrolments, batch_size=BATCH)
    LessonProgress.objects.bulk_create(rows.progress, batch_size=BATCH)
    Statement.objects.bulk_create(rows.statements, batch_size=BATCH)
    Completion.objects.bulk_create(rows.completions, batch_size=BATCH)
    return len(rows.statements)


def _planted(rng: Random, catalogue: dict[str, Course], now: datetime, planted: Planted) -> Rows:
    """Communes where lessons are clicked through, and communes where many sit at one device."""
    rows = Rows()
    communes = planted.take(rng, HASTY_COMMUNES + CROWDED_COMMUNES)
    people = []
    for place in communes[:HASTY_COMMUNES]:
        planted.truth["too-fast"].add(planted.unit_at[place])
        people += list(_crowd(rng, rows, catalogue, planted, place, HASTY_PEOPLE, seconds=20, shared=False))
    for place in communes[HASTY_COMMUNES:]:
        planted.truth["crowded-device"].add(planted.unit_at[place])
        people += list(_crowd(rng, rows, catalogue, planted, place, CROWDED_PEOPLE, seconds=300, shared=True))
    with dated(Person):
        Person.objects.bulk_create(people, batch_size=BATCH)
    return rows


def _crowd(
    rng: Random,
    rows: Rows,
    catalogue: dict[str, Course],
    planted: Planted,
    place: str,
    size: int,
    *,
    seconds: int,
    shared: bool,
) -> Iterator[Person]:
    course = catalogue[sorted(catalogue)[0]]
    first = planted.first_moment
    device = str(UUID(int=rng.getrandbits(128), version=4))
    for n in range(size):
        one = person(rng, place, first)
        one.created_at = first + timedelta(days=rng.randint(0, 20), hours=n % 12)
        yield one
        _enrol(rows, one, course, one.created_at)
        own = device if shared else str(UUID(int=rng.getrandbits(128), version=4))
        for k, lesson in enumerate(course.lessons[:3]):
            _lesson(rng, rows, one, lesson, one.created_at + timedelta(minutes=20 * k + 5), seconds, own)


def certify(rng: Random, people: list[Person]) -> int:
    """Final tests of some who learned: passed or not, and really signed certificates for those who passed."""
    catalogue = courses()
    tested = rng.sample(people, min(len(people), CERTIFIED))
    made = []
    for one in tested:
        course = _course(rng, one, catalogue)
        passed = rng.random() < 0.7
        right = rng.randint(16, 20) if passed else rng.randint(5, 13)
        result = {"theta": 0.0, "se": 0.4, "right": right, "asked": 20, "outcomes": {}, "tier": 2, "passed": passed}
        attempt = Attempt(
            person=one, programme=course.programme, edition=course.programme.published_edition, kind="final", seed=1,
            state="scored", form={"rules": {"tier": 2}, "items": []}, result=result,
        )  # fmt: skip
        attempt.created_at = attempt.submitted_at = one.created_at + timedelta(days=rng.uniform(0.5, 3))
        made.append(attempt)
    with dated(Attempt):
        Attempt.objects.bulk_create(made, batch_size=BATCH)
    passed_ones = [a for a in made if (a.result or {})["passed"]]
    for attempt in passed_ones:
        credentials.issue(attempt=attempt, holder_name=attempt.person.name)
    return len(passed_ones)
