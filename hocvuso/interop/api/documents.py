"""Administrative documents: listed, and as .docx."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Schema

from hocvuso.documents import queries as questions
from hocvuso.documents.docx import MEDIA_TYPE, render
from hocvuso.documents.models import OfficialDocument
from hocvuso.documents.rules import symbol

from .common import Listing, Page, Scope, account_of, api, filled, paged

TAGS = ["documents"]


class DocumentRow(Schema):
    id: UUID
    kind: str
    number: int | None
    symbol: str | None
    title: str
    unit: str
    state: str
    issued_on: date | None


@api.get("/documents", response=Page[DocumentRow], summary="Administrative documents", tags=TAGS)
def documents(request: HttpRequest, asked: Query[Listing], kind: str = "", state: str = "") -> Page[DocumentRow]:
    """Documents of units in reach, the latest first. `kind`: KH plan, BC report, TB notice, CV letter; `state`: draft
    or issued. A draft has no number and no symbol.
    """
    found = OfficialDocument.objects.visible_to(account_of(request, Scope.DOCUMENTS_READ))
    if kind:
        found = found.filter(kind=kind)
    if state:
        found = found.filter(state=state)
    found = asked.made_since(asked.of_unit(found)).select_related("unit__parent", "unit__document_profile")
    return paged(found.order_by("-pk"), asked.page, _document_row)


def _document_row(document: OfficialDocument) -> DocumentRow:
    shown = symbol(questions.sheet_of(document)) if document.number is not None else None
    return filled(DocumentRow, document, unit=document.unit.code, symbol=shown)


@api.get(
    "/documents/{uuid:document}.docx",
    summary="A document as .docx",
    tags=TAGS,
    openapi_extra={
        "responses": {200: {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}},
    },
)
def document_file(request: HttpRequest, document: UUID) -> HttpResponse:
    """The document in the form of Decree 30/2020/NĐ-CP."""
    visible = OfficialDocument.objects.visible_to(account_of(request, Scope.DOCUMENTS_READ))
    found = get_object_or_404(visible.select_related("unit__parent"), pk=document)
    return HttpResponse(render(questions.sheet_of(found)), content_type=MEDIA_TYPE)
