"""The run of urging: rules that fire, one digest a person, day and channel, delivery that loses nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import gateways, journal, outbox
from hocvuso.base.addresses import address_of
from hocvuso.base.batches import Batch, each
from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import OutboxMessage
from hocvuso.people.models import Person
from hocvuso.people.queries import addresses_of, tops_of_reach, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ..models import Reminder, ReminderMessage, ReminderPreference, ReminderRule
from ..queries import Holders, Owed, holders, owed, still_open, told_no_more
from ..rules import QUIET_FROM, QUIET_TO, Channel, Rule, due_reminders, next_allowed
from .reminding import told_of

BATCH = 500
NEVER = datetime.min.replace(tzinfo=UTC)
SHOWN = 20  # things told one by one in a message; the inbox has all of them
State = OutboxMessage.State


@dataclass(frozen=True)
class Ran:
    """What one run did."""

    told: int
    over: int
    queued: int
    sent: int
    failed: int


def run(now: datetime, *, seconds: float = outbox.SECONDS) -> Ran:
    """Tell, close what is done, make digests, send what may go out now. Harmless to run as often as one likes.

    A rule that fails, or a thing that cannot be read, keeps nobody from being told of the others.
    """
    told = tell(now)
    over = close_done(now)
    queued = digest(now)
    out = outbox.send_due(now=now, word=ReminderMessage.word, seconds=seconds)
    return Ran(told, over, queued, out.sent, out.failed)


def tell(now: datetime, *, within: QuerySet[Unit] | None = None) -> int:
    """Write down who is to be told of what, by every rule that fires, `within` some units. Returns how many are new.

    Rules that failed are kept as not taken.
    """
    find = holders(now)
    rules = ReminderRule.objects.filter(active=True).select_related("unit")
    return each(rules, lambda rule: _tell_by(rule, find, now, within), batch=TELLING)


def _tell_again(name: str) -> None:
    now = timezone.now()
    rule = ReminderRule.objects.select_related("unit").get(pk=name.partition(":")[2])
    _tell_by(rule, holders(now), now, None)


TELLING = Batch("reminders", _("quy tắc đôn đốc"), _tell_again)


def _tell_by(rule: ReminderRule, find: Holders, now: datetime, within: QuerySet[Unit] | None) -> int:
    today = timezone.localdate(now)
    pure = Rule(str(rule.pk), rule.unit.path, frozenset(rule.kinds), rule.offset, tuple(rule.recipients), rule.weekends)
    subjects = {(row.kind, str(row.id)): row for row in _due(rule, today, within)}
    found = due_reminders([pure], [row.subject for row in subjects.values()], told=(), holders=find, today=today)
    rows = [told_of(subjects[t.kind, t.subject], person=UUID(t.person), key=t.rule, at=now, rule=rule) for t in found]
    Reminder.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def _due(rule: ReminderRule, today: date, within: QuerySet[Unit] | None) -> Iterable[Owed]:
    """Subjects in the days for which the rule fires, of which nobody was told by it yet."""
    day = today - timedelta(days=rule.offset)
    due = (None, day) if rule.offset >= 0 else (today, day)
    units = Unit.objects.under(rule.unit)
    units = units if within is None else units.filter(pk__in=within.values("pk"))
    return (row for kind in rule.kinds for row in owed(kind, due=due, units=units, untold_by=str(rule.pk)))


def close_done(now: datetime) -> int:
    """Close urgings about things done meanwhile, and of people whose role ended: nothing more is sent of them."""
    pending = list(Reminder.objects.unread().order_by("pk").values_list("pk", "kind", "subject_id"))
    open_ids = still_open((kind, subject) for _pk, kind, subject in pending)
    done = {pk for pk, _kind, subject in pending if subject not in open_ids}
    over = sorted(done.union(told_no_more(now)))
    for n in range(0, len(over), BATCH):
        Reminder.objects.filter(pk__in=over[n : n + BATCH]).update(over_at=now)
    return len(over)


@transaction.atomic
def digest(now: datetime) -> int:
    """Queue messages for what people were not sent yet: one a person, day and channel. Returns how many are new.

    Who got today's message already gets the next one tomorrow; who has one waiting gets it all in that one.
    """
    wanted = _wanted(now)
    people = {person for person, _day, _channel in wanted}
    waiting = ReminderMessage.objects.filter(outgoing__state=State.QUEUED, person__in=people)
    known = set(waiting.values_list("person", "channel"))
    wanted = {key: when for key, when in wanted.items() if (key[0], key[2]) not in known}
    of_the_day = ReminderMessage.objects.filter(day__in={day for _person, day, _channel in wanted}, person__in=people)
    there = {(m.person_id, m.day, m.channel): m for m in of_the_day.select_related("outgoing")}
    for key in wanted.keys() & there.keys():
        if there[key].outgoing.state == State.NEEDLESS:  # it is needed after all
            outbox.queue_again([there[key].pk], wanted[key])
    new = [
        (ReminderMessage(person_id=person, day=day, channel=channel), when)
        for (person, day, channel), when in wanted.items()
        if (person, day, channel) not in there
    ]
    outbox.queue(ReminderMessage.word, ((row.pk, f"{row.channel}:{row.person_id}", when) for row, when in new))
    for row, _when_due in new:
        row.outgoing_id = row.pk
    ReminderMessage.objects.bulk_create([row for row, _when_due in new], batch_size=BATCH)
    return len(new)


def _wanted(now: datetime) -> dict[tuple[UUID, date, str], datetime]:
    """Messages that should go out: person, day, channel → not before when."""
    local = timezone.localtime(now)
    pending = _pending()
    wishes = _wishes(pending)
    usual = _usual_channels([person for person in pending if person not in wishes])
    since = _told_until(pending)
    found = {}
    for person, told in pending.items():
        for channel in wishes[person].channels if person in wishes else usual[person]:
            fresh = [weekends for at, weekends in told if at > since.get((person, channel), NEVER)]
            if fresh:
                when = next_allowed(local, *_quiet(wishes.get(person)), weekends=any(fresh))
                found[person, when.date(), str(channel)] = when
    return found


def _pending() -> dict[UUID, list[tuple[datetime, bool]]]:
    """Who has something unread and open → when each was urged, and whether it may go out on a weekend."""
    found: dict[UUID, list[tuple[datetime, bool]]] = defaultdict(list)
    rows = Reminder.objects.unread().order_by("told_at").values_list("person", "told_at", "by", "rule__weekends")
    for person, at, by, weekends in rows:
        found[person].append((at, by is not None or bool(weekends)))
    return found


def _wishes(people: Iterable[UUID]) -> dict[UUID, ReminderPreference]:
    return {wish.person_id: wish for wish in ReminderPreference.objects.filter(person__in=list(people))}


def _quiet(wish: ReminderPreference | None) -> tuple[time, time]:
    return (wish.quiet_from, wish.quiet_to) if wish else (QUIET_FROM, QUIET_TO)


def _told_until(people: Iterable[UUID]) -> dict[tuple[UUID, str], datetime]:
    """Until when what was urged has been told, by person and channel."""
    rows = ReminderMessage.objects.filter(person__in=list(people), told_until__isnull=False).order_by()
    latest = rows.values("person", "channel").annotate(until=Max("told_until"))
    return {(row["person"], row["channel"]): row["until"] for row in latest}


def _usual_channels(people: Collection[UUID]) -> dict[UUID, list[str]]:
    """Without a wish: by e-mail, or by SMS for who has no e-mail address."""
    mail = addresses_of(people, Channel.EMAIL)
    return {person: [str(Channel.EMAIL if person in mail else Channel.PHONE)] for person in people}


@dataclass(frozen=True)
class Post:
    """What delivery needs to know of all the people it writes to."""

    wishes: Mapping[UUID, ReminderPreference]
    addresses: Mapping[str, Mapping[UUID, str]]
    since: Mapping[tuple[UUID, str], datetime]

    @classmethod
    def of(cls, people: set[UUID]) -> Post:
        """Read for some people at once."""
        wishes = _wishes(people)
        addresses = {str(kind): addresses_of(people, kind) for kind in (Channel.EMAIL, Channel.PHONE)}
        addresses[str(Channel.CHAT)] = {p: wish.chat_handle for p, wish in wishes.items()}
        return cls(wishes, addresses, _told_until(people))


def _sent(key: UUID, now: datetime) -> None:
    ReminderMessage.objects.filter(pk=key).update(told_until=now)


@outbox.source(ReminderMessage.word, sent=_sent)
def _letters(keys: Collection[UUID], now: datetime) -> dict[UUID, outbox.Answer]:
    """What goes out now, when it may go out, or that there is no address; nothing for what is not needed any more."""
    messages = list(ReminderMessage.objects.filter(pk__in=keys).select_related("person"))
    post = Post.of({message.person_id for message in messages})
    letters = {message.pk: _letter(message, post, now) for message in messages}
    return {key: letter for key, letter in letters.items() if letter is not None}


def _letter(message: ReminderMessage, post: Post, now: datetime) -> outbox.Answer | None:
    rows = _still_to_tell(message, post.since.get((message.person_id, message.channel), NEVER))
    if not rows:
        return None
    when = _when(message, rows, post, now)
    if when > now:
        return outbox.Later(when)
    address = post.addresses[message.channel].get(message.person_id, "")
    with translation.override(message.person.language):
        message.title, message.text = _words(rows, timezone.localdate(now), short=message.channel != Channel.EMAIL)
    if not address:  # nobody there: said once, not every day
        message.told_until = now
    message.save()
    if not address:
        return outbox.Never(f"no {message.channel} address is known")
    return gateways.Letter(message.channel, address, message.title, message.text)


def _still_to_tell(message: ReminderMessage, since: datetime) -> list[Reminder]:
    """What the person was urged of since the last message by this channel, is open and unread; each thing once."""
    rows = Reminder.objects.unread().filter(person=message.person, told_at__gt=since)
    found = list(rows.select_related("unit", "by", "rule").order_by("due_on", "-told_at"))
    alive = still_open((row.kind, row.subject_id) for row in found)
    return list({(row.kind, row.subject_id): row for row in found if row.subject_id in alive}.values())


def _when(message: ReminderMessage, rows: list[Reminder], post: Post, now: datetime) -> datetime:
    """When a message may go out: not in the quiet hours, not on a day that had its message by this channel."""
    local, quiet = timezone.localtime(now), _quiet(post.wishes.get(message.person_id))
    weekends = any(row.by_id is not None or (row.rule is not None and row.rule.weekends) for row in rows)
    when = next_allowed(local, *quiet, weekends=weekends)
    if when > local or when.date() == message.day:
        return when
    others = ReminderMessage.objects.filter(person=message.person, channel=message.channel, day=when.date())
    if not others.exists():
        message.day = when.date()
        return when
    tomorrow = (when + timedelta(days=1)).replace(hour=0, minute=0)
    return next_allowed(tomorrow, *quiet, weekends=weekends)


def _words(rows: list[Reminder], today: date, *, short: bool) -> tuple[str, str]:
    """Title and text of a digest: what is late first, then what is due."""
    late = sum(row.due_on < today for row in rows)
    soon = len(rows) - late
    parts = []
    if late:
        parts.append(_t("%(n)s việc quá hạn") % {"n": late})
    if soon:
        parts.append(_t("%(n)s việc sắp đến hạn") % {"n": soon})
    title = _t("Học vụ số: %(what)s") % {"what": ", ".join(parts)}
    link = _t("Xem và xử lý: %(link)s") % {"link": settings.BASE_URL + address_of("reminder-inbox")}
    if short:
        return title, f"{title}. {link}"
    lines = [_line(row, today) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        lines.append(_t("… và %(n)s việc nữa.") % {"n": len(rows) - SHOWN})
    return title, "\n".join([title + ".", "", *lines, "", link])


def _line(row: Reminder, today: date) -> str:
    days = (row.due_on - today).days
    values = {"title": row.title, "unit": row.unit, "day": f"{row.due_on:%d/%m/%Y}", "n": abs(days)}
    text = (
        _t("- %(title)s (%(unit)s): hạn %(day)s, quá %(n)s ngày")
        if days < 0
        else _t("- %(title)s (%(unit)s): hạn %(day)s, còn %(n)s ngày")
    )
    line = text % values
    return line + "\n  " + _t("%(person)s nhắn: %(note)s") % {"person": row.by, "note": row.note} if row.note else line


def run_now(*, by: Person) -> int:
    """The rules, run by a person over the units in reach; what is told goes out by the clock. Returns how many are new.

    Raises NotAllowed.
    """
    if not tops_of_reach(by, May.URGE):
        raise NotAllowed
    told = tell(timezone.now(), within=units_in_reach(by, May.URGE))
    journal.write("urging.ran", Reminder, by=by, told=told)
    return told
