"""Reminders set up and done by hand: rules, preferences, urging now, reading."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal, outbox
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.models import OutboxMessage
from hocvuso.base.versions import expect
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from .. import sources
from ..models import Reminder, ReminderMessage, ReminderPreference, ReminderRule
from ..queries import Owed, holders
from ..rules import Channel, Recipients, reached
from ..rules import Rule as PureRule

R = Recipients
MAX_OFFSET = 365
# key, offset in days, recipients: reminders before, a call after, then upward
DEFAULT_RULES: list[tuple[str, int, list[str]]] = [
    ("before-7", -7, [R.OFFICERS]),
    ("before-1", -1, [R.OFFICERS, R.IN_CHARGE]),
    ("after-1", 1, [R.OFFICERS, R.LEADERS, R.IN_CHARGE]),
    ("after-7", 7, [R.LEADERS, R.ABOVE]),
    ("after-15", 15, [R.LEADERS, R.ABOVE, R.TOP]),
]


class BadRule(Refusal):
    """Something in a rule cannot be; the field says what."""

    code = "bad-rule"

    def __init__(self, field: str, says: Any) -> None:
        super().__init__(field=field)
        self.says = says


class NeedsHandle(Refusal):
    """Chat was chosen without saying under which name."""

    code = "needs-handle"
    says = _("Hãy ghi số hoặc tên tài khoản nhắn tin của bạn.")


@dataclass(frozen=True)
class Told:
    """What urging by hand did: subjects about which somebody was told, told already today, with nobody to tell."""

    told: int = 0
    already: int = 0
    nobody: int = 0


@transaction.atomic
def load_default_rules() -> int:
    """The built-in rules at the top of every tree; those there already stay as they are. Returns how many are new."""
    made = 0
    for unit in Unit.objects.filter(parent=None, kind=Unit.Kind.MINISTRY):
        for key, offset, recipients in DEFAULT_RULES:
            terms = {"offset": offset, "recipients": [str(r) for r in recipients], "kinds": sources.kinds()}
            made += ReminderRule.objects.get_or_create(unit=unit, key=key, defaults=terms)[1]
    return made


@transaction.atomic
def set_rule(
    *,
    unit: Unit,
    kinds: Sequence[str],
    offset: int,
    recipients: Sequence[str],
    by: Person,
    weekends: bool = False,
    active: bool = True,
    rule: ReminderRule | None = None,
    version: int | None = None,
) -> ReminderRule:
    """Set a rule for a unit and all beneath, or change one seen at `version`. Raises NotAllowed, BadRule, Stale."""
    if not may(by, May.URGE, rule.unit if rule else unit):
        raise NotAllowed
    if rule:
        rule = ReminderRule.objects.select_for_update().get(pk=rule.pk)
        expect(rule, version, by=by)
    if not kinds or not set(kinds) <= set(sources.kinds()):
        raise BadRule("kinds", _("Hãy chọn ít nhất một loại việc."))
    if not recipients or not set(recipients) <= set(Recipients.values):
        raise BadRule("recipients", _("Hãy chọn ít nhất một người nhận."))
    if abs(offset) > MAX_OFFSET:
        raise BadRule("offset", _("Số ngày từ 0 đến 365."))
    made = rule or ReminderRule(unit=unit)
    made.kinds, made.offset, made.recipients = list(kinds), offset, list(recipients)
    made.weekends, made.active = weekends, active
    made.save()
    journal.write(
        "urge-rule.changed" if rule else "urge-rule.set", made, by=by, offset=offset, recipients=list(recipients),
        active=active,
    )  # fmt: skip
    return made


@transaction.atomic
def prefer(
    *, person: Person, channels: Sequence[str], quiet_from: time, quiet_to: time, chat_handle: str = ""
) -> ReminderPreference:
    """How one wishes to be reached, and when not. Raises NeedsHandle."""
    chosen = [channel for channel in Channel.values if channel in channels]
    if Channel.CHAT in chosen and not chat_handle.strip():
        raise NeedsHandle(field="chat_handle")
    wish = {
        "channels": chosen, "quiet_from": quiet_from, "quiet_to": quiet_to, "chat_handle": chat_handle.strip()[:100],
    }  # fmt: skip
    return ReminderPreference.objects.update_or_create(person=person, defaults=wish)[0]


@transaction.atomic
def urge(*, subjects: Collection[Owed], by: Person, note: str = "", at: datetime | None = None) -> Told:
    """Urge by hand: officers, leaders and the leader in charge of whoever owes; nobody twice of one thing on one day.

    Raises NotAllowed when one of the units is out of reach.
    """
    at = at or timezone.now()
    units = Unit.objects.in_bulk({subject.unit_id for subject in subjects})
    if not all(may(by, May.URGE, unit) for unit in units.values()):
        raise NotAllowed
    key = f"{Reminder.BY_HAND}{timezone.localdate(at)}"
    known = set(
        Reminder.objects.filter(rule_key=key, subject_id__in=[s.id for s in subjects]).values_list(
            "subject_id", flat=True
        )
    )
    rows, nobody, find = [], 0, holders(at)
    recipients = (str(R.OFFICERS), str(R.LEADERS), str(R.IN_CHARGE))
    rule = PureRule(key, "", frozenset(sources.kinds()), 0, recipients, weekends=True)
    for subject in subjects:
        people = [p for p in reached(rule, subject.subject, find) if p != str(by.pk)]
        nobody += not people
        rows += [told_of(subject, person=UUID(p), key=key, at=at, by=by, note=note) for p in people]
    Reminder.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    told = {row.subject_id for row in rows} - known
    if told:
        journal.write("urged", Reminder, by=by, subjects=sorted(str(pk) for pk in told), note=note[:1000])
    return Told(told=len(told), already=len({row.subject_id for row in rows} & known), nobody=nobody)


def told_of(
    subject: Owed,
    *,
    person: UUID,
    key: str,
    at: datetime,
    rule: ReminderRule | None = None,
    by: Person | None = None,
    note: str = "",
) -> Reminder:
    """An unsaved row: this person told of this subject."""
    return Reminder(
        person_id=person,
        kind=subject.kind,
        subject_id=subject.id,
        unit_id=subject.unit_id,
        title=subject.title[:500],
        due_on=subject.due_on,
        rule=rule,
        rule_key=key,
        told_at=at,
        by=by,
        note=note.strip()[:1000],
    )


def read(*, person: Person, urgings: Sequence[UUID] | None = None, at: datetime | None = None) -> int:
    """Acknowledge one's own urgings (all when none is named), with earlier ones of the same thing. Returns how many."""
    mine = Reminder.objects.filter(person=person, read_at=None)
    if urgings is not None:
        named = Reminder.objects.filter(person=person, pk__in=urgings)
        mine = mine.filter(subject_id__in=list(named.values_list("subject_id", flat=True)))
    return mine.update(read_at=at or timezone.now())


@transaction.atomic
def send_again(*, message: ReminderMessage, by: Person, at: datetime | None = None) -> ReminderMessage:
    """Queue a message that could not be sent once more. The caller's gate decides who sees it."""
    message = ReminderMessage.objects.select_for_update(of=("self",)).select_related("outgoing").get(pk=message.pk)
    if message.outgoing.state != OutboxMessage.State.FAILED:
        raise NotAllowed
    outbox.queue_again([message.pk], at or timezone.now())
    message.told_until = None
    message.save(update_fields=["told_until"])
    journal.write("urge-message.queued-again", message, by=by)
    return message
