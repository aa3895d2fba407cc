"""Reporting regimes: set, changed, periods opened, how complete and timely they are."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import periods
from hocvuso.base.days import NotADay
from hocvuso.base.errors import Refusal
from hocvuso.base.numbers import trimmed
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.people.queries import grants_of, may, may_anywhere, units_in_reach
from hocvuso.people.rules import GIVES, May, Role
from hocvuso.reports import queries as questions
from hocvuso.reports.models import Regime, Report
from hocvuso.reports.rules import DueCounts
from hocvuso.reports.services import regimes
from hocvuso.reports.services.regimes import BadRegime, RegimeTerms
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.gate import staff
from ...kit.typed import day as typed_day
from . import lists, numbers

PAGE = 30
SECTIONS = 8  # rows of sections in the form


@staff(May.SEE_FIGURES)
def index(request: PersonRequest) -> HttpResponse:
    """Regimes that one sees."""
    found = Regime.objects.visible_to(request.user).select_related("issuer").distinct()
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "may_set": may_anywhere(request.user, May.ACCEPT_REPORT)}
    return render(request, "office/reports/regimes.html", context)


def issuers(person: Person) -> list[Unit]:
    """Units at which the person may set regimes: where the roles are held."""
    held = [g.unit for g in grants_of(person) if May.ACCEPT_REPORT in GIVES[Role(g.role)]]
    return list({unit.pk: unit for unit in held}.values())


@staff(May.SEE_FIGURES)
def regime(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One regime: what it asks, its periods with their rates."""
    shown = get_object_or_404(Regime.objects.visible_to(request.user).select_related("issuer").distinct(), pk=pk)
    today = timezone.localdate()
    seen = Report.objects.visible_to(request.user)
    current = periods.containing(shown.period_type, today)
    context = {
        "regime": shown,
        "periods": questions.periods_of(shown, seen, today),
        "indicators": Indicator.objects.current().filter(key__in=shown.indicators),
        "kinds": [label for value, label in Unit.Kind.choices if value in shown.kinds],
        "chosen": shown.units.all()[:50],
        "may_change": may(request.user, May.ACCEPT_REPORT, shown.issuer),
        "openable": [current, current.preceding()],
    }
    return render(request, "office/reports/regime.html", context)


@staff(May.SEE_FIGURES)
def period(request: PersonRequest, pk: UUID, code: str) -> HttpResponse:
    """One period of a regime: rates, who is missing, sums of what was taken in."""
    shown = get_object_or_404(Regime.objects.visible_to(request.user).select_related("issuer").distinct(), pk=pk)
    rows = Report.objects.visible_to(request.user).filter(regime=shown, period=code)
    today = timezone.localdate()
    late = rows.late(today).select_related("unit").order_by("unit__path")
    summed = questions.sums(questions.leaf_reports(rows), shown.indicators)
    context = {
        "regime": shown,
        "period": get_period(code),
        "rates": questions.rates_of(rows, timezone.localdate()),
        "late": Paginator(late, PAGE).get_page(request.GET.get("trang")),
        "sums": [(s.indicator, numbers.figure(s.total.value, s.indicator.decimals), s.total) for s in summed],
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


@staff(May.SEE_FIGURES)
def period_file(request: PersonRequest, pk: UUID, code: str) -> HttpResponseBase:
    """All reports of a period as a file, with their figures."""
    shown = get_object_or_404(Regime.objects.visible_to(request.user).distinct(), pk=pk)
    rows = Report.objects.visible_to(request.user).filter(regime=shown, period=code)
    return lists.as_file(request.GET.get("tep", ""), rows, shown)


@staff(May.ACCEPT_REPORT)
@require_POST
def open_period(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Open a period for all units now."""
    shown = get_object_or_404(Regime.objects.visible_to(request.user).select_related("issuer").distinct(), pk=pk)
    opened = regimes.open_period(regime=shown, period=get_period(request.POST.get("ky", "")), by=request.user)
    none = _("Không mở thêm báo cáo nào: kỳ này đã mở cho mọi đơn vị phải nộp.")
    say_done(request, opened, _("Đã mở %(n)s báo cáo.") % {"n": trimmed(opened)}, none=none)
    return redirect("report-regime", pk)


@staff(May.ACCEPT_REPORT)
def form(request: PersonRequest, pk: UUID | None = None) -> HttpResponse:
    """Set a regime, or change one."""
    mine = Regime.objects.filter(issuer__in=units_in_reach(request.user, May.ACCEPT_REPORT))
    shown = get_object_or_404(mine.select_related("issuer"), pk=pk) if pk else None
    refusal: Refusal | None = None
    if request.method == "POST":
        try:
            issuer = shown.issuer if shown else _issuer(request)
            made = regimes.set_regime(issuer=issuer, terms=_terms(request, issuer), by=request.user, regime=shown)
            messages.success(request, _("Đã lưu chế độ báo cáo."))
            return redirect("report-regime", made.pk)
        except Refusal as error:
            refusal = error
    context = _form_context(request, shown) | {"refusal": refusal}
    return render(request, "office/reports/regime_form.html", context, status=400 if refusal else 200)


def _issuer(request: PersonRequest) -> Unit:
    found = [unit for unit in issuers(request.user) if str(unit.pk) == request.POST.get("issuer")]
    if not found:
        raise BadRegime("issuer", _("Hãy chọn đơn vị ban hành."))
    return found[0]


def _terms(request: PersonRequest, issuer: Unit) -> RegimeTerms:
    post = request.POST
    titles, limits = post.getlist("section"), post.getlist("max_words")
    required = set(post.getlist("required"))
    sections = [
        (title, str(n) in required, max(0, numbers.whole(limits[n] if n < len(limits) else "", 0)))
        for n, title in enumerate(titles)
        if title.strip()
    ]
    return RegimeTerms(
        title=post.get("title", ""),
        basis=post.get("basis", ""),
        kinds=[kind for kind in post.getlist("kinds") if kind in Unit.Kind.values],
        units=_units(post.get("units", ""), issuer),
        issuer_reports=bool(post.get("issuer_reports")),
        period_type=post.get("period_type", ""),
        due_days=numbers.whole(post.get("due_days"), -1),
        due_counts=post.get("due_counts", "") if post.get("due_counts") in DueCounts.values else DueCounts.CALENDAR,
        opens_days=numbers.whole(post.get("opens_days"), -1),
        indicators=post.getlist("indicators"),
        sections=sections,
        starts_on=_date(post, "starts_on"),
        ends_on=_date(post, "ends_on"),
        active=bool(post.get("active")),
    )


def _units(text: str, issuer: Unit) -> list[Unit]:
    """Units by their codes, parted by commas, spaces or lines. Raises BadRegime for a code that is not there."""
    codes = text.replace(",", " ").replace(";", " ").split()
    found = {unit.code: unit for unit in Unit.objects.under(issuer).filter(code__in=codes)}
    strange = [code for code in codes if code not in found]
    if strange:
        raise BadRegime("units", _("Không có đơn vị trực thuộc nào mang mã %(code)s."), code=", ".join(strange[:5]))
    return list(found.values())


def _date(post: QueryDict, name: str) -> date | None:
    try:
        return typed_day(post, name)
    except NotADay as refusal:
        raise BadRegime(name, str(refusal)) from None


def _form_context(request: PersonRequest, shown: Regime | None) -> dict[str, Any]:
    typed = _typed(request, shown)
    blank = {"title": "", "required": False, "max_words": ""}
    sections = typed["sections"] + [blank] * max(0, SECTIONS - len(typed["sections"]))
    return {
        "regime": shown,
        "typed": typed,
        "sections": sections,
        "issuers": issuers(request.user),
        "kinds": Unit.Kind.choices,
        "period_types": periods.PeriodType.choices,
        "due_counts": DueCounts.choices,
        "indicators": Indicator.objects.current().order_by("title"),
    }


def _typed(request: PersonRequest, shown: Regime | None) -> dict[str, Any]:
    """What stands in the form: what was typed, else the regime as it is, else an empty one."""
    if request.method == "POST":
        post = request.POST
        limits, required = post.getlist("max_words"), set(post.getlist("required"))
        return post.dict() | {
            "kinds": post.getlist("kinds"),
            "indicators": post.getlist("indicators"),
            "sections": [
                {"title": t, "required": str(n) in required, "max_words": limits[n] if n < len(limits) else ""}
                for n, t in enumerate(post.getlist("section"))
            ],
        }
    if shown is None:
        return {
            "period_type": "month", "due_days": 5, "opens_days": 7, "issuer_reports": True, "active": True,
            "starts_on": timezone.localdate().replace(day=1).isoformat(), "kinds": [], "indicators": [],
            "sections": [],
        }  # fmt: skip
    names = ("title", "basis", "kinds", "issuer_reports", "period_type", "due_days", "due_counts", "opens_days",
             "indicators", "sections", "active")  # fmt: skip
    return {name: getattr(shown, name) for name in names} | {
        "issuer": str(shown.issuer_id),
        "units": " ".join(shown.units.values_list("code", flat=True)),
        "starts_on": shown.starts_on.isoformat(),
        "ends_on": shown.ends_on.isoformat() if shown.ends_on else "",
    }
