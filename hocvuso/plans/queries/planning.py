"""Questions about plans and tasks: lists, boards, roll-ups over the tree, what waits for a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from hocvuso.base.fields import holding
from hocvuso.base.models import JournalEntry
from hocvuso.base.words import name_of
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import may, units_in_reach
from hocvuso.people.rules import May, Role
from hocvuso.units.models import Unit, UnitQuerySet
from hocvuso.units.queries import addressing_unit

from ..models import ChangeRequest, Plan, Product, ProgressNote, Task
from ..models.plan import TaskQuerySet
from ..rules import AGREED, OPEN_TO_WRITING, TASK_DONE, Comparison, PlanState, TaskState, compare

DUE_SOON = timedelta(days=14)
# A subquery, so that it is counted for the rows of one page and not for all.
_TASK_COUNT = Coalesce(
    Subquery(Task.objects.filter(plan=OuterRef("pk")).order_by().values("plan").annotate(n=Count("pk")).values("n")), 0
)


@dataclass(frozen=True)
class Filter:
    """What a list of plans or tasks is narrowed to; every part may be left out."""

    text: str = ""
    state: str = ""
    unit: Unit | None = None
    unknown_unit: str = ""  # what was typed and names no unit: nothing is found
    tree: Plan | None = None
    due_from: date | None = None
    due_until: date | None = None
    mine: bool = False


def plans(person: Person, wanted: Filter) -> QuerySet[Plan]:
    """Plans that a person may see, newest first."""
    found = Plan.objects.visible_to(person).real().select_related("unit")
    if wanted.state in PlanState.values:
        found = found.filter(state=wanted.state)
    if wanted.unknown_unit:
        return found.none()
    if wanted.unit:
        found = found.filter(unit__in=Unit.objects.under(wanted.unit))
    if wanted.text:
        named = Unit.objects.filter(holding(wanted.text))
        found = found.filter(holding(wanted.text) | Q(unit__in=named))
    return found.annotate(task_count=_TASK_COUNT).order_by("-pk")  # keys are made in the order of time


def templates(person: Person) -> QuerySet[Plan]:
    """Templates of one's units and of those above."""
    found = Plan.objects.visible_to(person).filter(kind=Plan.Kind.TEMPLATE)
    return found.select_related("unit").annotate(task_count=_TASK_COUNT).order_by("title")


def tasks(person: Person, wanted: Filter) -> TaskQuerySet:
    """Tasks being carried out that a person may see, without regard to their state."""
    found = Task.objects.visible_to(person).filter(plan__state__in=[PlanState.IN_FORCE], plan__kind__in=_REAL)
    if wanted.tree:
        found = found.filter(Q(plan=wanted.tree) | Q(plan__root=wanted.tree))
    if wanted.unknown_unit:
        return found.none()
    if wanted.unit:
        found = found.filter(lead_unit__in=Unit.objects.under(wanted.unit))
    if wanted.mine:
        found = found.filter(lead_unit__in=own_units(person))
    if wanted.due_from:
        found = found.filter(due_on__gte=wanted.due_from)
    if wanted.due_until:
        found = found.filter(due_on__lte=wanted.due_until)
    if wanted.text:
        found = found.filter(holding(wanted.text))
    return found


_REAL = [Plan.Kind.PLAN, Plan.Kind.REMEDIES]


def listed_tasks(person: Person, wanted: Filter, today: date) -> TaskQuerySet:
    """Tasks for a list or a download: in their state, soonest due first, those without a date last."""
    found = tasks(person, wanted)
    if wanted.state in TaskState.values:
        found = found.in_state(TaskState(wanted.state), today)
    return by_due(found.select_related("plan__unit", "lead_unit"))


def due_days(person: Person, wanted: Filter, *, a_day: int) -> tuple[TaskQuerySet, dict[date, int]]:
    """For a calendar: the first tasks of each day, only what it shows of them; and how many are due on each."""
    found = tasks(person, wanted).filter(due_on__isnull=False)
    shown = ("title", "starts_on", "due_on", "done_on", "begun", "produced")
    place = Window(RowNumber(), partition_by="due_on", order_by="pk")
    first = found.only(*shown).annotate(place=place).filter(place__lte=a_day).order_by("due_on", "pk")
    return first, dict(found.order_by().values_list("due_on").annotate(n=Count("pk")))


def by_due(found: TaskQuerySet) -> TaskQuerySet:
    """Soonest due first; those without a date last, on every database."""
    return found.order_by(F("due_on").asc(nulls_last=True), "pk")


@dataclass
class Column:
    """One column of a board: a state, how many are in it, and one page of them."""

    state: TaskState
    count: int
    tasks: list[Task] = field(default_factory=list)
    more: bool = False


def board(found: TaskQuerySet, *, today: date, size: int, page: int = 1, only: str = "") -> list[Column]:
    """Columns by derived state. Counts by one GROUP BY; rows only of what is shown (`only`: one column, paged)."""
    counts = states_of(found, today)
    columns = []
    for state in TaskState:
        column = Column(state, counts.get(state, 0))
        columns.append(column)
        if not column.count or (only and only != state):
            continue
        first = (page - 1) * size if only else 0
        rows = found.in_state(state, today).select_related("lead_unit")
        # By an index in both cases: what was done last, else what is due first.
        rows = rows.order_by("-done_on", "pk") if state in TASK_DONE else by_due(rows)
        column.tasks = list(rows[first : first + size])
        column.more = column.count > first + size
    return columns


def states_of(found: TaskQuerySet, today: date) -> dict[TaskState, int]:
    """How many tasks are in which state: one GROUP BY."""
    stated: Any = found.with_state(today)  # `state` is an annotation, which the type of the queryset does not know
    rows = stated.order_by().values("state").annotate(n=Count("pk")).values_list("state", "n")
    return {TaskState(state): n for state, n in rows}


@dataclass(frozen=True)
class RollUp:
    """Plans beneath a task or a plan, by state, and how many of them have a late task."""

    by_state: dict[PlanState, int]
    late: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_state.values())

    @property
    def agreed(self) -> int:
        """Approved or further."""
        return sum(n for state, n in self.by_state.items() if state in AGREED)


def roll_up(found: QuerySet[Plan], today: date) -> RollUp:
    """Plans by state and lateness: one GROUP BY."""
    late = Q(pk__in=Task.objects.running().in_state(TaskState.LATE, today).values("plan"))
    flagged = found.annotate(late=Case(When(late, then=True), default=False, output_field=BooleanField()))
    rows = flagged.order_by().values("state", "late").annotate(n=Count("pk"))
    by_state: Counter[PlanState] = Counter()
    count_late = 0
    for row in rows:
        by_state[PlanState(row["state"])] += row["n"]
        count_late += row["n"] if row["late"] else 0
    return RollUp({state: by_state[state] for state in PlanState if by_state[state]}, count_late)


def child_plans(person: Person, task: Task) -> QuerySet[Plan]:
    """Plans that answer a task, as far as the person may see."""
    return Plan.objects.visible_to(person).filter(answers=task).real()


def waiting_first(found: QuerySet[Plan]) -> QuerySet[Plan]:
    """Child plans for the page of their task: those to be decided first, then in the order of units."""
    waiting = Case(When(state=PlanState.SUBMITTED, then=0), default=1)
    return found.select_related("unit").order_by(waiting, "unit__path")


def descendants(person: Person, plan: Plan) -> QuerySet[Plan]:
    """All plans of the tree under a root that the person may see, the root not counted."""
    return Plan.objects.visible_to(person).filter(root=plan).real()


def answers_by_task(person: Person, plan: Plan) -> dict[Any, Counter[PlanState]]:
    """For each task of a plan: how many child plans there are in which state: one GROUP BY."""
    rows = Plan.objects.visible_to(person).real().filter(answers__plan=plan).order_by()
    found: dict[Any, Counter[PlanState]] = {}
    for row in rows.values("answers", "state").annotate(n=Count("pk")):
        found.setdefault(row["answers"], Counter())[PlanState(row["state"])] += row["n"]
    return found


def untouched(task: Task) -> QuerySet[Plan]:
    """Child plans given out in bulk in which nobody has written anything yet."""
    given = Plan.objects.filter(answers=task, kind=Plan.Kind.PLAN, state=PlanState.DRAFT, written_by=None)
    return given.exclude(Exists(Task.objects.filter(plan=OuterRef("pk"), begun=True)))


def units_to_assign(task: Task, *, kind: str = "", under: Unit | None = None, text: str = "") -> QuerySet[Unit]:
    """Units to which a task may be given, besides the one whose plan it is in, narrowed by kind, subtree and name."""
    found = given_to(task.plan).open(timezone.localdate()).exclude(pk=task.plan.unit_id)
    if kind in Unit.Kind.values:
        found = found.filter(kind=kind)
    if under is not None:
        found = found.under(under)
    return found.filter(holding(text))


def own_units(person: Person) -> QuerySet[Unit]:
    """The units where the person holds a role that plans or approves: what is theirs, without what lies beneath."""
    return Unit.objects.filter(grants__in=_own_grants(person)).distinct()


def _own_grants(person: Person) -> QuerySet[RoleGrant]:
    working = [Role.OFFICER, Role.LEADER, Role.MANAGER]
    return RoleGrant.objects.active(timezone.now()).filter(person=person, role__in=working)


def leaders_at(*units: Unit | None) -> QuerySet[Person]:
    """Who leads these units or one above them."""
    paths = {path for unit in units if unit is not None for path in unit.tree_path.ancestors}
    grants = RoleGrant.objects.active(timezone.now()).filter(role=Role.LEADER, unit__path__in=paths)
    return Person.objects.filter(pk__in=grants.values("person")).order_by("name")


def awaiting(person: Person) -> QuerySet[Plan]:
    """Submitted plans that the person may approve and neither wrote nor sent in."""
    here = units_in_reach(person, May.APPROVE_PLAN)
    mine = Q(answers=None, unit__in=here) | Q(answers__plan__unit__in=here)
    found = Plan.objects.real().filter(mine, state=PlanState.SUBMITTED)
    found = found.exclude(writers=person)
    return found.select_related("unit", "answers__plan__unit").order_by("created_at")


def to_mend(person: Person) -> QuerySet[Plan]:
    """Plans of my own units that were returned, or wait as drafts."""
    found = Plan.objects.real().filter(state__in=OPEN_TO_WRITING, unit__in=own_units(person))
    return found.select_related("unit").order_by("-state", "ends_on", "created_at")


def urgent_tasks(person: Person, today: date) -> TaskQuerySet:
    """Late, at risk or due tasks that my own units lead, or that I am the leader in charge of."""
    in_charge = Q(leader=person, pk__in=Task.objects.visible_to(person).values("pk"))
    mine = Q(lead_unit__in=own_units(person)) | in_charge
    found = Task.objects.running().filter(mine, done_on=None, due_on__lte=today + DUE_SOON, plan__kind__in=_REAL)
    return by_due(found.select_related("plan__unit"))


def changes_to_decide(person: Person) -> Any:
    """Change requests that the person may decide."""
    here = units_in_reach(person, May.APPROVE_PLAN)
    mine = Q(plan__answers=None, plan__unit__in=here) | Q(plan__answers__plan__unit__in=here)
    found = ChangeRequest.objects.filter(mine, state=ChangeRequest.State.ASKED).exclude(by=person)
    return found.select_related("plan__unit", "by")


def changes_asked(person: Person) -> Any:
    """Change requests that the person or a unit of theirs asked for, open ones first."""
    seen = ChangeRequest.objects.visible_to(person)
    own = seen.filter(Q(by=person) | Q(plan__unit__in=own_units(person)))
    first = Case(When(state=ChangeRequest.State.ASKED, then=0), default=1)
    return own.order_by(first, "-created_at").select_related("plan__unit", "by")


def pending_changes(person: Person, plan: Plan, task: Task | None = None) -> list[ChangeRequest]:
    """Change requests of a plan, or of one of its tasks, that nobody has answered yet and that the person may see."""
    found = ChangeRequest.objects.visible_to(person).filter(plan=plan, state=ChangeRequest.State.ASKED)
    return list((found.filter(task=task) if task else found).select_related("by"))


def compared(plan: Plan, now: dict[str, Any]) -> Comparison:
    """What was approved against what is now (`now` from `services.planning.snapshot`)."""
    return compare((plan.baseline or {}).get("tasks", {}), now["tasks"])


def evidence(task: Task) -> tuple[list[ProgressNote], list[Product]]:
    """Notes and products of a task."""
    return list(task.notes.select_related("by")), list(task.products.select_related("by"))


def history(subject: Any) -> list[tuple[JournalEntry, str]]:
    """Journal entries of a plan or task, newest first, each with the name of who acted."""
    entries = list(JournalEntry.objects.filter(subject=name_of(subject)).order_by("-number")[:200])
    actors = Person.objects.in_bulk([entry.actor for entry in entries if entry.actor])
    names = {str(key): str(person) for key, person in actors.items()}
    return [(entry, names.get(entry.actor, "")) for entry in entries]


def sees_whole(person: Person, plan: Plan) -> bool:
    """Whether the person sees all tasks of a plan, or only those given to their units.

    Whose task it answers sees all of it: they decide on it.
    """
    owners = [plan.unit, *([plan.answers.plan.unit] if plan.answers else [])]
    return plan.kind == Plan.Kind.TEMPLATE or any(may(person, May.SEE_FIGURES, unit) for unit in owners)


def tasks_of(person: Person, plan: Plan) -> TaskQuerySet:
    """The tasks of a plan, as far as the person may see, in their order."""
    found = Task.objects.filter(plan=plan)
    if not sees_whole(person, plan):
        found = found.filter(pk__in=Task.objects.visible_to(person).filter(plan=plan))
    return found.select_related("lead_unit", "leader").order_by("position", "pk")


def given_to(plan: Plan) -> UnitQuerySet:
    """Units to which a plan may give tasks: its own and those beneath.

    The plan of a ministry's department that answers a task of the ministry, and so is approved there, gives them to
    whatever the ministry has: ministry → department → province → commune.
    """
    answers_above = plan.answers is not None and plan.answers.plan.unit_id == plan.unit.parent_id
    top = addressing_unit(plan.unit) if answers_above else plan.unit
    above = [path for path in plan.unit.tree_path.ancestors if path != plan.unit.path]
    return Unit.objects.under(top).exclude(path__in=above)
