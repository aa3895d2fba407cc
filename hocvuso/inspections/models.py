"""Nouns of inspecting: inspection → visit → sheets and photos → findings → remedies."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from hocvuso.base.fields import FoldedField
from hocvuso.base.ids import uuid7
from hocvuso.base.models import Attachment, Entity, Versioned
from hocvuso.people.models import Person
from hocvuso.people.queries import grants_of, tops_of_reach, units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models.plan import Plan, Task
from hocvuso.units.models import Unit

from .rules import InspectionState, RemedyState, Severity, VisitState

__all__ = ["Finding", "Inspection", "InspectionState", "Remedy", "RemedyState", "Severity", "Visit", "VisitPhoto"]
__all__ += ["VisitSheet", "VisitState"]


def _held_by(person: Any) -> Q:
    """Inspections of one's own units, and those with which one goes."""
    return Q(unit__in=units_in_reach(person, May.INSPECT)) | _gone_with_by(person)


def _gone_with_by(person: Any) -> Q:
    """Inspections in whose team one is, for as long as one inspects for the unit that issued them, for one above it,
    or within its sphere (`units.queries.addressing_unit`).
    """
    above = {path for top in tops_of_reach(person, May.INSPECT) for path in top.tree_path.ancestors}
    within = Q(unit__path__in=above) | Q(unit__kind=Unit.Kind.DEPARTMENT, unit__parent__path__in=above)
    return Q(team=getattr(person, "pk", None)) & (Q(unit__in=units_in_reach(person, May.INSPECT)) | within)


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def held_by(self, person: Any) -> Self:
        """Those that the person's unit issued or with which the person goes: everything in them is theirs to see."""
        return self.filter(pk__in=Inspection.objects.filter(_held_by(person)).values("pk"))

    def gone_with_by(self, person: Any) -> Self:
        """Those in whose team the person is, as one who may inspect today."""
        return self.filter(pk__in=Inspection.objects.filter(_gone_with_by(person)).values("pk"))

    def visible_to(self, person: Any) -> Self:
        """Those held, those issued in one's reach, and, once begun, those that come to a unit in one's reach."""
        reach = units_in_reach(person, May.SEE_FIGURES)
        come = Visit.objects.filter(unit__in=reach).exclude(inspection__state=InspectionState.PLANNED)
        held = Inspection.objects.filter(_held_by(person))
        return self.filter(Q(unit__in=reach) | Q(pk__in=held.values("pk")) | Q(pk__in=come.values("inspection")))


class Inspection(Entity, Versioned):
    """An inspection issued by a unit: whom it visits, who goes, with which checklist; what it concluded.

    States move by `rules_inspecting.MOVES`. Checklist and scope are fixed when it begins.
    """

    word = "inspection"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="inspections")
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    search = FoldedField("title", "number")
    basis = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    checklist = models.JSONField(default=dict, help_text="shape of rules_checklists")
    scope = models.ManyToManyField(Unit, related_name="+", blank=True)
    team = models.ManyToManyField(Person, related_name="inspections", blank=True)
    state = models.CharField(max_length=10, choices=InspectionState.choices, default=InspectionState.PLANNED)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    conclusion = models.TextField(blank=True)
    drafted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    drafters = models.ManyToManyField(Person, related_name="+", blank=True, help_text="all who wrote the conclusion")
    concluded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    concluded_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(concluded_by=None) | ~Q(concluded_by=F("drafted_by")), name="two_eyes_on_conclusions"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="inspection_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, person: Any) -> Self:
        """Visits of inspections that one holds or that were issued in one's reach; visits to one's own units."""
        reach = units_in_reach(person, May.SEE_FIGURES)
        held = Inspection.objects.filter(_held_by(person) | Q(unit__in=reach))
        return self.filter(Q(inspection__in=held.values("pk")) | Q(unit__in=reach))

    def to_make_by(self, person: Any) -> Self:
        """Visits of inspections with which one goes, but to no unit at which, or beneath which, one holds a role.

        A role at the issuing unit itself does not count: it may inspect its own house.
        """
        found = self.filter(inspection__in=Inspection.objects.gone_with_by(person).values("pk"))
        for grant in grants_of(person):
            there = Q(unit__path__in=grant.unit.tree_path.ancestors)
            found = found.exclude(there & ~Q(inspection__unit=grant.unit_id))
        return found


class Visit(Entity):
    """One unit visited. `answers` is what the accepted sheets say together: a projection that can be rebuilt."""

    word = "visit"

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="visits")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="visits")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+", help_text="its remedies")
    state = models.CharField(max_length=8, choices=VisitState.choices, default=VisitState.OPEN)
    answers = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["inspection", "unit__path"]
        constraints = [models.UniqueConstraint(fields=["inspection", "unit"], name="one_visit_to_a_unit")]

    def __str__(self) -> str:
        return str(self.unit)


class VisitSheet(models.Model):
    """Answers as a phone sent them, under the id it made. Append only: the same id again must say the same."""

    word = "visit-sheet"

    id = models.UUIDField(primary_key=True)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="sheets")
    content = models.JSONField(help_text="answers, findings, finish")
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return str(self.id)


class VisitPhoto(models.Model):
    """A photo taken for one question of a visit, under the id the phone made; the file is an attachment."""

    word = "visit-photo"

    id = models.UUIDField(primary_key=True, default=uuid7)
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="photos")
    question = models.CharField(max_length=60)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return str(self.id)


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, person: Any) -> Self:
        """Findings of visits that one may see."""
        return self.filter(visit__in=Visit.objects.visible_to(person).values("pk"))


class Finding(Entity, Versioned):
    """What a visit found wrong: text, severity, what it rests on. Files are attachments of this row."""

    word = "finding"

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="findings")
    text = models.CharField(max_length=2000)
    severity = models.CharField(max_length=6, choices=Severity.choices, default=Severity.MINOR)
    evidence = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return self.text[:80]


class Remedy(Entity):
    """What must be put right for a finding: a task in the inspected unit's plan of remedies, followed to the end.

    The unit reports it done, an inspector confirms or sends it back: never the same person.
    """

    word = "remedy"

    finding = models.OneToOneField(Finding, models.CASCADE, related_name="remedy")
    task = models.OneToOneField(Task, models.PROTECT, related_name="remedy")
    state = models.CharField(max_length=8, choices=RemedyState.choices, default=RemedyState.ASKED)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    verified_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("proposed_by")), name="two_eyes_on_remedies"
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_by__isnull=False), name="verified_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return str(self.task)

    @property
    def version(self) -> int:
        """What tells it from what it was before a step: the version of its task, which each step makes anew."""
        return self.task.version

    @property
    def waits_for_unit(self) -> bool:
        """Asked for and not reported done, or reported and sent back."""
        return self.state in (RemedyState.ASKED, RemedyState.REOPENED)
