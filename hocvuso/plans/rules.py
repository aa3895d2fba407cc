"""States of plans and tasks; pure functions and tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

SOON = timedelta(days=7)


class TaskState(models.TextChoices):
    """The derived state of a task (DOMAIN: Govern)."""

    NOT_STARTED = "not-started", _("chưa bắt đầu")
    ON_TRACK = "on-track", _("đúng tiến độ")
    AT_RISK = "at-risk", _("có nguy cơ muộn")
    LATE = "late", _("muộn")
    DONE_LATE = "done-late", _("xong muộn")
    DONE = "done", _("đã xong")


@dataclass(frozen=True)
class TaskFacts:
    """What the state of a task is derived from."""

    starts_on: date | None
    due_on: date | None
    done_on: date | None
    begun: bool
    produced: bool


def task_state(facts: TaskFacts, *, today: date) -> TaskState:
    """Done (late) by the day it was completed; late past the due day; at risk when due within SOON without a product."""
    if facts.done_on is not None:
        late = facts.due_on is not None and facts.done_on > facts.due_on
        return TaskState.DONE_LATE if late else TaskState.DONE
    if facts.due_on is not None and today > facts.due_on:
        return TaskState.LATE
    if facts.due_on is not None and today >= facts.due_on - SOON and not facts.produced:
        return TaskState.AT_RISK
    return TaskState.ON_TRACK if facts.begun else TaskState.NOT_STARTED
