"""Reports: drafted, written, submitted, returned, accepted, one by one or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.attachments import BadFile, attach
from hocvuso.base.errors import NotAllowed, Refusal
from hocvuso.base.events import emit
from hocvuso.base.models import Attachment
from hocvuso.base.versions import expect
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from ..events import ReportMoved
from ..models import Report, ReportFigure, ReportMove, ReportSection
from ..rules import OWED, ReportFacts, ReportState, late_days, moved, word_count
from . import figures

BATCH = 500


class NotOnDesk(Refusal):
    """The report was handed in: it is no longer written in."""

    code = "not-on-desk"
    says = _("Báo cáo đã nộp nên không sửa được nữa. Nếu cần sửa, hãy nhờ cấp trên trả lại.")


class TooEarly(Refusal):
    """The period is not over, so its figures are not there yet."""

    code = "too-early"
    says = _("Kỳ báo cáo chưa kết thúc, số liệu chưa đủ. Nộp được từ ngày %(day)s.")


class Incomplete(Refusal):
    """A required section or a declared figure is missing; `field` names it."""

    code = "incomplete"
    says = _("Còn thiếu: %(what)s.")


class TooLong(Refusal):
    """A section is longer than the regime allows."""

    code = "too-long"
    says = _("Mục này có %(words)s từ, quá %(limit)s từ.")


@dataclass(frozen=True)
class Declared:
    """What a unit declares for one figure."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class Evidence:
    """A file that stands behind a figure or a section of the report."""

    to: ReportFigure | ReportSection
    name: str
    content: bytes


@dataclass(frozen=True)
class Writing:
    """What was typed into a report: texts by section key, comments and declared figures by figure id; files."""

    texts: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[UUID, str] = field(default_factory=dict)
    declared: Mapping[UUID, Declared] = field(default_factory=dict)
    evidence: Sequence[Evidence] = ()


@transaction.atomic
def draft(*, report: Report, by: Person, version: int | None = None, at: datetime | None = None) -> Report:
    """Begin a report: copy the regime's template and fill in the figures that the platform knows. Raises Stale."""
    at = at or timezone.now()
    report = _for_writing(report, by)
    expect(report, version, by=by)
    _move(report, to=ReportState.DRAFTED, by=by, at=at)
    report.written_by, report.writers = by, [str(by.pk)]
    report.save(update_fields=["state", "written_by", "writers"])
    ReportSection.objects.bulk_create(
        ReportSection(report=report, position=n, **section) for n, section in enumerate(report.regime.sections)
    )
    figures.lay_out(report)
    figures.fill(report, at=at)
    journal.write("report.drafted", report, by=by)
    return report


@transaction.atomic
def write(
    *, report: Report, writing: Writing, by: Person, version: int | None = None, at: datetime | None = None
) -> Report:
    """Write texts, comments and declared figures, and attach their evidence: all of it or, refused, nothing.

    Figures from the platform are filled anew, never typed. Raises NotOnDesk, Stale, TooLong, NotPlausible, BadFile.
    """
    report = _for_writing(report, by)
    if report.state not in (ReportState.DRAFTED, ReportState.RETURNED):
        raise NotOnDesk
    expect(report, version, by=by)
    for section in report.sections.filter(key__in=writing.texts):
        section.text = writing.texts[section.key].strip()
        _check_length(section)
        section.save(update_fields=["text"])
    figures.write_own(report, comments=writing.comments, declared=writing.declared)
    figures.fill(report, at=at or timezone.now())
    for evidence in writing.evidence:
        _attach(report, evidence, by)
    _note_writer(report, by)
    journal.write("report.written", report, by=by)
    return report


@transaction.atomic
def submit(*, report: Report, by: Person, version: int | None = None, at: datetime | None = None) -> Report:
    """Hand a report in: figures are computed a last time and stay so; lateness is noted for ever.

    Raises TooEarly before the period is over, Stale, Incomplete, TooLong.
    """
    at = at or timezone.now()
    on = timezone.localdate(at)
    report = _for_writing(report, by)
    if on <= report.ends_on:
        raise TooEarly(day=f"{report.when.following().first:%d/%m/%Y}")
    expect(report, version, by=by)
    facts = _move(report, to=ReportState.SUBMITTED, by=by, at=at, late=late_days(report.due_on, on))
    figures.fill(report, at=at)
    _check_complete(report)
    report.submitted_by, report.submitted_at, report.late_days = by, at, facts.late_days
    report.decided_by, report.decided_at, report.note = None, None, ""
    report.save(
        update_fields=["state", "submitted_by", "submitted_at", "late_days", "decided_by", "decided_at", "note"]
    )
    journal.write("report.submitted", report, by=by, late_days=facts.late_days)
    return report


@transaction.atomic
def return_for_revision(
    *,
    report: Report,
    note: str,
    by: Person,
    figure_notes: Mapping[UUID, str] | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Report:
    """Return a report with a reason, also figure by figure. Raises NotAllowed, Stale, TwoEyes, NeedsReason."""
    at = at or timezone.now()
    report = _for_deciding(report, by)
    expect(report, version, by=by)
    _move(report, to=ReportState.RETURNED, by=by, at=at, note=note)
    report.decided_by, report.decided_at, report.note = by, at, note.strip()[:1000]
    report.save(update_fields=["state", "decided_by", "decided_at", "note"])
    for figure in report.figures.all():
        figure.return_note = (figure_notes or {}).get(figure.pk, "").strip()[:1000]
        figure.save(update_fields=["return_note"])
    journal.write("report.returned", report, by=by, note=report.note)
    return report


@transaction.atomic
def accept(*, report: Report, by: Person, version: int | None = None, at: datetime | None = None) -> Report:
    """Take a report in. What it declares becomes values of the indicators. Raises NotAllowed, Stale, TwoEyes."""
    at = at or timezone.now()
    report = _for_deciding(report, by)
    expect(report, version, by=by)
    _move(report, to=ReportState.ACCEPTED, by=by, at=at)
    report.decided_by, report.decided_at = by, at
    report.save(update_fields=["state", "decided_by", "decided_at"])
    figures.keep_values([report], at=at)
    journal.write("report.accepted", report, by=by)
    return report


@transaction.atomic
def accept_many(*, reports: Any, by: Person, at: datetime | None = None) -> tuple[int, int]:
    """Take in all of a queryset that this person may decide on: (accepted, left out). One entry in the journal."""
    at = at or timezone.now()
    found = list(
        Report.objects.select_for_update(of=("self",))
        .filter(pk__in=reports.values("pk"), state=ReportState.SUBMITTED)
        .select_related("unit__parent", "regime")
    )
    taken = [report for report in found if _may_decide(by, report) and str(by.pk) not in _hands(report)]
    for report in taken:
        report.state = moved(_facts(report), to=ReportState.ACCEPTED, by=str(by.pk), on=timezone.localdate(at)).state
        report.decided_by, report.decided_at, report.version = by, at, report.version + 1
    Report.objects.bulk_update(taken, ["state", "decided_by", "decided_at", "version"], batch_size=BATCH)
    ReportMove.objects.bulk_create(
        (ReportMove(report=report, to=ReportState.ACCEPTED, by=by, at=at) for report in taken), batch_size=BATCH
    )
    figures.keep_values(taken, at=at)
    for report in taken:
        emit(ReportMoved(report_id=str(report.pk), state=report.state, at=at.isoformat()))
    if taken:
        journal.write("reports.accepted", Report, by=by, reports=[str(report.pk) for report in taken])
    return len(taken), len(found) - len(taken)


@transaction.atomic
def aggregate(*, report: Report, by: Person, version: int | None = None, at: datetime | None = None) -> Report:
    """Sum the accepted reports beneath into this one, while it is on the desk; again takes in what came late.

    Raises NotAllowed, NotOnDesk, Stale.
    """
    at = at or timezone.now()
    report = _for_writing(report, by)
    if report.state not in OWED:
        raise NotOnDesk
    if report.state == ReportState.OPEN:
        report = draft(report=report, by=by, version=version, at=at)
    else:
        expect(report, version, by=by)
    new = figures.sum_children(report, at=at)
    figures.fill(report, at=at)
    Report.objects.filter(pk__in=[child.pk for child in new]).update(
        state=ReportState.AGGREGATED, version=F("version") + 1
    )
    ReportMove.objects.bulk_create(
        (ReportMove(report=child, to=ReportState.AGGREGATED, by=by, at=at) for child in new), batch_size=BATCH
    )
    for child in new:
        emit(ReportMoved(report_id=str(child.pk), state=ReportState.AGGREGATED.value, at=at.isoformat()))
    report.summed_at = at
    report.save(update_fields=["summed_at"])
    _note_writer(report, by)
    journal.write("report.aggregated", report, by=by, children=len(new))
    return report


def _locked(report: Report) -> Report:
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("regime", "unit", "unit__parent")
        .get(pk=report.pk)
    )


def _for_writing(report: Report, by: Person) -> Report:
    report = _locked(report)
    if not may(by, May.REPORT, report.unit):
        raise NotAllowed
    return report


def _for_deciding(report: Report, by: Person) -> Report:
    report = _locked(report)
    if not _may_decide(by, report):
        raise NotAllowed
    return report


def _may_decide(by: Person, report: Report) -> bool:
    """From a unit above; the top unit, which has none above, decides with a second person of its own."""
    return may(by, May.ACCEPT_REPORT, report.unit.parent or report.unit)


def _hands(report: Report) -> set[str]:
    return {*report.writers, str(report.submitted_by_id)}


def _facts(report: Report) -> ReportFacts:
    return ReportFacts(
        state=ReportState(report.state),
        due_on=report.due_on,
        writers=frozenset(report.writers),
        submitted_by=str(report.submitted_by_id) if report.submitted_by_id else None,
        late_days=report.late_days,
    )


def _move(
    report: Report, *, to: ReportState, by: Person, at: datetime, note: str = "", late: int | None = None
) -> ReportFacts:
    facts = moved(_facts(report), to=to, by=str(by.pk), on=timezone.localdate(at), note=note)
    report.state = facts.state
    first = to == ReportState.SUBMITTED and report.late_days is None
    ReportMove.objects.create(report=report, to=to, by=by, at=at, note=note.strip()[:1000], late_days=late, first=first)
    emit(ReportMoved(report_id=str(report.pk), state=to.value, at=at.isoformat()))
    return facts


def _note_writer(report: Report, by: Person) -> None:
    report.written_by = by
    report.writers = sorted({*report.writers, str(by.pk)})
    if report.decided_by_id == by.pk:  # returned by who now writes in it: the moves remember who it was
        report.decided_by = None
    report.save(update_fields=["written_by", "writers", "decided_by"])


def _attach(report: Report, evidence: Evidence, by: Person) -> Attachment:
    if evidence.to.report_id != report.pk:
        raise NotOnDesk
    try:
        made = attach(subject=evidence.to, name=evidence.name, content=evidence.content, by=by)
    except BadFile:
        raise BadFile(field=figures.evidence_field(evidence.to)) from None
    journal.write("report.evidence", report, by=by, name=made.name, sha256=made.sha256)
    return made


def _check_length(section: ReportSection) -> None:
    words = word_count(section.text)
    if section.max_words and words > section.max_words:
        raise TooLong(field=f"section-{section.key}", words=words, limit=section.max_words)


def _check_complete(report: Report) -> None:
    for section in report.sections.all():
        if section.required and not section.text:
            raise Incomplete(field=f"section-{section.key}", what=section.title)
        _check_length(section)
    for figure in figures.undeclared(report):
        raise Incomplete(field=figures.field_of(figure), what=figure.indicator.title)
    for figure in figures.without_evidence(report):
        what = _t("tệp minh chứng cho “%(figure)s”") % {"figure": figure.indicator.title}
        raise Incomplete(field=figures.evidence_field(figure), what=what)


__all__ = [
    "Declared", "Evidence", "Incomplete", "NotOnDesk", "TooEarly", "TooLong", "Writing",
    "accept", "accept_many", "aggregate", "draft", "return_for_revision", "submit", "write",
]  # fmt: skip
