"""`hocvuso rebuild`: projections come of statements, and of nothing else."""

import pytest

from hocvuso.learning.models import LessonProgress, ReviewCard
from hocvuso.ops.command import parser
from hocvuso.ops.rebuilding import rebuild
from hocvuso.records import services as records
from tests.world import batch, statement

pytestmark = pytest.mark.django_db


def state():
    return [
        list(LessonProgress.objects.order_by("person", "lesson").values("person", "lesson", "state", "seconds")),
        list(ReviewCard.objects.order_by("person", "item").values("person", "item", "due")),
    ]


def test_what_went_wrong_with_projections_is_put_right_for_everybody(cast, programme, capsys):
    for person in (cast.hoa, cast.binh):
        records.append(person=person, batch=batch(statement(), statement(verb="completed", kind="lesson")))
    before = state()
    LessonProgress.objects.filter(person=cast.hoa).delete()
    LessonProgress.objects.update(seconds=9999)
    lesson = ReviewCard.objects.first().lesson
    LessonProgress.objects.create(person=cast.lan, lesson=lesson, state="done", last_at="2026-01-01T00:00:00Z")
    assert rebuild() == 0
    assert state() == before and "3/3 people, 4 statements" in capsys.readouterr().out


def test_with_nobody_there_is_nothing_to_do(db, capsys):
    assert rebuild() == 0 and "nobody" in capsys.readouterr().out


def test_it_is_a_command(db):
    chosen = parser().parse_args(["rebuild"])
    assert chosen.work(chosen) == 0
