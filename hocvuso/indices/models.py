"""Definitions of indices and what units scored."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from hocvuso.base.models import Entity, Versioned
from hocvuso.people.models import Person
from hocvuso.units.models import Unit


class IndexDefinition(Entity, Versioned):
    """One year's version of an index: criteria, weights to 100, caps, bands — all of it data.

    `definition`: {"criteria": [{code, title, title_en, group, weight, indicator, score, cap, missing}], "bands": […]};
    the shape is that of `rules.Definition`.
    """

    word = "index-definition"

    key = models.SlugField(max_length=40)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    definition = models.JSONField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["key", "-year"]
        constraints = [models.UniqueConstraint(fields=["key", "year"], name="index_year_once")]

    def __str__(self) -> str:
        return self.title


class IndexRun(Entity):
    """One computing of an index for all units of a kind: by whom, by which definition, of how many, from which inputs.

    `inputs` is a hash over the definition, the units and every value that went in: the same inputs give the same ranks,
    and other ranks mean other inputs. `by` None: the operator at the command line. The `current` one is what
    pages show; those before it keep their scores.
    """

    word = "index-run"

    index = models.ForeignKey(IndexDefinition, models.PROTECT, related_name="runs")
    period = models.CharField(max_length=10)
    kind = models.CharField(max_length=24, choices=Unit.Kind.choices)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(help_text="of the definition")
    units = models.PositiveIntegerField()
    inputs = models.CharField(max_length=64)
    current = models.BooleanField(default=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["index", "period", "kind"], condition=Q(current=True), name="one_current_index_run"
            )
        ]
        indexes = [models.Index(fields=["index", "period", "kind", "-created_at"], name="index_run_latest")]


class IndexScoreQuerySet(models.QuerySet["IndexScore"]):
    def current(self) -> Self:
        """Those of the latest computing of each index, period and kind."""
        return self.filter(run__current=True)


class IndexScore(models.Model):
    """What one unit scored in one index for one period by one computing, with the parts it is made of. It stays."""

    word = "index-score"

    index = models.ForeignKey(IndexDefinition, models.CASCADE, related_name="scores")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="index_scores")
    period = models.CharField(max_length=10)
    total = models.FloatField(null=True)
    rank = models.PositiveIntegerField(null=True)
    band = models.CharField(max_length=40, blank=True)
    parts = models.JSONField(default=dict, help_text="criterion code → {value, score}")
    run = models.ForeignKey(IndexRun, models.PROTECT, related_name="scores")

    objects = IndexScoreQuerySet.as_manager()

    class Meta:
        ordering = ["index", "period", "rank"]
        constraints = [models.UniqueConstraint(fields=["run", "unit"], name="index_score_once")]
        indexes = [models.Index(fields=["index", "period", "unit"], name="index_score_of_unit")]
