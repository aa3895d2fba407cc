"""Questions about inspections: who may go, what is open and late by unit, what the conclusion lists."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.queries import grants_of
from hocvuso.people.rules import GIVES, May, Role
from hocvuso.units.models import Unit

from .. import rules_checklists, rules_xlsform
from ..models import Finding, Inspection, Remedy, RemedyState, Severity, Visit
from ..rules_inspecting import remedy_late
from .choosing import sphere

INSPECT_ROLES = [role for role, gives in GIVES.items() if May.INSPECT in gives]


def inspectors_for(unit: Unit) -> list[Person]:
    """People who may inspect at a unit, above it, or within its sphere."""
    there = Q(unit__path__startswith=sphere(unit).path) | Q(unit__path__in=unit.tree_path.ancestors)
    grants = RoleGrant.objects.active(timezone.now()).filter(there, role__in=INSPECT_ROLES)
    return list(Person.objects.filter(pk__in=grants.values("person"), is_active=True).order_by("name")[:500])


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
    """One question of a visit with its answer and photos."""

    question: dict[str, Any]
    value: Any
    words: str
    photos: list[Any]


def answered(visit: Visit) -> list[tuple[str, list[Answered]]]:
    """Sections of a visit's checklist with what was answered."""
    photos: dict[str, list[Any]] = {}
    for photo in visit.photos.all():
        photos.setdefault(photo.question, []).append(photo)
    return [
        (
            section["title"],
            [
                Answered(
                    q, (v := visit.answers.get(q["code"], "")), rules_checklists.shown(q, v), photos.get(q["code"], [])
                )
                for q in section["questions"]
            ],
        )
        for section in visit.inspection.checklist.get("sections", [])
    ]


def checklist_text(inspection: Inspection) -> str:
    """The checklist as the lines it can be edited in."""
    return rules_checklists.to_text(inspection.checklist)


def answer_table(inspection: Inspection, visits: QuerySet[Visit]) -> tuple[list[str], list[list[Any]]]:
    """All answers of an inspection: a head, and one row a unit."""
    asked = [q for q in rules_checklists.questions(inspection.checklist) if q["kind"] != rules_checklists.NOTE]
    head = [q["label"] for q in asked]
    rows = []
    for visit in visits.filter(inspection=inspection).select_related("unit").prefetch_related("photos"):
        counts: dict[str, int] = {}
        for photo in visit.photos.all():
            counts[photo.question] = counts.get(photo.question, 0) + 1
        values = [
            counts.get(q["code"], 0) if q["kind"] == rules_checklists.PHOTO else _value(q, visit.answers.get(q["code"]))
            for q in asked
        ]
        rows.append([visit.unit.code, visit.unit.name, visit.get_state_display(), *values])
    return head, rows


def _value(q: dict[str, Any], value: Any) -> Any:
    return value if isinstance(value, int | float) else rules_checklists.shown(q, value)


def checklist_workbook(inspection: Inspection) -> bytes:
    """The checklist as an XLSForm workbook."""
    return rules_xlsform.write(inspection.checklist)


def remedies_waiting_for(person: Person) -> QuerySet[Remedy]:
    """Remedies that the person's own units must see to, and reports of units that the person may confirm."""
    own = Unit.objects.filter(pk__in=[g.unit_id for g in grants_of(person) if May.PLAN in GIVES[Role(g.role)]])
    waiting = Q(state__in=[RemedyState.ASKED, RemedyState.REOPENED], finding__visit__unit__in=own)
    held = Inspection.objects.held_by(person).values("pk")
    reported = Q(state=RemedyState.PROPOSED, finding__visit__inspection__in=held) & ~Q(proposed_by=person)
    return Remedy.objects.filter(waiting | reported).order_by("task__due_on")
