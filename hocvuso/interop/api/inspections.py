"""Inspections: listed, one with its conclusion, its visits with answers, findings and remedies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Schema

from hocvuso.inspections import queries as inspecting
from hocvuso.inspections.models import Finding, Inspection, Remedy, Visit
from hocvuso.inspections.rules import InspectionState, RemedyState, Severity, VisitState, remedy_late
from hocvuso.people.models import Person

from .common import Listing, Page, Scope, account_of, api, filled, paged

TAGS = ["inspections"]


class InspectionRow(Schema):
    id: UUID
    unit: str
    number: str
    title: str
    state: InspectionState
    starts_on: date | None
    ends_on: date | None
    concluded_on: date | None
    closed_on: date | None
    visits: int
    finished_visits: int


@api.get("/inspections", response=Page[InspectionRow], summary="Inspections", tags=TAGS)
def inspections(
    request: HttpRequest, asked: Query[Listing], state: InspectionState | None = None
) -> Page[InspectionRow]:
    """Inspections issued in reach or that come to units in reach, the latest first; `unit` is the one that inspects."""
    found = asked.made_since(asked.of_unit(_visible(account_of(request, Scope.INSPECTIONS_READ))))
    if state:
        found = found.filter(state=state)
    return paged(found.order_by("-pk"), asked.page, lambda i: filled(InspectionRow, i, **_counts(i)))


def _visible(account: Person) -> QuerySet[Inspection]:
    return inspecting.counted(Inspection.objects.visible_to(account)).select_related("unit")


def _counts(found: Any) -> dict[str, Any]:
    return {"unit": found.unit.code, "visits": found.all_visits, "finished_visits": found.done_visits}


class InspectionDetail(InspectionRow):
    basis: str
    conclusion: str
    findings: int
    open_remedies: int


@api.get("/inspections/{inspection}", response=InspectionDetail, summary="One inspection", tags=TAGS)
def inspection_detail(request: HttpRequest, inspection: UUID) -> InspectionDetail:
    """An inspection with its conclusion, once that is issued; how many findings in reach, how many remedies open."""
    account = account_of(request, Scope.INSPECTIONS_READ)
    found = get_object_or_404(_visible(account), pk=inspection)
    findings = Finding.objects.visible_to(account).filter(visit__inspection=found)
    return filled(
        InspectionDetail,
        found,
        conclusion=found.conclusion if found.concluded_on else "",
        findings=findings.count(),
        open_remedies=findings.exclude(remedy=None).exclude(remedy__state=RemedyState.VERIFIED).count(),
        **_counts(found),
    )


class AnswerRow(Schema):
    question: str
    label: str
    kind: str
    answer: str
    words: str
    photos: int


class RemedyRow(Schema):
    task: UUID
    title: str
    due_on: date | None
    state: RemedyState
    late: bool
    proposed_on: date | None
    verified_on: date | None


class FindingRow(Schema):
    id: UUID
    text: str
    severity: Severity
    evidence: str
    remedy: RemedyRow | None


class VisitRow(Schema):
    id: UUID
    unit: str
    state: VisitState
    finished_at: datetime | None
    answers: list[AnswerRow]
    findings: list[FindingRow]


@api.get(
    "/inspections/{inspection}/visits", response=Page[VisitRow], summary="Visits with answers and findings", tags=TAGS
)
def visits(request: HttpRequest, inspection: UUID, page: int = 1) -> Page[VisitRow]:
    """Visits in reach by unit: what was answered, what was found, what is to be put right and whether it is late."""
    account = account_of(request, Scope.INSPECTIONS_READ)
    found = get_object_or_404(Inspection.objects.visible_to(account), pk=inspection)
    findings = Prefetch("findings", Finding.objects.select_related("remedy__task"))
    shown = Visit.objects.visible_to(account).filter(inspection=found).select_related("unit", "inspection")
    return paged(shown.prefetch_related("photos", findings).order_by("unit__path"), page, _visit_row)


def _visit_row(visit: Visit) -> VisitRow:
    answers = [_answer_row(line) for part in inspecting.answered(visit) for line in part.answered]
    findings = [filled(FindingRow, f, remedy=_remedy_row(f)) for f in visit.findings.all()]
    return filled(VisitRow, visit, unit=visit.unit.code, answers=answers, findings=findings)


def _answer_row(line: inspecting.Answered) -> AnswerRow:
    return AnswerRow(
        question=line.question["code"],
        label=line.question["label"],
        kind=line.question["kind"],
        answer=str(line.value),
        words=line.words,
        photos=len(line.photos),
    )


def _remedy_row(finding: Finding) -> RemedyRow | None:
    remedy: Remedy | None = getattr(finding, "remedy", None)
    if remedy is None:
        return None
    due, today = remedy.task.due_on, timezone.localdate()
    late = remedy_late(due_on=due, proposed_on=remedy.proposed_on, state=remedy.state, today=today)
    return filled(RemedyRow, remedy, task=remedy.task_id, title=remedy.task.title, due_on=due, late=late)
