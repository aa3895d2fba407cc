"""Figures of a unit in a period; one indicator taken apart; the records beneath it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from hocvuso.base.attachments import attached_to
from hocvuso.base.numbers import rounded
from hocvuso.base.periods import Period
from hocvuso.indicators import queries, services
from hocvuso.indicators.models import Flag, Indicator, ReplacedValue, Target, Value
from hocvuso.indicators.queries import Figure
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.tables import download
from . import parts
from .asking import Asked, asked, choices, period_for, series, shown
from .chart import trend

PAGE = 50
SAID_BEFORE = 10


@dataclass(frozen=True)
class Row:
    """One indicator on the list, with what stands beside its figure."""

    indicator: Indicator
    period: Period
    figure: Figure
    target: Target | None
    flags: int

    @property
    def value(self) -> str:
        return shown(self.figure.value, self.indicator.decimals)

    @property
    def declared(self) -> str:
        return shown(self.figure.declared, self.indicator.decimals) if self.figure.kind == "m" else ""

    @property
    def aim(self) -> str:
        return shown(self.target.value, self.indicator.decimals) if self.target else ""

    @property
    def reached(self) -> int | None:
        """The share of the target that is reached, in per cent; None where that says nothing."""
        if self.target is None or not self.target.value or self.figure.value is None:
            return None
        return int(rounded(self.figure.value / self.target.value * 100)) if self.indicator.higher_is_better else None


@staff(May.SEE_FIGURES)
def indicators(request: PersonRequest) -> HttpResponseBase:
    """All indicators with their figures for one unit and period."""
    services.freshen()
    at = asked(request)
    rows = _rows(request, at)
    if (kind := request.GET.get("tai")) and at.form.is_valid():
        head = [
            _("Mã"),
            _("Chỉ số"),
            _("Kỳ"),
            _("Giá trị"),
            _("Đơn vị tính"),
            _("Chỉ tiêu"),
            _("Tự khai"),
            _("Cảnh báo"),
        ]
        lines = (
            [
                r.indicator.key, r.indicator.title, r.period, r.figure.value, r.indicator.measured_in,
                r.target.value if r.target else None, r.figure.declared, r.flags,
            ]
            for r in rows
        )  # fmt: skip
        return download(kind, f"chi-so-{at.unit.code}-{at.period.code}", head, lines)
    context = vars(choices(request, at)) | {
        "measured": [r for r in rows if r.indicator.kind != Indicator.Kind.DECLARED],
        "said": [r for r in rows if r.indicator.kind == Indicator.Kind.DECLARED],
        "open_flags": Flag.objects.visible_to(request.user).filter(state=Flag.State.OPEN).count(),
        "may_define": services.may_define(request.user),
    }
    return render(request, "office/indicators/indicators.html", context, status=at.form.status)


def _rows(request: PersonRequest, at: Asked) -> list[Row]:
    found = list(queries.current_indicators())
    periods = {i.key: period_for(i, at.period) for i in found}
    distinct = list({p.code: p for p in periods.values()}.values())
    sheet = queries.figures(indicators=found, units=[at.unit], periods=distinct, viewer=request.user)
    targets = queries.targets_of([at.unit], [p.code for p in distinct])
    open_flags = Flag.objects.filter(unit=at.unit, state=Flag.State.OPEN, period__in=[p.code for p in distinct])
    flags = dict(open_flags.values_list("indicator").annotate(n=Count("pk")))
    return [
        Row(
            indicator=i,
            period=(period := periods[i.key]),
            figure=sheet[i.key, at.unit.pk, period.code],
            target=targets.get((i.key, at.unit.pk, period.code)),
            flags=flags.get(i.key, 0),
        )
        for i in found
    ]


def current(key: str) -> Indicator:
    """The current definition of a key, or 404."""
    return get_object_or_404(Indicator.objects.current(), key=key)


@staff(May.SEE_FIGURES)
def indicator(request: PersonRequest, key: str) -> HttpResponseBase:
    """One indicator: figure, target, trend, what it is made of."""
    services.freshen()
    found = current(key)
    at = asked(request, kind=found.period_type)
    at = replace(at, period=period_for(found, at.period))
    way, ways = parts.way_asked(request, found)
    table = parts.table(request, found, at, way)
    if (kind := request.GET.get("tai")) and at.form.is_valid():
        return download(kind, f"{key}-{at.unit.code}-{at.period.code}", table.head, table.lines)
    context = vars(choices(request, at)) | _about(request, found, at) | {"way": way, "ways": ways, "table": table}
    return render(request, "office/indicators/indicator.html", context, status=at.form.status)


def _about(request: PersonRequest, found: Indicator, at: Asked) -> dict[str, Any]:
    back = series(at.period)
    sheet = queries.figures(indicators=[found], units=[at.unit], periods=back, viewer=request.user)
    targets = queries.targets_of([at.unit], [at.period.code])
    figure = sheet[found.key, at.unit.pk, at.period.code]
    target = targets.get((found.key, at.unit.pk, at.period.code))
    write = partial(shown, decimals=found.decimals)
    history = [(str(p), (f := sheet[found.key, at.unit.pk, p.code]).value, write(f.value)) for p in back]
    flags = Flag.objects.filter(unit=at.unit, indicator=found.key, period=at.period.code)
    here = {"indicator__key": found.key, "unit": at.unit, "period": at.period.code}
    said = Value.objects.filter(kind=Value.Kind.DECLARED, **here)
    value = said.select_related("by").order_by("-indicator__version").first()
    return {
        "indicator": found,
        "row": Row(found, at.period, figure, target, 0),
        "trend": trend(history, target=target.value if target else None, write=write),
        "history": history,
        "numerator": shown(figure.numerator),
        "denominator": shown(figure.denominator),
        "people": queries.population_of(at.unit, found.definition.get("population", ""), at.period.last),
        "flags": flags.order_by("-created_at")[:5],
        "said": value,
        "evidence": attached_to(value) if value else [],
        "said_before": ReplacedValue.objects.filter(**here).select_related("by")[:SAID_BEFORE] if value else [],
        "measures": queries.measures_in(found),
        "may_declare": may(request.user, May.DECLARE, at.unit),
        "may_define": services.may_define(request.user),
    }


@staff(May.SEE_FIGURES)
def records(request: PersonRequest, key: str) -> HttpResponseBase:
    """The records that a figure counts, without names."""
    found = current(key)
    at = asked(request, kind=found.period_type)
    measures = queries.measures_in(found)
    measure = next((m for m in measures if m.name == request.GET.get("do")), measures[0] if measures else None)
    if measure is None:
        return render(request, "office/indicators/records.html", {"indicator": found, "at": at}, status=at.form.status)
    rows = queries.records(measure=measure, unit=at.unit, period=at.period, viewer=request.user)
    if (kind := request.GET.get("tai")) and at.form.is_valid():
        lines = (
            (r.day, r.label, r.place, r.person) for r in (queries.told(measure, row) for row in rows.iterator(2000))
        )
        head = [_("Ngày"), _("Bản ghi"), _("Địa bàn"), _("Dấu của người học")]
        return download(kind, f"ban-ghi-{key}-{at.unit.code}-{at.period.code}", head, lines)
    page: Page[Any] = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    context = {
        "indicator": found,
        "at": at,
        "measures": measures,
        "measure": measure,
        "page": page,
        "rows": [queries.told(measure, row) for row in page],
    }
    return render(request, "office/indicators/records.html", context, status=at.form.status)
