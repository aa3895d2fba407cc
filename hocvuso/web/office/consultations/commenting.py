"""What an invited unit sees and does: the document by clauses, its comments, sending them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.consultations.models import Comment, ConsultationState, Invitation
from hocvuso.consultations.services import commenting
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms

PAGE = 40  # clauses of a document on one page
TEMPLATE = "office/consultations/invitation.html"


def _mine(person: Person, pk: UUID) -> Invitation:
    visible = Invitation.objects.visible_to(person).select_related("consultation__unit", "unit")
    return get_object_or_404(visible, pk=pk)


@staff(May.CONSULT)
def invitation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The document by clauses with the unit's comments; a form for one clause at a time."""
    found = _mine(request.user, pk)
    clauses = {"clause": found.consultation.clauses.all()}
    asking = forms.ClauseAsked.of(request, within=clauses)
    asked = asking.asked["clause"]
    form = forms.CommentForm.of(request, initial={"clause": asked}, within=clauses)
    if form.attempt(commenting.comment, invitation=found, by=request.user):
        messages.success(request, _("Đã ghi ý kiến. Nhớ bấm “Gửi góp ý” khi xong."))
        place = f"#muc-{form.done.clause_id}" if form.done.clause_id else "#toan-van"
        page = _page(request, found).number
        return redirect(f"{request.path}?trang={page}{place}")
    chosen = form.cleaned_data.get("clause") if form.is_bound else asked
    return answer(request, TEMPLATE, form, _context(request, found) | {"chosen": chosen, "asking": asking})


def _page(request: PersonRequest, found: Invitation) -> Page:
    return Paginator(found.consultation.clauses.all(), PAGE).get_page(request.GET.get("trang"))


def _context(request: PersonRequest, found: Invitation) -> dict[str, Any]:
    page = _page(request, found)
    comments: dict[Any, list[Comment]] = {}
    for comment in found.comments.select_related("by"):
        comments.setdefault(comment.clause_id, []).append(comment)
    return {
        "invitation": found,
        "consultation": found.consultation,
        "editable": found.consultation.state == ConsultationState.OPEN and found.sent_on is None,
        "answered": found.consultation.state in (ConsultationState.ANSWERED, ConsultationState.REPORTED),
        "page": page,
        "rows": [(clause, comments.get(clause.pk, [])) for clause in page],
        "whole": comments.get(None, []),
        "count": sum(len(there) for there in comments.values()),
        "late": found.sent_on is None and found.due_on < timezone.localdate(),
    }


@staff(May.CONSULT)
@require_POST
def send(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Send the comments, or say that there is nothing to add."""
    found = _mine(request.user, pk)
    sending = forms.SendForm.of(request)
    if sending.attempt(commenting.send, invitation=found, by=request.user):
        nothing = sending.done.nothing_to_add
        messages.success(request, _("Đã gửi: không có ý kiến.") if nothing else _("Đã gửi góp ý."))
        return redirect("invitation", pk)
    context = _context(request, found) | {"form": forms.CommentForm(), "sending": sending}
    return render(request, TEMPLATE, context, status=sending.status)


@staff(May.CONSULT)
@require_POST
def withdraw(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Remove a comment that was not sent yet."""
    own = Comment.objects.filter(invitation__in=Invitation.objects.visible_to(request.user).values("pk"))
    found = get_object_or_404(own.select_related("invitation"), pk=pk)
    commenting.withdraw(comment=found, by=request.user)
    return redirect("invitation", found.invitation_id)
