"""A lesson from a document that an author has already: Word, slides, PDF and others."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse

from hocvuso.authoring import queries, services_importing
from hocvuso.jobs.models import Job
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.forms import answer
from ...kit.gate import staff
from ...kit.long_work import go_on
from .common import draft_of
from .forms import LessonAddForm, LessonImportForm


@staff(May.AUTHOR)
def import_lesson(request: PersonRequest, pk: UUID) -> HttpResponse:
    """A new lesson from a document, in a module or in a new one; a large one is read by a job."""
    found = draft_of(request, pk)

    def ask(*, file: UploadedFile, title: str, outcome: str, module: str, module_title: str) -> Job:
        content = file.read()
        placed = {"module": "" if module == LessonAddForm.NEW else module, "module_title": module_title}
        args = {"name": file.name, "file": sha256(content).hexdigest(), "title": title, "outcome": outcome, **placed}
        return services_importing.ask(draft=found, content=content, by=request.user, args=args)

    form = LessonImportForm.of(request, known=queries.outline(found))
    if form.attempt(ask):
        return go_on(request, form.done)
    return answer(request, "studio/drafts/lesson_import.html", form, {"draft": found})
