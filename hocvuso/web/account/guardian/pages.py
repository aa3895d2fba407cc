"""The page on which a guardian consents, or takes the consent back."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Guardianship
from hocvuso.people.services import profile

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import everybody, signed_in_fully
from .forms import ConsentForm


@everybody
def consent(request: PersonRequest, token: str) -> HttpResponseBase:
    """Read what is asked; sign in with the address the link came to; consent or withdraw."""
    try:
        asked = profile.open_request(token)
    except Refusal as error:
        return render(request, "kit/refusal.html", {"refusal": error}, status=410)
    if request.method != "POST":
        return answer(request, "account/guardian/guardian.html", ConsentForm(), {"asked": asked})
    if not request.user.is_authenticated:
        return redirect(f"{reverse('sign-in')}?next={quote(request.path)}")
    return _answered(request, asked)


@signed_in_fully
def _answered(request: PersonRequest, asked: Guardianship) -> HttpResponse:
    form = ConsentForm.of(request)
    act = profile.guardian_withdraws if form["act"].value() == "withdraw" else profile.guardian_consents
    if form.attempt(act, request=asked, by=request.user):
        asked = form.done
    return answer(request, "account/guardian/guardian.html", form, {"asked": asked})
