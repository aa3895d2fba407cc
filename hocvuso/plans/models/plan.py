"""Plans and tasks: one mechanism from the ministry down to a commune."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import Entity
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, person: Any) -> Self:
        """Plans of units in one's reach, and approved plans above that gave them tasks."""
        reach = units_in_reach(person, May.SEE_FIGURES)
        given = Plan.objects.exclude(state__in=[Plan.State.DRAFT, Plan.State.RETURNED]).filter(
            Q(tasks__lead_unit__in=reach) | Q(tasks__supporting_units__in=reach)
        )
        return self.filter(Q(unit__in=reach) | Q(pk__in=given.values("pk")))


class Plan(Entity):
    """A plan issued by a unit. A child plan answers one task of a plan above; the whole tree shares its `root`.

    States move by `rules.PLAN_MOVES`. Once approved, tasks change only through a ChangeRequest; `baseline` keeps what
    was approved, for comparison.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("bản thảo")
        SUBMITTED = "submitted", _("đã trình")
        RETURNED = "returned", _("bị trả lại")
        APPROVED = "approved", _("đã duyệt")
        IN_FORCE = "in-force", _("đang thực hiện")
        REVIEWED = "reviewed", _("đã tổng kết")
        CLOSED = "closed", _("đã khép lại")

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
    basis = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    note = models.CharField(max_length=1000, blank=True, help_text="why it was returned, or what the approver adds")
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
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


class Task(Entity):
    """What a plan asks of a lead unit. Its state is derived (`rules.task_state`), never typed in.

    Lead unit and due date may stay open where the source does not state them; the pages show them as open.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=500)
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

    class Meta:
        ordering = ["plan", "position"]
        indexes = [
            # Serve boards and "mine today": open tasks of a unit by due date.
            models.Index(fields=["lead_unit", "done_on", "due_on"], name="task_of_lead"),
            models.Index(fields=["done_on", "due_on"], name="task_due"),
        ]

    def __str__(self) -> str:
        return self.title


class ProgressNote(Entity):
    """What was done on a task, in words. Append only."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="notes")
    text = models.TextField(max_length=3000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at"]


class Product(Entity):
    """Evidence that a task is done: a file (an attachment of this row), a link, a published edition, an indicator."""

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

    class Meta:
        ordering = ["created_at"]


class ChangeRequest(Entity):
    """A change asked for in an approved plan: field changes by task, decided by a second person."""

    class State(models.TextChoices):
        ASKED = "asked", _("đang xin")
        ACCEPTED = "accepted", _("đồng ý")
        REFUSED = "refused", _("không đồng ý")

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="change_requests")
    task = models.ForeignKey(Task, models.CASCADE, related_name="change_requests")
    changes = models.JSONField(help_text="field → {before, after}")
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("by")), name="two_eyes_on_changes"
            )
        ]
