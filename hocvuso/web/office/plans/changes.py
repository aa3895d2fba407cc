"""Changes to approved plans: ask, with a reason; a second person decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May
from hocvuso.plans.models import ChangeRequest, Plan
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.services import changing, gates

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.typed import day
from . import forms
from .plan import seen
from .tasks import choices, seen_task
from .words import field_in_words, value_in_words

PAGE = 25


@staff(May.PLAN)
def ask_for_task(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask to change a task, or to drop it."""
    task = seen_task(request, pk)
    if not (gates.may_work_on(request.user, task) or gates.may_write(request.user, task.plan)):
        raise Http404
    reason = request.POST.get("why", "")

    def ask() -> object:
        if request.POST.get("drop"):
            return changing.ask_to_remove(task=task, reason=reason, by=request.user)
        return changing.ask_for_task(task=task, text=forms.task_text(request.POST), reason=reason, by=request.user)

    context = {"plan": task.plan, "task": task, "typed": forms.typed_task(task), **choices(task.plan, task)}
    return _asked(request, ask, task.plan, "office/plans/task_form.html", context)


@staff(May.PLAN)
def ask_to_add(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask for one more task."""
    plan = _written_by(request, pk)

    def ask() -> object:
        text, reason = forms.task_text(request.POST), request.POST.get("why", "")
        return changing.ask_to_add(plan=plan, text=text, reason=reason, by=request.user)

    context = {"plan": plan, "typed": {}, **choices(plan, None)}
    return _asked(request, ask, plan, "office/plans/task_form.html", context)


@staff(May.PLAN)
def ask_for_plan(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask to change a plan's title or period."""
    plan = _written_by(request, pk)

    def ask() -> object:
        post = request.POST
        return changing.ask_for_plan(
            plan=plan,
            title=post.get("title", ""),
            starts_on=day(post, "starts_on"),
            ends_on=day(post, "ends_on"),
            reason=post.get("why", ""),
            by=request.user,
        )

    return _asked(request, ask, plan, "office/plans/edit.html", {"plan": plan, "typed": forms.typed_plan(plan)})


def _written_by(request: PersonRequest, pk: UUID) -> Plan:
    plan = seen(request, pk)
    if not gates.may_write(request.user, plan):
        raise Http404
    return plan


def _asked(
    request: PersonRequest, ask: Callable[[], object], plan: Plan, page: str, context: dict[str, Any]
) -> HttpResponse:
    context = context | {"asking": True}
    if request.method == "POST":
        try:
            ask()
            messages.success(request, _("Đã gửi đề nghị đổi. Người khác có quyền duyệt sẽ trả lời."))
            return redirect("plan", plan.pk)
        except Refusal as refusal:
            # The verbs name their field `reason`; on this form that field is `why`.
            if refusal.field == "reason":
                refusal.field = "why"
            context |= {"refusal": refusal, "typed": forms.as_typed(request.POST)}
    return render(request, page, context, status=400 if "refusal" in context else 200)


@staff(May.PLAN, May.APPROVE_PLAN)
def waiting(request: PersonRequest) -> HttpResponse:
    """Change requests that wait for my decision, or those that my units asked for."""
    decides, mine = may_anywhere(request.user, May.APPROVE_PLAN), "cua-toi" in request.GET
    mine = mine or not decides
    found = queries.changes_asked(request.user) if mine else queries.changes_to_decide(request.user)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    return render(request, "office/plans/changes.html", {"page": page, "mine": mine, "decides": decides})


@staff(May.SEE_FIGURES)
def change(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One request: before and after, the reason, the answer."""
    return render(request, "office/plans/change.html", _context(request, _seen(request, pk)))


def _seen(request: PersonRequest, pk: UUID) -> ChangeRequest:
    rows = ChangeRequest.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("plan__unit", "plan__answers__plan__unit", "by", "decided_by", "task"), pk=pk
    )


def _context(request: PersonRequest, found: ChangeRequest) -> dict[str, Any]:
    rows = [
        (field_in_words(name), value_in_words(name, change["before"]), value_in_words(name, change["after"]))
        for name, change in found.changes.items()
    ]
    open_ = found.state == ChangeRequest.State.ASKED
    approver = gates.may_approve(request.user, found.plan)
    return {
        "request_": found,
        "rows": rows,
        "may_decide": open_ and approver and found.by_id != request.user.pk,
        "may_withdraw": open_ and gates.may_take_back(request.user, found),
        "own": open_ and approver and found.by_id == request.user.pk,
    }


@staff(May.APPROVE_PLAN)
@require_POST
def decide(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Accept or refuse."""
    found = _seen(request, pk)
    answer = request.POST.get("answer", "")
    try:
        if request.POST.get("act") == "accept":
            changing.accept(request=found, answer=answer, by=request.user)
        else:
            changing.refuse(request=found, answer=answer, by=request.user)
    except Refusal as refusal:
        found = _seen(request, pk)
        shown = _context(request, found) | {"refusal": refusal, "typed": forms.as_typed(request.POST)}
        return render(request, "office/plans/change.html", shown, status=409)
    messages.success(request, _("Đã trả lời."))
    return redirect("plan-change", found.pk)


@staff(May.PLAN)
@require_POST
def withdraw(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take back what I asked for."""
    found = _seen(request, pk)
    changing.withdraw(request=found, by=request.user)
    messages.success(request, _("Đã rút đề nghị."))
    return redirect("plan", found.plan_id)
