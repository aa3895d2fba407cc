"""Nouns of consulting: a document by clauses, invited units, comments, answers."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from hocvuso.base.fields import FoldedField
from hocvuso.base.models import Entity, Versioned
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from .rules import CommentKind, ConsultationState, Verdict

__all__ = ["Clause", "Comment", "CommentKind", "Consultation", "ConsultationState", "Invitation", "Verdict"]


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, person: Any) -> Self:
        """Those of one's own units, and, once open, those to which a unit in one's reach was invited."""
        reach = units_in_reach(person, May.CONSULT)
        invited = Invitation.objects.filter(unit__in=reach).exclude(consultation__state=ConsultationState.DRAFT)
        return self.filter(Q(unit__in=reach) | Q(pk__in=invited.values("consultation")))


class Consultation(Entity, Versioned):
    """A document on which a unit asks others for comments. States move by `rules_consulting.MOVES`."""

    word = "consultation"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="consultations")
    number = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=300)
    search = FoldedField("title", "number")
    about = models.TextField(blank=True, help_text="what is asked, for the invited")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ConsultationState.choices, default=ConsultationState.DRAFT)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reported_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    reported_on = models.DateField(null=True, blank=True)
    report_note = models.TextField(blank=True, help_text="what the report to the Minister says beside the figures")

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reported_by=None) | ~Q(reported_by=F("answered_by")),
                name="two_eyes_on_consultation_reports",
            ),
            models.CheckConstraint(condition=Q(state="draft") | Q(due_on__isnull=False), name="open_until_a_day"),
        ]

    def __str__(self) -> str:
        return self.title


class Clause(Entity, Versioned):
    """A piece of the document that comments hang on. Fixed once the consultation is open."""

    word = "consultation-clause"

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="clauses")
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    depth = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["consultation", "position"]

    def __str__(self) -> str:
        return self.label or self.text[:60]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, person: Any) -> Self:
        """Invitations of one's own units, once out; not of a consultation that one's own unit holds: who asks does not
        answer for the asked, nor reads what they have not sent."""
        reach = units_in_reach(person, May.CONSULT)
        out = self.exclude(consultation__state=ConsultationState.DRAFT)
        return out.filter(unit__in=reach).exclude(consultation__unit__in=reach)


class Invitation(Entity):
    """A unit asked for comments. Its comments count once it sent them; `sent_on` past `due_on` stays late."""

    word = "consultation-invitation"

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="invitations")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="invitations")
    due_on = models.DateField()
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    nothing_to_add = models.BooleanField(default=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["unit__path"]
        constraints = [models.UniqueConstraint(fields=["consultation", "unit"], name="invited_once")]

    def __str__(self) -> str:
        return str(self.unit)

    def late_on(self, today: date) -> bool:
        """Whether it was answered late, or is not answered and past its day."""
        return (self.sent_on or today) > self.due_on


class CommentQuerySet(models.QuerySet["Comment"]):
    def visible_to(self, person: Any) -> Self:
        """One's own units' comments, and what was sent to one's own units."""
        mine = Invitation.objects.visible_to(person).values("pk")
        asked = Q(invitation__consultation__unit__in=units_in_reach(person, May.CONSULT))
        return self.filter(Q(invitation__in=mine) | asked & Q(invitation__sent_on__isnull=False))

    def unanswered(self) -> Self:
        """Those without the answer that they need; an agreement needs none."""
        return self.filter(verdict="").exclude(kind=CommentKind.AGREE)


class Comment(Entity, Versioned):
    """What an invited unit says of a clause, or of the whole (no clause); and the answer to it."""

    word = "consultation-comment"

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="comments")
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, blank=True, related_name="comments")
    kind = models.CharField(max_length=8, choices=CommentKind.choices)
    text = models.CharField(max_length=4000, blank=True)
    wording = models.TextField(max_length=8000, blank=True, help_text="the wording that is proposed")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    why = models.CharField(max_length=2000, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["clause__position", "created_at"]

    def __str__(self) -> str:
        return self.text[:80]
