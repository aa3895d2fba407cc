"""What steering can count: reports owed, handed in, in time; tasks due, done in time; rates are ratios of these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import Counted, Measure, register

from .models import Report, ReportMove, TaskOutcome


def _report(report: Report) -> tuple[str, str]:
    return str(report), f"/dieu-hanh/bao-cao/{report.pk}/"


def _move(move: Any) -> tuple[str, str]:
    return _report(move.report)


def _outcome(outcome: Any) -> tuple[str, str]:
    return str(outcome.task), f"/dieu-hanh/ke-hoach/nhiem-vu/{outcome.task_id}/"


def _times(
    name: str,
    title: Any,
    rows: Callable[[], QuerySet],
    *,
    at: str,
    record: Callable[[Any], tuple[str, str]],
    unit: str = "unit",
) -> None:
    """Register a count of records of a unit at its place, each on its day."""
    register(
        Measure(
            name=name,
            version=1,
            title=title,
            measured_in=Counted.TIMES,
            kind="flow",
            rows=rows,
            at=at,
            changed="created_at",
            unit=unit,
            place=f"{unit}__place",
            record=record,
        )
    )


def _handed_in(**more: Any) -> Callable[[], QuerySet]:
    return lambda: ReportMove.objects.filter(first=True, **more)


_times("reports.owed", _("Báo cáo phải nộp"), Report.objects.all, at="ends_on", record=_report)
_times("reports.submitted", _("Báo cáo đã nộp"), _handed_in(), at="report__ends_on", unit="report__unit", record=_move)
_times(
    "reports.on-time",
    _("Báo cáo nộp đúng hạn"),
    _handed_in(late_days=0),
    at="report__ends_on",
    unit="report__unit",
    record=_move,
)
_times(
    "tasks.due", _("Nhiệm vụ đến hạn"), lambda: TaskOutcome.objects.select_related("task"), at="due_on", record=_outcome
)
_times(
    "tasks.on-time",
    _("Nhiệm vụ hoàn thành đúng hạn"),
    lambda: TaskOutcome.objects.filter(on_time=True).select_related("task"),
    at="due_on",
    record=_outcome,
)
