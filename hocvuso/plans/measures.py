"""What steering can count: reports owed, handed in, in time; tasks due, done in time; rates are ratios of these."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import Counted, Measure, register

from .models import Report, ReportMove, TaskOutcome


def _report(report: Report) -> tuple[str, str]:
    return str(report), f"/dieu-hanh/bao-cao/{report.pk}/"


def _move(move: Any) -> tuple[str, str]:
    return str(move.report), f"/dieu-hanh/bao-cao/{move.report_id}/"


register(
    Measure(
        name="reports.owed",
        version=1,
        title=_("Báo cáo phải nộp"),
        measured_in=Counted.TIMES,
        kind="flow",
        rows=Report.objects.all,
        at="ends_on",
        changed="created_at",
        unit="unit",
        place="unit__place",
        record=_report,
    )
)
register(
    Measure(
        name="reports.submitted",
        version=1,
        title=_("Báo cáo đã nộp"),
        measured_in=Counted.TIMES,
        kind="flow",
        rows=lambda: ReportMove.objects.filter(first=True),
        at="report__ends_on",
        changed="created_at",
        unit="report__unit",
        place="report__unit__place",
        record=_move,
    )
)
register(
    Measure(
        name="reports.on-time",
        version=1,
        title=_("Báo cáo nộp đúng hạn"),
        measured_in=Counted.TIMES,
        kind="flow",
        rows=lambda: ReportMove.objects.filter(first=True, late_days=0),
        at="report__ends_on",
        changed="created_at",
        unit="report__unit",
        place="report__unit__place",
        record=_move,
    )
)


def _outcome(outcome: Any) -> tuple[str, str]:
    return str(outcome.task), f"/dieu-hanh/ke-hoach/nhiem-vu/{outcome.task_id}/"


register(
    Measure(
        name="tasks.due",
        version=1,
        title=_("Nhiệm vụ đến hạn"),
        measured_in=Counted.TIMES,
        kind="flow",
        rows=TaskOutcome.objects.all,
        at="due_on",
        changed="created_at",
        unit="unit",
        place="unit__place",
        record=_outcome,
    )
)
register(
    Measure(
        name="tasks.on-time",
        version=1,
        title=_("Nhiệm vụ hoàn thành đúng hạn"),
        measured_in=Counted.TIMES,
        kind="flow",
        rows=lambda: TaskOutcome.objects.filter(on_time=True),
        at="due_on",
        changed="created_at",
        unit="unit",
        place="unit__place",
        record=_outcome,
    )
)
