"""What reports can count: owed, handed in, in time; rates are ratios of these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.indicators.rules import counts_of_units

from .models import Report, ReportMove


def _report(report: Report) -> tuple[str, str, Any]:
    return str(report), "report", report.pk


def _move(move: Any) -> tuple[str, str, Any]:
    return _report(move.report)


def _handed_in(**more: Any) -> Callable[[], QuerySet[ReportMove]]:
    return lambda: ReportMove.objects.filter(first=True, **more)


counts_of_units("reports.owed", _("Báo cáo phải nộp"), Report.objects.all, at="ends_on", record=_report)
for _name, _title, _rows in (
    ("reports.submitted", _("Báo cáo đã nộp"), _handed_in()),
    ("reports.on-time", _("Báo cáo nộp đúng hạn"), _handed_in(late_days=0)),
):
    counts_of_units(_name, _title, _rows, at="report__ends_on", unit="report__unit", record=_move)
