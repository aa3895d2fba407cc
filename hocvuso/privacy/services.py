"""Verbs of a breach: recorded, described further, told to the authority and to the people, closed; reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.addresses import address_of
from hocvuso.base.batches import Batch, each
from hocvuso.base.errors import NeedsReason, NeedsTitle, NeedsWords, NotAllowed, Refusal
from hocvuso.base.states import check_move
from hocvuso.base.versions import expect
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.rules import GIVES, May
from hocvuso.reminders.services import notices

from .models import Breach, may_protect
from .register import REGISTER
from .rules import BREACH_MOVES, NOTICE_HOURS, BreachState, marks_passed

DESCRIBED = ("title", "known_at", "happened_at", "what", "data", "whose", "people_count", "consequences", "measures")
REMINDERS = Batch("breaches", _("nhắc việc vi phạm dữ liệu cá nhân"))


class NotYet(Refusal):
    """Something is said to have happened later than now, or earlier than it can have."""

    code = "not-yet"
    says = _("Hãy xem lại ngày giờ: không thể sau lúc này, và lúc xảy ra không sau lúc phát hiện.")


class PeopleTold(Refusal):
    """When the people affected were told stands in the record."""

    code = "people-told"
    says = _("Lúc báo cho người bị ảnh hưởng đã được ghi, không ghi lại được.")


@transaction.atomic
def record(*, by: Person, at: datetime | None = None, **said: Any) -> Breach:
    """Record a breach as it is known now; the rest is added by `describe`. Raises NotAllowed, NeedsTitle, NotYet."""
    if not may_protect(by):
        raise NotAllowed
    made = Breach(recorded_by=by, changed_by=str(by.pk), changed_at=at or timezone.now())
    _say(made, said, at or timezone.now())
    made.save()
    journal.write("breach.recorded", made, by=by, title=made.title, known_at=made.known_at.isoformat())
    return made


@transaction.atomic
def describe(
    *, breach: Breach, by: Person, version: int | None = None, at: datetime | None = None, **said: Any
) -> Breach:
    """Say more, or correct, while it is not closed. Raises NotAllowed, Stale, IllegalMove, NeedsTitle, NotYet."""
    row = _open(breach, by, version)
    _say(row, said, at or timezone.now())
    row.save()
    journal.write("breach.described", row, by=by, title=row.title, fields=sorted(said))
    return row


@transaction.atomic
def tell_authority(
    *,
    breach: Breach,
    told_at: datetime,
    by: Person,
    why_late: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Breach:
    """Write down that the authority was told, and when; after 72 hours with the reason why so late.

    Raises NotAllowed, Stale, IllegalMove, NeedsWords (nothing is described yet), NeedsReason, NotYet.
    """
    row = _locked(breach, by, version)
    if not (row.what and row.measures):
        raise NeedsWords(field="what" if not row.what else "measures")
    if not row.known_at <= told_at <= (at or timezone.now()):
        raise NotYet(field="told_at")
    if told_at > row.due_at and not why_late.strip():
        raise NeedsReason(field="why_late")
    row.told_at, row.told_by, row.why_late = told_at, by, why_late.strip()[:1000]
    return _move(row, BreachState.TOLD, by=by, told_at=told_at.isoformat(), late=told_at > row.due_at)


@transaction.atomic
def not_owed(*, breach: Breach, reason: str, by: Person, version: int | None = None) -> Breach:
    """Say, with the reason, that the authority need not be told. Raises NotAllowed, Stale, IllegalMove, NeedsReason."""
    row = _locked(breach, by, version)
    row.why_not_owed = _reason(reason)
    return _move(row, BreachState.NOT_OWED, by=by, reason=row.why_not_owed)


@transaction.atomic
def reopen(*, breach: Breach, by: Person, version: int | None = None) -> Breach:
    """It is to be told after all: the clock still runs from the discovery. Raises NotAllowed, Stale, IllegalMove."""
    return _move(_locked(breach, by, version), BreachState.OPEN, by=by)


@transaction.atomic
def tell_people(
    *, breach: Breach, people_told_at: datetime, by: Person, version: int | None = None, at: datetime | None = None
) -> Breach:
    """Write down, once, when the people affected were told.

    Raises NotAllowed, Stale, IllegalMove, PeopleTold, NotYet.
    """
    row = _open(breach, by, version)
    if row.people_told_at is not None:
        raise PeopleTold
    if not row.known_at <= people_told_at <= (at or timezone.now()):
        raise NotYet(field="people_told_at")
    row.people_told_at = people_told_at
    row.save()
    journal.write("breach.people-told", row, by=by, title=row.title, at=people_told_at.isoformat())
    return row


@transaction.atomic
def close(
    *, breach: Breach, conclusion: str, by: Person, version: int | None = None, at: datetime | None = None
) -> Breach:
    """End it, with what was learned. Raises NotAllowed, Stale, IllegalMove, NeedsReason."""
    row = _locked(breach, by, version)
    row.conclusion, row.closed_at = _reason(conclusion, "conclusion"), at or timezone.now()
    return _move(row, BreachState.CLOSED, by=by)


def responsible(now: datetime) -> list[Person]:
    """Who answers for the personal data of the whole site."""
    fit = [role for role, gives in GIVES.items() if May.PROTECT_DATA in gives]
    grants = RoleGrant.objects.active(now).filter(role__in=fit, unit__parent=None, person__is_active=True)
    return list({grant.person_id: grant.person for grant in grants.select_related("person")}.values())


def remind(now: datetime) -> int:
    """Remind whoever answers for data of each breach that nobody has told yet; once at each mark of REMINDED_AT.

    Returns of how many breaches. For the periodic round.
    """
    people = responsible(now)

    def one(breach: Breach) -> int:
        passed = marks_passed(breach.known_at, now)
        if passed:
            _remind(breach, passed[-1], people, now)
        return bool(passed)

    return each(Breach.objects.untold(), one, batch=REMINDERS)


def _remind(breach: Breach, mark: int, people: list[Person], now: datetime) -> None:
    left = round((breach.due_at - now).total_seconds() / 3600)
    late = mark >= NOTICE_HOURS
    notices.tell(
        about=f"breach:{breach.pk}:{mark}",
        people=people,
        subject=_("Vi phạm dữ liệu cá nhân: đã quá 72 giờ") if late else _("Vi phạm dữ liệu cá nhân: hạn 72 giờ"),
        text=_("“%(title)s” đã quá hạn thông báo cơ quan chuyên trách. Xử lý ngay: %(link)s")
        if late
        else _("“%(title)s” còn khoảng %(left)s giờ để thông báo cơ quan chuyên trách. Xử lý: %(link)s"),
        title=breach.title,
        left=max(left, 0),
        link=settings.BASE_URL + address_of("breach", breach.pk),
    )


def _locked(breach: Breach, by: Person, version: int | None) -> Breach:
    if not may_protect(by):
        raise NotAllowed
    row = Breach.objects.select_for_update().get(pk=breach.pk)
    expect(row, version, by=by)
    return row


def _open(breach: Breach, by: Person, version: int | None) -> Breach:
    row = _locked(breach, by, version)
    if row.state == BreachState.CLOSED:
        check_move(BREACH_MOVES, now=BreachState.CLOSED, to=BreachState.OPEN)
    return row


def _say(row: Breach, said: dict[str, Any], now: datetime) -> None:
    for name in DESCRIBED:
        if name in said:
            setattr(row, name, said[name])
    known = {line.key for line in REGISTER}
    row.data = [key for key in row.data if key in known]
    if not row.title.strip():
        raise NeedsTitle(field="title")
    if row.known_at > now or (row.happened_at and row.happened_at > row.known_at):
        raise NotYet(field="known_at")


def _move(row: Breach, to: BreachState, *, by: Person, **facts: Any) -> Breach:
    check_move(BREACH_MOVES, now=BreachState(row.state), to=to)
    row.state = to
    row.save()
    journal.write(f"breach.{to}", row, by=by, title=row.title, **facts)
    return row


def _reason(text: str, field: str = "reason") -> str:
    if not (said := text.strip()[:4000]):
        raise NeedsReason(field=field)
    return said
