"""What an invited unit sees and does: the document by clauses, its comments, sending them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.consultations.models import Comment, CommentKind, ConsultationState, Invitation
from hocvuso.consultations.services import commenting
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from ...kit import typed
from ...kit.auth import PersonRequest
from ...kit.gate import staff

PAGE = 40  # clauses of a document on one page


def _mine(person: Person, pk: UUID) -> Invitation:
    visible = Invitation.objects.visible_to(person).select_related("consultation__unit", "unit")
    return get_object_or_404(visible, pk=pk)


@staff(May.CONSULT)
def invitation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The document by clauses with the unit's comments; a form for one clause at a time."""
    found = _mine(request.user, pk)
    if request.method == "POST":
        return _comment(request, found)
    return _page(request, found)


def _page(request: PersonRequest, found: Invitation, **more: Any) -> HttpResponse:
    clauses = found.consultation.clauses.all()
    page = Paginator(clauses, PAGE).get_page(typed.page_number(request.GET))
    comments: dict[Any, list[Comment]] = {}
    for comment in found.comments.select_related("by"):
        comments.setdefault(comment.clause_id, []).append(comment)
    chosen = typed.key(request.POST or request.GET, "muc")
    context = {
        "invitation": found,
        "consultation": found.consultation,
        "editable": found.consultation.state == ConsultationState.OPEN and found.sent_on is None,
        "answered": found.consultation.state in (ConsultationState.ANSWERED, ConsultationState.REPORTED),
        "page": page,
        "rows": [(clause, comments.get(clause.pk, [])) for clause in page],
        "whole": comments.get(None, []),
        "count": sum(len(there) for there in comments.values()),
        "chosen": next((clause for clause in clauses if clause.pk == chosen), None) if chosen else None,
        "kinds": CommentKind.choices,
        "late": found.sent_on is None and found.due_on < timezone.localdate(),
        "typed": request.POST,
        **more,
    }
    template = "office/consultations/invitation.html"
    return render(request, template, context, status=400 if "refusal" in more else 200)


def _comment(request: PersonRequest, found: Invitation) -> HttpResponse:
    post = request.POST
    key = typed.key(post, "muc")
    clause = get_object_or_404(found.consultation.clauses.all(), pk=key) if key else None
    try:
        commenting.comment(
            invitation=found,
            clause=clause,
            kind=post.get("kind", ""),
            text=post.get("text", ""),
            wording=post.get("wording", ""),
            by=request.user,
        )
    except Refusal as refusal:
        return _page(request, found, refusal=refusal)
    messages.success(request, _("Đã ghi ý kiến. Nhớ bấm “Gửi góp ý” khi xong."))
    place = f"#muc-{clause.pk}" if clause else "#toan-van"
    return redirect(f"{request.path}?trang={typed.page_number(request.GET)}{place}")


@staff(May.CONSULT)
@require_POST
def send(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Send the comments, or say that there is nothing to add."""
    found = _mine(request.user, pk)
    nothing = bool(request.POST.get("nothing"))
    try:
        commenting.send(invitation=found, nothing_to_add=nothing, by=request.user)
    except Refusal as refusal:
        return _page(request, found, refusal=refusal)
    messages.success(request, _("Đã gửi: không có ý kiến.") if nothing else _("Đã gửi góp ý."))
    return redirect("invitation", pk)


@staff(May.CONSULT)
@require_POST
def take_back(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Remove a comment that was not sent yet."""
    own = Comment.objects.filter(invitation__in=Invitation.objects.visible_to(request.user).values("pk"))
    found = get_object_or_404(own.select_related("invitation"), pk=pk)
    commenting.take_back(comment=found, by=request.user)
    return redirect("invitation", found.invitation_id)
