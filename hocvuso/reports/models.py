"""Nouns of reporting: regimes, reports with figures and narrative, questions about a figure, reviews."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import Entity, Versioned
from hocvuso.base.periods import Period, PeriodType, parse
from hocvuso.indicators.models import Indicator
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.plans.models.plan import Plan
from hocvuso.units.models import Unit

from .rules import OWED, Adds, DueCounts, Part, ReportState, adds, factor_of

__all__ = [
    "FigureMessage", "FigureThread", "Regime", "Report", "ReportFigure", "ReportMove", "ReportSection", "Review",
]  # fmt: skip


class RegimeQuerySet(models.QuerySet["Regime"]):
    def visible_to(self, person: Any) -> Self:
        """Regimes issued in one's reach, and those by which a unit in one's reach reports."""
        reach = units_in_reach(person, May.SEE_FIGURES)
        bound = Report.objects.filter(unit__in=reach).values("regime")
        return self.filter(Q(issuer__in=reach) | Q(pk__in=bound))


class Regime(Entity, Versioned):
    """A duty to report: which units, how often, by when, and what (indicators and narrative sections).

    Units are all of some kinds under the issuer, or a chosen list. A changed template holds for reports not yet
    begun: a report copies it when it is drafted. `sections`: [{key, title, required, max_words}].
    """

    word = "reporting-regime"

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="regimes")
    title = models.CharField(max_length=300)
    basis = models.CharField(max_length=300, blank=True, help_text="the decision that orders it")
    kinds = models.JSONField(default=list, blank=True)
    units = models.ManyToManyField(Unit, related_name="chosen_for_regimes", blank=True)
    issuer_reports = models.BooleanField(default=True, help_text="the issuer has a report too, summed from the others")
    period_type = models.CharField(max_length=12, choices=PeriodType.choices, default=PeriodType.MONTH)
    due_days = models.PositiveSmallIntegerField(default=5)
    due_counts = models.CharField(max_length=10, choices=DueCounts.choices, default=DueCounts.CALENDAR)
    opens_days = models.PositiveSmallIntegerField(default=7, help_text="days before the period's end")
    indicators = models.JSONField(default=list, blank=True)
    sections = models.JSONField(default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = RegimeQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="regime_ends_later")
        ]

    def __str__(self) -> str:
        return self.title


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, person: Any) -> Self:
        """Reports of units in one's reach."""
        return self.filter(unit__in=units_in_reach(person, May.SEE_FIGURES))

    def owed_by(self, person: Any) -> Self:
        """Reports that units in one's reach for reporting still have to hand in."""
        return self.filter(state__in=OWED, unit__in=units_in_reach(person, May.REPORT))

    def awaiting(self, person: Any) -> Self:
        """Submitted reports that this person may decide on: from beneath, neither written nor submitted by them."""
        above = units_in_reach(person, May.ACCEPT_REPORT)
        decidable = Q(unit__parent__in=above) | Q(unit__parent=None, unit__in=above)
        return self.filter(decidable, state=ReportState.SUBMITTED).exclude(
            Q(written_by=person) | Q(submitted_by=person)
        )

    def late(self, today: date) -> Self:
        """Handed in late, or not handed in and past the due day."""
        return self.filter(Q(late_days__gt=0) | Q(late_days=None, due_on__lt=today))

    def overdue(self, today: date) -> Self:
        """On the desk of their unit although the due day is past."""
        return self.filter(state__in=OWED, due_on__lt=today)


class Report(Entity, Versioned):
    """What one unit reports by one regime for one period. States move by `rules_reporting.REPORT_MOVES`.

    `parent` is the report of the nearest unit above that reports by the same regime: sums go up there. `late_days`
    is set at the first submission and never changed.
    """

    word = "report"

    State = ReportState

    regime = models.ForeignKey(Regime, models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="reports")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    period = models.CharField(max_length=10)
    ends_on = models.DateField(help_text="the last day of the period")
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.OPEN)
    late_days = models.PositiveIntegerField(null=True, blank=True)
    writers = models.JSONField(default=list, blank=True, help_text="ids of all who wrote in it")
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True, help_text="why it was returned")
    summed_at = models.DateTimeField(null=True, blank=True, help_text="when children were last summed into it")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-due_on", "unit"]
        indexes = [
            # Serve lists of what is owed or waits, and urging by due day.
            models.Index(fields=["unit", "state", "due_on"], name="report_of_unit"),
            models.Index(fields=["state", "due_on"], name="report_due"),
            models.Index(fields=["regime", "period", "state"], name="report_of_period"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["regime", "period", "unit"], name="report_once"),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | ((Q(written_by=None) | ~Q(decided_by=F("written_by"))) & ~Q(decided_by=F("submitted_by"))),
                name="two_eyes_on_reports",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "drafted"], late_days=None)
                | Q(state__in=["submitted", "returned", "accepted", "aggregated"], late_days__isnull=False),
                name="lateness_is_kept",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "aggregated"]) | Q(decided_by__isnull=False),
                name="somebody_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regime}, {self.period_shown}"

    @property
    def when(self) -> Period:
        return parse(self.period)

    @property
    def period_shown(self) -> str:
        return str(self.when)


class ReportMove(Entity):
    """One move of a report: to which state, by whom, when, why. Append only; lateness stays readable here."""

    word = "report-move"

    report = models.ForeignKey(Report, models.CASCADE, related_name="moves")
    to = models.CharField(max_length=10, choices=ReportState.choices)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)
    late_days = models.PositiveIntegerField(null=True, blank=True, help_text="at this submission")
    first = models.BooleanField(default=False, help_text="the first submission, by which timeliness is counted")

    class Meta:
        ordering = ["at", "id"]


class ReportFigure(Entity):
    """One figure of a report, with the version of the definition it was computed by. Nobody overtypes it.

    Measured figures are what the platform knows of the unit and all beneath. `own_…` is what the unit itself declares
    where the platform cannot know; `parts_…` is the sum over accepted children, kept beside with how many had none.
    Evidence is attached to this row.
    """

    word = "report-figure"

    report = models.ForeignKey(Report, models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField(default=0)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="report_figures")
    value = models.FloatField(null=True, blank=True)
    numerator = models.FloatField(null=True, blank=True)
    denominator = models.FloatField(null=True, blank=True)
    withheld = models.BooleanField(default=False)
    kind = models.CharField(max_length=1, blank=True, help_text="where it is from: m measured, d declared, s summed")
    computed_at = models.DateTimeField(null=True, blank=True)
    own_value = models.FloatField(null=True, blank=True)
    own_numerator = models.FloatField(null=True, blank=True)
    own_denominator = models.FloatField(null=True, blank=True)
    parts_value = models.FloatField(null=True, blank=True)
    parts_numerator = models.FloatField(null=True, blank=True)
    parts_denominator = models.FloatField(null=True, blank=True)
    parts_counted = models.PositiveIntegerField(default=0)
    parts_missing = models.PositiveIntegerField(default=0)
    comment = models.CharField(max_length=1000, blank=True)
    return_note = models.CharField(max_length=1000, blank=True, help_text="what a unit above asks to mend here")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="report_figure_once")]

    @property
    def is_declared(self) -> bool:
        return self.indicator.kind == Indicator.Kind.DECLARED

    @property
    def how(self) -> Adds:
        return adds(self.indicator.kind, self.indicator.measured_in, self.indicator.definition)

    @property
    def needs_pair(self) -> bool:
        return self.is_declared and self.how == Adds.RATIO

    @property
    def factor(self) -> float:
        return factor_of(self.indicator.definition, self.indicator.measured_in)

    @property
    def part(self) -> Part:
        return Part(self.value, self.numerator, self.denominator)

    @property
    def differs(self) -> float | None:
        """By how much the figure and the sum over children differ: late data, or units that did not report."""
        if self.value is None or self.parts_value is None or not self.parts_counted or self.is_declared:
            return None
        return self.value - self.parts_value or None


class ReportSection(Entity):
    """One narrative section of a report, copied from the regime's template; files are attached to this row."""

    word = "report-section"

    report = models.ForeignKey(Report, models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(default=0)
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=300)
    required = models.BooleanField(default=False)
    max_words = models.PositiveIntegerField(default=0, help_text="0: no limit")
    text = models.TextField(blank=True)
    digest = models.TextField(blank=True, help_text="what children wrote here, by unit")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["report", "key"], name="report_section_once")]


class FigureThread(Entity):
    """A question about a figure (“Giải trình số này”) and what was said to it, until it is resolved."""

    word = "figure-thread"

    figure = models.ForeignKey(ReportFigure, models.CASCADE, related_name="threads")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    resolved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]


class FigureMessage(Entity):
    """One thing said in a thread. Append only."""

    word = "figure-message"

    thread = models.ForeignKey(FigureThread, models.CASCADE, related_name="messages")
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at"]


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, person: Any) -> Self:
        """Reviews of plans of units in one's reach."""
        return self.filter(plan__unit__in=units_in_reach(person, May.SEE_FIGURES))


class Review(Entity, Versioned):
    """A mid-term or final review of a plan, composed from accepted reports, then edited and approved with two eyes.

    `facts` is what was composed: figures against targets, counts of task states, extracts with their reports.
    `text` is what the unit says about it. Composing again replaces `facts`, never `text`.
    """

    word = "plan-review"

    class Kind(models.TextChoices):
        MID_TERM = "mid-term", _("sơ kết")
        FINAL = "final", _("tổng kết")

    class State(models.TextChoices):
        DRAFT = "draft", _("bản thảo")
        SUBMITTED = "submitted", _("đã trình")
        RETURNED = "returned", _("bị trả lại")
        APPROVED = "approved", _("đã duyệt")

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=300)
    first = models.DateField()
    last = models.DateField()
    facts = models.JSONField(default=dict)
    composed_at = models.DateTimeField(null=True, blank=True)
    text = models.JSONField(default=dict, help_text="part → words of the unit")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    note = models.CharField(max_length=1000, blank=True)
    writers = models.JSONField(default=list, blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | (~Q(approved_by=F("written_by")) & ~Q(approved_by=F("submitted_by"))),
                name="two_eyes_on_reviews",
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="review_ends_later"),
        ]

    def __str__(self) -> str:
        return self.title
