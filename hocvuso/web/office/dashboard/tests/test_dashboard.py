"""The dashboard: every figure opens further down, the neighbour sees nothing, the map says what the ladder says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.indicators.models import Flag, Indicator, Target, Value
from hocvuso.units import services as units
from hocvuso.units.models import Place
from hocvuso.web.office.dashboard import charts
from tests import world


@pytest.fixture
def declared(db):
    return Indicator.objects.create(
        key="may-tinh", title="Máy tính", kind="declared", period_type="year", definition={"aggregate": "sum"}
    )


@pytest.fixture
def learners(db):
    measure = {"measure": "learning.learners"}
    return Indicator.objects.create(
        key="learners", title="Người học", kind="measure", definition=measure, measured_in="người"
    )


def say(indicator, unit, value, by, at):
    Value.objects.create(indicator=indicator, unit=unit, period="2026", value=value, by=by, at=at)


@pytest.fixture
def leader(client, cast):
    world.sign_in(client, cast.lan)
    return client


@pytest.fixture
def page(leader, learners):
    return lambda **q: leader.get("/dieu-hanh/tong-quan/", q)


class TestLevels:
    def test_equal_values_share_a_class_and_none_has_none(self):
        assert charts.levels([1, 1, None, 5, 9]) == [1, 1, 0, 3, 4]

    @given(st.lists(st.one_of(st.none(), st.floats(0, 1e6)), max_size=40))
    def test_a_higher_value_is_never_in_a_lower_class(self, values):
        pairs = [(v, level) for v, level in zip(values, charts.levels(values), strict=True) if v is not None]
        assert all(a[1] <= b[1] for a in pairs for b in pairs if a[0] <= b[0])
        assert all(1 <= level <= charts.CLASSES for _v, level in pairs)


class TestSparkline:
    def test_a_missing_period_breaks_the_line(self):
        assert str(charts.sparkline([1, 2, None, 3, 4], title="x")).count("<polyline") == 2

    def test_nothing_known_draws_nothing(self):
        assert charts.sparkline([None, None], title="x") == ""


def test_every_province_has_its_own_tile():
    assert len(charts.TILES) == 34 and len(set(charts.TILES.values())) == 34


class TestDashboard:
    def test_it_opens_at_the_highest_unit_one_sees(self, page, cast):
        assert f"<h1>{cast.here.name}</h1>" in page().text

    def test_the_ladder_stands_in_order_with_ties(self, page, cast, declared, settings):
        second = units.open_unit(code="T-2", name="Trường Hai", kind="school", parent=cast.here)
        third = units.open_unit(code="T-3", name="Trường Ba", kind="school", parent=cast.here)
        for unit, value in [(cast.school, 5), (second, 9), (third, 9)]:
            say(declared, unit, value, cast.an, cast.here.created_at)
        rungs = page(cs="may-tinh", ky="2026").context["page"].object_list
        assert [(r.place, r.unit.code) for r in rungs] == [(1, "T-2"), (1, "T-3"), (3, "T-1")]

    def test_the_target_stands_beside(self, page, cast, learners):
        Target.objects.create(indicator="learners", unit=cast.here, period="2026", value=1234, source="Kế hoạch")
        assert "1.234" in page(ky="2026").text

    def test_figures_open_into_their_pages_and_parts(self, page, cast):
        text = page(ky="2026").text
        assert "/dieu-hanh/chi-so/learners/" in text and f"?unit={cast.school.pk}" in text

    def test_open_flags_are_counted_where_they_are(self, page, cast):
        Flag.objects.create(kind="missing", detector="x", indicator="learners", unit=cast.school, period="2026")
        Flag.objects.create(kind="missing", detector="x", indicator="learners", unit=cast.next_door, period="2026")
        answer = page(ky="2026")
        assert answer.context["alerts"].flags == 1 and answer.context["page"].object_list[0].flags == 1

    def test_the_neighbour_sees_nothing_of_it(self, client, cast, learners):
        world.sign_in(client, cast.xuan)
        assert client.get("/dieu-hanh/tong-quan/", {"unit": cast.here.pk}).status_code == 404
        assert client.get("/dieu-hanh/tong-quan/bang/", {"unit": cast.here.pk}).status_code == 404

    @pytest.mark.parametrize("query", [{"unit": "x"}, {"cs": "khac"}])
    def test_what_is_not_there_is_not_there(self, page, query):
        assert page(**query).status_code == 404

    def test_a_period_that_is_none_becomes_this_month(self, page):
        assert page(ky="hôm qua").status_code == 200

    def test_the_file_says_what_the_ladder_says(self, leader, learners, cast):
        text = b"".join(leader.get("/dieu-hanh/tong-quan/bang/?tai=csv&ky=2026").streaming_content).decode()
        assert "T-1" in text and "Người học" in text

    def test_the_wall_has_no_controls(self, leader, learners):
        text = leader.get("/dieu-hanh/tong-quan/man-hinh/").text
        assert "<form" not in text and 'class="wall"' in text

    def test_more_units_do_not_ask_more(self, page, cast, django_assert_max_num_queries):
        for n in range(60):
            units.open_unit(code=f"X-{n}", name=f"Trường {n}", kind="school", parent=cast.here)
        page()
        with django_assert_max_num_queries(40):
            page()


def test_the_map_has_a_tile_for_each_province_that_counts(client, cast, learners):
    place = Place.objects.create(code="01", name="Thành phố Hà Nội", kind="province", type="thanh-pho")
    cast.here.place = place
    cast.here.save()
    world.sign_in(client, cast.oanh)
    text = client.get("/dieu-hanh/tong-quan/").text
    assert text.count('class="tile-map"') == 1 and ">Hà Nội</text>" in text
