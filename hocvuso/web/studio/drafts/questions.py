"""Questions of a lesson, one by one."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hocvuso.authoring import queries, services_programme
from hocvuso.authoring.folders import ITEMS
from hocvuso.authoring.models import Draft
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from .common import HERE, draft_of, file_of, lesson_of
from .forms import ActForm, ItemForm, shown_item, unwritten
from .lessons import items_of

Items = list[dict[str, Any]]


@staff(*HERE)
def questions(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """All questions of a lesson; a POST takes one out or moves it."""
    found = draft_of(request, pk)
    head = lesson_of(found, lesson)
    form = ActForm.of(request)
    seen = file_of(found, f"{lesson}/{ITEMS}").version
    items = items_of(found, lesson)
    act = ACTS.get(form["act"].value() or "")
    if form.is_bound and act is None:
        raise Http404
    if act and form.attempt(lambda: _set(request, found, lesson, act(items, form["lesson"].value() or ""), seen)):
        return redirect("draft-items", found.pk, lesson)
    context = {
        "draft": found,
        "lesson": lesson,
        "title": head.facts.get("title", lesson),
        "items": [_listed(found, lesson, item) for item in items],
        "may_edit": queries.may_edit(request.user, found),
        "form": form,
    }
    return render(request, "studio/drafts/items.html", context, status=form.status)


def _listed(found: Draft, lesson: str, item: dict[str, Any]) -> dict[str, Any]:
    """A question with its address, if its key can stand in one."""
    key = item.get("key")
    address = reverse("draft-item", args=[found.pk, lesson, key]) if queries.is_key(key) else ""
    return item | {"address": address, "shown": unwritten(item.get("stem")) or _("Câu hỏi chưa viết")}


def _without(items: Items, key: str) -> Items:
    return [item for item in items if item.get("key") != key]


def _earlier(items: Items, key: str) -> Items:
    at = next((n for n, item in enumerate(items) if item.get("key") == key), 0)
    return items if at == 0 else [*items[: at - 1], items[at], items[at - 1], *items[at + 1 :]]


ACTS: dict[str, Callable[[Items, str], Items]] = {"remove": _without, "up": _earlier}


def _set(request: PersonRequest, found: Draft, lesson: str, items: Items, version: int | None) -> object:
    return services_programme.set_items(draft=found, lesson=lesson, items=items, by=request.user, version=version)


@staff(May.AUTHOR)
def new(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """A new question."""
    found = draft_of(request, pk)
    items = items_of(found, lesson)
    taken = {str(item.get("key")) for item in items}
    key = next(one for one in map("q{}".format, count(1)) if one not in taken)
    return _edit(request, found, lesson, key, None, lambda item: [*items, item])


@staff(May.AUTHOR)
def question(request: PersonRequest, pk: UUID, lesson: str, key: str) -> HttpResponse:
    """A question that is there."""
    found = draft_of(request, pk)
    items = items_of(found, lesson)
    shown = next((item for item in items if item.get("key") == key), None)
    if shown is None:
        raise Http404
    return _edit(request, found, lesson, key, shown, lambda item: [item if one is shown else one for one in items])


def _edit(
    request: PersonRequest,
    found: Draft,
    lesson: str,
    key: str,
    shown: dict[str, Any] | None,
    placed: Callable[[dict[str, Any]], Items],
) -> HttpResponse:
    file = file_of(found, f"{lesson}/{ITEMS}")
    known = queries.outline(found)
    form = ItemForm.of(request, initial=shown_item(shown or {}) | {"version": file.version}, known=known)

    def save(*, version: int | None, **_typed: Any) -> object:
        return _set(request, found, lesson, placed(form.item(key)), version)

    if form.attempt(save):
        messages.success(request, _("Đã lưu câu hỏi."))
        return redirect("draft-items", found.pk, lesson)
    context = {"draft": found, "lesson": lesson, "key": key, "is_new": shown is None}
    return answer(request, "studio/drafts/item.html", form, context)
