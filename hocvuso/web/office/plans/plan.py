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

from hocvuso.people.models import Person
from hocvuso.people.queries import may, may_anywhere
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.rules import OPEN_TO_WRITING, RUNNING, PlanState, TaskState
from hocvuso.plans.services import assigning, gates, planning, writing

from ...kit.auth import PersonRequest
from ...kit.forms import Form, answer
from ...kit.gate import staff
from ...kit.labels import act_in_words
from .bars import Segment, segments
from .forms import ActForm, EditPlanForm, ReturnForm, ReviewForm, TemplateForm
from .labels import field_in_words, value_in_words

TASKS = 200  # shown on the page of a plan; longer ones have the board and the list
KEEPING = "template-%s"  # ids of the inputs of a plan kept as a template


@dataclass(frozen=True)
class Act:
    """A move that this person may make now."""

    name: str
    label: Any
    quiet: bool = False

    def form_of(self, plan: Plan) -> ActForm:
        """Its form, not sent yet."""
        kind, _verb = MOVES[self.name]
        return kind(row=plan, initial={"act": self.name}, auto_id=f"%s-{self.name}")


@dataclass(frozen=True)
class Line:
    """One task of a plan as its page shows it."""

    task: Task
    state: TaskState
    reason: str
    answers: list[Segment]


# By the name of an act: its form and its verb.
MOVES: dict[str, tuple[type[ActForm], Callable[..., Plan]]] = {
    "submit": (ActForm, planning.submit),
    "approve": (ActForm, planning.approve),
    "return": (ReturnForm, planning.return_for_revision),
    "withdraw": (ActForm, planning.withdraw),
    "start": (ActForm, planning.put_in_force),
    "review": (ReviewForm, planning.review),
    "close": (ActForm, planning.close),
}


def seen(request: PersonRequest, pk: UUID) -> Plan:
    """The plan, if this person may see it."""
    rows = Plan.objects.visible_to(request.user)
    related = ("unit", "answers__plan__unit", "root", "written_by", "submitted_by", "approved_by")
    return get_object_or_404(rows.select_related(*related), pk=pk)


@staff(May.SEE_FIGURES)
def plan(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The page of a plan."""
    return page_of(request, pk)


def page_of(request: PersonRequest, pk: UUID, sent: Form | None = None) -> HttpResponse:
    """The page of a plan as it is now; after an act on it that was refused, with what was `sent`."""
    context = context_of(request, seen(request, pk)) | {"sent": sent}
    name = sent["act"].value() if isinstance(sent, ActForm) else ""
    context["acts"] = [(act, sent if act.name == name else act.form_of(context["plan"])) for act in context["acts"]]
    context["keeping"] = sent if isinstance(sent, TemplateForm) else TemplateForm(row=context["plan"], auto_id=KEEPING)
    return render(request, "office/plans/plan.html", context, status=sent.status if sent else 200)


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
            return [Act("approve", _("Duyệt")), Act("return", _("Trả lại"), quiet=True)]
        case PlanState.SUBMITTED if writer:
            return [Act("withdraw", _("Rút lại để sửa"), quiet=True)]
        case PlanState.APPROVED if writer or approver:
            return [Act("start", _("Đưa vào thực hiện"))]
        case PlanState.IN_FORCE if writer:
            return [Act("review", _("Tổng kết kế hoạch"), quiet=True)]
        case PlanState.REVIEWED if may(person, May.APPROVE_PLAN, found.unit):
            return [Act("close", _("Khép lại"))]
    return []


@staff(May.PLAN, May.APPROVE_PLAN)
@require_POST
def move(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Submit, approve, return, put in force, review or close."""
    found, name = seen(request, pk), ActForm.of(request)["act"].value()
    if name not in MOVES:
        raise Http404
    kind, verb = MOVES[name]
    form = kind.of(request, auto_id=f"%s-{name}")
    if form.attempt(verb, plan=found, by=request.user):
        messages.success(request, _t("Đã chuyển sang: %(state)s.") % {"state": form.done.get_state_display()})
        return redirect("plan", pk)
    return page_of(request, pk, form)


@staff(May.PLAN)
def edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Edit a draft; of an approved plan, ask for a change of title and period instead (see `changes`)."""
    found = seen(request, pk)
    if not gates.may_write(request.user, found) or found.state not in OPEN_TO_WRITING:
        raise Http404
    form = EditPlanForm.of(request, row=found)
    if form.attempt(writing.edit, plan=found, by=request.user):
        messages.success(request, _t("Đã lưu."))
        return redirect("plan", pk)
    return answer(request, "office/plans/edit.html", form, {"plan": found})


@staff(May.PLAN)
@require_POST
def delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Delete a draft."""
    form = ActForm.of(request)
    if form.attempt(writing.delete, plan=seen(request, pk), by=request.user):
        messages.success(request, _t("Đã xoá bản thảo."))
        return redirect("plans")
    return page_of(request, pk, form)


@staff(May.PLAN)
@require_POST
def keep_as_template(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Save the plan as a template."""
    found = seen(request, pk)
    form = TemplateForm.of(request, row=found, auto_id=KEEPING)
    if form.attempt(assigning.save_as_template, plan=found, by=request.user):
        messages.success(request, _t("Đã lưu thành mẫu."))
        return redirect("plan", form.done.pk)
    return page_of(request, pk, form)


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
