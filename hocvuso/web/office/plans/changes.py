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

from hocvuso.people.queries import may_anywhere
from hocvuso.people.rules import May
from hocvuso.plans.models import ChangeRequest, Plan
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.services import changing, gates

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms
from .labels import field_in_words, value_in_words
from .plan import seen
from .tasks import seen_task

PAGE = 25


@staff(May.PLAN)
def ask_for_task(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask to change a task, or to drop it."""
    task = seen_task(request, pk)
    if not (gates.may_work_on(request.user, task) or gates.may_write(request.user, task.plan)):
        raise Http404
    form = forms.AskForTaskForm.in_plan(request, task.plan, task)
    ask = changing.ask_to_remove if form.drops else changing.ask_for_task
    if form.attempt(ask, task=task, by=request.user):
        return _asked(request, task.plan)
    context = {"plan": task.plan, "task": task, "asking": True}
    return answer(request, "office/plans/task_form.html", form, context)


@staff(May.PLAN)
def ask_to_add(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask for one more task."""
    plan = _written_by(request, pk)
    form = forms.AskToAddForm.in_plan(request, plan)
    if form.attempt(changing.ask_to_add, plan=plan, by=request.user):
        return _asked(request, plan)
    return answer(request, "office/plans/task_form.html", form, {"plan": plan, "asking": True})


@staff(May.PLAN)
def ask_for_plan(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Ask to change a plan's title or period."""
    plan = _written_by(request, pk)
    form = forms.AskForPlanForm.of(request, row=plan)
    if form.attempt(changing.ask_for_plan, plan=plan, by=request.user):
        return _asked(request, plan)
    return answer(request, "office/plans/edit.html", form, {"plan": plan, "asking": True})


def _asked(request: PersonRequest, plan: Plan) -> HttpResponse:
    messages.success(request, _("Đã gửi đề nghị đổi. Người khác có quyền duyệt sẽ trả lời."))
    return redirect("plan", plan.pk)


def _written_by(request: PersonRequest, pk: UUID) -> Plan:
    plan = seen(request, pk)
    if not gates.may_write(request.user, plan):
        raise Http404
    return plan


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
    return answer(request, "office/plans/change.html", forms.DecideForm(), _context(request, _seen(request, pk)))


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
    form = forms.DecideForm.of(request)
    verbs: dict[str, Callable[..., ChangeRequest]] = {"accept": changing.accept, "refuse": changing.refuse}
    verb = verbs.get(form["act"].value() or "")
    if verb is None:
        raise Http404
    if form.attempt(verb, request=_seen(request, pk), by=request.user):
        messages.success(request, _("Đã trả lời."))
        return redirect("plan-change", pk)
    return answer(request, "office/plans/change.html", form, _context(request, _seen(request, pk)))


@staff(May.PLAN)
@require_POST
def withdraw(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take back what I asked for."""
    found = _seen(request, pk)
    changing.withdraw(request=found, by=request.user)
    messages.success(request, _("Đã rút đề nghị."))
    return redirect("plan", found.plan_id)
