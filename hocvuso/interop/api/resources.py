"""Pledges, needs and allocations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Schema

from hocvuso.resources.models import Allocation, Need, Pledge
from hocvuso.resources.queries import free_today
from hocvuso.resources.rules import AllocationState, Kind, NeedState, PledgeState

from .common import Listing, Page, Scope, account_of, api, filled, paged, paged_together

TAGS = ["resources"]


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
