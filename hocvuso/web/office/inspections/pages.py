"""Inspections: the list, one with its visits and findings, the next step, the conclusion, answers as a file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.fields import holding
from hocvuso.inspections import queries
from hocvuso.inspections.models import Finding, Inspection, RemedyState, Visit
from hocvuso.inspections.services import inspecting
from hocvuso.people.models import Person
from hocvuso.people.queries import may, may_anywhere
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.tables import download
from . import forms

PAGE = 25


def seen(person: Person, pk: UUID) -> Inspection:
    """The inspection, for somebody who may see it."""
    found = Inspection.objects.visible_to(person).select_related("unit__parent", "drafted_by", "concluded_by")
    return get_object_or_404(found, pk=pk)


@staff(May.SEE_FIGURES, May.INSPECT)
def inspections(request: PersonRequest) -> HttpResponse:
    """Inspections that one may see, latest first."""
    form = forms.InspectionsFilter.of(request)
    asked = form.asked
    found = Inspection.objects.visible_to(request.user).select_related("unit").filter(holding(asked["text"]))
    if asked["state"]:
        found = found.filter(state=asked["state"])
    page = Paginator(queries.counted(found).order_by("-created_at"), PAGE).get_page(request.GET.get("trang"))
    context = {"page": page, "may_inspect": may_anywhere(request.user, May.INSPECT)}
    return answer(request, "office/inspections/inspections.html", form, context)


@staff(May.SEE_FIGURES, May.INSPECT)
def inspection(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One inspection: what it is about, what comes next, visits, findings."""
    return render(request, "office/inspections/inspection.html", _context(request, seen(request.user, pk)))


def _context(request: PersonRequest, found: Inspection) -> dict[str, Any]:
    visits = _visits(request.user, found).annotate(count=Count("findings"))
    page = Paginator(visits, PAGE).get_page(request.GET.get("trang"))
    findings = _findings(request.user, found)
    return {
        "inspection": found,
        "holds": queries.holds(request.user, found),
        "may_issue": may(request.user, May.INSPECT, found.unit),
        "team": found.team.order_by("name"),
        "questions": sum(len(s["questions"]) for s in found.checklist.get("sections", [])),
        "scope": found.scope.count(),
        "page": page,
        "findings": findings.order_by("visit__unit__path", "created_at")[:PAGE],
        "finding_count": findings.count(),
        "open_count": findings.exclude(remedy=None).exclude(remedy__state=RemedyState.VERIFIED).count(),
    }


def _visits(person: Person, found: Inspection) -> QuerySet[Visit]:
    visits = Visit.objects.visible_to(person).filter(inspection=found).select_related("unit")
    return visits.order_by("unit__path")


def _findings(person: Person, found: Inspection) -> QuerySet[Finding]:
    findings = Finding.objects.visible_to(person).filter(visit__inspection=found)
    return findings.select_related("visit__unit", "remedy__task")


@staff(May.INSPECT)
@require_POST
def move(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The next step: begin, issue the conclusion, close."""
    pressed = forms.InspectionSteps.of(request)
    if pressed.take(inspection=seen(request.user, pk), by=request.user):
        messages.success(request, _("Đã ghi."))
        return redirect("inspection", pk)
    context = _context(request, seen(request.user, pk)) | {"pressed": pressed}
    return render(request, "office/inspections/inspection.html", context, status=pressed.status)


@staff(May.SEE_FIGURES, May.INSPECT)
def conclusion(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The conclusion with findings and remedies; whoever works on the inspection writes it here."""
    found = seen(request.user, pk)
    form = forms.ConclusionForm.of(request, row=found)
    if form.attempt(inspecting.draft_conclusion, inspection=found, by=request.user):
        messages.success(request, _("Đã lưu dự thảo kết luận. Người khác sẽ ban hành."))
        return redirect("inspection-conclusion", pk)
    context = {
        "inspection": found,
        "holds": queries.holds(request.user, found),
        "may_compose": may_anywhere(request.user, May.PLAN),
        "summary": queries.conclusion(found, visits=Visit.objects.visible_to(request.user)),
    }
    return answer(request, "office/inspections/conclusion.html", form, context)


@staff(May.SEE_FIGURES, May.INSPECT)
def answers(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """All answers that one may see, a row a unit; or findings with their remedies."""
    found = seen(request.user, pk)
    visits = Visit.objects.visible_to(request.user)
    kind = request.GET.get("dang", "xlsx")
    if request.GET.get("bang") == "ton-tai":
        lines = queries.conclusion(found, visits=visits).findings
        head = [_("Đơn vị"), _("Tồn tại"), _("Mức độ"), _("Căn cứ"), _("Việc khắc phục"), _("Hạn"), _("Trạng thái")]
        rows = [[x.unit, x.text, x.severity, x.evidence, x.remedy, x.due_on, x.state] for x in lines]
        return download(kind, "ton-tai", head, rows)
    asked, table = queries.answer_table(found, visits)
    return download(kind, "phieu-kiem-tra", [_("Mã đơn vị"), _("Đơn vị"), _("Trạng thái"), *asked], table)
