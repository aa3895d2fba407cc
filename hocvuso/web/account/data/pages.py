"""My data: see, download, erase."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hocvuso.assess import queries as assess
from hocvuso.credentials import queries as credentials
from hocvuso.helpdesk import queries as resident_requests
from hocvuso.learning import queries as learning
from hocvuso.people.queries import grants_of, leaving, offers_to, shown_identifiers
from hocvuso.people.services import profile

from ...kit.auth import ERASED, SIGNED_IN, PersonRequest
from ...kit.forms import answer
from ...kit.gate import proven_lately, show_factor_again, signed_in, signed_in_fully
from .forms import EraseForm


def _all(request: PersonRequest) -> dict[str, Any]:
    person = request.user
    return {
        "person": {
            "id": person.pk,
            "name": person.name,
            "birth_year": person.birth_year,
            "sex": person.sex,
            "audience": person.audience,
            "ethnicity": person.ethnicity,
            "home_place": person.home_place_id,
            "joined": person.created_at,
        },
        "identifiers": [{"kind": str(i["kind"]), "masked": i["masked"]} for i in shown_identifiers(person)],
        "consents": list(person.consents.values("purpose", "said", "wording", "evidence", "created_at")),
        "roles": list(person.grants.values("role", "unit__code", "starts_at", "ends_at")),
        "role_offers": list(offers_to(person).values("role", "unit__code", "created_at", "expires_at")),
        "learning": learning.export(person),
        "tests": assess.export(person),
        "credentials": credentials.export(person),
        "resident_requests": resident_requests.export(person),
    }


@signed_in
def overview(request: PersonRequest) -> HttpResponse:
    """What is kept about me, in words and numbers."""
    data = _all(request)
    return render(request, "account/data/data.html", {"data": data, "requests": request.user.privacy_requests.all()})


@signed_in_fully
def download(request: PersonRequest) -> HttpResponse:
    """All of it as one JSON file."""
    if again := show_factor_again(request):
        return again
    profile.note_export(person=request.user)
    response = JsonResponse(_all(request), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="du-lieu-cua-toi.json"'
    return response


@signed_in_fully
@proven_lately
def erase(request: PersonRequest) -> HttpResponse:
    """Erase my account after a plain confirmation that says which roles end with it."""
    form = EraseForm.of(request)
    if not form.attempt(profile.erase, person=request.user):
        ending = [leaving(grant) for grant in grants_of(request.user)]
        return answer(request, "account/data/erase.html", form, {"ending": ending})
    logout(request)
    messages.success(request, _("Tài khoản và dữ liệu của bạn đã được xoá."))
    response = redirect("home")
    response.delete_cookie(SIGNED_IN)
    response.set_cookie(ERASED, "1", max_age=600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
