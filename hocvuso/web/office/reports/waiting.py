"""What of reporting waits for a person, on “Việc của tôi”."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from hocvuso.people.models import Person
from hocvuso.people.rules import May
from hocvuso.reports.models import Report
from hocvuso.reports.queries import by_urgency, open_threads, reviews_awaiting
from hocvuso.reports.rules import ReportState

from ...kit.choosing import own_units
from ...kit.subjects import ROWS, WorkItem


def reports_due(person: Person) -> list[WorkItem]:
    """Reports that units owe for which I act myself, the next due first; those of units beneath are on the page."""
    now = timezone.localdate()
    owed = Report.objects.owed_by(person).filter(unit__in=own_units(person, May.REPORT))
    rows = by_urgency(owed).select_related("regime", "unit")[:ROWS]
    return [
        WorkItem(
            f"{row} · {row.unit}",
            reverse("report", args=[row.pk]),
            due=row.due_on,
            tone="warn" if row.due_on < now or row.state == ReportState.RETURNED else "",
            note=_t("bị trả lại: %(note)s") % {"note": row.note} if row.state == ReportState.RETURNED else "",
        )
        for row in rows
    ]


def reports_awaiting(person: Person) -> list[WorkItem]:
    """Reports from beneath that wait for my decision."""
    rows = Report.objects.awaiting(person).select_related("regime", "unit").order_by("submitted_at")[:ROWS]
    return [
        WorkItem(
            f"{row} · {row.unit}",
            reverse("report", args=[row.pk]),
            note=_t("nộp muộn %(n)s ngày") % {"n": row.late_days} if row.late_days else "",
        )
        for row in rows
    ]


def reviews_to_decide(person: Person) -> list[WorkItem]:
    """Reviews that wait for my decision."""
    rows = reviews_awaiting(person)[:ROWS]
    return [WorkItem(str(row), reverse("review", args=[row.pk]), note=str(row.plan.unit)) for row in rows]


def figures_questioned(person: Person) -> list[WorkItem]:
    """Questions about figures in which it is my turn."""
    rows = open_threads(person).order_by("created_at")[:ROWS]
    return [
        WorkItem(
            f"{row.figure.indicator.title} · {row.figure.report.unit}", reverse("report-figure", args=[row.figure_id])
        )
        for row in rows
    ]
