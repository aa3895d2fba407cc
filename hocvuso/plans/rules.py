"""States of plans and tasks; pure functions and tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

SOON = timedelta(days=7)


class PlanState(models.TextChoices):
    """The states of a plan (DOMAIN: Govern)."""

    DRAFT = "draft", _("bản thảo")
    SUBMITTED = "submitted", _("đã trình")
    RETURNED = "returned", _("bị trả lại")
    APPROVED = "approved", _("đã duyệt")
    IN_FORCE = "in-force", _("đang thực hiện")
    REVIEWED = "reviewed", _("đã tổng kết")
    CLOSED = "closed", _("đã khép lại")


PLAN_MOVES: dict[PlanState, set[PlanState]] = {
    PlanState.DRAFT: {PlanState.SUBMITTED},
    PlanState.SUBMITTED: {PlanState.RETURNED, PlanState.APPROVED},
    PlanState.RETURNED: {PlanState.SUBMITTED},
    PlanState.APPROVED: {PlanState.IN_FORCE},
    PlanState.IN_FORCE: {PlanState.REVIEWED},
    PlanState.REVIEWED: {PlanState.CLOSED},
    PlanState.CLOSED: set(),
}
OPEN_TO_WRITING = {PlanState.DRAFT, PlanState.RETURNED}
RUNNING = {PlanState.APPROVED, PlanState.IN_FORCE}  # approved, and not yet reviewed
AGREED = {*RUNNING, PlanState.REVIEWED, PlanState.CLOSED}


class TaskState(models.TextChoices):
    """The derived state of a task (DOMAIN: Govern)."""

    NOT_STARTED = "not-started", _("chưa bắt đầu")
    ON_TRACK = "on-track", _("đúng tiến độ")
    AT_RISK = "at-risk", _("có nguy cơ muộn")
    LATE = "late", _("muộn")
    DONE_LATE = "done-late", _("xong muộn")
    DONE = "done", _("đã xong")


TASK_DONE = {TaskState.DONE, TaskState.DONE_LATE}


@dataclass(frozen=True)
class TaskFacts:
    """What the state of a task is derived from."""

    starts_on: date | None
    due_on: date | None
    done_on: date | None
    begun: bool
    produced: bool


def task_state(facts: TaskFacts, *, today: date) -> TaskState:
    """Done (late) by the day it was completed; late past the due day; at risk: due within SOON without a product."""
    if facts.done_on is not None:
        late = facts.due_on is not None and facts.done_on > facts.due_on
        return TaskState.DONE_LATE if late else TaskState.DONE
    if facts.due_on is not None and today > facts.due_on:
        return TaskState.LATE
    if facts.due_on is not None and today >= facts.due_on - SOON and not facts.produced:
        return TaskState.AT_RISK
    return TaskState.ON_TRACK if facts.begun else TaskState.NOT_STARTED


def task_reason(facts: TaskFacts, *, today: date) -> str:
    """Why `task_state` says what it says, in words."""
    state = task_state(facts, today=today)
    if facts.due_on is None:
        return _t("chưa rõ hạn") if facts.done_on is None else ""
    missing = "" if facts.produced else ", " + _t("chưa có sản phẩm")
    if state == TaskState.DONE_LATE and facts.done_on is not None:
        return _t("xong sau hạn %(n)s ngày") % {"n": (facts.done_on - facts.due_on).days}
    if state == TaskState.DONE:
        return _t("xong trong hạn")
    if state == TaskState.LATE:
        return _t("quá hạn %(n)s ngày") % {"n": (today - facts.due_on).days} + missing
    left = (facts.due_on - today).days
    due = _t("hạn là hôm nay") if left == 0 else _t("còn %(n)s ngày") % {"n": left}
    return due + (missing if state == TaskState.AT_RISK else "")


@dataclass(frozen=True)
class Moved:
    """One difference between what was approved and what is now."""

    title: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Comparison:
    """Approved plan and plan of today, task by task (tasks are known by their id)."""

    changed: list[Moved]
    added: list[str]
    removed: list[str]


Rows = Mapping[str, Mapping[str, Any]]


def compare(baseline: Rows, now: Rows) -> Comparison:
    """What changed between two snapshots of tasks: id → field → value, each with a `title`."""
    changed = [
        Moved(now[key]["title"], name, before, now[key].get(name))
        for key, fields in baseline.items()
        if key in now
        for name, before in fields.items()
        if now[key].get(name) != before
    ]
    return Comparison(
        changed=changed,
        added=[fields["title"] for key, fields in now.items() if key not in baseline],
        removed=[fields["title"] for key, fields in baseline.items() if key not in now],
    )
