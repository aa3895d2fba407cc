"""Verbs on administrative documents: set how a unit signs, draft, edit, issue under the next number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import NotAllowed, Refusal, TwoEyes
from hocvuso.base.versions import expect
from hocvuso.base.words import name_of
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from .models import DocumentProfile, NumberBook, OfficialDocument
from .queries import letterhead
from .rules import is_complete

EDITABLE = ("title", "addressees", "basis", "body", "authority", "position", "signer", "recipients")


class SignerMissing(Refusal):
    """A document is issued with the position and the name of who signs."""

    code = "signer-missing"
    says = _("Hãy ghi chức vụ và họ tên người ký trước khi ban hành.")


class LetterheadMissing(Refusal):
    """Number and symbol, place and date stand on every document (Decree 30/2020/NĐ-CP, Annex I, II.3 and II.4)."""

    code = "letterhead-missing"
    says = _(
        "Hãy khai chữ viết tắt và địa danh của đơn vị trước khi ban hành: số, ký hiệu và ngày tháng cần đến chúng."
    )


class AlreadyIssued(Refusal):
    """An issued document is not changed; another one replaces it."""

    code = "already-issued"
    says = _("Văn bản đã ban hành thì không sửa được. Hãy soạn văn bản mới thay thế.")


@transaction.atomic
def set_profile(*, unit: Unit, values: dict[str, str], by: Person, version: int | None = None) -> DocumentProfile:
    """How a unit stands on its documents, changed from what was seen at `version`. Raises NotAllowed, Stale."""
    if not may(by, May.APPROVE_PLAN, unit):
        raise NotAllowed
    if earlier := DocumentProfile.objects.select_for_update().filter(unit=unit).first():
        expect(earlier, version, by=by)
    fields = {f: values.get(f, "").strip() for f in ("organ_above", "name", "abbreviation", "place")}
    profile, _made = DocumentProfile.objects.update_or_create(unit=unit, defaults=fields)
    journal.write("document-profile.set", unit, by=by, **fields)
    return profile


@transaction.atomic
def draft(*, unit: Unit, kind: str, title: str, by: Person, subject: Any = "", **content: Any) -> OfficialDocument:
    """A draft document. `content`: any of EDITABLE. Raises NotAllowed."""
    if not may(by, May.PLAN, unit):
        raise NotAllowed
    document = OfficialDocument(unit=unit, kind=OfficialDocument.Kind(kind), title=title[:500], written_by=by)
    document.subject = name_of(subject) if subject else ""
    for name in set(content) & set(EDITABLE):
        setattr(document, name, content[name])
    document.save(force_insert=True)
    document.writers.add(by)
    journal.write("document.drafted", document, by=by, kind=kind, source=document.subject)
    return document


@transaction.atomic
def edit(*, document: OfficialDocument, by: Person, version: int | None = None, **content: Any) -> OfficialDocument:
    """Change a draft seen at `version`; whoever changes it is one of its writers.

    Raises AlreadyIssued, NotAllowed, Stale.
    """
    if not may(by, May.PLAN, document.unit):
        raise NotAllowed
    locked = OfficialDocument.objects.select_for_update().get(pk=document.pk)
    if locked.state == OfficialDocument.State.ISSUED:
        raise AlreadyIssued
    expect(locked, version, by=by)
    for name in set(content) & set(EDITABLE):
        setattr(locked, name, content[name])
    locked.written_by = by
    locked.save()
    locked.writers.add(by)
    journal.write("document.edited", locked, by=by)
    return locked


@transaction.atomic
def issue(
    *, document: OfficialDocument, by: Person, on: date | None = None, version: int | None = None
) -> OfficialDocument:
    """Give the next number of the unit's book of the year, for good, to the draft that was seen at `version`.

    Raises NotAllowed, TwoEyes, SignerMissing, LetterheadMissing, AlreadyIssued, Stale.
    """
    if not may(by, May.APPROVE_PLAN, document.unit):
        raise NotAllowed
    locked = OfficialDocument.objects.select_for_update().get(pk=document.pk)
    if locked.state == OfficialDocument.State.ISSUED:
        raise AlreadyIssued
    if locked.writers.filter(pk=by.pk).exists():
        raise TwoEyes
    if not (locked.position and locked.signer):
        raise SignerMissing(field="signer")
    if not is_complete(letterhead(locked.unit)):
        raise LetterheadMissing
    expect(locked, version, by=by)
    day = on or timezone.localdate()
    locked.number = _next_number(locked.unit_id, day.year, locked.kind)
    locked.issued_on, locked.issued_by, locked.state = day, by, OfficialDocument.State.ISSUED
    locked.save()
    journal.write("document.issued", locked, by=by, number=locked.number, year=day.year, kind=locked.kind)
    return locked


def _next_number(unit_id: Any, year: int, kind: str) -> int:
    book, _made = NumberBook.objects.get_or_create(unit_id=unit_id, year=year, kind=kind)
    NumberBook.objects.filter(pk=book.pk).update(last=F("last") + 1)
    book.refresh_from_db(fields=["last"])
    return book.last
