"""Verbs on residents' requests: ask, write down, suggest, take, hand over, say, solve, ask again, rate, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hocvuso.base import journal, throttle
from hocvuso.base.errors import NeedsWords, NotAllowed
from hocvuso.base.events import emit
from hocvuso.base.secrets import decrypt, encrypt
from hocvuso.base.states import check_move
from hocvuso.library.searching import suggest
from hocvuso.people.models import Person
from hocvuso.people.queries import may, records_need
from hocvuso.people.rules import May, normal_phone
from hocvuso.units.models import Unit

from ..events import RequestMoved
from ..models import RequestMove, RequestReply, ResidentRequest
from ..queries import SEALED, promised_by
from ..rules import (
    MOVES,
    OPEN,
    RATINGS,
    Channel,
    RequestState,
    Topic,
    answer_by,
    due_on,
    late_days,
)
from ..rules_masking import covered
from .refusals import (
    BadPhone,
    BadRating,
    NeedsGuardian,
    NoCommune,
    NotADueDay,
    SameReference,
    UnknownTopic,
)
from .telling import queue_reply

MOST_A_DAY = 10
MOST_WORDS_AN_HOUR = 60
MOST_LESSONS = 3
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Caller:
    """Who asks without an account, as told to whoever writes it down; both may be empty."""

    name: str = ""
    phone: str = ""


@transaction.atomic
def ask(
    *,
    unit: Unit,
    topic: str,
    text: str,
    by: Person,
    may_call: bool = False,
    tell: bool = True,
    at: datetime | None = None,
) -> ResidentRequest:
    """A resident asks on the page; the assistant looks at once for lessons that may help. Raises TooMany.

    `may_call`: helpers may see the resident's phone number. `tell`: a message goes out when somebody answers.
    """
    if records_need(by) == "guardian":
        raise NeedsGuardian
    fields = _checked(unit, topic, text)
    throttle.count("resident-request", str(by.pk), limit=MOST_A_DAY, minutes=24 * 60)
    made = ResidentRequest(asker=by, channel=Channel.PAGE, may_call=may_call, tell=tell, **fields)
    return _open(made, by=by, at=at or timezone.now())


@transaction.atomic
def write_down(
    *,
    unit: Unit,
    topic: str,
    text: str,
    channel: str,
    caller: Caller,
    by: Person,
    reference: str = "",
    at: datetime | None = None,
) -> ResidentRequest:
    """A helper writes down what somebody without an account asks; the same `reference` again gives the same request.

    Raises BadPhone, SameReference when it was sent with other content.
    """
    if not may(by, May.HELP, unit):
        raise NotAllowed
    name, phone = caller.name.strip()[:120], _phone(caller.phone)
    if reference and (before := _told_before(by, reference)) is not None:
        if _content(before) != (unit.pk, topic, _kept(text), name, phone):
            raise SameReference(field="reference")
        return before
    made = ResidentRequest(
        recorded_by=by,
        reference=reference,
        channel=channel if channel in Channel.values else Channel.DESK,
        contact_name=name,
        contact_sealed=encrypt(phone, purpose=SEALED) if phone else "",
        **_checked(unit, topic, text),
    )
    return _open(made, by=by, at=at or timezone.now())


def _content(request: ResidentRequest) -> tuple[Any, ...]:
    """To which unit it was said (it may have been handed over since), what, by whom."""
    unit = request.moves.order_by("at", "id").values_list("unit", flat=True).first()
    phone = decrypt(request.contact_sealed, purpose=SEALED) if request.contact_sealed else ""
    return unit, request.topic, request.text, request.contact_name, phone


def _phone(text: str) -> str:
    try:
        return normal_phone(text) if text.strip() else ""
    except ValueError:
        raise BadPhone(field="phone", value=text[:40]) from None


def _told_before(by: Person, reference: str) -> ResidentRequest | None:
    """What the same system sent under this reference. Its row is held, so that of two at once one waits here."""
    Person.objects.select_for_update().get(pk=by.pk)
    return ResidentRequest.objects.filter(recorded_by=by, reference=reference).first()


def _check_commune(unit: Unit, field: str) -> None:
    if unit.kind not in (Unit.Kind.COMMUNE_COMMITTEE, Unit.Kind.DIGITAL_TEAM) or unit.closed_on:
        raise NoCommune(field=field)


def _checked(unit: Unit, topic: str, text: str) -> dict[str, Any]:
    _check_commune(unit, "unit")
    if topic not in Topic.values:
        raise UnknownTopic(field="topic")
    return {"unit": unit, "topic": topic, "text": _words(text, "text")}


def _words(text: str, field: str) -> str:
    if not text.strip():
        raise NeedsWords(field=field)
    return _kept(text)


def _kept(text: str) -> str:
    """What is stored of what a resident wrote: never the number of a card or a code."""
    return covered(text.strip())[:LONGEST_TEXT]


def _open(request: ResidentRequest, *, by: Person, at: datetime) -> ResidentRequest:
    promised = promised_by(request.unit)
    request.due_on = due_on(timezone.localdate(at), promised.days)
    request.answer_by = answer_by(timezone.localtime(at), request.topic, promised.answer_hours)
    request.save()
    _note_move(request, by=by, at=at)
    journal.write("request.asked", request, by=by, unit=request.unit.code, topic=request.topic)
    _suggest(request, at=at)
    return request


def _suggest(request: ResidentRequest, *, at: datetime) -> None:
    """The assistant's answer: lessons found for the words of the request; nothing found, nothing said."""
    lessons = [lesson.address for lesson in suggest(request.text, limit=MOST_LESSONS)]
    if lessons:
        RequestReply.objects.create(request=request, lessons=lessons)
        _move(request, to=RequestState.ANSWERED, by=None, at=at)


@transaction.atomic
def take(*, request: ResidentRequest, by: Person, day: date | None = None, at: datetime | None = None) -> None:
    """A helper takes it, and may promise an earlier or a first day. Raises NotADueDay."""
    at = at or timezone.now()
    held = _for_helper(request, by)
    if day is not None:
        if day < timezone.localdate(at):
            raise NotADueDay(field="day")
        held.due_on = min(day, held.due_on) if held.due_on else day
    held.taken_by = by
    _move(held, to=RequestState.TAKEN, by=by, at=at)


@transaction.atomic
def hand_over(*, request: ResidentRequest, to: Unit, by: Person, at: datetime | None = None) -> None:
    """Pass it on within one's reach, to a digital team or back to the same unit; it waits there to be taken."""
    held = _for_helper(request, by)
    _check_commune(to, "to")
    if not may(by, May.HELP, to):
        raise NotAllowed
    before, held.unit = held.unit, to
    journal.write("request.handed-over", held, by=by, before=before.code, after=to.code)
    if held.state == RequestState.TAKEN:
        held.taken_by = None
        _move(held, to=RequestState.ASKED, by=by, at=at or timezone.now())
    else:
        held.save()


@transaction.atomic
def say(*, request: ResidentRequest, text: str, by: Person) -> RequestReply:
    """A word under an open request, by who asked or by a helper. Raises TooMany."""
    held = _locked(request)
    if held.asker_id != by.pk and not may(by, May.HELP, held.unit):
        raise NotAllowed
    _need_open(held)
    throttle.count("request-said", str(by.pk), limit=MOST_WORDS_AN_HOUR, minutes=60)
    reply = _reply(held, text, by)
    journal.write("request.said", held, by=by)
    return reply


@transaction.atomic
def solve(*, request: ResidentRequest, by: Person, text: str = "", at: datetime | None = None) -> None:
    """Solved, say a helper (with words on how) or the resident alone."""
    held = _locked(request)
    if held.asker_id != by.pk:
        _need_helper(held, by)
        _reply(held, text, by)
    _move(held, to=RequestState.SOLVED, by=by, at=at or timezone.now())


@transaction.atomic
def ask_again(*, request: ResidentRequest, why: str, by: Person, at: datetime | None = None) -> None:
    """The resident says that it is not solved: it waits again, and its due day stays as it was."""
    held = _for_asker(request, by)
    check_move({RequestState.SOLVED: {RequestState.ASKED}}, now=RequestState(held.state), to=RequestState.ASKED)
    _reply(held, why, by)
    held.taken_by = None
    _move(held, to=RequestState.ASKED, by=by, at=at or timezone.now())


@transaction.atomic
def rate(
    *, request: ResidentRequest, rating: int | None, by: Person, note: str = "", at: datetime | None = None
) -> None:
    """The resident's judgement of how it was solved, 1 to 5. Raises BadRating."""
    held = _for_asker(request, by)
    if rating not in RATINGS:
        raise BadRating(field="rating")
    held.rating, held.rating_note = rating, covered(note.strip())[:1000]
    _move(held, to=RequestState.RATED, by=by, at=at or timezone.now())


@transaction.atomic
def withdraw(*, request: ResidentRequest, by: Person, at: datetime | None = None) -> None:
    """Who asked takes it back; or who wrote it down, while helping there."""
    held = _locked(request)
    if held.asker_id != by.pk and not (held.recorded_by_id == by.pk and may(by, May.HELP, held.unit)):
        raise NotAllowed
    _move(held, to=RequestState.WITHDRAWN, by=by, at=at or timezone.now())


@transaction.atomic
def erase(*, person_id: UUID) -> None:
    """Somebody's account was erased: what they wrote goes; that a request was made, and when, stays countable."""
    theirs = ResidentRequest.objects.filter(asker=person_id)
    theirs.update(text="", rating_note="", may_call=False)
    RequestReply.objects.filter(by=person_id, request__in=theirs).update(text="")
    for request in theirs.filter(state__in=OPEN):
        _move(request, to=RequestState.WITHDRAWN, by=None, at=timezone.now())


def _reply(held: ResidentRequest, text: str, by: Person) -> RequestReply:
    words = _words(text, "text")
    if held.asker_id != by.pk:
        words = text.strip()[:LONGEST_TEXT]  # a helper knows what they write, such as the number of a file
    made = RequestReply.objects.create(request=held, by=by, text=words)
    queue_reply(made)
    return made


def _locked(request: ResidentRequest) -> ResidentRequest:
    return ResidentRequest.objects.select_for_update(of=("self",)).select_related("unit").get(pk=request.pk)


def _need_helper(request: ResidentRequest, by: Person) -> None:
    if not may(by, May.HELP, request.unit):
        raise NotAllowed


def _need_open(request: ResidentRequest) -> None:
    check_move({state: {RequestState.TAKEN} for state in OPEN}, now=RequestState(request.state), to=RequestState.TAKEN)


def _for_helper(request: ResidentRequest, by: Person) -> ResidentRequest:
    held = _locked(request)
    _need_helper(held, by)
    _need_open(held)
    return held


def _for_asker(request: ResidentRequest, by: Person) -> ResidentRequest:
    held = _locked(request)
    if held.asker_id != by.pk:
        raise NotAllowed
    return held


def _move(request: ResidentRequest, *, to: RequestState, by: Person | None, at: datetime) -> None:
    check_move(MOVES, now=RequestState(request.state), to=to)
    before, request.state = request.state, to
    request.save()
    _note_move(request, by=by, at=at)
    journal.write("request.moved", request, by=by, before=before, after=to)


def _note_move(request: ResidentRequest, *, by: Person | None, at: datetime) -> None:
    solved = request.state == RequestState.SOLVED
    RequestMove.objects.create(
        request=request,
        unit=request.unit,
        to=request.state,
        by=by,
        at=at,
        first=not request.moves.filter(to=request.state).exists(),
        late_days=late_days(request.due_on, timezone.localdate(at)) if solved else None,
        rating=request.rating,
    )
    emit(RequestMoved(request_id=str(request.pk), state=request.state, at=at.isoformat()))
