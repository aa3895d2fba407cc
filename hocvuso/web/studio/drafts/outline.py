"""A draft as a whole: begun, its programme and outcomes, modules and lessons in order, sent on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hocvuso.authoring import queries, services, services_programme
from hocvuso.authoring.folders import LESSON, PROGRAMME
from hocvuso.authoring.models import Draft
from hocvuso.authoring.queries import Outline
from hocvuso.jobs.models import Job
from hocvuso.library.models import Edition
from hocvuso.people.models import Person
from hocvuso.people.queries import tops_of_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.long_work import go_on as go_on_with
from .common import HERE, draft_of, file_of
from .forms import ActForm, FromEditionForm, LessonAddForm, NewForm, OutcomesForm, ProgrammeForm


@staff(May.AUTHOR)
def begin(request: PersonRequest) -> HttpResponse:
    """A new programme."""
    units = tops_of_reach(request.user, May.AUTHOR)

    def begin_new(*, title: str, audience: str, unit: Unit | None = None) -> Draft:
        return services_programme.begin_new(title=title, audience=audience, unit=unit or units[0], by=request.user)

    form = NewForm.of(request, units=units)
    if form.attempt(begin_new):
        return redirect("draft-outcomes", form.done.pk)
    return answer(request, "studio/drafts/new.html", form)


@staff(May.AUTHOR)
def go_on(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Go on from an edition: the draft of one's unit, begun from it if there is none yet."""
    edition = get_object_or_404(Edition.objects.visible_to(request.user).select_related("programme"), pk=pk)
    units = tops_of_reach(request.user, May.AUTHOR)

    def go_on_from(*, unit: Unit | None = None) -> Draft:
        return services.go_on_from(edition=edition, unit=unit or units[0], by=request.user)

    form = FromEditionForm.of(request, units=units)
    if form.attempt(go_on_from):
        return redirect("draft", form.done.pk)
    return answer(request, "studio/drafts/from_edition.html", form, {"edition": edition})


@staff(May.AUTHOR)
def put_away(request: PersonRequest) -> HttpResponse:
    """Drafts that were put away, which can be taken back."""
    found = Draft.objects.visible_to(request.user).exclude(put_away_at=None).select_related("unit").distinct()
    return render(request, "studio/drafts/put_away.html", {"drafts": found})


@staff(*HERE)
def draft(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One draft: outcomes against lessons, modules with their lessons, what is still to do."""
    found = draft_of(request, pk)
    return render(request, "studio/drafts/draft.html", _context(request, found))


def _context(request: PersonRequest, found: Draft) -> dict[str, Any]:
    known = queries.outline(found)
    findings = [one for facts in known.lessons.values() for one in facts.get("findings", ())]
    return {
        "draft": found,
        "known": known,
        "modules": _modules(known),
        "loose": [(key, known.lessons[key].get("title", key)) for key in known.loose],
        "removed": [(key, f"{key}/{LESSON}") for key in queries.removed_lessons(found)],
        "coverage": [_covered(outcome, known) for outcome in known.outcomes],
        "minutes": round(sum(facts.get("minutes", 0) for facts in known.lessons.values())),
        "to_mend": sum(one["level"] == "refusal" for one in findings) + len(known.faults),
        "may_edit": queries.may_edit(request.user, found),
        "may_take_back": found.put_away_at is not None and services.may_begin(request.user, found.unit),
    }


def _modules(known: Outline) -> list[dict[str, Any]]:
    """Modules with what is known of each lesson; how many findings of each level."""
    return [
        {"title": module.get("title"), "lessons": [_lesson(key, known.lessons.get(key)) for key in module["lessons"]]}
        for module in known.modules
    ]


def _lesson(key: str, facts: dict[str, Any] | None) -> dict[str, Any]:
    findings = (facts or {}).get("findings", ())
    return {
        "key": key,
        "title": key,
        **(facts or {}),
        "lost": facts is None,
        "tests": sum((facts or {}).get("tests", {}).values()),
        "refusals": sum(one["level"] == "refusal" for one in findings),
        "warnings": sum(one["level"] == "warning" for one in findings),
    }


def _covered(outcome: dict[str, Any], known: Outline) -> dict[str, Any]:
    """Where an outcome is taught and practised, and by how many questions it is measured."""
    code = outcome["code"]
    taught = [facts for facts in known.lessons.values() if code in facts.get("outcomes", ())]
    return {
        **outcome,
        "lessons": [facts["title"] for facts in taught],
        "practices": [facts["practice"]["title"] for facts in taught if "practice" in facts],
        "items": sum(facts.get("tests", {}).get(code, 0) for facts in known.lessons.values()),
    }


@staff(May.AUTHOR)
def programme(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The head of a programme."""
    found = draft_of(request, pk)
    form = ProgrammeForm.of(request, row=file_of(found, PROGRAMME))
    if form.attempt(services_programme.set_programme, draft=found, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect("draft", found.pk)
    lead = _("Phần tiếng Anh có thể viết sau, trước khi gửi duyệt.")
    context = {"draft": found, "title": _("Tên và giới thiệu"), "lead": lead}
    return answer(request, "studio/drafts/form.html", form, context)


@staff(May.AUTHOR)
def outcomes(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What learners can do afterwards."""
    found = draft_of(request, pk)
    form = OutcomesForm.of(request, row=file_of(found, PROGRAMME))
    if form.attempt(services_programme.set_outcomes, draft=found, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect("draft", found.pk)
    lead = _(
        "Mỗi dòng là một việc người học làm được sau khi học, bắt đầu bằng một động từ. "
        "Mã gồm chữ in và hai chữ số, ví dụ AN-01."
    )
    context = {"draft": found, "title": _("Yêu cầu cần đạt"), "lead": lead}
    return answer(request, "studio/drafts/form.html", form, context)


@staff(May.AUTHOR)
def add_lesson(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A new lesson, in a module or in a new one."""
    found = draft_of(request, pk)
    known = queries.outline(found)

    def add(*, title: str, outcome: str, module: str, module_title: str) -> str:
        if module != LessonAddForm.NEW:
            return services_programme.add_lesson(
                draft=found, module=module, title=title, outcome=outcome, by=request.user
            )
        return services_programme.add_module(
            draft=found, title=module_title, lesson=title, outcome=outcome, by=request.user
        )

    form = LessonAddForm.of(request, known=known)
    if form.attempt(add):
        return redirect("draft-lesson", found.pk, form.done)
    return answer(request, "studio/drafts/form.html", form, {"draft": found, "title": _("Thêm bài")})


def _move(draft: Draft, lesson: str, by: Person, *, down: bool) -> object:
    return services_programme.move_lesson(draft=draft, lesson=lesson, down=down, by=by)


ACTS: dict[str, Callable[[Draft, str, Person], object]] = {
    "up": lambda draft, lesson, by: _move(draft, lesson, by, down=False),
    "down": lambda draft, lesson, by: _move(draft, lesson, by, down=True),
    "remove": lambda draft, lesson, by: services_programme.remove_lesson(draft=draft, lesson=lesson, by=by),
    "bring-back": lambda draft, lesson, by: services_programme.bring_back_lesson(draft=draft, lesson=lesson, by=by),
    "put-away": lambda draft, _lesson, by: services.put_away(draft=draft, by=by),
    "take-back": lambda draft, _lesson, by: services.take_back(draft=draft, by=by),
    "send-on": lambda draft, _lesson, by: services.send_on(draft=draft, by=by),
}

SAYS = {
    "remove": gettext_lazy("Đã bỏ bài. Muốn lấy lại thì xem “Bài đã bỏ” ở cuối trang."),
    "bring-back": gettext_lazy("Đã đưa bài vào cuối chương cuối."),
    "put-away": gettext_lazy("Đã cất bản soạn. Muốn lấy lại thì mở “Bản soạn đã cất”."),
}


@staff(May.AUTHOR)
@require_POST
def act(request: PersonRequest, pk: UUID) -> HttpResponse:
    """What a button of the draft's page does."""
    found = draft_of(request, pk)
    form = ActForm.of(request)
    do = ACTS.get(form["act"].value() or "")
    if do is None:
        raise Http404
    lesson = form["lesson"].value() or ""
    if not form.attempt(lambda: do(found, lesson, request.user)):
        return render(request, "studio/drafts/draft.html", _context(request, found) | {"acting": form}, status=409)
    if isinstance(form.done, Job):
        return go_on_with(request, form.done)
    if said := SAYS.get(form["act"].value() or ""):
        messages.success(request, said)
    return redirect("authoring" if found.put_away_at else "draft", *([] if found.put_away_at else [found.pk]))
