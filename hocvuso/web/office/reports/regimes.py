"""Reporting regimes: set, changed, periods opened, how complete and timely they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import periods
from hocvuso.base.numbers import trimmed
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.people.queries import grants_of, may, may_anywhere, units_in_reach
from hocvuso.people.rules import GIVES, May, Role
from hocvuso.reports import queries as questions
from hocvuso.reports.models import Regime, Report
from hocvuso.reports.services import regimes
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.downloads import export
from ...kit.figures import to_decimals
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms, lists

PAGE = 30


@staff(May.SEE_FIGURES)
def index(request: PersonRequest) -> HttpResponse:
    """Regimes that one sees."""
    found = Regime.objects.visible_to(request.user).select_related("issuer").distinct()
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "may_set": may_anywhere(request.user, May.ACCEPT_REPORT)}
    return render(request, "office/reports/regimes.html", context)


def issuers(person: Person) -> QuerySet[Unit]:
    """Units at which the person may set regimes: where the roles are held."""
    held = [g.unit_id for g in grants_of(person) if May.ACCEPT_REPORT in GIVES[Role(g.role)]]
    return Unit.objects.filter(pk__in=held)


@staff(May.SEE_FIGURES)
def regime(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One regime: what it asks, its periods with their rates."""
    shown = _one(request, pk)
    return render(request, "office/reports/regime.html", _context(request, shown, _opening(request, shown)))


def _one(request: PersonRequest, pk: UUID) -> Regime:
    return get_object_or_404(Regime.objects.visible_to(request.user).select_related("issuer").distinct(), pk=pk)


def _opening(request: PersonRequest, shown: Regime) -> forms.OpenForm:
    current = periods.containing(shown.period_type, timezone.localdate())
    return forms.OpenForm.of(request, periods=[current, current.preceding()])


def _context(request: PersonRequest, shown: Regime, opening: forms.OpenForm) -> dict[str, Any]:
    today = timezone.localdate()
    seen = Report.objects.visible_to(request.user)
    return {
        "regime": shown,
        "periods": questions.periods_of(shown, seen, today),
        "indicators": Indicator.objects.current().filter(key__in=shown.indicators),
        "kinds": [label for value, label in Unit.Kind.choices if value in shown.kinds],
        "chosen": shown.units.all()[:50],
        "may_change": may(request.user, May.ACCEPT_REPORT, shown.issuer),
        "opening": opening,
    }


@staff(May.SEE_FIGURES)
def period(request: PersonRequest, pk: UUID, code: str) -> HttpResponse:
    """One period of a regime: rates, who is missing, sums of what was taken in."""
    shown, named = _one(request, pk), get_period(code)
    rows = Report.objects.visible_to(request.user).filter(regime=shown, period=named.code)
    today = timezone.localdate()
    late = rows.late(today).select_related("unit").order_by("unit__path")
    summed = questions.sums(questions.leaf_reports(rows), shown.indicators)
    context = {
        "regime": shown,
        "period": named,
        "rates": questions.rates_of(rows, timezone.localdate()),
        "late": Paginator(late, PAGE).get_page(request.GET.get("trang")),
        "sums": [(s.indicator, to_decimals(s.total.value, s.indicator.decimals), s.total) for s in summed],
        "top": questions.top_reports(rows).select_related("unit").order_by("unit__path")[:40],
    }
    return render(request, "office/reports/period.html", context)


def get_period(code: str) -> periods.Period:
    """The period with this code, or a page that is not there."""
    from django.http import Http404

    try:
        return periods.parse(code)
    except ValueError:
        raise Http404 from None


@export
@staff(May.SEE_FIGURES)
def period_file(request: PersonRequest, pk: UUID, code: str) -> HttpResponseBase:
    """All reports of a period as a file, with their figures."""
    shown = get_object_or_404(Regime.objects.visible_to(request.user).distinct(), pk=pk)
    rows = Report.objects.visible_to(request.user).filter(regime=shown, period=get_period(code).code)
    return lists.as_file(request.GET.get("tep", ""), rows, shown)


@staff(May.ACCEPT_REPORT)
@require_POST
def open_period(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Open a period for all units now."""
    shown = _one(request, pk)
    opening = _opening(request, shown)
    if not opening.attempt(_open, regime=shown, by=request.user):
        return answer(request, "office/reports/regime.html", opening, _context(request, shown, opening))
    opened = opening.done
    none = _("Không mở thêm báo cáo nào: kỳ này đã mở cho mọi đơn vị phải nộp.")
    say_done(request, opened, _("Đã mở %(n)s báo cáo.") % {"n": trimmed(opened)}, none=none)
    return redirect("report-regime", pk)


def _open(*, regime: Regime, period: str, by: Person) -> int:
    return regimes.open_period(regime=regime, period=periods.parse(period), by=by)


@staff(May.ACCEPT_REPORT)
def form(request: PersonRequest, pk: UUID | None = None) -> HttpResponse:
    """Set a regime, or change one."""
    mine = Regime.objects.filter(issuer__in=units_in_reach(request.user, May.ACCEPT_REPORT))
    shown = get_object_or_404(mine.select_related("issuer"), pk=pk) if pk else None
    typed: forms.RegimeForm
    if shown:
        typed = forms.RegimeForm.of(request, row=shown)
    else:
        typed = forms.NewRegimeForm.of(request, initial=_first(), within={"issuer": issuers(request.user)})
    if typed.attempt(regimes.set_regime, regime=shown, by=request.user):
        messages.success(request, _("Đã lưu chế độ báo cáo."))
        return redirect("report-regime", typed.done.pk)
    return answer(request, "office/reports/regime_form.html", typed, {"regime": shown})


def _first() -> dict[str, Any]:
    """What a new regime says at first."""
    return {
        "period_type": periods.PeriodType.MONTH, "due_days": 5, "opens_days": 7, "issuer_reports": True,
        "active": True, "starts_on": timezone.localdate().replace(day=1),
    }  # fmt: skip
