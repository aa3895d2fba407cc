"""Verbs on remedies: asked for by inspectors, reported done by the unit, confirmed or sent back by inspectors."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.attachments import attach
from hocvuso.base.errors import FixedNow, NeedsTitle, NeedsWords, NotAllowed, Refusal, TwoEyes
from hocvuso.base.events import emit
from hocvuso.base.states import check_move
from hocvuso.base.versions import expect
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.plans.events import TaskCompleted
from hocvuso.plans.models import Plan, Product, ProgressNote, Task

from ..models import Finding, InspectionState, Remedy, RemedyState, Visit
from ..queries import holds, is_partial
from ..rules import REMEDY_MOVES
from .inspecting import Partial


class AskedAlready(Refusal):
    """A finding has one remedy."""

    code = "asked-already"
    says = _("Tồn tại này đã được giao khắc phục.")


class NeedsADay(Refusal):
    """A remedy is due on a day that is still to come."""

    code = "needs-a-day"
    says = _("Hãy ghi hạn khắc phục, từ hôm nay trở đi.")


@transaction.atomic
def ask_remedy(*, finding: Finding, title: str, due_on: date | None, by: Person, at: datetime | None = None) -> Remedy:
    """Ask the inspected unit to put a finding right: a task in its plan of remedies from this inspection."""
    visit = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("inspection__unit", "unit")
        .get(pk=finding.visit_id)
    )
    _gate_inspector(visit, by)
    if visit.inspection.state != InspectionState.RUNNING:
        raise FixedNow(state=InspectionState(visit.inspection.state).label)
    today = timezone.localdate(at)
    if Remedy.objects.filter(finding=finding).exists():
        raise AskedAlready
    if not title.strip():
        raise NeedsTitle(field="title")
    if due_on is None or due_on < today:
        raise NeedsADay(field="due_on")
    plan = _plan_of(visit, by, today)
    last = plan.tasks.aggregate(last=Max("position"))["last"] or 0
    task = Task.objects.create(
        plan=plan, position=last + 1, title=title.strip()[:500], description=finding.text, lead_unit=visit.unit,
        starts_on=today, due_on=due_on,
    )  # fmt: skip
    made = Remedy.objects.create(finding=finding, task=task, asked_by=by)
    journal.write("remedy.asked", made, by=by, finding=finding.pk, due_on=due_on, unit=visit.unit.code)
    return made


def _plan_of(visit: Visit, by: Person, today: date) -> Plan:
    if visit.plan is None:
        visit.plan = Plan.objects.create(
            kind=Plan.Kind.REMEDIES, unit=visit.unit, title=visit.inspection.title, state=Plan.State.IN_FORCE,
            starts_on=today, written_by=by, basis=visit.inspection.basis,
        )  # fmt: skip
        visit.save(update_fields=["plan"])
    return visit.plan


@transaction.atomic
def propose(
    *,
    remedy: Remedy,
    text: str,
    by: Person,
    file: tuple[str, bytes] | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Remedy:
    """The unit says what it did, with evidence. From now an inspector decides. Raises Stale, as all steps do."""
    held = _locked(remedy)
    if not may(by, May.PLAN, held.finding.visit.unit):
        raise NotAllowed
    expect(held.task, version, by=by)
    check_move(REMEDY_MOVES, now=RemedyState(held.state), to=RemedyState.PROPOSED)
    if not text.strip():
        raise NeedsWords(field="text")
    ProgressNote.objects.create(task=held.task, text=text.strip()[:3000], by=by)
    if file is not None:
        product = Product.objects.create(task=held.task, kind=Product.Kind.FILE, title=file[0][:300], by=by)
        attach(subject=product, name=file[0], content=file[1], by=by)
        held.task.produced = True
    held.task.begun = True
    held.proposed_by, held.proposed_on = by, timezone.localdate(at)
    held.verified_by = held.verified_on = None
    return _moved(held, RemedyState.PROPOSED, by)


@transaction.atomic
def verify(*, remedy: Remedy, by: Person, version: int | None = None, at: datetime | None = None) -> Remedy:
    """An inspector confirms. Done on the day the unit reported it: waiting for us does not make the unit late."""
    held = _locked(remedy)
    _gate_inspector(held.finding.visit, by)
    expect(held.task, version, by=by)
    check_move(REMEDY_MOVES, now=RemedyState(held.state), to=RemedyState.VERIFIED)
    if held.proposed_by_id == by.pk:
        raise TwoEyes
    held.verified_by, held.verified_on = by, timezone.localdate(at)
    held.task.done_on = held.proposed_on
    emit(TaskCompleted(task_id=str(held.task.pk)))
    return _moved(held, RemedyState.VERIFIED, by)


@transaction.atomic
def reopen(*, remedy: Remedy, why: str, by: Person, version: int | None = None) -> Remedy:
    """An inspector sends it back, or finds that it did not last; the reason stays with the task."""
    held = _locked(remedy)
    _gate_inspector(held.finding.visit, by)
    expect(held.task, version, by=by)
    check_move(REMEDY_MOVES, now=RemedyState(held.state), to=RemedyState.REOPENED)
    if held.finding.visit.inspection.state == InspectionState.CLOSED:
        raise FixedNow(state=InspectionState.CLOSED.label)
    if not why.strip():
        raise NeedsWords(field="why")
    ProgressNote.objects.create(task=held.task, text=why.strip()[:3000], by=by)
    held.verified_by = held.verified_on = None
    held.task.done_on = None
    return _moved(held, RemedyState.REOPENED, by)


def _locked(remedy: Remedy) -> Remedy:
    related = Remedy.objects.select_related("finding__visit__inspection__unit", "finding__visit__unit", "task")
    return related.select_for_update(of=("self", "task")).get(pk=remedy.pk)


def _gate_inspector(visit: Visit, by: Person) -> None:
    if not holds(by, visit.inspection):
        raise NotAllowed
    if is_partial(by, visit):
        raise Partial(who=by)


def _moved(held: Remedy, to: RemedyState, by: Person) -> Remedy:
    before, held.state = held.state, to
    held.save()
    held.task.save(update_fields=["begun", "produced", "done_on"])
    journal.write("remedy.moved", held, by=by, before=before, after=to)
    return held
