"""Preparing a consultation: its head, the document by clauses, whom to ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.base.numbers import trimmed
from hocvuso.consultations.models import Clause, Consultation, ConsultationState, Invitation
from hocvuso.consultations.services import consulting
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May

from ...kit import typed
from ...kit.auth import PersonRequest
from ...kit.choosing import chooser, chosen_units, own_units
from ...kit.done import say_done
from ...kit.gate import staff
from .pages import held

MOST_BYTES = 10 * 1024 * 1024


def _head(request: PersonRequest) -> dict[str, Any]:
    texts = typed.words(request.POST, ["title", "number", "about"], longest=10000)
    return {**texts, "due_on": typed.day(request.POST, "due_on")}


@staff(May.CONSULT)
def create(request: PersonRequest) -> HttpResponse:
    """A new consultation."""
    context: dict[str, Any] = {"units": own_units(request.user, May.CONSULT), "typed": request.POST}
    if request.method != "POST":
        return render(request, "office/consultations/head.html", context)
    reach = units_in_reach(request.user, May.CONSULT)
    unit = get_object_or_404(reach, pk=typed.key(request.POST, "unit"))
    try:
        made = consulting.draft(unit=unit, by=request.user, **_head(request))
    except Refusal as refusal:
        return render(request, "office/consultations/head.html", context | {"refusal": refusal}, status=400)
    return redirect("consultation-document", made.pk)


@staff(May.CONSULT)
def edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Change the head of a consultation that is not open yet."""
    found = held(request.user, pk)
    context: dict[str, Any] = {"consultation": found, "typed": request.POST or _as_typed(found)}
    if request.method == "POST":
        try:
            consulting.edit(consultation=found, by=request.user, **_head(request))
        except Refusal as refusal:
            return render(request, "office/consultations/head.html", context | {"refusal": refusal}, status=400)
        messages.success(request, _("Đã lưu."))
        return redirect("consultation", pk)
    return render(request, "office/consultations/head.html", context)


def _as_typed(found: Consultation) -> dict[str, str]:
    due = found.due_on.isoformat() if found.due_on else ""
    return {"title": found.title, "number": found.number, "about": found.about, "due_on": due}


@staff(May.CONSULT)
def document(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The document: pasted or a .docx, split into clauses that can be mended."""
    found = held(request.user, pk)
    context: dict[str, Any] = {
        "consultation": found,
        "clauses": found.clauses.all(),
        "editable": found.state == ConsultationState.DRAFT,
        "text": request.POST.get("text", ""),
    }
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is not None and (upload.size or 0) > MOST_BYTES:
                raise consulting.BadDocument(field="file")
            file = upload.read() if upload is not None else b""
            count = consulting.set_document(
                consultation=found, text=context["text"][:1_000_000], file=file, by=request.user
            )
        except Refusal as refusal:
            return render(request, "office/consultations/document.html", context | {"refusal": refusal}, status=400)
        messages.success(request, _("Đã tách thành %(n)s mục.") % {"n": trimmed(count)})
        return redirect("consultation-document", pk)
    return render(request, "office/consultations/document.html", context)


@staff(May.CONSULT)
def clause(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One clause: its label and text; cut it at lines of `---`, join it to the one before, or take it away."""
    mine = Consultation.objects.filter(unit__in=units_in_reach(request.user, May.CONSULT))
    found = get_object_or_404(Clause.objects.filter(consultation__in=mine.values("pk")), pk=pk)
    context: dict[str, Any] = {"clause": found, "consultation": found.consultation, "typed": request.POST}
    if request.method != "POST":
        return render(request, "office/consultations/clause.html", context)
    try:
        if request.POST.get("merge"):
            consulting.merge_up(clause=found, by=request.user)
        else:
            text = request.POST.get("text", "")[:200_000]
            consulting.edit_clause(clause=found, label=request.POST.get("label", ""), text=text, by=request.user)
    except Refusal as refusal:
        return render(request, "office/consultations/clause.html", context | {"refusal": refusal}, status=400)
    return redirect("consultation-document", found.consultation_id)


@staff(May.CONSULT)
def invitations(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Whom to ask: kinds of units, all or of one province, and codes."""
    found = held(request.user, pk)
    if request.POST.get("remove"):
        return _uninvite(request, found)
    asked = found.invitations.select_related("unit")
    context: dict[str, Any] = {
        "consultation": found,
        "typed": request.POST,
        "asked": asked[:200],
        "count": asked.count(),
        **chooser(request, found.unit),
    }
    if request.method == "POST":
        try:
            units = chosen_units(request, found.unit)
            due = typed.day(request.POST, "due_on")
            count = consulting.invite(consultation=found, units=units, due_on=due, by=request.user)
        except Refusal as refusal:
            return render(request, "office/consultations/invitations.html", context | {"refusal": refusal}, status=400)
        none = _("Không mời thêm ai: chưa chọn đơn vị nào, hoặc các đơn vị này đã được mời.")
        say_done(request, count, _("Đã mời thêm %(n)s đơn vị.") % {"n": trimmed(count)}, none=none)
        return redirect("consultation-invitations", pk)
    return render(request, "office/consultations/invitations.html", context)


@require_POST
def _uninvite(request: PersonRequest, found: Consultation) -> HttpResponse:
    invitation = get_object_or_404(Invitation, consultation=found, pk=typed.key(request.POST, "remove"))
    consulting.uninvite(invitation=invitation, by=request.user)
    return redirect("consultation-invitations", found.pk)
