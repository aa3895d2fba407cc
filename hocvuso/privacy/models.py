"""Breaches of personal data: what happened, to whose data, what was done, who was told when."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from hocvuso.base.models import Entity, Versioned
from hocvuso.people.models import Person
from hocvuso.people.queries import may_at_the_top
from hocvuso.people.rules import May

from .rules import BreachState, notice_due


def may_protect(person: Any) -> bool:
    """Whether somebody answers for the personal data of the whole site: has the permission at the top of the tree."""
    return may_at_the_top(person, May.PROTECT_DATA)


class BreachQuerySet(models.QuerySet["Breach"]):
    def visible_to(self, person: Any) -> Self:
        """For those who answer for personal data of the whole site."""
        return self if may_protect(person) else self.none()

    def untold(self) -> Self:
        """The authority is not told yet, and nobody said that it need not be."""
        return self.filter(state=BreachState.OPEN)


class Breach(Entity, Versioned):
    """A breach, from the moment it was known: the clock of 72 hours runs from `known_at`.

    `data` are keys of the register of processing.
    """

    word = "breach"

    State: ClassVar = BreachState

    title = models.CharField(max_length=200)
    known_at = models.DateTimeField()
    happened_at = models.DateTimeField(null=True, blank=True)
    what = models.TextField(max_length=4000)
    data = models.JSONField(default=list)
    whose = models.CharField(max_length=500, blank=True)
    people_count = models.PositiveIntegerField(null=True, blank=True)
    consequences = models.TextField(max_length=4000, blank=True)
    measures = models.TextField(max_length=4000, blank=True)
    state = models.CharField(max_length=10, choices=BreachState.choices, default=BreachState.OPEN)
    why_not_owed = models.CharField(max_length=1000, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    why_late = models.CharField(max_length=1000, blank=True)
    people_told_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.TextField(max_length=4000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = BreachQuerySet.as_manager()

    class Meta:
        ordering = ["-known_at"]
        verbose_name_plural = "breaches"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=BreachState.TOLD) | Q(told_at__isnull=False), name="told_breach_has_its_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state=BreachState.NOT_OWED) | ~Q(why_not_owed=""), name="breach_not_owed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def due_at(self) -> datetime:
        """Until when the authority is to be told."""
        return notice_due(self.known_at)
