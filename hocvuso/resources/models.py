"""What institutions give and need: pledges, needs, the parts of pledges given to needs, and how each moved."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q, Sum

from hocvuso.base.fields import FoldedField
from hocvuso.base.models import Entity, Versioned
from hocvuso.people.models import Person
from hocvuso.people.queries import tops_of_reach, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Place, Unit

from .rules import COUNTED_IN, LIVE, AllocationState, Kind, NeedState, PledgeState, Taken, taken_until


class Resource(Entity, Versioned):
    """What a pledge and a need have in common: so much of a kind, at a place, from a day to a day (or open-ended)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="%(class)ss")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    title = models.CharField(max_length=200)
    details = models.TextField(max_length=2000, blank=True)
    search = FoldedField("title", "details")
    quantity = models.PositiveIntegerField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="empty: open-ended")

    class Meta:
        abstract = True
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="%(class)s_of_something"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="%(class)s_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def span(self) -> tuple[date, date | None]:
        return self.starts_on, self.ends_on

    @property
    def counted_in(self) -> Any:
        return COUNTED_IN[self.kind]


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def visible_to(self, person: Any) -> Self:
        """Those of one's reach, those given to needs of one's reach, and for whoever may give: what is available."""
        reach = units_in_reach(person, May.PLEDGE)
        given = Allocation.objects.filter(need__unit__in=reach).values("pledge")
        offered = Q(state=PledgeState.AVAILABLE) if tops_of_reach(person, May.PLEDGE) else Q(pk__in=[])
        return self.filter(Q(unit__in=reach) | Q(pk__in=given) | offered)

    def available(self) -> Self:
        return self.filter(state=PledgeState.AVAILABLE)


class Pledge(Resource):
    """Đóng góp: what a unit gives for a time. States move by `rules_pledges.PLEDGE_MOVES`, each is a `PledgeMove`.

    Part of it may be given to one need and part to another, so what is allocated, in use and returned are states of
    `Allocation`, not of the pledge.
    """

    word = "pledge"

    State: ClassVar = PledgeState

    state = models.CharField(max_length=9, choices=PledgeState.choices, default=PledgeState.OFFERED)
    offered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    verified_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    refusal = models.CharField(max_length=1000, blank=True, help_text="why it could not be verified")

    objects = PledgeQuerySet.as_manager()

    class Meta(Resource.Meta):
        indexes = [
            # Serves what is offered to a need: available, of its kind.
            models.Index(fields=["kind"], condition=Q(state=PledgeState.AVAILABLE), name="pledge_available")
        ]
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(
                condition=Q(verified_by=None) | ~Q(verified_by=F("offered_by")), name="pledge_by_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PledgeState.VERIFIED, PledgeState.AVAILABLE]) | Q(verified_by__isnull=False),
                name="verified_pledge_has_a_verifier",
            ),
            models.CheckConstraint(
                condition=~Q(state=PledgeState.REFUSED) | ~Q(refusal=""), name="refused_pledge_says_why"
            ),
        ]


class NeedQuerySet(models.QuerySet["Need"]):
    def visible_to(self, person: Any) -> Self:
        """Those of one's reach, those that got something from one's reach, and for whoever may give: what is open."""
        reach = units_in_reach(person, May.PLEDGE)
        helped = Allocation.objects.filter(pledge__unit__in=reach).values("need")
        asked = Q(state=NeedState.OPEN) if tops_of_reach(person, May.PLEDGE) else Q(pk__in=[])
        return self.filter(Q(unit__in=reach) | Q(pk__in=helped) | asked)

    def open(self) -> Self:
        return self.filter(state=NeedState.OPEN)


class Need(Resource):
    """Nhu cầu: what a unit lacks for a time. `given` is the sum of its allocations that were not cancelled."""

    word = "need"

    State: ClassVar = NeedState

    state = models.CharField(max_length=9, choices=NeedState.choices, default=NeedState.OPEN)
    given = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = NeedQuerySet.as_manager()

    class Meta(Resource.Meta):
        indexes = [models.Index(fields=["kind"], condition=Q(state=NeedState.OPEN), name="need_open")]
        constraints = [
            *Resource.Meta.constraints,
            models.CheckConstraint(condition=Q(given__lte=F("quantity")), name="need_given_no_more_than_asked"),
            models.CheckConstraint(
                condition=~Q(state=NeedState.MET) | Q(given=F("quantity")), name="met_need_has_all_it_asked"
            ),
        ]

    @property
    def missing(self) -> int:
        return self.quantity - self.given


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, person: Any) -> Self:
        """Those of pledges or needs of one's reach."""
        reach = units_in_reach(person, May.PLEDGE)
        return self.filter(Q(pledge__unit__in=reach) | Q(need__unit__in=reach))

    def live(self) -> Self:
        """Promised or in use."""
        return self.filter(state__in=LIVE)

    def counting(self) -> Self:
        """All that were not cancelled."""
        return self.exclude(state=AllocationState.CANCELLED)

    def total(self) -> int:
        return self.aggregate(sum=Sum("quantity"))["sum"] or 0


class Allocation(Entity):
    """Phân bổ: so much of a pledge for a need, from a day to a day. The verbs see that no day is given twice."""

    word = "allocation"

    State: ClassVar = AllocationState

    pledge = models.ForeignKey(Pledge, models.PROTECT, related_name="allocations")
    need = models.ForeignKey(Need, models.PROTECT, related_name="allocations")
    quantity = models.PositiveIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=9, choices=AllocationState.choices, default=AllocationState.ALLOCATED)
    returned_on = models.DateField(null=True, blank=True)
    allocated_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="allocation_of_something"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="allocation_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(state=AllocationState.RETURNED, returned_on__gte=F("starts_on"))
                | (~Q(state=AllocationState.RETURNED) & Q(returned_on=None)),
                name="returned_allocation_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge} → {self.need}"

    @property
    def unit(self) -> Unit:
        """Who receives: figures count an allocation there."""
        return self.need.unit

    @property
    def place(self) -> Place:
        return self.need.place

    def taken(self, today: date) -> Taken:
        """What it keeps from others."""
        until = taken_until(self.state, self.ends_on, self.returned_on, today)
        return Taken(self.quantity, self.starts_on, until)

    def is_overdue(self, today: date) -> bool:
        """Whether it is in use past its last day."""
        return self.state == AllocationState.IN_USE and self.ends_on < today


class Move(Entity):
    """One move: to which state, by whom, when, of which unit and place it was then. Append only; figures count it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    to = models.CharField(max_length=9)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    first = models.BooleanField(default=False, help_text="the first move to this state: figures count it")

    class Meta:
        abstract = True
        ordering = ["at", "id"]


class PledgeMove(Move):
    """A move of a pledge. Offering it and changing what is offered both move to `offered`: they tell who wrote it."""

    word = "pledge-move"

    of = models.ForeignKey(Pledge, models.CASCADE, related_name="moves")

    class Meta(Move.Meta):
        constraints = [
            models.UniqueConstraint(fields=["of", "to"], condition=Q(first=True), name="pledge_first_move_to_a_state")
        ]


class NeedMove(Move):
    """A move of a need."""

    word = "need-move"

    of = models.ForeignKey(Need, models.CASCADE, related_name="moves")

    class Meta(Move.Meta):
        constraints = [
            models.UniqueConstraint(fields=["of", "to"], condition=Q(first=True), name="need_first_move_to_a_state")
        ]


class AllocationMove(Move):
    """A move of an allocation; unit and place are those of the need."""

    word = "allocation-move"

    of = models.ForeignKey(Allocation, models.CASCADE, related_name="moves")

    class Meta(Move.Meta):
        constraints = [
            models.UniqueConstraint(fields=["of", "to"], condition=Q(first=True), name="allocation_first_move_to_state")
        ]
