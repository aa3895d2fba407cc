"""One plan: its tasks and their states, what can be done next, its history, its comparison with what was approved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Person
from hocvuso.people.queries import may, may_anywhere
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.rules import OPEN_TO_WRITING, RUNNING, PlanState, TaskState
from hocvuso.plans.services import assigning, gates, planning, writing

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from ...kit.labels import act_in_words
from . import forms
from .bars import Segment, segments
from .words import field_in_words, value_in_words

TASKS = 200  # shown on the page of a plan; longer ones have the board and the list


@dataclass(frozen=True)
class Act:
    """A move that this person may make now. `reason`: the label of the field that it needs, if any."""

    name: str
    label: Any
    reason: Any = ""
    quiet: bool = False


@dataclass(frozen=True)
class Line:
    """One task of a plan as its page shows it."""

    task: Task
    state: TaskState
    reason: str
    answers: list[Segment]


MOVES: dict[str, Callable[[Plan, Person, str], Plan]] = {
    "submit": lambda plan, by, _reason: planning.submit(plan=plan, by=by),
    "approve": lambda plan, by, reason: planning.approve(plan=plan, by=by, note=reason),
    "return": lambda plan, by, reason: planning.give_back(plan=plan, reason=reason, by=by),
    "withdraw": lambda plan, by, _reason: planning.withdraw(plan=plan, by=by),
    "start": lambda plan, by, _reason: planning.put_in_force(plan=plan, by=by),
    "review": lambda plan, by, reason: planning.review(plan=plan, conclusion=reason, by=by),
    "close": lambda plan, by, _reason: planning.close(plan=plan, by=by),
}


def seen(request: PersonRequest, pk: UUID) -> Plan:
    """The plan, if this person may see it."""
    rows = Plan.objects.visible_to(request.user)
    related = ("unit", "answers__plan__unit", "root", "written_by", "submitted_by", "approved_by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


@staff(May.SEE_FIGURES)
def plan(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The page of a plan."""
    return render(request, "office/plans/plan.html", context_of(request, seen(request, pk)))


def context_of(request: PersonRequest, found: Plan) -> dict[str, Any]:
    """What the page of a plan shows."""
    today = timezone.localdate()
    tasks = list(queries.tasks_of(request.user, found)[:TASKS])
    answers = queries.answers_by_task(request.user, found)
    lines = [Line(t, t.state_on(today), t.reason_on(today), segments(answers.get(t.pk, {}), PlanState)) for t in tasks]
    writer = gates.may_write(request.user, found)
    tree = None if found.root_id or not answers else queries.roll_up(queries.descendants(request.user, found), today)
    return {
        "plan": found,
        "lines": lines,
        "tree": tree,
        "tree_bar": segments(tree.by_state, PlanState) if tree else [],
        "states": segments(_counted(lines), TaskState) if found.state not in OPEN_TO_WRITING else [],
        "acts": acts_for(request.user, found),
        "pending": queries.pending_changes(request.user, found) if found.state in RUNNING else [],
        "own_work": found.state == PlanState.SUBMITTED and gates.wrote(request.user, found),
        "may_edit": writer and found.state in OPEN_TO_WRITING,
        "may_ask": writer and found.state in RUNNING and found.kind != Plan.Kind.TEMPLATE,
        "may_copy": writer,
        "may_plan": may_anywhere(request.user, May.PLAN),
        "approving_unit": gates.approving_unit(found),
    }


def _counted(lines: list[Line]) -> dict[TaskState, int]:
    return {state: sum(line.state == state for line in lines) for state in TaskState}


def acts_for(person: Person, found: Plan) -> list[Act]:
    """The moves that are open to this person now; the first is the main action."""
    if found.kind == Plan.Kind.TEMPLATE:
        return []
    writer, approver = gates.may_write(person, found), gates.may_approve(person, found)
    match found.state:
        case PlanState.DRAFT | PlanState.RETURNED if writer:
            return [Act("submit", _("Trình duyệt"))]
        case PlanState.SUBMITTED if approver and not gates.wrote(person, found):
            return [Act("approve", _("Duyệt")), Act("return", _("Trả lại"), _("Lý do trả lại"), quiet=True)]
        case PlanState.SUBMITTED if writer:
            return [Act("withdraw", _("Rút lại để sửa"), quiet=True)]
        case PlanState.APPROVED if writer or approver:
            return [Act("start", _("Đưa vào thực hiện"))]
        case PlanState.IN_FORCE if writer:
            return [Act("review", _("Tổng kết kế hoạch"), _("Kết luận tổng kết"), quiet=True)]
        case PlanState.REVIEWED if may(person, May.APPROVE_PLAN, found.unit):
            return [Act("close", _("Khép lại"))]
    return []


@staff(May.PLAN, May.APPROVE_PLAN)
@require_POST
def move(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Submit, approve, return, put in force, review or close."""
    found = seen(request, pk)
    act = MOVES.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        moved = act(found, request.user, request.POST.get("reason", ""))
    except Refusal as refusal:
        context = context_of(request, found) | {"refusal": refusal, "typed": forms.as_typed(request.POST)}
        return render(request, "office/plans/plan.html", context, status=409)
    messages.success(request, _t("Đã chuyển sang: %(state)s.") % {"state": moved.get_state_display()})
    return redirect("plan", found.pk)


@staff(May.PLAN)
def edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Edit a draft; of an approved plan, ask for a change of title and period instead (see `changes`)."""
    found = seen(request, pk)
    if not gates.may_write(request.user, found) or found.state not in OPEN_TO_WRITING:
        raise Http404
    context: dict[str, Any] = {"plan": found, "typed": forms.typed_plan(found)}
    if request.method == "POST":
        try:
            writing.edit(plan=found, text=forms.plan_text(request.POST), by=request.user)
            messages.success(request, _t("Đã lưu."))
            return redirect("plan", found.pk)
        except Refusal as refusal:
            context |= {"refusal": refusal, "typed": forms.as_typed(request.POST)}
    return render(request, "office/plans/edit.html", context, status=400 if "refusal" in context else 200)


@staff(May.PLAN)
@require_POST
def delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Delete a draft."""
    writing.delete(plan=seen(request, pk), by=request.user)
    messages.success(request, _t("Đã xoá bản thảo."))
    return redirect("plans")


@staff(May.PLAN)
@require_POST
def keep_as_template(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Save the plan as a template."""
    found = seen(request, pk)
    title = request.POST.get("title", "") or found.title
    template = assigning.save_as_template(plan=found, title=title, by=request.user)
    messages.success(request, _t("Đã lưu thành mẫu."))
    return redirect("plan", template.pk)


@staff(May.SEE_FIGURES)
def history(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Who did what to the plan, by the journal, for those who see all of it."""
    found = seen(request, pk)
    if not queries.sees_whole(request.user, found):
        raise Http404
    entries = [(entry, name, act_in_words(entry.act)) for entry, name in queries.history(found)]
    return render(request, "office/plans/history.html", {"plan": found, "entries": entries})


@staff(May.SEE_FIGURES)
def comparison(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What was approved beside what is now."""
    found = seen(request, pk)
    if not queries.sees_whole(request.user, found) or not found.baseline:
        raise Http404
    compared = queries.compared(found, planning.snapshot(found))
    rows = [
        (m.title, field_in_words(m.field), value_in_words(m.field, m.before), value_in_words(m.field, m.after))
        for m in compared.changed
    ]
    requests = found.change_requests.select_related("by", "decided_by", "task")
    context = {"plan": found, "compared": compared, "rows": rows, "requests": requests}
    return render(request, "office/plans/comparison.html", context)
