"""Administrative documents: compose, edit, issue, take as .docx."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models.functions import Length
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvuso.base.errors import Refusal
from hocvuso.base.fields import holding
from hocvuso.base.journal import name_of
from hocvuso.documents import queries, services
from hocvuso.documents import composers
from hocvuso.documents.docx import MEDIA_TYPE
from hocvuso.documents.docx import render as render_docx
from hocvuso.documents.models import DocumentProfile, OfficialDocument
from hocvuso.documents.rules import MOTTO, NATIONAL_TITLE, dateline, ending, is_complete, symbol
from hocvuso.people.queries import may, units_in_reach
from hocvuso.people.rules import May

from ...kit.auth import PersonRequest
from ...kit.gate import staff

PAGE = 30
MOST_UNITS = 200  # in a choice: the highest first


@staff(May.SEE_FIGURES)
def documents(request: PersonRequest) -> HttpResponse:
    """Documents of units in reach, by kind and words of the title."""
    found = OfficialDocument.objects.visible_to(request.user).select_related("unit")
    text, kind = request.GET.get("q", "")[:100], request.GET.get("loai", "")
    found = found.filter(holding(text))
    if kind in OfficialDocument.Kind.values:
        found = found.filter(kind=kind)
    page = Paginator(found, PAGE).get_page(request.GET.get("trang"))
    context = {"q": text, "kind": kind, "kinds": OfficialDocument.Kind.choices, "page": page}
    return render(request, "office/documents/documents.html", context)


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
    subject = _subject(request, request.GET.get("tu", "") or request.POST.get("tu", ""))
    units = units_in_reach(request.user, May.PLAN)
    if request.method == "POST":
        unit = get_object_or_404(units, pk=request.POST.get("unit"))
        content = composers.compose(subject)
        made = services.draft(unit=unit, by=request.user, subject=subject, **content)
        return redirect("document", made.pk)
    earlier = OfficialDocument.objects.visible_to(request.user).filter(subject=name_of(subject))
    context = {
        "subject": subject,
        "tu": name_of(subject),
        "units": units.order_by(Length("path"), "path")[:MOST_UNITS],
        "earlier": earlier,
    }
    return render(request, "office/documents/create.html", context)


def _document(request: PersonRequest, pk: UUID) -> OfficialDocument:
    found = OfficialDocument.objects.visible_to(request.user).select_related("unit__parent", "written_by")
    return get_object_or_404(found, pk=pk)


@staff(May.SEE_FIGURES)
def document(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One document as it will be printed; drafts are edited here."""
    found = _document(request, pk)
    refusal = None
    if request.method == "POST":
        try:
            found = services.edit(document=found, by=request.user, **_typed(request))
            messages.success(request, _("Đã lưu văn bản."))
            return redirect("document", pk)
        except Refusal as error:
            refusal = error
    return render(request, "office/documents/document.html", _context(request, found, refusal))


def _context(request: PersonRequest, found: OfficialDocument, refusal: Refusal | None) -> dict[str, Any]:
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
        "refusal": refusal,
        "text": _as_text(found.body),
        "lacks_letterhead": not is_complete(sheet.letterhead),
        "may_edit": found.state == OfficialDocument.State.DRAFT and may(request.user, May.PLAN, found.unit),
        "may_issue": found.state == OfficialDocument.State.DRAFT and may(request.user, May.APPROVE_PLAN, found.unit),
    }


def _as_text(body: list[dict[str, Any]]) -> str:
    """Body blocks as lines to edit: `#` before headings, `-` before items; tables keep their place as `[bảng n]`."""
    signs = {"heading": "# ", "item": "- ", "paragraph": ""}
    lines, tables = [], 0
    for block in body:
        if block["kind"] == "table":
            tables += 1
            lines.append(f"[bảng {tables}]")
        else:
            lines.append(signs[block["kind"]] + block["text"])
    return "\n".join(lines)


def _as_blocks(text: str, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Undo `_as_text`; the tables are those of `before`."""
    tables = {f"[bảng {n}]": block for n, block in enumerate((b for b in before if b["kind"] == "table"), 1)}
    blocks: list[dict[str, Any]] = []
    for line in (line.strip() for line in text.splitlines()):
        if line in tables:
            blocks.append(tables[line])
        elif line.startswith("# "):
            blocks.append({"kind": "heading", "text": line[2:]})
        elif line.startswith("- "):
            blocks.append({"kind": "item", "text": line[2:]})
        elif line:
            blocks.append({"kind": "paragraph", "text": line})
    return blocks


def _typed(request: PersonRequest) -> dict[str, Any]:
    found = _document(request, request.resolver_match.kwargs["pk"])  # type: ignore[union-attr]
    lines = {
        name: [line.strip() for line in request.POST.get(name, "").splitlines() if line.strip()]
        for name in ("addressees", "basis", "recipients")
    }
    words = {name: request.POST.get(name, "").strip()[:120] for name in ("authority", "position", "signer")}
    title = request.POST.get("title", "").strip()[:500] or found.title
    return {**lines, **words, "title": title, "body": _as_blocks(request.POST.get("text", ""), found.body)}


@staff(May.APPROVE_PLAN)
@require_POST
def issue(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Issue under the next number of the book."""
    found = _document(request, pk)
    try:
        found = services.issue(document=found, by=request.user)
    except Refusal as refusal:
        return render(request, "office/documents/document.html", _context(request, found, refusal), status=409)
    messages.success(request, _("Đã ban hành văn bản số %(number)s.") % {"number": found.number})
    return redirect("document", pk)


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
    if request.method == "POST":
        services.set_profile(unit=unit, values=request.POST.dict(), by=request.user)
        messages.success(request, _("Đã lưu."))
        return redirect("number-books")
    found = DocumentProfile.objects.filter(unit=unit).first() or DocumentProfile(unit=unit)
    return render(request, "office/documents/profile.html", {"unit": unit, "profile": found})
