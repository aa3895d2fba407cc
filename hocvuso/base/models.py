"""What the floor slab stores: the journal of acts, events on their way, counters of tries."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .ids import uuid7


class Entity(models.Model):
    """Base of every noun that the outside may name: a UUIDv7 key and the time it was made.

    Every model of the house, this kind or not, declares `word`: what it is called wherever it is stored (`words.py`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """Base of what several people may change: each change is the next version (`base.versions.expect`)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.CharField(max_length=40, blank=True, editable=False)  # a person's id, as in the journal
    changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True


class JournalEntry(models.Model):
    """One act: who did what to which thing, when, and the hash that chains it to the act before.

    Append only. `actor` is a person's id as text, so that the journal needs nothing above it and survives
    the anonymising of a person. `hash` = SHA-256 over the previous hash and this entry's canonical JSON.
    """

    word = "journal-entry"

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


class Mark(models.Model):
    """What the house remembers of itself, by name: the end of the journal, which master secret fits, when a work ran.

    Written by `marks.py`; whoever writes one says what its `data` holds.
    """

    word = "mark"

    name = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class PendingEvent(models.Model):
    """An event written with the change it tells of, removed when every listener has taken it.

    `kind` is the event's word, `taken` the words of the listeners that need not hear it again.
    """

    word = "pending-event"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=120)
    data = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)
    taken = models.JSONField(default=list)
    tries = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class OutboxMessage(models.Model):
    """Something on its way out of the house. Its key is that of the thing it is about, whose word is `source`.

    What it says and to which address is asked of the source's room when it goes out (`outbox.py`); here is only how
    that goes.
    """

    word = "outbox-message"

    class State(models.TextChoices):
        QUEUED = "queued", _("chờ gửi")
        SENT = "sent", _("đã gửi")
        FAILED = "failed", _("gửi không được")
        NEEDLESS = "needless", _("không còn cần gửi")

    id = models.UUIDField(primary_key=True, editable=False)
    source = models.CharField(max_length=60)
    receiver = models.CharField(max_length=80, help_text="whose other messages wait when this one is not taken")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0, help_text="that failed")
    error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # Serves `send_due`: what waits, by the time of its next try.
            models.Index(fields=["next_at"], condition=models.Q(state="queued"), name="outbox_waits"),
            models.Index(fields=["source", "state"], name="outbox_by_source"),
        ]


class OutboxReceiver(models.Model):
    """A receiver that did not take the last of what was sent: nothing is sent there before `next_at`."""

    word = "outbox-receiver"

    name = models.CharField(max_length=80, primary_key=True)
    failures = models.PositiveIntegerField(default=0, help_text="since something was taken")
    next_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Tries(models.Model):
    """A counter of tries in a window of time, for one keyed bucket."""

    word = "tries"

    bucket = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"


class DoneOnce(Entity):
    """What was done for a key, for a day: see `base.once`. Key and content are keyed hashes."""

    word = "done-once"

    key = models.CharField(max_length=64, unique=True)
    content = models.CharField(max_length=64)
    sealed = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key


class NotTaken(Entity):
    """A row that a batch could not take, while all others were: which, why, since when, tried how often.

    Gone when it is taken, or when the batch has no business with it any more. Written by `batches.py`.
    """

    word = "not-taken"

    batch = models.CharField(max_length=60)
    thing = models.CharField(max_length=200, help_text="`word:key`, as in the journal")
    shown = models.CharField(max_length=200, blank=True, help_text="what people call it")
    why = models.CharField(max_length=500)
    last_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["batch", "thing"], name="row_of_a_batch_not_taken_once")]

    def __str__(self) -> str:
        return f"{self.batch}: {self.thing}"


class Attachment(Entity):
    """A file given as evidence; its content lies in HOCVUSO_DATA/files under its hash. `by` is a person's id."""

    word = "attachment"

    subject = models.CharField(max_length=120, db_index=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    by_id = models.UUIDField(null=True, db_index=True)
