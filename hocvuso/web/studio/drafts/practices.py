"""The practice of a lesson: what it is, its parts with a page each, and what is still wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hocvuso.authoring import queries, services_programme
from hocvuso.authoring.folders import PRACTICE
from hocvuso.authoring.models import Draft, DraftFile
from hocvuso.authoring.services_programme import key_of
from hocvuso.base.errors import Refusal
from hocvuso.library.source.checks import OPEN
from hocvuso.library.source.faults import faults_of
from hocvuso.library.source.practices import Practice
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from .common import HERE, draft_of, file_of, lesson_of, may_frame
from .forms_practices import KINDS, KindForm, Place, PlaceForm, Where, part_in, practice_in, rows_in, shown
from .practice_words import FORMS, PARTS, located, told_of, word_of

PARTS_OF: Mapping[str, tuple[str, ...]] = {"chat": ("turns",), "simulation": ("screens", "steps")}
SLUGS = {"luot": "turns", "man-hinh": "screens", "buoc": "steps"}
SLUG_OF = {part: slug for slug, part in SLUGS.items()}


class Faulty(Refusal):
    """What was typed makes no practice."""

    code = "faulty"
    says = gettext_lazy("%(what)s")


@dataclass(frozen=True)
class Listed:
    """The turns, screens or steps of a practice, as its page lists them."""

    part: str
    title: str
    adds: str
    slug: str
    entries: list[str]


@staff(*HERE)
def practice(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """The practice of a lesson; what is still wrong with it, and how it plays."""
    found = draft_of(request, pk)
    file = file_of(found, f"{lesson}/{PRACTICE}")
    made = FORMS.get(str(practice_in(file.text).get("kind")))
    if made is None:
        return _page(request, found, lesson, file, KindForm.of(request, initial={"version": file.version}))
    form = made.of(request, file=file)
    if _saved(request, form, found, lesson, file):
        messages.success(request, _("Đã lưu phần thực hành."))
        return redirect("draft-practice", found.pk, lesson)
    return _page(request, found, lesson, file, form)


@staff(*HERE)
def part(request: PersonRequest, pk: UUID, lesson: str, part: str, number: int) -> HttpResponse:
    """A turn, a screen or a step."""
    found = draft_of(request, pk)
    file = file_of(found, f"{lesson}/{PRACTICE}")
    data, name = practice_in(file.text), SLUGS.get(part, "")
    where = (name, number - 1)
    if name not in PARTS_OF.get(str(data.get("kind")), ()) or number < 1 or part_in(data, where) is None:
        raise Http404
    form = PARTS[name].of(request, file=file, where=where)
    if _saved(request, form, found, lesson, file):
        messages.success(request, _("Đã lưu %(part)s.") % {"part": word_of((name, number - 1)).lower()})
        return redirect("draft-practice", found.pk, lesson)
    listed = data[name]
    context = _context(request, found, lesson, file) | {
        "heading": word_of(where),
        "slug": part,
        "before": number - 1 if number > 1 else 0,
        "after": number + 1 if number < len(listed) else 0,
    }
    return answer(request, "studio/drafts/practice_part.html", form, context)


def _page(request: PersonRequest, found: Draft, lesson: str, file: DraftFile, form: Any) -> HttpResponse:
    data = practice_in(file.text)
    kind = str(data.get("kind"))
    context = _context(request, found, lesson, file) | {
        "kind": dict(KINDS).get(kind, ""),
        "readable": kind in FORMS,
        "told": [(one, _address_of(found, lesson, one.where)) for one in told_of(file.text)],
        "lists": [_listed(data, part) for part in PARTS_OF.get(kind, ())],
    }
    return may_frame(answer(request, "studio/drafts/practice.html", form, context))


def _context(request: PersonRequest, found: Draft, lesson: str, file: DraftFile) -> dict[str, Any]:
    return {
        "draft": found,
        "lesson": lesson,
        "title": lesson_of(found, lesson).facts.get("title", lesson),
        "file": file,
        "may_edit": queries.may_edit(request.user, found),
    }


def _address_of(found: Draft, lesson: str, where: Place) -> str:
    """Where a place of a practice is edited."""
    page = reverse("draft-practice", args=[found.pk, lesson])
    rest = where
    if where and where[0] in SLUG_OF and len(where) > 1 and isinstance(where[1], int):
        page = reverse("draft-practice-part", args=[found.pk, lesson, SLUG_OF[str(where[0])], where[1] + 1])
        rest = where[2:]
    anchor = "-".join(map(str, rest[:3])) if rest and rest[0] not in SLUG_OF else ""
    return f"{page}#{anchor}" if anchor else page


def _listed(data: Mapping[str, Any], part: str) -> Listed:
    title, adds, name = {
        "turns": (_("Các lượt"), _("Thêm một lượt"), "says"),
        "screens": (_("Các màn hình"), _("Thêm một màn hình"), "title"),
        "steps": (_("Các bước"), _("Thêm một bước"), "say"),
    }[part]
    entries = [str(shown(one.get(name, "")) or _("(chưa viết)")) for one in rows_in(data, part)]
    return Listed(part, title, adds, SLUG_OF[part], entries)


def _saved(request: PersonRequest, form: Any, found: Draft, lesson: str, file: DraftFile) -> bool:
    """Whether what was typed, made a practice without a fault of its own, was saved."""
    if form.is_bound and form.is_valid() and form.cleaned_data["version"] == file.version:
        for place, what in _faults(form):
            form.refuse(Faulty(field=place, what=what))

    def save(*, version: int | None, **_typed: Any) -> object:
        said = _placed(form.practice, form.where, form.built())
        return services_programme.set_practice(
            draft=found, lesson=lesson, practice=said, by=request.user, version=version
        )

    return bool(form.attempt(save))


def _placed(practice: Mapping[str, Any], where: Where, said: dict[str, Any]) -> dict[str, Any]:
    """The practice with one part as it is said."""
    if where is None:
        return said
    name, at = where
    return {**practice, name: [said if n == at else one for n, one in enumerate(practice[name])]}


def _faults(form: Any) -> Iterator[tuple[str, str]]:
    """What is wrong with the part that a form shows, at its fields; what is wrong elsewhere is told on the page."""
    said = _placed(form.practice, form.where, form.built())
    for where, what in ((one.where, one.what) for one in (located(*fault) for fault in faults_of(Practice, said))):
        if form.where is None and where[:1] and where[0] in PARTS:
            continue
        if form.where is not None and where[:2] != form.where:
            continue
        rest = where if form.where is None else where[2:]
        if rest == ("exemplar",) and not form.cleaned_data["exemplar"]:
            continue  # not written yet, which is told on the page
        yield form.place(rest), what


@staff(May.AUTHOR)
def kind(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """Another kind of practice instead, of which nothing is written yet."""
    found = draft_of(request, pk)
    file = file_of(found, f"{lesson}/{PRACTICE}")
    form = KindForm.of(request, initial={"version": file.version})
    if form.attempt(services_programme.begin_practice, draft=found, lesson=lesson, by=request.user):
        messages.success(request, _("Đã bắt đầu phần thực hành mới. Bản cũ còn trong lịch sử."))
        return redirect("draft-practice", found.pk, lesson)
    now = dict(KINDS).get(str(practice_in(file.text).get("kind")), "")
    context = _context(request, found, lesson, file) | {"kind": now}
    return answer(request, "studio/drafts/practice_kind.html", form, context)


@staff(May.AUTHOR)
@require_POST
def act(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """Add, take out or move a turn, a screen or a step."""
    found = draft_of(request, pk)
    data = practice_in(file_of(found, f"{lesson}/{PRACTICE}").text)
    form = PlaceForm.of(request)
    name, at, what = (form[field].value() or "" for field in ("part", "at", "act"))
    if name not in PARTS_OF.get(str(data.get("kind")), ()) or what not in ("add", "up", "down", "remove"):
        raise Http404
    listed = list(data.get(name) or [])
    changed = _after(data, name, listed, what, int(at) - 1 if at.isdecimal() else -1)

    def save(*, version: int | None) -> object:
        return services_programme.set_practice(
            draft=found, lesson=lesson, practice={**data, name: changed}, by=request.user, version=version
        )

    if not form.attempt(save):
        for faults in form.errors.values():
            messages.error(request, str(faults[0]))
    elif what == "add":
        return redirect("draft-practice-part", found.pk, lesson, SLUG_OF[name], len(changed))
    return redirect("draft-practice", found.pk, lesson)


def _after(data: Mapping[str, Any], name: str, listed: list[Any], what: str, at: int) -> list[Any]:
    """The list after something was done to it; as it was where that cannot be done."""
    if what == "add":
        return [*listed, _new(data, name)]
    if not 0 <= at < len(listed):
        raise Http404
    if what == "remove":
        return listed[:at] + listed[at + 1 :]
    to = at - 1 if what == "up" else at + 1
    if 0 <= to < len(listed):
        listed[at], listed[to] = listed[to], listed[at]
    return listed


def _new(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A turn, a screen or a step in which nothing is written yet."""
    if name == "turns":
        return {"says": OPEN, "replies": [{"text": OPEN, "good": True, "why": OPEN}, {"text": OPEN, "why": OPEN}]}
    screens = rows_in(data, "screens")
    if name == "screens":
        key = key_of(f"m{len(screens) + 1}", [str(one.get("id")) for one in screens])
        return {"id": key, "title": OPEN, "elements": [{"id": "a", "kind": "button", "label": OPEN}]}
    last = (rows_in(data, "steps") or [{}])[-1].get("screen")
    screen = next((one for one in screens if one.get("id") == last), screens[0] if screens else {})
    element = next((one.get("id") for one in rows_in(screen, "elements")), "a")
    return {"screen": screen.get("id", "a"), "say": OPEN, "tap": element, "hint": OPEN, "ok": OPEN}
