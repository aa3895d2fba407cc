"""Places and units."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import Entity

from .rules import UnitPath


class PlaceQuerySet(models.QuerySet["Place"]):
    def in_force(self, on: date) -> Self:
        """Places valid on a day."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on))

    def provinces(self) -> Self:
        return self.filter(kind=Place.Kind.PROVINCE)

    def communes(self) -> Self:
        return self.filter(kind=Place.Kind.COMMUNE)


class Place(models.Model):
    """Địa bàn: country → province → commune, with the official code.

    A merger or a change of name is data: the old place gets `valid_to`, and successors that begin on that day.
    """

    word = "place"

    class Kind(models.TextChoices):
        COUNTRY = "country", _("quốc gia")
        PROVINCE = "province", _("tỉnh, thành phố")
        COMMUNE = "commune", _("xã, phường, đặc khu")

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    type = models.CharField(max_length=20, help_text="tinh, thanh-pho, xa, phuong, dac-khu, quoc-gia")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    successors = models.ManyToManyField("self", symmetrical=False, related_name="predecessors", blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    special_difficulty = models.BooleanField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    search = models.CharField(max_length=260, blank=True, db_index=True, help_text="folded name and code")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["kind", "code"], name="place_kind_code")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gt=models.F("valid_from")),
                name="place_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    def under(self, unit: Unit) -> Self:
        """`unit` and its subtree: one prefix test on an index."""
        return self.filter(path__startswith=unit.path)

    def above(self, unit: Unit) -> Self:
        """`unit` and its ancestors."""
        return self.filter(path__in=unit.tree_path.ancestors)

    def open(self, on: date) -> Self:
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=on))


class Unit(Entity):
    """Đơn vị: one node of the tree by management.

    Not a place: a ministry's department and a university's faculty have a place, they are not one.
    """

    word = "unit"

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("bộ")
        DEPARTMENT = "department", _("đơn vị thuộc bộ")
        PROVINCIAL_DEPARTMENT = "provincial-department", _("sở giáo dục và đào tạo")
        COMMUNE_COMMITTEE = "commune-committee", _("uỷ ban nhân dân cấp xã")
        SCHOOL = "school", _("trường học")
        UNIVERSITY = "university", _("đại học, cao đẳng")
        FACULTY = "faculty", _("khoa, phòng")
        ENTERPRISE = "enterprise", _("doanh nghiệp")
        ASSOCIATION = "association", _("hội, đoàn thể")
        DIGITAL_TEAM = "digital-team", _("tổ công nghệ số cộng đồng")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=24, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=160, unique=True, editable=False)
    last_child = models.PositiveIntegerField(default=0, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="units")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)
    search = models.CharField(max_length=260, blank=True, db_index=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [
            # Serves `under`: LIKE 'prefix%' on PostgreSQL needs the pattern operator class.
            models.Index(fields=["path"], name="unit_path_prefix", opclasses=["varchar_pattern_ops"])
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tree_path(self) -> UnitPath:
        return UnitPath(self.path)
