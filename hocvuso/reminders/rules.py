"""Reminders: when a rule fires, whom it reaches, when a message may go out, how long to wait. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

SATURDAY = 5  # date.weekday()
QUIET_FROM, QUIET_TO = time(21), time(7)


class Recipients(models.TextChoices):
    """Whom a rule reaches, from the unit that owes upward."""

    OFFICERS = "officers", _("chuyên viên của đơn vị")
    LEADERS = "leaders", _("lãnh đạo của đơn vị")
    IN_CHARGE = "in-charge", _("lãnh đạo phụ trách nhiệm vụ")
    ABOVE = "above", _("lãnh đạo cấp trên trực tiếp")
    TOP = "top", _("lãnh đạo của đơn vị đặt quy tắc")


class Channel(models.TextChoices):
    """Ways to a person besides the inbox on the page, which is always there."""

    EMAIL = "email", _("thư điện tử")
    PHONE = "phone", _("tin nhắn SMS")
    CHAT = "chat", _("ứng dụng nhắn tin")


@dataclass(frozen=True)
class Subject:
    """Something owed: by which unit (path), by when, and whether it is done."""

    kind: str
    id: str
    unit: str
    due_on: date
    leader: str | None = None
    done: bool = False


@dataclass(frozen=True)
class Rule:
    """A rule as the arithmetic needs it. `owner` is the path of the unit that set it."""

    key: str
    owner: str
    kinds: frozenset[str]
    offset: int
    recipients: tuple[str, ...]
    weekends: bool = False


@dataclass(frozen=True)
class DueReminder:
    """One person to be told of one subject by one rule: told once for ever."""

    kind: str
    subject: str
    rule: str
    person: str


def fires(rule: Rule, subject: Subject, today: date) -> bool:
    """Whether a rule applies to a subject today.

    Days missed (a weekend, a stopped clock) are made up for: a rule before the due day holds from its day until the
    due day, a rule after it from its day on.
    """
    if subject.done or subject.kind not in rule.kinds or not subject.unit.startswith(rule.owner):
        return False
    if today.weekday() >= SATURDAY and not rule.weekends:
        return False
    day = subject.due_on + timedelta(days=rule.offset)
    return day <= today and (rule.offset >= 0 or today <= subject.due_on)


def ancestors(path: str) -> list[str]:
    """Paths strictly above, nearest first."""
    parts = path.split(".")[:-2]
    return [".".join(parts[:n]) + "." for n in range(len(parts), 0, -1)]


def reached(rule: Rule, subject: Subject, holders: Callable[[str, str], Collection[str]]) -> list[str]:
    """The persons whom a rule reaches for a subject; `holders(path, "officers" | "leaders")` are those at a unit.

    Escalation climbs: when the unit above has no leader, the next one above it is told.
    """
    found: list[str] = []
    for who in rule.recipients:
        if who in (Recipients.OFFICERS, Recipients.LEADERS):
            found += holders(subject.unit, who)
        elif who == Recipients.IN_CHARGE:
            found += [subject.leader] if subject.leader else []
        elif who == Recipients.TOP:
            found += holders(rule.owner, Recipients.LEADERS)
        else:
            above = (holders(path, Recipients.LEADERS) for path in ancestors(subject.unit))
            found += next((people for people in above if people), [])
    return list(dict.fromkeys(found))


def due_reminders(
    rules: Iterable[Rule],
    subjects: Collection[Subject],
    *,
    told: Collection[DueReminder],
    holders: Callable[[str, str], Collection[str]],
    today: date,
) -> Iterator[DueReminder]:
    """Who is to be told of what now: by rules that fire, nobody twice of the same thing."""
    for rule in rules:
        for subject in subjects:
            if not fires(rule, subject, today):
                continue
            for person in reached(rule, subject, holders):
                telling = DueReminder(subject.kind, subject.id, rule.key, person)
                if telling not in told:
                    yield telling


def is_quiet(local: time, quiet_from: time, quiet_to: time) -> bool:
    """Whether a time of day lies in the quiet hours, which may pass midnight. Equal ends: no quiet hours."""
    if quiet_from <= quiet_to:
        return quiet_from <= local < quiet_to
    return local >= quiet_from or local < quiet_to


def next_loud(local: datetime, quiet_from: time, quiet_to: time) -> datetime:
    """The first moment from `local` on that is outside the quiet hours."""
    if not is_quiet(local.time(), quiet_from, quiet_to):
        return local
    ends = local.replace(hour=quiet_to.hour, minute=quiet_to.minute, second=0, microsecond=0)
    return ends if ends > local else ends + timedelta(days=1)


def next_allowed(local: datetime, quiet_from: time, quiet_to: time, *, weekends: bool) -> datetime:
    """The first moment from `local` on when a message may go out; ordinary ones not on Saturdays and Sundays."""
    moment = next_loud(local, quiet_from, quiet_to)
    while moment.weekday() >= SATURDAY and not weekends:
        day = (moment + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        moment = next_loud(day, quiet_from, quiet_to)
    return moment
