"""Frameworks as versioned data."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import Entity
from hocvuso.units.models import Unit


class Framework(Entity):
    """One version of a skills framework, with the sources it was taken from."""

    word = "framework"

    key = models.CharField(max_length=40, unique=True)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    issuer = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=60, blank=True)
    date = models.DateField(null=True, blank=True)
    in_force = models.DateField(null=True, blank=True)
    sources = models.JSONField(default=list)
    levels = models.JSONField(default=list, help_text="[{number, level, level_en}] from the lowest tier to the highest")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title


class Domain(Entity):
    """A group of competencies (miền năng lực)."""

    word = "competency-domain"

    framework = models.ForeignKey(Framework, models.CASCADE, related_name="domains")
    code = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["framework", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="domain_code_once")]


class Competency(Entity):
    """A component competency (năng lực thành phần). `reference` = framework key / code, as content cites it."""

    word = "competency"

    domain = models.ForeignKey(Domain, models.CASCADE, related_name="competencies")
    code = models.CharField(max_length=20)
    reference = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["domain", "position"]
        verbose_name_plural = "competencies"
        constraints = [models.UniqueConstraint(fields=["domain", "code"], name="competency_code_once")]

    def __str__(self) -> str:
        return self.title


class Tier(Entity):
    """The descriptor of one tier of a competency. Only tiers whose text a source states exist."""

    word = "tier"

    competency = models.ForeignKey(Competency, models.CASCADE, related_name="tiers")
    number = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(8)])
    descriptor = models.TextField()

    class Meta:
        ordering = ["competency", "number"]
        constraints = [models.UniqueConstraint(fields=["competency", "number"], name="tier_once")]


class Crosswalk(Entity):
    """One link between competencies of two frameworks."""

    word = "crosswalk"

    class Relation(models.TextChoices):
        EXACT = "exact", _("như nhau")
        BROADER = "broader", _("rộng hơn")
        NARROWER = "narrower", _("hẹp hơn")
        RELATED = "related", _("có liên quan")

    origin = models.ForeignKey(Competency, models.CASCADE, related_name="links_out")
    target = models.ForeignKey(Competency, models.CASCADE, related_name="links_in")
    relation = models.CharField(max_length=10, choices=Relation.choices)
    note = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "target"], name="crosswalk_once")]


class Audience(Entity):
    """Nhóm đối tượng: with the framework, and the tier universal for it (null until a source states it)."""

    word = "audience"

    key = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    framework = models.ForeignKey(Framework, models.PROTECT, null=True, blank=True)
    universal_tier = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Outcome(Entity):
    """Yêu cầu cần đạt = competency × tier × a can-do sentence. Code is stable; wording follows the latest edition.

    Codes are of the whole country: an outcome belongs to the unit that first published it, and only that rewords it.
    """

    word = "outcome"

    code = models.CharField(max_length=12, unique=True)
    owner = models.ForeignKey(Unit, models.PROTECT, related_name="outcomes")
    competency = models.ForeignKey(Competency, models.PROTECT, related_name="outcomes")
    tier = models.PositiveSmallIntegerField()
    can_do = models.CharField(max_length=300)
    can_do_en = models.CharField(max_length=300)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.can_do
