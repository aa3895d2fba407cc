"""What the floor slab stores: the journal of acts, events on their way, counters of tries."""

from __future__ import annotations

from django.db import models

from .ids import uuid7


class Entity(models.Model):
    """Base of every noun that the outside may name: a UUIDv7 key and the time it was made."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """Base of what several people may change: each change is the next version (`base.versions.expect`)."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class JournalEntry(models.Model):
    """One act: who did what to which thing, when, and the hash that chains it to the act before.

    Append only. `actor` is a person's id as text, so that the journal needs nothing above it and survives
    the anonymising of a person. `hash` = SHA-256 over the previous hash and this entry's canonical JSON.
    """

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=40, blank=True, db_index=True)
    act = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, db_index=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "journal entries"

    def __str__(self) -> str:
        return f"{self.number} {self.act}"


class PendingEvent(models.Model):
    """An event written with the change it tells of, removed when every listener has taken it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=120)
    data = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Tries(models.Model):
    """A counter of tries in a window of time, for one keyed bucket."""

    bucket = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"


class Attachment(Entity):
    """A file given as evidence; its content lies in HOCVUSO_DATA/files under its hash. `by` is a person's id."""

    subject = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    by_id = models.UUIDField(null=True)
