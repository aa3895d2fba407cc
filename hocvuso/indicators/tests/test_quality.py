"""Doubts: each detector by itself, filing them once, working through them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import IllegalMove, NeedsWords, NotAllowed, TwoEyes
from hocvuso.base.models import JournalEntry
from hocvuso.indicators import queries, services
from hocvuso.indicators import rules_quality as quality
from hocvuso.indicators.models import Flag, Population, Value
from hocvuso.indicators.services import quality_checks
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles

from . import world

State = Flag.State


class TestDetectors:
    def test_more_than_people(self):
        assert quality.too_many(101, 100) == {"value": 101, "people": 100}
        assert quality.too_many(100, 100) is quality.too_many(None, 1) is quality.too_many(5, None) is None

    def test_outside_the_limits(self):
        assert quality.outside(101, 0, 100) == {"value": 101, "limit": 100}
        assert quality.outside(-1, 0, None) == {"value": -1, "limit": 0}
        assert quality.outside(50, 0, 100) is quality.outside(None, 0, 100) is None

    def test_a_jump_stands_out_from_its_history(self):
        history = [100, 110, 95, 105, 98, 102, 107]
        assert quality.jump(history, 1000)["usual"] == 102
        assert quality.jump(history, 115) is None
        assert quality.jump(history[:5], 1000) is None  # too short to know what is usual
        assert quality.jump([1, 2, 1, 2, 1, 2], 12) is None  # too small to matter

    def test_one_wild_value_does_not_hide_the_next(self):
        assert quality.jump([100, 110, 95, 5000, 98, 102, 107], 4800)

    @given(st.lists(st.floats(0, 1e6), min_size=6, max_size=12))
    def test_a_usual_value_is_no_jump(self, history):
        assert quality.jump(history, sorted(history)[len(history) // 2]) is None

    def test_the_same_number_again_and_again(self):
        assert quality.unmoved([5, 120, 120, 120]) == {"value": 120, "periods": 3}
        assert quality.unmoved([120, 120]) is quality.unmoved([1, 1, 1]) is quality.unmoved([9, 120, 121, 120]) is None

    def test_twins(self):
        found = quality.twins({"a": [1, 20, 30, 40], "b": [9, 20, 30, 40], "c": [20, 30, 41], "d": [None, 20, 30]})
        assert {unit: facts["twin"] for unit, facts in found.items()} == {"a": "b", "b": "a"}

    def test_everybody_at_exactly_100(self):
        assert quality.all_full(dict.fromkeys("abcde", 100.0)) == {"units": 5}
        assert quality.all_full(dict.fromkeys("abcd", 100.0)) is None
        assert quality.all_full(dict.fromkeys("abcde", 100.0) | {"f": 99.0}) is None

    def test_a_share_that_should_be_small(self):
        mark = quality.Threshold("too-fast", 30, 20)
        assert quality.above(55.55, 40, mark)["value"] == 55.5 or quality.above(55.55, 40, mark)["value"] == 55.6
        assert quality.above(55, 19, mark) is quality.above(30, 100, mark) is quality.above(None, None, mark) is None

    def test_counted_again_it_differs(self):
        assert quality.differs(100, 120) == {"reported": 100, "computed": 120}
        assert quality.differs(100, 100.2) is quality.differs(100, None) is None

    def test_each_is_explained_in_words(self):
        for detector in quality.EXPLANATIONS:
            names = ("value", "people", "limit", "usual", "z", "periods", "name", "units", "numerator", "above")
            facts = dict.fromkeys((*names, "days", "due", "times", "reported", "computed"), 7.0)
            said = quality.explain(detector, facts)
            assert "7" in said and "%(" not in said
        assert quality.explain("no-such", {})


@pytest.mark.django_db
class TestExamining:
    @pytest.fixture(autouse=True)
    def _land(self, land, settings, tmp_path):
        settings.DATA = tmp_path
        self.land = land

    def said(self, indicator, unit, period, value, day=400, **more):
        return services.declare(
            indicator=indicator, unit=unit, period=period, value=value, by=self.land.minister,
            at=world.moment(day), **more,
        )  # fmt: skip

    def found(self):
        return {(f.detector, f.indicator, f.unit_id) for f in Flag.objects.all()}

    def examine(self, period="2026-06", day=300):
        return services.check_quality(period=period, now=world.moment(day))

    def test_honest_figures_raise_none(self):
        count = world.indicator("count", kind="declared", definition={"aggregate": "sum"})
        for n, period in enumerate(["2026-04", "2026-05", "2026-06"]):
            self.said(count, self.land.here, period, 100 + 7 * n, day=190)
        assert self.examine() == 0

    def test_what_is_found_again_is_not_filed_again(self):
        world.indicator("accounts", definition={"measure": "people.accounts"})
        Population.objects.create(place_id="01", group="all", on="2026-01-01", count=2, source="x")
        Person.objects.bulk_create(Person(name="x", home_place_id="01") for _n in range(3))
        Person.objects.update(created_at=world.moment(10))
        services.roll_up(full=True)
        assert self.examine() == 1 and self.examine() == 0
        assert self.found() == {("more-than-people", "accounts", self.land.here.pk)}

    def test_units_of_which_nothing_is_known_are_passed_over_and_nothing_is_missed(self, monkeypatch):
        count = world.indicator("count", kind="declared", maximum=100)
        world.indicator("accounts", definition={"measure": "people.accounts"})
        self.said(count, self.land.here, "2026-06", 5, day=190)
        Value.objects.update(value=500)  # as an older definition allowed
        asked = []
        looked = quality_checks.figures
        monkeypatch.setattr(quality_checks, "figures", lambda **a: asked.append(looked(**a)) or asked[-1])
        assert self.examine() == 1 and self.found() == {("outside", "count", self.land.here.pk)}
        assert {unit for _key, unit, _period in asked[0]} == {self.land.here.pk}

    def test_missing_then_late(self):
        owed = world.indicator("owed", kind="declared", definition={"owed_by": ["provincial-department"], "due": 5})
        assert self.examine(day=183) == 0
        self.said(owed, self.land.here, "2026-06", 1.0, day=183)
        assert self.examine(day=200) == 1
        flag = Flag.objects.get(detector="missing")
        assert flag.unit == self.land.there
        self.said(owed, self.land.there, "2026-06", 1.0, day=220)
        flag.refresh_from_db()
        assert flag.state == State.MENDED
        self.examine(day=230)
        assert self.found() == {("missing", "owed", self.land.there.pk), ("late", "owed", self.land.there.pk)}

    def test_who_was_in_time_and_corrects_later_is_not_late(self):
        owed = world.indicator("owed", kind="declared", definition={"owed_by": ["provincial-department"], "due": 5})
        for unit in (self.land.here, self.land.there):
            self.said(owed, unit, "2026-06", 1.0, day=183)
        self.said(owed, self.land.here, "2026-06", 2.0, day=220, note="đếm lại")
        assert self.examine(day=230) == 0

    def test_series_that_are_too_alike(self):
        count = world.indicator("count", kind="declared")
        for n, period in enumerate(["2026-04", "2026-05", "2026-06"]):
            self.said(count, self.land.communes[2], period, 50.0)
            for commune in self.land.communes[:2]:
                self.said(count, commune, period, 120.0 + n)
        self.examine()
        assert self.found() == {
            ("unmoved", "count", self.land.communes[2].pk),
            ("twin", "count", self.land.communes[0].pk),
            ("twin", "count", self.land.communes[1].pk),
        }

    def test_one_file_for_several_values(self):
        count = world.indicator("count", kind="declared")
        file = services.Evidence("anh.pdf", b"%PDF- the same")
        for commune, value in zip(self.land.communes[:2], (11.0, 13.0), strict=True):
            self.said(count, commune, "2026-06", value, evidence=[file])
        self.said(count, self.land.communes[2], "2026-06", 17.0, evidence=[services.Evidence("b.pdf", b"%PDF- own")])
        self.examine()
        assert self.found() == {("same-evidence", "count", c.pk) for c in self.land.communes[:2]}

    def test_a_quoted_figure_that_changed_since(self):
        world.indicator("roles", definition={"measure": "people.roles"})
        sheet = queries.figures(indicators=["roles"], units=[self.land.here], periods=["2026-06"])
        services.freeze(figures=sheet.values())
        for _n in range(3):
            world.given(self.land.here, day=160)
        services.roll_up(full=True)
        self.examine()
        assert self.found() == {("differs", "roles", self.land.here.pk)}

    def test_a_jump_in_what_is_measured(self):
        world.indicator("roles", definition={"measure": "people.roles"})
        for month in range(9):
            for _n in range(60 if month == 8 else 3):
                world.given(self.land.there, day=30 * month + 5)
        services.roll_up(full=True)
        self.examine(period="2026-09")
        assert ("jump", "roles", self.land.there.pk) in self.found()

    def test_a_share_marked_in_its_definition(self):
        a = world.indicator("a", kind="declared")
        b = world.indicator("b", kind="declared")
        mark = {"detector": "too-fast", "above": 30, "least": 20}
        world.indicator(
            "share", kind="ratio", definition={"numerator": "a", "denominator": "b", "factor": 100, "doubt": mark}
        )
        self.said(a, self.land.here, "2026-06", 40.0)
        self.said(b, self.land.here, "2026-06", 80.0)
        self.examine()
        assert self.found() == {("too-fast", "share", self.land.here.pk)}

    def test_all_children_at_100(self):
        percent = world.indicator("percent", kind="declared", minimum=0, maximum=100)
        quality_units = quality.ALL_FULL_UNITS
        more = [
            world.units.open_unit(code=f"C{n}", name=f"C{n}", kind="commune-committee", parent=self.land.here)
            for n in range(quality_units)
        ]
        for unit in [*self.land.communes[:2], *more]:
            self.said(percent, unit, "2026-06", 100.0)
        self.examine()
        assert self.found() == {("all-full", "percent", self.land.here.pk)}


@pytest.mark.django_db
class TestSettling:
    @pytest.fixture(autouse=True)
    def _flag(self, land):
        self.land = land
        self.flag = Flag.objects.create(
            kind="implausible", detector="jump", indicator="x", unit=land.here, period="2026-06", facts={"value": 1.0}
        )
        self.officer = Person.objects.create(name="Chuyên viên")
        roles.grant(person=self.officer, role=Role.OFFICER, unit=land.here, by=None)

    def settle(self, to, by, note="đã xem"):
        return services.settle(flag=self.flag, to=to, note=note, by=by)

    def test_the_unit_explains_and_another_person_closes(self):
        self.settle(State.EXPLAINED, self.officer)
        with pytest.raises(NotAllowed):
            self.settle(State.DISMISSED, self.officer)
        assert self.settle(State.DISMISSED, self.land.leader).state == State.DISMISSED
        assert JournalEntry.objects.filter(act="flag.settled").count() == 2

    def test_who_explained_does_not_close(self):
        self.settle(State.EXPLAINED, self.land.leader)
        for to in (State.DISMISSED, State.MENDED):
            with pytest.raises(TwoEyes):
                self.settle(to, self.land.leader)
        assert self.settle(State.OPEN, self.land.leader).state == State.OPEN

    def test_not_without_words_and_not_by_a_neighbour(self):
        with pytest.raises(NeedsWords):
            self.settle(State.MENDED, self.land.leader, note=" ")
        with pytest.raises(NotAllowed):
            self.settle(State.MENDED, self.land.neighbour)
        assert list(Flag.objects.visible_to(self.land.neighbour)) == []
        assert list(Flag.objects.visible_to(self.land.leader)) == [self.flag]

    @pytest.mark.parametrize("now", State.values)
    @pytest.mark.parametrize("to", State.values)
    def test_every_move_of_the_table_and_no_other(self, now, to):
        Flag.objects.update(state=now, by=self.officer)
        if State(to) in services.MOVES[State(now)]:
            assert self.settle(State(to), self.land.minister).state == to
        else:
            with pytest.raises(IllegalMove):
                self.settle(State(to), self.land.minister)
