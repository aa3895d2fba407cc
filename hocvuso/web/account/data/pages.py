"""My data: see, download, erase."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hocvuso.people.queries import grants_of, leaving, shown_identifiers
from hocvuso.people.services import profile
from hocvuso.privacy import exporting

from ...kit.auth import ERASED, SIGNED_IN, PersonRequest, device_key
from ...kit.forms import answer
from ...kit.gate import proven_lately, show_factor_again, signed_in, signed_in_fully
from .forms import EraseForm

LARGE = 3000  # rows from which on no reader should wait behind the download


@signed_in
def overview(request: PersonRequest) -> HttpResponse:
    """What is kept about me, line by line of the register of processing."""
    person = request.user
    context = {
        "person": person,
        "identifiers": shown_identifiers(person),
        "lines": exporting.counts(person),
        "requests": person.privacy_requests.all(),
    }
    return render(request, "account/data/data.html", context)


@signed_in_fully
def download(request: PersonRequest) -> HttpResponse:
    """All of it as one JSON file, or with `dang=zip` as tables; much of it is written by the process for downloads."""
    if again := show_factor_again(request):
        return again
    if "tai" not in request.GET and sum(n for _line, n in exporting.counts(request.user)) > LARGE:
        return redirect(f"{request.path}?{urlencode({'dang': request.GET.get('dang', ''), 'tai': '1'})}")
    profile.note_export(person=request.user)
    if request.GET.get("dang") == "zip":
        return _file(exporting.as_zip(request.user), "zip")
    return _file(exporting.as_json(request.user), "json")


def _file(content: bytes, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"application/{ending}")
    response["Content-Disposition"] = f'attachment; filename="du-lieu-cua-toi.{ending}"'
    return response


@signed_in_fully
@proven_lately
def erase(request: PersonRequest) -> HttpResponse:
    """Erase my account after a plain confirmation that says which roles end with it."""
    form, key = EraseForm.of(request), device_key(request.user)
    if not form.attempt(profile.erase, person=request.user):
        ending = [leaving(grant) for grant in grants_of(request.user)]
        return answer(request, "account/data/erase.html", form, {"ending": ending})
    logout(request)
    messages.success(request, _("Tài khoản và dữ liệu của bạn đã được xoá."))
    response = redirect("home")
    response.delete_cookie(SIGNED_IN)
    response.set_cookie(ERASED, key, max_age=600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
