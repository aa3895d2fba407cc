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
from hocvuso.credentials.models import Credential
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import proven_lately, staff
from . import forms

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ACTS = {"suspend": services.suspend, "restore": services.restore, "revoke": services.revoke}
State = Credential.State
OPEN_TO = {State.ISSUED: ["suspend", "revoke"], State.SUSPENDED: ["restore", "revoke"], State.REVOKED: []}


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
        messages.success(request, _("Chứng nhận nay: %(state)s.") % {"state": moving.done.get_state_display()})
        return redirect(reverse("certificate-acts", query={"ma": pk}))
    return _page(request, forms.CertificateFilter({"ma": str(pk)}), moving, _all(request).get(pk=pk))


def _all(request: PersonRequest) -> QuerySet[Credential]:
    return Credential.objects.answered_for_by(request.user).select_related("edition", "key")


def _page(
    request: PersonRequest,
    form: forms.CertificateFilter,
    moving: forms.CertificateMoveForm,
    found: Credential | None,
) -> HttpResponse:
    acts = OPEN_TO[State(found.state)] if found else []
    context = {"form": form, "moving": moving, "found": found, "acts": acts}
    return render(request, "admin/certificates/certificates.html", context, status=max(form.status, moving.status))
