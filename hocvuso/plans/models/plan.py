"""Plans and tasks: one mechanism from the ministry down to a commune."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.fields import FoldedField
from hocvuso.base.models import Entity, Versioned
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import grants_of, units_in_reach
from hocvuso.people.rules import GIVES, May, Role
from hocvuso.units.models import Unit

from ..rules import AGREED, SOON, PlanState, TaskFacts, TaskState, task_reason, task_state


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, person: Any) -> Self:
        """Plans of units in one's reach, approved plans that gave them tasks, and templates of units above; those
        that answer a task of one's department of a ministry, wherever they come from.
        """
        reach = units_in_reach(person, May.SEE_FIGURES)
        led = Q(lead_unit__in=reach) | Q(pk__in=_supported(reach)) | Q(pk__in=_answered(reach))
        given = Task.objects.filter(led, plan__state__in=AGREED)
        roles = [grant for grant in grants_of(person) if May.SEE_FIGURES in GIVES[Role(grant.role)]]
        above = Unit.objects.filter(path__in={path for grant in roles for path in grant.unit.tree_path.ancestors})
        return self.filter(
            Q(unit__in=reach)
            | Q(pk__in=given.values("plan"))
            | Q(kind=Plan.Kind.TEMPLATE, unit__in=above)
            | _asked_for(person, "answers__plan__unit__in")
        )

    def real(self) -> Self:
        """Without templates."""
        return self.exclude(kind=Plan.Kind.TEMPLATE)

    def of_tree(self, root: Plan) -> Self:
        """The plan at the top and all that descend from it."""
        return self.filter(Q(pk=root.pk) | Q(root=root))


class Plan(Entity, Versioned):
    """A plan issued by a unit. A child plan answers one task of a plan above; the whole tree shares its `root`.

    States move by `rules.PLAN_MOVES`. Once approved, tasks change only through a ChangeRequest; `baseline` keeps what
    was approved, for comparison. Its version counts also what is written of its tasks, and their order.
    """

    word = "plan"

    State = PlanState

    class Kind(models.TextChoices):
        PLAN = "plan", _("kế hoạch")
        TEMPLATE = "template", _("mẫu")
        REMEDIES = "remedies", _("khắc phục sau kiểm tra")

    key = models.SlugField(max_length=60, null=True, blank=True, unique=True, help_text="of plans loaded from data/")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PLAN)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="plans")
    answers = models.ForeignKey("Task", models.PROTECT, null=True, blank=True, related_name="child_plans")
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="descendants")
    number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=300)
    search = FoldedField("title", "number")
    basis = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    note = models.CharField(max_length=1000, blank=True, help_text="why it was returned, or what the approver adds")
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    writers = models.ManyToManyField(Person, related_name="+", blank=True, help_text="all who wrote or sent in")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    baseline = models.JSONField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["root", "state"], name="plan_of_root")]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | (~Q(approved_by=F("written_by")) & ~Q(approved_by=F("submitted_by"))),
                name="two_eyes_on_plans",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")), name="plan_ends_later"
            ),
            models.UniqueConstraint(
                fields=["answers", "unit"], condition=Q(kind="plan"), name="one_answer_of_a_unit_to_a_task"
            ),
        ]

    def __str__(self) -> str:
        return self.title


def _answered(reach: Any) -> Any:
    """Keys of the tasks that plans of units in reach answer: what was given to them."""
    return Plan.objects.filter(unit__in=reach, answers__isnull=False).values("answers")


def _supported(reach: Any) -> Any:
    """Keys of the tasks that units in reach support: from the link table alone, without joins."""
    return Task.supporting_units.through.objects.filter(unit__in=reach).values("task_id")


def _asked_for(person: Any, path: str) -> Q:
    """What lies at `path` under a ministry's departments where one's roles see figures: nothing for everybody else."""
    seeing = [grant.unit for grant in grants_of(person) if May.SEE_FIGURES in GIVES[Role(grant.role)]]
    departments = [unit.pk for unit in seeing if unit.kind == Unit.Kind.DEPARTMENT]
    return Q(**{path: departments}) if departments else Q()


def in_state(state: TaskState, today: date) -> Q:
    """The tasks whose derived state is `state`: `rules.task_state` as a condition. A test holds the two together."""
    open_ = Q(done_on=None)
    late = Q(due_on__lt=today)
    soon = Q(due_on__gte=today, due_on__lte=today + SOON, produced=False)
    calm = Q(due_on=None) | Q(due_on__gt=today + SOON) | Q(due_on__gte=today, produced=True)
    conditions = {
        TaskState.DONE_LATE: Q(done_on__gt=F("due_on")),
        TaskState.DONE: Q(done_on__isnull=False) & (Q(due_on=None) | Q(done_on__lte=F("due_on"))),
        TaskState.LATE: open_ & late,
        TaskState.AT_RISK: open_ & soon,
        TaskState.ON_TRACK: open_ & calm & Q(begun=True),
        TaskState.NOT_STARTED: open_ & calm & Q(begun=False),
    }
    return conditions[state]


def _outer_path(path: str) -> ExpressionWrapper:
    return ExpressionWrapper(OuterRef(path), output_field=models.CharField())


class TaskQuerySet(models.QuerySet["Task"]):
    def owed(self, kind: str) -> Self:
        """Tasks of plans of a kind that are under way, have a lead unit and a due day, and are not done; each with
        `in_charge`: its leader, while they lead the plan's unit, the lead unit, or one above.
        """
        found = self.filter(
            done_on=None,
            due_on__isnull=False,
            lead_unit__isnull=False,
            plan__state__in=(PlanState.APPROVED, PlanState.IN_FORCE),
            plan__kind=kind,
        )
        leads = RoleGrant.objects.active(timezone.now()).filter(role=Role.LEADER, person=OuterRef("leader"))
        leads = leads.alias(plans=_outer_path("plan__unit__path"), does=_outer_path("lead_unit__path"))
        there = Exists(leads.filter(Q(plans__startswith=F("unit__path")) | Q(does__startswith=F("unit__path"))))
        return found.annotate(in_charge=Case(When(Q(leader__isnull=False) & there, then=F("leader_id"))))

    def visible_to(self, person: Any) -> Self:
        """Tasks of plans of units in one's reach, and what approved plans gave those units to lead or support; those
        of plans that answer a task of one's department of a ministry.
        """
        reach = units_in_reach(person, May.SEE_FIGURES)
        given = Q(lead_unit__in=reach) | Q(pk__in=_supported(reach)) | Q(pk__in=_answered(reach))
        asked = _asked_for(person, "plan__answers__plan__unit__in")
        return self.filter(Q(plan__unit__in=reach) | Q(plan__state__in=AGREED) & given | asked)

    def running(self) -> Self:
        """Tasks of plans that are being carried out."""
        return self.filter(plan__state=PlanState.IN_FORCE)

    def with_state(self, today: date) -> Self:
        """Each with `state`, its derived state."""
        return self.annotate(
            state=Case(
                *(
                    When(in_state(state, today), then=Value(state.value))
                    for state in TaskState
                    if state != "not-started"
                ),
                default=Value(TaskState.NOT_STARTED.value),
                output_field=models.CharField(),
            )
        )

    def in_state(self, state: TaskState, today: date) -> Self:
        """Those whose derived state is `state`."""
        return self.filter(in_state(state, today))


class Task(Entity, Versioned):
    """What a plan asks of a lead unit. Its state is derived (`rules.task_state`), never typed in.

    Lead unit and due date may stay open where the source does not state them; the pages show them as open.
    """

    word = "task"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500)
    search = FoldedField("title")
    description = models.TextField(blank=True)
    lead_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="lead_tasks")
    supporting_units = models.ManyToManyField(Unit, related_name="supported_tasks", blank=True)
    leader = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    product = models.CharField(max_length=500, blank=True, help_text="what must be there when it is done")
    starts_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    begun = models.BooleanField(default=False, help_text="a progress note, product or child plan exists")
    produced = models.BooleanField(default=False, help_text="a product exists")
    indicators = models.JSONField(default=list, blank=True, help_text="keys of indicators that show its effect")

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "position"]
        indexes = [
            # Serve boards and "mine today": open tasks of a unit by due date.
            models.Index(fields=["lead_unit", "done_on", "due_on"], name="task_of_lead"),
            models.Index(fields=["done_on", "due_on"], name="task_due"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def facts(self) -> TaskFacts:
        """What the state is derived from."""
        return TaskFacts(self.starts_on, self.due_on, self.done_on, self.begun, self.produced)

    def state_on(self, today: date) -> TaskState:
        """The derived state."""
        return task_state(self.facts, today=today)

    def reason_on(self, today: date) -> str:
        """The derived state's reason, in words."""
        return task_reason(self.facts, today=today)


class TaskOutcome(Entity):
    """How a task stood when its due day was over: written once, so that lateness stays; later changes do not touch it.

    A task that gets another due day before this one is over is judged by the new one alone.
    """

    word = "task-outcome"

    task = models.OneToOneField(Task, models.CASCADE, related_name="outcome")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text="the lead unit then")
    due_on = models.DateField()
    on_time = models.BooleanField()


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, person: Any) -> Self:
        """Evidence of tasks one may see."""
        return self.filter(task__in=Task.objects.visible_to(person))


class ProgressNote(Entity):
    """What was done on a task, in words. Append only."""

    word = "progress-note"

    task = models.ForeignKey(Task, models.CASCADE, related_name="notes")
    text = models.TextField(max_length=3000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]


class Product(Entity):
    """Evidence that a task is done: a file (an attachment of this row), a link, a published edition, an indicator."""

    word = "task-product"

    class Kind(models.TextChoices):
        FILE = "file", _("tệp")
        LINK = "link", _("liên kết")
        EDITION = "edition", _("chương trình đã phát hành")
        INDICATOR = "indicator", _("chỉ số")

    task = models.ForeignKey(Task, models.CASCADE, related_name="products")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=300)
    address = models.CharField(max_length=500, blank=True, help_text="link, programme key or indicator key")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def visible_to(self, person: Any) -> Self:
        """Requests about plans of units in one's reach, and one's own about plans that one may still see."""
        own = Q(by=person, plan__in=Plan.objects.visible_to(person).values("pk"))
        return self.filter(Q(plan__unit__in=units_in_reach(person, May.SEE_FIGURES)) | own)


class ChangeRequest(Entity):
    """A change asked for in an approved plan: field by field, decided by a second person.

    `changes` by kind — task, plan: field → {before, after}; add: field → {after}; remove: {} (the task's title in
    `title`). Values are as in `Plan.baseline`. The baseline itself never changes.
    """

    word = "change-request"

    class Kind(models.TextChoices):
        TASK = "task", _("sửa nhiệm vụ")
        ADD = "add", _("thêm nhiệm vụ")
        REMOVE = "remove", _("bỏ nhiệm vụ")
        PLAN = "plan", _("sửa kế hoạch")

    class State(models.TextChoices):
        ASKED = "asked", _("đang xin")
        ACCEPTED = "accepted", _("đồng ý")
        REFUSED = "refused", _("không đồng ý")
        WITHDRAWN = "withdrawn", _("đã rút")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="change_requests")
    task = models.ForeignKey(Task, models.SET_NULL, null=True, blank=True, related_name="change_requests")
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.TASK)
    title = models.CharField(max_length=500, blank=True, help_text="of the task concerned, kept when the task is gone")
    changes = models.JSONField(help_text="field → {before, after}")
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=1000, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("by")), name="two_eyes_on_changes")
        ]
