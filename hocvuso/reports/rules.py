"""Reports: states, due days, lateness, who may decide, sums over children. Pure functions and tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import fsum

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.base.errors import NeedsReason, TwoEyes
from hocvuso.base.states import check_move

SATURDAY = 5  # date.weekday()


class ReportState(models.TextChoices):
    """Where a report stands."""

    OPEN = "open", _("chưa lập")
    DRAFTED = "drafted", _("đang lập")
    SUBMITTED = "submitted", _("đã nộp")
    RETURNED = "returned", _("bị trả lại")
    ACCEPTED = "accepted", _("đã nhận")
    AGGREGATED = "aggregated", _("đã tổng hợp")


REPORT_MOVES: dict[ReportState, set[ReportState]] = {
    ReportState.OPEN: {ReportState.DRAFTED},
    ReportState.DRAFTED: {ReportState.SUBMITTED},
    ReportState.SUBMITTED: {ReportState.RETURNED, ReportState.ACCEPTED},
    ReportState.RETURNED: {ReportState.SUBMITTED},
    ReportState.ACCEPTED: {ReportState.AGGREGATED},
    ReportState.AGGREGATED: set(),
}
OWED = (ReportState.OPEN, ReportState.DRAFTED, ReportState.RETURNED)  # the unit has it on its desk
TAKEN = (ReportState.ACCEPTED, ReportState.AGGREGATED)  # a unit above took it in


class DueCounts(models.TextChoices):
    """How the days to the due day are counted."""

    CALENDAR = "calendar", _("ngày liền")
    WORKING = "working", _("ngày làm việc (thứ Hai đến thứ Sáu)")


@dataclass(frozen=True)
class ReportFacts:
    """What the moves of a report are decided from."""

    state: ReportState
    due_on: date
    writers: frozenset[str] = field(default_factory=frozenset)
    submitted_by: str | None = None
    decided_by: str | None = None
    late_days: int | None = None


def moved(facts: ReportFacts, *, to: ReportState, by: str, on: date, note: str = "") -> ReportFacts:
    """The facts after a move. Raises IllegalMove, TwoEyes, NeedsReason.

    Lateness is that of the first submission; a return and a second submission neither lessen nor wipe it.
    """
    check_move(REPORT_MOVES, now=facts.state, to=to)
    if to in (ReportState.RETURNED, ReportState.ACCEPTED):
        if by in facts.writers or by == facts.submitted_by:
            raise TwoEyes
        if to == ReportState.RETURNED and not note.strip():
            raise NeedsReason(field="note")
        return replace(facts, state=to, decided_by=by)
    if to == ReportState.SUBMITTED:
        late = late_days(facts.due_on, on) if facts.late_days is None else facts.late_days
        return replace(facts, state=to, submitted_by=by, decided_by=None, late_days=late)
    if to == ReportState.DRAFTED:
        return replace(facts, state=to, writers=facts.writers | {by})
    return replace(facts, state=to)


def late_days(due_on: date, on: date) -> int:
    """How many days after the due day; none on it or before."""
    return max(0, (on - due_on).days)


def due_day(last: date, days: int, counts: str = DueCounts.CALENDAR) -> date:
    """`days` (working) days after the last day of a period. Public holidays move nothing silently."""
    if counts == DueCounts.CALENDAR:
        return last + timedelta(days=days)
    day = last
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day


@dataclass(frozen=True)
class Part:
    """One figure as it goes into a sum: a value, or a numerator and a denominator."""

    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None

    @property
    def is_ratio(self) -> bool:
        return self.numerator is not None and self.denominator is not None


@dataclass(frozen=True)
class Total(Part):
    """A sum of parts: how many had the figure, and how many had none (they are missing, not zero)."""

    counted: int = 0
    missing: int = 0


class Adds(models.TextChoices):
    """How an indicator goes upward."""

    SUM = "sum", _("cộng lại")
    RATIO = "ratio", _("chia tổng tử số cho tổng mẫu số")
    NOT = "not", _("không cộng được")


def adds(kind: str, measured_in: str, definition: Mapping[str, object]) -> Adds:
    """How figures of an indicator go up: counts by sums, shares by their parts, weighted sums not at all.

    Of declared ones the definition says whether they may be summed; what it does not say is not done.
    """
    if kind == "ratio" or (kind == "declared" and is_share(measured_in)):
        return Adds.RATIO
    if kind == "measure" or (kind == "declared" and definition.get("aggregate") == "sum"):
        return Adds.SUM
    return Adds.NOT


def is_share(measured_in: str) -> bool:
    """Whether a figure is a share of something, which needs a numerator and a denominator to be added up."""
    return measured_in.strip() in ("%", "‰")


def factor_of(definition: Mapping[str, object], measured_in: str) -> float:
    """By what a quotient is multiplied: the definition's factor, else what the sign says."""
    default = {"%": 100.0, "‰": 1000.0}.get(measured_in.strip(), 1.0)
    factor = definition.get("factor", default)
    return float(factor) if isinstance(factor, int | float) else default


def quotient(numerator: float | None, denominator: float | None, factor: float) -> float | None:
    """A ratio, or nothing when it cannot be formed."""
    return None if numerator is None or not denominator else factor * numerator / denominator


def aggregate(how: Adds, parts: Iterable[Part | None], *, factor: float = 1.0) -> Total:
    """Sum figures of children: values add up; ratios are formed anew from summed numerators and denominators."""
    given = list(parts)
    if how == Adds.NOT:
        return Total(missing=len(given))
    if how == Adds.RATIO:
        pairs = [p for p in given if p is not None and p.is_ratio]
        if not pairs:
            return Total(missing=len(given))
        numerator, denominator = fsum(p.numerator or 0 for p in pairs), fsum(p.denominator or 0 for p in pairs)
        value = quotient(numerator, denominator, factor)
        return Total(value, numerator, denominator, counted=len(pairs), missing=len(given) - len(pairs))
    values = [p.value for p in given if p is not None and p.value is not None]
    total = fsum(values) if values else None
    return Total(total, counted=len(values), missing=len(given) - len(values))


def nearest_above(paths: Collection[str]) -> dict[str, str | None]:
    """For each unit path the nearest other path of the set above it: to whom each report goes up."""
    known = set(paths)
    found: dict[str, str | None] = {}
    for path in paths:
        parts = path.split(".")[:-2]
        found[path] = next((up for n in range(len(parts), 0, -1) if (up := ".".join(parts[:n]) + ".") in known), None)
    return found


def word_count(text: str) -> int:
    """Words as a reader counts them: runs between spaces."""
    return len(text.split())


@dataclass(frozen=True)
class Rates:
    """How complete and how timely the reports of a set of units are. `due`: handed in, or their day is over."""

    expected: int
    submitted: int
    on_time: int
    accepted: int
    due: int

    @property
    def completeness(self) -> float | None:
        return self.submitted / self.expected if self.expected else None

    @property
    def timeliness(self) -> float | None:
        """Of those due: nobody is untimely before the day is over."""
        return self.on_time / self.due if self.due else None
