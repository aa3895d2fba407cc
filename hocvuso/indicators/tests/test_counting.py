"""Counting: late records land where they belong, parts make the whole, records are as many as the figure says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocvuso.base import periods as calendar
from hocvuso.base.errors import NotAllowed
from hocvuso.indicators import queries, rules, services
from hocvuso.indicators.models import Cell, Total, Watermark
from hocvuso.indicators.rules import REGISTER, Counted, Measure
from hocvuso.people.models import Person, RoleGrant
from hocvuso.units.models import Place

from . import world

pytestmark = pytest.mark.django_db
ROLES, PEOPLE, GROWTH = "people.roles", "people.accounts", "test.roles-so-far"


@pytest.fixture
def country(db, monkeypatch):
    """The country, with one more measure: roles as a stock, and counted as people."""
    flow = REGISTER[ROLES]
    stock = Measure(
        GROWTH,
        1,
        "Vai trò đến nay",
        Counted.PEOPLE,
        "stock",
        flow.rows,
        flow.at,
        flow.changed,
        flow.person,
        flow.unit,
        flow.place,
    )
    monkeypatch.setitem(REGISTER, GROWTH, stock)
    made = world.country()
    world.indicator("roles", definition={"measure": ROLES})
    world.indicator("so-far", definition={"measure": GROWTH})
    return made


def value(key, unit, period, **options):
    found = queries.figures(indicators=[key], units=[unit], periods=[period], **options)
    return found[key, unit.pk, period].value


def roll(day, **options):
    for name in (ROLES, GROWTH):
        services.roll_up(measure=name, now=world.moment(day, 23), **options)


class TestRollingUp:
    def test_nothing_recorded_is_zero(self, country):
        assert value("roles", country.here, "2026-03") == 0

    def test_a_record_counts_on_its_day_in_every_scope_it_lies_in(self, country):
        world.given(country.communes[0], day=70)
        roll(70)
        assert [value("roles", u, "2026-03") for u in country.all] == [1, 1, 0, 1, 0, 0, 0, 0]
        assert [value("roles", country.here, p) for p in ("2026-02", "2026-Q1", "2026-W11", "2026", "2025-S")] == [
            0,
            1,
            1,
            1,
            1,
        ]

    def test_the_day_is_that_of_vietnam(self, country):
        made = world.given(country.here, day=31)
        RoleGrant.objects.filter(pk=made.pk).update(starts_at="2026-01-31T17:30:00Z")
        roll(40)
        assert (value("roles", country.here, "2026-01"), value("roles", country.here, "2026-02")) == (0, 1)

    def test_late_records_land_on_the_day_they_happened(self, country):
        world.given(country.here, day=10)
        roll(20)
        world.given(country.here, day=12, stored=90)
        roll(91)
        assert value("roles", country.here, "2026-01") == 2

    def test_what_was_counted_is_not_counted_twice(self, country):
        world.given(country.here, day=10)
        for day in (10, 10, 11, 11):
            roll(day)
        assert value("roles", country.here, "2026") == 1

    def test_only_days_of_new_records_are_counted_again(self, country):
        world.given(country.here, day=10)
        roll(20)
        world.given(country.here, day=25, stored=25)
        assert services.roll_up(measure=ROLES, now=world.moment(26)) == 1

    def test_counting_all_again_takes_in_what_changed_without_a_trace(self, country):
        made = world.given(country.here, day=10)
        roll(20)
        RoleGrant.objects.filter(pk=made.pk).delete()
        roll(30)
        assert value("roles", country.here, "2026-01") == 1
        roll(30, full=True)
        assert value("roles", country.here, "2026-01") == 0

    def test_a_new_version_counts_all_anew(self, country, monkeypatch):
        world.given(country.here, day=10)
        roll(20)
        changed = Measure(ROLES, 2, "x", Counted.TIMES, "flow", RoleGrant.objects.none, "starts_at", "created_at")
        monkeypatch.setitem(REGISTER, ROLES, changed)
        roll(21)
        assert value("roles", country.here, "2026-01") == 0
        for model in (Cell, Total, Watermark):
            assert set(model.objects.filter(measure=ROLES).values_list("version", flat=True)) <= {2}

    def test_a_page_rolls_up_only_when_tending_has_missed_two_rounds(self, country):
        services.freshen(now=world.moment(10))
        world.given(country.here, day=10)
        services.freshen(now=world.moment(10) + timedelta(minutes=11))
        assert value("roles", country.here, "2026-01") == 0
        services.freshen(now=world.moment(10) + timedelta(minutes=13))
        assert value("roles", country.here, "2026-01") == 1

    def test_weighted_records_are_summed(self, country, monkeypatch):
        rows = Person.objects.exclude(birth_year=None)
        monkeypatch.setitem(
            REGISTER,
            "test.years",
            Measure(
                "test.years",
                1,
                "x",
                Counted.TIMES,
                "flow",
                rows.all,
                "created_at",
                "created_at",
                person="self",
                weight="birth_year",
            ),
        )
        for year in (1960, 2000):
            Person.objects.create(birth_year=year)
        services.roll_up(measure="test.years")
        world.indicator("years", definition={"measure": "test.years"})
        this_year = str(date.today().year)
        assert value("years", country.ministry, this_year) == 3960

    def test_a_measure_has_one_name(self):
        with pytest.raises(ValueError, match="twice"):
            rules.register(REGISTER[ROLES])


places = st.sampled_from([None, "VN", "01", "02", "01001", "01002", "02001"])
grants = st.tuples(
    st.integers(0, 7),  # unit
    st.integers(0, 420),  # day it is dated on
    st.integers(0, 60),  # how many days later it is stored
    st.sampled_from(["", "citizens", "elderly"]),
    st.sampled_from(["", "female", "male"]),
    st.sampled_from([None, 1950, 1990, 2015]),
)
LOOKS = [("roles", "2026-Q1"), ("roles", "2026-W05"), ("so-far", "2026-02"), ("so-far", "2026"), ("roles", "2025-S")]
CODES = ["2026-01", "2026-02", "2026-W05", "2026-W53", "2026-Q1", "2026-H1", "2026", "2025-S", "2027-02"]


class TestPartsMakeTheWhole:
    """Over random trees of records, periods and lateness."""

    @pytest.fixture(autouse=True)
    def _country(self, country):
        self.country = country

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        rows=st.lists(grants, max_size=14), rolls=st.lists(st.integers(0, 480), max_size=3), look=st.sampled_from(LOOKS)
    )
    def test_at_every_unit_in_every_period_in_every_way(self, rows, rolls, look):
        with transaction.atomic():
            self._check(sorted(rows, key=lambda row: row[1] + row[2]), sorted(rolls), look)
            transaction.set_rollback(True)

    def _check(self, rows, rolls, look):
        waiting = list(rolls)
        for unit, day, delay, audience, sex, year in rows:
            while waiting and waiting[0] < day + delay:
                roll(waiting.pop(0))
            unit = self.country.all[unit]
            world.given(unit, day=day, stored=day + delay, audience=audience, sex=sex, birth_year=year)
        roll(600)
        incremental = sorted(
            Cell.objects.values_list("measure", "day", "area", "unit_path", "audience", "age_band", "value")
        )
        self._check_sums(rows, look)
        roll(600, full=True)
        again = sorted(Cell.objects.values_list("measure", "day", "area", "unit_path", "audience", "age_band", "value"))
        assert incremental == again

    def _check_sums(self, rows, look):
        sheet = queries.figures(indicators=["roles", "so-far"], units=self.country.all, periods=CODES)
        for unit in self.country.all:
            for code in CODES:
                flow, stock = sheet["roles", unit.pk, code].value, sheet["so-far", unit.pk, code].value
                assert (flow, stock) == self._by_hand(rows, unit, calendar.parse(code))
        for unit in self.country.all:
            self._check_parts(*look, unit, sheet)

    def _by_hand(self, rows, unit, period):
        """Python over the rows: nothing of the machinery under test."""
        days = [world.EPOCH + timedelta(days=row[1]) for row in rows if self._counts(self.country.all[row[0]], unit)]
        leaders = [u for u in (self.country.ministry, self.country.here, self.country.there) if self._counts(u, unit)]
        return sum(period.first <= d <= period.last for d in days), sum(d <= period.last for d in days) + len(leaders)

    def _counts(self, where, unit):
        """Whether a role given at `where` counts at `unit`."""
        if unit.kind == "ministry":
            return True
        if unit.kind == "school":
            return where.path.startswith(unit.path)
        return where.place_id == unit.place_id or where.place.parent_id == unit.place_id

    def _check_parts(self, key, code, unit, sheet):
        whole = sheet[key, unit.pk, code].value
        indicator = queries.indicator_of(key)
        period = calendar.parse(code)
        for way in queries.WAYS:
            taken = queries.breakdown(indicator=indicator, unit=unit, period=period, by=way)
            assert sum(p.value for p in taken.parts) == taken.whole == whole, (unit, code, way)
            assert all(p.value >= 0 for p in taken.parts)
        rows = queries.records(measure=taken.measure, unit=unit, period=period, viewer=self.country.minister)
        assert rows.count() == whole


class TestBreakdown:
    def test_parts_have_names_and_units(self, country):
        world.given(country.communes[0], day=10, audience="elderly", birth_year=1950, ethnicity="tay")
        world.given(country.there, day=11)
        roll(20)
        period, indicator = calendar.parse("2026-01"), queries.indicator_of("roles")

        def parts(by, unit=country.ministry):
            found = queries.breakdown(indicator=indicator, unit=unit, period=period, by=by).parts
            return {p.key: p.value for p in found if p.value}

        assert parts("place") == {"01": 1, "02": 1}
        assert parts("unit") == {"SO-01": 1, "SO-02": 1}
        assert parts("unit", country.here) == {"UBND-01001": 1}
        assert parts("audience") == {"elderly": 1, "": 1}
        assert parts("age_band") == {"60+": 1, "": 1}
        assert parts("ethnicity") == {"tay": 1, "": 1}
        assert parts("difficulty") == {"yes": 1, "": 1}
        assert parts("period") == {"2026-01-11": 1, "2026-01-12": 1}

    def test_another_way_is_refused(self, country):
        with pytest.raises(ValueError, match="not a way"):
            queries.breakdown(
                indicator=queries.indicator_of("roles"), unit=country.here, period=calendar.parse("2026"), by="name"
            )

    def test_what_is_declared_has_no_parts(self, country):
        declared = world.indicator("said", kind="declared")
        assert queries.breakdown(indicator=declared, unit=country.here, period=calendar.parse("2026"), by="sex") is None


class TestRecords:
    def test_they_tell_no_names(self, country):
        world.given(country.here, day=10)
        measure = REGISTER[ROLES]
        (row,) = queries.records(
            measure=measure, unit=country.here, period=calendar.parse("2026-01"), viewer=country.leader
        )
        record = queries.told(measure, row)
        assert record.day == date(2026, 1, 11) and record.place == "Tỉnh 01" and "Sở 01" in record.label
        assert len(record.person) == 6

    def test_a_neighbour_sees_none(self, country):
        with pytest.raises(NotAllowed):
            queries.records(
                measure=REGISTER[ROLES], unit=country.here, period=calendar.parse("2026-01"), viewer=country.neighbour
            )


class TestSmallCells:
    @pytest.fixture(autouse=True)
    def _few(self, country):
        self.country = country
        for audience in ["elderly"] * 3 + ["citizens"] * 6 + ["students"] * 9:
            world.given(country.there, day=10, audience=audience)
        world.given(country.communes[0], day=10)
        roll(20)

    def figure(self, unit, viewer):
        found = queries.figures(indicators=["so-far"], units=[unit], periods=["2026-01"], viewer=viewer)
        return found["so-far", unit.pk, "2026-01"]

    def test_few_people_are_withheld_outside_the_unit_that_owns_them(self):
        commune = self.country.communes[0]
        for viewer in (AnonymousUser(), self.country.neighbour):
            assert (self.figure(commune, viewer).value, self.figure(commune, viewer).withheld) == (None, True)
        for viewer in (self.country.leader, self.country.minister):
            assert (self.figure(commune, viewer).value, self.figure(commune, viewer).withheld) == (1, False)

    def test_five_and_none_are_shown_to_all(self):
        assert self.figure(self.country.there, AnonymousUser()).value == 19
        assert self.figure(self.country.communes[1], AnonymousUser()).value == 0

    def test_a_share_of_few_people_is_withheld_too(self):
        world.indicator(
            "share", kind="ratio", definition={"numerator": "so-far", "denominator": "roles", "factor": 100}
        )
        commune = self.country.communes[0]
        found = queries.figures(indicators=["share"], units=[commune], periods=["2026-01"], viewer=AnonymousUser())
        figure = found["share", commune.pk, "2026-01"]
        assert (figure.value, figure.numerator, figure.denominator, figure.withheld) == (None, None, None, True)

    def test_the_next_smallest_part_is_withheld_with_a_single_small_one(self):
        taken = queries.breakdown(
            indicator=queries.indicator_of("so-far"), unit=self.country.there, period=calendar.parse("2026-01"),
            by="audience", viewer=AnonymousUser(),
        )  # fmt: skip
        hidden = {p.key for p in taken.parts if p.withheld}
        assert hidden == {"elderly", ""} and {p.value for p in taken.parts if p.withheld} == {0}


@given(st.lists(st.integers(0, 20), min_size=2))
def test_no_withheld_part_can_be_told_from_the_others(values):
    hidden = rules.withheld_parts(values)
    assert {n for n, v in enumerate(values) if 0 < v < rules.LEAST_PEOPLE} <= hidden
    assert len(hidden) != 1


@given(st.integers(1900, 2026))
def test_every_age_has_a_band(year):
    assert rules.age_band(year, date(2026, 6, 1)) and rules.age_band(None, date(2026, 6, 1)) == ""


class TestMuchAtOnce:
    def test_34_units_12_periods_10_indicators_take_at_most_12_queries(self, country, django_assert_max_num_queries):
        for n in range(3, 35):
            Place.objects.create(code=f"{n:02}x", name=str(n), kind="province", type="tinh", parent_id="VN")
        departments = [country.here, country.there]
        for n in range(3, 35):
            made = world.units.open_unit(
                code=f"SO-{n}",
                name=str(n),
                kind="provincial-department",
                parent=country.ministry,
                place_code=f"{n:02}x",
            )
            departments.append(made)
        keys = ["roles", "so-far"]
        for n in range(4):
            world.indicator(f"ratio-{n}", kind="ratio", definition={"numerator": "roles", "population": "all"})
            world.indicator(f"said-{n}", kind="declared", definition={"aggregate": "sum"})
            keys += [f"ratio-{n}", f"said-{n}"]
        codes = [f"2026-{n:02}" for n in range(1, 13)]
        with django_assert_max_num_queries(12):
            found = queries.figures(indicators=keys, units=departments, periods=codes, viewer=country.leader)
        assert len(found) == 34 * 12 * 10
        weeks = [f"2026-W{n:02}" for n in range(1, 53)]
        with django_assert_max_num_queries(12):
            queries.figures(indicators=keys, units=departments, periods=weeks + codes)
