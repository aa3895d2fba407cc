"""Preparing an inspection: its head, its checklist, whom it visits, who goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hocvuso.base.numbers import trimmed
from hocvuso.inspections import queries
from hocvuso.inspections.services import inspecting
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.choosing import own_unit_rows
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms
from .pages import seen

SHOWN = 200  # of the units chosen


@staff(May.INSPECT)
def create(request: PersonRequest) -> HttpResponse:
    """A new inspection."""
    form = forms.CreateForm.of(request, within={"unit": own_unit_rows(request.user, May.INSPECT)})
    if form.attempt(inspecting.plan_inspection, by=request.user):
        return redirect("inspection-checklist", form.done.pk)
    return answer(request, "office/inspections/head.html", form)


@staff(May.INSPECT)
def edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Change the head of an inspection that has not begun."""
    found = seen(request.user, pk)
    form = forms.EditForm.of(request, row=found)
    if form.attempt(inspecting.edit_inspection, inspection=found, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect("inspection", pk)
    return answer(request, "office/inspections/head.html", form, {"inspection": found})


@staff(May.INSPECT)
def checklist(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The questions: written line by line, or brought in as an XLSForm workbook."""
    found = seen(request.user, pk)
    form = forms.ChecklistForm.of(request, row=found)
    if form.attempt(inspecting.set_checklist, inspection=found, by=request.user):
        messages.success(request, _("Đã lưu phiếu kiểm tra."))
        return redirect("inspection", pk)
    found = seen(request.user, pk)
    context: dict[str, Any] = {"inspection": found}
    if queries.checklist_text(found) is None:
        context["parts"] = queries.sheet(found, {})
    if form.stale and form.cleaned_data["file"]:  # no page carries a file: it is chosen once more
        return render(request, "office/inspections/checklist.html", context | {"form": form}, status=form.status)
    return answer(request, "office/inspections/checklist.html", form, context)


@export
@staff(May.SEE_FIGURES, May.INSPECT)
def checklist_file(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """The checklist as an XLSForm workbook, which comes in again unchanged."""
    found = seen(request.user, pk)
    response = HttpResponse(
        queries.checklist_workbook(found),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = 'attachment; filename="phieu-kiem-tra.xlsx"'
    return response


@staff(May.INSPECT)
def scope(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Whom the inspection visits: kinds of units, all or of one province, and codes."""
    found = seen(request.user, pk)
    form = forms.ScopeForm.of(request, row=found)
    if form.attempt(inspecting.set_scope, inspection=found, by=request.user):
        n = trimmed(form.done.scope.count())
        messages.success(request, _("Đã chọn %(n)s đơn vị.") % {"n": n})
        return redirect("inspection", pk)
    now = found.scope.order_by("path")
    context = {"inspection": found, "form": form, "chosen": now[:SHOWN], "count": now.count()}
    return render(request, "office/inspections/scope.html", context, status=form.status)


@staff(May.INSPECT)
def team(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Who goes."""
    found = seen(request.user, pk)
    going = list(found.team.order_by("name"))
    people = Person.objects.filter(is_active=True)
    form = forms.TeamForm.of(request, row=found, initial={"people": going}, within={"people": people})
    if form.attempt(inspecting.set_team, inspection=found, by=request.user):
        messages.success(request, _("Đã lưu đoàn kiểm tra."))
        return redirect("inspection", pk)
    context = {
        "inspection": found,
        "form": form,
        "people": queries.inspectors_for(found),
        "going": going,
        "ticked": {str(getattr(tick, "pk", tick)) for tick in form["people"].value() or []},
    }
    return render(request, "office/inspections/team.html", context, status=form.status)
