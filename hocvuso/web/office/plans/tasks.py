"""One task: everything of it, and what can be done with it; written while its plan is a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base import attachments
from hocvuso.indicators.models import Indicator
from hocvuso.people.queries import may, units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Product, Task
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.rules import OPEN_TO_WRITING, RUNNING, PlanState
from hocvuso.plans.services import assigning, gates, working, writing
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.forms import Form, answer
from ...kit.gate import staff
from ...kit.templatetags.kit import day
from . import forms
from .bars import segments
from .plan import page_of as page_of_plan
from .plan import seen
from .related import related

PAGE = 25
PRODUCT = "product-%s"  # ids of the inputs of a product


def seen_task(request: PersonRequest, pk: UUID) -> Task:
    """The task, if this person may see it."""
    rows = Task.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("plan__unit", "plan__answers__plan__unit", "lead_unit", "leader"), pk=pk
    )


@staff(May.SEE_FIGURES)
def task(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The page of a task."""
    return page_of(request, pk)


def page_of(request: PersonRequest, pk: UUID, sent: Form | None = None) -> HttpResponse:
    """The page of a task as it is now; after an act on it that was refused, with what was `sent`."""
    found = seen_task(request, pk)
    unsent = {
        "completing": forms.ActForm(row=found, auto_id="%s-complete"),
        "reopening": forms.ReopenForm(row=found),
        "noting": forms.NoteForm(),
        "answer_form": forms.AnswerForm(),
        "producing": forms.ProductForm(auto_id=PRODUCT),
        "sent": sent,
    }
    shown = {name: sent if type(sent) is type(form) else form for name, form in unsent.items()}
    context = context_of(request, found) | shown
    return render(request, "office/plans/task.html", context, status=sent.status if sent else 200)


def context_of(request: PersonRequest, found: Task) -> dict[str, Any]:
    """What the page of a task shows."""
    today = timezone.localdate()
    notes, products = queries.evidence(found)
    plan, person = found.plan, request.user
    children = queries.child_plans(person, found)
    rolled = queries.roll_up(children, today)
    in_force = plan.state == PlanState.IN_FORCE
    remedies = plan.kind == Plan.Kind.REMEDIES
    works = gates.may_work_on(person, found)
    page = Paginator(queries.waiting_first(children), PAGE).get_page(request.GET.get("trang"))
    return {
        "task": found,
        "plan": plan,
        "state": found.state_on(today),
        "reason": found.reason_on(today),
        "supporting": list(found.supporting_units.all()[:50]),
        "indicators": Indicator.objects.current().filter(key__in=found.indicators),
        "notes": notes,
        "products": products,
        "rolled": rolled,
        "bar": segments(rolled.by_state, PlanState),
        "page": page,
        "may_contribute": in_force and gates.may_contribute(person, found),
        "may_complete": in_force and works and found.done_on is None and not remedies,
        "may_reopen": in_force and works and found.done_on is not None and not remedies,
        "may_edit": gates.may_write(person, plan) and plan.state in OPEN_TO_WRITING,
        "may_ask": plan.state in RUNNING and (works or gates.may_write(person, plan)),
        "may_assign": plan.state in RUNNING and gates.may_write(person, plan),
        "may_approve": may(person, May.APPROVE_PLAN, plan.unit) and PlanState.SUBMITTED in rolled.by_state,
        "answering": _answering_units(request, found) if plan.state in RUNNING else [],
        "pending": queries.pending_changes(person, plan, found) if plan.state in RUNNING else [],
        **related(person, found),
    }


def _answering_units(request: PersonRequest, found: Task) -> list[Unit]:
    """Units that were given the task, for which this person plans, and that have no plan for it yet."""
    given = [found.lead_unit_id, *found.supporting_units.values_list("pk", flat=True)]
    answered = Plan.objects.filter(answers=found, kind=Plan.Kind.PLAN).values("unit")
    here = units_in_reach(request.user, May.PLAN).filter(pk__in=[key for key in given if key])
    return list(here.exclude(pk__in=answered)[:20])


@staff(May.PLAN)
def new(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A task more, in a draft."""
    plan = seen(request, pk)
    _need_open(request, plan)
    form = forms.TaskForm.in_plan(request, plan)
    if form.attempt(writing.add_task, plan=plan, by=request.user):
        messages.success(request, _("Đã thêm nhiệm vụ."))
        _warn_outside(request, form.done)
        return redirect("plan", plan.pk)
    return answer(request, "office/plans/task_form.html", form, {"plan": plan})


@staff(May.PLAN)
def edit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Edit a task of a draft."""
    found = seen_task(request, pk)
    _need_open(request, found.plan)
    form = forms.EditTaskForm.in_plan(request, found.plan, found)
    if form.attempt(writing.edit_task, task=found, by=request.user):
        messages.success(request, _("Đã lưu."))
        _warn_outside(request, form.done)
        return redirect("plan", found.plan_id)
    return answer(request, "office/plans/task_form.html", form, {"plan": found.plan, "task": found})


def _warn_outside(request: PersonRequest, made: Task) -> None:
    """A due day outside the plan's time may be meant, or a slip of the year."""
    plan, due = made.plan, made.due_on
    if due and ((plan.ends_on and due > plan.ends_on) or (plan.starts_on and due < plan.starts_on)):
        says = _("Hạn %(due)s của “%(task)s” nằm ngoài thời gian của kế hoạch. Nếu nhầm, hãy sửa lại.")
        messages.warning(request, says % {"due": day(due), "task": made.title})


def _need_open(request: PersonRequest, plan: Plan) -> None:
    if not gates.may_write(request.user, plan) or plan.state not in OPEN_TO_WRITING:
        raise Http404


@staff(May.PLAN)
@require_POST
def reorder(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One place up or down."""
    found, form = seen_task(request, pk), forms.OrderForm.of(request)
    if form.attempt(writing.move_task, task=found, by=request.user):
        return redirect("plan", found.plan_id)
    return page_of_plan(request, found.plan_id, form)


@staff(May.PLAN)
@require_POST
def delete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take a task out of a draft."""
    found, form = seen_task(request, pk), forms.ActForm.of(request)
    if form.attempt(writing.delete_task, task=found, by=request.user):
        messages.success(request, _("Đã xoá nhiệm vụ."))
        return redirect("plan", found.plan_id)
    return page_of_plan(request, found.plan_id, form)


@staff(May.PLAN)
@require_POST
def note(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A progress note."""
    return _worked(request, pk, forms.NoteForm.of(request), working.add_note)


@staff(May.PLAN)
@require_POST
def product(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A product: a file, a link, a published programme or an indicator."""
    return _worked(request, pk, forms.ProductForm.of(request, auto_id=PRODUCT), working.add_product)


@staff(May.PLAN)
@require_POST
def complete(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Done, as of today."""
    return _worked(request, pk, forms.ActForm.of(request, auto_id="%s-complete"), working.complete)


@staff(May.PLAN)
@require_POST
def reopen(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Not done after all."""
    return _worked(request, pk, forms.ReopenForm.of(request), working.reopen)


def _worked(request: PersonRequest, pk: UUID, form: Form, verb: Callable[..., object]) -> HttpResponse:
    if form.attempt(verb, task=seen_task(request, pk), by=request.user):
        messages.success(request, _("Đã ghi."))
        return redirect("task", pk)
    return page_of(request, pk, form)


@staff(May.PLAN)
@require_POST
def answer_task(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Begin the plan by which a unit answers the task."""
    found = seen_task(request, pk)
    form = forms.AnswerForm.of(request, within={"unit": units_in_reach(request.user, May.PLAN)})
    if form.attempt(assigning.answer, task=found, by=request.user):
        messages.success(request, _("Đã lập bản thảo từ nhiệm vụ. Hãy chia thành việc cụ thể rồi trình duyệt."))
        return redirect("plan", form.done.pk)
    return page_of(request, pk, form)


@staff(May.SEE_FIGURES)
def file(request: PersonRequest, pk: UUID) -> FileResponse:
    """The file of a product, for whoever may see its task."""
    found = get_object_or_404(Product.objects.visible_to(request.user), pk=pk)
    kept = next(iter(attachments.attached_to(found)), None)
    if kept is None:
        raise Http404
    return FileResponse(attachments.opened(kept), as_attachment=True, filename=kept.name, content_type=kept.kind)
