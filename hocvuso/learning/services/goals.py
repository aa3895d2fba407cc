"""The goal of a week: chosen by the learner."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Person

from ..models import WeeklyGoal
from ..rules import GOALS, week_of


class NoSuchGoal(Refusal):
    """A goal is one of a few numbers."""

    code = "no-such-goal"
    says = _("Hãy chọn 1, 3 hoặc 5 bài một tuần.")


@transaction.atomic
def choose(*, person: Person, lessons: int) -> WeeklyGoal:
    """From this week on, so many lessons a week; weeks before keep the goal they had. Raises NoSuchGoal."""
    if lessons not in GOALS:
        raise NoSuchGoal(field="lessons")
    since = week_of(timezone.localdate())
    goal, _made = WeeklyGoal.objects.update_or_create(person=person, since=since, defaults={"lessons": lessons})
    return goal
