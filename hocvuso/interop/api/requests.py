"""Residents' requests: read by programs, and written down by those that hear them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from hocvuso.base.errors import NotAllowed
from hocvuso.helpdesk.models import RequestMove, ResidentRequest
from hocvuso.helpdesk.rules import Channel, RequestState, Topic
from hocvuso.helpdesk.services import requests as requests_
from hocvuso.people.queries import tops_of_reach, units_in_reach
from hocvuso.people.rules import May

from .common import Listing, NoSuchUnit, Page, Scope, Text, account_of, api, filled, paged

TAGS = ["requests"]
SOLVED = (RequestState.SOLVED, RequestState.RATED)


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


class RequestIn(Schema):
    unit: Text = Field(description="Code of a commune's people's committee or of a digital team.")
    topic: Topic
    text: Text = Field(max_length=requests_.LONGEST_TEXT, description="What the resident asks.")
    channel: Channel = Channel.PHONE
    name: Text = Field("", max_length=120)
    phone: Text = Field("", max_length=40, description="Kept sealed; shown to helpers of the unit only.")
    reference: Text = Field("", max_length=64, description="Your own id of it: sent twice, it is written down once.")


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
