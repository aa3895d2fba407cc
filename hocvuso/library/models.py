"""Programmes and their editions; lessons by identity; the catalogue that search and pages read."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from hocvuso.base.models import Entity
from hocvuso.people.models import Person, TwoPersonRequest
from hocvuso.people.queries import units_in_reach
from hocvuso.people.rules import May
from hocvuso.skills.models import Outcome
from hocvuso.units.models import Unit

from .rules import EditionState


class Programme(Entity):
    """A programme for one audience: the stable identity, and a pointer to what is published now.

    Publishing moves the pointer; editions themselves never change. What is public of it is decided at its `owner`: the
    unit whose edition was published first, or to which it was handed over. A draft makes nobody the owner.
    """

    word = "programme"

    key = models.SlugField(max_length=60, unique=True)
    owner = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="programmes")
    audience = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField(default=1000, help_text="its place among programmes, lowest first")
    current = models.OneToOneField("Edition", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(current=None) | Q(owner__isnull=False), name="published_programme_has_an_owner"
            )
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def published_edition(self) -> Edition:
        """`current`, where the programme is known to be published. Raises Edition.DoesNotExist."""
        if self.current is None:
            raise Edition.DoesNotExist(f"{self.key} has no published edition")
        return self.current


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, person: Any) -> Self:
        """Editions of the units, and of the programmes of the units, where one may write, review or approve."""
        reach = units_in_reach(person, May.AUTHOR)
        reach |= units_in_reach(person, May.REVIEW) | units_in_reach(person, May.APPROVE)
        return self.filter(Q(unit__in=reach) | Q(programme__owner__in=reach))


class Edition(Entity):
    """One edition of a programme: a compiled source, from draft to published bundle.

    `content` is the index of the compiled programme (titles, lessons, minutes), enough for every list page without
    opening the bundle. It is written once, with the bundle; the database refuses a published edition without one.
    """

    word = "edition"
    State = EditionState

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="editions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="editions", help_text="whose draft it is")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    bundle = models.CharField(max_length=64, help_text="SHA-256 of the manifest")
    source_hash = models.CharField(max_length=64)
    content = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    items = models.JSONField(default=list, help_text="test items with their keys; never in the bundle")
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["programme"], condition=Q(state="published"), name="one_published_edition"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="published_has_a_date"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | Q(written_by=None) | ~Q(approved_by=models.F("written_by")),
                name="two_eyes_on_editions",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.programme.key} {self.number}"

    @property
    def decided_at(self) -> Unit:
        """Where it is decided what becomes of it: at the programme's owner; while there is none, at its own unit."""
        return self.programme.owner or self.unit

    @property
    def lesson_keys(self) -> list[str]:
        """Keys of its lessons in the order of the modules; the JSON object of lessons keeps no order in PostgreSQL."""
        return [key for module in self.content["modules"] for key in module["lessons"]]


class WithdrawalRequest(TwoPersonRequest):
    """Asked: to take a published edition, and with it its programme, out of the catalogue; or to bring it back."""

    word = "withdrawal-request"
    permission = May.APPROVE

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="withdrawal_requests")
    to = models.CharField(max_length=12, choices=Edition.State.choices, default=Edition.State.WITHDRAWN)

    class Meta(TwoPersonRequest.Meta):
        ordering = ["-created_at"]
        constraints = [
            *TwoPersonRequest.Meta.constraints,
            models.UniqueConstraint(fields=["edition"], condition=Q(state="open"), name="one_open_withdrawal"),
        ]

    @property
    def brings_back(self) -> bool:
        return self.to == Edition.State.PUBLISHED

    def same_subject(self) -> dict[str, Any]:
        return {"edition": self.edition_id}

    def owner(self) -> Unit:
        return self.edition.decided_at

    def told(self) -> dict[str, Any]:
        return {"edition": self.edition_id, "title": self.edition.content["title"], "to": self.to}


class Lesson(Entity):
    """The substance of a lesson: progress hangs on it, so it follows copies and new editions.

    `programme` and `key` are its address; the columns are those of the published edition, for lists and search.
    """

    word = "lesson"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="lessons")
    key = models.SlugField(max_length=60)
    address = models.CharField(max_length=130, unique=True, help_text="programme/lesson, as in URLs and statements")
    position = models.PositiveSmallIntegerField(default=0)
    listed = models.BooleanField(default=False, help_text="in the published edition")
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    goal = models.CharField(max_length=300)
    goal_en = models.CharField(max_length=300, blank=True)
    promise = models.CharField(max_length=300)
    icon = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField(default=0)
    learners = models.PositiveIntegerField(default=0, help_text="how many learned it lately, counted once in a while")
    outcomes = models.ManyToManyField(Outcome, related_name="lessons", blank=True)

    class Meta:
        ordering = ["programme", "position"]
        constraints = [models.UniqueConstraint(fields=["programme", "key"], name="lesson_key_once")]
        indexes = [models.Index(fields=["listed", "programme", "position"], name="lesson_listed")]

    def __str__(self) -> str:
        return self.title


class LessonSound(Entity):
    """A lesson spoken by the built-in voice: the file in the store, and what it was made from.

    `script` is the hash of what is said, by which voice and how fast: while it stays the same, so does the sound.
    `bundle` is the edition for which that was last looked at; of another edition it is not played.
    """

    word = "lesson-sound"

    lesson = models.OneToOneField(Lesson, models.CASCADE, related_name="sound")
    bundle = models.CharField(max_length=64)
    script = models.CharField(max_length=64)
    folder = models.CharField(max_length=64, help_text="its name in the store: SHA-256 of its script.json")
    seconds = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()


class ReviewComment(Entity):
    """A reviewer's comment on a lesson (and line) of an edition."""

    word = "edition-comment"

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="comments")
    lesson = models.SlugField(max_length=60, blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)
    text = models.TextField(max_length=2000)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)


class PublishingKey(Entity):
    """The key that signs manifests. A new key retires the one before; old signatures stay checkable."""

    word = "publishing-key"

    public = models.CharField(max_length=80, unique=True)
    sealed = models.TextField()
    retired_at = models.DateTimeField(null=True, blank=True)


class SearchTerm(models.Model):
    """The inverted index: one term that finds a lesson, with its weight: a folded word, the same with its diacritics, a
    pair of neighbours (`lua_dao`), or what stands for a row of the lexicon (`=email`).

    Plain rows instead of a database's full-text engine: the same search on SQLite and PostgreSQL, and spelling is
    mended against the words that exist.
    """

    word = "search-term"

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="terms")
    term = models.CharField(max_length=80)
    weight = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "lesson"], name="term_once")]

    def __str__(self) -> str:
        return self.term


class SourceCheck(Entity):
    """Somebody read a source of a published programme again: it still says what the lessons say.

    `source` is the title by which lessons cite it; editions never change, so the day stands here.
    """

    word = "source-check"

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="source_checks")
    source = models.CharField(max_length=300)
    on = models.DateField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    note = models.CharField(max_length=500)

    class Meta:
        ordering = ["-on", "-created_at"]
        indexes = [models.Index(fields=["programme", "source"], name="source_checks")]
