"""A plan over time: bars of its tasks, what was approved as ghosts behind them, today as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from hocvuso.people.rules import May
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.rules import TaskState

from ...kit.auth import PersonRequest
from ...kit.gate import staff
from .plan import seen

LEFT, WIDTH, ROW, HEAD, BAR, GHOST = 260, 720, 34, 30, 14, 20
LETTERS = 32  # of a title beside its bar
ROWS = 100


@dataclass(frozen=True)
class Span:
    """A bar: where it begins and how wide it is."""

    x: float
    width: float


@dataclass(frozen=True)
class Row:
    """One task on the chart: `y` its top, its bar and the approved one where dates are known."""

    task: Task
    state: TaskState
    reason: str
    label: str
    y: int
    bar: Span | None
    ghost: Span | None


@dataclass(frozen=True)
class Month:
    """A month's line and label."""

    x: float
    label: str


@dataclass(frozen=True)
class Chart:
    """All that the template draws."""

    rows: list[Row]
    months: list[Month]
    today_x: float | None
    width: int
    height: int


def scale(first: date, last: date) -> Any:
    """A function from days to places on the chart; `last` lies inside."""
    days = (last - first).days + 1

    def place(day: date) -> float:
        return round(LEFT + WIDTH * (day - first).days / days, 1)

    return place


def chart(tasks: Sequence[Task], plan: Plan, today: date) -> Chart | None:
    """The chart of a plan's tasks; None where no day is known."""
    approved = (plan.baseline or {}).get("tasks", {})
    ghosts = {key: (_day(fields["starts_on"]), _day(fields["due_on"])) for key, fields in approved.items()}
    pairs = [(t.starts_on, t.due_on) for t in tasks] + list(ghosts.values())
    known = [day for pair in [*pairs, (plan.starts_on, plan.ends_on)] for day in pair if day]
    if not any(day for pair in pairs for day in pair):
        return None
    first, last = min(known).replace(day=1), max([*known, min(known) + timedelta(days=27)])
    place = scale(first, last)
    rows = [_row(n, task, ghosts.get(str(task.pk)), plan, today, place) for n, task in enumerate(tasks)]
    return Chart(
        rows=rows,
        months=_months(first, last, place),
        today_x=place(today) if first <= today <= last else None,
        width=LEFT + WIDTH + 10,
        height=HEAD + ROW * len(rows) + 6,
    )


def _row(
    number: int, task: Task, ghost: tuple[date | None, date | None] | None, plan: Plan, today: date, place: Any
) -> Row:
    now = (task.starts_on, task.due_on)
    return Row(
        task=task,
        state=task.state_on(today),
        reason=task.reason_on(today),
        label=task.title if len(task.title) <= LETTERS else task.title[: LETTERS - 1] + "…",
        y=HEAD + ROW * number,
        bar=_span(*now, plan, place),
        ghost=_span(*ghost, plan, place) if ghost and ghost != now else None,
    )


def _span(starts: date | None, due: date | None, plan: Plan, place: Any) -> Span | None:
    """From the first day (else the plan's, else the due day) to the end of the due day (else the plan's last)."""
    last = due or (plan.ends_on if starts else None)
    first = starts or (plan.starts_on if due else None) or due
    if first is None or last is None:
        return None
    x = place(min(first, last))
    return Span(x, round(max(place(last + timedelta(days=1)) - x, 4), 1))


def _months(first: date, last: date, place: Any) -> list[Month]:
    found, day = [], first
    while day <= last:
        found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    step = len(found) // 14 + 1
    return [Month(place(day), f"{day.month}/{day.year}") for day in found[::step]]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@staff(May.SEE_FIGURES)
def gantt(request: PersonRequest, pk: UUID) -> HttpResponse:
    """The chart, and the same as a table."""
    plan, today = seen(request, pk), timezone.localdate()
    tasks = list(queries.tasks_of(request.user, plan)[:ROWS])
    drawn = chart(tasks, plan, today)
    open_ = [task for task in tasks if not task.due_on]
    sizes = {"left": LEFT, "row": ROW, "head": HEAD, "bar": BAR, "ghost": GHOST}
    context = {"plan": plan, "chart": drawn, "tasks": tasks, "open": open_, "sizes": sizes, "today": today}
    return render(request, "office/plans/gantt.html", context)
