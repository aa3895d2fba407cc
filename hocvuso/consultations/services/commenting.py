"""Verbs of an invited unit: comment by clause, take back, send, or say that there is nothing to add."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import FixedNow, NeedsWords, NotAllowed, Refusal
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from ..models import Clause, Comment, CommentKind, ConsultationState, Invitation

MOST_COMMENTS = 500


class SentAlready(Refusal):
    """The unit's comments were sent."""

    code = "sent-already"
    says = _("Đơn vị đã gửi góp ý; không sửa được nữa.")


class NothingToSend(Refusal):
    """There is no comment yet."""

    code = "nothing-to-send"
    says = _("Chưa có ý kiến nào. Nếu đơn vị nhất trí hoàn toàn, hãy chọn “Không có ý kiến”.")


class CommentsThere(Refusal):
    """“Nothing to add” and comments exclude each other."""

    code = "comments-there"
    says = _("Đơn vị đã ghi ý kiến. Hãy bỏ các ý kiến đó trước, hoặc gửi góp ý.")


class TooManyComments(Refusal):
    """A unit writes so many comments and no more."""

    code = "too-many-comments"
    says = _("Mỗi đơn vị ghi tối đa 500 ý kiến cho một văn bản.")


@transaction.atomic
def comment(
    *, invitation: Invitation, clause: Clause | None, kind: str, by: Person, text: str = "", wording: str = ""
) -> Comment:
    """Write a comment on a clause or on the whole; seen by others once the unit sends."""
    held = _locked(invitation, by)
    if clause is not None and clause.consultation_id != held.consultation_id:
        raise NotAllowed
    if kind not in CommentKind.values:
        raise NeedsWords(field="kind")
    if kind != CommentKind.AGREE and not text.strip() and not wording.strip():
        raise NeedsWords(field="text")
    if held.comments.count() >= MOST_COMMENTS:
        raise TooManyComments(field="text")
    made = Comment.objects.create(
        invitation=held, clause=clause, kind=kind, text=text.strip()[:4000], wording=wording.strip()[:8000], by=by
    )
    journal.write("comment.written", made, by=by, unit=held.unit_id, kind=kind)
    return made


@transaction.atomic
def withdraw(*, comment: Comment, by: Person) -> None:
    """Remove a comment that was not sent yet."""
    _locked(comment.invitation, by)
    journal.write("comment.taken-back", comment, by=by)
    comment.delete()


@transaction.atomic
def send(*, invitation: Invitation, by: Person, nothing_to_add: bool = False, at: datetime | None = None) -> Invitation:
    """Send the unit's comments, or say that it has none. Past the due day it is late, and stays so."""
    held = _locked(invitation, by)
    count = held.comments.count()
    if nothing_to_add and count:
        raise CommentsThere
    if not nothing_to_add and not count:
        raise NothingToSend
    held.sent_on, held.sent_by, held.nothing_to_add = timezone.localdate(at), by, nothing_to_add
    held.save(update_fields=["sent_on", "sent_by", "nothing_to_add"])
    journal.write("comments.sent", held, by=by, comments=count, late=held.sent_on > held.due_on)
    return held


def _locked(invitation: Invitation, by: Person) -> Invitation:
    """The row, locked, for somebody of the unit; who asks does not answer for the asked."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("unit", "consultation__unit")
    held = rows.get(pk=invitation.pk)
    if not may(by, May.CONSULT, held.unit) or may(by, May.CONSULT, held.consultation.unit):
        raise NotAllowed
    if held.consultation.state != ConsultationState.OPEN:
        raise FixedNow(state=ConsultationState(held.consultation.state).label)
    if held.sent_on is not None:
        raise SentAlready
    return held
