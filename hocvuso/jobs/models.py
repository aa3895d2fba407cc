"""Jobs."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import Entity


class Job(Entity):
    """Long work that a person asked for and another process does (`services.py`).

    `kind` is a stable word, `args` plain values, `unit` the name of the unit where it is done, `by_id` a person's id,
    or nobody's: what the site asks for by itself.
    `then`: with which further arguments the same may be asked for next, as to write what was only looked at.
    """

    word = "job"

    class State(models.TextChoices):
        QUEUED = "queued", _("đang chờ")
        RUNNING = "running", _("đang chạy")
        DONE = "done", _("đã xong")
        FAILED = "failed", _("không xong")
        CANCELLED = "cancelled", _("đã dừng")

    kind = models.CharField(max_length=60)
    args = models.JSONField(default=dict)
    unit = models.CharField(max_length=120, blank=True)
    by_id = models.UUIDField(null=True, db_index=True)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0, help_text="0: not known yet")
    says = models.TextField(blank=True, help_text="what came out, or why nothing did, in the asker's language")
    faults = models.JSONField(default=list, help_text="row, column, value, reason of each")
    more_faults = models.PositiveBigIntegerField(default=0)
    then = models.JSONField(default=dict)
    leads_to = models.CharField(max_length=120, blank=True, help_text="the name of the thing that came out")
    error = models.CharField(max_length=500, blank=True, help_text="what broke, for the operator")
    tries = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True, help_text="who does it")
    started_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True, help_text="when the worker last said that it is at it")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # Serves `take` and `lost`: what waits or runs, which is little of all there is.
            models.Index(fields=["created_at"], condition=models.Q(state__in=["queued", "running"]), name="job_living"),
        ]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int | None:
        """How much of it is done; None while that is not known."""
        return min(100, 100 * self.done // self.total) if self.total else None
