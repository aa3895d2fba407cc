"""Figures of many units side by side: indicators × periods across, units down. The address is the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from hocvuso.base.periods import Period
from hocvuso.indicators import queries, services
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import Figure, shown
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit import tables
from ...kit.auth import PersonRequest
from ...kit.figures import words
from ...kit.gate import staff
from .asking import Asked, asked, choices, period_for, series
from .forms import SheetFilter

MOST_INDICATORS, AT_FIRST, PAGE, CHUNK = 12, 3, 50, 500


@dataclass(frozen=True)
class Column:
    """One indicator in one period."""

    indicator: Indicator
    period: Period


@dataclass(frozen=True)
class Cell:
    """A figure as it is written, and where it opens."""

    column: Column
    text: str


@dataclass(frozen=True)
class Sheet:
    """What the address asks for: columns, and the units down the side; `unit` itself stands above them."""

    at: Asked
    form: SheetFilter
    chosen: list[Indicator]
    columns: list[Column]
    units: QuerySet[Unit]

    def rows(self, units: Sequence[Unit], viewer: Any) -> Iterator[tuple[Unit, list[Figure]]]:
        """Each unit with its figures, column by column."""
        periods = list({c.period.code: c.period for c in self.columns}.values())
        found = queries.figures(indicators=self.chosen, units=units, periods=periods, viewer=viewer)
        for unit in units:
            yield unit, [found[c.indicator.key, unit.pk, c.period.code] for c in self.columns]

    def cells(self, figures: Sequence[Figure]) -> list[Cell]:
        """One row of figures as it is written."""
        return [Cell(c, words(f, c.indicator)) for c, f in zip(self.columns, figures, strict=True)]


@staff(May.SEE_FIGURES)
def sheet(request: PersonRequest) -> HttpResponseBase:
    """The table on the page, or all of it as a file."""
    services.freshen()
    wanted = _wanted(request)
    if (form := request.GET.get("tai")) and wanted.form.is_valid() and wanted.at.form.is_valid():
        return _file(request, wanted, form)
    page = Paginator(wanted.units, PAGE).get_page(request.GET.get("trang"))
    rows = wanted.rows([wanted.at.unit, *page], request.user)
    context = vars(choices(request, wanted.at)) | {
        "sheet": wanted,
        "page": page,
        "rows": [(unit, wanted.cells(line)) for unit, line in rows],
        "heads": [(i, sum(c.indicator == i for c in wanted.columns)) for i in wanted.chosen],
        "same_columns": _kept(request, "don-vi", "loai"),
        "same_rows": _kept(request, "ky", "loai-ky"),
    }
    status = max(wanted.form.status, wanted.at.form.status)
    return render(request, "office/indicators/sheet.html", context, status=status)


def _wanted(request: PersonRequest) -> Sheet:
    at = asked(request)
    offered = list(queries.current_indicators())
    first = [i.key for i in offered[:AT_FIRST]]
    defaults: dict[str, str | list[str]] = {"indicators": first, "back": "1"}
    form = SheetFilter.of(request, defaults=defaults, offered=offered, kinds=_kinds(at.unit))
    keys, back, kind = form.asked["indicators"] or first, int(form.asked["back"] or 1), form.asked["kind"]
    chosen = [i for i in offered if i.key in keys][:MOST_INDICATORS]
    periods = series(at.period)[-back:]
    columns = list(dict.fromkeys(Column(i, period_for(i, p)) for i in chosen for p in periods))
    beneath = queries.units_to_see(request.user).under(at.unit).exclude(pk=at.unit.pk)
    units = beneath.filter(kind=kind) if kind else beneath.filter(parent=at.unit)
    return Sheet(at, form, chosen, columns, units.order_by("path"))


def _kinds(top: Unit) -> list[tuple[str, Any]]:
    """Kinds of units beneath one, in the order of their list."""
    there = set(Unit.objects.under(top).exclude(pk=top.pk).order_by().values_list("kind", flat=True).distinct())
    return [(value, label) for value, label in Unit.Kind.choices if value in there]


def _kept(request: PersonRequest, *without: str) -> str:
    """The address's choices but some, for links that change those."""
    query = request.GET.copy()
    for name in (*without, "trang", "tim"):
        query.pop(name, None)
    return query.urlencode()


def _title(column: Column, form: str) -> str:
    return f"{column.indicator.title} · {column.period.code if form == 'csv' else column.period}"


def _file(request: PersonRequest, wanted: Sheet, form: str) -> HttpResponseBase:
    head = [_("Mã"), _("Đơn vị"), *(_title(c, form) for c in wanted.columns)]

    def lines() -> Iterator[list[Any]]:
        for units in batched([wanted.at.unit, *wanted.units], CHUNK):
            for unit, figures in wanted.rows(units, request.user):
                yield [unit.code, unit.name, *("<5" if f.withheld else shown(f) for f in figures)]

    return tables.download(form, f"bang-so-lieu-{wanted.at.unit.code}-{wanted.at.period.code}", head, lines())
