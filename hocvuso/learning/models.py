"""Enrolments, what is concluded from statements, the goal of a week, and who is called back to reviews."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.base.models import Entity
from hocvuso.library.models import Edition, Lesson, Programme
from hocvuso.people.models import Person
from hocvuso.reminders.models import PushDevice
from hocvuso.units.models import Place

from .rules import Often, Way


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


class LessonProgress(models.Model):
    """Projection: one learner × one lesson. Rises only; rebuilt from statements by `services.rebuild`."""

    word = "lesson-progress"

    class State(models.TextChoices):
        UNDER_WAY = "under-way", _("đang học")
        DONE = "done", _("đã xong")

    person = models.ForeignKey(Person, models.CASCADE, related_name="progress", db_index=False)
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


class Completion(models.Model):
    """That a lesson came to be done, as it is counted. Append only: what no longer stands is taken back by another row.

    The first standing completion of a lesson that reached us is counted with `times` 1 on the day it is dated; when it
    is voided, a row with the same values and `times` −1 takes it back. `spent`: seconds the learner had been at the
    lesson by then; `needed`: those its text took to read then. Both stay, whatever is recorded or published later.
    """

    word = "completion"

    person = models.ForeignKey(Person, models.CASCADE, related_name="completions")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+", db_index=False)
    cause = models.UUIDField(help_text="the statement by which it came to be done")
    at = models.DateTimeField()
    stored_at = models.DateTimeField()
    times = models.SmallIntegerField(default=1)
    spent = models.PositiveIntegerField()
    needed = models.PositiveIntegerField()

    class Meta:
        indexes = [
            # Serve the measures: what came in since the last roll-up, what is dated on a day.
            models.Index(fields=["stored_at"], name="completion_stored"),
            models.Index(fields=["at"], name="completion_of_day"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id}: {self.times}"


class ReviewCard(models.Model):
    """Memory of one item, as FSRS keeps it, with the day it is due."""

    word = "review-card"

    person = models.ForeignKey(Person, models.CASCADE, related_name="cards", db_index=False)
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+", db_index=False)
    item = models.CharField(max_length=60)
    card = models.JSONField()
    due = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "lesson", "item"], name="card_once")]
        indexes = [models.Index(fields=["person", "due"], name="card_due")]

    def __str__(self) -> str:
        return f"{self.lesson_id}/{self.item}"


class LearnersNearby(models.Model):
    """How many people of a commune have done at least one lesson of a programme. Counted by `services.count_nearby`.

    Counts that would point at somebody have no row: what is not stored is told by no page and no backup.
    """

    word = "learners-nearby"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+", db_index=False)
    place = models.ForeignKey(Place, models.CASCADE, related_name="+", db_index=False)
    people = models.PositiveIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "programme"], name="learners_nearby_once")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.programme_id}: {self.people}"


class WeeklyGoal(Entity):
    """How many lessons a week a learner wants to do, from the week of a Monday on. No row: three."""

    word = "weekly-goal"

    person = models.ForeignKey(Person, models.CASCADE, related_name="weekly_goals", db_index=False)
    since = models.DateField()
    lessons = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "since"], name="one_goal_a_week")]


class ReviewReminder(Entity):
    """That a learner asked to be called back to what is due for review: how, how often at most, at which hour.

    It has ended or not; chosen anew, it goes on. Nobody has one who did not choose it.
    """

    word = "review-reminder"

    class Ended(models.TextChoices):
        OWN = "own", _("bạn đã thôi nhắc")
        UNANSWERED = "unanswered", _("nhắc nhiều lần mà bạn chưa ôn")
        GONE = "gone", _("máy của bạn không nhận thông báo nữa")

    person = models.OneToOneField(Person, models.CASCADE, related_name="review_reminder")
    way = models.CharField(max_length=6, choices=Way.choices)
    often = models.CharField(max_length=8, choices=Often.choices)
    hour = models.PositiveSmallIntegerField()
    chosen_at = models.DateTimeField()
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=10, choices=Ended.choices, blank=True)

    class Meta:
        indexes = [
            # Serves the clock: who may be called now.
            models.Index(fields=["next_at"], condition=models.Q(ended_at=None), name="review_reminder_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_why="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_why="")),
                name="ended_review_reminder_says_why",
            )
        ]


class ReviewCall(Entity):
    """One call to one learner, on one of several browsers or by the one other way; the outbox carries it (same key)."""

    word = "review-call"

    reminder = models.ForeignKey(ReviewReminder, models.CASCADE, related_name="calls")
    device = models.ForeignKey(PushDevice, models.SET_NULL, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=6, choices=Way.choices)
    at = models.DateTimeField(help_text="the same for all browsers of one occasion")
    sent_at = models.DateTimeField(null=True, blank=True)
