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
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
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

from ...kit import typed
from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.tables import download
from ...kit.typed import page_number

PAGE = 25
STEPS = {"close": consulting.close, "answered": consulting.finish_answers}


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
    state, text = request.GET.get("trang-thai", ""), request.GET.get("q", "")[:100]
    found = Consultation.objects.visible_to(request.user).select_related("unit")
    if state in ConsultationState.values:
        found = found.filter(state=state)
    found = found.filter(holding(text))
    waiting = queries.invitations_waiting_for(request.user).select_related("consultation__unit", "unit")
    context = {
        "page": Paginator(queries.progress(found), PAGE).get_page(page_number(request.GET)),
        "waiting": waiting[:PAGE],
        "q": text,
        "state": state,
        "states": ConsultationState.choices,
    }
    return render(request, "office/consultations/consultations.html", context)


@staff(May.CONSULT)
def consultation(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One consultation: what it asks, what comes next, who answered."""
    return _page(request, seen(request.user, pk))


def _page(request: PersonRequest, found: Consultation, **more: Any) -> HttpResponse:
    holds = may(request.user, May.CONSULT, found.unit)
    invitations = found.invitations.select_related("unit")
    mine = Invitation.objects.visible_to(request.user).filter(consultation=found).select_related("unit")
    today = timezone.localdate()
    context = {
        "consultation": found,
        "holds": holds,
        "clauses": found.clauses.count(),
        "mine": mine[:PAGE],
        "invited": invitations.count(),
        "page": Paginator(_those(invitations, request), 50).get_page(page_number(request.GET)) if holds else None,
        "who": request.GET.get("ai", ""),
        "today": today,
        "sent": invitations.filter(sent_on__isnull=False).count(),
        "silent": invitations.filter(sent_on=None, due_on__lt=today).count(),
        "comments": _comments(found).count(),
        "unanswered": _comments(found).unanswered().count(),
        "left": _left(invitations.filter(sent_on=None), today),
        "may_compose": may_anywhere(request.user, May.PLAN),
        "typed": request.POST,
        "may_report": found.state == ConsultationState.ANSWERED and found.answered_by_id != request.user.pk,
        **more,
    }
    return render(request, "office/consultations/consultation.html", context, status=400 if "refusal" in more else 200)


def _left(silent: QuerySet[Invitation], today: date) -> dict[str, int]:
    """What ending now means: how many units could not answer any more, and in how many days the last is due."""
    found = silent.aggregate(count=Count("pk"), last=Max("due_on"))
    days = (found["last"] - today).days if found["count"] else 0
    return {"count": found["count"], "days": days, "past": -days}


def _those(invitations: QuerySet[Invitation], request: PersonRequest) -> QuerySet[Invitation]:
    match request.GET.get("ai"):
        case "da-gui":
            return invitations.filter(sent_on__isnull=False)
        case "chua-gui":
            return invitations.filter(sent_on=None)
        case "muon":
            return invitations.filter(sent_on=None, due_on__lt=timezone.localdate())
    return invitations


def _comments(found: Consultation) -> CommentQuerySet:
    return Comment.objects.filter(invitation__consultation=found, invitation__sent_on__isnull=False)


@staff(May.CONSULT)
@require_POST
def move(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The next step: open (again), close, answers finished, reported."""
    found = held(request.user, pk)
    name = request.POST.get("step", "")
    try:
        if name == "report":
            consulting.report(consultation=found, by=request.user, note=request.POST.get("note", "")[:20000])
        elif name == "open":
            consulting.open_consultation(consultation=found, due_on=typed.day(request.POST, "due_on"), by=request.user)
        elif name in STEPS:
            STEPS[name](consultation=found, by=request.user)
    except Refusal as refusal:
        return _page(request, found, refusal=refusal, note=request.POST.get("note", ""))
    messages.success(request, _("Đã ghi."))
    return redirect("consultation", pk)


@staff(May.CONSULT)
def answering(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Answer comments: tick one or many, one answer for all that are ticked."""
    found = held(request.user, pk)
    filters = {"kind": request.GET.get("loai", ""), "open": request.GET.get("con", "")}
    comments = _comments(found).select_related("invitation__unit", "clause")
    if filters["kind"] in CommentKind.values:
        comments = comments.filter(kind=filters["kind"])
    if filters["open"]:
        comments = comments.unanswered()
    context: dict[str, Any] = {
        "consultation": found,
        "page": Paginator(comments.order_by("clause__position", "text", "created_at"), PAGE).get_page(
            page_number(request.GET)
        ),
        "kinds": CommentKind.choices,
        "verdicts": [
            v for v in Verdict if filters["kind"] not in VERDICTS or v in VERDICTS[CommentKind(filters["kind"])]
        ],
        "filters": filters,
        "unanswered": _comments(found).unanswered().count(),
        "typed": request.POST,
        "ticked": request.POST.getlist("comment"),
    }
    if request.method == "POST":
        try:
            count = _answer(request, found)
        except Refusal as refusal:
            return render(request, "office/consultations/answers.html", context | {"refusal": refusal}, status=400)
        messages.success(request, _("Đã trả lời %(n)s ý kiến.") % {"n": count})
        return redirect(request.get_full_path())
    return render(request, "office/consultations/answers.html", context)


def _answer(request: PersonRequest, found: Consultation) -> int:
    post = request.POST
    keys = [key for text in post.getlist("comment")[:500] if (key := typed.as_key(text))]
    chosen = list(_comments(found).filter(pk__in=keys).select_related("invitation"))
    if post.get("alike"):
        chosen += [other for comment in list(chosen) for other in queries.alike(comment)]
    return consulting.answer(
        consultation=found,
        comments=chosen,
        verdict=post.get("verdict", ""),
        why=post.get("why", ""),
        by=request.user,
    )


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
