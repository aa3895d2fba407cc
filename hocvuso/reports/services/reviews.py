"""Mid-term and final reviews: composed from accepted reports, edited, approved by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base import journal
from hocvuso.base.errors import NeedsReason, NotAllowed, Refusal, TwoEyes
from hocvuso.base.periods import Period, PeriodType, containing
from hocvuso.base.states import check_move
from hocvuso.base.versions import expect
from hocvuso.indicators import queries as indicators
from hocvuso.indicators.models import Indicator, Target
from hocvuso.people.models import Person
from hocvuso.people.queries import may
from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.models.plan import in_state
from hocvuso.plans.rules import TaskState

from ..models import Report, ReportSection, Review
from ..rules import TAKEN
from .figures import cut

State = Review.State
REVIEW_MOVES: dict[Review.State, set[Review.State]] = {
    State.DRAFT: {State.SUBMITTED},
    State.SUBMITTED: {State.RETURNED, State.APPROVED},
    State.RETURNED: {State.SUBMITTED},
    State.APPROVED: set(),
}
PARTS = ("general", "results", "shortcomings", "lessons", "next")
EXTRACTS, EXTRACT_WORDS, OPEN_TASKS = 200, 60, 100


class BadReview(Refusal):
    """The time that a review covers cannot be."""

    code = "bad-review"
    says = _("Hãy chọn khoảng thời gian: ngày cuối không trước ngày đầu.")


class NothingWritten(Refusal):
    """Facts alone are no review."""

    code = "nothing-written"
    says = _("Hãy viết đánh giá của đơn vị trước khi trình: các mục còn trống cả.")


class UnderDecision(Refusal):
    """It was submitted or approved: it is no longer written in."""

    code = "under-decision"
    says = _("Bản này đã trình nên không sửa được. Nếu cần sửa, hãy nhờ người duyệt trả lại.")


@transaction.atomic
def begin(*, plan: Plan, kind: str, title: str, first: date, last: date, by: Person) -> Review:
    """Begin a review of a plan and compose its facts. Raises NotAllowed, BadReview."""
    if not may(by, May.REPORT, plan.unit):
        raise NotAllowed
    if last < first:
        raise BadReview(field="last")
    made = Review.objects.create(
        plan=plan, kind=kind, title=title.strip()[:300] or str(plan), first=first, last=last,
        written_by=by, writers=[str(by.pk)],
    )  # fmt: skip
    journal.write("review.begun", made, by=by, kind=kind)
    return compose(review=made, by=by)


@transaction.atomic
def compose(*, review: Review, by: Person, version: int | None = None, at: datetime | None = None) -> Review:
    """Gather figures against targets, states of tasks and extracts anew; the words of the unit stay.

    Raises NotAllowed, UnderDecision, Stale.
    """
    at = at or timezone.now()
    review = _for_writing(review, by)
    expect(review, version, by=by)
    review.facts = {
        "figures": _figures(review),
        "tasks": _tasks(review, timezone.localdate(at)),
        "extracts": _extracts(review),
        "reports": _reports(review),
    }
    review.composed_at = at
    _note_writer(review, by)
    review.save(update_fields=["facts", "composed_at", "written_by", "writers"])
    journal.write("review.composed", review, by=by)
    return review


@transaction.atomic
def edit(*, review: Review, title: str, text: Mapping[str, str], by: Person, version: int | None = None) -> Review:
    """Write the unit's own words. Raises NotAllowed, UnderDecision, Stale."""
    review = _for_writing(review, by)
    expect(review, version, by=by)
    review.title = title.strip()[:300] or review.title
    review.text = {part: text.get(part, "").strip() for part in PARTS}
    _note_writer(review, by)
    review.save(update_fields=["title", "text", "written_by", "writers"])
    journal.write("review.edited", review, by=by)
    return review


@transaction.atomic
def submit(*, review: Review, by: Person, version: int | None = None) -> Review:
    """Hand a review in for approval. Raises NotAllowed, UnderDecision, Stale, NothingWritten."""
    review = _for_writing(review, by)
    expect(review, version, by=by)
    if not any(review.text.values()):
        raise NothingWritten(field="general")
    check_move(REVIEW_MOVES, now=State(review.state), to=State.SUBMITTED)
    review.state, review.submitted_by, review.note = State.SUBMITTED, by, ""
    review.save(update_fields=["state", "submitted_by", "note"])
    journal.write("review.submitted", review, by=by)
    return review


@transaction.atomic
def decide(
    *,
    review: Review,
    approve: bool,
    by: Person,
    note: str = "",
    version: int | None = None,
    at: datetime | None = None,
) -> Review:
    """Approve a review, or return it with a reason; never by who wrote or submitted it.

    Raises NotAllowed, Stale, IllegalMove, TwoEyes, NeedsReason.
    """
    review = _locked(review)
    if not may(by, May.APPROVE_PLAN, review.plan.unit):
        raise NotAllowed
    expect(review, version, by=by)
    to = State.APPROVED if approve else State.RETURNED
    check_move(REVIEW_MOVES, now=State(review.state), to=to)
    if str(by.pk) in review.writers or by.pk == review.submitted_by_id:
        raise TwoEyes
    if not approve and not note.strip():
        raise NeedsReason(field="note")
    review.state, review.note = to, note.strip()[:1000]
    if approve:
        review.approved_by, review.approved_at = by, at or timezone.now()
    review.save(update_fields=["state", "note", "approved_by", "approved_at"])
    journal.write(f"review.{to}", review, by=by, note=review.note)
    return review


def _locked(review: Review) -> Review:
    return Review.objects.select_for_update(of=("self",)).select_related("plan__unit").get(pk=review.pk)


def _for_writing(review: Review, by: Person) -> Review:
    review = _locked(review)
    if not may(by, May.REPORT, review.plan.unit):
        raise NotAllowed
    if review.state not in (State.DRAFT, State.RETURNED):
        raise UnderDecision
    return review


def _note_writer(review: Review, by: Person) -> None:
    review.written_by = by
    review.writers = sorted({*review.writers, str(by.pk)})


def period_of(first: date, last: date) -> Period:
    """The period that begins and ends on these days; else the year of the last day."""
    for kind in (PeriodType.MONTH, PeriodType.QUARTER, PeriodType.HALF, PeriodType.YEAR, PeriodType.SCHOOL_YEAR):
        period = containing(kind, last)
        if (period.first, period.last) == (first, last):
            return period
    return containing(PeriodType.YEAR, last)


def _figures(review: Review) -> list[dict[str, Any]]:
    """Indicators that the plan's tasks name, with values and targets of the plan's unit."""
    keys = {key for row in review.plan.tasks.values_list("indicators", flat=True) for key in row}
    rows = list(Indicator.objects.current().filter(key__in=keys))
    period, unit = period_of(review.first, review.last), review.plan.unit
    known = indicators.figures(indicators=rows, units=[unit], periods=[period])
    targets = dict(
        Target.objects.filter(indicator__in=keys, unit=unit, period=period.code).values_list("indicator", "value")
    )
    made = []
    for row in rows:
        found = known.get((row.key, unit.pk, period.code))
        value, target = found.value if found else None, targets.get(row.key)
        made.append(
            {"key": row.key, "title": row.title, "title_en": row.title_en, "in": row.measured_in,
             "in_en": row.measured_in_en, "decimals": row.decimals, "period": period.code, "value": value,
             "target": target, "reached": reached(value, target, row.higher_is_better)}
        )  # fmt: skip
    return made


def reached(value: float | None, target: float | None, higher_is_better: bool) -> bool | None:
    """Whether a value meets its target; None when one of them is not known."""
    if value is None or target is None:
        return None
    return value >= target if higher_is_better else value <= target


def _tasks(review: Review, today: date) -> dict[str, Any]:
    """How many of the plan's tasks, child plans included, stand where; and those that are late or at risk by name."""
    tasks = Task.objects.filter(plan__in=Plan.objects.real().of_tree(review.plan))
    counts = {state.value: tasks.in_state(state, today).count() for state in TaskState}
    pressing = tasks.filter(in_state(TaskState.LATE, today) | in_state(TaskState.AT_RISK, today))
    named = [
        {"task": str(t.pk), "title": t.title, "unit": str(t.lead_unit or ""), "state": t.state_on(today).value}
        for t in pressing.select_related("lead_unit").order_by("due_on")[:OPEN_TASKS]
    ]
    return {"counts": counts, "named": named, "on": today.isoformat()}


def _within(review: Review) -> Any:
    """Reports of periods that end inside the time of the review, of the plan's unit and beneath."""
    return Report.objects.filter(
        unit__path__startswith=review.plan.unit.path, ends_on__range=(review.first, review.last)
    ).select_related("unit")


def _extracts(review: Review) -> list[dict[str, Any]]:
    reports = {r.pk: r for r in _within(review).filter(state__in=TAKEN)}
    sections = ReportSection.objects.exclude(text="").filter(report__in=list(reports)[:2000])
    return [
        {"report": str(s.report_id), "unit": str(reports[s.report_id].unit), "period": reports[s.report_id].period,
         "section": s.title, "text": cut(s.text, EXTRACT_WORDS)}
        for s in sections.order_by("position", "report__unit__path")[:EXTRACTS]
    ]  # fmt: skip


def _reports(review: Review) -> dict[str, int]:
    return dict(
        _within(review).aggregate(
            expected=Count("pk"),
            accepted=Count("pk", filter=Q(state__in=TAKEN)),
            late=Count("pk", filter=Q(late_days__gt=0)),
        )
    )
