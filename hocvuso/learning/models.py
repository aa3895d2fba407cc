"""Statements and what is concluded from them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import Entity
from hocvuso.library.models import Edition, Lesson, Programme
from hocvuso.people.models import Person


class Enrolment(Entity):
    """A person in a programme, with the edition they learn and why they are there."""

    word = "enrolment"

    class Why(models.TextChoices):
        OWN = "own", _("tự muốn học")
        CLASS = "class", _("lớp học")
        VOLUNTEER = "volunteer", _("tình nguyện viên")
        ORDER = "order", _("đơn đặt hàng")

    person = models.ForeignKey(Person, models.CASCADE, related_name="enrolments")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="enrolments")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.OWN)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "programme"], name="enrolled_once")]


class Statement(models.Model):
    """What a learner did, as an xAPI-shaped fact with an id made on the device. Append only.

    `content_hash` tells a repetition (same id, same content: accepted once) from a clash (refused). `at` is the
    device's time, `stored_at` ours; their difference is recorded, not trusted. `seconds` and `device` are columns
    out of the content, for counting.
    """

    word = "statement"

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="statements")
    verb = models.CharField(max_length=20)
    object = models.CharField(max_length=200)
    content = models.JSONField()
    content_hash = models.CharField(max_length=32)
    at = models.DateTimeField()
    stored_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(default=0)
    device = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            # Serves "my learning" and the rebuilding of one learner's projections.
            models.Index(fields=["person", "stored_at"], name="statement_of_person"),
            # Serve the measures: what came in since the last roll-up, what was done on a day, who shares a device.
            models.Index(fields=["stored_at"], name="statement_stored"),
            models.Index(fields=["at"], name="statement_of_day"),
            models.Index(fields=["device"], name="statement_of_device"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object}"


class LessonProgress(models.Model):
    """Projection: one learner × one lesson. Rises only; rebuilt from statements by `services.rebuild`."""

    word = "lesson-progress"

    class State(models.TextChoices):
        UNDER_WAY = "under-way", _("đang học")
        DONE = "done", _("đã xong")

    person = models.ForeignKey(Person, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="progress")
    state = models.CharField(max_length=10, choices=State.choices)
    best = models.FloatField(default=0.0)
    seconds = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "lesson"], name="progress_once")]

    def __str__(self) -> str:
        return f"{self.lesson_id}: {self.state}"


class ReviewCard(models.Model):
    """Memory of one item, as FSRS keeps it, with the day it is due."""

    word = "review-card"

    person = models.ForeignKey(Person, models.CASCADE, related_name="cards")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    item = models.CharField(max_length=60)
    card = models.JSONField()
    due = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "lesson", "item"], name="card_once")]
        indexes = [models.Index(fields=["person", "due"], name="card_due")]

    def __str__(self) -> str:
        return f"{self.lesson_id}/{self.item}"
