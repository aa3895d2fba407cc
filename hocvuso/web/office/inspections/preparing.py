"""Preparing an inspection: its head, its checklist, whom it visits, who goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hocvuso.base.errors import Refusal
from hocvuso.base.numbers import trimmed
from hocvuso.inspections import queries
from hocvuso.inspections.models import Inspection
from hocvuso.inspections.services import inspecting
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May

from ...kit import typed
from ...kit.auth import PersonRequest
from ...kit.choosing import chooser, chosen_units, own_units
from ...kit.done import say_done
from ...kit.gate import staff
from .pages import seen

MOST_BYTES = 5 * 1024 * 1024


def _head(request: PersonRequest) -> dict[str, Any]:
    post = request.POST
    return {
        **typed.words(post, ["title", "number", "basis"]),
        "starts_on": typed.day(post, "starts_on"),
        "ends_on": typed.day(post, "ends_on"),
    }


@staff(May.INSPECT)
def create(request: PersonRequest) -> HttpResponse:
    """A new inspection."""
    units = own_units(request.user, May.INSPECT)
    context: dict[str, Any] = {"units": units, "typed": request.POST}
    if request.method != "POST":
        return render(request, "office/inspections/head.html", context)
    unit = get_object_or_404(units_in_reach(request.user, May.INSPECT), pk=typed.key(request.POST, "unit"))
    try:
        made = inspecting.plan_inspection(unit=unit, by=request.user, **_head(request))
    except Refusal as refusal:
        return render(request, "office/inspections/head.html", context | {"refusal": refusal}, status=400)
    return redirect("inspection-checklist", made.pk)


@staff(May.INSPECT)
def edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Change the head of an inspection that has not begun."""
    found = seen(request.user, pk)
    context: dict[str, Any] = {"inspection": found, "typed": request.POST or _as_typed(found)}
    if request.method == "POST":
        try:
            inspecting.edit_inspection(inspection=found, by=request.user, **_head(request))
        except Refusal as refusal:
            return render(request, "office/inspections/head.html", context | {"refusal": refusal}, status=400)
        messages.success(request, _("Đã lưu."))
        return redirect("inspection", pk)
    return render(request, "office/inspections/head.html", context)


def _as_typed(found: Inspection) -> dict[str, str]:
    days = {name: (value.isoformat() if (value := getattr(found, name)) else "") for name in ("starts_on", "ends_on")}
    return {"title": found.title, "number": found.number, "basis": found.basis, **days}


@staff(May.INSPECT)
def checklist(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The questions: written line by line, or brought in as an XLSForm workbook."""
    found = seen(request.user, pk)
    text = queries.checklist_text(found)
    context: dict[str, Any] = {"inspection": found, "text": request.POST.get("text") or text or ""}
    if text is None:
        context["parts"] = queries.sheet(found, {})
    if request.method != "POST":
        return render(request, "office/inspections/checklist.html", context)
    upload = request.FILES.get("file")
    try:
        if upload is not None:
            content = upload.read() if (upload.size or 0) <= MOST_BYTES else b"-"
            made, faults = inspecting.read_checklist(workbook=content)
        else:
            made, faults = inspecting.read_checklist(text=request.POST.get("text", "")[:100_000])
        if faults:
            return render(request, "office/inspections/checklist.html", context | {"faults": faults[:100]}, status=400)
        inspecting.set_checklist(inspection=found, checklist=made, by=request.user)
    except Refusal as refusal:
        return render(request, "office/inspections/checklist.html", context | {"refusal": refusal}, status=400)
    messages.success(request, _("Đã lưu phiếu kiểm tra."))
    return redirect("inspection", pk)


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
    context: dict[str, Any] = {"inspection": found, "typed": request.POST, **chooser(request, found.unit)}
    context["chosen"] = found.scope.order_by("path")[:200]
    context["count"] = found.scope.count()
    if request.method == "POST":
        try:
            units = chosen_units(request, found.unit)
            if request.POST.get("add"):
                units = [*units, *found.scope.all()]
            inspecting.set_scope(inspection=found, units=units, by=request.user)
        except Refusal as refusal:
            return render(request, "office/inspections/scope.html", context | {"refusal": refusal}, status=400)
        count = len(set(units))
        none = _("Chưa chọn đơn vị nào để kiểm tra. Hãy đánh dấu loại đơn vị hoặc ghi mã.")
        say_done(request, count, _("Đã chọn %(n)s đơn vị.") % {"n": trimmed(count)}, none=none)
        return redirect("inspection", pk)
    return render(request, "office/inspections/scope.html", context)


@staff(May.INSPECT)
def team(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Who goes."""
    found = seen(request.user, pk)
    going = {str(key) for key in found.team.values_list("pk", flat=True)}
    ticked = set(request.POST.getlist("person")) if request.method == "POST" else going
    context = {"inspection": found, "people": queries.inspectors_for(found), "ticked": ticked}
    if request.method == "POST":
        keys = [key for text in ticked if (key := typed.as_key(text))]
        try:
            chosen = list(Person.objects.filter(pk__in=keys))
            inspecting.set_team(inspection=found, people=chosen, by=request.user)
        except Refusal as refusal:
            return render(request, "office/inspections/team.html", context | {"refusal": refusal}, status=400)
        messages.success(request, _("Đã lưu đoàn kiểm tra."))
        return redirect("inspection", pk)
    return render(request, "office/inspections/team.html", context)
