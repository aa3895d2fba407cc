"""Administrative documents: how a unit signs, its numbering books, the documents themselves."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvuso.base.fields import FoldedField
from hocvuso.base.models import Entity, Versioned
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

__all__ = ["DocumentProfile", "NumberBook", "OfficialDocument"]


class DocumentProfile(Versioned):
    """How a unit stands on its documents. What is empty falls back to what the tree of units says."""

    word = "document-profile"

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True, related_name="document_profile")
    organ_above = models.CharField(max_length=200, blank=True, help_text="the organ above, as on the letterhead")
    name = models.CharField(max_length=200, blank=True, help_text="name on the letterhead, if not that of the unit")
    abbreviation = models.CharField(max_length=30, blank=True, help_text="in the symbol, such as SGDĐT")
    place = models.CharField(max_length=80, blank=True, help_text="the place before the date, such as Hà Nội")


class NumberBook(models.Model):
    """The running number of one kind of document of a unit in a year; numbers begin at 1 on 1 January."""

    word = "number-book"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="number_books")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year", "kind"], name="number_book_once")]


class DocumentQuerySet(models.QuerySet["OfficialDocument"]):
    def visible_to(self, person: Any) -> Self:
        """Documents of units in one's reach."""
        return self.filter(unit__in=units_in_reach(person, May.SEE_FIGURES))


class OfficialDocument(Entity, Versioned):
    """One document in the form of Decree 30/2020/NĐ-CP. A draft has no number; issuing gives the next one for good.

    `basis` and `recipients` are lists of lines; `body` is a list of blocks: {"kind": heading | paragraph | item,
    "text"} or {"kind": table, "head": […], "rows": [[…]]}. `subject` names what it was composed from.
    """

    word = "official-document"

    class Kind(models.TextChoices):
        PLAN = "KH", _("Kế hoạch")
        REPORT = "BC", _("Báo cáo")
        NOTICE = "TB", _("Thông báo")
        LETTER = "CV", _("Công văn")

    class State(models.TextChoices):
        DRAFT = "draft", _("dự thảo")
        ISSUED = "issued", _("đã ban hành")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=2, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    number = models.PositiveIntegerField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    title = models.CharField(max_length=500, help_text="trích yếu nội dung")
    search = FoldedField("title")
    addressees = models.JSONField(default=list, blank=True, help_text="Kính gửi, for letters")
    basis = models.JSONField(default=list, blank=True)
    body = models.JSONField(default=list)
    authority = models.CharField(max_length=120, blank=True, help_text="such as KT. GIÁM ĐỐC")
    position = models.CharField(max_length=120, blank=True)
    signer = models.CharField(max_length=120, blank=True)
    recipients = models.JSONField(default=list, blank=True)
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    writers = models.ManyToManyField(Person, related_name="+", blank=True, help_text="all who wrote in it")
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", number=None)
                | Q(state="issued", number__isnull=False, issued_on__isnull=False),
                name="issued_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=models.F("written_by")), name="two_eyes_on_documents"
            ),
        ]

    def __str__(self) -> str:
        return self.title
