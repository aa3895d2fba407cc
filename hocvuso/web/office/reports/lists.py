"""Reports as lists: mine to write, waiting for me to decide, all in reach; taken in many at once; downloaded."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import periods
from hocvuso.base.fields import holding
from hocvuso.base.numbers import trimmed
from hocvuso.people.models import Person
from hocvuso.people.queries import may_anywhere, units_in_reach
from hocvuso.people.rules import May
from hocvuso.reports import queries as questions
from hocvuso.reports.models import Regime, Report
from hocvuso.reports.rules import ReportState
from hocvuso.reports.services import reporting
from hocvuso.units.models import Unit

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.choosing import own_units
from ...kit.done import say_done
from ...kit.gate import staff
from ...kit.typed import key

PAGE = 40
TABS = ("can-lap", "cho-nhan", "cap-duoi", "tat-ca")


def desks(person: Person) -> dict[str, Any]:
    """Reports that one's own units owe, that wait for one's decision, and that units beneath owe."""
    owed, own = Report.objects.owed_by(person), own_units(person, May.REPORT)
    return {
        "can-lap": owed.filter(unit__in=own),
        "cho-nhan": Report.objects.awaiting(person),
        "cap-duoi": owed.exclude(unit__in=own),
    }


def found(request: PersonRequest, tab: str) -> Any:
    """The reports that the tab and the filters choose."""
    rows = desks(request.user).get(tab)
    return narrowed(Report.objects.visible_to(request.user) if rows is None else rows, request)


def narrowed(rows: Any, request: PersonRequest) -> Any:
    """Filters by regime, period, state, lateness, unit with all beneath it, words of the unit's name."""
    asked = request.GET
    if regime := asked.get("che-do"):
        rows = rows.filter(regime__in=Regime.objects.visible_to(request.user).filter(pk__in=_uuids(regime)))
    if asked.get("ky"):
        rows = rows.filter(period=asked["ky"][:10])
    if asked.get("trang-thai") in ReportState.values:
        rows = rows.filter(state=asked["trang-thai"])
    if asked.get("muon"):
        rows = rows.late(timezone.localdate())
    if asked.get("qua-han"):
        rows = rows.overdue(timezone.localdate())
    if unit := unit_asked(request):
        rows = rows.filter(unit__in=Unit.objects.under(unit))
    rows = rows.filter(holding(asked.get("q", "")[:100], "unit__search"))
    return rows


def unit_asked(request: PersonRequest) -> Unit | None:
    """The unit whose subtree the address asks for; none that one may not see."""
    return units_in_reach(request.user, May.SEE_FIGURES).filter(pk=key(request.GET, "don-vi")).first()


def _uuids(text: str) -> list[str]:
    try:
        return [str(UUID(text))]
    except ValueError:
        return []


@staff(May.SEE_FIGURES)
def index(request: PersonRequest) -> HttpResponse:
    """Reports: on my desk first."""
    counts = {name: rows.count() for name, rows in desks(request.user).items()}
    default = next((name for name, count in counts.items() if count), "tat-ca")
    tab = request.GET.get("xem") if request.GET.get("xem") in TABS else default
    rows = found(request, str(tab))
    ordered = questions.by_urgency(rows).select_related("regime", "unit")
    page = Paginator(ordered, PAGE).get_page(request.GET.get("trang"))
    regimes = Regime.objects.visible_to(request.user).distinct()
    context = {
        "tab": tab,
        "tabs": [
            ("can-lap", _("Cần lập"), counts["can-lap"]),
            ("cho-nhan", _("Chờ nhận"), counts["cho-nhan"]),
            *([("cap-duoi", _("Cấp dưới chưa nộp"), beneath)] if (beneath := counts["cap-duoi"]) else []),
            ("tat-ca", _("Tất cả"), 0),
        ],
        "chosen": {
            "regime": request.GET.get("che-do", ""),
            "state": request.GET.get("trang-thai", ""),
            "overdue": request.GET.get("qua-han", ""),
        },
        "unit": unit_asked(request),
        "page": page,
        "today": timezone.localdate(),
        "regimes": regimes,
        "periods": period_choices(Report.objects.visible_to(request.user)),
        "states": ReportState.choices,
        "rates": questions.rates_of(rows, timezone.localdate()) if tab == "tat-ca" else None,
        "may_regime": may_anywhere(request.user, May.ACCEPT_REPORT),
    }
    return render(request, "office/reports/index.html", context)


def period_choices(rows: Any) -> list[periods.Period]:
    """Periods of some reports, latest first."""
    codes = rows.order_by().values_list("period", flat=True).distinct()[:200]
    return sorted((periods.parse(code) for code in codes), key=lambda period: period.first, reverse=True)


@staff(May.SEE_FIGURES)
def download(request: PersonRequest) -> HttpResponseBase:
    """The list as a file, with figures when one regime is chosen."""
    rows = found(request, request.GET.get("xem", ""))
    regime = Regime.objects.visible_to(request.user).filter(pk__in=_uuids(request.GET.get("che-do", ""))).first()
    return as_file(request.GET.get("tep", ""), rows, regime)


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
    """Take in those marked, or with `tat-ca` all that the filters choose."""
    waiting = narrowed(Report.objects.awaiting(request.user), request)
    if not request.POST.get("tat-ca"):
        marked = [key for text in request.POST.getlist("bao-cao") for key in _uuids(text)]
        waiting = waiting.filter(Q(pk__in=marked))
    taken, left = reporting.accept_many(reports=waiting, by=request.user)
    none = "" if left else _("Chưa nhận báo cáo nào. Hãy đánh dấu các báo cáo muốn nhận rồi bấm lại.")
    say_done(request, taken, _("Đã nhận %(n)s báo cáo.") % {"n": trimmed(taken)}, none=none)
    if left:
        messages.info(request, _("%(n)s báo cáo chưa nhận vì bạn đã viết hoặc nộp chúng.") % {"n": trimmed(left)})
    return redirect("reports")
