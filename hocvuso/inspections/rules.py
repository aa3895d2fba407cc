"""States of inspections, visits and remedies; pure tables and functions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class InspectionState(models.TextChoices):
    """Where an inspection stands."""

    PLANNED = "planned", _("đang chuẩn bị")
    RUNNING = "running", _("đang kiểm tra")
    CONCLUDED = "concluded", _("đã kết luận")
    CLOSED = "closed", _("đã khép lại")


class VisitState(models.TextChoices):
    """Where a visit stands."""

    OPEN = "open", _("chưa xong")
    FINISHED = "finished", _("đã xong")


class RemedyState(models.TextChoices):
    """Where a remedy stands: asked for, claimed done by the unit, confirmed by the inspector, or sent back."""

    ASKED = "asked", _("chờ khắc phục")
    PROPOSED = "proposed", _("đơn vị báo đã khắc phục")
    VERIFIED = "verified", _("đã xác nhận")
    REOPENED = "reopened", _("phải làm lại")


class Severity(models.TextChoices):
    """How grave a finding is. A remark (`note`) needs no remedy."""

    NOTE = "note", _("lưu ý")
    MINOR = "minor", _("thiếu sót")
    MAJOR = "major", _("nghiêm trọng")


MOVES: dict[InspectionState, set[InspectionState]] = {
    InspectionState.PLANNED: {InspectionState.RUNNING},
    InspectionState.RUNNING: {InspectionState.CONCLUDED},
    InspectionState.CONCLUDED: {InspectionState.CLOSED},
    InspectionState.CLOSED: set(),
}
VISIT_MOVES: dict[VisitState, set[VisitState]] = {VisitState.OPEN: {VisitState.FINISHED}, VisitState.FINISHED: set()}
REMEDY_MOVES: dict[RemedyState, set[RemedyState]] = {
    RemedyState.ASKED: {RemedyState.PROPOSED},
    RemedyState.PROPOSED: {RemedyState.VERIFIED, RemedyState.REOPENED},
    RemedyState.REOPENED: {RemedyState.PROPOSED},
    RemedyState.VERIFIED: {RemedyState.REOPENED},
}


def remedy_late(*, due_on: date | None, proposed_on: date | None, state: str, today: date) -> bool:
    """Whether a remedy is or was late: the day counts on which the unit reported it done, if that was not sent back."""
    if due_on is None:
        return False
    held = proposed_on if state in (RemedyState.PROPOSED, RemedyState.VERIFIED) else None
    return (held or today) > due_on


def merged(answers: dict[str, Any], later: dict[str, Any]) -> dict[str, Any]:
    """Answers of a visit after a later sheet, question by question: what it leaves out stays, what it empties goes."""
    return {code: value for code, value in (answers | later).items() if value != ""}
