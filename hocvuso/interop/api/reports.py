"""Reports: listed, and one with figures, sections and moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Schema

from hocvuso.base.words import name_of
from hocvuso.reports.models import Report, ReportFigure, ReportSection
from hocvuso.reports.rules import ReportState

from .common import Listing, Page, Scope, account_of, api, check_period, file_names, filled, paged

TAGS = ["reports"]


class ReportRow(Schema):
    id: UUID
    regime: str
    unit: str
    period: str
    due_on: date
    state: ReportState
    submitted_at: datetime | None
    late_days: int | None


@api.get("/reports", response=Page[ReportRow], summary="Reports", tags=TAGS)
def reports(
    request: HttpRequest, asked: Query[Listing], period: str = "", state: ReportState | None = None
) -> Page[ReportRow]:
    """Reports in reach, the latest due first; `since` is by the due day. `late_days` is null until handed in."""
    found = asked.of_unit(Report.objects.visible_to(account_of(request, Scope.PLANS_READ)))
    if asked.since:
        found = found.filter(due_on__gte=asked.since)
    if period:
        check_period(period)
        found = found.filter(period=period)
    if state:
        found = found.filter(state=state)
    rows = found.select_related("unit", "regime").order_by("-due_on", "unit__path", "pk")
    return paged(rows, asked.page, lambda r: filled(ReportRow, r, regime=r.regime.title, unit=r.unit.code))


class Number(Schema):
    value: float | None
    numerator: float | None
    denominator: float | None


class ReportFigureRow(Schema):
    indicator: str
    version: int
    title: str
    measured_in: str
    kind: str
    value: float | None
    numerator: float | None
    denominator: float | None
    withheld: bool
    own: Number
    parts: Number
    parts_counted: int
    parts_missing: int
    comment: str
    files: list[str]


class SectionRow(Schema):
    key: str
    title: str
    required: bool
    text: str
    files: list[str]


class MoveRow(Schema):
    to: ReportState
    at: datetime
    note: str
    late_days: int | None
    first: bool


class ReportDetail(Schema):
    id: UUID
    regime: str
    unit: str
    period: str
    ends_on: date
    due_on: date
    state: ReportState
    submitted_at: datetime | None
    late_days: int | None
    note: str
    parent: UUID | None
    summed_at: datetime | None
    figures: list[ReportFigureRow]
    sections: list[SectionRow]
    moves: list[MoveRow]


@api.get("/reports/{report}", response=ReportDetail, summary="One report", tags=TAGS)
def report_detail(request: HttpRequest, report: UUID) -> ReportDetail:
    """A report: its figures (`own`: what the unit itself declared; `parts`: the sum over reports beneath; `kind`:
    m measured, d declared, s summed), the texts of its sections, and its moves with lateness. A figure that is
    `withheld` counts so few people that it must not leave the unit.
    """
    visible = Report.objects.visible_to(account_of(request, Scope.PLANS_READ))
    found = get_object_or_404(visible.select_related("unit", "regime"), pk=report)
    figures, sections = list(found.figures.select_related("indicator")), list(found.sections.all())
    files = file_names([*figures, *sections])
    return filled(
        ReportDetail,
        found,
        regime=found.regime.title,
        unit=found.unit.code,
        parent=found.parent_id,
        figures=_figure_rows(figures, files),
        sections=_section_rows(sections, files),
        moves=[filled(MoveRow, move) for move in found.moves.all()],
    )


def _figure_rows(figures: Sequence[ReportFigure], files: dict[str, list[str]]) -> list[ReportFigureRow]:
    return [
        filled(
            ReportFigureRow,
            f,
            indicator=f.indicator.key,
            version=f.indicator.version,
            title=f.indicator.title,
            measured_in=f.indicator.measured_in,
            own=_number(f, "own"),
            parts=_number(f, "parts"),
            files=files[name_of(f)],
        )
        for f in figures
    ]


def _number(figure: ReportFigure, which: str) -> Number:
    numbers: dict[str, Any] = {name: getattr(figure, f"{which}_{name}") for name in Number.model_fields}
    return Number(**numbers)


def _section_rows(sections: Sequence[ReportSection], files: dict[str, list[str]]) -> list[SectionRow]:
    return [filled(SectionRow, section, files=files[name_of(section)]) for section in sections]
