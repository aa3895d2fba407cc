"""Nouns of urging: rules, what a person is told, messages on their way, preferences. Notices of single acts.

And the browsers that let themselves be called.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from hocvuso.base.addresses import address_of
from hocvuso.base.models import Entity, OutboxMessage, Versioned
from hocvuso.people.models import Person
from hocvuso.people.queries import grants_of, units_in_reach
from hocvuso.people.rules import May
from hocvuso.units.models import Unit

from .rules import QUIET_FROM, QUIET_TO, Channel
from .sources import label_of, source_of

__all__ = ["Notice", "PushDevice", "PushKey", "ReminderMessage", "ReminderPreference", "ReminderRule", "Reminder"]


class ReminderRuleQuerySet(models.QuerySet["ReminderRule"]):
    def visible_to(self, person: Any) -> Self:
        """Rules set in one's reach, and those set above any of one's units, which hold there too."""
        reach = units_in_reach(person, May.SEE_FIGURES)
        above = {path for grant in grants_of(person) for path in grant.unit.tree_path.ancestors}
        return self.filter(Q(unit__in=reach) | Q(unit__path__in=above))


class ReminderRule(Entity, Versioned):
    """When to urge whom: `offset` days before (negative) or after the due day; holds in the owner's subtree.

    Rules are switched off, never deleted: messages name the rule they come from. `key` is that of a built-in rule.
    """

    word = "reminder-rule"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="urge_rules")
    key = models.SlugField(max_length=40, blank=True)
    kinds = models.JSONField(default=list)
    offset = models.SmallIntegerField()
    recipients = models.JSONField(default=list)
    weekends = models.BooleanField(default=False, help_text="an urgent rule: also on Saturdays and Sundays")
    active = models.BooleanField(default=True)

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        ordering = ["unit", "offset"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], condition=~Q(key=""), name="built_in_rule_once"),
        ]


class ReminderMessage(Entity):
    """One message to one person by one channel: at most one a day, a digest of all that is due. Kept for ever.

    Its words are written when it is sent: what was urged since the last message by this channel and is still open.
    How sending goes is kept by the outbox (`outgoing`, with the same key).
    """

    word = "reminder-message"

    outgoing = models.OneToOneField(OutboxMessage, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="urge_messages")
    day = models.DateField()
    channel = models.CharField(max_length=6, choices=Channel.choices)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    told_until = models.DateTimeField(
        null=True, blank=True, help_text="what was urged until then need not be sent again"
    )

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["person", "day", "channel"], name="one_message_a_day_and_channel"),
        ]


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def unread(self) -> Self:
        return self.filter(read_at=None, over_at=None)

    def visible_to(self, person: Any) -> Self:
        """What was sent to oneself, and what was sent about units in one's reach by those who urge there."""
        return self.filter(Q(person=person) | Q(unit__in=units_in_reach(person, May.URGE)))


class Reminder(Entity):
    """One person told of one subject by one rule (or by hand on one day). Never told twice; read is acknowledged.

    `subject_id` names a task or a report; title and due day are as they were, so that the log outlives changes.
    """

    word = "reminder"

    BY_HAND: ClassVar[str] = "hand:"

    person = models.ForeignKey(Person, models.PROTECT, related_name="urgings")
    kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="urgings")
    title = models.CharField(max_length=500)
    due_on = models.DateField()
    rule = models.ForeignKey(ReminderRule, models.PROTECT, null=True, blank=True, related_name="urgings")
    rule_key = models.CharField(max_length=60, help_text="the rule's id, or hand:<day>")
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=1000, blank=True)
    told_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True, help_text="when it was found done, or the role ended")

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-told_at"]
        indexes = [
            models.Index(fields=["person", "-told_at"], name="urging_inbox"),
            models.Index(fields=["kind", "subject_id"], name="urging_of_subject"),
            # Serves digests and the count of unread ones.
            models.Index(fields=["person", "told_at"], condition=Q(read_at=None, over_at=None), name="urging_unread"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id", "rule_key", "person"], name="nobody_is_told_twice"),
        ]

    @property
    def url(self) -> str:
        """Where the subject is seen."""
        return address_of(source_of(self.kind).noun, self.subject_id)

    @property
    def kind_shown(self) -> str:
        return label_of(self.kind)


class ReminderPreference(Entity):
    """How a person wishes to be reached besides the page, and when not. No row: e-mail, quiet 21:00–7:00."""

    word = "reminder-preference"

    person = models.OneToOneField(Person, models.CASCADE, related_name="urge_preference")
    channels = models.JSONField(default=list)
    chat_handle = models.CharField(max_length=100, blank=True)
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_to = models.TimeField(default=QUIET_TO)


class Notice(Entity):
    """A few words to one person about what others did that concerns them; the outbox carries it (same key)."""

    word = "notice"

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    subject = models.CharField(max_length=200)
    text = models.TextField()


class PushDevice(Entity):
    """A browser of a person that lets itself be called; it belongs to whoever asked for that on it last."""

    word = "push-device"

    person = models.ForeignKey(Person, models.CASCADE, related_name="push_devices")
    lookup = models.CharField(max_length=64, unique=True, help_text="hash of its address at the push service")
    sealed = models.TextField(help_text="the subscription, as the browser wrote it")


class PushKey(Entity):
    """The private key by which push services know this site; browsers let only its holder call them."""

    word = "push-key"

    name = models.CharField(max_length=20, unique=True)
    sealed = models.TextField()
