"""Items, attempts and answers."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvuso.base.fields import FingerprintField
from hocvuso.base.models import Entity
from hocvuso.library.models import Edition, Programme
from hocvuso.people.models import Person
from hocvuso.skills.models import Outcome


class Item(Entity):
    """One version of a question. A changed question is a new row; attempts point at the version they were taken with.

    `key` is the stable name, programme/lesson/item. `content`: type, stem, options or sequence as shown (without what
    is right); `answer`: what is right, and the explanation. `difficulty` in logits with its standard error; `sample` is
    the number of answers it comes from (0: the author's estimate).
    """

    word = "bank-item"

    class State(models.TextChoices):
        DRAFT = "draft", _("bản thảo")
        FIELD_TEST = "field-test", _("thử nghiệm")
        LIVE = "live", _("đang dùng")
        RETIRED = "retired", _("thôi dùng")

    key = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="items")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="items")
    lesson = models.CharField(max_length=130)
    content = models.JSONField()
    answer = models.JSONField()
    hash = models.CharField(max_length=64)
    difficulty = models.FloatField()
    difficulty_se = models.FloatField(default=1.0)
    sample = models.PositiveIntegerField(default=0)
    exposure = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="item_version_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(state="live"), name="one_live_version"),
        ]
        indexes = [models.Index(fields=["programme", "state"], name="item_bank")]


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, person: Any) -> Self:
        """An attempt is its owner's alone."""
        return self.filter(person=person)


class Attempt(Entity):
    """One try at a test. Freezes the edition, the items, their parameters and the rules it is taken with (`form`)."""

    word = "attempt"

    class Kind(models.TextChoices):
        PLACEMENT = "placement", _("bài xếp bậc")
        FINAL = "final", _("bài kiểm tra cuối")

    class State(models.TextChoices):
        STARTED = "started", _("đang làm")
        SUBMITTED = "submitted", _("đã nộp")
        SCORED = "scored", _("đã chấm")

    person = models.ForeignKey(Person, models.CASCADE, related_name="attempts")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="attempts")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.STARTED)
    seed = models.BigIntegerField()
    form = models.JSONField(help_text="rules, and items in order: id, version, difficulty, option order")
    submitted_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)
    fingerprint = FingerprintField(
        "id", "created_at", "person_id", "programme_id", "edition_id", "kind", "state", "seed", "form", "submitted_at",
        "result",
    )  # fmt: skip

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # One open attempt: a second press on "start" continues the first.
            models.UniqueConstraint(
                fields=["person", "programme", "kind"], condition=Q(state="started"), name="one_open_attempt"
            ),
            models.CheckConstraint(condition=~Q(state="scored") | Q(result__isnull=False), name="scored_has_result"),
        ]


class Answer(Entity):
    """One answer in an attempt: a small write, final once made."""

    word = "answer"

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="answers")
    response = models.JSONField()
    correct = models.BooleanField()
    fingerprint = FingerprintField("id", "created_at", "attempt_id", "position", "item_id", "response", "correct")

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="one_answer_a_question")]
