"""My certificates: seen, printed, shown to others, and the name on them put right."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from hocvuso.base import throttle
from hocvuso.credentials import pdf, pictures, queries, services
from hocvuso.credentials.models import Credential

from ...kit.auth import PersonRequest
from ...kit.gate import signed_in, signed_in_fully
from .forms import CorrectForm, ShowNameForm

MOST_DRAWN = 60  # pictures and papers that one person may have drawn within ten minutes


def _mine(request: PersonRequest, pk: UUID) -> Credential:
    rows = Credential.objects.visible_to(request.user).select_related("edition", "supersedes", "superseded_by")
    return get_object_or_404(rows, pk=pk)


@signed_in
def certificates(request: PersonRequest) -> HttpResponse:
    """All my certificates."""
    found = [(one, queries.verdict_of(one)) for one in queries.that_stand(request.user)]
    return render(request, "learn/my_learning/certificates.html", {"certificates": found})


@signed_in
def certificate(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One of my certificates: to print, to show to others, to put its name right."""
    found = _mine(request, pk)
    return _page(request, found, _as_it_is(found))


def _as_it_is(found: Credential) -> CorrectForm:
    return CorrectForm(initial={"holder_name": found.holder_name})


def _page(
    request: PersonRequest, found: Credential, form: CorrectForm, showing: ShowNameForm | None = None
) -> HttpResponse:
    showing = showing or ShowNameForm()
    address = settings.BASE_URL + reverse("verify", args=[found.pk])
    verification = queries.verification(found.pk)
    context = {
        "credential": found,
        "content": found.edition.content,
        "issuer": found.signed["issuer"]["name"],
        "verdict": verification.verdict,
        "has_ended": verification.has_ended,
        "form": form,
        "showing": showing,
        "may_show": not request.user.is_child(timezone.localdate()),
        "address": address,
        "linkedin": _linkedin(found, address),
        "facebook": "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address}),
    }
    return render(request, "learn/my_learning/certificate.html", context, status=max(form.status, showing.status))


def _linkedin(credential: Credential, address: str) -> str:
    """LinkedIn’s page that adds a certificate to a profile, filled in."""
    day = timezone.localtime(credential.issued_at)
    told = {
        "startTask": "CERTIFICATION_NAME",
        "name": credential.edition.content["title"],
        "organizationName": settings.ENV["HOCVUSO_ISSUER_NAME"],
        "issueYear": day.year,
        "issueMonth": day.month,
        "certUrl": address,
        "certId": credential.pk,
    }
    return "https://www.linkedin.com/profile/add?" + urlencode(told)


def _drawn(request: PersonRequest, pk: UUID) -> Credential:
    """One of my certificates, to be drawn now. Raises TooMany."""
    found = _mine(request, pk)
    throttle.count("certificate-drawn", str(request.user.pk), limit=MOST_DRAWN, minutes=10)
    return found


@signed_in
def certificate_pdf(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One of my certificates as PDF."""
    found = _drawn(request, pk)
    return _file(pdf.render(found), "application/pdf", f"chung-nhan-{pk}.pdf", how="inline")


@signed_in
def certificate_picture(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One of my certificates as a picture, the credential baked in; `?hinh=dung` stands, as a file with `?tep`."""
    shape: pictures.Shape = "portrait" if request.GET.get("hinh") == "dung" else "landscape"
    how = "attachment" if "tep" in request.GET else "inline"
    return _file(pictures.for_holder(_drawn(request, pk), shape), "image/png", f"chung-nhan-{pk}.png", how=how)


def _file(content: bytes, kind: str, name: str, *, how: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'{how}; filename="{name}"'
    return response


@signed_in_fully
@require_POST
def show_name(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Choose whether the public page shows my name."""
    form = ShowNameForm.of(request)
    if form.attempt(services.choose_name, credential=_mine(request, pk), by=request.user):
        return redirect("certificate", pk)
    found = _mine(request, pk)
    return _page(request, found, _as_it_is(found), form)


@signed_in_fully
@require_POST
def correct_name(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Put the name right: shown as it will stand there, then confirmed; a new certificate supersedes this one."""
    found = _mine(request, pk)
    form = CorrectForm.of(request)
    if form.is_confirmed:
        if form.attempt(services.correct, credential=found, by=request.user):
            return redirect("certificate", form.done.pk)
    elif form.attempt(services.printable):
        context = {"credential": found, "content": found.edition.content, "form": form, "name": form.done}
        return render(request, "learn/my_learning/name_shown.html", context)
    return _page(request, found, form)
