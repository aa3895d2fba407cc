"""What takes two: one asks, saying why; another with the same right confirms it, or it is declined or taken back.

Two accounts are two people only if neither gave the other the right, and the second had it before the first asked. What
this cannot see is somebody who may give roles and gave them, beforehand, to two helpers: the journal tells of that.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import NeedsReason, Refusal, TwoEyes
from hocvuso.base.states import check_move

from ..models import Person, TwoPersonRequest
from ..queries import grants_giving
from ..rules import ASKED_MOVES, Asked


class AlreadyAsked(Refusal):
    """One request about the same thing waits already."""

    code = "already-asked"
    says = _("Đã có một đề nghị đang chờ người thứ hai xác nhận.")


class AskerLeft(Refusal):
    """Whoever asked does not hold the right any more: nobody is left who asks."""

    code = "asker-left"
    says = _("Người đề nghị không còn quyền này. Nếu vẫn cần, hãy đề nghị lại.")


class NotIndependent(Refusal):
    """The right of one of the two comes from the other, or the second one was given it since the request."""

    code = "not-independent"
    says = _(
        "Hai người cần có quyền này độc lập với nhau: không do người kia giao, và người xác nhận đã có trước khi có "
        "đề nghị. Hãy nhờ một người khác xác nhận."
    )


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
    """Close a request, in the transaction of what follows. Nobody confirms their own.

    Raises TwoEyes, AskerLeft, NotIndependent, IllegalMove.
    """
    locked = type(request).objects.select_for_update().get(pk=request.pk)
    check_move(ASKED_MOVES, now=Asked(locked.state), to=to)
    if to == Asked.CONFIRMED:
        _check_two(locked, by)
    return _close(locked, to, by)


def close_lapsed(*, asked_by: Person | None = None) -> int:
    """Close the open requests (of one person) whose asker lost the right; returns how many."""
    count = 0
    for kind in TwoPersonRequest.__subclasses__():
        waiting = kind.objects.filter(state=Asked.OPEN, **({"asked_by": asked_by} if asked_by else {}))
        for request in waiting.select_for_update(of=("self",)).select_related("asked_by"):
            if not grants_giving(request.asked_by, request.permission, request.owner()):
                _close(request, Asked.LAPSED, None)
                count += 1
    return count


def _check_two(request: TwoPersonRequest, by: Person) -> None:
    if request.asked_by_id == by.pk:
        raise TwoEyes
    asking, confirming = (grants_giving(who, request.permission, request.owner()) for who in (request.asked_by, by))
    if not asking:
        raise AskerLeft
    first = any(grant.granted_by_id != by.pk for grant in asking)
    second = any(g.granted_by_id != request.asked_by_id and g.created_at < request.created_at for g in confirming)
    if not (first and second):
        raise NotIndependent


def _close[R: TwoPersonRequest](request: R, to: Asked, by: Person | None) -> R:
    request.state, request.decided_by, request.decided_at = to, by, timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])
    journal.write(f"{request.word}.{to}", request, by=by, **request.told())
    return request
