"""The run of urging: rules that fire, one digest a person, day and channel, delivery that loses nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hocvuso.base import journal
from hocvuso.people import gateways
from hocvuso.people.models import Person
from hocvuso.people.queries import addresses_of
from hocvuso.units.models import Unit

from ..models import UrgeMessage, UrgePreference, UrgeRule, Urging
from ..queries.urging import Holders, Owed, holders, owed, still_open
from ..rules_urging import QUIET_FROM, QUIET_TO, Channel, Rule, next_allowed, tellings, wait_after
from .urging import told_of

BATCH = 500
SHOWN = 20  # things told one by one in a message; the inbox has all of them
CLAIM = timedelta(minutes=10)  # how long one run has a message to itself
State = UrgeMessage.State


@dataclass(frozen=True)
class Ran:
    """What one run did."""

    told: int
    over: int
    queued: int
    sent: int
    failed: int


def run(now: datetime) -> Ran:
    """Tell, close what is done, make digests, send what may go out now. Harmless to run as often as one likes."""
    told = tell(now)
    over = close_done(now)
    queued = digest(now)
    sent, failed = deliver(now)
    return Ran(told, over, queued, sent, failed)


def tell(now: datetime) -> int:
    """Write down who is to be told of what, by every rule that fires. Returns how many are new."""
    find, today = holders(now), timezone.localdate(now)
    return sum(_tell_by(rule, find, today) for rule in UrgeRule.objects.filter(active=True).select_related("unit"))


@transaction.atomic
def _tell_by(rule: UrgeRule, find: Holders, today: date) -> int:
    pure = Rule(str(rule.pk), rule.unit.path, frozenset(rule.kinds), rule.offset, tuple(rule.recipients), rule.weekends)
    subjects = {(row.kind, str(row.id)): row for row in _due(rule, today)}
    found = tellings([pure], [row.subject for row in subjects.values()], told=(), holders=find, today=today)
    rows = [told_of(subjects[t.kind, t.subject], person=UUID(t.person), key=t.rule, rule=rule) for t in found]
    Urging.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def _due(rule: UrgeRule, today: date) -> Iterable[Owed]:
    """Subjects in the days for which the rule fires, of which nobody was told by it yet."""
    day = today - timedelta(days=rule.offset)
    due = (None, day) if rule.offset >= 0 else (today, day)
    units = Unit.objects.under(rule.unit)
    return (row for kind in rule.kinds for row in owed(kind, due=due, units=units, untold_by=str(rule.pk)))


def close_done(now: datetime) -> int:
    """Close urgings about things that were done meanwhile: nothing more is sent of them."""
    pending = list(Urging.objects.unread().order_by("pk").values_list("pk", "kind", "subject_id"))
    open_ids = still_open((kind, subject) for _pk, kind, subject in pending)
    done = [pk for pk, _kind, subject in pending if subject not in open_ids]
    for n in range(0, len(done), BATCH):
        Urging.objects.filter(pk__in=done[n : n + BATCH]).update(over_at=now)
    return len(done)


@transaction.atomic
def digest(now: datetime) -> int:
    """Queue messages for what people were not sent yet: one a person, day and channel. Returns how many are new.

    Who got today's message already gets the next one tomorrow.
    """
    local = timezone.localtime(now)
    hurried = _hurried()
    wishes = {wish.person_id: wish for wish in UrgePreference.objects.filter(person__in=list(hurried))}
    usual = _usual_channels([person for person in hurried if person not in wishes])
    days: dict[date, list[UUID]] = defaultdict(list)
    rows = []
    for person, weekends in hurried.items():
        wish = wishes.get(person)
        quiet = (wish.quiet_from, wish.quiet_to) if wish else (QUIET_FROM, QUIET_TO)
        when = next_allowed(local, *quiet, weekends=weekends)
        days[when.date()].append(person)
        channels = wish.channels if wish else usual[person]
        rows += [UrgeMessage(person_id=person, day=when.date(), channel=c, next_try_at=when) for c in channels]
    closed = _closed(days)
    rows = [row for row in rows if (row.person_id, row.day) not in closed]
    before = UrgeMessage.objects.count()
    UrgeMessage.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    for day, people in days.items():
        _mark(day, [person for person in people if (person, day) not in closed])
    return UrgeMessage.objects.count() - before


def _unsent() -> QuerySet[Urging]:
    return Urging.objects.filter(digested_on=None, over_at=None, read_at=None)


def _hurried() -> dict[UUID, bool]:
    """Who has something not sent yet → whether any of it may go out on a weekend (by hand, or an urgent rule)."""
    found: dict[UUID, bool] = {}
    for person, by, weekends in _unsent().order_by("pk").values_list("person", "by", "rule__weekends"):
        found[person] = found.get(person, False) or by is not None or bool(weekends)
    return found


def _closed(days: Mapping[date, list[UUID]]) -> set[tuple[UUID, date]]:
    """(person, day) whose message went out or was tried: nothing is added to it."""
    return {
        (person, day)
        for day, people in days.items()
        for person in UrgeMessage.objects.filter(day=day, person__in=people)
        .exclude(state=State.QUEUED, tries=0)
        .values_list("person", flat=True)
    }


def _mark(day: date, people: list[UUID]) -> None:
    for n in range(0, len(people), BATCH):
        Urging.objects.filter(person__in=people[n : n + BATCH], digested_on=None, over_at=None, read_at=None).update(
            digested_on=day
        )


def _usual_channels(people: Collection[UUID]) -> dict[UUID, list[str]]:
    """Without a wish: by e-mail, or by SMS for who has no e-mail address."""
    mail = addresses_of(people, Channel.EMAIL)
    return {person: [str(Channel.EMAIL if person in mail else Channel.PHONE)] for person in people}


def deliver(now: datetime) -> tuple[int, int]:
    """Send what waits and may go out. Returns how many were sent, and how many the gateways did not take."""
    waiting = UrgeMessage.objects.filter(state=State.QUEUED, next_try_at__lte=now).select_related("person")
    messages = list(waiting.order_by("next_try_at")[:5000])
    known = {kind: addresses_of({m.person_id for m in messages}, kind) for kind in (Channel.EMAIL, Channel.PHONE)}
    known[Channel.CHAT] = dict(UrgePreference.objects.exclude(chat_handle="").values_list("person", "chat_handle"))
    sent = failed = 0
    for message in messages:
        claim = UrgeMessage.objects.filter(pk=message.pk, state=State.QUEUED, next_try_at=message.next_try_at)
        if not claim.update(next_try_at=now + CLAIM):
            continue  # another run has it
        state = _send(message, known[Channel(message.channel)].get(message.person_id, ""), now)
        sent += state == State.SENT
        failed += state in (State.QUEUED, State.FAILED)
    return sent, failed


def _send(message: UrgeMessage, address: str, now: datetime) -> str:
    """Send one message in its person's language, or note why not; its words tell only what is still open."""
    rows = list(
        Urging.objects.filter(person=message.person, digested_on=message.day, over_at=None, read_at=None)
        .select_related("unit", "by")
        .order_by("due_on")
    )
    alive = still_open((row.kind, row.subject_id) for row in rows)
    rows = list({(row.kind, row.subject_id): row for row in rows if row.subject_id in alive}.values())
    if not rows:
        message.state = State.NEEDLESS
        message.save(update_fields=["state"])
        return message.state
    with translation.override(message.person.language):
        message.title, message.text = _words(rows, timezone.localdate(now), short=message.channel != Channel.EMAIL)
    try:
        if not address:
            raise OSError(f"no {message.channel} address is known")
        gateways.send(message.channel, address, subject=message.title, text=message.text)
        message.state, message.sent_at, message.error = State.SENT, now, ""
    except Exception as error:  # whatever a gateway does, the message is kept and tried again
        _note_failure(message, repr(error), now, final=not address)
    message.save()
    return message.state


def _note_failure(message: UrgeMessage, error: str, now: datetime, *, final: bool) -> None:
    message.tries += 1
    message.error = error[:500]
    wait = None if final else wait_after(message.tries)
    message.state = State.FAILED if wait is None else State.QUEUED
    message.next_try_at = now + (wait or timedelta())


def _words(rows: list[Urging], today: date, *, short: bool) -> tuple[str, str]:
    """Title and text of a digest: what is late first, then what is due."""
    late = sum(row.due_on < today for row in rows)
    soon = len(rows) - late
    parts = []
    if late:
        parts.append(ngettext("%(n)s việc quá hạn", "%(n)s việc quá hạn", late) % {"n": late})
    if soon:
        parts.append(ngettext("%(n)s việc sắp đến hạn", "%(n)s việc sắp đến hạn", soon) % {"n": soon})
    title = _("Học vụ số: %(what)s") % {"what": ", ".join(parts)}
    link = _("Xem và xử lý: %(link)s") % {"link": f"{settings.BASE_URL}/dieu-hanh/don-doc/hop-thu/"}
    if short:
        return title, f"{title}. {link}"
    lines = [_line(row, today) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append(_("… và %(n)s việc nữa.") % {"n": len(rows) - SHOWN})
    return title, "\n".join([title + ".", "", *lines, "", link])


def _line(row: Urging, today: date) -> str:
    days = (row.due_on - today).days
    values = {"title": row.title, "unit": row.unit, "day": f"{row.due_on:%d/%m/%Y}", "n": abs(days)}
    text = (
        _("- %(title)s (%(unit)s): hạn %(day)s, quá %(n)s ngày")
        if days < 0
        else _("- %(title)s (%(unit)s): hạn %(day)s, còn %(n)s ngày")
    )
    line = text % values
    return line + "\n  " + _("%(person)s nhắn: %(note)s") % {"person": row.by, "note": row.note} if row.note else line


def run_now(*, by: Person) -> Ran:
    """The run, started by a person from the page: the same as by the clock."""
    ran = run(timezone.now())
    journal.write("urging.ran", "plans.urging", by=by, told=ran.told, sent=ran.sent)
    return ran
