"""My learning: continue where I stopped, what is due for review, my certificates."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from hocvuso.credentials import queries as credentials
from hocvuso.credentials.models import Credential
from hocvuso.helpdesk.models import ResidentRequest
from hocvuso.learning import queries
from hocvuso.library import queries as library
from hocvuso.people.queries import records_need, to_ask

from ...kit.auth import PersonRequest
from ...kit.gate import signed_in


@signed_in
def learning(request: PersonRequest) -> HttpResponse:
    """Programmes under way, where to go on, reviews due, certificates."""
    standings, near = queries.my_learning(request.user), queries.nearby(request.user)
    week, reminder = queries.this_week(request.user), queries.review_reminder(request.user)
    held = credentials.that_stand(request.user)
    proved = {one.edition.programme_id: one for one in held if one.state == Credential.State.ISSUED}
    context = {
        "week": week,
        "dots": [n < week.done for n in range(week.goal)],
        "reminded": reminder is not None and reminder.ended_at is None,
        "standings": [(s, near.words(s.programme.key) if near else "", proved.get(s.programme.pk)) for s in standings],
        "site": settings.BASE_URL,
        "due": queries.due_count(request.user),
        "certificates": held[:3],
        "not_taken": credentials.not_taken(request.user),
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
