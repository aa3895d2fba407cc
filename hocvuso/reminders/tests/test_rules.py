"""Pure rules of urging: when a rule fires, whom it reaches, quiet hours, waits; held under random events."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.reminders.rules import (
    Rule,
    Subject,
    due_reminders,
    fires,
    is_quiet,
    next_allowed,
    reached,
)

MONDAY = date(2026, 11, 23)
KINDS = frozenset({"task", "report", "remedy"})


def rule(offset=1, recipients=("officers",), **changes):
    return Rule(
        **{"key": f"r{offset}", "owner": "1.", "kinds": KINDS, "offset": offset, "recipients": recipients} | changes
    )


def subject(due=MONDAY, unit="1.2.3.", **changes):
    return Subject(**{"kind": "task", "id": "t", "unit": unit, "due_on": due} | changes)


class TestFiring:
    def test_before_the_due_day_until_it(self):
        before = rule(-7)
        assert not fires(before, subject(), MONDAY - timedelta(days=10))
        assert fires(before, subject(), MONDAY - timedelta(days=7))
        assert fires(before, subject(), MONDAY)
        assert not fires(before, subject(), MONDAY + timedelta(days=1))

    def test_after_the_due_day_from_its_day_on(self):
        assert not fires(rule(7), subject(), MONDAY + timedelta(days=4))
        assert fires(rule(7), subject(), MONDAY + timedelta(days=7))
        assert fires(rule(7), subject(), MONDAY + timedelta(days=30))

    def test_a_weekend_is_made_up_for_on_monday(self):
        saturday = MONDAY + timedelta(days=5)
        due = subject(due=saturday - timedelta(days=1))
        assert not fires(rule(1), due, saturday)
        assert fires(rule(1, weekends=True), due, saturday)
        assert fires(rule(1), due, saturday + timedelta(days=2))

    def test_not_when_done_nor_elsewhere_nor_of_another_kind(self):
        later = MONDAY + timedelta(days=3)
        assert not fires(rule(1), subject(done=True), later)
        assert not fires(rule(1, owner="1.9."), subject(), later)
        assert not fires(rule(1, kinds=frozenset({"report"})), subject(), later)


HELD = {("1.2.3.", "officers"): ["tu"], ("1.2.", "leaders"): ["lan"], ("1.", "leaders"): ["thuy"]}


def holders(path, who):
    return HELD.get((path, str(who)), [])


class TestReaching:
    def test_each_recipient(self):
        assert reached(rule(recipients=("officers",)), subject(), holders) == ["tu"]
        assert reached(rule(recipients=("in-charge",)), subject(leader="ha"), holders) == ["ha"]
        assert reached(rule(recipients=("above", "top")), subject(), holders) == ["lan", "thuy"]

    def test_escalation_climbs_over_an_empty_chair(self):
        assert reached(rule(recipients=("above",)), subject(unit="1.2.3.4.5."), holders) == ["lan"]

    def test_nobody_is_named_twice(self):
        assert reached(rule(recipients=("above", "top")), subject(unit="1.2."), holders) == ["thuy"]


class TestWhen:
    @pytest.mark.parametrize(
        ("at", "quiet"),
        [(time(20, 59), False), (time(21), True), (time(3), True), (time(6, 59), True), (time(7), False)],
    )
    def test_quiet_hours_pass_midnight(self, at, quiet):
        assert is_quiet(at, time(21), time(7)) is quiet

    def test_equal_ends_mean_none(self):
        assert not is_quiet(time(3), time(7), time(7))

    def test_friday_night_waits_for_monday_morning(self):
        friday = datetime(2026, 11, 27, 22, 15)
        assert next_allowed(friday, time(21), time(7), weekends=False) == datetime(2026, 11, 30, 7)
        assert next_allowed(friday, time(21), time(7), weekends=True) == datetime(2026, 11, 28, 7)

    @given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.times(), st.times(), st.booleans())
    def test_never_in_the_quiet_nor_on_a_weekend_nor_long_after(self, at, quiet_from, quiet_to, weekends):
        quiet_from, quiet_to = quiet_from.replace(second=0, microsecond=0), quiet_to.replace(second=0, microsecond=0)
        moment = next_allowed(at, quiet_from, quiet_to, weekends=weekends)
        assert at <= moment <= at + timedelta(days=4)
        assert not is_quiet(moment.time(), quiet_from, quiet_to)
        assert weekends or moment.weekday() < 5


class TestTenThousandEvents:
    """Things are given, done, put off; days pass; the run comes as it likes."""

    @pytest.mark.parametrize("seed", range(4))
    def test_nobody_is_told_twice_and_nothing_after_it_is_done(self, seed):
        chance = random.Random(seed)
        rules = [
            rule(-7), rule(-1, ("officers", "in-charge")), rule(1, ("officers", "leaders")),
            rule(7, ("above",)), rule(15, ("above", "top")),
        ]  # fmt: skip
        offsets = {r.key: r.offset for r in rules}
        things, told, today = {}, set(), MONDAY
        for number in range(2500):
            event = chance.randrange(5)
            if event == 0:
                unit = chance.choice(["1.2.3.", "1.2.", "1.2.3.4."])
                things[str(number)] = subject(today + timedelta(days=chance.randrange(-3, 20)), unit, id=str(number))
            elif event == 1 and things:
                key = chance.choice(list(things))
                things[key] = Subject(**vars(things[key]) | {"done": True})
            elif event == 2 and len(things) > 40:
                del things[chance.choice(list(things))]
            elif event == 3:
                today += timedelta(days=chance.randrange(3))
            else:
                for telling in list(
                    due_reminders(rules, list(things.values()), told=told, holders=holders, today=today)
                ):
                    thing = things[telling.subject]
                    assert telling not in told
                    assert not thing.done and today.weekday() < 5
                    assert today >= thing.due_on + timedelta(days=offsets[telling.rule])
                    assert telling.person != "thuy" or offsets[telling.rule] >= 7
                    told.add(telling)
        assert told
