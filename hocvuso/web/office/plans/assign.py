"""A task is given to many units with one press: whom it would reach, the press, the result, taking back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.base.numbers import trimmed
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.services import assigning, gates, planning
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.done import say_done
from ...kit.gate import staff
from . import forms
from .tasks import seen_task

MOST = 100  # plans approved with one press
SHOWN = 20  # names in the preview of many; the number is of all
TICKED = 200  # up to so many are named one by one, to leave some out


@dataclass(frozen=True)
class Preview:
    """Whom one press would reach."""

    fresh: int
    already: int
    units: list[Unit]

    @property
    def ticked(self) -> bool:
        """Whether all of them are named, each with a box."""
        return self.fresh <= TICKED


class NobodyChosen(Refusal):
    """All boxes are empty."""

    code = "nobody-chosen"
    says = gettext_lazy("Hãy đánh dấu ít nhất một đơn vị.")


@staff(May.PLAN)
def assign(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Choose units, see how many, press."""
    task = seen_task(request, pk)
    if not gates.may_write(request.user, task.plan):
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    context: dict[str, Any] = {
        "task": task,
        "typed": asked.dict(),
        "kinds": Unit.Kind.choices,
        "templates": queries.templates(request.user)[:100],
        "untouched": queries.untouched(task).count(),
    }
    try:
        units = _chosen(asked, task)
        if any(asked.get(name) for name in ("kind", "q", "under")):
            context["preview"] = _preview(task, units)
        if request.method == "POST":
            done = assigning.assign(
                task=task, units=_ticked(asked, units), by=request.user, template=_template(request)
            )
            counts = {"made": done.made, "already": done.already}
            say_done(
                request,
                done.made,
                _("Đã giao cho %(made)s đơn vị; %(already)s đơn vị đã có kế hoạch từ trước.") % counts,
                none=_("Chưa giao thêm cho đơn vị nào; %(already)s đơn vị đã có kế hoạch. Hãy chọn đơn vị khác.")
                % counts,
            )
            return redirect("task", pk)
    except Refusal as refusal:
        context["refusal"] = refusal
    return render(request, "office/plans/assign.html", context, status=400 if "refusal" in context else 200)


def _chosen(asked: QueryDict, task: Task) -> Any:
    under = forms.unit(asked.get("under", ""), "under")
    text = asked.get("q", "")[:100]
    return queries.units_to_assign(task, kind=asked.get("kind", ""), under=under, text=text)


def _ticked(asked: QueryDict, units: Any) -> Any:
    """Of the units, those whose boxes are ticked, when each had a box."""
    if not asked.get("ticked"):
        return units
    keys = [key for text in asked.getlist("unit")[:TICKED] if (key := forms.as_key(text))]
    if not keys:
        raise NobodyChosen
    return units.filter(pk__in=keys)


def _preview(task: Task, units: Any) -> Preview:
    have = Plan.objects.filter(answers=task, kind=Plan.Kind.PLAN).values("unit")
    fresh = units.exclude(pk__in=have)
    count = fresh.count()
    return Preview(count, units.filter(pk__in=have).count(), list(fresh[: TICKED if count <= TICKED else SHOWN]))


def _template(request: PersonRequest) -> Plan | None:
    key = forms.as_key(request.POST.get("template", ""))
    rows = Plan.objects.visible_to(request.user).filter(kind=Plan.Kind.TEMPLATE)
    return get_object_or_404(rows, pk=key) if key else None


@staff(May.APPROVE_PLAN)
@require_POST
def approve(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Approve the chosen answers to a task; those that this person may not approve stay as they are."""
    task = seen_task(request, pk)
    keys = [key for text in request.POST.getlist("plan")[:MOST] if (key := forms.as_key(text))]
    chosen = queries.child_plans(request.user, task).filter(pk__in=keys)
    done, refused = planning.approve_all(plans=chosen, by=request.user)
    none = "" if refused else _("Chưa duyệt kế hoạch nào. Hãy đánh dấu các kế hoạch muốn duyệt rồi bấm lại.")
    say_done(request, done, _("Đã duyệt %(n)s kế hoạch.") % {"n": trimmed(done)}, none=none)
    for unit, reason in refused:
        messages.warning(request, f"{unit}: {reason}")
    return redirect("task", pk)


@staff(May.PLAN)
@require_POST
def take_back(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Delete the child plans that nobody has touched."""
    deleted = assigning.take_back(task=seen_task(request, pk), by=request.user)
    said = _("Đã thu hồi %(n)s kế hoạch chưa ai động tới.") % {"n": trimmed(deleted)}
    say_done(request, deleted, said, none=_("Không thu hồi gì: kế hoạch nào cũng đã có người làm."))
    return redirect("task", pk)
