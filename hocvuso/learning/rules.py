"""What progress follows from what was done; the week's goal and its chain; when somebody is called. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.records.rules import Fact

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Progress:
    """One learner's standing in one lesson."""

    done: bool = False
    best: float = 0.0
    seconds: int = 0
    last_at: datetime = NEVER
    done_at: datetime | None = None


def advance(progress: Progress, fact: Fact) -> Progress:
    """Progress after one more fact. It only rises, and the order of facts does not matter to it."""
    done = progress.done or is_completion(fact)
    done_at = progress.done_at
    if is_completion(fact):
        done_at = min(fact.at, done_at) if done_at else fact.at
    best = max(progress.best, fact.scaled or 0.0) if fact.kind == "practice" else progress.best
    last = max(fact.at, progress.last_at)
    return replace(
        progress, done=done, done_at=done_at, best=best, seconds=progress.seconds + fact.seconds, last_at=last
    )


def is_completion(fact: Fact) -> bool:
    """Whether the fact says that its lesson is done."""
    return fact.verb == "completed" and fact.kind == "lesson"


class Way(models.TextChoices):
    """How a learner is called back to what is due for review."""

    PUSH = "push", _("thông báo trên máy này")
    PHONE = "phone", _("tin nhắn SMS")
    EMAIL = "email", _("thư điện tử")
    CHAT = "chat", _("ứng dụng nhắn tin")


class Often(models.TextChoices):
    """How often at most."""

    DAILY = "daily", _("mỗi ngày một lần")
    TWICE = "twice", _("tuần hai lần")
    WEEKLY = "weekly", _("tuần một lần")


# Days from one call to the next, so that no seven days have more than one a day, two, one.
GAPS = {Often.DAILY: 1, Often.TWICE: 4, Often.WEEKLY: 7}
HOURS = range(7, 21)
LATE = 3  # hours after the one that was chosen in which a call may still begin
MOST_UNANSWERED = 5
GOALS, GOAL = (1, 3, 5), 3  # lessons a week, and what holds for who chose nothing


def week_of(day: date) -> date:
    """The Monday of a day's week: weeks are named by it."""
    return day - timedelta(days=day.weekday())


def goal_in(week: date, chosen: Mapping[date, int]) -> int:
    """The goal of a week: what was `chosen` last, by the week from which it holds."""
    since = max((since for since in chosen if since <= week), default=None)
    return chosen[since] if since else GOAL


def chain(done: Mapping[date, int], chosen: Mapping[date, int], this: date) -> int:
    """How many weeks in a row, up to `this` one, reached the goal that held in them; `done`: lessons by week.

    It forgives: one week of each month (that of its Monday) may be missed, it is only not counted. The week that is
    under way is missed by nobody yet.
    """
    length, forgiven, week = 0, set(), this
    while True:
        month = week.year, week.month
        if done.get(week, 0) >= goal_in(week, chosen):
            length += 1
        elif week != this and month in forgiven:
            return length
        elif week != this:
            forgiven.add(month)
        week -= timedelta(days=7)


def next_call(local: datetime, often: str, hour: int, last: datetime | None = None) -> datetime:
    """The next moment after `local` at which a call may go out: at its hour, far enough from the `last` one."""
    moment = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if last is not None:
        moment = max(moment, moment.replace(year=last.year, month=last.month, day=last.day) + _gap(often))
    return moment if moment > local else moment + timedelta(days=1)


def _gap(often: str) -> timedelta:
    return timedelta(days=GAPS[Often(often)])


def is_time(local: datetime, hour: int) -> bool:
    """Whether a call of this hour may begin now."""
    return hour <= local.hour < hour + LATE
