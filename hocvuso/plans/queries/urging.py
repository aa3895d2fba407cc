"""Questions about urging: what is owed, by whom, who is to be told, what was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from hocvuso.indicators.periods import parse
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May, Role

from ..models import Plan, Report, Task, UrgeMessage, Urging
from ..rules_reporting import OWED
from ..rules_urging import Recipients, Subject, SubjectKind

SOON = timedelta(days=7)
AT_ONCE = 5000  # keys in one query; databases bound them
UNDER_WAY = (Plan.State.APPROVED, Plan.State.IN_FORCE)
PARTS = {Role.OFFICER: Recipients.OFFICERS, Role.MANAGER: Recipients.OFFICERS, Role.LEADER: Recipients.LEADERS}
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
        return subject_url(self.kind, self.id)

    @property
    def kind_shown(self) -> str:
        return str(SubjectKind(self.kind).label)


@dataclass(frozen=True)
class Source:
    """Where what is owed of one kind comes from.

    `rows`: what is still open, each with a due day and at `unit` who owes it. `fields` are read of each row, and
    `titled` makes of them the title and the leader in charge, if there is one. `url` has a place for the key.
    """

    rows: Callable[[], QuerySet[Any, Any]]
    unit: str
    fields: tuple[str, ...]
    titled: Callable[..., tuple[str, UUID | None]]
    url: str


def _open_tasks(kind: str) -> QuerySet[Task]:
    """Tasks (or remedies) under way that have a lead unit and a due day, and are not done."""
    found = Task.objects.filter(
        done_on=None, due_on__isnull=False, lead_unit__isnull=False, plan__state__in=UNDER_WAY, plan__kind=kind
    )
    return _in_charge(found)


def _outer_path(path: str) -> ExpressionWrapper:
    return ExpressionWrapper(OuterRef(path), output_field=CharField())


def _in_charge(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Each task with `in_charge`: its leader, while they lead the plan's unit, the lead unit, or one above."""
    leads = RoleGrant.objects.active(timezone.now()).filter(role=Role.LEADER, person=OuterRef("leader"))
    leads = leads.alias(plans=_outer_path("plan__unit__path"), does=_outer_path("lead_unit__path"))
    there = Exists(leads.filter(Q(plans__startswith=F("unit__path")) | Q(does__startswith=F("unit__path"))))
    return tasks.annotate(in_charge=Case(When(Q(leader__isnull=False) & there, then=F("leader_id"))))


def _of_tasks(kind: str) -> Source:
    url = "/dieu-hanh/ke-hoach/nhiem-vu/{}/"
    return Source(lambda: _open_tasks(kind), "lead_unit", ("title", "in_charge"), lambda *said: said, url)


_sources: dict[str, Source] = {
    SubjectKind.TASK: _of_tasks(Plan.Kind.PLAN),
    SubjectKind.REPORT: Source(
        lambda: Report.objects.filter(state__in=OWED),
        "unit",
        ("regime__title", "period"),
        lambda title, period: (f"{title}, {parse(period)}", None),
        "/dieu-hanh/bao-cao/{}/",
    ),
    SubjectKind.REMEDY: _of_tasks(Plan.Kind.REMEDIES),
}


def register(kind: SubjectKind, source: Source) -> None:
    """Let what another room knows be urged on: said once, by whoever knows both rooms."""
    _sources[kind] = source


def subject_url(kind: str, pk: UUID) -> str:
    """Where a subject is seen."""
    return _sources[kind].url.format(pk)


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
    source = _sources[kind]
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
    kinds = [kind] if kind in SubjectKind.values else SubjectKind.values
    due, units = (None, today + timedelta(days=days)), units_in_reach(person, May.URGE)
    found = [row for k in kinds for row in owed(k, due=due, units=units)]
    return sorted(found, key=lambda row: (row.due_on, row.unit_path))


def still_open(subjects: Iterable[tuple[str, UUID]]) -> set[UUID]:
    """Which of these subjects are still owed."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    for kind, pk in subjects:
        ids[kind].add(pk)
    found: set[UUID] = set()
    for kind, wanted in ids.items():
        rows = _sources[kind].rows()
        for keys in batched(wanted, AT_ONCE):
            found |= set(rows.filter(pk__in=keys).values_list("pk", flat=True))
    return found


def holders(at: datetime) -> Holders:
    """Who holds which part at which unit, read once: a function of unit path and `officers` or `leaders`."""
    known: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows = RoleGrant.objects.active(at).filter(role__in=list(PARTS), person__is_active=True)
    for role, path, person in rows.order_by("created_at").values_list("role", "unit__path", "person_id"):
        known[path, str(PARTS[Role(role)])].append(str(person))
    return lambda path, who: known.get((path, str(who)), [])


def told_no_more(at: datetime) -> QuerySet[Urging]:
    """Unread urgings of people who hold no part at the unit or above it any more, nor are in charge of the task."""
    reaching = RoleGrant.objects.active(at).filter(role__in=list(PARTS), person=OuterRef("person"))
    reaching = reaching.alias(there=_outer_path("unit__path")).filter(there__startswith=F("unit__path"))
    in_charge = _in_charge(Task.objects.filter(pk=OuterRef("subject_id"))).filter(in_charge=OuterRef("person"))
    return Urging.objects.unread().exclude(Exists(reaching)).exclude(Exists(in_charge))


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
    """Messages to people who held a role in one's reach for urging when they were written, and one's own."""
    held = RoleGrant.objects.filter(person=OuterRef("person"), unit__in=units_in_reach(person, May.URGE))
    then = held.filter(Q(ends_at=None) | Q(ends_at__gt=OuterRef("created_at")), starts_at__lte=OuterRef("created_at"))
    return UrgeMessage.objects.filter(Q(person=person) | Exists(then)).select_related("person")


def owed_one(person: Person, kind: str, pk: UUID) -> Owed | None:
    """One thing that is owed by a unit in a person's reach for urging."""
    found = owed(kind, due=(None, None), units=units_in_reach(person, May.URGE), pk=pk)
    return found[0] if found else None


def urged_before(kind: str, pk: UUID) -> Any:
    """Who was told of a subject, latest first."""
    return Urging.objects.filter(kind=kind, subject_id=pk).select_related("person", "by").order_by("-told_at")
