"""Questions about urging: what is owed, by whom, who is to be told, what was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hocvuso.base.addresses import address_of
from hocvuso.base.batches import Batch, readable
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May, Role

from .models import Reminder, ReminderMessage
from .rules import Recipients, Subject
from .sources import Source, kinds, label_of, source_of

SOON = timedelta(days=7)
AT_ONCE = 5000  # keys in one query; databases bound them
PARTS = {Role.OFFICER: Recipients.OFFICERS, Role.MANAGER: Recipients.OFFICERS, Role.LEADER: Recipients.LEADERS}
READING = Batch("owed", _("việc phải làm, để nhắc"))
Holders = Callable[[str, str], Collection[str]]


@dataclass(frozen=True)
class Owed:
    """Something owed by a unit, as pages and messages show it."""

    kind: str
    id: UUID
    title: str
    unit_id: UUID
    unit: str
    unit_path: str
    due_on: date
    leader: UUID | None = None

    @property
    def subject(self) -> Subject:
        leader = str(self.leader) if self.leader else None
        return Subject(self.kind, str(self.id), self.unit_path, self.due_on, leader)

    @property
    def url(self) -> str:
        return address_of(source_of(self.kind).noun, self.id)

    @property
    def kind_shown(self) -> str:
        return label_of(self.kind)


def owed(
    kind: str,
    *,
    due: tuple[date | None, date | None],
    units: Any = None,
    untold_by: str = "",
    pk: UUID | None = None,
) -> list[Owed]:
    """What is owed with a due day between two days (None: no bound), owed by some units.

    `untold_by` leaves out what somebody was told of already by the rule of this key.
    """
    source = source_of(kind)
    rows, unit = source.rows(), source.unit
    if units is not None:
        rows = rows.filter(**{f"{unit}__in": units})
    if pk is not None:
        rows = rows.filter(pk=pk)
    first, last = due
    rows = rows.filter(**({"due_on__gte": first} if first else {}), **({"due_on__lte": last} if last else {}))
    if untold_by:
        rows = rows.exclude(pk__in=Reminder.objects.filter(kind=kind, rule_key=untold_by).values("subject_id"))
    found = rows.order_by("due_on", "pk").values_list(
        "pk", f"{unit}_id", f"{unit}__name", f"{unit}__path", "due_on", *source.fields
    )
    return [_owed(kind, source, *row) for row in readable(found, batch=READING)]


def _owed(kind: str, source: Source, pk: UUID, unit_id: UUID, unit: str, path: str, due: date, *said: Any) -> Owed:
    title, leader = source.titled(*said)
    return Owed(kind, pk, title, unit_id, unit, path, due, leader)


def owed_now(person: Person, kind: str, today: date, *, days: int = SOON.days) -> list[Owed]:
    """What units in a person's reach owe: late, or due within some days."""
    wanted = [kind] if kind in kinds() else kinds()
    due, units = (None, today + timedelta(days=days)), units_in_reach(person, May.URGE)
    found = [row for k in wanted for row in owed(k, due=due, units=units)]
    return sorted(found, key=lambda row: (row.due_on, row.unit_path))


def still_open(subjects: Iterable[tuple[str, UUID]]) -> set[UUID]:
    """Which of these subjects are still owed."""
    return {pk for _source, rows in _read(subjects) for pk in rows.values_list("pk", flat=True)}


def _in_charge_of(subjects: Iterable[tuple[str, UUID]]) -> dict[UUID, UUID | None]:
    """Who is in charge of each of these subjects that is still owed."""
    return {
        pk: source.titled(*said)[1]
        for source, rows in _read(subjects)
        for pk, *said in rows.values_list("pk", *source.fields)
    }


def _read(subjects: Iterable[tuple[str, UUID]]) -> Iterator[tuple[Source, QuerySet[Any, Any]]]:
    """Those of the subjects that are still owed, by source, as many at once as a database bears."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    for kind, pk in subjects:
        ids[kind].add(pk)
    for kind, wanted in ids.items():
        source = source_of(kind)
        for keys in batched(wanted, AT_ONCE):
            yield source, source.rows().filter(pk__in=keys)


def holders(at: datetime) -> Holders:
    """Who holds which part at which unit, read once: a function of unit path and `officers` or `leaders`."""
    known: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = RoleGrant.objects.active(at).filter(role__in=list(PARTS), person__is_active=True)
    for role, path, person in rows.order_by("created_at").values_list("role", "unit__path", "person_id"):
        known[path, str(PARTS[Role(role)])].append(str(person))
    return lambda path, who: known.get((path, str(who)), [])


def told_no_more(at: datetime) -> list[UUID]:
    """Unread urgings of people who hold no part at the unit or above it any more, nor are in charge of the thing."""
    unit = ExpressionWrapper(OuterRef("unit__path"), output_field=CharField())
    parts = RoleGrant.objects.active(at).filter(role__in=list(PARTS), person=OuterRef("person"))
    reaching = parts.alias(there=unit).filter(there__startswith=F("unit__path"))
    rows = Reminder.objects.unread().exclude(Exists(reaching)).order_by()
    found = list(rows.values_list("pk", "kind", "subject_id", "person_id"))
    leaders = _in_charge_of((kind, subject) for _pk, kind, subject, _person in found)
    return [pk for pk, _kind, subject, person in found if leaders.get(subject) != person]


def inbox(person: Person) -> Any:
    """What a person was told of, each thing once by its latest word; unread first, then latest."""
    newer = Reminder.objects.filter(
        person=OuterRef("person"), kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
    )
    rows = Reminder.objects.filter(~Exists(newer), person=person).select_related("unit", "by")
    return rows.order_by(F("read_at").asc(nulls_first=True), "-told_at")


def unread_count(person: Person) -> int:
    """Of how many things still open a person has unread urgings."""
    return Reminder.objects.unread().filter(person=person).values("kind", "subject_id").distinct().order_by().count()


def messages_seen_by(person: Person) -> Any:
    """Messages to people who held a role in one's reach for urging when they were written, and one's own."""
    held = RoleGrant.objects.filter(person=OuterRef("person"), unit__in=units_in_reach(person, May.URGE))
    then = held.filter(Q(ends_at=None) | Q(ends_at__gt=OuterRef("created_at")), starts_at__lte=OuterRef("created_at"))
    return ReminderMessage.objects.filter(Q(person=person) | Exists(then)).select_related("person", "outgoing")


def owed_one(person: Person, kind: str, pk: UUID) -> Owed | None:
    """One thing that is owed by a unit in a person's reach for urging."""
    found = owed(kind, due=(None, None), units=units_in_reach(person, May.URGE), pk=pk)
    return found[0] if found else None


def urged_before(kind: str, pk: UUID) -> Any:
    """Who was told of a subject, latest first."""
    return Reminder.objects.filter(kind=kind, subject_id=pk).select_related("person", "by").order_by("-told_at")
