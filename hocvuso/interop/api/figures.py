"""Units, figures, indices, flags, targets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _t
from ninja import Query, Schema

from hocvuso.base.errors import Refusal
from hocvuso.indicators.models import Flag, Indicator, Target
from hocvuso.indicators.queries import figures, units_to_see
from hocvuso.indices.models import IndexDefinition, IndexScore
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from .common import (
    Listing,
    Page,
    Scope,
    Within,
    account_of,
    api,
    check_indicators,
    check_period,
    code_of,
    filled,
    paged,
)

MOST_UNITS, MOST_PERIODS = 500, 60
TAGS = ["figures"]


class TooMuch(Refusal):
    """More is asked for than one request may hold."""

    code = "too-much"
    says = _t("Mỗi lần hỏi nhiều nhất %(units)s đơn vị và %(periods)s kỳ.")


class UnitRow(Schema):
    id: UUID
    code: str
    name: str
    kind: str
    parent: str | None
    place: str | None


@api.get("/units", response=Page[UnitRow], summary="Units in reach", tags=TAGS)
def units(request: HttpRequest, page: int = 1, kind: str = "") -> Page[UnitRow]:
    """Units the client's account reaches."""
    account = account_of(request, Scope.FIGURES_READ)
    found = units_in_reach(account, May.SEE_FIGURES).select_related("parent").order_by("path")
    if kind:
        found = found.filter(kind=kind)
    return paged(found, page, _unit_row)


def _unit_row(unit: Unit) -> UnitRow:
    return filled(UnitRow, unit, parent=code_of(unit.parent), place=unit.place_id)


class FigureRow(Schema):
    indicator: str
    version: int
    unit: str
    period: str
    value: float | None
    numerator: float | None
    denominator: float | None
    kind: str
    withheld: bool


@api.get("/figures", response=list[FigureRow], summary="Figures: indicators × units × periods", tags=TAGS)
def figure_rows(
    request: HttpRequest, indicator: Query[list[str]], unit: Query[list[str]], period: Query[list[str]]
) -> list[FigureRow]:
    """At most 500 units and 60 periods a request; units by code. Small counts of people are withheld."""
    account = account_of(request, Scope.FIGURES_READ)
    if len(unit) > MOST_UNITS or len(period) > MOST_PERIODS:
        raise TooMuch(units=MOST_UNITS, periods=MOST_PERIODS)
    for code in period:
        check_period(code)
    check_indicators(indicator)
    indicators = list(Indicator.objects.current().filter(key__in=indicator))
    reach = list(units_in_reach(account, May.SEE_FIGURES).filter(code__in=unit))
    found = figures(indicators=indicators, units=reach, periods=period, viewer=account)
    codes = {u.pk: u.code for u in reach}
    return [
        filled(FigureRow, f, indicator=key, unit=codes[pk], period=code, value=None if f.withheld else f.value)
        for (key, pk, code), f in found.items()
    ]


class ScoreRow(Schema):
    unit: str
    total: float | None
    rank: int | None
    band: str
    parts: dict[str, Any]


@api.get("/indices/{key}/{year}/{period}", response=Page[ScoreRow], summary="Scores of an index", tags=TAGS)
def scores(request: HttpRequest, key: str, year: int, period: str, page: int = 1) -> Page[ScoreRow]:
    """Scores of units in reach, by rank."""
    reach = units_in_reach(account_of(request, Scope.FIGURES_READ), May.SEE_FIGURES)
    index = get_object_or_404(IndexDefinition, key=key, year=year)
    found = IndexScore.objects.current().filter(index=index, period=period, unit__in=reach).select_related("unit")
    return paged(found.order_by("rank", "pk"), page, lambda s: filled(ScoreRow, s, unit=s.unit.code))


class FlagRow(Schema):
    kind: str
    detector: str
    indicator: str
    unit: str
    period: str
    state: str
    facts: dict[str, Any]


@api.get("/flags", response=Page[FlagRow], summary="Data-quality flags", tags=TAGS)
def flags(request: HttpRequest, asked: Query[Listing], state: str = "open") -> Page[FlagRow]:
    """Flags of units in reach, the latest first."""
    found = Flag.objects.visible_to(account_of(request, Scope.FIGURES_READ)).filter(state=state)
    rows = asked.made_since(asked.of_unit(found)).select_related("unit").order_by("-pk")
    return paged(rows, asked.page, lambda f: filled(FlagRow, f, unit=f.unit.code))


class TargetRow(Schema):
    indicator: str
    unit: str
    period: str
    value: float
    source: str


@api.get("/targets", response=Page[TargetRow], summary="Targets", tags=TAGS)
def targets(request: HttpRequest, asked: Query[Within], indicator: str = "", period: str = "") -> Page[TargetRow]:
    """Targets of units in reach, each with its source."""
    found = Target.objects.filter(unit__in=units_to_see(account_of(request, Scope.FIGURES_READ)))
    check_indicators([indicator])
    if indicator:
        found = found.filter(indicator=indicator)
    if period:
        check_period(period)
        found = found.filter(period=period)
    rows = asked.of_unit(found).select_related("unit").order_by("pk")
    return paged(rows, asked.page, lambda t: filled(TargetRow, t, unit=t.unit.code))
