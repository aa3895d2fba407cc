"""Reports that a unit still has to hand in may be reminded of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hocvuso.base.periods import parse
from hocvuso.reminders.sources import Source, register

from .models import Report
from .rules import OWED

register(
    Source(
        kind="report",
        label=_("báo cáo"),
        noun="report",
        rows=lambda: Report.objects.filter(state__in=OWED),
        unit="unit",
        fields=("regime__title", "period"),
        titled=lambda title, period: (f"{title}, {parse(period)}", None),
        order=20,
    )
)
