"""The goal of a week: what a learner chose, and what was done towards it."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from hocvuso.learning import queries
from hocvuso.learning.models import LessonProgress, WeeklyGoal
from hocvuso.learning.rules import week_of
from hocvuso.learning.services import goals
from hocvuso.records import services as records
from tests.world import batch, statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def hoa(cast, programme):
    return cast.hoa


def done(person, *lessons):
    acts = (statement(verb="completed", kind="lesson", address=f"hai-bai/{key}") for key in lessons)
    records.append(person=person, batch=batch(*acts))


def monday():
    day = week_of(timezone.localdate())
    return timezone.make_aware(datetime(day.year, day.month, day.day))


def test_who_begins_has_three_lessons_before_them(hoa):
    week = queries.this_week(hoa)
    assert (week.done, week.goal, week.left, week.chain) == (0, 3, 3, 0)


def test_lessons_count_in_the_week_in_which_they_came_to_be_done(hoa):
    done(hoa, "bai-mot", "bai-hai")
    LessonProgress.objects.filter(lesson__key="bai-hai").update(done_at=monday() - timedelta(minutes=1))
    assert queries.this_week(hoa).done == 1


def test_the_week_begins_on_monday_where_people_live(hoa):
    done(hoa, "bai-mot")
    LessonProgress.objects.update(done_at=monday())
    assert queries.this_week(hoa).done == 1


def test_a_smaller_goal_is_reached_sooner(hoa):
    done(hoa, "bai-mot")
    goals.choose(person=hoa, lessons=1)
    week = queries.this_week(hoa)
    assert (week.goal, week.left, week.chain) == (1, 0, 1)


def test_the_last_choice_of_a_week_holds(hoa):
    goals.choose(person=hoa, lessons=1)
    goals.choose(person=hoa, lessons=5)
    assert queries.this_week(hoa).goal == 5 and WeeklyGoal.objects.count() == 1


@pytest.mark.parametrize("lessons", [0, 2, 100, -1])
def test_other_goals_are_refused(hoa, lessons):
    with pytest.raises(goals.NoSuchGoal):
        goals.choose(person=hoa, lessons=lessons)


def test_it_is_ones_own(hoa, cast):
    goals.choose(person=hoa, lessons=5)
    done(hoa, "bai-mot")
    week = queries.this_week(cast.binh)
    assert (week.done, week.goal) == (0, 3)
