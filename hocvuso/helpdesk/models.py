"""Residents' requests: what a commune is asked, what was said, how it moved, in what time."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import Entity, Versioned
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from .rules import LONGEST_ANSWER, LONGEST_TERM, OPEN, Channel, RequestState, Topic


class RequestTerm(Entity, Versioned):
    """In how many days a unit and those beneath promise to solve a request. No row: nothing is promised."""

    word = "request-term"

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="request_term")
    days = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=300, blank=True, help_text="the document that says so")
    answer_hours = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="within which somebody answers who was defrauded; empty: not promised"
    )
    phone = models.CharField(max_length=40, blank=True, help_text="at which residents reach this very unit")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=LONGEST_TERM), name="request_term_in_days"),
            models.CheckConstraint(
                condition=Q(answer_hours=None) | Q(answer_hours__gte=1, answer_hours__lte=LONGEST_ANSWER),
                name="request_term_answer_in_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.days}"


class ResidentRequestQuerySet(models.QuerySet["ResidentRequest"]):
    def visible_to(self, person: Any) -> Self:
        """One's own, and those asked of units at which one helps."""
        own = Q(asker=person.pk) if person.pk else Q(pk__in=[])  # nobody signed in is not everybody without account
        return self.filter(own | Q(unit__in=units_in_reach(person, May.HELP)))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def late(self, today: date) -> Self:
        """Open, and past the day it was to be solved."""
        return self.open().filter(due_on__lt=today)


class ResidentRequest(Entity):
    """Yêu cầu của người dân: asked of a commune on the page, or written down by who met the resident.

    `asker` is empty for somebody without an account: then name and phone (sealed) stand here. States move by
    `rules_requests.MOVES`, each move is a `RequestMove`.
    """

    word = "resident-request"

    State: ClassVar = RequestState

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="resident_requests")
    topic = models.CharField(max_length=10, choices=Topic.choices)
    text = models.TextField(max_length=2000)
    channel = models.CharField(max_length=6, choices=Channel.choices, default=Channel.PAGE)
    asker = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="asked_requests")
    may_call = models.BooleanField(default=False, help_text="the asker lets helpers see their own phone number")
    tell = models.BooleanField(default=True, help_text="the asker wants a message when somebody answers")
    contact_name = models.CharField(max_length=120, blank=True)
    contact_sealed = models.CharField(max_length=200, blank=True)
    reference = models.CharField(
        max_length=64, blank=True, help_text="of the system that sent it: told twice, kept once"
    )
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.ASKED)
    due_on = models.DateField(null=True, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True, help_text="when somebody has answered; only of frauds")
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="taken_requests")
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_note = models.CharField(max_length=1000, blank=True)

    objects = ResidentRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            # Serves the desk of a unit: what is open, by due day.
            models.Index(fields=["unit", "due_on"], condition=Q(state__in=OPEN), name="request_desk"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recorded_by", "reference"], condition=~Q(reference=""), name="request_of_a_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5), name="request_rating_of_five"
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.TAKEN) | Q(taken_by__isnull=False), name="taken_request_has_a_taker"
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.RATED, rating__isnull=False)
                | (~Q(state=RequestState.RATED) & Q(rating=None)),
                name="rated_request_has_a_rating",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Yêu cầu: %(topic)s") % {"topic": self.get_topic_display()})

    def is_late(self, today: date) -> bool:
        """Whether it is open past its day."""
        return self.state in OPEN and self.due_on is not None and self.due_on < today


class RequestMove(Entity):
    """One move of a request: to which state, by whom (nobody: the assistant), when. Append only; counted by figures."""

    word = "request-move"

    request = models.ForeignKey(ResidentRequest, models.CASCADE, related_name="moves")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text="whose request it was then")
    to = models.CharField(max_length=10, choices=RequestState.choices)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)
    late_days = models.PositiveIntegerField(null=True, blank=True, help_text="when solved; empty: nothing was due")
    first = models.BooleanField(default=False, help_text="the first move to this state: figures count it")
    rating = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "to"], condition=Q(first=True), name="one_first_move_to_a_state")
        ]


class RequestReply(Entity):
    """Something said under a request, by the resident, a helper, or (nobody) the assistant with lessons it found."""

    word = "request-reply"

    request = models.ForeignKey(ResidentRequest, models.CASCADE, related_name="replies")
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=2000, blank=True)
    lessons = models.JSONField(default=list, help_text="addresses of lessons that may help")
    told_at = models.DateTimeField(null=True, blank=True, help_text="when a message told the asker of it")

    class Meta:
        ordering = ["created_at"]
