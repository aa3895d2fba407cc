"""Preparing a consultation: its head, the document by clauses, whom to ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hocvuso.base.numbers import trimmed
from hocvuso.consultations.models import Clause, Consultation, ConsultationState
from hocvuso.consultations.services import consulting
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.choosing import own_unit_rows
from ...kit.done import say_done
from ...kit.forms import Form, answer
from ...kit.gate import staff
from . import forms
from .pages import held

SHOWN = 200  # of those asked


@staff(May.CONSULT)
def create(request: PersonRequest) -> HttpResponse:
    """A new consultation."""
    form = forms.CreateForm.of(request, within={"unit": own_unit_rows(request.user, May.CONSULT)})
    if form.attempt(consulting.draft, by=request.user):
        return redirect("consultation-document", form.done.pk)
    return answer(request, "office/consultations/head.html", form)


@staff(May.CONSULT)
def edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Change the head of a consultation that is not open yet."""
    found = held(request.user, pk)
    form = forms.EditForm.of(request, row=found)
    if form.attempt(consulting.edit, consultation=found, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect("consultation", pk)
    return answer(request, "office/consultations/head.html", form, {"consultation": found})


@staff(May.CONSULT)
def document(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The document: pasted or a .docx, split into clauses that can be mended."""
    found = held(request.user, pk)
    form = forms.DocumentForm.of(request, initial={"version": found.version})
    if form.attempt(consulting.set_document, consultation=found, by=request.user):
        messages.success(request, _("Đã tách thành %(n)s mục.") % {"n": trimmed(form.done)})
        return redirect("consultation-document", pk)
    context = {
        "consultation": found,
        "clauses": found.clauses.all(),
        "editable": found.state == ConsultationState.DRAFT,
    }
    return answer(request, "office/consultations/document.html", form, context)


@staff(May.CONSULT)
def clause(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One clause: its label and text; cut it at lines of `---`, join it to the one before, or take it away."""
    mine = Consultation.objects.filter(unit__in=units_in_reach(request.user, May.CONSULT))
    found = get_object_or_404(Clause.objects.filter(consultation__in=mine.values("pk")), pk=pk)
    form = forms.ClauseForm.of(request, row=found)
    if form.attempt(_merge if form.merges else consulting.edit_clause, clause=found, by=request.user):
        return redirect("consultation-document", found.consultation_id)
    context = {"clause": found, "consultation": found.consultation}
    return answer(request, "office/consultations/clause.html", form, context)


def _merge(*, clause: Clause, by: Person, version: int | None, **_typed: Any) -> None:
    consulting.merge_up(clause=clause, by=by, version=version)


@staff(May.CONSULT)
def invitations(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Whom to ask: kinds of units, all or of one province, and codes; or whom to ask no more."""
    found = held(request.user, pk)
    removing = forms.RemoveForm.of(request, within={"invitation": found.invitations.all()})
    if removing.pressed:
        form: Form = forms.InviteForm(row=found)
        if removing.attempt(consulting.uninvite, by=request.user):
            return redirect("consultation-invitations", pk)
    else:
        form = forms.InviteForm.of(request, row=found)
        if form.attempt(consulting.invite, consultation=found, by=request.user):
            count = form.done
            none = _("Không mời thêm ai: chưa chọn đơn vị nào, hoặc các đơn vị này đã được mời.")
            say_done(request, count, _("Đã mời thêm %(n)s đơn vị.") % {"n": trimmed(count)}, none=none)
            return redirect("consultation-invitations", pk)
        removing = forms.RemoveForm()
    asked = found.invitations.select_related("unit")
    context = {
        "form": form,
        "removing": removing,
        "consultation": found,
        "asked": asked[:SHOWN],
        "count": asked.count(),
    }
    status = removing.status if removing.is_bound else form.status
    return render(request, "office/consultations/invitations.html", context, status=status)
