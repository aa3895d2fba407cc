"""One report: read, written, submitted, returned, taken in, summed from those beneath."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.attachments import path_of
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
from hocvuso.reports.services.reporting import Declared, Writing

from ...kit.auth import PersonRequest
from ...kit.choosing import own_units
from ...kit.gate import staff
from . import numbers

CHILDREN = 200
BEGUN = (ReportState.DRAFTED, ReportState.RETURNED)


@dataclass(frozen=True)
class FigureRow:
    """A figure as the page shows it."""

    figure: ReportFigure
    files: list[Attachment]
    before: float | None
    open_threads: int
    typed: dict[str, str]

    @property
    def shown(self) -> str:
        return numbers.figure(self.figure.value, self.figure.indicator.decimals)

    @property
    def shown_before(self) -> str:
        return numbers.figure(self.before, self.figure.indicator.decimals)

    @property
    def shown_parts(self) -> str:
        return numbers.figure(self.figure.parts_value, self.figure.indicator.decimals)

    @property
    def shown_gap(self) -> str:
        return numbers.figure(self.figure.differs, self.figure.indicator.decimals)

    @property
    def shown_pair(self) -> str:
        f = self.figure
        if f.numerator is None or f.denominator is None:
            return ""
        return f"{numbers.figure(f.numerator)} / {numbers.figure(f.denominator)}"


@dataclass(frozen=True)
class SectionRow:
    """A section as the page shows it."""

    section: ReportSection
    files: list[Attachment]
    text: str


def one(request: PersonRequest, pk: UUID) -> Report:
    """The report, if this person may see it."""
    seen = Report.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("regime__issuer", "unit__parent", "parent__unit"), pk=pk)


@staff(May.SEE_FIGURES)
def report(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The page of a report: what stands in it, what happened to it, what one may do now."""
    return _page(request, one(request, pk))


def _page(request: PersonRequest, shown: Report, refusal: Refusal | None = None) -> HttpResponse:
    can = questions.abilities(request.user, shown)
    typed = request.POST if refusal else {}
    children = shown.children.count()
    own = shown.unit in own_units(request.user, May.REPORT)
    writes = can.write and (own or bool(refusal) or "lam-thay" in request.GET)
    context = {
        "report": shown,
        "can": can,
        "writes": writes,
        "may_stand_in": can.write and not writes,
        "writing": writes and shown.state in BEGUN,
        "figures": list(_figure_rows(shown, typed)),
        "sections": list(_section_rows(shown, typed)),
        "moves": shown.moves.select_related("by"),
        "children": children,
        "missing": questions.missing_children(shown)[:CHILDREN] if children else [],
        "missing_count": questions.missing_children(shown).count() if children else 0,
        "uncounted": questions.uncounted_children(shown),
        "today": timezone.localdate(),
        "overdue": shown.state in OWED and shown.due_on < timezone.localdate(),
        "too_early": timezone.localdate() <= shown.ends_on,
        "taken": shown.state in TAKEN,
        "may_compose": may_anywhere(request.user, May.PLAN),
        "urge": "report" if not own and owed_one(request.user, "report", shown.pk) else "",
        "refusal": refusal,
        "typed": typed,
    }
    return render(request, "office/reports/report.html", context, status=400 if refusal else 200)


def _written(request: PersonRequest, shown: Report) -> HttpResponse:
    """Back to the page as it was written on."""
    own = shown.unit in own_units(request.user, May.REPORT)
    return redirect(reverse("report", args=[shown.pk], query=None if own else {"lam-thay": 1}))


def _figure_rows(shown: Report, typed: Any) -> Iterator[FigureRow]:
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
        words = {
            "comment": typed.get(f"comment-{row.pk}", row.comment),
            "value": typed.get(f"value-{row.pk}", numbers.typed(row.own_value)),
            "numerator": typed.get(f"numerator-{row.pk}", numbers.typed(row.own_numerator)),
            "denominator": typed.get(f"denominator-{row.pk}", numbers.typed(row.own_denominator)),
            "note": typed.get(f"note-{row.pk}", ""),
        }
        yield FigureRow(row, files[name_of(row)], before.get(row.indicator.key), asked[row.pk], words)


def _section_rows(shown: Report, typed: Any) -> Iterator[SectionRow]:
    rows = list(shown.sections.all())
    files = _files(rows)
    for row in rows:
        yield SectionRow(row, files[name_of(row)], typed.get(f"section-{row.key}", row.text))


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
@require_POST
def save(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Save what was typed; with `do=submit` hand it in. What was saved stays when handing in is refused."""
    shown = one(request, pk)
    try:
        reporting.write(report=shown, writing=_writing(request, shown), by=request.user)
        _take_files(request, shown)
    except Refusal as refusal:
        return _page(request, shown, refusal)
    if request.POST.get("do") != "submit":
        messages.success(request, _("Đã lưu."))
        return _written(request, shown)
    try:
        reporting.submit(report=shown, by=request.user)
    except Refusal as refusal:
        return _page(request, one(request, pk), refusal)
    messages.success(request, _("Đã nộp báo cáo."))
    return redirect("report", pk)


def _writing(request: PersonRequest, shown: Report) -> Writing:
    post = request.POST
    texts = {s.key: post[name] for s in shown.sections.all() if (name := f"section-{s.key}") in post}
    comments, declared = {}, {}
    for figure in shown.figures.select_related("indicator"):
        comments[figure.pk] = post.get(f"comment-{figure.pk}", figure.comment)
        if figure.is_declared:
            field = f"figure-{figure.pk}"
            declared[figure.pk] = Declared(
                *(
                    numbers.read(post.get(f"{n}-{figure.pk}", ""), field=field, whole=_is_count(figure, n))
                    for n in ("value", "numerator", "denominator")
                )
            )
    return Writing(texts, comments, declared)


def _is_count(figure: ReportFigure, part: str) -> bool:
    """Whether the figure, given as such, is a whole number."""
    return part == "value" and not figure.needs_pair and figure.indicator.decimals == 0


def _take_files(request: PersonRequest, shown: Report) -> None:
    places: list[tuple[str, Any]] = [(f"file-section-{row.key}", row) for row in shown.sections.all()]
    places += [(f"file-figure-{row.pk}", row) for row in shown.figures.all()]
    for name, place in places:
        for file in request.FILES.getlist(name):
            reporting.add_evidence(report=shown, to=place, name=file.name or "", content=file.read(), by=request.user)


@staff(May.REPORT)
@require_POST
def summed(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Sum the reports taken in beneath."""
    shown = reporting.aggregate(report=one(request, pk), by=request.user)
    left = questions.missing_children(shown).count()
    messages.success(request, _("Đã tổng hợp. Còn thiếu %(n)s đơn vị.") % {"n": left} if left else _("Đã tổng hợp đủ."))
    return _written(request, shown)


@staff(May.ACCEPT_REPORT)
@require_POST
def decide(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take in, or return with reasons."""
    shown = one(request, pk)
    try:
        if request.POST.get("do") == "accept":
            reporting.accept(report=shown, by=request.user)
            messages.success(request, _("Đã nhận báo cáo."))
        else:
            notes = {f.pk: request.POST.get(f"note-{f.pk}", "") for f in shown.figures.all()}
            reporting.send_back(report=shown, note=request.POST.get("note", ""), figure_notes=notes, by=request.user)
            messages.success(request, _("Đã trả lại để đơn vị sửa."))
    except Refusal as refusal:
        return _page(request, one(request, pk), refusal)
    return redirect("report", pk)


@staff(May.SEE_FIGURES)
def file(request: PersonRequest, pk: UUID, file_id: UUID) -> HttpResponseBase:
    """A file given as evidence in this report; sent as a download, never shown in place."""
    shown = one(request, pk)
    places = [name_of(row) for row in [*shown.figures.all(), *shown.sections.all()]]
    found = get_object_or_404(Attachment, pk=file_id, subject__in=places)
    return FileResponse(
        path_of(found.sha256).open("rb"), as_attachment=True, filename=found.name, content_type=found.kind
    )
