"""Who is urged on holds the role of today: what waits for somebody whose role ended is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hocvuso.people.models import RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Task
from hocvuso.reminders import queries as questions
from hocvuso.reminders.models import Reminder, ReminderMessage
from hocvuso.reminders.services.run import close_done, run

from . import test_reminders
from .test_reminders import at, told

there, task, sent = test_reminders.there, test_reminders.task, test_reminders.sent  # the same world
pytestmark = pytest.mark.django_db


def dismiss(person):
    RoleGrant.objects.filter(person=person).update(ends_at=timezone.now())


def test_what_waits_is_over_and_no_message_goes_out(there, task, sent):
    run(at(-7, hour=23))  # in the quiet hours: it waits for the morning
    assert told(there.nam).get().over_at is None and not sent
    dismiss(there.nam)
    run(at(-6))
    assert told(there.nam).get().over_at and not sent
    assert questions.unread_count(there.nam) == 0


def test_a_role_elsewhere_keeps_nothing_open(there, task):
    run(at(-7))
    roles.grant(person=there.nam, role=Role.OFFICER, unit=there.two, by=None)
    RoleGrant.objects.filter(person=there.nam, unit=there.one).update(ends_at=timezone.now())
    close_done(at(-6))
    assert told(there.nam).get().over_at


def test_the_leader_in_charge_is_told_while_they_lead(there, task):
    Task.objects.filter(pk=task.pk).update(leader=there.lan)
    assert questions.owed("task", due=(None, None))[0].leader == there.lan.pk
    roles.grant(person=there.lan, role=Role.LEADER, unit=there.two, by=None)
    RoleGrant.objects.filter(person=there.lan, unit=there.one).update(ends_at=timezone.now())
    assert questions.owed("task", due=(None, None))[0].leader is None


def test_what_was_told_to_the_leader_in_charge_stays_while_they_lead(there, task):
    Task.objects.filter(pk=task.pk).update(leader=there.lan)
    Reminder.objects.create(
        person=there.lan, kind="task", subject_id=task.pk, unit=there.two, title="x", due_on=task.due_on, rule_key="x"
    )
    close_done(at(-6))
    assert told(there.lan).get().over_at is None
    dismiss(there.lan)
    close_done(at(-5))
    assert told(there.lan).get().over_at


def test_messages_are_seen_where_their_receiver_worked_when_they_were_written(there, task):
    run(at(-7))
    RoleGrant.objects.filter(person=there.nam).update(ends_at=timezone.now() + timedelta(seconds=1))
    roles.grant(
        person=there.nam, role=Role.OFFICER, unit=there.two, by=None, starts_at=timezone.now() + timedelta(days=1)
    )
    before = ReminderMessage.objects.get(person=there.nam)
    assert list(questions.messages_seen_by(there.lan)) == [before] and not questions.messages_seen_by(there.xuan)
    ReminderMessage.objects.update(created_at=timezone.now() + timedelta(days=2))
    assert list(questions.messages_seen_by(there.xuan)) == [before] and not questions.messages_seen_by(there.lan)
