"""One visit: the sheet (also for a phone without a line), photos, or what was answered."""

from __future__ import annotations

import json
from math import isfinite
from typing import Any
from uuid import UUID, uuid4

from django.http import FileResponse, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.attachments import opened
from hocvuso.base.errors import Refusal
from hocvuso.base.text import clean
from hocvuso.inspections import queries
from hocvuso.inspections.models import InspectionState, Visit, VisitPhoto, VisitState
from hocvuso.inspections.services import visiting
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from .forms import FindingForm
from .sheets import PhotoForm, SheetForm


def _seen(request: PersonRequest, pk: UUID) -> Visit:
    found = Visit.objects.visible_to(request.user).select_related("inspection__unit", "unit", "finished_by")
    return get_object_or_404(found, pk=pk)


@staff(May.SEE_FIGURES, May.INSPECT)
def visit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The sheet for whoever is of the team while the visit is open; what was answered for others and afterwards."""
    found = _seen(request, pk)
    if request.method == "POST" and request.content_type == "application/json":
        return _take_json(request, found)
    form = SheetForm.of(request, row=found)
    if form.attempt(visiting.take_sheet, visit=found, by=request.user):
        return redirect("visit", found.pk)
    if form.is_bound or _is_filled_in_by(request, found):
        found.answers = found.answers | form.answers
        context = {
            "visit": found,
            "parts": queries.sheet(found.inspection, found.answers, found.photos.all()),
            "sheet_id": uuid4(),
        }
        return answer(request, "office/inspections/sheet.html", form, context)
    return visit_page(request, found)


def _goes(request: PersonRequest, found: Visit) -> bool:
    return Visit.objects.to_make_by(request.user).filter(pk=found.pk).exists()


def _is_filled_in_by(request: PersonRequest, found: Visit) -> bool:
    open_ = found.state == VisitState.OPEN and found.inspection.state == InspectionState.RUNNING
    return open_ and _goes(request, found)


def visit_page(request: PersonRequest, found: Visit, recording: FindingForm | None = None) -> HttpResponse:
    """What was answered and found, and the form for a finding more."""
    context = {
        "visit": found,
        "parts": queries.answered(found),
        "findings": found.findings.select_related("remedy__task"),
        "may_find": _goes(request, found) and found.inspection.state == InspectionState.RUNNING,
    }
    return answer(request, "office/inspections/visit.html", recording or FindingForm(), context)


def _take_json(request: PersonRequest, found: Visit) -> HttpResponse:
    """The same from the page's script: an id made on the phone, answers, findings, whether it is finished."""
    try:
        sent = json.loads(request.body)
        sheet_id, answers = UUID(str(sent["id"])), dict(sent["answers"])
        findings = [dict(row) for row in sent.get("findings", [])]
        if not all(_is_plain(said) for said in (answers, *findings)):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"title": _("Không đọc được phiếu.")}, status=400)
    try:
        visiting.take_sheet(
            visit=found,
            id=sheet_id,
            answers=answers,
            findings=findings,
            finish=sent.get("finish") is True,
            language=sent["language"] if sent.get("language") in ("vi", "en") else None,
            by=request.user,
        )
    except visiting.BadSheet as refusal:
        wrong = {code: str(reason) for code, reason in refusal.wrong.items()}
        return JsonResponse({"title": str(refusal), "wrong": wrong}, status=422)
    return JsonResponse({"accepted": str(sheet_id)})


def _is_plain(said: dict[Any, Any]) -> bool:
    """Whether it is what the script sends: names and texts, numbers, yes or no, and nothing that no column holds."""
    return all(
        isinstance(name, str)
        and clean(name) == name
        and (value is None or isinstance(value, str | bool | int) or isinstance(value, float) and isfinite(value))
        for name, value in said.items()
    )


@staff(May.INSPECT)
@require_POST
def take_photo(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A photo from the page's script."""
    found = _seen(request, pk)
    form = PhotoForm.of(request)
    if not form.is_valid():
        faults = [str(fault) for faults in form.errors.values() for fault in faults]
        return JsonResponse({"title": " ".join(faults)}, status=400)
    try:
        kept = visiting.add_photo(visit=found, by=request.user, **form.arguments())
    except Refusal as refusal:
        return JsonResponse({"title": str(refusal)}, status=409)
    return JsonResponse({"accepted": str(kept.pk)})


@staff(May.SEE_FIGURES, May.INSPECT)
def photo(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """One photo, for whoever may see the visit."""
    visible = VisitPhoto.objects.filter(visit__in=Visit.objects.visible_to(request.user).values("pk"))
    found = get_object_or_404(visible.select_related("attachment"), pk=pk)
    file = opened(found.attachment)
    return FileResponse(file, content_type=found.attachment.kind, filename=found.attachment.name)
