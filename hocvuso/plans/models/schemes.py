"""Nouns of linking: schemes and programmes, and what is counted for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Q

from hocvuso.base.models import Entity, Versioned
from hocvuso.people.models import Person
from hocvuso.people.queries import tops_of_reach, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from .plan import Task

__all__ = ["Scheme", "SchemeLink"]


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def visible_to(self, person: Any) -> Self:
        """National schemes for whoever sees figures; a unit's own for it, for those above, and for its subtree."""
        if not tops_of_reach(person, May.SEE_FIGURES):
            return self.none()
        reach = units_in_reach(person, May.SEE_FIGURES)
        above = {path for unit in reach.order_by().values_list("path", flat=True)[:50] for path in _ancestors(unit)}
        return self.filter(Q(unit=None) | Q(unit__in=reach) | Q(unit__path__in=above))


def _ancestors(path: str) -> list[str]:
    parts = path.split(".")[:-1]
    return [".".join(parts[:n]) + "." for n in range(1, len(parts) + 1)]


class Scheme(Entity, Versioned):
    """Đề án, chương trình: what tasks and figures are also counted for.

    Schemes of one `family` divide a figure between them: its shares never exceed the whole. `unit` None: a national
    scheme, kept by whoever defines indicators at the root.
    """

    word = "scheme"

    key = models.SlugField(max_length=60, unique=True)
    number = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="schemes")
    family = models.SlugField(max_length=40, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["family", "key"]

    def __str__(self) -> str:
        return self.number or self.title

    @property
    def full_name(self) -> str:
        """Number and title: numbers alone are missing or alike."""
        return ", ".join(part for part in (self.number, self.title) if part)


class SchemeLink(Entity):
    """A task or an indicator counted for a scheme with a share."""

    word = "scheme-link"

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="links")
    task = models.ForeignKey(Task, models.CASCADE, null=True, blank=True, related_name="scheme_links")
    indicator = models.SlugField(max_length=60, blank=True)
    share = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal(1))
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["scheme", "indicator", "task"]
        constraints = [
            models.CheckConstraint(
                condition=Q(task=None, indicator__gt="") | Q(task__isnull=False, indicator=""), name="links_one_thing"
            ),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="share_up_to_the_whole"),
            models.UniqueConstraint(fields=["scheme", "task"], condition=Q(indicator=""), name="task_linked_once"),
            models.UniqueConstraint(
                fields=["scheme", "indicator"], condition=Q(task=None), name="indicator_linked_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} ← {self.indicator or self.task_id}"
