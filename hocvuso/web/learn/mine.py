"""My learning: continue where I stopped, what is due for review, my certificates."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from hocvuso.credentials import pdf
from hocvuso.credentials import queries as credentials
from hocvuso.credentials import services as credential_services
from hocvuso.credentials.models import Credential
from hocvuso.learning import queries
from hocvuso.learning.models import ReviewCard
from hocvuso.library.rendering.checks import render_check
from hocvuso.library.source.schema import ItemSource
from hocvuso.people.queries import may_keep_records

from ..kit.auth import PersonRequest
from ..kit.gate import signed_in


@signed_in
def learning(request: PersonRequest) -> HttpResponse:
    """Programmes under way, where to go on, reviews due, certificates."""
    context = {
        "standings": queries.my_learning(request.user),
        "due": queries.due_count(request.user),
        "certificates": credentials.held_by(request.user)[:3],
        "needs_guardian": not may_keep_records(request.user),
    }
    return render(request, "learn/mine.html", context)


@signed_in
def reviews(request: PersonRequest) -> HttpResponse:
    """Questions about to be forgotten, as in their lessons."""
    cards = queries.due_reviews(request.user)
    shown = [(card, check) for card in cards if (check := _check_of(card))]
    return render(request, "learn/reviews.html", {"reviews": shown, "due": queries.due_count(request.user)})


def _check_of(card: ReviewCard) -> str | None:
    """The question of a card from its published bundle; None when the edition has it no more."""
    edition = card.lesson.programme.current
    if edition is None:
        return None
    path = settings.BUNDLES / edition.bundle / "lessons" / card.lesson.key / "practice.json"
    data: dict[str, Any] = json.loads(path.read_text("utf-8"))
    item = next((c for c in data["checks"] if c["key"] == card.item), None)
    return render_check(ItemSource.model_validate(item), lesson=card.lesson.address) if item else None


@signed_in
def certificates(request: PersonRequest) -> HttpResponse:
    """All my certificates."""
    return render(request, "learn/certificates.html", {"certificates": credentials.held_by(request.user)})


@signed_in
def certificate_pdf(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One of my certificates as PDF."""
    found = get_object_or_404(Credential.objects.visible_to(request.user).select_related("edition"), pk=pk)
    response = HttpResponse(pdf.render(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="chung-nhan-{pk}.pdf"'
    return response


@signed_in
@require_POST
def show_name(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Choose whether the public page shows my name."""
    found = get_object_or_404(Credential.objects.visible_to(request.user), pk=pk)
    credential_services.choose_name(credential=found, show=request.POST.get("show") == "1", by=request.user)
    return redirect("certificates")
