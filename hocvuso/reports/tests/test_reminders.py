"""Reminders: rules, by hand, digests, quiet hours, channels, gateways that fail; nobody is told twice."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest

from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import OutboxMessage
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import signin
from hocvuso.plans.models import Task
from hocvuso.plans.services.writing import TaskText
from hocvuso.plans.tests.cabinet import cabinet, plan_in_force
from hocvuso.reminders import queries as questions
from hocvuso.reminders.models import Reminder, ReminderMessage, ReminderRule
from hocvuso.reminders.services import reminding as urging
from hocvuso.reminders.services.run import run
from hocvuso.reports.services import reporting
from hocvuso.reports.tests.world import country, hand_in, on

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 9)  # a Wednesday


def at(day: date | int, hour: int = 9) -> datetime:
    """An hour of the day in Vietnam; a number counts days from the due day."""
    day = DUE + timedelta(days=day) if isinstance(day, int) else day
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 7)


@pytest.fixture
def sent(monkeypatch):
    """What went out: (channel, address, title, text). Set `.down` to make the gateway refuse."""

    class Sent(list):
        down = False

    out = Sent()

    def send(letter):
        if out.down:
            raise OSError("the gateway is down")
        out.append((letter.kind, letter.to, letter.subject, letter.text))

    monkeypatch.setattr("hocvuso.base.gateways.Letter.send", send)
    return out


@pytest.fixture
def there(sent):
    made = cabinet()
    for name in ("nam", "lan", "thuy", "tu", "xuan", "ha"):
        signin.add_identifier(person=getattr(made, name), kind="email", value=f"{name}@example.vn")
    urging.load_default_rules()
    long_held()
    return made


def long_held():
    """Roles held since before the days of these tests."""
    RoleGrant.objects.update(starts_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def task(there):
    plan = plan_in_force(there, TaskText(title="Mở lớp", lead_unit=there.one, due_on=DUE))
    return plan.tasks.get()


def told(person):
    return Reminder.objects.filter(person=person)


class TestDefaultRules:
    def test_they_are_loaded_once_for_the_ministry(self, there):
        assert ReminderRule.objects.count() == 5
        assert urging.load_default_rules() == 0

    def test_switching_one_off_survives_loading_again(self, there):
        rule = ReminderRule.objects.get(key="before-7")
        urging.set_rule(unit=there.ministry, kinds=rule.kinds, offset=-7, recipients=rule.recipients, by=there.ha,
                        active=False, rule=rule)  # fmt: skip
        urging.load_default_rules()
        assert not ReminderRule.objects.get(key="before-7").active


class TestRules:
    def test_a_province_sets_its_own_for_its_units_only(self, there, task):
        urging.set_rule(unit=there.one, kinds=["task"], offset=-14, recipients=["leaders"], by=there.nam)
        run(at(-14))
        assert told(there.lan).count() == 1

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"kinds": []}, "kinds"), ({"recipients": ["king"]}, "recipients"), ({"offset": 999}, "offset")],
    )
    def test_what_cannot_be_is_refused(self, there, changes, field):
        with pytest.raises(urging.BadRule) as refusal:
            urging.set_rule(
                **{"unit": there.one, "kinds": ["task"], "offset": 1, "recipients": ["leaders"], "by": there.nam}
                | changes
            )
        assert refusal.value.field == field

    def test_next_door_is_refused(self, there):
        with pytest.raises(NotAllowed):
            urging.set_rule(unit=there.one, kinds=["task"], offset=1, recipients=["leaders"], by=there.xuan)


class TestTelling:
    def test_the_ladder_from_officer_to_the_top(self, there, task):
        run(at(-7))
        assert [told(p).count() for p in (there.nam, there.lan, there.thuy)] == [1, 0, 0]
        run(at(1))
        assert told(there.lan).count() == 1
        run(at(7))
        assert told(there.thuy).count() == 1
        run(at(15))
        assert told(there.thuy).count() == 2

    def test_nobody_is_told_twice(self, there, task):
        for _time in range(3):
            run(at(-7))
        run(at(-6))
        assert told(there.nam).count() == 1

    def test_after_it_is_done_nothing_more(self, there, task, sent):
        run(at(-7))
        Task.objects.update(done_on=DUE)
        for day in range(-1, 20):
            run(at(day))
        assert told(there.nam).count() == 1
        assert len(sent) == 1

    def test_not_on_weekends(self, there, task):
        Task.objects.update(due_on=date(2026, 12, 12))  # seven days before is a Saturday
        run(at(date(2026, 12, 5)))
        assert not Reminder.objects.exists()
        run(at(date(2026, 12, 7)))
        assert told(there.nam).exists()

    def test_drafts_and_tasks_without_a_unit_or_day_are_not_urged(self, there, task):
        task.plan.state = "draft"
        task.plan.save()
        run(at(1))
        assert not Reminder.objects.exists()

    def test_reports_are_urged_too(self, sent):
        land = country()
        long_held()
        urging.load_default_rules()
        run(on(7))
        assert told(land.cabinet.tu).filter(kind="report").count() == 1
        hand_in(land.commune, by=land.cabinet.tu, at=on(8))
        run(on(8))
        assert Reminder.objects.get(person=land.cabinet.tu).over_at

    def test_an_unread_urging_is_closed_when_the_thing_is_done(self, there, task):
        run(at(-7))
        assert questions.unread_count(there.nam) == 1
        Task.objects.update(done_on=DUE)
        run(at(-6))
        assert questions.unread_count(there.nam) == 0


class TestDigests:
    def test_one_message_for_many_things(self, there, sent):
        plan_in_force(there, *(TaskText(title=f"Việc {n}", lead_unit=there.one, due_on=DUE) for n in range(30)))
        run(at(-7))
        (message,) = sent
        assert message[:2] == ("email", "nam@example.vn")
        assert "30 việc" in message[2]
        assert message[3].count("- Việc") == 20

    def test_what_comes_later_on_a_day_waits_for_the_next(self, there, task, sent):
        run(at(-7))
        plan_in_force(there, TaskText(title="Việc mới", lead_unit=there.one, due_on=DUE), title="Khác")
        run(at(-7, 15))
        assert len(sent) == 1
        run(at(-6))
        assert len(sent) == 2
        assert "Việc mới" in sent[1][3] and "Mở lớp" not in sent[1][3]

    def test_the_same_thing_by_two_rules_is_one_line(self, there, task, sent):
        run(at(15))
        to_lan = next(m for m in sent if m[1] == "lan@example.vn")
        assert to_lan[3].count("Mở lớp") == 1

    def test_what_was_read_on_the_page_is_not_sent(self, there, task, sent):
        run(at(-7, 22))
        urging.read(person=there.nam)
        run(at(-6))
        assert not sent
        assert OutboxMessage.objects.get().state == "needless"

    def test_it_speaks_the_persons_language(self, there, task, sent):
        Person.objects.filter(pk=there.nam.pk).update(language="en")
        run(at(-7))
        assert len(sent) == 1


class TestQuietHours:
    def test_it_waits_for_the_morning(self, there, task, sent):
        run(at(-7, 22))
        assert not sent
        run(at(-6, 6))
        assert not sent
        run(at(-6, 8))
        assert len(sent) == 1

    def test_each_person_has_their_own(self, there, task, sent):
        urging.prefer(person=there.nam, channels=["email"], quiet_from=time(0), quiet_to=time(0))
        run(at(-7, 23))
        assert len(sent) == 1

    def test_friday_night_goes_out_on_monday(self, there, task, sent):
        Task.objects.update(due_on=date(2026, 12, 11))
        run(at(date(2026, 12, 4), 22))  # a Friday
        run(at(date(2026, 12, 5), 12))
        assert not sent
        run(at(date(2026, 12, 7), 8))
        assert len(sent) == 1


class TestChannels:
    def test_those_chosen_and_no_others(self, there, task, sent):
        signin.add_identifier(person=there.nam, kind="phone", value="+84912345678")
        urging.prefer(
            person=there.nam, channels=["phone", "chat"], quiet_from=time(21), quiet_to=time(7), chat_handle="nam.zalo"
        )
        run(at(-7))
        assert sorted(m[:2] for m in sent) == [("chat", "nam.zalo"), ("phone", "+84912345678")]
        assert all("\n" not in m[3] for m in sent)

    def test_chat_needs_a_name(self, there):
        with pytest.raises(urging.NeedsHandle):
            urging.prefer(person=there.nam, channels=["chat"], quiet_from=time(21), quiet_to=time(7))

    def test_only_the_page_when_so_wished(self, there, task, sent):
        urging.prefer(person=there.nam, channels=[], quiet_from=time(21), quiet_to=time(7))
        run(at(-7))
        assert not sent
        assert questions.unread_count(there.nam) == 1

    def test_without_an_address_the_message_is_kept_as_failed(self, there, task, sent):
        there.nam.identifiers.all().delete()
        run(at(-7))
        message = ReminderMessage.objects.get()
        assert (message.outgoing.state, message.channel) == ("failed", "phone")


class TestFailingGateways:
    def test_nothing_is_lost_and_waits_grow(self, there, task, sent):
        sent.down = True
        run(at(-7))
        message = OutboxMessage.objects.get()
        assert (message.state, message.tries) == ("queued", 1)
        assert "down" in message.error
        run(at(-7) + timedelta(seconds=50))
        assert OutboxMessage.objects.get().tries == 1
        run(at(-7) + timedelta(minutes=1))
        message.refresh_from_db()
        assert message.tries == 2
        sent.down = False
        run(at(-7, 12))
        assert len(sent) == 1
        assert OutboxMessage.objects.get().state == "sent"

    def test_given_up_in_the_end_and_sent_again_by_hand(self, there, task, sent):
        sent.down = True
        moment = at(-7)
        for _time in range(10):
            run(moment)
            moment += timedelta(days=1)
        message = ReminderMessage.objects.order_by("created_at").first()
        assert message.outgoing.state == "failed"
        sent.down = False
        urging.send_again(message=message, by=there.ha, at=moment)
        for day in range(4):  # a weekend may lie between
            run(moment + timedelta(days=day))
        assert sent
        assert OutboxMessage.objects.get(pk=message.pk).state in ("sent", "needless")

    def test_any_fault_of_a_gateway_is_survived(self, there, task, monkeypatch):
        def send(*_args, **_more):
            raise ValueError("strange")

        monkeypatch.setattr("hocvuso.base.gateways.Letter.send", send)
        run(at(-7))
        assert OutboxMessage.objects.get().state == "queued"


class TestByHand:
    def test_officers_and_leaders_of_the_unit_are_told(self, there, task, sent):
        done = urging.urge(subjects=questions.owed("task", due=(None, None)), by=there.ha, note="Gấp", at=at(-20))
        assert done == urging.Told(told=1)
        assert {u.person for u in Reminder.objects.all()} == {there.nam, there.lan}
        run(at(-20))
        assert "Gấp" in sent[0][3]

    def test_not_twice_on_one_day(self, there, task):
        subjects = questions.owed("task", due=(None, None))
        urging.urge(subjects=subjects, by=there.ha, at=at(-20))
        assert urging.urge(subjects=subjects, by=there.ha, at=at(-20, 15)).already == 1
        assert urging.urge(subjects=subjects, by=there.ha, at=at(-19)).told == 1

    def test_a_unit_with_nobody_is_said(self, there):
        plan_in_force(there, TaskText(title="X", lead_unit=there.communes[4], due_on=DUE))
        assert urging.urge(subjects=questions.owed("task", due=(None, None)), by=there.ha).nobody == 1

    def test_next_door_is_refused(self, there, task):
        with pytest.raises(NotAllowed):
            urging.urge(subjects=questions.owed("task", due=(None, None)), by=there.xuan)
        assert questions.owed_now(there.xuan, "", DUE) == []


class Country:
    """Tasks given, done, put off; the gateway comes and goes; runs at any hour of two months."""

    def __init__(self, there, sent, seed):
        self.there, self.sent, self.chance, self.moment = there, sent, random.Random(seed), at(-30)
        self.plan = plan_in_force(there, TaskText(title="Việc 0", lead_unit=there.one, due_on=DUE))
        self.done: set[str] = set()
        self.posted: set[tuple[str, str, date]] = set()

    def event(self, number):
        self.moment += timedelta(minutes=self.chance.randrange(20 * 60))
        self.chance.choice([self.give, self.finish, self.turn_gateway, self.by_hand, self.run, self.run])(number)

    def give(self, number):
        unit = self.chance.choice([self.there.one, self.there.two, self.there.communes[0]])
        due = self.moment.date() + timedelta(days=self.chance.randrange(-5, 20))
        Task.objects.create(plan=self.plan, title=f"Việc {number}.", lead_unit=unit, due_on=due, position=number)

    def finish(self, _number):
        task = self.chance.choice(list(Task.objects.all()))
        Task.objects.filter(pk=task.pk).update(done_on=self.moment.date())
        self.done.add(task.title)

    def turn_gateway(self, _number):
        self.sent.down = self.chance.random() < 0.4

    def by_hand(self, _number):
        subjects = questions.owed_now(self.there.ha, "", self.moment.date())
        urging.urge(subjects=subjects, by=self.there.ha, at=self.moment)

    def run(self, _number):
        before = len(self.sent)
        run(self.moment)
        local = self.moment + timedelta(hours=7)
        for channel, to, _title, text in self.sent[before:]:
            assert 7 <= local.hour < 21
            assert (channel, to, local.date()) not in self.posted
            self.posted.add((channel, to, local.date()))
            assert not any(f"- {title} " in text for title in self.done)


@pytest.mark.parametrize("seed", range(2))
def test_random_events_tell_nobody_twice_and_send_one_message_a_day(there, sent, seed):
    country_of_events = Country(there, sent, seed)
    for number in range(1, 150):
        country_of_events.event(number)
    keys = Counter(Reminder.objects.values_list("kind", "subject_id", "rule_key", "person"))
    assert set(keys.values()) == {1}
    assert len(sent) == ReminderMessage.objects.filter(outgoing__state="sent").count() > 0


def test_a_role_that_ended_is_told_nothing(there, task):
    there.nam.grants.filter(role=Role.OFFICER).update(starts_at=at(-60), ends_at=at(-7))
    run(at(-6))
    assert not told(there.nam).exists()


def test_reports_of_a_country_are_told_in_few_queries(sent, django_assert_max_num_queries):
    land = country()
    long_held()
    urging.load_default_rules()
    reporting.draft(report=land.commune, by=land.cabinet.tu)
    with django_assert_max_num_queries(83):
        run(on(25))
