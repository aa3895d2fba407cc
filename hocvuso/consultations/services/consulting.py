"""Verbs on consultations: prepare, split, invite, open, close, open again, answer, report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import apart, journal
from hocvuso.base.errors import FixedNow, NeedsTitle, NeedsWords, NotAllowed, Refusal, TwoEyes
from hocvuso.base.states import check_move
from hocvuso.base.versions import Stale, expect
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit
from hocvuso.units.queries import NotAddressable, addressing_unit

from .. import rules_docx
from ..models import Clause, Comment, CommentQuerySet, Consultation, ConsultationState, Invitation, Verdict
from ..rules import MOVES, VERDICTS, CommentKind, Piece, split

MOST_CLAUSES = 2000
CUT = "---"


class BadDocument(Refusal):
    """The file is no .docx that can be read."""

    code = "bad-document"
    says = _("Không đọc được tệp này. Hãy gửi tệp Word (.docx), không quá 10 MB.")


class TooLong(Refusal):
    """The document has more clauses than a consultation holds."""

    code = "too-long"
    says = _("Văn bản có quá nhiều mục (hơn 2.000).")


class NoClauses(Refusal):
    """Nothing to comment on."""

    code = "no-clauses"
    says = _("Chưa có văn bản để lấy ý kiến.")


class NobodyInvited(Refusal):
    """Nobody to ask."""

    code = "nobody-invited"
    says = _("Chưa mời đơn vị nào.")


class NeedsDueDay(Refusal):
    """A consultation is open until a day that is still to come."""

    code = "needs-due-day"
    says = _("Hãy ghi hạn góp ý, từ hôm nay trở đi.")


class Unanswered(Refusal):
    """Some comments have no answer."""

    code = "unanswered"
    says = _("Còn %(n)s ý kiến chưa có trả lời.")


class NeedsWhy(Refusal):
    """What is not taken over, or only in part, is explained; so is what was asked."""

    code = "needs-why"
    says = _("Hãy nêu lý do khi không tiếp thu hoặc chỉ tiếp thu một phần, và giải trình khi trả lời câu hỏi.")


class WrongAnswer(Refusal):
    """The answer does not fit what the comment says."""

    code = "wrong-answer"
    says = _(
        "Đề nghị sửa thì trả lời tiếp thu, tiếp thu một phần hoặc không tiếp thu; "
        "câu hỏi thì trả lời đã giải trình; nhất trí thì không cần trả lời."
    )


class NothingChosen(Refusal):
    """No comment was chosen, or no answer."""

    code = "nothing-chosen"
    says = _("Hãy chọn ý kiến và cách trả lời.")


@transaction.atomic
def draft(*, unit: Unit, by: Person, title: str, **fields: Any) -> Consultation:
    """Prepare a consultation. `fields`: number, about, due_on. Raises NotAllowed, NeedsTitle."""
    if not may(by, May.CONSULT, unit):
        raise NotAllowed
    if not title.strip():
        raise NeedsTitle(field="title")
    made = Consultation.objects.create(unit=unit, written_by=by, title=title.strip(), **fields)
    journal.write("consultation.drafted", made, by=by, title=made.title, unit=unit.code)
    return made


@transaction.atomic
def edit(
    *, consultation: Consultation, by: Person, title: str, version: int | None = None, **fields: Any
) -> Consultation:
    """Change the head of a consultation that is not open yet. Raises NotAllowed, FixedNow, Stale, NeedsTitle."""
    held = locked(consultation, by, state=ConsultationState.DRAFT)
    expect(held, version, by=by)
    if not title.strip():
        raise NeedsTitle(field="title")
    for name, value in {"title": title.strip(), **fields}.items():
        setattr(held, name, value)
    held.save()
    journal.write("consultation.edited", held, by=by, title=held.title)
    return held


def set_document(
    *, consultation: Consultation, by: Person, text: str = "", file: bytes = b"", version: int | None = None
) -> int:
    """Split a document (pasted, or a .docx) into clauses, in place of what was there; returns how many.

    Raises NotAllowed, FixedNow, Stale, BadDocument, NeedsWords, TooLong.
    """
    if not may(by, May.CONSULT, consultation.unit):
        raise NotAllowed
    pieces = _pieces(file) if file else split(text)  # while nothing is locked: this may take its time
    with transaction.atomic():
        held = locked(consultation, by, state=ConsultationState.DRAFT)
        expect(held, version, by=by)
        if not pieces:
            raise NeedsWords(field="text")
        _replace_clauses(held, pieces, by)
    return len(pieces)


def _pieces(file: bytes) -> list[Piece]:
    """The clauses of a .docx, read apart. Raises BadDocument."""
    try:
        lines = rules_docx.lines_of(apart.read(rules_docx.told, file))
    except apart.Unread as error:
        raise BadDocument(field="file") from error
    return split(lines.text, headings=lines.headings)


def _replace_clauses(held: Consultation, pieces: list[Piece], by: Person) -> None:
    if len(pieces) > MOST_CLAUSES:
        raise TooLong(field="text")
    held.clauses.all().delete()
    Clause.objects.bulk_create(
        [
            Clause(consultation=held, position=n, label=piece.label[:120], text=piece.text, depth=piece.depth)
            for n, piece in enumerate(pieces, 1)
        ],
        batch_size=500,
    )
    journal.write("consultation.document", held, by=by, clauses=len(pieces))


@transaction.atomic
def edit_clause(*, clause: Clause, label: str, text: str, by: Person, version: int | None = None) -> list[Clause]:
    """Change a clause before the consultation opens. A line `---` cuts it; no text at all takes it away.

    `version` is that of the clause: two people may mend two clauses. Raises NotAllowed, FixedNow, Stale.
    """
    held = locked(clause.consultation, by, state=ConsultationState.DRAFT)
    clause = _next(held, clause, version, by)
    parts = [part.strip() for part in "\n".join(line.rstrip() for line in text.splitlines()).split(f"\n{CUT}\n")]
    parts = [part for part in parts if part and part != CUT]
    if len(parts) > 1:
        later = held.clauses.filter(position__gt=clause.position)
        later.update(position=F("position") + len(parts) - 1)
    if not parts:
        clause.delete()
    made = []
    for n, part in enumerate(parts):
        one = clause if n == 0 else Clause(consultation=held, depth=clause.depth, position=clause.position + n)
        one.text = part
        one.label = label.strip()[:120] if n == 0 else next((p.label for p in split(part)[:1]), "")[:120]
        one.save()
        made.append(one)
    journal.write("consultation.clause", held, by=by, position=clause.position, parts=len(parts))
    return made


@transaction.atomic
def merge_up(*, clause: Clause, by: Person, version: int | None = None) -> Clause:
    """Join a clause to the one before it, before the consultation opens; the first stays. `version` is the clause's.

    Raises NotAllowed, FixedNow, Stale.
    """
    held = locked(clause.consultation, by, state=ConsultationState.DRAFT)
    clause = _next(held, clause, version, by)
    before = held.clauses.filter(position__lt=clause.position).order_by("-position").first()
    if before is None:
        return clause
    expect(before, None, by=by)
    before.text = f"{before.text}\n{clause.text}"
    before.save(update_fields=["text"])
    clause.delete()
    journal.write("consultation.merged", held, by=by, position=clause.position)
    return before


@transaction.atomic
def invite(
    *,
    consultation: Consultation,
    units: Iterable[Unit],
    by: Person,
    due_on: date | None = None,
    version: int | None = None,
) -> int:
    """Ask units for comments, before or while it is open; those asked before stay. Returns how many are new.

    Raises NotAllowed, FixedNow, Stale, NeedsDueDay, NotAddressable.
    """
    held = locked(consultation, by)
    if held.state not in (ConsultationState.DRAFT, ConsultationState.OPEN):
        raise FixedNow(state=ConsultationState(held.state).label)
    expect(held, version, by=by)
    due = due_on or held.due_on
    if due is None or due < timezone.localdate():
        raise NeedsDueDay(field="due_on")
    root = addressing_unit(held.unit).tree_path.ancestors[0]
    chosen = list(units)
    if any(not unit.path.startswith(root) or unit.pk == held.unit_id for unit in chosen):
        raise NotAddressable(field="units")
    asked = set(held.invitations.values_list("unit", flat=True))
    new = [Invitation(consultation=held, unit=u, due_on=due) for u in chosen if u.pk not in asked]
    Invitation.objects.bulk_create(new, batch_size=500)
    journal.write("consultation.invited", held, by=by, units=len(new), due_on=due)
    return len(new)


@transaction.atomic
def uninvite(*, invitation: Invitation, by: Person, version: int | None = None) -> None:
    """Take an invitation back, before the consultation opens. Raises NotAllowed, FixedNow, Stale."""
    held = locked(invitation.consultation, by, state=ConsultationState.DRAFT)
    expect(held, version, by=by)
    journal.write("consultation.uninvited", held, by=by, unit=invitation.unit_id)
    invitation.delete()


@transaction.atomic
def open_consultation(
    *,
    consultation: Consultation,
    by: Person,
    due_on: date | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Consultation:
    """Send it out: document and list of units are there, and a due day to come.

    Or take comments again until `due_on`: who sent keeps what they sent, nobody's due day is drawn nearer.
    """
    held = locked(consultation, by)
    expect(held, version, by=by)
    check_move(MOVES, now=ConsultationState(held.state), to=ConsultationState.OPEN)
    if not held.clauses.exists():
        raise NoClauses
    if not held.invitations.exists():
        raise NobodyInvited
    held.due_on = due_on or held.due_on
    if held.due_on is None or held.due_on < timezone.localdate(at):
        raise NeedsDueDay(field="due_on")
    if held.opened_on:
        held.invitations.filter(sent_on=None, due_on__lt=held.due_on).update(due_on=held.due_on)
    held.opened_on, held.closed_on = held.opened_on or timezone.localdate(at), None
    return _moved(held, ConsultationState.OPEN, by, due_on=held.due_on)


@transaction.atomic
def close(
    *, consultation: Consultation, by: Person, version: int | None = None, at: datetime | None = None
) -> Consultation:
    """No more comments from now on. What units wrote but did not send stays with them."""
    held = locked(consultation, by)
    expect(held, version, by=by)
    check_move(MOVES, now=ConsultationState(held.state), to=ConsultationState.CLOSED)
    held.closed_on = timezone.localdate(at)
    return _moved(held, ConsultationState.CLOSED, by)


@transaction.atomic
def answer(
    *,
    consultation: Consultation,
    comments: Iterable[Comment],
    verdict: str,
    why: str,
    by: Person,
    seen: Mapping[UUID, int] | None = None,
    at: datetime | None = None,
) -> int:
    """Answer one comment or many of the same kind at once; the last answer holds, until all are answered and closed.

    `seen`: the versions in which comments were seen; where one was answered anew since, none is answered.
    Raises NotAllowed, FixedNow, NothingChosen, NeedsWhy, WrongAnswer, Stale.
    """
    held = locked(consultation, by)
    if held.state not in (ConsultationState.OPEN, ConsultationState.CLOSED):
        raise FixedNow(state=ConsultationState(held.state).label)
    if verdict not in Verdict.values:
        raise NothingChosen(field="verdict")
    if verdict != Verdict.ACCEPTED and not why.strip():
        raise NeedsWhy(field="why")
    keys = [comment.pk for comment in comments]
    sent = Comment.objects.filter(pk__in=keys, invitation__consultation=held, invitation__sent_on__isnull=False)
    if any(verdict not in VERDICTS[CommentKind(kind)] for kind in set(sent.values_list("kind", flat=True))):
        raise WrongAnswer(field="verdict")
    _check_seen(sent, seen or {})
    answered = {"verdict": verdict, "why": why.strip()[:2000], "answered_by": by, "answered_at": at or timezone.now()}
    count = sent.update(**answered, version=F("version") + 1)
    if not count:
        raise NothingChosen(field="comments")
    journal.write("consultation.answered", held, by=by, comments=keys, verdict=verdict)
    return count


def _check_seen(comments: CommentQuerySet, seen: Mapping[UUID, int]) -> None:
    for comment in comments.filter(pk__in=seen).select_for_update(of=("self",)).order_by("pk"):
        if comment.version != seen[comment.pk]:
            raise Stale(comment)


@transaction.atomic
def finish_answers(*, consultation: Consultation, by: Person, version: int | None = None) -> Consultation:
    """All comments have their answers; they are fixed, and the invited see them."""
    held = locked(consultation, by)
    expect(held, version, by=by)
    check_move(MOVES, now=ConsultationState(held.state), to=ConsultationState.ANSWERED)
    sent = Comment.objects.filter(invitation__consultation=held, invitation__sent_on__isnull=False)
    left = sent.unanswered().count()
    if left:
        raise Unanswered(n=left)
    held.answered_by = by
    return _moved(held, ConsultationState.ANSWERED, by)


@transaction.atomic
def report(
    *,
    consultation: Consultation,
    by: Person,
    note: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Consultation:
    """Report to the Minister: somebody other than the one who closed the answers stands for it."""
    held = locked(consultation, by)
    expect(held, version, by=by)
    check_move(MOVES, now=ConsultationState(held.state), to=ConsultationState.REPORTED)
    if held.answered_by_id == by.pk:
        raise TwoEyes
    held.reported_by, held.reported_on, held.report_note = by, timezone.localdate(at), note.strip()
    return _moved(held, ConsultationState.REPORTED, by)


def locked(consultation: Consultation, by: Person, *, state: ConsultationState | None = None) -> Consultation:
    """The row, locked, for somebody who consults at its unit. Raises NotAllowed, FixedNow."""
    rows = Consultation.objects.select_for_update(of=("self",)).select_related("unit__parent")
    held = rows.get(pk=consultation.pk)
    if not may(by, May.CONSULT, held.unit):
        raise NotAllowed
    if state is not None and held.state != state:
        raise FixedNow(state=ConsultationState(held.state).label)
    return held


def _next(held: Consultation, clause: Clause, version: int | None, by: Person) -> Clause:
    """The clause, locked and begun as its next version; so is the consultation, for whoever sends it out."""
    now = held.clauses.select_for_update(of=("self",)).filter(pk=clause.pk).first()
    if now is None:
        raise Stale(held)
    expect(now, version, by=by)
    expect(held, None, by=by)
    return now


def _moved(held: Consultation, to: ConsultationState, by: Person, **data: Any) -> Consultation:
    before, held.state = held.state, to
    held.save()
    journal.write("consultation.moved", held, by=by, before=before, after=to, **data)
    return held
