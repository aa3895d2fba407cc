"""Reports as lists: mine to write, waiting for me to decide, all in reach; taken in many at once; downloaded."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import periods
from hocvuso.base.errors import Refusal
from hocvuso.base.fields import holding
from hocvuso.base.numbers import trimmed
from hocvuso.people.models import Person
from hocvuso.people.queries import may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.reports import queries as questions
from hocvuso.reports.models import Regime, Report
from hocvuso.reports.services import reporting
from hocvuso.units.models import Unit

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.choosing import own_units
from ...kit.done import say_done
from ...kit.downloads import export
from ...kit.gate import staff
from . import forms

PAGE = 40


def desks(person: Person) -> dict[str, Any]:
    """Reports that one's own units owe, that wait for one's decision, and that units beneath owe."""
    owed, own = Report.objects.owed_by(person), own_units(person, May.REPORT)
    return {
        "can-lap": owed.filter(unit__in=own),
        "cho-nhan": Report.objects.awaiting(person),
        "cap-duoi": owed.exclude(unit__in=own),
    }


def _filter(request: PersonRequest) -> forms.ReportsFilter:
    seen = Report.objects.visible_to(request.user)
    units = units_in_reach(request.user, May.SEE_FIGURES)
    within = {"regime": Regime.objects.visible_to(request.user).distinct(), "unit": units}
    return forms.ReportsFilter.of(request, periods=period_choices(seen), within=within)


def found(person: Person, tab: str, asked: dict[str, Any]) -> Any:
    """The reports that the tab and the filters choose."""
    rows = desks(person).get(tab)
    return narrowed(Report.objects.visible_to(person) if rows is None else rows, asked)


def narrowed(rows: Any, asked: dict[str, Any]) -> Any:
    """Those that the filters choose."""
    same = {"regime": asked["regime"], "period": asked["period"], "state": asked["state"]}
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if asked["late"]:
        rows = rows.late(timezone.localdate())
    if asked["overdue"]:
        rows = rows.overdue(timezone.localdate())
    if asked["unit"]:
        rows = rows.filter(unit__in=Unit.objects.under(asked["unit"]))
    return rows.filter(holding(asked["text"], "unit__search"))


@staff(May.SEE_FIGURES)
def index(request: PersonRequest) -> HttpResponse:
    """Reports: on my desk first."""
    return _index(request, _filter(request))


def _index(
    request: PersonRequest, chosen: forms.ReportsFilter, accepting: forms.AcceptForm | None = None
) -> HttpResponse:
    asked = chosen.asked
    counts = {name: rows.count() for name, rows in desks(request.user).items()}
    tab = asked["tab"] or next((name for name, count in counts.items() if count), "tat-ca")
    rows = found(request.user, tab, asked)
    ordered = questions.by_urgency(rows).select_related("regime", "unit")
    context = {
        "form": chosen,
        "accepting": accepting,
        "ticked": {str(tick).partition("@")[0] for tick in accepting["reports"].data} if accepting else (),
        "tab": tab,
        "tabs": [
            ("can-lap", _("Cần lập"), counts["can-lap"]),
            ("cho-nhan", _("Chờ nhận"), counts["cho-nhan"]),
            *([("cap-duoi", _("Cấp dưới chưa nộp"), beneath)] if (beneath := counts["cap-duoi"]) else []),
            ("tat-ca", _("Tất cả"), 0),
        ],
        "unit": asked["unit"],
        "page": Paginator(ordered, PAGE).get_page(request.GET.get("trang")),
        "today": timezone.localdate(),
        "rates": questions.rates_of(rows, timezone.localdate()) if tab == "tat-ca" else None,
        "may_begin": may_anywhere(request.user, May.ACCEPT_REPORT)
        and not Regime.objects.visible_to(request.user).exists(),
    }
    status = accepting.status if accepting and chosen.is_valid() else chosen.status
    return render(request, "office/reports/index.html", context, status=status)


def period_choices(rows: Any) -> list[periods.Period]:
    """Periods of some reports, latest first."""
    codes = rows.order_by().values_list("period", flat=True).distinct()[:200]
    return sorted((periods.parse(code) for code in codes), key=lambda period: period.first, reverse=True)


@export
@staff(May.SEE_FIGURES)
def download(request: PersonRequest) -> HttpResponseBase:
    """The list as a file, with figures when one regime is chosen."""
    chosen = _filter(request)
    if not chosen.is_valid():
        return _index(request, chosen)
    asked = chosen.asked
    rows = found(request.user, asked["tab"], asked)
    return as_file(request.GET.get("tep", ""), rows, asked["regime"])


def as_file(kind: str, rows: Any, regime: Regime | None) -> HttpResponseBase:
    """Reports as a spreadsheet: a row each, a column for each indicator of the regime."""
    indicators = [
        summed.indicator for summed in questions.sums(Report.objects.none(), regime.indicators if regime else [])
    ]
    head = [
        _("Mã đơn vị"), _("Đơn vị"), _("Cấp trên"), _("Kỳ"), _("Trạng thái"), _("Hạn nộp"), _("Nộp lúc"),
        _("Muộn (ngày)"), *(f"{i.title} ({i.measured_in})" if i.measured_in else i.title for i in indicators),
    ]  # fmt: skip
    return tables.download(kind, "bao-cao", head, questions.matrix(rows, indicators))


@staff(May.ACCEPT_REPORT)
@require_POST
def accept_many(request: PersonRequest) -> HttpResponse:
    """Take in those marked, as they were seen; or with `tat-ca` all that the filters choose, which must be readable."""
    chosen = _filter(request)
    seen = Report.objects.visible_to(request.user).select_related("unit", "regime")
    form = forms.AcceptForm.of(request, within={"reports": seen})
    if not (form.is_valid() and chosen.is_valid()):
        return _index(request, chosen, form)
    if form.cleaned_data["everything"]:
        waiting = narrowed(Report.objects.awaiting(request.user), chosen.asked)
        taken, left = reporting.accept_many(reports=waiting, by=request.user)
        if left:
            written = _("%(n)s báo cáo chưa nhận vì bạn đã viết hoặc nộp chúng.")
            messages.info(request, written % {"n": trimmed(left)})
    else:
        taken, left = _accept_each(request, form.cleaned_data["reports"])
    none = "" if left else _("Chưa nhận báo cáo nào. Hãy đánh dấu các báo cáo muốn nhận rồi bấm lại.")
    say_done(request, taken, _("Đã nhận %(n)s báo cáo.") % {"n": trimmed(taken)}, none=none)
    return redirect("reports")


def _accept_each(request: PersonRequest, marked: list[tuple[Report, int]]) -> tuple[int, int]:
    """Take in those that are still as they were seen; the others are named with the reason. (taken, left)."""
    left = 0
    for report, version in marked:
        try:
            reporting.accept(report=report, version=version, by=request.user)
        except Refusal as refusal:
            left += 1
            messages.warning(request, f"{report} · {report.unit}: {refusal}")
    return len(marked) - left, left
