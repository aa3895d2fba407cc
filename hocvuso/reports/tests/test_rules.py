"""Pure rules of reports: due days, lateness, two eyes, sums over children; held under random events."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import IllegalMove, NeedsReason, Refusal, TwoEyes
from hocvuso.reports.rules import (
    REPORT_MOVES,
    TAKEN,
    Adds,
    Part,
    Rates,
    ReportFacts,
    ReportState,
    adds,
    aggregate,
    due_day,
    factor_of,
    moved,
    nearest_above,
    word_count,
)

DUE = date(2026, 10, 5)
S = ReportState


def submitted(on=DUE):
    facts = moved(ReportFacts(S.OPEN, DUE), to=S.DRAFTED, by="an", on=DUE)
    return moved(facts, to=S.SUBMITTED, by="an", on=on)


class TestDueDay:
    def test_calendar_days_after_the_end(self):
        assert due_day(date(2026, 9, 30), 5) == DUE

    def test_working_days_leave_out_the_weekend(self):
        assert due_day(date(2026, 10, 2), 1, "working") == date(2026, 10, 5)  # a Friday, then a Monday
        assert due_day(date(2026, 10, 3), 5, "working") == date(2026, 10, 9)

    def test_none_is_the_last_day_itself(self):
        assert due_day(DUE, 0, "working") == DUE

    @given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 60))
    def test_working_days_are_counted_one_by_one(self, last, days):
        due = due_day(last, days, "working")
        between = [last + timedelta(days=n) for n in range(1, (due - last).days + 1)]
        assert due.weekday() < 5
        assert sum(day.weekday() < 5 for day in between) == days


class TestMoves:
    def test_on_the_due_day_is_not_late(self):
        assert submitted(DUE).late_days == 0

    def test_lateness_is_that_of_the_first_submission(self):
        facts = submitted(DUE + timedelta(days=3))
        facts = moved(facts, to=S.RETURNED, by="lan", on=DUE, note="thiếu")
        facts = moved(facts, to=S.SUBMITTED, by="an", on=DUE + timedelta(days=90))
        assert facts.late_days == 3

    @pytest.mark.parametrize("to", [S.ACCEPTED, S.RETURNED])
    def test_nobody_decides_on_what_they_wrote(self, to):
        with pytest.raises(TwoEyes):
            moved(submitted(), to=to, by="an", on=DUE, note="được")

    def test_a_return_needs_a_reason(self):
        with pytest.raises(NeedsReason):
            moved(submitted(), to=S.RETURNED, by="lan", on=DUE, note="  ")

    def test_all_other_moves_are_refused(self):
        for now in S:
            for to in set(S) - REPORT_MOVES[now]:
                with pytest.raises(IllegalMove):
                    moved(ReportFacts(now, DUE, late_days=0), to=to, by="lan", on=DUE, note="x")


class TestTenThousandEvents:
    """Any person tries any move on any day: what the law says holds after each."""

    @pytest.mark.parametrize("seed", range(5))
    def test_the_law_holds(self, seed):
        chance = random.Random(seed)
        for _report in range(80):
            self.live(chance)

    def live(self, chance):
        """25 events in the life of one report."""
        facts, today, first = ReportFacts(S.OPEN, DUE), DUE - timedelta(days=20), None
        for _event in range(25):
            to, by, note = chance.choice(list(S)), chance.choice("abcd"), chance.choice(["", "sửa lại"])
            today += timedelta(days=chance.randrange(4))
            try:
                after = moved(facts, to=to, by=by, on=today, note=note)
            except Refusal:
                continue
            if to == S.SUBMITTED and first is None:
                first = max(0, (today - DUE).days)
            self.check(facts, after, by, note)
            assert after.late_days == first
            facts = after

    def check(self, before, after, by, note):
        assert after.state in REPORT_MOVES[before.state]
        assert (after.late_days is None) == (after.state in (S.OPEN, S.DRAFTED))
        if after.state in (S.ACCEPTED, S.RETURNED):
            assert by not in after.writers and by != after.submitted_by
            assert note or after.state == S.ACCEPTED
        if after.state in TAKEN:
            assert after.decided_by is not None and after.decided_by not in {*after.writers, after.submitted_by}


numbers = st.integers(0, 10**6)
ratios = st.one_of(st.none(), st.builds(lambda n, d: Part(n / d if d else None, n, d), numbers, numbers))
counts = st.one_of(st.none(), st.builds(Part, numbers))


def trees(leaf):
    return st.recursive(leaf, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=25)


def leaves(tree):
    return [leaf for branch in tree for leaf in leaves(branch)] if isinstance(tree, list) else [tree]


def climbed(tree, how, factor):
    """Summed level by level, as reports go up."""
    return aggregate(how, [climbed(b, how, factor) for b in tree], factor=factor) if isinstance(tree, list) else tree


class TestSums:
    @given(trees(counts))
    def test_level_by_level_is_the_sum_of_all(self, tree):
        known = [leaf.value for leaf in leaves(tree) if leaf]
        total = climbed([tree], Adds.SUM, 1)
        assert total.value == (sum(known) if known else None)

    @given(trees(ratios))
    def test_ratios_come_from_summed_parts_never_from_averages(self, tree):
        known = [leaf for leaf in leaves(tree) if leaf]
        total = climbed([tree], Adds.RATIO, 100)
        below = sum(leaf.denominator for leaf in known)
        if not below:
            assert total.value is None
        else:
            assert isclose(total.value, 100 * sum(leaf.numerator for leaf in known) / below)

    @given(st.lists(counts, max_size=30), st.lists(st.builds(Part, numbers), max_size=10))
    def test_what_comes_late_is_missing_first_and_counted_after(self, early, late):
        before = aggregate(Adds.SUM, [*early, *(None for _ in late)])
        after = aggregate(Adds.SUM, [*early, *late])
        assert before.counted + before.missing == after.counted + after.missing == len(early) + len(late)
        assert (after.value or 0) - (before.value or 0) == sum(part.value for part in late)
        assert before.missing - after.missing == len(late)

    def test_missing_is_not_zero(self):
        assert aggregate(Adds.SUM, [None, None]).value is None
        assert aggregate(Adds.SUM, [None, Part(0)]).value == 0

    def test_weighted_sums_do_not_add(self):
        assert aggregate(Adds.NOT, [Part(1), Part(2)]).value is None

    @pytest.mark.parametrize(
        ("kind", "sign", "definition", "how"),
        [
            ("measure", "người", {}, Adds.SUM),
            ("declared", "máy", {"aggregate": "sum"}, Adds.SUM),
            ("declared", "điểm", {}, Adds.NOT),
            ("declared", "%", {}, Adds.RATIO),
            ("ratio", "%", {}, Adds.RATIO),
            ("composite", "", {}, Adds.NOT),
        ],
    )
    def test_how_each_kind_goes_up(self, kind, sign, definition, how):
        assert adds(kind, sign, definition) == how

    def test_the_factor_is_the_definitions_or_the_signs(self):
        assert factor_of({"factor": 1000}, "%") == 1000
        assert (factor_of({}, "%"), factor_of({}, "người")) == (100, 1)


class TestSmallThings:
    def test_each_report_goes_to_the_nearest_above(self):
        assert nearest_above(["1.", "1.2.", "1.2.3.4.", "1.20."]) == {
            "1.": None, "1.2.": "1.", "1.2.3.4.": "1.2.", "1.20.": "1.",
        }  # fmt: skip

    def test_rates_count_late_and_missing(self):
        found = Rates(expected=5, submitted=3, on_time=2, accepted=2, due=4)
        assert (found.completeness, found.timeliness) == (0.6, 0.5)

    def test_nobody_is_untimely_before_the_day_is_over(self):
        found = Rates(expected=5, submitted=0, on_time=0, accepted=0, due=0)
        assert (found.completeness, found.timeliness) == (0, None)
        assert Rates(expected=0, submitted=0, on_time=0, accepted=0, due=0).completeness is None

    def test_words(self):
        assert word_count("  một  hai\nba ") == 3
