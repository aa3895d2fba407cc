"""Removing everything the demo made, from the top of the house down."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Min

from hocvuso.assess.models import Answer, Attempt
from hocvuso.base import tally
from hocvuso.base.models import OutboxMessage
from hocvuso.credentials.models import Credential
from hocvuso.helpdesk.models import RequestReply, ResidentRequest
from hocvuso.indicators.models import Cell, Flag, Indicator, Total, Value, Watermark
from hocvuso.learning.models import Completion, Enrolment, LessonProgress, ReviewCard
from hocvuso.people.models import Consent, Identifier, Person, RoleGrant, RoleOffer
from hocvuso.plans.models import Plan, ProgressNote, Task
from hocvuso.records.models import Statement
from hocvuso.reminders.models import Notice, Reminder, ReminderMessage, ReminderPreference
from hocvuso.reports.models import Regime, Report

from .cases import SOURCE


def remove_all() -> Iterator[tuple[str, int]]:
    """Delete by what is marked; yields (name, number of rows)."""
    with transaction.atomic():
        people = Person.objects.filter(is_demo=True)
        plans = Plan.objects.filter(source=SOURCE)
        indicators = Indicator.objects.filter(source=SOURCE)
        reports = Report.objects.filter(regime__basis=SOURCE)
        flags = _flags_since(plans)
        requests = ResidentRequest.objects.filter(asker__in=people)
        reports.update(parent=None)
        plans.update(answers=None, root=None)
        for rows in _counted(people, indicators):
            tally.forget(rows)
        for rows in (
            Reminder.objects.filter(person__in=people),
            ReminderPreference.objects.filter(person__in=people),
            ReminderMessage.objects.filter(person__in=people),
            OutboxMessage.objects.filter(pk__in=_outgoing(people, requests)),
            reports,
            Regime.objects.filter(basis=SOURCE),
            ProgressNote.objects.filter(task__plan__in=plans),
            Task.objects.filter(plan__in=plans),
            plans,
            Flag.objects.filter(indicator__in=list(indicators.values_list("key", flat=True))),
            flags,
            Value.objects.filter(indicator__in=indicators),
            indicators,
            requests,
            *_of_persons(people),
            people,
            *(model.objects.all() for model in (Cell, Total, Watermark)),
        ):
            yield rows.model._meta.label, _delete(rows)


def _counted(people: Any, indicators: Any) -> tuple[Any, ...]:
    """What would be missed."""
    return (
        Statement.objects.filter(person__in=people),
        Attempt.objects.filter(person__in=people),
        Answer.objects.filter(attempt__person__in=people),
        Value.objects.filter(indicator__in=indicators),
    )


def _of_persons(people: Any) -> tuple[Any, ...]:
    """What hangs on nothing but the people themselves."""
    return (
        Credential.objects.filter(holder__in=people),
        Attempt.objects.filter(person__in=people),
        ReviewCard.objects.filter(person__in=people),
        LessonProgress.objects.filter(person__in=people),
        Completion.objects.filter(person__in=people),
        Statement.objects.filter(person__in=people),
        Enrolment.objects.filter(person__in=people),
        Consent.objects.filter(person__in=people),
        Identifier.objects.filter(person__in=people),
        Notice.objects.filter(person__in=people),
        RoleOffer.objects.filter(offered_by__in=people),
        RoleGrant.objects.filter(person__in=people),
    )


def _outgoing(people: Any, requests: Any) -> list[Any]:
    """Keys of what waits to leave the house for these people."""
    found = [*ReminderMessage.objects.filter(person__in=people).values_list("pk", flat=True)]
    found += Notice.objects.filter(person__in=people).values_list("pk", flat=True)
    return found + [*RequestReply.objects.filter(request__in=requests).values_list("pk", flat=True)]


def _flags_since(plans: Any) -> Any:
    """Doubts filed since the demo was made that nobody has dealt with: its people moved the figures of everybody above.

    What is doubtful without them is filed again at the next look.
    """
    made = plans.aggregate(at=Min("created_at"))["at"]
    return Flag.objects.filter(state=Flag.State.OPEN, by=None, created_at__gte=made) if made else Flag.objects.none()


def _delete(rows: Any) -> int:
    return int(rows.delete()[0])
