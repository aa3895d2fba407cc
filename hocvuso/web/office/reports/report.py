"""One report: read, written, submitted, returned, taken in, summed from those beneath."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BoundField
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.attachments import opened
from hocvuso.base.errors import Refusal
from hocvuso.base.models import Attachment
from hocvuso.base.words import name_of
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May
from hocvuso.reminders.queries import owed_one
from hocvuso.reports import queries as questions
from hocvuso.reports.models import FigureThread, Report, ReportFigure, ReportSection
from hocvuso.reports.rules import OWED, TAKEN, ReportState
from hocvuso.reports.services import reporting

from ...kit.auth import PersonRequest
from ...kit.choosing import own_units
from ...kit.figures import to_decimals
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms

CHILDREN = 200
TEMPLATE = "office/reports/report.html"
BEGUN = (ReportState.DRAFTED, ReportState.RETURNED)


@dataclass(frozen=True)
class FigureRow:
    """A figure as the page shows it, with the fields of whoever writes in it or decides."""

    figure: ReportFigure
    files: list[Attachment]
    before: float | None
    open_threads: int
    declared: list[BoundField]
    comment: BoundField | None
    note: BoundField | None

    @property
    def shown(self) -> str:
        return to_decimals(self.figure.value, self.figure.indicator.decimals)

    @property
    def shown_before(self) -> str:
        return to_decimals(self.before, self.figure.indicator.decimals)

    @property
    def shown_parts(self) -> str:
        return to_decimals(self.figure.parts_value, self.figure.indicator.decimals)

    @property
    def shown_gap(self) -> str:
        return to_decimals(self.figure.differs, self.figure.indicator.decimals)

    @property
    def shown_pair(self) -> str:
        f = self.figure
        if f.numerator is None or f.denominator is None:
            return ""
        return f"{to_decimals(f.numerator)} / {to_decimals(f.denominator)}"


@dataclass(frozen=True)
class SectionRow:
    """A section as the page shows it, with the fields of whoever writes in it."""

    section: ReportSection
    files: list[Attachment]
    text: BoundField | None
    evidence: BoundField | None


def one(request: PersonRequest, pk: UUID) -> Report:
    """The report, if this person may see it."""
    seen = Report.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("regime__issuer", "unit__parent", "parent__unit"), pk=pk)


@staff(May.SEE_FIGURES)
def report(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The page of a report: what stands in it, what happened to it, what one may do now."""
    return render(request, TEMPLATE, _context(request, one(request, pk)))


def _context(
    request: PersonRequest,
    shown: Report,
    writing: forms.ReportForm | None = None,
    deciding: forms.DecideForm | None = None,
) -> dict[str, Any]:
    """What the page shows; `writing` and `deciding` are forms that were sent, which keep what was typed."""
    can = questions.abilities(request.user, shown)
    own = shown.unit in own_units(request.user, May.REPORT)
    writes = can.write and (own or bool(writing) or "lam-thay" in request.GET)
    if writes and shown.state in BEGUN:
        writing = writing or forms.ReportForm(row=shown)
    if can.decide:
        deciding = deciding or forms.DecideForm(row=shown)
    return {
        "report": shown,
        "can": can,
        "writes": writes,
        "may_stand_in": can.write and not writes,
        "writing": writing,
        "deciding": deciding,
        "figures": list(_figure_rows(shown, writing, deciding)),
        "sections": list(_section_rows(shown, writing)),
        "moves": shown.moves.select_related("by"),
        **_beneath(shown),
        "today": timezone.localdate(),
        "overdue": shown.state in OWED and shown.due_on < timezone.localdate(),
        "too_early": timezone.localdate() <= shown.ends_on,
        "taken": shown.state in TAKEN,
        "may_compose": may_anywhere(request.user, May.PLAN),
        "urge": "report" if not own and owed_one(request.user, "report", shown.pk) else "",
    }


def _beneath(shown: Report) -> dict[str, Any]:
    children = shown.children.count()
    return {
        "children": children,
        "missing": questions.missing_children(shown)[:CHILDREN] if children else [],
        "missing_count": questions.missing_children(shown).count() if children else 0,
        "uncounted": questions.uncounted_children(shown),
    }


def _written(request: PersonRequest, shown: Report) -> HttpResponse:
    """Back to the page as it was written on."""
    own = shown.unit in own_units(request.user, May.REPORT)
    return redirect(reverse("report", args=[shown.pk], query=None if own else {"lam-thay": 1}))


def _figure_rows(
    shown: Report, writing: forms.ReportForm | None, deciding: forms.DecideForm | None
) -> Iterator[FigureRow]:
    rows = list(shown.figures.select_related("indicator"))
    files = _files(rows)
    before = dict(
        ReportFigure.objects.filter(
            report__regime=shown.regime_id, report__unit=shown.unit_id, report__period=shown.when.preceding().code
        ).values_list("indicator__key", "value")
    )
    asked: dict[UUID, int] = defaultdict(int)
    threads = FigureThread.objects.filter(figure__report=shown, resolved_at=None)
    for figure_id in threads.values_list("figure", flat=True):
        asked[figure_id] += 1
    for row in rows:
        yield FigureRow(
            row,
            files[name_of(row)],
            before.get(row.indicator.key),
            asked[row.pk],
            declared=writing.of_figure(row) if writing else [],
            comment=writing[f"comment-{row.pk}"] if writing else None,
            note=deciding[f"note-{row.pk}"] if deciding else None,
        )


def _section_rows(shown: Report, writing: forms.ReportForm | None) -> Iterator[SectionRow]:
    rows = list(shown.sections.all())
    files = _files(rows)
    for row in rows:
        yield SectionRow(
            row,
            files[name_of(row)],
            text=writing[f"section-{row.key}"] if writing else None,
            evidence=writing[f"file-section-{row.key}"] if writing else None,
        )


def _files(rows: list[Any]) -> dict[str, list[Attachment]]:
    found: dict[str, list[Attachment]] = defaultdict(list)
    for file in Attachment.objects.filter(subject__in=[name_of(row) for row in rows]).order_by("created_at"):
        found[file.subject].append(file)
    return found


@staff(May.REPORT)
@require_POST
def begin(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Begin the report: its figures are filled in."""
    shown = one(request, pk)
    reporting.draft(report=shown, by=request.user)
    return _written(request, shown)


@staff(May.REPORT)
def save(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Save what was typed; with `do=submit` hand it in. What was saved stays when handing in is refused."""
    shown = one(request, pk)
    form = forms.ReportForm.of(request, row=shown)
    if not form.is_bound:  # back from a conflict, or from signing in again
        return redirect("report", pk)
    if not form.attempt(reporting.write, report=shown, by=request.user):
        return answer(request, TEMPLATE, form, _context(request, one(request, pk), form))
    if form.cleaned_data["do"] != "submit":
        messages.success(request, _("Đã lưu."))
        return _written(request, shown)
    written: Report = form.done
    try:
        reporting.submit(report=written, by=request.user, version=written.version)
    except Refusal as refusal:
        form.carry(written.version)
        form.refuse(refusal)
        return answer(request, TEMPLATE, form, _context(request, one(request, pk), form))
    messages.success(request, _("Đã nộp báo cáo."))
    return redirect("report", pk)


@staff(May.REPORT)
@require_POST
def summed(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Sum the reports taken in beneath."""
    shown = reporting.aggregate(report=one(request, pk), by=request.user)
    left = questions.missing_children(shown).count()
    messages.success(request, _("Đã tổng hợp. Còn thiếu %(n)s đơn vị.") % {"n": left} if left else _("Đã tổng hợp đủ."))
    return _written(request, shown)


@staff(May.ACCEPT_REPORT)
def decide(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take in, or return with reasons. Changed meanwhile, it is shown as it is now, with the reasons as typed."""
    shown = one(request, pk)
    form = forms.DecideForm.of(request, row=shown)
    if form.take(report=shown, by=request.user):
        accepted = form.cleaned_data["step"] == "accept"
        messages.success(request, _("Đã nhận báo cáo.") if accepted else _("Đã trả lại để đơn vị sửa."))
    elif form.is_bound:
        return render(request, TEMPLATE, _context(request, one(request, pk), deciding=form), status=form.status)
    return redirect("report", pk)


@staff(May.SEE_FIGURES)
def file(request: PersonRequest, pk: UUID, file_id: UUID) -> HttpResponseBase:
    """A file given as evidence in this report; sent as a download, never shown in place."""
    shown = one(request, pk)
    places = [name_of(row) for row in [*shown.figures.all(), *shown.sections.all()]]
    found = get_object_or_404(Attachment, pk=file_id, subject__in=places)
    return FileResponse(opened(found), as_attachment=True, filename=found.name, content_type=found.kind)
