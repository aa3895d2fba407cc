"""Declared values: read with who said them and by what evidence; sent as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Query, Schema, Status
from ninja.files import UploadedFile

from hocvuso.base.words import name_of
from hocvuso.indicators import exchange as tables
from hocvuso.indicators.models import Value
from hocvuso.indicators.services import importing

from .common import (
    Page,
    Scope,
    Within,
    account_of,
    api,
    check_indicators,
    check_period,
    client_of,
    file_names,
    filled,
    paged_together,
    problem_of,
)
from .figures import TAGS

MAX_BYTES = 512 * 1024 * 1024


class DeclaredRow(Schema):
    indicator: str
    version: int
    unit: str
    period: str
    value: float
    numerator: float | None
    denominator: float | None
    note: str
    by: str | None
    at: datetime
    files: list[str]


@api.get("/declared", response=Page[DeclaredRow], summary="Declared values with their evidence", tags=TAGS)
def declared(request: HttpRequest, asked: Query[Within], indicator: str = "", period: str = "") -> Page[DeclaredRow]:
    """What units in reach said for themselves: who, when, with what note, names of the files of evidence."""
    account = account_of(request, Scope.FIGURES_READ)
    found = Value.objects.visible_to(account).filter(kind=Value.Kind.DECLARED)
    if indicator:
        check_indicators([indicator])
        found = found.filter(indicator__key=indicator)
    if period:
        check_period(period)
        found = found.filter(period=period)
    rows = asked.of_unit(found).select_related("indicator", "unit", "by").order_by("pk")
    return paged_together(rows, asked.page, _declared_rows)


def _declared_rows(values: Sequence[Value]) -> list[DeclaredRow]:
    files = file_names(values)
    return [
        filled(
            DeclaredRow,
            value,
            indicator=value.indicator.key,
            version=value.indicator.version,
            unit=value.unit.code,
            by=str(value.by) if value.by else None,
            files=files[name_of(value)],
        )
        for value in values
    ]


class ImportFault(Schema):
    row: int
    column: str
    value: str
    reason: str


class ImportResult(Schema):
    stored: int
    rows: int
    faults: list[ImportFault]
    more_faults: int


class FaultyTable(ImportResult):
    """The problem document of a table with faults, which names them all."""

    type: str = "urn:hocvuso:problem:faulty-table"
    title: str
    status: int = 422
    field: str = "file"


@api.post(
    "/values",
    response={200: ImportResult, 422: FaultyTable},
    summary="Send values (CSV, SDMX-CSV, ADX, Excel)",
    tags=TAGS,
)
def values(
    request: HttpRequest,
    file: File[UploadedFile],
    kind: str = "",
    dry_run: bool = False,
    partial: bool = False,
    numbers: Literal["vi", "en", "plain"] | None = None,
) -> Status | HttpResponse:
    """All or nothing: any fault and nothing is stored (422), unless `partial=true`. `dry_run=true` only checks.

    `numbers`: how they are written in CSV and in texts of Excel: `vi` 1.234,5; `en` 1,234.5; `plain` 1234.5.
    """
    client = client_of(request, Scope.VALUES_WRITE)
    if file.file is None or (file.size or 0) > MAX_BYTES:
        raise tables.BadTable(field="file", why="> 512 MB")
    made = importing.plan(rows=tables.read(file.file, kind, language=numbers), by=client.account)
    refused = bool(made.faults) and not partial
    stored = 0
    if not dry_run and not refused:
        stored = importing.apply(made=made, by=client.account, source=f"api:{client.name}", partial=partial)
    faults = [filled(ImportFault, fault) for fault in made.faults]
    result = ImportResult(stored=stored, rows=made.count, faults=faults, more_faults=made.more_faults)
    if refused:
        title = _("Bảng có chỗ chưa đúng; chưa ghi gì.")
        return problem_of(FaultyTable(title=title, **result.model_dump()))
    return Status(200, result)
