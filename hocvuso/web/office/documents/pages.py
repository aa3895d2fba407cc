"""Administrative documents: compose, edit, issue, take as .docx."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.fields import holding
from hocvuso.base.words import name_of
from hocvuso.documents import composers, queries, services
from hocvuso.documents.docx import MEDIA_TYPE
from hocvuso.documents.docx import render as render_docx
from hocvuso.documents.models import DocumentProfile, OfficialDocument
from hocvuso.documents.rules import MOTTO, NATIONAL_TITLE, dateline, ending, is_complete, symbol
from hocvuso.people.queries import may, units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.downloads import export
from ...kit.forms import answer
from ...kit.gate import staff
from . import forms

PAGE = 30
TEMPLATE = "office/documents/document.html"


@staff(May.SEE_FIGURES)
def documents(request: PersonRequest) -> HttpResponse:
    """Documents of units in reach, by kind and words of the title."""
    form = forms.DocumentsFilter.of(request)
    asked = form.asked
    found = OfficialDocument.objects.visible_to(request.user).select_related("unit").filter(holding(asked["text"]))
    if asked["kind"]:
        found = found.filter(kind=asked["kind"])
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    return answer(request, "office/documents/documents.html", form, {"page": page})


def _subject(request: PersonRequest, name: str) -> Any:
    """The noun a document is to be composed from, as `plan:<id>`, if this person may see it."""
    word, _colon, key = name.partition(":")
    composer = composers.composer_of(word)
    try:
        found = composer.visible(request.user).filter(pk=UUID(key)).first() if composer else None
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


@staff(May.PLAN)
def create(request: PersonRequest) -> HttpResponse:
    """Compose a draft from a plan, task, report, inspection, consultation or review."""
    units = units_in_reach(request.user, May.PLAN)
    form = forms.CreateForm.of(request, initial={"subject": request.GET.get("tu", "")}, within={"unit": units})
    subject = _subject(request, form["subject"].value() or "")
    if form.is_valid() and form.attempt(services.draft, by=request.user, subject=subject, **composers.compose(subject)):
        return redirect("document", form.done.pk)
    earlier = OfficialDocument.objects.visible_to(request.user).filter(subject=name_of(subject))
    return answer(request, "office/documents/create.html", form, {"subject": subject, "earlier": earlier})


def _document(request: PersonRequest, pk: UUID) -> OfficialDocument:
    found = OfficialDocument.objects.visible_to(request.user).select_related("unit__parent", "written_by")
    return get_object_or_404(found, pk=pk)


@staff(May.SEE_FIGURES)
def document(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One document as it will be printed; drafts are edited here."""
    found = _document(request, pk)
    form = forms.DocumentForm.of(request, row=found)
    if form.attempt(services.edit, document=found, by=request.user):
        messages.success(request, _("Đã lưu văn bản."))
        return redirect("document", pk)
    return answer(request, TEMPLATE, form, _context(request, found))


@staff(May.APPROVE_PLAN)
@require_POST
def issue(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Issue under the next number of the book."""
    issuing = forms.IssueForm.of(request)
    if issuing.attempt(services.issue, document=_document(request, pk), by=request.user):
        messages.success(request, _("Đã ban hành văn bản số %(number)s.") % {"number": issuing.done.number})
        return redirect("document", pk)
    found = _document(request, pk)
    context = _context(request, found) | {"issuing": issuing, "form": forms.DocumentForm(row=found)}
    return render(request, TEMPLATE, context, status=409)


def _context(request: PersonRequest, found: OfficialDocument) -> dict[str, Any]:
    sheet = queries.sheet_of(found)
    return {
        "document": found,
        "sheet": sheet,
        "symbol": symbol(sheet),
        "dateline": dateline(sheet.letterhead.place, sheet.issued_on),
        "recipients": ending(sheet.recipients),
        "addressees": ending(sheet.addressees),
        "national_title": NATIONAL_TITLE,
        "motto": MOTTO,
        "issuing": forms.IssueForm(row=found),
        "lacks_letterhead": not is_complete(sheet.letterhead),
        "may_edit": found.state == OfficialDocument.State.DRAFT and may(request.user, May.PLAN, found.unit),
        "may_issue": found.state == OfficialDocument.State.DRAFT and may(request.user, May.APPROVE_PLAN, found.unit),
    }


@export
@staff(May.SEE_FIGURES)
def docx(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The .docx file."""
    found = _document(request, pk)
    response = HttpResponse(render_docx(queries.sheet_of(found)), content_type=MEDIA_TYPE)
    name = f"{found.kind}-{found.number or 'du-thao'}.docx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@staff(May.SEE_FIGURES)
def books(request: PersonRequest) -> HttpResponse:
    """Numbering books, and how each unit in reach stands on its documents."""
    units = units_in_reach(request.user, May.PLAN).order_by("path")
    page = Paginator(units, PAGE).get_page(request.GET.get("trang"))
    rows = [(unit, queries.letterhead(unit), queries.books(unit)) for unit in page]
    return render(request, "office/documents/books.html", {"page": page, "rows": rows})


@staff(May.APPROVE_PLAN)
def profile(request: PersonRequest, pk: UUID) -> HttpResponse:
    """How a unit stands on its documents."""
    unit = get_object_or_404(units_in_reach(request.user, May.APPROVE_PLAN), pk=pk)
    form = forms.ProfileForm.of(request, row=DocumentProfile.objects.filter(unit=unit).first())
    if form.attempt(services.set_profile, unit=unit, by=request.user):
        messages.success(request, _("Đã lưu."))
        return redirect("number-books")
    return answer(request, "office/documents/profile.html", form, {"unit": unit})
