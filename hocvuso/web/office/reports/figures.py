"""“Giải trình số này”: the page of one figure with its questions and answers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.people.rules import May
from hocvuso.reports import queries as questions
from hocvuso.reports.models import FigureThread, Report, ReportFigure
from hocvuso.reports.services import threads

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from . import numbers

HISTORY = 12


def _one(request: PersonRequest, pk: UUID) -> ReportFigure:
    seen = Report.objects.visible_to(request.user)
    rows = ReportFigure.objects.filter(report__in=seen).select_related(
        "indicator", "report__regime", "report__unit__parent"
    )
    return get_object_or_404(rows, pk=pk)


@staff(May.SEE_FIGURES)
def figure(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One figure: how it came about, its history, what was asked and said about it."""
    return _page(request, _one(request, pk))


def _page(request: PersonRequest, shown: ReportFigure, refusal: Refusal | None = None) -> HttpResponse:
    decimals = shown.indicator.decimals
    report = shown.report
    history = (
        ReportFigure.objects.filter(
            indicator__key=shown.indicator.key, report__unit=report.unit_id, report__regime=report.regime_id
        )
        .select_related("report")
        .order_by("-report__due_on")[:HISTORY]
    )
    context = {
        "figure": shown,
        "report": report,
        "value": numbers.figure(shown.value, decimals),
        "parts": [
            (_("Của riêng đơn vị khai"), numbers.figure(shown.own_value, decimals)),
            (_("Cộng từ báo cáo đã nhận"), numbers.figure(shown.parts_value, decimals)),
            (_("Tử số"), numbers.figure(shown.numerator)),
            (_("Mẫu số"), numbers.figure(shown.denominator)),
        ],
        "history": [(row.report, numbers.figure(row.value, decimals)) for row in history],
        "threads": shown.threads.select_related("by", "resolved_by").prefetch_related("messages__by"),
        "can": questions.abilities(request.user, report),
        "refusal": refusal,
        "typed": request.POST if refusal else {},
    }
    return render(request, "office/reports/figure.html", context, status=400 if refusal else 200)


@staff(May.SEE_FIGURES)
@require_POST
def ask(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask about a figure."""
    shown = _one(request, pk)
    try:
        threads.ask(figure=shown, text=request.POST.get("text", ""), by=request.user)
    except Refusal as refusal:
        return _page(request, shown, refusal)
    messages.success(request, _("Đã gửi câu hỏi."))
    return redirect("report-figure", pk)


@staff(May.SEE_FIGURES)
@require_POST
def answer(request: PersonRequest, pk: UUID, thread_id: UUID) -> HttpResponse:
    """Answer in a thread, or with `do=resolve` close it."""
    shown = _one(request, pk)
    thread = get_object_or_404(FigureThread, pk=thread_id, figure=shown)
    try:
        if request.POST.get("do") == "resolve":
            threads.resolve(thread=thread, by=request.user)
        else:
            threads.answer(thread=thread, text=request.POST.get("text", ""), by=request.user)
    except Refusal as refusal:
        return _page(request, shown, refusal)
    return redirect("report-figure", pk)
