"""Populations and targets in bulk: by whom, what is refused, what is replaced, all or nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.indicators import services
from hocvuso.indicators.models import Population, Target
from hocvuso.indicators.queries import figures, places_to_count
from hocvuso.indicators.services import table_import
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles

from . import world as country

HEAD = "place,group,on,count,source\n"


@pytest.fixture
def land(db):
    made = country.country()
    country.indicator("share", kind="declared", minimum=0, maximum=100, period_type="year", decimals=1)
    return made


def populations(text, by=None, head=HEAD):
    return services.plan_populations(name="dan-so.csv", content=(head + text).encode(), by=by)


def targets(text, by=None):
    head = "chỉ số;đơn vị;kỳ;chỉ tiêu;nguồn\n"
    return services.plan_targets(name="chi-tieu.csv", content=(head + text).encode(), by=by)


def faults(made):
    return [(fault.row, fault.column) for fault in made.faults]


class TestWho:
    def test_the_ministry_enters_all_places_and_a_department_the_communes_of_its_province(self, land):
        assert places_to_count(land.minister).count() == places_to_count(None).count() == 7
        assert {p.code for p in places_to_count(land.leader)} == {"01001", "01002"}

    def test_nobody_enters_what_their_own_figures_are_divided_by(self, land):
        assert faults(populations("01,all,2025-12-31,900,Niên giám\n", by=land.leader)) == [(2, "place")]
        secretary = Person.objects.create(name="Thư ký xã")
        roles.grant(person=secretary, role=Role.LEADER, unit=land.communes[0], by=None)
        with pytest.raises(NotAllowed):
            populations("01001,all,2025-12-31,900,Niên giám\n", by=secretary)

    def test_the_neighbours_communes_are_out_of_reach(self, land):
        assert faults(populations("02001,all,2025-12-31,900,x\n", by=land.leader)) == [(2, "place")]
        assert faults(targets("share;SO-02;2026;80;KH 1\n", by=land.leader)) == [(2, "unit")]

    def test_targets_are_set_by_who_may_define(self, land):
        with pytest.raises(NotAllowed):
            targets("", by=Person.objects.create(name="x"))

    def test_what_a_unit_above_set_is_not_replaced_by_a_list(self, land):
        services.apply_table(made=targets("share;SO-01;2026;80;KH 1\n", by=land.minister), by=land.minister, source="x")
        assert faults(targets("share;SO-01;2026;70;KH 2\n", by=land.leader)) == [(2, "unit")]
        assert targets("share;SO-01;2026;80;KH 1\n", by=land.leader).same == 1
        assert len(targets("share;SO-01;2026;70;KH 2\n").changed) == 1


class TestRows:
    @pytest.mark.parametrize(
        "row,column",
        [
            ("9,all,2025-12-31,9,x", "place"),
            ("01,dogs,2025-12-31,9,x", "group"),
            ("01,all,31.12,9,x", "on"),
            (f"01,all,{timezone.localdate() + timedelta(days=2)},9,x", "on"),
            ("01,all,2025-12-31,0,x", "count"),
            ("01,all,2025-12-31,1.5,x", "count"),
            ("01,all,2025-12-31,-5,x", "count"),
            ("01,all,2025-12-31,300000000,x", "count"),
            ("01,all,2025-12-31,9,", "source"),
            (f"01,all,2025-12-31,9,{'x' * 301}", "source"),
            ("01,all,1825-12-31,9,x", "on"),
            ('01,all,2025-12-31,"1,234",x', "count"),
        ],
    )
    def test_a_wrong_cell_is_named(self, land, row, column):
        assert faults(populations(f"{row}\n")) == [(2, column)]

    @pytest.mark.parametrize("count", ["1234567", "1.234.567", "1 234 567"])
    @pytest.mark.parametrize("on", ["2025-12-31", "31/12/2025"])
    def test_numbers_and_days_as_people_write_them(self, land, on, count):
        [row] = populations(f"01,,{on},{count},Niên giám\n").new
        assert (row.group, row.on, row.count) == ("all", date(2025, 12, 31), 1234567)

    @pytest.mark.parametrize(
        "row,column",
        [
            ("none;SO-01;2026;80;x", "indicator"),
            ("share;NONE;2026;80;x", "unit"),
            ("share;SO-01;năm nay;80;x", "period"),
            ("share;SO-01;2026;nhiều;x", "value"),
            ("share;SO-01;2026;101;x", "value"),
            ("share;SO-01;2026;80;", "source"),
            ("share;SO-01;2026;61.5;x", "value"),
        ],
    )
    def test_a_wrong_target_is_named(self, land, row, column):
        assert faults(targets(f"{row}\n")) == [(2, column)]

    def test_a_row_twice_says_where_it_stood_first(self, land):
        [fault] = populations("01,all,2025-12-31,9,x\n\n01,all,31/12/2025,8,x\n").faults
        assert fault.row == 4 and "dòng 2" in fault.reason

    def test_codes_are_found_without_case_and_with_spaces_and_breaks_around_them(self, land):
        [row] = targets('SHARE;so-01\u00a0;"2026\n";61,5 %;KH 1\n').new
        assert (row.indicator, row.unit.code, row.period, row.value) == ("share", "SO-01", "2026", 61.5)

    def test_a_count_of_one_sex_is_not_taken_for_all(self, land):
        [fault] = populations("01,2025-12-31,9,x,Nữ\n", head="place,on,count,source,giới tính\n").faults
        assert "giới tính" in fault.reason

    def test_a_missing_column_is_named(self, land):
        [fault] = populations("01,5\n", head="place,count\n").faults
        assert "tai ngay" in fault.reason and "nguon" in fault.reason

    @given(st.integers(1, table_import.MOST_PEOPLE), st.sampled_from(["{}", "{:,}"]))
    def test_every_possible_count_is_read_back(self, count, form):
        assert table_import._people(form.format(count).replace(",", "."), "vi") == count
        assert table_import._people(form.format(count), "en") == count

    @given(st.text(alphabet="0123456789.,-+ eE٣", max_size=12))
    def test_what_is_no_count_is_refused_and_nothing_else_happens(self, text):
        try:
            assert 0 < table_import._people(text, "vi") <= table_import.MOST_PEOPLE
        except table_import._Wrong as wrong:
            assert (wrong.column, wrong.value) == ("count", text)


class TestApplying:
    def test_all_or_nothing(self, land):
        made = populations("01,all,2025-12-31,9,x\n99,all,2025-12-31,9,x\n")
        with pytest.raises(ValueError):
            services.apply_table(made=made, by=None, source="x")
        assert not Population.objects.exists()

    def test_the_same_again_changes_nothing_and_another_number_is_told(self, land):
        first = populations("01,all,2025-12-31,900,Niên giám\n02,all,2025-12-31,800,Niên giám\n")
        assert services.apply_table(made=first, by=land.minister, source="a.csv") == 2
        again = populations("01,all,2025-12-31,950,Đính chính\n02,all,2025-12-31,800,Niên giám\n")
        assert (len(again.new), len(again.changed), again.same) == (0, 1, 1)
        services.apply_table(made=again, by=land.minister, source="b.csv")
        assert dict(Population.objects.values_list("place", "count")) == {"01": 950, "02": 800}
        told = JournalEntry.objects.filter(act="populations.imported").last().data
        assert told["changed"] == [["01", "all", "2025-12-31", 900, 950]]

    def test_figures_are_divided_by_the_new_count_at_once(self, land):
        country.indicator("rate", kind="ratio", definition={"numerator": "n", "population": "all", "factor": 100})
        country.indicator("n", definition={"measure": "people.roles"})
        country.given(land.communes[0], day=65)
        services.roll_up(full=True)
        ask = {"indicators": ["rate"], "units": [land.here], "periods": ["2026-03"]}
        assert figures(**ask)["rate", land.here.pk, "2026-03"].value is None
        services.apply_table(made=populations("01,all,2025-12-31,200,x\n"), by=None, source="x")
        assert figures(**ask)["rate", land.here.pk, "2026-03"].value == 0.5

    def test_targets_are_added_and_replaced(self, land):
        services.apply_table(
            made=targets("share;SO-01;2026;80;KH 1\nshare;SO-02;2026;70,5;KH 2\n"), by=None, source="x"
        )
        assert set(Target.objects.values_list("unit__code", "value")) == {("SO-01", 80), ("SO-02", 70.5)}
        services.apply_table(made=targets("share;SO-01;2026;90;KH 3\n"), by=land.minister, source="y")
        assert Target.objects.get(unit=land.here).source == "KH 3"
        assert JournalEntry.objects.filter(act="targets.imported").last().data["changed"][0][-2:] == [80.0, 90.0]

    def test_a_count_taken_away_is_told(self, land):
        services.apply_table(made=populations("01001,all,2025-12-31,90,x\n"), by=None, source="x")
        found = Population.objects.get()
        with pytest.raises(NotAllowed):
            services.remove_population(population=found, by=land.neighbour)
        services.remove_population(population=found, by=land.leader)
        assert not Population.objects.exists()
        assert JournalEntry.objects.filter(act="population.removed").last().data["count"] == 90


def test_a_target_of_a_count_is_read_as_people_write_it(land):
    country.indicator("classes", kind="declared")
    [row] = targets("classes;SO-01;2026;1.500;KH 1\n").new
    assert row.value == 1500
    assert faults(targets("classes;SO-01;2026;1,5;KH 1\n")) == [(2, "value")]
