"""Questions about consultations: who answered; comments by clause with their answers, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvuso.people.models import Person
from hocvuso.people.queries import may, tops_of_reach
from hocvuso.people.rules import May

from .models import Comment, CommentKind, Consultation, ConsultationState, Invitation, Verdict
from .rules import Tally, tally


@dataclass(frozen=True)
class CommentLine:
    """A comment with its answer, in plain values. `kind` and `verdict` are words; `verdict` empty: not answered."""

    id: str
    unit: str
    kind: str
    text: str
    wording: str
    verdict: str
    why: str


@dataclass(frozen=True)
class ClauseSummary:
    """A clause (no label and text: the whole document) with what was said of it."""

    label: str
    text: str
    tally: Tally
    comments: list[CommentLine]


@dataclass(frozen=True)
class Response:
    """What became of one invitation."""

    unit: str
    due_on: date
    sent_on: date | None
    nothing_to_add: bool
    late: bool


@dataclass(frozen=True)
class Summary:
    """A consultation as its report to the Minister tells it."""

    unit: str
    number: str
    title: str
    about: str
    state: str
    opened_on: date | None
    due_on: date | None
    closed_on: date | None
    reported_on: date | None
    note: str
    invited: int
    answered: int
    nothing_to_add: int
    late: int
    silent: int
    tally: Tally
    clauses: list[ClauseSummary]
    responses: list[Response]


@dataclass(frozen=True)
class SeenPart:
    """What of a consultation a person sees: `whole` for the unit that consults; the invited see their own part.

    `answers`: whether answers to comments are shown; to the invited once all are given.
    """

    whole: bool
    answers: bool
    invitations: QuerySet[Invitation]
    comments: QuerySet[Comment]


def part_of(consultation: Consultation, person: Person) -> SeenPart:
    """What of a consultation a person sees; only comments that were sent."""
    sent = Comment.objects.filter(invitation__consultation=consultation, invitation__sent_on__isnull=False)
    if may(person, May.CONSULT, consultation.unit):
        return SeenPart(True, True, consultation.invitations.all(), sent)
    answers = consultation.state in (ConsultationState.ANSWERED, ConsultationState.REPORTED)
    mine = Invitation.objects.visible_to(person).filter(consultation=consultation)
    return SeenPart(False, answers, mine, sent.filter(pk__in=Comment.objects.visible_to(person).values("pk")))


def summary(consultation: Consultation, *, comments: QuerySet[Comment] | None = None) -> Summary:
    """The summary table grouped by clause, with counts, answers, and who answered; only what was sent.

    `comments` narrows it to what a reader may see.
    """
    responses = [_response(i) for i in consultation.invitations.select_related("unit")]
    sent = Comment.objects.all() if comments is None else comments
    sent = sent.filter(invitation__consultation=consultation, invitation__sent_on__isnull=False)
    found = list(sent.select_related("invitation__unit", "clause").order_by("invitation__unit__path", "created_at"))
    return Summary(
        unit=consultation.unit.name,
        number=consultation.number,
        title=consultation.title,
        about=consultation.about,
        state=consultation.state,
        opened_on=consultation.opened_on,
        due_on=consultation.due_on,
        closed_on=consultation.closed_on,
        reported_on=consultation.reported_on,
        note=consultation.report_note,
        invited=len(responses),
        answered=sum(r.sent_on is not None for r in responses),
        nothing_to_add=sum(r.nothing_to_add for r in responses),
        late=sum(r.late and r.sent_on is not None for r in responses),
        silent=sum(r.sent_on is None for r in responses),
        tally=_tally(found),
        clauses=_by_clause(consultation, found),
        responses=responses,
    )


def _by_clause(consultation: Consultation, found: list[Comment]) -> list[ClauseSummary]:
    by_clause: dict[object, list[Comment]] = {}
    for comment in found:
        by_clause.setdefault(comment.clause_id, []).append(comment)
    whole = by_clause.get(None, [])
    made = [ClauseSummary("", "", _tally(whole), [_line(c) for c in whole])] if whole else []
    return made + [
        ClauseSummary(clause.label, clause.text, _tally(there), [_line(c) for c in there])
        for clause in consultation.clauses.all()
        if (there := by_clause.get(clause.pk))
    ]


def _tally(comments: list[Comment]) -> Tally:
    return tally([(c.kind, c.verdict) for c in comments])


def _line(comment: Comment) -> CommentLine:
    return CommentLine(
        id=str(comment.pk),
        unit=comment.invitation.unit.name,
        kind=str(CommentKind(comment.kind).label),
        text=comment.text,
        wording=comment.wording,
        verdict=str(Verdict(comment.verdict).label) if comment.verdict else "",
        why=comment.why,
    )


def _response(invitation: Invitation) -> Response:
    return Response(
        unit=invitation.unit.name,
        due_on=invitation.due_on,
        sent_on=invitation.sent_on,
        nothing_to_add=invitation.nothing_to_add,
        late=invitation.late_on(timezone.localdate()),
    )


def summary_table(summary: Summary) -> tuple[list[str], list[list[str]]]:
    """The summary as one table: head, and a row a comment."""
    head = [_("Điều, mục"), _("Nội dung dự thảo"), _("Đơn vị"), _("Loại ý kiến"), _("Ý kiến"), _("Lời văn đề xuất")]
    head += [_("Trả lời"), _("Lý do")]
    rows = [
        [clause.label or _("Toàn văn bản"), clause.text, c.unit, c.kind, c.text, c.wording, c.verdict, c.why]
        for clause in summary.clauses
        for c in clause.comments
    ]
    return head, rows


def progress(consultations: QuerySet[Consultation]) -> QuerySet[Consultation]:
    """Consultations with `invited` and `sent`: how many units were asked, and how many answered."""
    return consultations.annotate(
        invited=Count("invitations", distinct=True),
        sent=Count("invitations", filter=Q(invitations__sent_on__isnull=False), distinct=True),
    ).order_by("-created_at")


def alike(comment: Comment) -> list[Comment]:
    """Other sent comments, not answered yet, that say the same of the same clause, whatever the case and the spaces."""
    there = Comment.objects.filter(
        invitation__consultation=comment.invitation.consultation_id,
        invitation__sent_on__isnull=False,
        clause=comment.clause_id,
        kind=comment.kind,
        answered_at=None,
    )
    return [other for other in there.exclude(pk=comment.pk) if _words(other) == _words(comment)]


def _words(comment: Comment) -> tuple[list[str], list[str]]:
    return comment.text.casefold().split(), comment.wording.casefold().split()


def invitations_waiting_for(person: Person) -> QuerySet[Invitation]:
    """Invitations of open consultations that the person's own units (not all beneath them) have not answered."""
    own = tops_of_reach(person, May.CONSULT)
    seen = Invitation.objects.visible_to(person)
    return seen.filter(unit__in=own, sent_on=None, consultation__state=ConsultationState.OPEN).order_by("due_on")


def summary_for(consultation: Consultation, person: Person) -> Summary:
    """The summary as a person may see it: the unit that consults all of it, an invited unit its own part.

    The answers are shown to the invited once all are given.
    """
    part = part_of(consultation, person)
    made = summary(consultation, comments=part.comments)
    if part.whole:
        return made
    names = set(part.invitations.values_list("unit__name", flat=True))
    made = replace(made, responses=[r for r in made.responses if r.unit in names], note="")
    if part.answers:
        return made
    clauses = [_without_answers(clause) for clause in made.clauses]
    return replace(made, clauses=clauses, tally=_unanswered(made.tally))


def _without_answers(clause: ClauseSummary) -> ClauseSummary:
    lines = [replace(line, verdict="", why="") for line in clause.comments]
    return replace(clause, comments=lines, tally=_unanswered(clause.tally))


def _unanswered(told: Tally) -> Tally:
    return replace(told, accepted=0, partly=0, no=0, explained=0, unanswered=told.change + told.question)


def reports_waiting_for(person: Person) -> QuerySet[Consultation]:
    """Consultations of the person's own units, all settled by somebody else, that are to be reported."""
    settled = Consultation.objects.filter(unit__in=tops_of_reach(person, May.CONSULT), state=ConsultationState.ANSWERED)
    return settled.exclude(answered_by=person).order_by("created_at")
