"""Tests: placement and final. One question a page, works without JavaScript, resumes after a lost line."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from hocvuso.assess import queries, services
from hocvuso.assess.models import Attempt
from hocvuso.assess.placements import Outworn, Placement, is_offered
from hocvuso.assess.rules import is_shown
from hocvuso.credentials import services as credentials
from hocvuso.credentials.models import Credential
from hocvuso.library import queries as library
from hocvuso.library.models import Programme
from hocvuso.people.queries import records_need

from ...kit import drawings
from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import everybody, signed_in, signed_in_fully
from .forms import AnswerForm, AskedPlacement, ClaimForm, StartForm


def _programme(key: str, among: QuerySet[Programme] | None = None) -> Programme:
    found = (library.published() if among is None else among).filter(key=key).first()
    if found is None:
        raise Http404
    return found


@everybody
def intro(request: PersonRequest, programme: str) -> HttpResponse:
    """What the tests of a programme are like, and where one stands."""
    return render(request, "learn/exams/test_intro.html", _intro(request, _programme(programme)))


def _intro(request: PersonRequest, found: Programme) -> dict[str, Any]:
    """What the page of a programme's tests shows; `placement`: one that is kept, one that is not, or none."""
    known = request.user.is_authenticated
    last = queries.last_attempt(request.user, found, Attempt.Kind.FINAL) if known else None
    offered = "kept" if known and not records_need(request.user) else "free" if is_offered(found) else ""
    return {
        "programme": found,
        "content": found.published_edition.content,
        "last": last,
        "next_try": queries.next_try(last) if last else None,
        "placement": offered,
    }


@signed_in_fully
def start(request: PersonRequest, programme: str) -> HttpResponse:
    """Start or continue a test. Whoever comes back to this address without the form gets the page it stands on."""
    if request.method != "POST":
        return redirect("test", programme)
    found = _programme(programme, library.published().defer("current__items", "current__content"))
    form = StartForm.of(request)
    kind = Attempt.Kind.PLACEMENT if form["kind"].value() == "placement" else Attempt.Kind.FINAL

    def begin() -> Attempt:
        return services.start(person=request.user, programme=found, kind=kind)

    if form.attempt(begin):
        return redirect("attempt", form.done.pk)
    return render(request, "learn/exams/test_intro.html", _intro(request, found) | {"form": form}, status=409)


@everybody
@never_cache
def placement(request: PersonRequest, programme: str) -> HttpResponse:
    """A placement of which nothing is kept: questions, then where to begin. What was answered stands in the address."""
    found = _programme(programme)
    try:
        under_way = Placement.of(found, AskedPlacement.of(request)["token"].value() or "")
    except Outworn as refusal:
        if "bai" in request.GET or request.method == "POST":
            messages.warning(request, str(refusal))
        return _to(Placement.begin(found))
    question = under_way.question
    if question is None:
        return render(request, "learn/exams/result.html", _standing(under_way, found.published_edition.content))
    form = AnswerForm.of(request)
    if form.attempt(lambda position, response: under_way.answered(response)):
        return _to(form.done)
    context = {"question": question, "options": form.marked(question), "content": found.published_edition.content}
    return answer(request, "learn/exams/question.html", form, context | {"token": under_way.token})


def _to(under_way: Placement) -> HttpResponse:
    """To its address: going back, and asking for the page again, leads to the same question."""
    return redirect(f"{reverse('placement', args=[under_way.programme.key])}?{urlencode({'bai': under_way.token})}")


def _mine(request: PersonRequest, pk: UUID) -> Attempt:
    return get_object_or_404(Attempt.objects.visible_to(request.user).select_related("programme", "edition"), pk=pk)


@signed_in_fully
def attempt(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The open question; a POST answers it."""
    found = _mine(request, pk)
    if found.state != Attempt.State.STARTED:
        return redirect("test-result", found.pk)

    def keep(*, position: int, response: list[int]) -> None:
        with suppress(services.NotThisQuestion):  # answered in another window: go on to the open one
            services.answer(attempt=found, position=position, response=response)

    form = AnswerForm.of(request)
    if form.attempt(keep):
        return redirect("attempt", found.pk)
    question = queries.open_question(Attempt.objects.get(pk=found.pk))
    if question is None and found.kind == Attempt.Kind.PLACEMENT:
        services.submit(attempt=found)
        return redirect("test-result", found.pk)
    options = form.marked(question) if question else []
    context = {"attempt": found, "question": question, "options": options, "content": found.edition.content}
    return answer(request, "learn/exams/question.html", form, context)


@signed_in_fully
def submit(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Hand the test in; without the form, the test."""
    found = _mine(request, pk)
    if request.method != "POST":
        return redirect("attempt", found.pk)
    services.submit(attempt=found)
    return redirect("test-result", found.pk)


@signed_in
def result(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What was shown, how sure that is, what to study, and the certificate."""
    found = _mine(request, pk)
    if found.state != Attempt.State.SCORED or found.result is None:
        return redirect("attempt", found.pk)
    return _result(request, found, ClaimForm(initial={"holder_name": request.user.name}))


def _standing(found: Attempt | Placement, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the page of a result says of any test: outcomes that were shown or not, and what to study."""
    sentences = {o["code"]: o for o in content["outcomes"]}
    result = found.result or {}
    outcomes = [
        {**sentences[code], "right": right, "asked": asked, "shown": is_shown(right, asked)}
        for code, (right, asked) in result.get("outcomes", {}).items()
        if code in sentences
    ]
    return {
        "attempt": found,
        "content": content,
        "outcomes": outcomes,
        "can": [o for o in outcomes if o["shown"]],
        "not_yet": [o for o in outcomes if not o["shown"]],
        "study": queries.to_study(found.programme, result),
        "begin": queries.to_begin(found.programme, result.get("tier", 0)),
    }


def _result(request: PersonRequest, found: Attempt, form: ClaimForm) -> HttpResponse:
    context = _standing(found, found.edition.content) | {
        "form": form,
        "face": drawings.beside(found.programme.audience),
        "review": queries.review(found),
        "next_try": queries.next_try(found),
        "credential": Credential.objects.filter(attempt=found).exclude(state=Credential.State.SUPERSEDED).first(),
    }
    return render(request, "learn/exams/result.html", context, status=409 if form.errors else 200)


@signed_in_fully
def claim(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Take the certificate of a passed test: the name is shown as it will stand there, and then confirmed.

    Without the form, the result of the test.
    """
    found = _mine(request, pk)
    if request.method != "POST":
        return redirect("test-result", found.pk)
    if found.state != Attempt.State.SCORED:  # there is no result yet on which a fault could stand
        raise credentials.NotPassed
    form = ClaimForm.of(request)
    if form.is_confirmed:
        if form.attempt(credentials.issue, attempt=found):
            return redirect("certificate", form.done.pk)
    elif form.attempt(credentials.name_for, attempt=found):
        context = {"attempt": found, "content": found.edition.content, "form": form, "name": form.done}
        return render(request, "learn/exams/claim.html", context)
    return _result(request, found, form)
