"""A task is given to many units with one press: whom it would reach, the press, the result, taking back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.numbers import trimmed
from hocvuso.jobs import services as jobs
from hocvuso.jobs.models import Job
from hocvuso.people.models import Person
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.services import assigning, gates, planning
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.long_work import go_on
from . import forms
from .tasks import page_of, seen_task

SHOWN = 20  # names in the preview of many; the number is of all
TICKED = 200  # up to so many are named one by one, to leave some out


@dataclass(frozen=True)
class Preview:
    """Whom one press would reach; `kept`: the units that keep their tick, all at first."""

    fresh: int
    already: int
    units: list[Unit]
    kept: set[str]

    @property
    def ticked(self) -> bool:
        """Whether all of them are named, each with a box."""
        return self.fresh <= TICKED


@staff(May.PLAN)
def assign(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Choose units, see how many, press."""
    task = seen_task(request, pk)
    if not gates.may_write(request.user, task.plan):
        raise Http404
    templates = queries.templates(request.user)
    within = {"units": queries.units_to_assign(task), "template": templates}
    form = forms.AssignForm.of(request, row=task, within=within)
    if form.attempt(_ask, task=task, by=request.user):
        return go_on(request, form.done)
    asked = form if form.is_bound else forms.UnitsFilter.of(request, row=task)
    asks = any(asked[name].data for name in ("kind", "under", "text"))
    context = {
        "task": task,
        "asked": asked,
        "preview": _preview(task, asked) if asks else None,
        "templates": templates.exists(),
        "untouched": queries.untouched(task).count(),
        "form": form,
    }
    return answer(request, "office/plans/assign.html", asked, context)


def _ask(*, task: Task, by: Person, units: Any, template: Plan | None, chosen: dict[str, Any]) -> Job:
    args = {**chosen, "task": str(task.pk), "template": str(template.pk) if template else None}
    rows = units.count() * (1 + (template.tasks.count() if template else 1))
    return jobs.ask("task.assign", by=by, unit=task.plan.unit, args=args, size=rows)


def _preview(task: Task, asked: forms.AssignForm | forms.UnitsFilter) -> Preview | None:
    """Whom the press would reach; nothing where the choice cannot be read."""
    units = asked.meant
    if units is None:
        return None
    have = Plan.objects.filter(answers=task, kind=Plan.Kind.PLAN).values("unit")
    fresh = units.exclude(pk__in=have)
    count = fresh.count()
    shown = list(fresh[: TICKED if count <= TICKED else SHOWN])
    kept = asked["units"].data if "units" in asked.fields else [unit.pk for unit in shown]
    return Preview(count, units.filter(pk__in=have).count(), shown, {str(key) for key in kept})


@staff(May.APPROVE_PLAN)
@require_POST
def approve(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Approve the chosen answers to a task; those that this person may not approve stay as they are."""
    task = seen_task(request, pk)
    form = forms.ApproveForm.of(
        request, within={"plans": queries.child_plans(request.user, task).select_related("unit")}
    )
    if not form.attempt(planning.approve_all, by=request.user):
        return page_of(request, pk, form)
    done, refused = form.done
    none = "" if refused else _("Chưa duyệt kế hoạch nào. Hãy đánh dấu các kế hoạch muốn duyệt rồi bấm lại.")
    say_done(request, done, _("Đã duyệt %(n)s kế hoạch.") % {"n": trimmed(done)}, none=none)
    for unit, reason in refused:
        messages.warning(request, f"{unit}: {reason}")
    return redirect("task", pk)


@staff(May.PLAN)
@require_POST
def withdraw(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Delete the child plans that nobody has touched."""
    deleted = assigning.withdraw(task=seen_task(request, pk), by=request.user)
    said = _("Đã thu hồi %(n)s kế hoạch chưa ai động tới.") % {"n": trimmed(deleted)}
    say_done(request, deleted, said, none=_("Không thu hồi gì: kế hoạch nào cũng đã có người làm."))
    return redirect("task", pk)
