"""The movement: residents' requests without who asks or what; pledges, needs, allocations; a request written down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Schema, Status

from hocvuso.base.errors import NotAllowed
from hocvuso.helpdesk.models import RequestMove, ResidentRequest
from hocvuso.helpdesk.rules import Channel, RequestState, Topic
from hocvuso.helpdesk.services import requests as requests_
from hocvuso.people.queries import tops_of_reach, units_in_reach
from hocvuso.people.rules import May
from hocvuso.resources.models import Allocation, Need, Pledge
from hocvuso.resources.queries import free_today
from hocvuso.resources.rules import AllocationState, Kind, NeedState, PledgeState

from .common import Listing, NoSuchUnit, Page, Scope, account_of, api, filled, paged, paged_together

TAGS = ["movement"]


class RequestRow(Schema):
    id: UUID
    unit: str
    topic: Topic
    channel: Channel
    state: RequestState
    asked_at: datetime
    due_on: date | None
    solved_at: datetime | None
    late_days: int | None
    rating: int | None


@api.get("/requests", response=Page[RequestRow], summary="Residents' requests", tags=TAGS)
def resident_requests(
    request: HttpRequest, asked: Query[Listing], state: RequestState | None = None, topic: Topic | None = None
) -> Page[RequestRow]:
    """Requests at units where the account helps, the latest first; never who asked, nor what. `late_days`: of those
    solved, null where nothing was due.
    """
    account = account_of(request, Scope.MOVEMENT_READ)
    found = asked.made_since(asked.of_unit(ResidentRequest.objects.visible_to(account)))
    if state:
        found = found.filter(state=state)
    if topic:
        found = found.filter(topic=topic)
    solved = RequestMove.objects.filter(request=OuterRef("pk"), to=RequestState.SOLVED).order_by("-at", "-pk")
    rows = found.annotate(
        solved_at=Subquery(solved.values("at")[:1]), late_days=Subquery(solved.values("late_days")[:1])
    )
    return paged(rows.select_related("unit").order_by("-pk"), asked.page, _request_row)


def _request_row(found: Any) -> RequestRow:
    open_again = {} if found.state in SOLVED else {"solved_at": None, "late_days": None}
    return filled(RequestRow, found, unit=found.unit.code, asked_at=found.created_at, **open_again)


SOLVED = (RequestState.SOLVED, RequestState.RATED)


class RequestIn(Schema):
    unit: str = Field(description="Code of a commune's people's committee or of a digital team.")
    topic: Topic
    text: str = Field(max_length=requests_.LONGEST_TEXT, description="What the resident asks.")
    channel: Channel = Channel.PHONE
    name: str = Field("", max_length=120)
    phone: str = Field("", max_length=40, description="Kept sealed; shown to helpers of the unit only.")
    reference: str = Field("", max_length=64, description="Your own id of it: sent twice, it is written down once.")


class RequestOut(Schema):
    id: UUID
    state: RequestState
    due_on: date | None


@api.post("/requests", response={201: RequestOut}, summary="Write down what a resident asks", tags=TAGS)
def write_down(request: HttpRequest, said: RequestIn) -> Status:
    """For a hot line: the request waits at the commune as if a helper there had written it down."""
    account = account_of(request, Scope.REQUESTS_WRITE)
    if not tops_of_reach(account, May.HELP):
        raise NotAllowed
    unit = units_in_reach(account, May.HELP).filter(code=said.unit).first()
    if unit is None:
        raise NoSuchUnit(field="unit")
    made = requests_.write_down(
        unit=unit,
        topic=said.topic,
        text=said.text,
        channel=said.channel,
        caller=requests_.Caller(said.name, said.phone),
        reference=said.reference,
        by=account,
    )
    return Status(201, filled(RequestOut, made))


class PledgeRow(Schema):
    id: UUID
    unit: str
    kind: Kind
    title: str
    quantity: int
    free: int
    place: str
    starts_on: date
    ends_on: date | None
    state: PledgeState


@api.get("/pledges", response=Page[PledgeRow], summary="Pledges", tags=TAGS)
def pledges(
    request: HttpRequest, asked: Query[Listing], state: PledgeState | None = None, kind: Kind | None = None
) -> Page[PledgeRow]:
    """Pledges of units in reach, those given to them, and all that are available; the latest first. `free`: what is
    left of it today, or on its first day.
    """
    found = Pledge.objects.visible_to(account_of(request, Scope.MOVEMENT_READ))
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    rows = asked.made_since(asked.of_unit(found)).select_related("unit").order_by("-pk")
    return paged_together(rows, asked.page, _pledge_rows)


def _pledge_rows(found: Sequence[Pledge]) -> list[PledgeRow]:
    free = free_today(found, timezone.localdate())
    return [filled(PledgeRow, p, unit=p.unit.code, place=p.place_id, free=free[p.pk]) for p in found]


class NeedRow(Schema):
    id: UUID
    unit: str
    kind: Kind
    title: str
    quantity: int
    given: int
    missing: int
    place: str
    starts_on: date
    ends_on: date | None
    state: NeedState


@api.get("/needs", response=Page[NeedRow], summary="Needs", tags=TAGS)
def needs(
    request: HttpRequest, asked: Query[Listing], state: NeedState | None = None, kind: Kind | None = None
) -> Page[NeedRow]:
    """Needs of units in reach, those that got something from them, and all that are open; the latest first."""
    found = Need.objects.visible_to(account_of(request, Scope.MOVEMENT_READ))
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    rows = asked.made_since(asked.of_unit(found)).select_related("unit").order_by("-pk")
    return paged(rows, asked.page, lambda need: filled(NeedRow, need, unit=need.unit.code, place=need.place_id))


class AllocationRow(Schema):
    id: UUID
    pledge: UUID
    need: UUID
    giver: str
    receiver: str
    kind: Kind
    quantity: int
    starts_on: date
    ends_on: date
    state: AllocationState
    returned_on: date | None
    overdue: bool


@api.get("/allocations", response=Page[AllocationRow], summary="Allocations", tags=TAGS)
def allocations(
    request: HttpRequest, asked: Query[Listing], state: AllocationState | None = None
) -> Page[AllocationRow]:
    """What was given of pledges to needs of units in reach, the latest first; `unit` is the one that receives."""
    found = Allocation.objects.visible_to(account_of(request, Scope.MOVEMENT_READ))
    if state:
        found = found.filter(state=state)
    found = asked.made_since(asked.of_unit(found, "need__unit"))
    return paged(found.select_related("pledge__unit", "need__unit").order_by("-pk"), asked.page, _allocation_row)


def _allocation_row(allocation: Allocation) -> AllocationRow:
    return filled(
        AllocationRow,
        allocation,
        pledge=allocation.pledge_id,
        need=allocation.need_id,
        giver=allocation.pledge.unit.code,
        receiver=allocation.need.unit.code,
        kind=allocation.pledge.kind,
        overdue=allocation.is_overdue(timezone.localdate()),
    )
