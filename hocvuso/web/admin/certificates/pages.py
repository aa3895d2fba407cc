"""Certificates: found by what stands on them, suspended, restored, revoked. Of the holder nothing is shown."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import IllegalMove, Refusal
from hocvuso.credentials import services
from hocvuso.credentials.models import Credential
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import staff

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
LONGEST = 2000  # of what is pasted: an id, or the address of a public page
ACTS = {"suspend": services.suspend, "restore": services.restore, "revoke": services.revoke}
State = Credential.State
OPEN_TO = {State.ISSUED: ["suspend", "revoke"], State.SUSPENDED: ["restore", "revoke"], State.REVOKED: []}


@staff(May.REVOKE)
def find(request: PersonRequest) -> HttpResponse:
    """The certificate whose id stands in what was pasted, and what can be done with it."""
    typed = request.GET.get("ma", "").strip()[:LONGEST]
    pasted = _ID.search(typed)
    found = _all(request).filter(pk=UUID(pasted[0])).first() if pasted else None
    return _page(request, found, typed=typed)


@staff(May.REVOKE)
@require_POST
def move(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Suspend, restore or revoke, for a reason that the journal keeps."""
    found = get_object_or_404(_all(request), pk=pk)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        moved = act(credential=found, reason=reason, by=request.user)
    except Refusal as refusal:
        status = 409 if isinstance(refusal, IllegalMove) else 400
        return _page(request, _all(request).get(pk=pk), typed=str(pk), refusal=refusal, reason=reason, status=status)
    messages.success(request, _("Chứng nhận nay: %(state)s.") % {"state": moved.get_state_display()})
    return redirect(f"{reverse('certificate-acts')}?ma={pk}")


def _all(request: PersonRequest) -> QuerySet[Credential]:
    return Credential.objects.answered_for_by(request.user).select_related("edition", "key")


def _page(
    request: PersonRequest,
    found: Credential | None,
    *,
    typed: str,
    refusal: Refusal | None = None,
    reason: str = "",
    status: int = 200,
) -> HttpResponse:
    acts = OPEN_TO[State(found.state)] if found else []
    context = {"found": found, "typed": typed, "acts": acts, "refusal": refusal, "reason": reason}
    return render(request, "admin/certificates/certificates.html", context, status=status)
