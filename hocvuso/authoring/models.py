"""Drafts: the source of a programme while it is written, file by file, with everything it was before."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from hocvuso.base.models import Entity, Versioned
from hocvuso.people.models import Person
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, person: Any) -> Self:
        """Drafts of the units where one may write or review."""
        return self.filter(
            Q(unit__in=units_in_reach(person, May.AUTHOR)) | Q(unit__in=units_in_reach(person, May.REVIEW))
        )

    def open(self) -> Self:
        """Those that were not put away."""
        return self.filter(put_away_at=None)


class Draft(Entity):
    """A programme that a unit is writing. What becomes of it is an edition of `library`; the draft stays for the next.

    `title` is the one of its `programme.yaml`, for lists.
    """

    word = "draft"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="drafts")
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=300)
    begun_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    touched_at = models.DateTimeField(help_text="when something of it was changed last")
    put_away_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-touched_at"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], condition=Q(put_away_at=None), name="one_open_draft")
        ]

    def __str__(self) -> str:
        return self.title


class DraftFile(Entity, Versioned):
    """One file of a draft, as it is now: text, or the hash of a picture that lies in the store of files.

    `facts`: of a `lesson.md`, what lists and checks show of its lesson, told anew whenever a file of it changes.
    """

    word = "draft-file"

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    path = models.CharField(max_length=170)
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["draft", "path"], name="draft_path_once")]

    def __str__(self) -> str:
        return self.path


class DraftRevision(Entity):
    """What a file was, by whom. What one person saves by itself while typing is one revision for some minutes."""

    word = "draft-revision"

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="revisions")
    path = models.CharField(max_length=170)
    version = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-version"]
        indexes = [models.Index(fields=["draft", "path", "-saved_at"], name="draft_history")]

    def __str__(self) -> str:
        return f"{self.path} {self.version}"
