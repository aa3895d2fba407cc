"""What is counted of learning: facts once, on their day, whatever order they reach us in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hocvuso.indicators import services as indicators
from hocvuso.indicators.models import Cell
from hocvuso.learning.measures import CROWD
from hocvuso.library.models import Lesson
from hocvuso.people.models import Person
from hocvuso.records import services as records
from hocvuso.records.models import Statement
from tests.world import agreeing, batch, statement

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _learners(cast, programme):
    """Every test has the cast and a programme of two lessons."""


def done(person, lesson="hai-bai/bai-mot", *, at=MONDAY, seconds=600, device="d1", **more):
    result = {"completion": True, "duration": f"PT{seconds}S"}
    context = {"extensions": {"urn:hocvuso:device": device}}
    made = statement("completed", "lesson", lesson, result=result, timestamp=at.isoformat(), context=context, **more)
    return records.append(person=person, batch=batch(made))


def counted(name):
    indicators.roll_up(measure=f"learning.{name}", full=True)
    return {c.day.isoformat(): c.value for c in Cell.objects.filter(measure=f"learning.{name}")}


def test_a_statement_keeps_its_device_and_seconds(cast):
    done(cast.hoa)
    row = Statement.objects.get()
    assert (row.device, row.seconds) == ("d1", 600)


@pytest.mark.parametrize(
    "context",
    [
        None,
        {},
        {"extensions": "x"},
        {"extensions": {"urn:hocvuso:device": 7}},
        {"extensions": {"urn:hocvuso:device": "x" * 41}},
    ],
)
def test_a_device_that_is_none_is_empty(cast, context):
    made = statement("completed", "lesson", "hai-bai/bai-mot")
    made |= {} if context is None else {"context": context}
    records.append(person=cast.hoa, batch=batch(made))
    assert Statement.objects.get().device == ""


def test_a_person_is_a_learner_once(cast):
    done(cast.hoa)
    done(cast.hoa, "hai-bai/bai-hai")
    done(cast.binh)
    assert sum(counted("learners").values()) == 2


def test_a_lesson_is_done_once_on_the_day_first_told_of(cast):
    done(cast.hoa, at=MONDAY)
    done(cast.hoa, at=MONDAY - timedelta(days=1))  # another device, sent later: neither moves nor doubles it
    done(cast.hoa, "hai-bai/bai-hai", at=MONDAY + timedelta(days=1))
    assert counted("lessons-done") == {"2026-11-02": 1, "2026-11-03": 1}


def test_minutes_are_those_of_all_statements(cast):
    done(cast.hoa, seconds=90)
    done(cast.binh, seconds=30)
    assert counted("minutes") == {"2026-11-02": 2}


def test_practice_counts_each_time(cast):
    for _n in range(2):
        made = statement("completed", "practice", "hai-bai/bai-mot", timestamp=MONDAY.isoformat())
        records.append(person=cast.hoa, batch=batch(made))
    assert counted("practice-done") == {"2026-11-02": 2}


def test_lessons_done_faster_than_they_can_be_read(cast):
    Lesson.objects.update(minutes=4)
    done(cast.hoa, seconds=20)
    done(cast.binh, seconds=200)
    assert counted("lessons-hasty") == {"2026-11-02": 1}


def test_what_a_lesson_is_measured_by_stays_whatever_comes_afterwards(cast):
    """Neither time told of later nor a new edition of the lesson makes a hasty lesson a slow one."""
    Lesson.objects.update(minutes=4)
    done(cast.hoa, seconds=20)
    more = statement("progressed", "lesson", timestamp=MONDAY.isoformat(), result={"duration": "PT900S"})
    records.append(person=cast.hoa, batch=batch(more))
    Lesson.objects.update(minutes=0)
    assert counted("lessons-hasty") == {"2026-11-02": 1}


def test_what_is_voided_counts_back_on_its_day(cast):
    Lesson.objects.update(minutes=4)
    done(cast.hoa, seconds=20)
    row = Statement.objects.get()
    records.void(statement=row, reason="nhầm", by=None)
    for name in ("lessons-done", "lessons-hasty", "minutes"):
        assert counted(name) == {"2026-11-02": 0}


def test_a_lesson_told_of_twice_stays_done_when_one_is_voided(cast):
    done(cast.hoa, at=MONDAY)
    done(cast.hoa, at=MONDAY + timedelta(days=1))
    records.void(statement=Statement.objects.earliest("stored_at"), reason="nhầm", by=None)
    assert counted("lessons-done") == {"2026-11-02": 0, "2026-11-03": 1}
    records.void(statement=Statement.objects.filter(verb="completed").latest("stored_at"), reason="nhầm", by=None)
    assert counted("lessons-done") == {"2026-11-02": 0, "2026-11-03": 0}


def test_practice_that_is_voided_counts_back(cast):
    made = statement("completed", "practice", "hai-bai/bai-mot", timestamp=MONDAY.isoformat())
    records.append(person=cast.hoa, batch=batch(made))
    records.void(statement=Statement.objects.get(), reason="nhầm", by=None)
    assert counted("practice-done") == {"2026-11-02": 0}


def test_devices_and_the_people_crowded_on_one(cast):
    people = [agreeing(Person.objects.create(name="x")) for _n in range(CROWD + 2)]
    for person in people:
        done(person, device="shared")
    done(people[0], "hai-bai/bai-hai", device="own")
    assert sum(counted("devices").values()) == 2
    assert sum(counted("people-on-devices").values()) == CROWD + 3
    assert sum(counted("people-on-crowded-devices").values()) == 2
