"""Questions about residents' requests: which unit helps where, terms, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from hocvuso.base.secrets import decrypt
from hocvuso.library.models import Lesson
from hocvuso.library.queries import listed_lessons
from hocvuso.people.queries import addresses_of, grants_of, units_in_reach
from hocvuso.people.rules import GIVES, May, Role, masked
from hocvuso.units.models import Place, Unit

from .models import RequestReply, RequestTerm, ResidentRequest
from .rules import RequestState

SEALED = "request-contact"


def unit_helping(place: Place | None) -> Unit | None:
    """The people's committee that takes requests from a commune; None for no commune, or one without a committee."""
    return unit_helping_at(place.pk) if place else None


def unit_helping_at(place: Any) -> Unit | None:
    """The same, by the key of the place. One query."""
    there = Unit.objects.filter(kind=Unit.Kind.COMMUNE_COMMITTEE, place=place, place__kind=Place.Kind.COMMUNE)
    return there.filter(closed_on=None).order_by("path").first() if place else None


@dataclass(frozen=True)
class Promised:
    """What a unit promises residents: days until it is solved, hours until who was defrauded has an answer, a number.

    The telephone is the unit's own; what is not set is that of the nearest unit above. Nothing set: nothing promised.
    """

    days: int | None = None
    answer_hours: int | None = None
    phone: str = ""


def promised_by(unit: Unit) -> Promised:
    """One query."""
    above = RequestTerm.objects.filter(unit__path__in=unit.tree_path.ancestors).order_by("-unit__path")
    rows = list(above.values_list("unit_id", "days", "answer_hours", "phone"))
    return Promised(
        days=next((days for _unit, days, _hours, _phone in rows), None),
        answer_hours=next((hours for _unit, _days, hours, _phone in rows if hours), None),
        phone=next((phone for key, _days, _hours, phone in rows if key == unit.pk), ""),
    )


def term_of(unit: Unit) -> int | None:
    """In how many days the unit promises to solve: its own term, else that of the nearest unit above with one."""
    return promised_by(unit).days


def phone_of(request: ResidentRequest) -> str:
    """The phone at which whoever asked may be called, in clear; empty when they left none or did not say so."""
    if request.contact_sealed:
        return decrypt(request.contact_sealed, purpose=SEALED)
    asker = request.asker if request.may_call else None
    return addresses_of([asker], "phone").get(asker.pk, "") if asker else ""


def phone_shown(request: ResidentRequest, person: Any) -> str:
    """That phone for who deals with the resident; for others masked."""
    phone = phone_of(request)
    return phone if not phone or works_with(person, request) else masked("phone", phone)


def works_with(person: Any, request: ResidentRequest) -> bool:
    """Whether somebody deals with this resident: helps at that very unit (or its committee), took it or wrote it down.

    Who helps only from further above reads what was asked, not who asked it.
    """
    if person.pk in (request.taken_by_id, request.recorded_by_id, request.asker_id):
        return True
    near: set[UUID | None] = {request.unit_id}
    if request.unit.kind == Unit.Kind.DIGITAL_TEAM:
        near.add(request.unit.parent_id)
    return any(grant.unit_id in near and May.HELP in GIVES[Role(grant.role)] for grant in grants_of(person))


def units_to_hand_to(request: ResidentRequest, person: Any) -> QuerySet[Unit]:
    """The committee and its digital teams, within one's reach, besides where it is now."""
    top = request.unit if request.unit.kind == Unit.Kind.COMMUNE_COMMITTEE else request.unit.parent
    kinds = (Unit.Kind.COMMUNE_COMMITTEE, Unit.Kind.DIGITAL_TEAM)
    reach = units_in_reach(person, May.HELP).filter(kind__in=kinds, closed_on=None)
    return reach.under(top or request.unit).exclude(pk=request.unit_id)


@dataclass(frozen=True)
class Said:
    """One reply with the lessons it names that are still published."""

    reply: RequestReply
    lessons: Sequence[Lesson]


def said_under(request: ResidentRequest) -> list[Said]:
    """All that was said, oldest first. Two queries."""
    replies = list(request.replies.select_related("by"))
    named = {address for reply in replies for address in reply.lessons}
    lessons = {lesson.address: lesson for lesson in listed_lessons().filter(_addressed(named))} if named else {}
    return [Said(reply, [lessons[a] for a in reply.lessons if a in lessons]) for reply in replies]


def _addressed(addresses: set[str]) -> Q:
    chosen = Q(pk__in=[])
    for address in addresses:
        programme, _slash, key = address.partition("/")
        chosen |= Q(programme__key=programme, key=key)
    return chosen


def on_the_desk(person: Any) -> QuerySet[ResidentRequest]:
    """Open requests of units at which the person helps: the most pressing first."""
    found = ResidentRequest.objects.open().filter(unit__in=units_in_reach(person, May.HELP))
    return found.select_related("unit").order_by(F("due_on").asc(nulls_last=True), "created_at")


@dataclass(frozen=True)
class Waiting:
    """What waits at a commune and its teams: counts, and the first few."""

    open: int
    unanswered: int
    late: int
    first: Sequence[ResidentRequest]


def waiting_at(unit: Unit, today: date, *, show: int = 10) -> Waiting:
    """Requests open at a unit and beneath. Two queries."""
    found = ResidentRequest.objects.open().filter(unit__path__startswith=unit.path)
    facts = list(found.values_list("state", "due_on"))
    return Waiting(
        open=len(facts),
        unanswered=sum(state != RequestState.TAKEN for state, _due in facts),
        late=sum(due is not None and due < today for _state, due in facts),
        first=list(found.select_related("unit").order_by(F("due_on").asc(nulls_last=True), "created_at")[:show]),
    )
