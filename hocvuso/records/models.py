"""Statements: appended, never changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hocvuso.base.fields import FingerprintField
from hocvuso.people.models import Person


class StatementQuerySet(models.QuerySet["Statement"]):
    def standing(self) -> StatementQuerySet:
        """What learners did and nobody voided."""
        return self.filter(voids=None, voided_by=None)


class Statement(models.Model):
    """What a learner did, as an xAPI-shaped fact with an id made on the device. Append only.

    `content_hash` tells a repetition (same id, same content: accepted once) from a clash (refused). `stored_at` is our
    time. `at` is the device's, within the year before (`rules.bounded`), and the moment it counts on; what the device
    said is in the content. `seconds` and `device` are columns out of the content, for counting.

    A statement that `voids` another takes it back: same person, object and `at`, its `seconds` negative, so that a sum
    over both is nothing. `fingerprint` is over all columns, the content by its hash.
    """

    word = "statement"
    counted_by = "stored_at"  # keys are made on devices

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="statements", db_index=False)
    verb = models.CharField(max_length=20)
    object = models.CharField(max_length=200)
    content = models.JSONField()
    content_hash = models.CharField(max_length=32)
    at = models.DateTimeField()
    stored_at = models.DateTimeField()
    seconds = models.IntegerField(default=0)
    device = models.CharField(max_length=40, blank=True)
    voids = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="voided_by", db_index=False)
    fingerprint = FingerprintField(
        "id", "person_id", "verb", "object", "content_hash", "at", "stored_at", "seconds", "device", "voids_id"
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        # Every tap writes a row, and every index costs it a page: none that another one serves, none of empty values.
        constraints = [
            models.UniqueConstraint(fields=["voids"], condition=Q(voids__isnull=False), name="voided_once"),
        ]
        indexes = [
            # Serves what was done since, and the rebuilding of one learner's projections.
            models.Index(fields=["person", "stored_at"], name="statement_of_person"),
            # Serve the measures: what came in since the last roll-up, what was done on a day, who shares a device.
            models.Index(fields=["stored_at"], name="statement_stored"),
            models.Index(fields=["at"], name="statement_of_day"),
            models.Index(fields=["device"], condition=~Q(device=""), name="statement_of_device"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object}"
