"""What takes two: one asks, saying why; another with the same right confirms it, or it is declined or taken back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import NeedsReason, Refusal, TwoEyes
from hocvuso.base.states import check_move

from ..models import Person, TwoPersonRequest
from ..rules import ASKED_MOVES, Asked


class AlreadyAsked(Refusal):
    """One request about the same thing waits already."""

    code = "already-asked"
    says = _("Đã có một đề nghị đang chờ người thứ hai xác nhận.")


@transaction.atomic
def ask[R: TwoPersonRequest](*, request: R, by: Person) -> R:
    """Keep a new request (what it is about and its reason are set). Raises NeedsReason, AlreadyAsked."""
    request.reason, request.asked_by = request.reason.strip()[:300], by
    if not request.reason:
        raise NeedsReason(field="reason")
    if type(request).objects.filter(**request.same_subject(), state=Asked.OPEN).exists():
        raise AlreadyAsked
    request.save(force_insert=True)
    journal.write(f"{request.word}.asked", request, by=by, reason=request.reason, **request.told())
    return request


def decide[R: TwoPersonRequest](*, request: R, to: Asked, by: Person) -> R:
    """Close a request, in the transaction of what follows. Nobody confirms their own. Raises TwoEyes, IllegalMove."""
    locked = type(request).objects.select_for_update().get(pk=request.pk)
    check_move(ASKED_MOVES, now=Asked(locked.state), to=to)
    if to == Asked.CONFIRMED and locked.asked_by_id == by.pk:
        raise TwoEyes
    locked.state, locked.decided_by, locked.decided_at = to, by, timezone.now()
    locked.save(update_fields=["state", "decided_by", "decided_at"])
    journal.write(f"{request.word}.{to}", locked, by=by, **locked.told())
    return locked
