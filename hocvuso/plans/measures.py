"""What plans can count: tasks due, and done in time; the rate is a ratio of the two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import counts_of_units

from .models import TaskOutcome


def _outcome(outcome: Any) -> tuple[str, str, Any]:
    return str(outcome.task), "task", outcome.task_id


def _outcomes(**more: Any) -> Callable[[], QuerySet[TaskOutcome]]:
    return lambda: TaskOutcome.objects.filter(**more).select_related("task")


counts_of_units("tasks.due", _("Nhiệm vụ đến hạn"), _outcomes(), at="due_on", record=_outcome)
counts_of_units(
    "tasks.on-time", _("Nhiệm vụ hoàn thành đúng hạn"), _outcomes(on_time=True), at="due_on", record=_outcome
)
