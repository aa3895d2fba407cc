"""My learning: continue where I stopped, what is due for review, my certificates."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from hocvuso.credentials import pdf
from hocvuso.credentials import queries as credentials
from hocvuso.credentials import services as credential_services
from hocvuso.credentials.models import Credential
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.learning import queries
from hocvuso.library import queries as library
from hocvuso.people.queries import records_need, to_ask

from ...kit.auth import PersonRequest
from ...kit.gate import signed_in, signed_in_fully
from .forms import ShowNameForm


@signed_in
def learning(request: PersonRequest) -> HttpResponse:
    """Programmes under way, where to go on, reviews due, certificates."""
    week, reminder = queries.this_week(request.user), queries.review_reminder(request.user)
    context = {
        "week": week,
        "dots": [n < week.done for n in range(week.goal)],
        "reminded": reminder is not None and reminder.ended_at is None,
        "standings": queries.my_learning(request.user),
        "due": queries.due_count(request.user),
        "certificates": credentials.held_by(request.user)[:3],
        "needs_guardian": records_need(request.user) == "guardian",
        "consents_to_ask": to_ask(request.user),
        "waiting": ResidentRequest.objects.open().filter(asker=request.user).count(),
    }
    return render(request, "learn/my_learning/mine.html", context)


@signed_in
def reviews(request: PersonRequest) -> HttpResponse:
    """Questions about to be forgotten, as in their lessons."""
    cards = queries.due_reviews(request.user)
    shown = [(card, check) for card in cards if (check := library.check_question(card.lesson, card.item))]
    return render(request, "learn/my_learning/reviews.html", {"reviews": shown, "due": queries.due_count(request.user)})


@signed_in
def certificates(request: PersonRequest) -> HttpResponse:
    """All my certificates."""
    return render(request, "learn/my_learning/certificates.html", {"certificates": credentials.held_by(request.user)})


@signed_in
def certificate_pdf(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One of my certificates as PDF."""
    found = get_object_or_404(Credential.objects.visible_to(request.user).select_related("edition"), pk=pk)
    response = HttpResponse(pdf.render(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="chung-nhan-{pk}.pdf"'
    return response


@signed_in_fully
@require_POST
def show_name(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Choose whether the public page shows my name."""
    found = get_object_or_404(Credential.objects.visible_to(request.user), pk=pk)
    ShowNameForm.of(request).attempt(credential_services.choose_name, credential=found, by=request.user)
    return redirect("certificates")
