"""Dashboards of any unit in reach: headlines, map, ladder, trends, targets, alerts. The address is the view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from hocvuso.base import periods
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import current_indicators, shown
from hocvuso.indicators.services import rollup
from hocvuso.overview.queries import dashboards
from hocvuso.overview.queries.dashboards import Alerts, Card, Rung
from hocvuso.people.queries import grants_of, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.figures import words
from ...kit.gate import staff
from ...kit.tables import download
from . import charts

PAGE = 40
FOCUS = "learners"


@dataclass(frozen=True)
class View:
    """What the address asks for: a unit in reach, a period, an indicator for map and ladder."""

    unit: Unit
    period: periods.Period
    indicator: Indicator
    indicators: list[Indicator]

    @property
    def query(self) -> str:
        """The same view as an address."""
        return f"unit={self.unit.pk}&ky={self.period.code}&cs={self.indicator.key}"


@dataclass(frozen=True)
class Board:
    """What page and wall show of a view; the cards each with its line."""

    view: View
    above: Unit | None
    cards: list[tuple[Card, SafeString]]
    map: SafeString | str
    page: Page[Rung]
    alerts: Alerts
    before: periods.Period
    after: periods.Period | None
    today: date


def _view(request: PersonRequest) -> View:
    reach = units_in_reach(request.user, May.SEE_FIGURES)
    asked = request.GET.get("unit")
    unit = reach.filter(pk=_uuid(asked)).first() if asked else _own(request)
    indicators = list(current_indicators())
    chosen = request.GET.get("cs") or FOCUS
    indicator = next((i for i in indicators if i.key == chosen), None)
    if unit is None or indicator is None:
        raise Http404
    return View(unit, _period(request), indicator, indicators)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _own(request: PersonRequest) -> Unit | None:
    """The highest unit whose figures the person sees."""
    reach = units_in_reach(request.user, May.SEE_FIGURES)
    mine = sorted((g.unit for g in grants_of(request.user)), key=lambda u: u.path.count("."))
    return next((u for u in mine if reach.filter(pk=u.pk).exists()), None)


def _period(request: PersonRequest) -> periods.Period:
    """The period asked for; this month when none is, or one that has not begun."""
    today = timezone.localdate()
    try:
        found = periods.parse(request.GET.get("ky", ""))
    except ValueError:
        return periods.containing(periods.PeriodType.MONTH, today)
    return found if found.first <= today else periods.containing(found.type, today)


@staff(May.SEE_FIGURES)
def dashboard(request: PersonRequest) -> HttpResponse:
    """One unit on one page; every figure opens into its own page, down to records."""
    rollup.freshen()
    view = _view(request)
    return render(request, "office/dashboard/dashboard.html", vars(_board(request, view)))


def _board(request: PersonRequest, view: View) -> Board:
    rungs = dashboards.ladder(dashboards.parts_of(view.unit), view.indicator, view.period, request.user)
    above, today, following = view.unit.parent, timezone.localdate(), view.period.following()
    reach = units_in_reach(request.user, May.SEE_FIGURES)
    return Board(
        view=view,
        above=above if above and reach.filter(pk=above.pk).exists() else None,
        cards=[(card, _trend(card)) for card in dashboards.cards(view.unit, view.period, request.user)],
        map=_national_map(rungs, view.indicator, view.period),
        page=Paginator(rungs, PAGE).get_page(request.GET.get("trang")),
        alerts=dashboards.alerts(view.unit, request.user, view.period, today),
        before=view.period.preceding(),
        after=following if following.first <= today else None,
        today=today,
    )


def _trend(card: Card) -> SafeString:
    """The line of a card's figures over the periods."""
    title = _("%(title)s qua các kỳ") % {"title": card.indicator.title}
    return charts.sparkline([shown(figure) for _period, figure in card.series], title=title, target=card.target)


def _national_map(rungs: Sequence[Rung], indicator: Indicator, period: periods.Period) -> SafeString | str:
    """The tile map of provinces by one indicator; nothing when the units are not provinces."""
    provinces = {r.unit.place_id: r for r in rungs if r.unit.kind == Unit.Kind.PROVINCIAL_DEPARTMENT and r.unit.place}
    if not provinces:
        return ""
    classes = charts.levels([shown(r.figure) for r in provinces.values()])
    tiles = {
        str(code): charts.Tile(
            name=_short(r.unit.place.name if r.unit.place else r.unit.name),
            words=words(r.figure, indicator),
            level=level,
            url=f"?unit={r.unit.pk}&ky={period.code}&cs={indicator.key}",
        )
        for (code, r), level in zip(provinces.items(), classes, strict=True)
    }
    return charts.tile_map(tiles, _("Bản đồ: %(title)s") % {"title": indicator.title})


def _short(name: str) -> str:
    return name.removeprefix("Thành phố ").removeprefix("Tỉnh ")


@staff(May.SEE_FIGURES)
def ladder_file(request: PersonRequest) -> HttpResponseBase:
    """The ladder as Excel or CSV."""
    view = _view(request)
    rungs = dashboards.ladder(dashboards.parts_of(view.unit), view.indicator, view.period, request.user)
    head = [_("Hạng"), _("Mã"), _("Đơn vị"), view.indicator.title, _("Chỉ tiêu"), _("Báo cáo đúng hạn"), _("Cảnh báo")]
    rows = (
        [
            r.place,
            r.unit.code,
            r.unit.name,
            "<5" if r.figure and r.figure.withheld else shown(r.figure),
            r.target,
            r.rates.timeliness if r.rates else None,
            r.flags,
        ]
        for r in rungs
    )
    return download(request.GET.get("tai", "xlsx"), f"{view.indicator.key}-{view.period.code}", head, rows)


@staff(May.SEE_FIGURES)
def wall(request: PersonRequest) -> HttpResponse:
    """The dashboard for a wall: large, without controls, fresh by itself every minute."""
    rollup.freshen()
    view = _view(request)
    return render(request, "office/dashboard/wall.html", vars(_board(request, view)))
