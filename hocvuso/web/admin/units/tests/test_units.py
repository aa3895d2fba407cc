"""Units in one's reach: found, seen, taken away; and nothing of the neighbour's."""

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.test import Client

from hocvuso.units.services import open_unit
from tests import world

pytestmark = pytest.mark.django_db
UNITS = "/dieu-hanh/don-vi/"


def signed_in(person):
    client = Client()
    world.sign_in(client, person)
    return client


@pytest.fixture
def lan(cast):
    return signed_in(cast.lan)


def listed(page):
    """Codes in the table of a page."""
    return [row.rsplit("<td>", 1)[1].partition("<")[0] for row in page.text.split("</tr>")[1:-1]]


def schools(parent, count):
    for number in range(count):
        open_unit(code=f"TH-{number:03}", name=f"Trường số {number}", kind="school", parent=parent)


class TestOverview:
    def test_it_shows_where_ones_roles_reach(self, lan, cast):
        page = lan.get("/dieu-hanh/").text
        assert f'<a href="{UNITS}{cast.here.pk}/">Sở Một</a>' in page and "lãnh đạo đơn vị" in page
        assert "Sở Hai" not in page


class TestFinding:
    def test_the_list_holds_ones_reach_and_no_more(self, cast, lan):
        assert listed(lan.get(UNITS)) == ["SO-1", "T-1"]
        assert listed(signed_in(cast.xuan).get(UNITS)) == ["SO-2"]
        assert listed(signed_in(cast.oanh).get(UNITS)) == ["BO", "SO-1", "T-1", "SO-2"]

    @pytest.mark.parametrize("typed", ["Trường Một", "truong mot", "TRUONG", "một  trường", "t-1", "T 1"])
    def test_a_unit_is_found_by_name_or_code_however_it_is_typed(self, lan, typed):
        assert "T-1" in listed(lan.get(UNITS, {"q": typed}))

    @pytest.mark.parametrize("typed", ["sở hai", "so-2", "%", "_", "zzz", "'; DROP TABLE x --"])
    def test_what_is_not_in_reach_is_not_found(self, lan, typed):
        page = lan.get(UNITS, {"q": typed})
        found = listed(page) if "<table" in page.text else []
        assert "SO-2" not in found
        assert found == ["SO-1", "T-1"] or "Không có đơn vị nào như vậy trong phạm vi của bạn." in page.text

    def test_what_was_typed_stays_and_is_text(self, lan):
        assert 'value="&quot;&gt;&lt;b&gt;x"' in lan.get(UNITS, {"q": '"><b>x'}).text

    def test_too_long_a_question_is_named_and_not_asked(self, lan):
        page = lan.get(UNITS, {"q": "x" * 100_000})
        assert page.status_code == 400 and 'id="error-q"' in page.text and listed(page) == ["SO-1", "T-1"]

    def test_many_come_in_pages_that_keep_the_question(self, lan, cast):
        schools(cast.here, 101)
        first = lan.get(UNITS, {"q": "trường số"})
        assert len(listed(first)) == 50 and "Trang 1 trên 3" in first.text
        onward = re.search(r'rel="next" href="\?([^"]*)"', first.text).group(1)
        assert parse_qs(unescape(onward)) == {"q": ["trường số"], "trang": ["2"]}
        pages = [listed(lan.get(UNITS, {"q": "trường số", "trang": n})) for n in (1, 2, 3)]
        assert sorted(sum(pages, [])) == [f"TH-{n:03}" for n in range(101)]

    @pytest.mark.parametrize("number", ["0", "-1", "x", "9" * 25])
    def test_a_page_that_is_not_there_is_the_nearest_one(self, lan, number):
        assert listed(lan.get(UNITS, {"trang": number})) == ["SO-1", "T-1"]

    def test_the_way_to_the_import_is_shown_to_who_may_use_it(self, cast, lan):
        assert f"{UNITS}nhap/" in lan.get(UNITS).text
        assert f"{UNITS}nhap/" not in signed_in(cast.an).get(UNITS).text


class TestOneUnit:
    def test_it_shows_where_it_stands_what_is_beneath_and_who_holds_roles(self, lan, cast):
        page = lan.get(f"{UNITS}{cast.here.pk}/").text
        assert "<span>Bộ</span>" in page and f'<a href="{UNITS}{cast.school.pk}/">Trường Một</a>' in page
        assert all(name in page for name in ("An", "Minh", "Lan", "người soạn", "người thẩm định"))
        assert "Xuan" not in page

    def test_a_unit_without_roles_says_so(self, lan, cast):
        assert "Chưa ai giữ vai trò ở đây." in lan.get(f"{UNITS}{cast.school.pk}/").text

    def test_beneath_ones_unit_it_opens_and_beside_and_above_it_does_not(self, lan, cast):
        assert lan.get(f"{UNITS}{cast.school.pk}/").status_code == 200
        for unit in (cast.next_door, cast.ministry):
            assert lan.get(f"{UNITS}{unit.pk}/").status_code == 404

    def test_the_neighbour_sees_her_own_and_not_ours(self, cast):
        xuan = signed_in(cast.xuan)
        assert xuan.get(f"{UNITS}{cast.next_door.pk}/").status_code == 200
        for unit in (cast.here, cast.school, cast.ministry):
            assert xuan.get(f"{UNITS}{unit.pk}/").status_code == 404

    @pytest.mark.parametrize("who", ["hoa", "binh"])
    @pytest.mark.parametrize("tail", ["", "nhap/", "tai/", "{school}/"])
    def test_people_without_a_role_find_nothing(self, cast, who, tail):
        path = UNITS + tail.format(school=cast.school.pk)
        assert signed_in(getattr(cast, who)).get(path).status_code == 404


class TestTakingAway:
    def rows(self, client):
        answer = client.get(f"{UNITS}tai/")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="don-vi.csv"'
        assert answer.text.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))

    def test_it_holds_ones_reach_and_no_more(self, lan):
        rows = self.rows(lan)
        assert [(r["code"], r["name"], r["kind"], r["parent"]) for r in rows] == [
            ("SO-1", "Sở Một", "provincial-department", "BO"),
            ("T-1", "Trường Một", "school", "SO-1"),
        ]

    def test_a_spreadsheet_runs_nothing_of_it(self, lan, cast):
        open_unit(code="X-1", name='=HYPERLINK("https://evil.example")', kind="school", parent=cast.here)
        (row,) = (r for r in self.rows(lan) if r["code"] == "X-1")
        assert row["name"].startswith("'=")
