"""Questions about inspections: who may go, what is open and late by unit, what the conclusion lists."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from hocvuso.checklists import rules as rules_checklists
from hocvuso.checklists import rules_relevance, rules_xlsform
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import grants_of, may, tops_of_reach
from hocvuso.people.rules import GIVES, May
from hocvuso.units.models import Unit
from hocvuso.units.queries import addressing_unit

from .models import Finding, Inspection, InspectionState, Remedy, RemedyState, Severity, Visit, VisitPhoto, VisitState
from .rules import remedy_late

INSPECT_ROLES = [role for role, gives in GIVES.items() if May.INSPECT in gives]


@dataclass(frozen=True)
class Inspector:
    """Somebody who may go, and where they hold which role."""

    person: Person
    posts: list[RoleGrant]


def inspectors_for(inspection: Inspection) -> list[Inspector]:
    """People who may inspect at the issuing unit, above it, or within its sphere, and hold no role where it goes."""
    unit, active = inspection.unit, RoleGrant.objects.active(timezone.now())
    there = Q(unit__path__startswith=addressing_unit(unit).path) | Q(unit__path__in=unit.tree_path.ancestors)
    grants = active.filter(there, role__in=INSPECT_ROLES)
    inspected = active.filter(unit__in=inspection.scope.all()).exclude(unit=unit)
    found = Person.objects.filter(pk__in=grants.values("person"), is_active=True)
    people = list(found.exclude(pk__in=inspected.values("person")).order_by("name")[:500])
    partial = {person.pk for person in partial_to(inspection, people)}
    posts = _posts(people)
    return [Inspector(person, posts.get(person.pk, [])) for person in people if person.pk not in partial]


def partial_to(inspection: Inspection, people: Collection[Person]) -> list[Person]:
    """Those of the people who hold a role at a unit that the inspection goes to, or beneath one.

    A role at the issuing unit itself is none: it may inspect its own house.
    """
    scope, posts = set(inspection.scope.values_list("path", flat=True)), _posts(people)

    def inspected(grant: RoleGrant) -> bool:
        return grant.unit_id != inspection.unit_id and not scope.isdisjoint(grant.unit.tree_path.ancestors)

    return [person for person in people if any(inspected(grant) for grant in posts.get(person.pk, []))]


def goes_along(person: Person, inspection: Inspection) -> bool:
    """Whether the person is of the team, and a role held today still lets them inspect there."""
    return Inspection.objects.gone_with_by(person).filter(pk=inspection.pk).exists()


def holds(person: Person, inspection: Inspection) -> bool:
    """Whether the person works on the inspection: may inspect at its unit, or goes along."""
    return may(person, May.INSPECT, inspection.unit) or goes_along(person, inspection)


def is_partial(person: Person, visit: Visit) -> bool:
    """Whether the person holds a role today at the unit visited or beneath it (the issuing unit apart)."""
    roles = [grant for grant in grants_of(person) if grant.unit_id != visit.inspection.unit_id]
    return any(grant.unit.path.startswith(visit.unit.path) for grant in roles)


def _posts(people: Collection[Person]) -> dict[Any, list[RoleGrant]]:
    grants = RoleGrant.objects.active(timezone.now()).filter(person__in=people).select_related("unit")
    posts: dict[Any, list[RoleGrant]] = {}
    for grant in grants.order_by("unit__path", "role"):
        posts.setdefault(grant.person_id, []).append(grant)
    return posts


def counted(inspections: QuerySet[Inspection]) -> QuerySet[Inspection]:
    """Inspections with `all_visits` and `done_visits`: to how many units they go, and from how many they came."""
    done = Count("visits", filter=Q(visits__state=VisitState.FINISHED))
    return inspections.annotate(all_visits=Count("visits"), done_visits=done)


def findings_by_unit(findings: QuerySet[Finding], *, today: date) -> QuerySet[Any, Any]:
    """What is open at each unit, of the findings given: one row a unit, most overdue first."""
    waiting = Q(remedy__state__in=[RemedyState.ASKED, RemedyState.REOPENED])
    return (
        findings.order_by()
        .values("visit__unit", "visit__unit__name", "visit__unit__code", "visit__unit__path")
        .annotate(
            findings=Count("pk"),
            waiting=Count("pk", filter=waiting),
            proposed=Count("pk", filter=Q(remedy__state=RemedyState.PROPOSED)),
            overdue=Count("pk", filter=waiting & Q(remedy__task__due_on__lt=today)),
            verified=Count("pk", filter=Q(remedy__state=RemedyState.VERIFIED)),
        )
        .order_by("-overdue", "-waiting", "visit__unit__path")
    )


@dataclass(frozen=True)
class FindingLine:
    """A finding with its remedy, in plain values."""

    unit: str
    text: str
    severity: str
    evidence: str
    remedy: str = ""
    due_on: date | None = None
    state: str = ""
    late: bool = False
    proposed_on: date | None = None
    verified_on: date | None = None


@dataclass(frozen=True)
class Conclusion:
    """What a conclusion notice says: the inspection, its units, findings and remedies."""

    unit: str
    number: str
    title: str
    basis: str
    starts_on: date | None
    ends_on: date | None
    state: str
    text: str
    concluded_on: date | None
    concluded_by: str
    team: list[str]
    units: list[str]
    findings: list[FindingLine] = field(default_factory=list)

    @property
    def remedies(self) -> list[FindingLine]:
        """Findings for which a remedy was asked."""
        return [line for line in self.findings if line.remedy]


def conclusion(inspection: Inspection, *, visits: QuerySet[Visit] | None = None) -> Conclusion:
    """The conclusion; `visits` narrows it to what a reader may see."""
    shown = inspection.visits.all() if visits is None else visits.filter(inspection=inspection)
    findings = Finding.objects.filter(visit__in=shown.values("pk")).select_related("visit__unit", "remedy__task")
    return Conclusion(
        unit=inspection.unit.name,
        number=inspection.number,
        title=inspection.title,
        basis=inspection.basis,
        starts_on=inspection.starts_on,
        ends_on=inspection.ends_on,
        state=inspection.state,
        text=inspection.conclusion,
        concluded_on=inspection.concluded_on,
        concluded_by=str(inspection.concluded_by or ""),
        team=[str(person) for person in inspection.team.order_by("name")],
        units=list(shown.order_by("unit__path").values_list("unit__name", flat=True)),
        findings=[finding_line(f) for f in findings.order_by("visit__unit__path", "created_at")],
    )


def finding_line(finding: Finding) -> FindingLine:
    """A finding (with `visit__unit` and `remedy__task` at hand) in plain values."""
    base = FindingLine(
        unit=finding.visit.unit.name,
        text=finding.text,
        severity=str(Severity(finding.severity).label),
        evidence=finding.evidence,
    )
    remedy: Remedy | None = getattr(finding, "remedy", None)
    if remedy is None:
        return base
    due, reported, today = remedy.task.due_on, remedy.proposed_on, timezone.localdate()
    return replace(
        base,
        remedy=remedy.task.title,
        due_on=due,
        state=str(RemedyState(remedy.state).label),
        late=remedy_late(due_on=due, proposed_on=reported, state=remedy.state, today=today),
        proposed_on=reported,
        verified_on=remedy.verified_on,
    )


@dataclass(frozen=True)
class Answered:
    """One question of a visit with its answer and photos; when it is asked, as JSON (`when`) and in words (`only`)."""

    question: dict[str, Any]
    value: Any
    words: str
    photos: list[Any]
    when: str = ""
    only: str = ""

    @property
    def chosen(self) -> list[str]:
        """Values of the choices that were taken."""
        return str(self.value).split()


@dataclass(frozen=True)
class Part:
    """A section of a sheet."""

    title: str
    answered: list[Answered]
    when: str = ""
    only: str = ""


def sheet(inspection: Inspection, answers: dict[str, Any], photos: Collection[VisitPhoto] = ()) -> list[Part]:
    """The whole checklist with what was answered so far, also what is asked only under a condition."""
    by_code = {q["code"]: q for q in rules_checklists.questions(inspection.checklist)}
    taken: dict[str, list[Any]] = {}
    for photo in photos:
        taken.setdefault(photo.question, []).append(photo)

    def condition(thing: dict[str, Any]) -> dict[str, str]:
        when = thing.get("when")
        return {"when": json.dumps(when), "only": rules_checklists.in_words(when, by_code)} if when else {}

    def answered(q: dict[str, Any]) -> Answered:
        value = answers.get(q["code"], "")
        return Answered(q, value, rules_checklists.shown(q, value), taken.get(q["code"], []), **condition(q))

    sections = inspection.checklist.get("sections", [])
    return [Part(part["title"], [answered(q) for q in part["questions"]], **condition(part)) for part in sections]


def answered(visit: Visit) -> list[Part]:
    """What a visit was asked, with what was answered."""
    asked = rules_relevance.asked(visit.inspection.checklist, visit.answers)
    parts = [
        replace(part, answered=[a for a in part.answered if a.question["code"] in asked])
        for part in sheet(visit.inspection, visit.answers, visit.photos.all())
    ]
    return [part for part in parts if part.answered]


def checklist_text(inspection: Inspection) -> str | None:
    """The checklist as the lines it can be edited in; None where lines would lose something of it."""
    fits = rules_checklists.fits_text(inspection.checklist)
    return rules_checklists.to_text(inspection.checklist) if fits else None


def answer_table(inspection: Inspection, visits: QuerySet[Visit]) -> tuple[list[str], list[list[Any]]]:
    """All answers of an inspection: a head, and one row a unit; nothing where a question was not asked."""
    asked = [q for q in rules_checklists.questions(inspection.checklist) if q["kind"] != rules_checklists.NOTE]
    head = [q["label"] for q in asked]
    rows = []
    for visit in visits.filter(inspection=inspection).select_related("unit").prefetch_related("photos"):
        open_ = rules_relevance.asked(inspection.checklist, visit.answers)
        photos = [photo.question for photo in visit.photos.all()]
        values = [_value(q, visit.answers, photos) if q["code"] in open_ else "" for q in asked]
        rows.append([visit.unit.code, visit.unit.name, visit.get_state_display(), *values])
    return head, rows


def _value(q: dict[str, Any], answers: dict[str, Any], photos: list[str]) -> Any:
    if q["kind"] == rules_checklists.PHOTO:
        return photos.count(q["code"])
    value = answers.get(q["code"])
    return value if isinstance(value, int | float) else rules_checklists.shown(q, value)


def checklist_workbook(inspection: Inspection) -> bytes:
    """The checklist as an XLSForm workbook."""
    return rules_xlsform.write(inspection.checklist)


def conclusions_waiting_for(person: Person) -> QuerySet[Inspection]:
    """Inspections of the person's own units with nothing left but to issue the conclusion that somebody else wrote."""
    written = Inspection.objects.filter(
        unit__in=tops_of_reach(person, May.INSPECT), state=InspectionState.RUNNING
    ).exclude(conclusion="")
    under_way = Visit.objects.filter(state=VisitState.OPEN)
    bare = Finding.objects.filter(remedy=None).exclude(severity=Severity.NOTE)
    ready = written.exclude(pk__in=under_way.values("inspection")).exclude(pk__in=bare.values("visit__inspection"))
    return ready.exclude(drafters=person).order_by("ends_on", "created_at")


def remedies_waiting_for(person: Person) -> QuerySet[Remedy]:
    """Remedies that the person's own units must see to, and reports of units that the person may confirm."""
    own = Unit.objects.filter(pk__in=[unit.pk for unit in tops_of_reach(person, May.PLAN)])
    waiting = Q(state__in=[RemedyState.ASKED, RemedyState.REOPENED], finding__visit__unit__in=own)
    held = Inspection.objects.held_by(person).values("pk")
    reported = Q(state=RemedyState.PROPOSED, finding__visit__inspection__in=held) & ~Q(proposed_by=person)
    return Remedy.objects.filter(waiting | reported).order_by("task__due_on")
