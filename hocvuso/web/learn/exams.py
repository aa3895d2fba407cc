"""Tests: placement and final. One question a page, works without JavaScript, resumes after a lost line."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from hocvuso.assess import queries, services
from hocvuso.assess.models import Attempt
from hocvuso.base.errors import Refusal
from hocvuso.credentials import services as credentials
from hocvuso.credentials.models import Credential
from hocvuso.library import queries as library
from hocvuso.library.models import Programme

from ..kit.auth import PersonRequest
from ..kit.gate import everybody, signed_in


def _programme(key: str) -> Programme:
    found = library.published().filter(key=key).first()
    if found is None:
        raise Http404
    return found


@everybody
def intro(request: PersonRequest, programme: str) -> HttpResponse:
    """What the tests of a programme are like, and where one stands."""
    found = _programme(programme)
    last = None
    if request.user.is_authenticated:
        last = queries.last_attempt(request.user, found, Attempt.Kind.FINAL)
    return render(
        request, "learn/test_intro.html", {"programme": found, "content": found.published_edition.content, "last": last}
    )


@signed_in
@require_POST
def start(request: PersonRequest, programme: str) -> HttpResponse:
    """Start or continue a test."""
    found = _programme(programme)
    kind = Attempt.Kind.PLACEMENT if request.POST.get("kind") == "placement" else Attempt.Kind.FINAL
    try:
        made = services.start(person=request.user, programme=found, kind=kind)
    except Refusal as refusal:
        context = {"programme": found, "content": found.published_edition.content, "refusal": refusal}
        return render(request, "learn/test_intro.html", context, status=409)
    return redirect("attempt", made.pk)


def _mine(request: PersonRequest, pk: UUID) -> Attempt:
    return get_object_or_404(Attempt.objects.visible_to(request.user).select_related("programme", "edition"), pk=pk)


@signed_in
def attempt(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The open question; a POST answers it."""
    found = _mine(request, pk)
    if found.state != Attempt.State.STARTED:
        return redirect("test-result", found.pk)
    refusal = None
    if request.method == "POST":
        try:
            position, response = _response(request)
            services.answer(attempt=found, position=position, response=response)
            return redirect("attempt", found.pk)
        except services.NotThisQuestion:
            return redirect("attempt", found.pk)
        except Refusal as error:
            refusal = error
    question = queries.open_question(Attempt.objects.get(pk=found.pk))
    if question is None and found.kind == Attempt.Kind.PLACEMENT:
        services.submit(attempt=found)
        return redirect("test-result", found.pk)
    context = {"attempt": found, "question": question, "refusal": refusal, "content": found.edition.content}
    return render(request, "learn/question.html", context, status=400 if refusal else 200)


def _response(request: PersonRequest) -> tuple[int, list[int]]:
    """(position, chosen options) of the form; for an order question the options sorted by their chosen places."""
    try:
        position = int(request.POST.get("position", ""))
        if request.POST.get("type") == "order":
            places = {
                int(name.removeprefix("place-")): int(place)
                for name in request.POST
                if name.startswith("place-") and (place := request.POST.get(name))
            }
            if len(set(places.values())) != len(places):
                raise services.BadResponse(field="response")
            return position, sorted(places, key=lambda option: places[option])
        return position, sorted(int(v) for v in request.POST.getlist("option"))
    except ValueError:
        raise services.BadResponse(field="response") from None


@signed_in
@require_POST
def submit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Hand the test in."""
    found = _mine(request, pk)
    services.submit(attempt=found)
    return redirect("test-result", found.pk)


@signed_in
def result(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What was shown, how sure that is, what to study, and the certificate."""
    found = _mine(request, pk)
    if found.state != Attempt.State.SCORED or found.result is None:
        return redirect("attempt", found.pk)
    content = found.edition.content
    sentences = {o["code"]: o for o in content["outcomes"]}
    outcomes = [
        {**sentences[code], "right": right, "asked": asked}
        for code, (right, asked) in found.result["outcomes"].items()
        if code in sentences
    ]
    context = {
        "attempt": found,
        "content": content,
        "outcomes": outcomes,
        "review": queries.review(found),
        "study": queries.to_study(found),
        "credential": Credential.objects.filter(attempt=found).first(),
    }
    return render(request, "learn/result.html", context)


@signed_in
@require_POST
def claim(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take the certificate of a passed test, with the name it should carry."""
    credentials.issue(attempt=_mine(request, pk), holder_name=request.POST.get("name", "")[:120])
    return redirect("certificates")
