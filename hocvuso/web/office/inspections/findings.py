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

from hocvuso.base.attachments import MAX_BYTES
from hocvuso.base.errors import Refusal
from hocvuso.inspections import queries
from hocvuso.inspections.models import Finding, InspectionState, Remedy, RemedyState, Severity, Visit
from hocvuso.inspections.services import remedying, visiting
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from ...kit import typed
from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.tables import download

PAGE = 50


@staff(May.SEE_FIGURES, May.INSPECT)
def by_unit(request: PersonRequest) -> HttpResponseBase:
    """Findings open and overdue, unit by unit."""
    rows = queries.findings_by_unit(Finding.objects.visible_to(request.user), today=timezone.localdate())
    if request.GET.get("tai"):
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
    page = Paginator(rows, PAGE).get_page(typed.page_number(request.GET))
    table = [
        {"unit": r["visit__unit"], "name": r["visit__unit__name"], **{k: r[k] for k in _COUNTS}}
        for r in page.object_list
    ]
    unit = typed.key(request.GET, "don-vi")
    listed = Finding.objects.visible_to(request.user).filter(visit__unit=unit) if unit else Finding.objects.none()
    context = {"page": page, "table": table, "unit": unit, "findings": _full(listed)[:100]}
    return render(request, "office/inspections/findings.html", context)


_COUNTS = ("findings", "waiting", "overdue", "proposed", "verified")


def _full(findings: Any) -> Any:
    return findings.select_related("visit__unit", "visit__inspection__unit", "remedy__task", "by")


@staff(May.SEE_FIGURES, May.INSPECT)
def finding(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One finding: what was found, what must be done, what was done."""
    found = get_object_or_404(_full(Finding.objects.visible_to(request.user)), pk=pk)
    if request.method == "POST":
        post = request.POST
        try:
            visiting.amend_finding(
                finding=found,
                text=post.get("text", ""),
                severity=post.get("severity", ""),
                evidence=post.get("evidence", ""),
                by=request.user,
            )
        except Refusal as refusal:
            return _page(request, found, refusal=refusal)
        messages.success(request, _("Đã lưu."))
        return redirect("finding", pk)
    return _page(request, found)


def _page(request: PersonRequest, found: Finding, **more: Any) -> HttpResponse:
    remedy: Remedy | None = getattr(found, "remedy", None)
    inspection = found.visit.inspection
    running = inspection.state == InspectionState.RUNNING
    inspects = queries.holds(request.user, inspection) and not queries.is_partial(request.user, found.visit)
    context = {
        "finding": found,
        "remedy": remedy,
        "line": queries.finding_line(found),
        "notes": remedy.task.notes.select_related("by") if remedy else [],
        "products": remedy.task.products.all() if remedy else [],
        "severities": Severity.choices,
        "may_amend": running and inspects and queries.goes_along(request.user, inspection),
        "may_ask": running and inspects and remedy is None,
        "may_propose": remedy is not None and remedy.waits_for_unit and may(request.user, May.PLAN, found.visit.unit),
        "may_verify": inspects and _waits_for_us(remedy, request.user),
        "may_reopen": remedy is not None
        and inspects
        and remedy.state in (RemedyState.PROPOSED, RemedyState.VERIFIED)
        and inspection.state != InspectionState.CLOSED,
        "typed": request.POST,
        **more,
    }
    return render(request, "office/inspections/finding.html", context, status=400 if "refusal" in more else 200)


def _waits_for_us(remedy: Remedy | None, person: Person) -> bool:
    """Reported done, and by somebody else."""
    return remedy is not None and remedy.state == RemedyState.PROPOSED and remedy.proposed_by_id != person.pk


@staff(May.INSPECT)
@require_POST
def record(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A finding recorded after the visit is finished."""
    visit = get_object_or_404(Visit.objects.visible_to(request.user), pk=pk)
    post = request.POST
    made = visiting.record_finding(
        visit=visit,
        text=post.get("text", ""),
        severity=post.get("severity", ""),
        evidence=post.get("evidence", ""),
        by=request.user,
    )
    return redirect("finding", made.pk)


@staff(May.INSPECT)
@require_POST
def ask(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask the unit to put the finding right by a day."""
    found = get_object_or_404(_full(Finding.objects.visible_to(request.user)), pk=pk)
    try:
        due = typed.day(request.POST, "due_on")
        remedying.ask_remedy(finding=found, title=request.POST.get("title", ""), due_on=due, by=request.user)
    except Refusal as refusal:
        return _page(request, found, refusal=refusal)
    messages.success(request, _("Đã giao đơn vị khắc phục."))
    return redirect("finding", pk)


@staff(May.SEE_FIGURES, May.INSPECT)
@require_POST
def follow(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The unit reports; the inspector confirms or sends back."""
    visible = Finding.objects.visible_to(request.user).values("pk")
    remedy = get_object_or_404(Remedy.objects.filter(finding__in=visible), pk=pk)
    post, text = request.POST, request.POST.get("text", "")
    try:
        if post.get("step") == "propose":
            upload = request.FILES.get("file")
            file = (upload.name or "", upload.read(MAX_BYTES + 1)) if upload else None
            remedying.propose(remedy=remedy, text=text, file=file, by=request.user)
        elif post.get("step") == "verify":
            remedying.verify(remedy=remedy, by=request.user)
        elif post.get("step") == "reopen":
            remedying.reopen(remedy=remedy, why=text, by=request.user)
    except Refusal as refusal:
        found = _full(Finding.objects.filter(pk=remedy.finding_id)).get()
        return _page(request, found, refusal=refusal, step=post.get("step"))
    messages.success(request, _("Đã ghi."))
    return redirect("finding", remedy.finding_id)
