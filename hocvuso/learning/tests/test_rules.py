"""The goal of a week and its forgiving chain, the hours at which somebody is called: pure arithmetic."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.learning.rules import GAPS, GOAL, GOALS, HOURS, Often, chain, goal_in, is_time, next_call, week_of
from hocvuso.reminders.rules import QUIET_FROM, QUIET_TO, is_quiet

VIETNAM = timezone(timedelta(hours=7))
WEEK = timedelta(days=7)
THIS = date(2026, 11, 30)  # a Monday
weeks = st.integers(0, 60).map(lambda n: THIS - n * WEEK)
done_by_week = st.dictionaries(weeks, st.integers(0, 7))
goals = st.dictionaries(weeks, st.sampled_from(GOALS))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=VIETNAM))
often = st.sampled_from(Often)
hours = st.sampled_from(HOURS)


def reached(*missed, since=40):
    """Every week reached three lessons, but those so many weeks ago."""
    return {THIS - n * WEEK: 0 if n in missed else GOAL for n in range(since)}


class TestWeeks:
    @given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
    def test_a_week_is_named_by_its_monday(self, day):
        assert week_of(day).weekday() == 0 and timedelta() <= day - week_of(day) < WEEK

    def test_who_chose_nothing_has_three_lessons(self):
        assert goal_in(THIS, {}) == 3

    def test_a_goal_holds_from_the_week_in_which_it_was_chosen(self):
        chosen = {THIS - 2 * WEEK: 5, THIS: 1}
        assert [goal_in(THIS - n * WEEK, chosen) for n in range(4)] == [1, 5, 5, GOAL]


class TestChain:
    def test_weeks_in_a_row(self):
        assert chain({THIS - n * WEEK: 3 for n in range(4)}, {}, THIS) == 4

    def test_nothing_done_is_no_chain(self):
        assert chain({}, {}, THIS) == 0

    def test_a_week_missed_in_a_month_does_not_break_it(self):
        assert chain(reached(2, since=6), {}, THIS) == 5

    def test_two_in_one_month_do(self):
        assert chain(reached(2, 3), {}, THIS) == 2  # 16 and 9 November

    def test_one_in_each_of_two_months_does_not(self):
        assert chain(reached(2, 6, since=10), {}, THIS) == 8  # 16 November, 19 October

    def test_raising_the_goal_does_not_judge_the_weeks_before(self):
        assert chain(reached(since=5), {THIS: 5}, THIS) == 4

    @given(done_by_week, goals)
    def test_it_counts_no_week_that_did_not_reach_its_goal(self, done, chosen):
        assert chain(done, chosen, THIS) <= sum(n >= goal_in(week, chosen) for week, n in done.items())

    @given(done_by_week, goals, weeks)
    def test_a_lesson_more_never_shortens_it(self, done, chosen, week):
        more = {**done, week: done.get(week, 0) + 1}
        assert chain(more, chosen, THIS) >= chain(done, chosen, THIS)

    @given(done_by_week, goals)
    def test_the_week_under_way_breaks_nothing(self, done, chosen):
        assert chain({**done, THIS: 7}, chosen, THIS) == chain({**done, THIS: 0}, chosen, THIS) + 1

    @given(st.sets(st.integers(1, 39)))
    def test_it_breaks_at_the_second_week_missed_in_a_month(self, missed):
        months, broken = Counter(), None
        for n in sorted(missed):
            month = (THIS - n * WEEK).replace(day=1)
            months[month] += 1
            if months[month] == 2:
                broken = n
                break
        whole = range(40 if broken is None else broken)
        assert chain(reached(*missed), {}, THIS) == len(set(whole) - missed)


class TestCalls:
    @given(moments, often, hours, st.none() | moments)
    def test_a_call_is_to_come_and_at_its_hour(self, now, how, hour, last):
        at = next_call(now, how, hour, last)
        assert at > now and at.hour == hour and is_time(at, hour)

    @given(moments, often, hours)
    def test_no_hour_one_can_choose_is_a_quiet_one(self, now, how, hour):
        assert not is_quiet(next_call(now, how, hour).time(), QUIET_FROM, QUIET_TO)

    @given(moments, often, hours, st.lists(st.integers(0, 60 * 72), min_size=4, max_size=30))
    def test_nobody_is_called_more_often_than_asked_for(self, now, how, hour, waits):
        """The clock looks at odd times, and whoever chooses anew in between gains no call."""
        calls, due = [], next_call(now, how, hour)
        for minutes in waits:
            now = max(now, due) + timedelta(minutes=minutes)
            if is_time(now, hour):
                calls.append(now)
            due = next_call(now, how, hour, calls[-1] if calls else None)
        most = {Often.DAILY: 7, Often.TWICE: 2, Often.WEEKLY: 1}[how]
        for first in calls:
            days = {(at.date() - first.date()).days for at in calls}
            assert len([n for n in days if 0 <= n < 7]) <= most

    @pytest.mark.parametrize(("how", "days"), GAPS.items())
    def test_from_one_call_to_the_next(self, how, days):
        called = datetime(2026, 11, 30, 19, 20, tzinfo=VIETNAM)
        assert next_call(called, how, 19, called) == datetime(2026, 11, 30, 19, tzinfo=VIETNAM) + timedelta(days=days)

    def test_the_first_one_is_today_if_the_hour_is_to_come(self):
        morning = datetime(2026, 11, 30, 8, tzinfo=VIETNAM)
        assert next_call(morning, Often.WEEKLY, 19).date() == date(2026, 11, 30)
        assert next_call(morning, Often.WEEKLY, 7).date() == date(2026, 12, 1)

    def test_hours_after_it_the_hour_is_over(self):
        evening = datetime(2026, 11, 30, 22, tzinfo=VIETNAM)
        assert not is_time(evening, 19) and not is_time(evening.astimezone(UTC), 19)
