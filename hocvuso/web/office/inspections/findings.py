"""Findings: open and overdue by unit; one with its remedy, followed to the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.inspections import queries
from hocvuso.inspections.models import Finding, InspectionState, Remedy, RemedyState, Visit
from hocvuso.inspections.services import remedying, visiting
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.forms import Form, StepForm, answer
from ...kit.gate import staff
from ...kit.tables import download
from . import forms
from .visits import visit_page

PAGE = 50
TEMPLATE = "office/inspections/finding.html"
DONE, AGAIN = "done-%s", "again-%s"  # ids in the forms of a remedy
FOLLOWING: dict[Any, tuple[type[StepForm], str]] = {
    "propose": (forms.ProposeForm, DONE),
    "reopen": (forms.ReopenForm, AGAIN),
}


@staff(May.SEE_FIGURES, May.INSPECT)
def by_unit(request: PersonRequest) -> HttpResponseBase:
    """Findings open and overdue, unit by unit."""
    form = forms.FindingsFilter.of(request, within={"unit": Unit.objects.all()})
    rows = queries.findings_by_unit(Finding.objects.visible_to(request.user), today=timezone.localdate())
    if request.GET.get("tai") and form.is_valid():
        head = [
            _("Mã"),
            _("Đơn vị"),
            _("Tồn tại"),
            _("Chờ khắc phục"),
            _("Quá hạn"),
            _("Chờ xác nhận"),
            _("Đã xác nhận"),
        ]
        names = ["visit__unit__code", "visit__unit__name", "findings", "waiting", "overdue", "proposed", "verified"]
        return download(request.GET["tai"], "ton-tai-theo-don-vi", head, ([row[n] for n in names] for row in rows))
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    table = [
        {"unit": r["visit__unit"], "name": r["visit__unit__name"], **{k: r[k] for k in _COUNTS}}
        for r in page.object_list
    ]
    unit = form.asked["unit"]
    listed = Finding.objects.visible_to(request.user).filter(visit__unit=unit) if unit else Finding.objects.none()
    return answer(
        request,
        "office/inspections/findings.html",
        form,
        {"page": page, "table": table, "findings": _full(listed)[:100]},
    )


_COUNTS = ("findings", "waiting", "overdue", "proposed", "verified")


def _full(findings: Any) -> Any:
    return findings.select_related("visit__unit", "visit__inspection__unit", "remedy__task", "by")


@staff(May.SEE_FIGURES, May.INSPECT)
def finding(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One finding: what was found, what must be done, what was done."""
    found = get_object_or_404(_full(Finding.objects.visible_to(request.user)), pk=pk)
    form = forms.AmendForm.of(request, row=found)
    if form.attempt(visiting.amend_finding, finding=found, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect("finding", pk)
    return answer(request, TEMPLATE, form, _context(request, found, form))


def _page(request: PersonRequest, found: Finding, sent: Form) -> HttpResponse:
    return render(request, TEMPLATE, _context(request, found, sent), status=sent.status)


def _context(request: PersonRequest, found: Finding, sent: Form) -> dict[str, Any]:
    """What the page shows; of its forms, the one that was sent, the others as they are at first."""
    remedy: Remedy | None = getattr(found, "remedy", None)
    inspection = found.visit.inspection
    running = inspection.state == InspectionState.RUNNING
    inspects = queries.holds(request.user, inspection) and not queries.is_partial(request.user, found.visit)
    return {
        "finding": found,
        "remedy": remedy,
        "line": queries.finding_line(found),
        "notes": remedy.task.notes.select_related("by") if remedy else [],
        "products": remedy.task.products.all() if remedy else [],
        "may_amend": running and inspects and queries.goes_along(request.user, inspection),
        "may_ask": running and inspects and remedy is None,
        "may_propose": remedy is not None and remedy.waits_for_unit and may(request.user, May.PLAN, found.visit.unit),
        "may_verify": inspects and _waits_for_us(remedy, request.user),
        "may_reopen": remedy is not None
        and inspects
        and remedy.state in (RemedyState.PROPOSED, RemedyState.VERIFIED)
        and inspection.state != InspectionState.CLOSED,
        "sent": sent,
        "amending": sent if isinstance(sent, forms.AmendForm) else forms.AmendForm(row=found),
        "asking": sent if isinstance(sent, forms.AskForm) else forms.AskForm(),
        "proposing": sent if isinstance(sent, forms.ProposeForm) else forms.ProposeForm(row=remedy, auto_id=DONE),
        "verifying": sent if isinstance(sent, forms.VerifyForm) else forms.VerifyForm(row=remedy),
        "reopening": sent if isinstance(sent, forms.ReopenForm) else forms.ReopenForm(row=remedy, auto_id=AGAIN),
    }


def _waits_for_us(remedy: Remedy | None, person: Person) -> bool:
    """Reported done, and by somebody else."""
    return remedy is not None and remedy.state == RemedyState.PROPOSED and remedy.proposed_by_id != person.pk


@staff(May.INSPECT)
@require_POST
def record(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A finding recorded after the visit is finished."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user), pk=pk)
    form = forms.FindingForm.of(request)
    if form.attempt(visiting.record_finding, visit=visit, by=request.user):
        return redirect("finding", form.done.pk)
    return visit_page(request, visit, form)


@staff(May.INSPECT)
@require_POST
def ask(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask the unit to put the finding right by a day."""
    found = get_object_or_404(_full(Finding.objects.visible_to(request.user)), pk=pk)
    form = forms.AskForm.of(request)
    if form.attempt(remedying.ask_remedy, finding=found, by=request.user):
        messages.success(request, _("Đã giao đơn vị khắc phục."))
        return redirect("finding", pk)
    return _page(request, found, form)


@staff(May.SEE_FIGURES, May.INSPECT)
@require_POST
def follow(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The unit reports; the inspector confirms or sends back."""
    visible = Finding.objects.visible_to(request.user).values("pk")
    remedy = get_object_or_404(Remedy.objects.filter(finding__in=visible), pk=pk)
    step = forms.VerifyForm.of(request)["step"].value()
    form_of_step, auto_id = FOLLOWING.get(step, (forms.VerifyForm, "%s"))
    form = form_of_step.of(request, auto_id=auto_id)
    if form.take(remedy=remedy, by=request.user):
        messages.success(request, _("Đã ghi."))
        return redirect("finding", remedy.finding_id)
    return _page(request, _full(Finding.objects.filter(pk=remedy.finding_id)).get(), form)
