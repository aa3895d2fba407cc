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

from hocvuso.credentials import services
from hocvuso.credentials.models import Credential, RevocationRequest
from hocvuso.people.rules import Asked, May

from ...kit.auth import PersonRequest
from ...kit.gate import proven_lately, staff
from . import forms

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ACTS = {
    "suspend": services.suspend,
    "restore": services.restore,
    "revoke": services.ask_revocation,
    "lift": services.ask_lifting,
}
DECISIONS = {"confirm": services.confirm, "decline": services.decline}
State = Credential.State
OPEN_TO = {
    State.ISSUED: ["suspend", "revoke"],
    State.SUSPENDED: ["restore", "revoke"],
    State.REVOKED: ["lift"],
}  # nothing, once superseded


@staff(May.REVOKE)
def find(request: PersonRequest) -> HttpResponse:
    """The certificate whose id stands in what was pasted, and what can be done with it."""
    form = forms.CertificateFilter.of(request)
    pasted = _ID.search(form.asked["pasted"])
    found = _all(request).filter(pk=UUID(pasted[0])).first() if pasted else None
    return _page(request, form, forms.CertificateMoveForm(), found)


@staff(May.REVOKE)
@require_POST
@proven_lately
def move(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Suspend, restore or revoke, for a reason that the journal keeps."""
    found = get_object_or_404(_all(request), pk=pk)
    moving = forms.CertificateMoveForm.of(request)
    act = ACTS.get(moving["act"].data)
    if act is None:
        raise Http404
    if moving.attempt(act, credential=found, by=request.user):
        messages.success(request, _said(moving.done))
        return redirect(reverse("certificate-acts", query={"ma": pk}))
    return _page(request, forms.CertificateFilter({"ma": str(pk)}), moving, _all(request).get(pk=pk))


def _said(done: Credential | RevocationRequest) -> str:
    if isinstance(done, RevocationRequest):
        return _("Đã gửi đề nghị. Một người khác có quyền này cần xác nhận.")
    return _("Chứng nhận nay: %(state)s.") % {"state": done.get_state_display()}


@staff(May.REVOKE)
@require_POST
@proven_lately
def decide(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Confirm what another person asked, or leave the certificate as it is."""
    asked = RevocationRequest.objects.filter(state=Asked.OPEN, credential__in=_all(request))
    found = get_object_or_404(asked.select_related("credential__unit"), pk=pk)
    deciding = forms.DecisionForm.of(request)
    act = DECISIONS.get(deciding["act"].data)
    if act is None:
        raise Http404
    if deciding.attempt(act, request=found, by=request.user):
        done = _("Chứng nhận để nguyên như cũ.") if act is services.decline else _said(deciding.done)
        messages.success(request, done)
        return redirect(reverse("certificate-acts", query={"ma": found.credential_id}))
    filled = forms.CertificateFilter({"ma": str(found.credential_id)})
    return _page(request, filled, deciding, _all(request).get(pk=found.credential_id))


def _all(request: PersonRequest) -> QuerySet[Credential]:
    return Credential.objects.answered_for_by(request.user).select_related("edition", "key")


def _page(
    request: PersonRequest,
    form: forms.CertificateFilter,
    moving: forms.CertificateMoveForm | forms.DecisionForm,
    found: Credential | None,
) -> HttpResponse:
    acts = OPEN_TO.get(State(found.state), []) if found else []
    asked = found.requests.filter(state=Asked.OPEN).select_related("asked_by").first() if found else None
    reasons = moving if isinstance(moving, forms.CertificateMoveForm) else forms.CertificateMoveForm()
    context = {"form": form, "moving": moving, "reasons": reasons, "found": found, "acts": acts, "asked": asked}
    return render(request, "admin/certificates/certificates.html", context, status=max(form.status, moving.status))
