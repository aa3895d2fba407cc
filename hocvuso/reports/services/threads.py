"""“Giải trình số này”: questions about a figure, what is said to them, resolved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import NeedsWords, NotAllowed, Refusal
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May

from ..models import FigureMessage, FigureThread, Report, ReportFigure


class AlreadyResolved(Refusal):
    """The thread is closed."""

    code = "resolved"
    says = _("Câu hỏi này đã khép lại. Hãy mở câu hỏi mới nếu cần.")


@transaction.atomic
def ask(*, figure: ReportFigure, text: str, by: Person) -> FigureThread:
    """Ask about a figure: who may decide on the report, or works on it. Raises NotAllowed, NeedsWords."""
    if not _takes_part(by, figure.report):
        raise NotAllowed
    thread = FigureThread.objects.create(figure=figure, by=by)
    _say(thread, text, by)
    journal.write("figure.questioned", thread, by=by, figure=figure.pk)
    return thread


@transaction.atomic
def answer(*, thread: FigureThread, text: str, by: Person) -> FigureMessage:
    """Say something more in a thread that is open. Raises NotAllowed, AlreadyResolved, NeedsWords."""
    thread = _locked(thread)
    if not _takes_part(by, thread.figure.report):
        raise NotAllowed
    if thread.resolved_at:
        raise AlreadyResolved
    said = _say(thread, text, by)
    journal.write("figure.answered", thread, by=by)
    return said


@transaction.atomic
def resolve(*, thread: FigureThread, by: Person, at: datetime | None = None) -> FigureThread:
    """Close a thread: who asked and still takes part, or who decides on the report.

    Raises NotAllowed, AlreadyResolved.
    """
    thread = _locked(thread)
    report = thread.figure.report
    if not (_above(by, report) or (thread.by_id == by.pk and _takes_part(by, report))):
        raise NotAllowed
    if thread.resolved_at:
        raise AlreadyResolved
    thread.resolved_by, thread.resolved_at = by, at or timezone.now()
    thread.save(update_fields=["resolved_by", "resolved_at"])
    journal.write("figure.resolved", thread, by=by)
    return thread


def _say(thread: FigureThread, text: str, by: Person) -> FigureMessage:
    if not text.strip():
        raise NeedsWords(field="text")
    return FigureMessage.objects.create(thread=thread, text=text.strip()[:2000], by=by)


def _locked(thread: FigureThread) -> Any:
    return (
        FigureThread.objects.select_for_update(of=("self",))
        .select_related("figure__report__unit__parent")
        .get(pk=thread.pk)
    )


def _takes_part(by: Person, report: Report) -> bool:
    return _above(by, report) or may(by, May.REPORT, report.unit)


def _above(by: Person, report: Report) -> bool:
    return may(by, May.ACCEPT_REPORT, report.unit.parent or report.unit)
