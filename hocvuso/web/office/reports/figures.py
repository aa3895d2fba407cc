"""“Giải trình số này”: the page of one figure with its questions and answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.people.models import Person
from hocvuso.people.rules import May
from hocvuso.reports import queries as questions
from hocvuso.reports.models import FigureThread, Report, ReportFigure
from hocvuso.reports.services import threads

from ...kit.auth import PersonRequest
from ...kit.figures import to_decimals
from ...kit.forms import answer as answer_form
from ...kit.gate import staff
from . import forms

HISTORY = 12
TEMPLATE = "office/reports/figure.html"


def _one(request: PersonRequest, pk: UUID) -> ReportFigure:
    seen = Report.objects.visible_to(request.user)
    rows = ReportFigure.objects.filter(report__in=seen).select_related(
        "indicator", "report__regime", "report__unit__parent"
    )
    return get_object_or_404(rows, pk=pk)


@staff(May.SEE_FIGURES)
def figure(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One figure: how it came about, its history, what was asked and said about it."""
    return render(request, TEMPLATE, _context(request, _one(request, pk)))


def _context(
    request: PersonRequest,
    shown: ReportFigure,
    asking: forms.AskForm | None = None,
    answering: tuple[UUID, forms.AnswerForm] | None = None,
) -> dict[str, Any]:
    """What the page shows; `asking`, or `answering` with its thread, are what was sent and refused."""
    decimals = shown.indicator.decimals
    report = shown.report
    history = (
        ReportFigure.objects.filter(
            indicator__key=shown.indicator.key, report__unit=report.unit_id, report__regime=report.regime_id
        )
        .select_related("report")
        .order_by("-report__due_on")[:HISTORY]
    )
    found = shown.threads.select_related("by", "resolved_by").prefetch_related("messages__by")
    sent = dict([answering] if answering else [])
    return {
        "figure": shown,
        "report": report,
        "value": to_decimals(shown.value, decimals),
        "parts": [
            (_("Của riêng đơn vị khai"), to_decimals(shown.own_value, decimals)),
            (_("Cộng từ báo cáo đã nhận"), to_decimals(shown.parts_value, decimals)),
            (_("Tử số"), to_decimals(shown.numerator)),
            (_("Mẫu số"), to_decimals(shown.denominator)),
        ],
        "history": [(row.report, to_decimals(row.value, decimals)) for row in history],
        "threads": [(thread, sent.get(thread.pk) or forms.AnswerForm(auto_id=f"{thread.pk}-%s")) for thread in found],
        "answering": answering and answering[1],
        "asking": asking or forms.AskForm(),
        "can": questions.abilities(request.user, report),
    }


@staff(May.SEE_FIGURES)
@require_POST
def ask(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask about a figure."""
    shown = _one(request, pk)
    form = forms.AskForm.of(request)
    if form.attempt(threads.ask, figure=shown, by=request.user):
        messages.success(request, _("Đã gửi câu hỏi."))
        return redirect("report-figure", pk)
    return answer_form(request, TEMPLATE, form, _context(request, shown, form))


@staff(May.SEE_FIGURES)
@require_POST
def answer(request: PersonRequest, pk: UUID, thread_id: UUID) -> HttpResponse:
    """Answer in a thread, or with `do=resolve` close it."""
    shown = _one(request, pk)
    thread = get_object_or_404(FigureThread, pk=thread_id, figure=shown)
    form = forms.AnswerForm.of(request, auto_id=f"{thread.pk}-%s")
    if form.attempt(_answer, thread=thread, by=request.user, resolve=form["do"].value() == "resolve"):
        return redirect("report-figure", pk)
    return answer_form(request, TEMPLATE, form, _context(request, shown, answering=(thread.pk, form)))


def _answer(*, thread: FigureThread, text: str, by: Person, resolve: bool) -> None:
    if resolve:
        threads.resolve(thread=thread, by=by)
    else:
        threads.answer(thread=thread, text=text, by=by)
