"""Checking of certificates by anybody."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from hocvuso.base import throttle
from hocvuso.credentials import queries, services
from hocvuso.credentials.rules import name_fits

from ...kit.client import asker
from ...kit.gate import everybody
from .forms import MAX_BYTES, CheckerForm


@everybody
def credential(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Valid, suspended, revoked, expired or unknown; and no more of the holder than the holder chose."""
    found = queries.verification(pk)
    if request.GET.get("dang") == "json" and found.signed:
        response = JsonResponse(found.signed, json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = f'attachment; filename="chung-nhan-{pk}.json"'
        return response
    return render(
        request,
        "public/verification/verify.html",
        {"found": found, "pk": pk},
        status=404 if found.verdict == "unknown" else 200,
    )


@everybody
def checker(request: HttpRequest) -> HttpResponse:
    """Check a pasted or uploaded credential. In the browser it works offline; without JavaScript, here."""
    form = CheckerForm.of(request)
    context: dict[str, Any] = {"form": form, "profile": json.dumps(queries.trusted_keys())}
    if form.is_bound:
        throttle.count("verify", asker(request), limit=60, minutes=10)
        context |= _check(**form.cleaned_data) if form.is_valid() else {}
    return render(request, "public/verification/checker.html", context)


def _check(*, text: str, file: UploadedFile | None, name: str) -> dict[str, Any]:
    if file is not None:
        text = file.read(MAX_BYTES).decode("utf-8", "replace")
    try:
        document = json.loads(text[:MAX_BYTES])
        verdict, found = queries.check_document(document)
    except (ValueError, RecursionError):  # no JSON, or nested deeper than any certificate
        return {"unreadable": True}
    other = bool(name) and found.verdict == "valid" and not name_fits(document, name)
    return {"found": found, "verdict": verdict, "other_name": other}


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
