"""Consultations: the list, one, the next step, answers to comments, the summary and the report."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.base.fields import holding
from hocvuso.consultations import queries
from hocvuso.consultations.models import (
    Comment,
    CommentKind,
    CommentQuerySet,
    Consultation,
    ConsultationState,
    Invitation,
    Verdict,
)
from hocvuso.consultations.rules import VERDICTS
from hocvuso.consultations.services import consulting
from hocvuso.people.models import Person
from hocvuso.people.queries import may, may_anywhere, units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.tables import download
from . import forms

PAGE = 25
TEMPLATE = "office/consultations/consultation.html"


def seen(person: Person, pk: UUID) -> Consultation:
    """The consultation, for somebody who may see it."""
    found = Consultation.objects.visible_to(person).select_related("unit__parent", "reported_by")
    return get_object_or_404(found, pk=pk)


def held(person: Person, pk: UUID) -> Consultation:
    """The consultation, for somebody of the unit that consults."""
    in_reach = units_in_reach(person, May.CONSULT)
    return get_object_or_404(Consultation.objects.filter(unit__in=in_reach).select_related("unit__parent"), pk=pk)


@staff(May.CONSULT)
def consultations(request: PersonRequest) -> HttpResponse:
    """Those of one's own units, and those to which they were invited."""
    form = forms.ConsultationsFilter.of(request)
    asked = form.asked
    found = Consultation.objects.visible_to(request.user).select_related("unit").filter(holding(asked["text"]))
    if asked["state"]:
        found = found.filter(state=asked["state"])
    waiting = queries.invitations_waiting_for(request.user).select_related("consultation__unit", "unit")
    context = {
        "page": Paginator(queries.progress(found), PAGE).get_page(request.GET.get("trang")),
        "waiting": waiting[:PAGE],
    }
    return answer(request, "office/consultations/consultations.html", form, context)


@staff(May.CONSULT)
def consultation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One consultation: what it asks, what comes next, who answered."""
    found = seen(request.user, pk)
    context = _context(request, found)
    return render(request, TEMPLATE, context, status=context["chosen"].status)


def _context(request: PersonRequest, found: Consultation, moving: forms.MoveForm | None = None) -> dict[str, Any]:
    """What the page shows; `moving` is a step that was refused, which keeps what was typed."""
    holds = may(request.user, May.CONSULT, found.unit)
    invitations = found.invitations.select_related("unit")
    mine = Invitation.objects.visible_to(request.user).filter(consultation=found).select_related("unit")
    today = timezone.localdate()
    chosen = forms.InvitedFilter.of(request)
    return {
        "consultation": found,
        "holds": holds,
        "chosen": chosen,
        "clauses": found.clauses.count(),
        "mine": mine[:PAGE],
        "invited": invitations.count(),
        "page": Paginator(_those(invitations, chosen.asked["who"], today), 50).get_page(request.GET.get("trang"))
        if holds
        else None,
        "today": today,
        "sent": invitations.filter(sent_on__isnull=False).count(),
        "silent": invitations.filter(sent_on=None, due_on__lt=today).count(),
        "comments": _comments(found).count(),
        "unanswered": _comments(found).unanswered().count(),
        "left": _left(invitations.filter(sent_on=None), today),
        "may_compose": may_anywhere(request.user, May.PLAN),
        "moving": moving,
        "opening": moving if isinstance(moving, forms.OpenAgainForm) else _opening(found, today),
        "reporting": moving if isinstance(moving, forms.ReportForm) else forms.ReportForm(row=found),
        "may_report": found.state == ConsultationState.ANSWERED and found.answered_by_id != request.user.pk,
    }


def _opening(found: Consultation, today: date) -> forms.OpenAgainForm:
    """The form to open again: a day that is past is not offered."""
    past = found.due_on is not None and found.due_on < today
    return forms.OpenAgainForm(row=found, initial={"due_on": None} if past else {})


def _left(silent: QuerySet[Invitation], today: date) -> dict[str, int]:
    """What ending now means: how many units could not answer any more, and in how many days the last is due."""
    found = silent.aggregate(count=Count("pk"), last=Max("due_on"))
    days = (found["last"] - today).days if found["count"] else 0
    return {"count": found["count"], "days": days, "past": -days}


def _those(invitations: QuerySet[Invitation], who: str, today: date) -> QuerySet[Invitation]:
    match who:
        case "da-gui":
            return invitations.filter(sent_on__isnull=False)
        case "chua-gui":
            return invitations.filter(sent_on=None)
        case "muon":
            return invitations.filter(sent_on=None, due_on__lt=today)
    return invitations


def _comments(found: Consultation) -> CommentQuerySet:
    return Comment.objects.filter(invitation__consultation=found, invitation__sent_on__isnull=False)


@staff(May.CONSULT)
def move(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The next step: open (again), close, answers finished, reported."""
    found = held(request.user, pk)
    pressed = forms.MoveForm.of(request)["step"].value() or ""
    form = forms.STEPS.get((found.state, pressed), forms.MoveForm).of(request, row=found)
    if form.take(consultation=found, by=request.user):
        messages.success(request, _("Đã ghi."))
    elif form.is_bound:
        now = held(request.user, pk)
        return answer(request, TEMPLATE, form, _context(request, now, form))
    return redirect("consultation", pk)


@staff(May.CONSULT)
def answering(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Answer comments: tick one or many, one answer for all that are ticked.

    Where one was answered anew meanwhile, none is: the page shows that answer, with what was typed.
    """
    found = held(request.user, pk)
    chosen = forms.CommentsFilter.of(request)
    kind = chosen.asked["kind"]
    fitting = VERDICTS[CommentKind(kind)] if kind in VERDICTS else tuple(Verdict)
    within = {"comments": _comments(found).select_related("invitation")}
    form = forms.AnswerForm.of(request, verdicts=[v for v in Verdict if v in fitting], within=within)
    if form.attempt(_answer, consultation=found, by=request.user):
        messages.success(request, _("Đã trả lời %(n)s ý kiến.") % {"n": form.done})
        return redirect(request.get_full_path())
    comments = _comments(found).select_related("invitation__unit", "clause")
    if kind:
        comments = comments.filter(kind=kind)
    if chosen.asked["open"]:
        comments = comments.unanswered()
    ordered = comments.order_by("clause__position", "text", "created_at")
    context = {
        "form": form,
        "filter": chosen,
        "consultation": found,
        "page": Paginator(ordered, PAGE).get_page(request.GET.get("trang")),
        "unanswered": _comments(found).unanswered().count(),
    }
    status = form.status if form.is_bound else chosen.status
    return render(request, "office/consultations/answers.html", context, status=status)


def _answer(
    *, consultation: Consultation, comments: list[tuple[Comment, int]], verdict: str, why: str, alike: bool, by: Person
) -> int:
    chosen = [comment for comment, _version in comments]
    if alike:
        chosen += [other for comment in list(chosen) for other in queries.alike(comment)]
    versions = {comment.pk: version for comment, version in comments}
    return consulting.answer(consultation=consultation, comments=chosen, verdict=verdict, why=why, seen=versions, by=by)


@staff(May.CONSULT)
def summary(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The summary by clause, and the report to the Minister; the invited see their own comments with their answers."""
    found = seen(request.user, pk)
    context = {
        "consultation": found,
        "holds": may(request.user, May.CONSULT, found.unit),
        "summary": queries.summary_for(found, request.user),
        "may_compose": may_anywhere(request.user, May.PLAN),
    }
    return render(request, "office/consultations/summary.html", context)


@export
@staff(May.CONSULT)
def summary_file(request: PersonRequest, pk: UUID) -> HttpResponseBase:
    """The summary, or who answered, as a table."""
    found = seen(request.user, pk)
    made = queries.summary_for(found, request.user)
    kind = request.GET.get("dang", "xlsx")
    if request.GET.get("bang") == "don-vi":
        head = [_("Đơn vị"), _("Hạn"), _("Ngày gửi"), _("Không có ý kiến"), _("Muộn")]
        rows = [
            [r.unit, r.due_on, r.sent_on, "x" if r.nothing_to_add else "", "x" if r.late else ""]
            for r in made.responses
        ]
        return download(kind, "don-vi-gop-y", head, rows)
    return download(kind, "tong-hop-y-kien", *queries.summary_table(made))
