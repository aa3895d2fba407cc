"""Files of a draft as text, what they were before, and all of them to take home."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hocvuso.authoring import queries, services
from hocvuso.authoring.folders import contents
from hocvuso.authoring.models import DraftRevision
from hocvuso.library.publishing import sources
from hocvuso.library.publishing.comparing import compared
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import staff
from .common import HERE, draft_of, file_of
from .forms import ActForm, FileForm

PAGE = 30


@staff(May.AUTHOR)
def text(request: PersonRequest, pk: UUID, name: str, lesson: str = "") -> HttpResponse:
    """A file of the draft, or of a lesson, as plain text: what no form here can do yet is done here."""
    found = draft_of(request, pk)
    path = f"{lesson}/{name}" if lesson else name
    file = file_of(found, path)
    form = FileForm.of(request, row=file)
    if form.attempt(services.save, draft=found, path=path, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect(request.path)
    file.refresh_from_db()
    return answer(
        request, "studio/drafts/file.html", form, {"draft": found, "file": file, "lesson": lesson, "name": name}
    )


@staff(*HERE)
def history(request: PersonRequest, pk: UUID, path: str) -> HttpResponse:
    """What a file was, by whom, the latest first."""
    found = draft_of(request, pk)
    page = Paginator(queries.history(found, path), PAGE).get_page(request.GET.get("trang"))
    lesson = path.rpartition("/")[0]
    return render(request, "studio/drafts/history.html", {"draft": found, "path": path, "lesson": lesson, "page": page})


@staff(*HERE)
def revision(request: PersonRequest, pk: UUID, revision: UUID) -> HttpResponse:
    """What one revision changed; a POST makes the file what it was then."""
    found = draft_of(request, pk)
    shown = get_object_or_404(
        DraftRevision.objects.filter(draft=found).select_related("by", "draft__unit"), pk=revision
    )
    form = ActForm.of(request)
    if form.attempt(lambda: services.restore(revision=shown, by=request.user)):
        messages.success(request, _("Đã lấy lại bản này."))
        return redirect("draft-history", found.pk, shown.path)
    before = queries.history(found, shown.path).filter(saved_at__lt=shown.saved_at).first()
    context = {
        "draft": found,
        "revision": shown,
        "lines": compared(before.text if before else "", shown.text),
        "may_edit": queries.may_edit(request.user, found),
        "form": form,
    }
    return render(request, "studio/drafts/revision.html", context, status=form.status)


@export
@staff(*HERE)
def download(request: PersonRequest, pk: UUID) -> HttpResponse:
    """All files of the draft as a ZIP, as it can be sent in again."""
    found = draft_of(request, pk)
    archive = sources.pack({f"{found.key}/{path}": content for path, content in contents(found).items()})
    response = HttpResponse(archive, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.key}.zip"'
    return response
