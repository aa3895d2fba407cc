"""Populations and targets on pages: seen by who sees figures, brought in by who may, found, taken out again."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from hocvuso.base.text import fold
from hocvuso.indicators.models import Population, Target
from hocvuso.indicators.tests import world as country
from hocvuso.units.models import Place
from tests.world import flat, sign_in

pytestmark = pytest.mark.django_db
PEOPLE, TARGETS = "/dieu-hanh/nhap-so-lieu/dan-so/", "/dieu-hanh/nhap-so-lieu/chi-tieu/"
ROWS = "place\ton\tcount\tsource\n01001\t31/12/2025\t4.500\tCông an xã, 5/1/2026\n01002\t31/12/2025\t5100\tnhư trên\n"


@pytest.fixture
def land(db):
    made = country.country()
    for place in Place.objects.all():
        Place.objects.filter(pk=place.pk).update(search=fold(f"{place.name} {place.code}"))
    country.indicator("share", title="Tỉ lệ hộ", kind="declared", minimum=0, maximum=100, period_type="year")
    return made


@pytest.fixture
def leader(client, land):
    sign_in(client, land.leader)
    return client


def ticket(page):
    """What the preview's form holds."""
    return page.text.partition('name="waiting" value="')[2].partition('"')[0]


def cells(client, url):
    return list(load_workbook(BytesIO(client.get(url).content)).active.iter_rows(values_only=True))


class TestPopulations:
    def test_pasted_rows_are_previewed_and_then_applied(self, leader):
        page = leader.post(PEOPLE, {"pasted": ROWS})
        assert "Thêm 2, sửa 0, giữ nguyên 0." in page.text and not Population.objects.exists()
        done = leader.post(PEOPLE, {"waiting": ticket(page), "apply": "1"}, follow=True)
        assert "Đã ghi dân số: 2 dòng." in done.text and "4.500" in done.text and "Công an xã" in done.text
        again = leader.post(
            PEOPLE, {"waiting": ticket(leader.post(PEOPLE, {"pasted": ROWS})), "apply": "1"}, follow=True
        )
        assert '<p class="notice warn" role="status">Không ghi gì' in flat(again.text)

    def test_faults_are_told_and_nothing_is_applied(self, leader):
        page = leader.post(PEOPLE, {"pasted": ROWS.replace("5100", "rất đông")})
        assert "dòng 3, cột count: “rất đông”" in page.text and not ticket(page)
        assert "5100" not in page.text and "4.500" in page.text  # what was pasted is still there to be mended

    def test_a_list_of_another_is_not_applied_here(self, leader):
        page = leader.post(PEOPLE, {"pasted": ROWS})
        again = leader.post(TARGETS, {"waiting": ticket(page), "apply": "1"})
        assert again.status_code == 400 and "Hãy chọn tệp" in again.text

    def test_what_goes_out_comes_in_unchanged(self, leader, land):
        leader.post(PEOPLE, {"waiting": ticket(leader.post(PEOPLE, {"pasted": ROWS})), "apply": "1"})
        file = leader.get(PEOPLE + "?tai=xlsx").content
        page = leader.post(PEOPLE, {"file": SimpleUploadedFile("dan-so.xlsx", file)})
        assert "Thêm 0, sửa 0, giữ nguyên 2." in page.text

    def test_places_without_a_count_are_counted_and_listed(self, leader):
        leader.post(PEOPLE, {"waiting": ticket(leader.post(PEOPLE, {"pasted": ROWS})), "apply": "1"})
        assert "Tải danh sách 1 nơi chưa có số" in leader.get(PEOPLE + "?tinh=01").text
        assert [row[0] for row in cells(leader, PEOPLE + "?tai=xlsx&thieu=1")[1:]] == ["01", "02", "02001", "02002"]

    @pytest.mark.parametrize(
        "query,shown",
        [("q=xa+011", 1), ("tinh=02", 0), ("nhom=adults", 0), ("nhom=x&trang=9", 2)],
    )
    def test_filters(self, leader, query, shown):
        leader.post(PEOPLE, {"waiting": ticket(leader.post(PEOPLE, {"pasted": ROWS})), "apply": "1"})
        assert flat(leader.get(f"{PEOPLE}?{query}").text).count('<th scope="row">Xã') == shown

    def test_a_count_is_taken_away_by_who_may(self, leader, land):
        row = Population.objects.create(place_id="01001", group="all", on="2025-12-31", count=9, source="x")
        other = Population.objects.create(place_id="02001", group="all", on="2025-12-31", count=9, source="x")
        assert leader.get(PEOPLE).text.count("/bo/") == 1
        assert leader.post(f"{PEOPLE}{other.pk}/bo/").status_code == 404
        leader.post(f"{PEOPLE}{row.pk}/bo/")
        assert list(Population.objects.all()) == [other]

    def test_a_share_says_what_it_is_divided_by(self, leader, land):
        Population.objects.create(place_id="01", group="all", on="2025-12-31", count=8717600, source="Niên giám")
        country.indicator("n", definition={"measure": "people.roles"})
        country.indicator("rate", kind="ratio", definition={"numerator": "n", "population": "all", "factor": 100})
        assert "8.717.600, ngày 31/12/2025" in leader.get("/dieu-hanh/chi-so/rate/?ky=2026-03").text


class TestTargets:
    ROWS = "indicator,unit,period,value,source\nshare,SO-01,2026,80,KH 12/KH-UBND\n"

    def test_they_come_in_and_are_found(self, leader):
        page = leader.post(TARGETS, {"file": SimpleUploadedFile("ct.csv", self.ROWS.encode())})
        assert "Xem trước: ct.csv" in page.text
        leader.post(TARGETS, {"waiting": ticket(page), "apply": "1"})
        assert Target.objects.get().value == 80
        for query, shown in (("", True), ("cs=share", True), ("q=so 01", True), ("ky=2025", False), ("cs=x", True)):
            assert ("KH 12/KH-UBND" in leader.get(f"{TARGETS}?{query}").text) is shown, query

    def test_the_neighbour_sees_none_and_sets_none(self, leader, land, client):
        Target.objects.create(indicator="share", unit=land.here, period="2026", value=80, source="KH 12/KH-UBND")
        sign_in(client, land.neighbour)
        assert "KH 12/KH-UBND" not in client.get(TARGETS).text
        page = client.post(TARGETS, {"pasted": self.ROWS})
        assert "không có đơn vị này trong phạm vi" in page.text and not ticket(page)


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        (PEOPLE, {"tinh": "99", "nhom": "x", "q": "x" * 100_000}),
        (PEOPLE, {"tinh": "\0", "nhom": "\0"}),
        (TARGETS, {"cs": "x", "ky": "31/02", "q": "x" * 100_000}),
        (TARGETS, {"cs": "\0", "ky": "-2026"}),
    ],
)
def test_what_a_filter_cannot_read_is_named_at_each_field_and_not_applied(leader, land, url, wrong):
    Population.objects.create(place_id="01001", group="all", on="2025-12-31", count=9, source="mọi nguồn")
    Target.objects.create(indicator="share", unit=land.here, period="2026", value=80, source="mọi nguồn")
    page = leader.get(url, wrong)
    assert page.status_code == 400 and "mọi nguồn" in page.text
    assert all(f'id="error-{name}"' in page.text for name in wrong)


@pytest.mark.parametrize("url", [PEOPLE, TARGETS])
def test_they_are_for_those_who_see_figures(client, land, url):
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("url", [PEOPLE, TARGETS])
def test_an_empty_form_and_a_huge_one_are_refused_in_words(leader, url):
    empty = SimpleUploadedFile("x.csv", b"")
    for sent, said in (
        ({}, "Hãy chọn tệp"), ({"pasted": "x" * 2**21}, "quá lớn"), ({"waiting": "x"}, "Hãy chọn tệp"),
        ({"waiting": "\0", "apply": "1"}, "Hãy chọn tệp"), ({"file": empty, "pasted": ROWS}, "không có gì"),
    ):  # fmt: skip
        page = leader.post(url, sent)
        assert page.status_code == 400 and said in page.text
