"""One visit: the sheet (also for a phone without a line), photos, or what was answered."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.attachments import MAX_BYTES, path_of
from hocvuso.base.errors import Refusal
from hocvuso.inspections import queries
from hocvuso.inspections.models import InspectionState, Severity, Visit, VisitPhoto, VisitState
from hocvuso.inspections.services import visiting
from hocvuso.people.rules import May

from ...kit import typed
from ...kit.auth import PersonRequest
from ...kit.gate import staff

FINDINGS = range(1, 4)  # rows for findings on the sheet


def _seen(request: PersonRequest, pk: UUID) -> Visit:
    found = Visit.objects.visible_to(request.user).select_related("inspection__unit", "unit", "finished_by")
    return get_object_or_404(found, pk=pk)


@staff(May.SEE_FIGURES, May.INSPECT)
def visit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The sheet for whoever is of the team while the visit is open; what was answered for others and afterwards."""
    found = _seen(request, pk)
    if request.method == "POST":
        return _take(request, found)
    going = Visit.objects.to_make_by(request.user).filter(pk=found.pk).exists()
    if going and found.state == VisitState.OPEN and found.inspection.state == InspectionState.RUNNING:
        return render(request, "office/inspections/sheet.html", _sheet(found))
    context = {
        "visit": found,
        "parts": queries.answered(found),
        "findings": found.findings.select_related("remedy__task"),
        "may_find": going and found.inspection.state == InspectionState.RUNNING,
        "severities": Severity.choices,
    }
    return render(request, "office/inspections/visit.html", context)


def _sheet(found: Visit, **more: Any) -> dict[str, Any]:
    return {
        "visit": found,
        "parts": queries.sheet(found.inspection, found.answers, found.photos.all()),
        "sheet_id": uuid4(),
        "rows": FINDINGS,
        "severities": Severity.choices,
        **more,
    }


def _take(request: PersonRequest, found: Visit) -> HttpResponse:
    if request.content_type == "application/json":
        return _take_json(request, found)
    post = request.POST
    sheet_id = typed.key(post, "id") or uuid4()
    answers = {name[2:]: " ".join(filter(None, post.getlist(name))) for name in post if name.startswith("q_")}
    try:
        visiting.take_sheet(
            visit=found,
            id=sheet_id,
            answers=answers,
            findings=_findings(post),
            photos=_photos(request, sheet_id),
            finish=bool(post.get("finish")),
            by=request.user,
        )
    except visiting.BadSheet as refusal:
        found.answers = found.answers | answers
        return render(request, "office/inspections/sheet.html", _sheet(found, refusal=refusal, sent=post), status=400)
    except Refusal as refusal:
        return render(request, "office/inspections/sheet.html", _sheet(found, refusal=refusal, sent=post), status=400)
    return redirect("visit", found.pk)


def _findings(post: Any) -> list[dict[str, str]]:
    rows = [{name: post.get(f"f_{name}_{n}", "") for name in ("text", "severity", "evidence")} for n in FINDINGS]
    return [row for row in rows if row["text"].strip()]


def _photos(request: HttpRequest, sheet_id: UUID) -> list[visiting.Photo]:
    """Photos sent with the sheet; their ids follow from its id, so that sending twice keeps them once."""
    return [
        visiting.Photo(uuid5(sheet_id, f"{name}/{n}"), name[2:], file.name or "", file.read(MAX_BYTES + 1))
        for name in request.FILES
        if name.startswith("p_")
        for n, file in enumerate(request.FILES.getlist(name))
    ]


def _take_json(request: PersonRequest, found: Visit) -> HttpResponse:
    """The same from the page's script: an id made on the phone, answers, findings, whether it is finished."""
    try:
        sent = json.loads(request.body)
        sheet_id, answers = UUID(str(sent["id"])), dict(sent["answers"])
        findings = [dict(row) for row in sent.get("findings", [])]
    except (ValueError, KeyError, TypeError):
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


@staff(May.INSPECT)
@require_POST
def take_photo(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A photo from the page's script."""
    found = _seen(request, pk)
    photo_id, file = typed.key(request.POST, "id"), request.FILES.get("photo")
    if photo_id is None or file is None:
        return JsonResponse({"title": _("Không đọc được ảnh.")}, status=400)
    try:
        visiting.add_photo(
            visit=found,
            id=photo_id,
            question=request.POST.get("question", ""),
            name=file.name or "",
            content=file.read(MAX_BYTES + 1),
            by=request.user,
        )
    except Refusal as refusal:
        return JsonResponse({"title": str(refusal)}, status=409)
    return JsonResponse({"accepted": str(photo_id)})


@staff(May.SEE_FIGURES, May.INSPECT)
def photo(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """One photo, for whoever may see the visit."""
    visible = VisitPhoto.objects.filter(visit__in=Visit.objects.visible_to(request.user).values("pk"))
    found = get_object_or_404(visible.select_related("attachment"), pk=pk)
    file = path_of(found.attachment.sha256).open("rb")
    return FileResponse(file, content_type=found.attachment.kind, filename=found.attachment.name)
