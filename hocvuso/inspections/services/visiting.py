"""Verbs of a visit: sheets and photos from the phone, findings."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.attachments import BadFile, attach, kind_of
from hocvuso.base.errors import FixedNow, NeedsWords, NotAllowed, Refusal
from hocvuso.base.states import check_move
from hocvuso.base.text import clean
from hocvuso.base.versions import expect
from hocvuso.checklists import rules as rules_checklists
from hocvuso.checklists import rules_relevance
from hocvuso.people.models import Person

from ..models import Finding, InspectionState, Severity, Visit, VisitPhoto, VisitSheet, VisitState
from ..queries import goes_along, is_partial
from ..rules import VISIT_MOVES, merged
from .inspecting import Partial

MOST_PHOTOS = 60
MOST_FINDINGS = 20


class SheetDiffers(Refusal):
    """The same id came before with other content."""

    code = "sheet-differs"
    says = _("Phiếu mang số này đã được nhận với nội dung khác.")


class BadSheet(Refusal):
    """Answers that do not fit; `wrong` says which, and why."""

    code = "bad-sheet"
    says = _("Có câu trả lời cần sửa.")

    def __init__(self, wrong: dict[str, Any]) -> None:
        super().__init__(field=next(iter(wrong), ""))
        self.wrong = wrong


class TooManyPhotos(Refusal):
    """A visit holds so many photos and no more."""

    code = "too-many-photos"
    says = _("Mỗi lượt kiểm tra giữ tối đa 60 ảnh.")


@dataclass(frozen=True)
class Photo:
    """A photo on its way, under the id that the device made."""

    id: UUID
    question: str
    name: str
    content: bytes


@transaction.atomic
def take_sheet(
    *,
    visit: Visit,
    id: UUID,
    answers: dict[str, Any],
    by: Person,
    findings: list[dict[str, Any]] | None = None,
    photos: list[Photo] | None = None,
    finish: bool = False,
    language: str | None = None,
    at: datetime | None = None,
) -> Visit:
    """Take answers (findings, photos) as a phone sends them; once, however often it is sent.

    `language`: that of its numbers. Raises NotAllowed, Partial, SheetDiffers, BadSheet, FixedNow, IllegalMove.
    """
    held = locked_visit(visit, by)
    answers, findings = _clean(answers), [_clean(finding) for finding in findings or []]
    content = {"answers": answers, "findings": findings, "finish": finish}
    fingerprint = sha256(json.dumps(content, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
    before = VisitSheet.objects.filter(pk=id).first()
    if before is not None:
        if before.fingerprint != fingerprint or before.visit_id != held.pk:
            raise SheetDiffers
        return held
    check_move(VISIT_MOVES, now=VisitState(held.state), to=VisitState.FINISHED)
    if held.inspection.state != InspectionState.RUNNING:
        raise FixedNow(state=InspectionState(held.inspection.state).label)
    for photo in photos or []:
        add_photo(visit=held, by=by, **asdict(photo))
    _answer(held, answers, finish=finish, language=language)
    sheet = VisitSheet(pk=id, visit=held, content=content, fingerprint=fingerprint, by=by, at=at or timezone.now())
    sheet.save(force_insert=True)
    for finding in (row for row in findings[:MOST_FINDINGS] if row.get("text")):
        _find(held, finding, by)
    if finish:
        held.state, held.finished_at, held.finished_by = VisitState.FINISHED, at or timezone.now(), by
    held.save()
    journal.write("visit.sheet", held, by=by, sheet=id, finish=finish)
    return held


def _clean(said: dict[str, Any]) -> dict[str, Any]:
    """What a phone says, with its texts clean."""
    return {str(name): clean(text, lines=True) if isinstance(text, str) else text for name, text in said.items()}


def _answer(held: Visit, answers: dict[str, Any], *, finish: bool, language: str | None) -> None:
    checklist = held.inspection.checklist
    kept, wrong = rules_checklists.read_answers(checklist, answers, language=language)
    held.answers = merged(held.answers, kept)
    if finish:
        asked = rules_relevance.asked(checklist, held.answers)
        held.answers = {code: value for code, value in held.answers.items() if code in asked}
        photographed = set(held.photos.values_list("question", flat=True))
        lacking = rules_checklists.missing(checklist, held.answers, photographed)
        wrong = {code: why for code, why in wrong.items() if code in asked} or dict.fromkeys(
            lacking, _("Câu này cần có câu trả lời.")
        )
    if wrong:
        raise BadSheet(wrong)


@transaction.atomic
def add_photo(*, visit: Visit, id: UUID, question: str, name: str, content: bytes, by: Person) -> VisitPhoto:
    """Keep a photo for a question of an open visit; once, however often it is sent."""
    held = locked_visit(visit, by)
    digest = sha256(content).hexdigest()
    before = VisitPhoto.objects.filter(pk=id).select_related("attachment").first()
    if before is not None:
        if (before.visit_id, before.question, before.attachment.sha256) != (held.pk, question, digest):
            raise SheetDiffers
        return before
    check_move(VISIT_MOVES, now=VisitState(held.state), to=VisitState.FINISHED)
    asked = {q["code"] for q in rules_checklists.questions(held.inspection.checklist) if q["kind"] == "photo"}
    if question not in asked or not kind_of(content).startswith("image/"):
        raise BadFile(field=question)
    if held.photos.count() >= MOST_PHOTOS:
        raise TooManyPhotos(field=question)
    kept = attach(subject=held, name=name, content=content, by=by)
    made = VisitPhoto(pk=id, visit=held, question=question, attachment=kept, by=by, at=timezone.now())
    made.save(force_insert=True)
    journal.write("visit.photo", held, by=by, photo=id, sha256=digest)
    return made


@transaction.atomic
def record_finding(
    *, visit: Visit, text: str, by: Person, severity: str = Severity.MINOR, evidence: str = ""
) -> Finding:
    """Record what a visit found, until the inspection is concluded (also after the visit is finished)."""
    held = locked_visit(visit, by)
    if held.inspection.state != InspectionState.RUNNING:
        raise FixedNow(state=InspectionState(held.inspection.state).label)
    if not text.strip():
        raise NeedsWords(field="text")
    return _find(held, {"text": text, "severity": severity, "evidence": evidence}, by)


@transaction.atomic
def amend_finding(
    *, finding: Finding, text: str, severity: str, evidence: str, by: Person, version: int | None = None
) -> Finding:
    """Put a finding seen at `version` in better words before the conclusion; the journal keeps what it said.

    Raises NeedsWords, FixedNow, Stale.
    """
    visit = locked_visit(finding.visit, by)
    held = Finding.objects.select_for_update().get(pk=finding.pk)
    if visit.inspection.state != InspectionState.RUNNING:
        raise FixedNow(state=InspectionState(visit.inspection.state).label)
    if not text.strip():
        raise NeedsWords(field="text")
    expect(held, version, by=by)
    before = {"text": held.text, "severity": held.severity, "evidence": held.evidence}
    held.text, held.evidence = text.strip()[:2000], evidence.strip()[:1000]
    held.severity = severity if severity in Severity.values else held.severity
    held.save()
    journal.write("finding.amended", held, by=by, before=before)
    return held


def locked_visit(visit: Visit, by: Person) -> Visit:
    """The row, locked, for somebody of the team who inspects today and holds no role there.

    Raises NotAllowed, Partial.
    """
    related = Visit.objects.select_related("inspection__unit", "unit")
    held = related.select_for_update(of=("self",)).get(pk=visit.pk)
    if not goes_along(by, held.inspection):
        raise NotAllowed
    if is_partial(by, held):
        raise Partial(who=by)
    return held


def _find(held: Visit, raw: dict[str, Any], by: Person) -> Finding:
    severity = raw.get("severity")
    made = Finding.objects.create(
        visit=held,
        text=str(raw["text"]).strip()[:2000],
        severity=severity if severity in Severity.values else Severity.MINOR,
        evidence=str(raw.get("evidence") or "").strip()[:1000],
        by=by,
    )
    journal.write("finding.recorded", made, by=by, visit=held.pk, severity=made.severity)
    return made
