"""What is counted: roll-ups of measures, indicators by definition, values, targets, populations, quality flags."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvuso.base.fields import FingerprintField, fingerprint
from hocvuso.base.models import Entity, Versioned
from hocvuso.base.text import fold
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Place, Unit


class Cell(models.Model):
    """A roll-up: what one measure counted on one day in one combination of its dimensions.

    Rewritten day by day from the records, so that computing again gives the same cells. `area` is the path of place
    codes (`01`, `01.00004`; empty: place unknown), `unit_path` that of the unit the record belongs to (empty: none).
    Sums over any period, subtree or dimension are sums of cells: the parts always make the whole.
    """

    word = "indicator-cell"

    measure = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    day = models.DateField()
    area = models.CharField(max_length=20, blank=True)
    unit_path = models.CharField(max_length=160, blank=True)
    audience = models.CharField(max_length=40, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    age_band = models.CharField(max_length=8, blank=True)
    ethnicity = models.CharField(max_length=20, blank=True)
    value = models.FloatField()

    class Meta:
        indexes = [
            # Serve `figures`: one measure over days, within an area or a subtree of units.
            models.Index(fields=["measure", "version", "day"], name="cell_of_day"),
            models.Index(fields=["measure", "version", "area", "day"], name="cell_of_area"),
        ]


class Total(models.Model):
    """What a measure counted in one calendar month in a scope, all dimensions together: sums of cells, kept for speed.

    `scope`: `a` and an area (`a` the country, `a01` a province with its communes, `a01.00004` a commune), or `u` and
    the path of a unit with its subtree. Written with the cells of its month, never by itself.
    """

    word = "indicator-total"

    measure = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    month = models.DateField(help_text="its first day")
    scope = models.CharField(max_length=164)
    value = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["measure", "version", "month"], name="total_of_month")]
        constraints = [
            # Also serves `figures`: one measure in some scopes over months.
            models.UniqueConstraint(fields=["measure", "version", "scope", "month"], name="total_once"),
        ]


class Watermark(models.Model):
    """Up to which moment the records of a measure have been rolled up. Its row is the lock of that work.

    `fault`: what stopped its last roll-up; empty when that went well.
    """

    word = "watermark"

    measure = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    taken_until = models.DateTimeField()
    fault = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "version"], name="watermark_once")]


class Population(models.Model):
    """A dated denominator: how many people of a group live in a place, by a source."""

    word = "population"

    place = models.ForeignKey(Place, models.PROTECT, related_name="populations")
    group = models.SlugField(max_length=40, help_text="all, adults, elderly, pupils …")
    on = models.DateField()
    count = models.PositiveIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "group", "on"], name="population_once")]


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def current(self) -> IndicatorQuerySet:
        """The latest version of each."""
        return self.filter(superseded=False)


class Indicator(models.Model):
    """What is asked of units, by definition: a measure, a declared figure, a ratio of two, or a weighted sum.

    A changed definition is a new version; values keep the version they were computed with. `definition` by kind —
    measure: {"measure": name}; declared: {"aggregate": "sum" | "none"}; ratio: {"numerator": key, "denominator": key}
    or {"numerator": key, "population": group}, with "factor" (100 for per cent); composite:
    {"terms": [[weight, key] …]}. Any kind may say "owed_by": [kinds of units that must declare it], "due": days after
    the period, "evidence": true when a declared value must come with a file, and "doubt": {"detector", "above",
    "least"} (see `rules_quality.Threshold`).
    """

    word = "indicator"

    class Kind(models.TextChoices):
        MEASURE = "measure", _("đo được")
        DECLARED = "declared", _("khai báo")
        RATIO = "ratio", _("tỉ lệ")
        COMPOSITE = "composite", _("tổng hợp")

    key = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    superseded = models.BooleanField(default=False)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    definition = models.JSONField(default=dict)
    measured_in = models.CharField(max_length=40, blank=True, help_text="người, %, lượt …")
    measured_in_en = models.CharField(max_length=40, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    higher_is_better = models.BooleanField(default=True)
    period_type = models.CharField(max_length=12, default="month")
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    public = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="indicator_version_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(superseded=False), name="one_current_indicator"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def needs_evidence(self) -> bool:
        """Whether nothing is declared for it without a file that shows where the value comes from."""
        return bool(self.definition.get("evidence"))

    @property
    def is_share(self) -> bool:
        """Whether a value of it may be written in per cent."""
        said = self.measured_in
        named = "%" in said or any(word in fold(said) for word in ("phan tram", "percent"))
        return named or not said and self.decimals > 0


class ValueQuerySet(models.QuerySet["Value"]):
    def visible_to(self, person: Any) -> Self:
        """Values of units in one's reach."""
        return self.filter(unit__in=units_in_reach(person, May.SEE_FIGURES))


class Value(models.Model):
    """One figure: indicator version × unit × period. A declared one stands beside a measured one, never in its place.

    `kind` d: declared or imported by the unit; m: a measured figure frozen because a report quoted it.

    The database does not check the three references (decision 0018): that would double the time of an import of
    millions of rows, each of which comes from keys just read. Indicators and units are never deleted, people neither.
    """

    word = "indicator-value"

    class Kind(models.TextChoices):
        DECLARED = "d", _("khai báo")
        MEASURED = "m", _("đo được")

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", db_index=False, db_constraint=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="values", db_index=False, db_constraint=False)
    period = models.CharField(max_length=10)
    kind = models.CharField(max_length=1, choices=Kind.choices, default=Kind.DECLARED)
    value = models.FloatField()
    numerator = models.FloatField(null=True, blank=True)
    denominator = models.FloatField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    at = models.DateTimeField()
    fingerprint = FingerprintField(
        "indicator_id", "unit_id", "period", "kind", "value", "numerator", "denominator", "note", "by_id", "at"
    )

    objects = ValueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "period", "unit", "kind"], name="value_once"),
        ]

    @property
    def version(self) -> int:
        """What tells it from what stands there after somebody's correction: as `Versioned`, without its columns."""
        return self.fingerprint

    @property
    def changed_by(self) -> str:
        """The id of whoever declared it, as in the journal."""
        return str(self.by_id or "")

    @property
    def changed_at(self) -> datetime:
        """When it was declared."""
        return self.at


class ReplacedValue(models.Model):
    """A declared figure that was corrected or imported anew: what was said before, by whom and when. Append only."""

    word = "replaced-value"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    period = models.CharField(max_length=10)
    value = models.FloatField()
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    replaced_at = models.DateTimeField()

    class Meta:
        ordering = ["-replaced_at", "-pk"]


class Target(Versioned):
    """What should be reached: indicator × unit or place × period, with its source."""

    word = "target"

    indicator = models.SlugField(max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="targets")
    period = models.CharField(max_length=10)
    value = models.FloatField()
    source = models.CharField(max_length=300)
    set_at = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", help_text="where it was set; units beneath do not change it"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "unit", "period"], name="target_once")]


class FlagQuerySet(models.QuerySet["Flag"]):
    def visible_to(self, person: Any) -> Self:
        """Flags of units in one's reach."""
        return self.filter(unit__in=units_in_reach(person, May.SEE_FIGURES))


class Flag(Entity):
    """A doubt about a figure: what a detector found, and what became of it. Found again is not filed again."""

    word = "flag"

    class Kind(models.TextChoices):
        IMPOSSIBLE = "impossible", _("không thể có")
        IMPLAUSIBLE = "implausible", _("khó tin")
        LATE = "late", _("muộn")
        MISSING = "missing", _("thiếu")
        DUPLICATE = "duplicate", _("trùng")
        DIFFERS = "differs", _("tính lại khác số đã báo cáo")

    class State(models.TextChoices):
        OPEN = "open", _("cần xem")
        EXPLAINED = "explained", _("đã giải thích")
        MENDED = "mended", _("đã sửa")
        DISMISSED = "dismissed", _("không phải lỗi")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    detector = models.SlugField(max_length=40)
    indicator = models.SlugField(max_length=60, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="flags")
    period = models.CharField(max_length=10)
    facts = models.JSONField(default=dict, help_text="the numbers that the explanation quotes")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "-created_at"], name="flag_queue")]
        constraints = [
            models.UniqueConstraint(fields=["detector", "indicator", "unit", "period"], name="flag_once"),
        ]

    @property
    def version(self) -> int:
        """What tells it from what it was before somebody said something to it: as `Versioned`, without its columns."""
        return fingerprint(self.state, self.note, str(self.by_id or ""))
