"""Checking of certificates by anybody."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control

from hocvuso.base import throttle
from hocvuso.base.errors import Refusal
from hocvuso.credentials import carriers, queries, services

from ...kit.client import asker
from ...kit.gate import everybody
from .forms import CheckerForm, NameForm

MOST_LOOKED_AT, MOST_DRAWN = 600, 60  # within ten minutes by one address, a class or a crawler: all; of one certificate
MOST_NAMES, MOST_NAMES_ELSEWHERE = 8, 80  # wrong names within an hour: of one certificate, of all


@everybody
def credential(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Valid, suspended, revoked, superseded, expired or unknown; whether a name typed is the one on it; and no more of
    the holder than the holder chose.
    """
    found = queries.verification(pk)
    if request.GET.get("dang") == "json" and found.signed:
        response = JsonResponse(found.signed, json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = f'attachment; filename="chung-nhan-{pk}.json"'
        return response
    form = NameForm.of(request)
    fits = _compare(request, found, **form.cleaned_data) if found.verdict == "valid" and form.is_valid() else None
    address = settings.BASE_URL + reverse("verify", args=[pk])
    context = {"found": found, "pk": pk, "form": form, "fits": fits, "address": address}
    status = 404 if found.verdict == "unknown" else 400 if form.errors else 200
    return render(request, "public/verification/verify.html", context, status=status)


def _compare(request: HttpRequest, found: queries.Verification, name: str) -> bool:
    """Whether the name is that of the certificate. Who asks may be wrong a few times; being right costs nothing."""
    who = asker(request)
    buckets = [("certificate-name", f"{who} {found.pk}", MOST_NAMES), ("certificate-names", who, MOST_NAMES_ELSEWHERE)]
    for thing, whose, limit in buckets:
        throttle.count(thing, whose, limit=limit, minutes=60)
    if fits := found.fits(name):
        throttle.give_back(*((thing, whose) for thing, whose, _limit in buckets))
    return fits


@everybody
@cache_control(public=True, max_age=600)
def picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A valid certificate as a picture, for links to its page; with the name only if the holder chose so."""
    who = asker(request)
    limits = {("certificate-picture", f"{who} {pk}"): MOST_DRAWN, ("certificate-pictures", who): MOST_LOOKED_AT}
    throttle.count_each(limits, minutes=10)
    drawn = queries.picture(pk)
    if drawn is None:
        raise Http404
    return HttpResponse(drawn, content_type="image/png")


@everybody
def checker(request: HttpRequest) -> HttpResponse:
    """Check a certificate (PDF, picture, JSON). In the browser it works offline; without JavaScript, here."""
    form = CheckerForm.of(request)
    context: dict[str, Any] = {"form": form, "profile": json.dumps(queries.trusted_keys())}
    if form.is_bound:
        throttle.count("verify", asker(request), limit=MOST_LOOKED_AT, minutes=10)
        context |= _check(request, **form.cleaned_data) if form.is_valid() else {}
        if "found" in context and context["found"].pk:  # one of ours: a class that checks its own is not held up
            throttle.give_back(("verify", asker(request)))
    return render(request, "public/verification/checker.html", context)


def _check(request: HttpRequest, *, file: UploadedFile | None, text: str, name: str) -> dict[str, Any]:
    content = file.read(carriers.MOST_FILE) if file is not None else text.encode("utf-8", "surrogatepass")
    try:
        document = carriers.credential_in(content)
    except Refusal as refusal:
        return {"refusal": refusal}
    found = queries.check_document(document)[1]
    fits = _compare(request, found, name) if name and found.verdict == "valid" else None
    return {"found": found, "fits": fits}


@everybody
@cache_control(public=True, max_age=300)
def issuer(request: HttpRequest) -> HttpResponse:
    """The issuer's profile and keys."""
    return _document(queries.issuer_profile())


@everybody
@cache_control(public=True, max_age=60)
def status(request: HttpRequest, purpose: str) -> HttpResponse:
    """A status list, signed now."""
    if purpose not in ("revocation", "suspension"):
        raise Http404
    return _document(services.status_list(purpose))


def _document(data: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"  # public by design: checkers elsewhere read it
    return response
