"""A lesson of a draft: its text with checks and a preview beside it, its head, its pictures."""

from __future__ import annotations

import mimetypes
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.authoring import queries, services, services_programme
from hocvuso.authoring.editing import body_of
from hocvuso.authoring.folders import ITEMS, content_of, preview_of
from hocvuso.authoring.models import Draft, DraftFile
from hocvuso.base import plain_yaml
from hocvuso.people.models import Person
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from .common import HERE, draft_of, file_of, lesson_of, may_be_framed, may_frame
from .forms import HeadForm, LessonTextForm, PictureForm


def _wants_data(request: HttpRequest) -> bool:
    """Whether the editor asks, not the browser for a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


@staff(*HERE)
def lesson(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """The text of a lesson: as a page with its editor, or as data for the editor that saves while one types."""
    found = draft_of(request, pk)
    file = lesson_of(found, lesson)
    body = body_of(file.text)
    form = LessonTextForm.of(request, initial={"text": body, "base": body, "version": file.version})
    if form.attempt(services.save_body, draft=found, lesson=lesson, by=request.user):
        if _wants_data(request):
            return JsonResponse(_told(form.done.file) | {"merged": form.done.merged})
        messages.success(request, _("Đã lưu."))
        return redirect("draft-lesson", found.pk, lesson)
    file.refresh_from_db()
    if _wants_data(request):
        return _told_of(form, file)
    if form.stale:
        form.initial["text"] = body_of(file.text)
    return may_frame(answer(request, "studio/drafts/lesson.html", form, _context(request, found, lesson, file)))


def _told_of(form: LessonTextForm, file: DraftFile) -> JsonResponse:
    """The text as it is stored; or why what was sent was not."""
    if not form.is_bound or form.stale:
        return JsonResponse(_told(file), status=form.status)
    faults = [str(fault) for several in form.errors.values() for fault in several]
    return JsonResponse({"faults": faults}, status=form.status)


def _told(file: DraftFile) -> dict[str, Any]:
    by = Person.objects.filter(pk=file.changed_by).first() if file.changed_by else None
    return {
        "version": file.version,
        "text": body_of(file.text),
        "by": str(by or ""),
        "at": file.changed_at,
        "findings": file.facts.get("findings", []),
        "minutes": file.facts.get("minutes"),
        "practice_share": file.facts.get("share"),
    }


def _context(request: PersonRequest, found: Draft, lesson: str, file: DraftFile) -> dict[str, Any]:
    known = queries.outline(found)
    at = known.keys.index(lesson) if lesson in known.keys else -1
    return {
        "draft": found,
        "lesson": lesson,
        "file": file,
        "title": file.facts.get("title", lesson),
        "findings": file.facts.get("findings", []),
        "before": known.keys[at - 1] if at > 0 else "",
        "after": known.keys[at + 1] if 0 <= at < len(known.keys) - 1 else "",
        "parts": _parts(found, lesson, file),
        "may_edit": queries.may_edit(request.user, found),
        "uploading": PictureForm(),
    }


def _parts(found: Draft, lesson: str, file: DraftFile) -> dict[str, Any]:
    """What the text of a lesson may place: its questions, its practice, its pictures with their addresses."""
    names = found.files.filter(path__startswith=f"{lesson}/").exclude(sha256="").values_list("path", flat=True)
    pictures = [path.partition("/")[2] for path in names]
    return {
        "items": [{n: item.get(n) for n in ("key", "use", "stem")} for item in items_of(found, lesson)],
        "practice": file.facts.get("practice", {}),
        "pictures": {name: reverse("draft-picture", args=[found.pk, lesson, name]) for name in pictures},
    }


def items_of(found: Draft, lesson: str) -> list[dict[str, Any]]:
    """The questions of a lesson that can be read as such."""
    try:
        data = plain_yaml.load(file_of(found, f"{lesson}/{ITEMS}").text)
    except plain_yaml.BadYaml:  # told among the findings
        return []
    return queries.rows_of(data)


@staff(May.AUTHOR)
def head(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """What stands before the text: title, promise, outcomes, sources, pictures."""
    found = draft_of(request, pk)
    form = HeadForm.of(request, row=lesson_of(found, lesson), known=queries.outline(found))
    if form.attempt(services_programme.set_head, draft=found, lesson=lesson, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect("draft-lesson", found.pk, lesson)
    context = {"draft": found, "lesson": lesson, "title": _("Thông tin bài")}
    return answer(request, "studio/drafts/form.html", form, context)


@staff(*HERE)
def preview(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """The lesson as a learner will see it, practice and all."""
    found = draft_of(request, pk)
    file = lesson_of(found, lesson)
    context = {
        "draft": found,
        "lesson": lesson,
        "facts": file.facts,
        "article": preview_of(found, lesson),
        "framed": request.headers.get("Sec-Fetch-Dest") == "iframe",
    }
    return may_be_framed(render(request, "studio/drafts/preview.html", context))


@staff(May.AUTHOR)
@require_POST
def add_picture(request: PersonRequest, pk: UUID, lesson: str) -> HttpResponse:
    """A picture dropped into the text, or chosen on the page without script."""
    found = draft_of(request, pk)
    file = lesson_of(found, lesson)

    def add(*, file: UploadedFile) -> str:
        name = str(file.name)
        return services.add_picture(draft=found, lesson=lesson, name=name, content=file.read(), by=request.user)

    form = PictureForm.of(request)
    done = form.attempt(add)
    if _wants_data(request):
        if not done:
            return JsonResponse({"faults": [str(f) for several in form.errors.values() for f in several]}, status=400)
        return JsonResponse({"name": form.done, "url": reverse("draft-picture", args=[found.pk, lesson, form.done])})
    if done:
        messages.success(
            request, _("Đã thêm hình. Đặt vào bài bằng dòng: ![lời mô tả](%(name)s)") % {"name": form.done}
        )
        return redirect("draft-lesson", found.pk, lesson)
    body = body_of(file.text)
    writing = LessonTextForm(initial={"text": body, "base": body, "version": file.version})
    context = _context(request, found, lesson, file) | {"uploading": form, "form": writing}
    return may_frame(render(request, "studio/drafts/lesson.html", context, status=form.status))


@staff(*HERE)
def picture(request: PersonRequest, pk: UUID, lesson: str, name: str) -> HttpResponse:
    """A picture of a lesson, for its editor; shown as a picture, never run as a page."""
    found = draft_of(request, pk)
    file = found.files.filter(path=f"{lesson}/{name}").exclude(sha256="").first()
    content = content_of(file) if file else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=mimetypes.guess_type(name)[0] or "application/octet-stream")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
