"""Consultations: listed, one with its clauses; who was asked; comments with their answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Schema

from hocvuso.consultations import queries as consulting
from hocvuso.consultations.models import Comment, Consultation, Invitation
from hocvuso.consultations.rules import CommentKind, ConsultationState
from hocvuso.people.models import Person

from .common import Listing, Page, Scope, account_of, api, filled, paged

TAGS = ["consultations"]


class ConsultationRow(Schema):
    id: UUID
    unit: str
    number: str
    title: str
    state: ConsultationState
    due_on: date | None
    opened_on: date | None
    closed_on: date | None
    reported_on: date | None
    invited: int
    sent: int


def _visible(account: Person) -> QuerySet[Consultation]:
    return consulting.progress(Consultation.objects.visible_to(account)).select_related("unit").order_by("-pk")


@api.get("/consultations", response=Page[ConsultationRow], summary="Consultations", tags=TAGS)
def consultations(
    request: HttpRequest, asked: Query[Listing], state: ConsultationState | None = None
) -> Page[ConsultationRow]:
    """Consultations held in reach or to which units in reach are invited, the latest first; `unit` is the one that
    asks.
    """
    found = asked.made_since(asked.of_unit(_visible(account_of(request, Scope.CONSULTATIONS_READ))))
    if state:
        found = found.filter(state=state)
    return paged(found, asked.page, lambda c: filled(ConsultationRow, c, unit=c.unit.code))


class ClauseRow(Schema):
    id: UUID
    position: int
    label: str
    text: str
    depth: int


class ConsultationDetail(ConsultationRow):
    about: str
    report_note: str
    clauses: list[ClauseRow]


@api.get("/consultations/{consultation}", response=ConsultationDetail, summary="One consultation", tags=TAGS)
def consultation_detail(request: HttpRequest, consultation: UUID) -> ConsultationDetail:
    """A consultation with the clauses of its document. The note of the report is shown to the unit that asks."""
    account = account_of(request, Scope.CONSULTATIONS_READ)
    found = get_object_or_404(_visible(account), pk=consultation)
    return filled(
        ConsultationDetail,
        found,
        unit=found.unit.code,
        report_note=found.report_note if consulting.part_of(found, account).whole else "",
        clauses=[filled(ClauseRow, clause) for clause in found.clauses.all()],
    )


def _part(request: Any, consultation: UUID) -> consulting.SeenPart:
    account = account_of(request, Scope.CONSULTATIONS_READ)
    found = Consultation.objects.visible_to(account).select_related("unit")
    return consulting.part_of(get_object_or_404(found, pk=consultation), account)


class InvitationRow(Schema):
    id: UUID
    unit: str
    due_on: date
    sent_on: date | None
    nothing_to_add: bool
    late: bool


@api.get("/consultations/{consultation}/invitations", response=Page[InvitationRow], summary="Who was asked", tags=TAGS)
def invitations(request: HttpRequest, consultation: UUID, page: int = 1) -> Page[InvitationRow]:
    """Invited units and whether they answered: all of them for the unit that asks, else one's own."""
    found = _part(request, consultation).invitations.select_related("unit").order_by("unit__path")
    return paged(found, page, _invitation_row)


def _invitation_row(invitation: Invitation) -> InvitationRow:
    late = invitation.late_on(timezone.localdate())
    return filled(InvitationRow, invitation, unit=invitation.unit.code, late=late)


class CommentRow(Schema):
    id: UUID
    unit: str
    clause: UUID | None
    kind: CommentKind
    text: str
    wording: str
    made_at: datetime
    verdict: str
    why: str


@api.get("/consultations/{consultation}/comments", response=Page[CommentRow], summary="Comments and answers", tags=TAGS)
def comments(request: HttpRequest, consultation: UUID, page: int = 1) -> Page[CommentRow]:
    """What was sent, by unit and clause (null: the whole), with the answers: all of it for the unit that asks; for the
    invited their own, answered once all answers are given. `verdict`: accepted, partly or no for a proposal, explained
    for a question, empty until given and for an agreement, which needs none.
    """
    part = _part(request, consultation)
    found = part.comments.select_related("invitation__unit").order_by("invitation__unit__path", "pk")
    return paged(found, page, lambda comment: _comment_row(comment, answered=part.answers))


def _comment_row(comment: Comment, *, answered: bool) -> CommentRow:
    hidden = {} if answered else {"verdict": "", "why": ""}
    unit = comment.invitation.unit.code
    return filled(CommentRow, comment, unit=unit, clause=comment.clause_id, made_at=comment.created_at, **hidden)
