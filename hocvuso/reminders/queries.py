"""Questions about urging: what is owed, by whom, who is to be told, what was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from hocvuso.base.addresses import address_of
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May, Role

from .models import UrgeMessage, Urging
from .rules import Recipients, Subject
from .sources import Source, kinds, label_of, source_of

SOON = timedelta(days=7)
AT_ONCE = 5000  # keys in one query; databases bound them
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
        rows = rows.exclude(pk__in=Urging.objects.filter(kind=kind, rule_key=untold_by).values("subject_id"))
    found = rows.order_by("due_on", "pk").values_list(
        "pk", f"{unit}_id", f"{unit}__name", f"{unit}__path", "due_on", *source.fields
    )
    return [_owed(kind, source, *row) for row in found]


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
    ids: dict[str, set[UUID]] = defaultdict(set)
    for kind, pk in subjects:
        ids[kind].add(pk)
    found: set[UUID] = set()
    for kind, wanted in ids.items():
        rows = source_of(kind).rows()
        for keys in batched(wanted, AT_ONCE):
            found |= set(rows.filter(pk__in=keys).values_list("pk", flat=True))
    return found


def holders(at: datetime) -> Holders:
    """Who holds which part at which unit, read once: a function of unit path and `officers` or `leaders`."""
    part = {Role.OFFICER: Recipients.OFFICERS, Role.MANAGER: Recipients.OFFICERS, Role.LEADER: Recipients.LEADERS}
    known: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = RoleGrant.objects.active(at).filter(role__in=list(part), person__is_active=True)
    for role, path, person in rows.order_by("created_at").values_list("role", "unit__path", "person_id"):
        known[path, str(part[Role(role)])].append(str(person))
    return lambda path, who: known.get((path, str(who)), [])


def inbox(person: Person) -> Any:
    """What a person was told of, each thing once by its latest word; unread first, then latest."""
    newer = Urging.objects.filter(
        person=OuterRef("person"), kind=OuterRef("kind"), subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
    )
    rows = Urging.objects.filter(~Exists(newer), person=person).select_related("unit", "by")
    return rows.order_by(F("read_at").asc(nulls_first=True), "-told_at")


def unread_count(person: Person) -> int:
    """Of how many things still open a person has unread urgings."""
    return Urging.objects.unread().filter(person=person).values("kind", "subject_id").distinct().order_by().count()


def messages_seen_by(person: Person) -> Any:
    """Messages to people who hold roles in one's reach for urging, and one's own."""
    there = RoleGrant.objects.filter(unit__in=units_in_reach(person, May.URGE)).values("person")
    return UrgeMessage.objects.filter(Q(person=person) | Q(person__in=there)).select_related("person")


def owed_one(person: Person, kind: str, pk: UUID) -> Owed | None:
    """One thing that is owed by a unit in a person's reach for urging."""
    found = owed(kind, due=(None, None), units=units_in_reach(person, May.URGE), pk=pk)
    return found[0] if found else None


def urged_before(kind: str, pk: UUID) -> Any:
    """Who was told of a subject, latest first."""
    return Urging.objects.filter(kind=kind, subject_id=pk).select_related("person", "by").order_by("-told_at")
