"""Figures on pages: see, go down to records, nothing of the neighbour's."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from hocvuso.indicators import services
from hocvuso.indicators.models import Flag, Target
from hocvuso.indicators.tests import world as country
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from tests.world import flat, sign_in

pytestmark = pytest.mark.django_db
HOME = "/dieu-hanh/chi-so/"
MARCH = "ky=2026-03"


class TestTheList:
    def test_it_shows_ones_own_unit_first(self, land, leader):
        page = leader.get(f"{HOME}?{MARCH}").text
        assert "Sở 01" in page and "Vai trò" in page and "tháng 3/2026" in page
        assert "<strong>3</strong>" in page  # of the four roles in March, three lie in this province

    def test_targets_and_what_is_declared_stand_beside(self, land, leader):
        Target.objects.create(indicator="roles", unit=land.here, period="2026-03", value=6, source="KH 1")
        said = services.define(key="roles", by=land.minister)
        services.declare(indicator=said, unit=land.here, period="2026-03", value=77, by=land.leader)
        page = leader.get(f"{HOME}?{MARCH}").text
        assert 'value="50"' in page and "77" in page

    def test_it_downloads(self, land, leader):
        book = load_workbook(BytesIO(leader.get(f"{HOME}?{MARCH}&tai=xlsx").content))
        rows = [row[:4] for row in book.active.iter_rows(values_only=True)]
        assert ("roles", "Vai trò", "tháng 3/2026", 3) in rows
        text = b"".join(leader.get(f"{HOME}?{MARCH}&tai=csv").streaming_content).decode()
        assert "roles,Vai trò,2026-03,3.0" in text

    def test_units_are_found_in_ones_reach_only(self, land, leader):
        assert "Uỷ ban nhân dân Xã 011" in leader.get(f"{HOME}?tim=xa+011").text
        assert "Xã 021</a>" not in leader.get(f"{HOME}?tim=xa+021").text

    @pytest.mark.parametrize("query", ["ky=x", "ky=2026-13", "loai-ky=x", "tim=" + "x" * 1000])
    def test_nonsense_in_the_address_is_named_and_the_default_is_shown(self, leader, query):
        page = leader.get(f"{HOME}?{query}")
        assert page.status_code == 400 and 'role="alert"' in page.text and "Sở 01" in page.text

    @pytest.mark.parametrize("unit", ["x", "%00", "01900000-0000-7000-8000-000000000000"])
    def test_a_unit_that_is_not_there_has_no_page(self, leader, unit):
        assert leader.get(f"{HOME}?don-vi={unit}").status_code == 404

    def test_the_number_of_queries_does_not_grow(self, land, leader, django_assert_max_num_queries):
        leader.get(HOME)
        for n in range(20):
            country.indicator(f"more-{n}", definition={"measure": "people.roles"})
        with django_assert_max_num_queries(20):
            leader.get(HOME)

    def test_it_is_for_those_who_may_see_figures(self, client, land):
        assert client.get(HOME).status_code == 302
        stranger = Person.objects.create(name="x")
        sign_in(client, stranger)
        assert client.get(HOME).status_code == 404
        roles.grant(person=stranger, role=Role.TEACHER, unit=land.school, by=None)
        assert client.get(HOME).status_code == 404


class TestOneIndicator:
    def test_from_the_country_down_to_a_record_in_four_steps(self, land, minister):
        """Ministry's list → indicator → province → commune → records."""
        page = minister.get(f"{HOME}?{MARCH}").text
        assert f"roles/?don-vi={land.ministry.pk}&amp;{MARCH}" in page
        for unit, below in ((land.ministry, land.here), (land.here, land.communes[0])):
            page = minister.get(f"{HOME}roles/?don-vi={unit.pk}&{MARCH}").text
            assert f"?don-vi={below.pk}&amp;{MARCH}" in page
        page = minister.get(f"{HOME}roles/ban-ghi/?don-vi={land.communes[0].pk}&{MARCH}").text
        assert flat(page).count("<tr><td>") == 2 and "12/03/2026" in page

    @pytest.mark.parametrize(
        "way", ["unit", "place", "period", "audience", "sex", "age_band", "ethnicity", "difficulty", "x"]
    )
    def test_every_way_of_taking_it_apart(self, land, minister, way):
        page = minister.get(f"{HOME}roles/?{MARCH}&theo={way}")
        assert page.status_code == 200 and "<svg" in page.text
        assert minister.get(f"{HOME}roles/?{MARCH}&theo={way}&tai=csv").status_code == 200

    @pytest.mark.parametrize("key", ["said", "share"])
    def test_other_kinds(self, land, minister, key):
        page = minister.get(f"{HOME}{key}/?{MARCH}").text
        assert "Sở 01" in page and "Chưa có số liệu" in page

    def test_its_doubts_stand_beside(self, land, leader):
        Flag.objects.create(kind="implausible", detector="jump", indicator="roles", unit=land.here, period="2026-03")
        assert "khó tin" in leader.get(f"{HOME}roles/?{MARCH}").text
        assert "1 cảnh báo" in leader.get(f"{HOME}?{MARCH}").text

    def test_a_neighbour_sees_nothing(self, land, neighbour):
        for address in ("", "roles/", "roles/ban-ghi/", "said/khai/"):
            assert neighbour.get(f"{HOME}{address}?don-vi={land.here.pk}").status_code == 404

    def test_what_is_not_there(self, leader):
        assert leader.get(f"{HOME}no-such/").status_code == 404

    def test_english_readers(self, land, leader):
        leader.cookies["hv_lang"] = "en"
        assert leader.get(f"{HOME}roles/?{MARCH}").status_code == 200

    def test_queries_do_not_grow_with_units(self, land, minister, django_assert_max_num_queries):
        address = f"{HOME}roles/?{MARCH}"
        minister.get(address)
        for n in range(30):
            country.units.open_unit(code=f"X{n}", name=f"X{n}", kind="school", parent=land.school)
        with django_assert_max_num_queries(33):
            minister.get(f"{HOME}said/?don-vi={land.school.pk}&{MARCH}")
        with django_assert_max_num_queries(33):
            minister.get(address)


class TestRecords:
    def test_no_names(self, land, leader):
        page = leader.get(f"{HOME}roles/ban-ghi/?{MARCH}").text
        assert "Giám đốc" not in page and "bản ghi" in page

    def test_they_download(self, land, leader):
        text = b"".join(leader.get(f"{HOME}roles/ban-ghi/?{MARCH}&tai=csv").streaming_content).decode()
        assert text.count("\n") == 4

    def test_a_ratio_offers_the_measures_it_is_made_of(self, land, leader):
        assert leader.get(f"{HOME}share/ban-ghi/?{MARCH}&do=people.roles").status_code == 200
        assert "không có bản ghi" in leader.get(f"{HOME}said/ban-ghi/?{MARCH}").text
