"""The table of figures: many indicators of many units, within one's reach, openable, downloadable."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from hocvuso.indicators.models import Indicator
from hocvuso.indicators.tests import world as country
from hocvuso.units import services as units

pytestmark = pytest.mark.django_db
PAGE = "/dieu-hanh/chi-so/bang/"
MARCH = "ky=2026-03"


def lines(client, query=MARCH):
    """Code and figures of each row of the downloaded table."""
    book = load_workbook(BytesIO(client.get(f"{PAGE}?{query}&tai=xlsx").content))
    head, *rows = book.active.iter_rows(values_only=True)
    return list(head[2:]), {row[0]: list(row[2:]) for row in rows}


class TestRows:
    def test_the_unit_itself_stands_above_those_directly_beneath(self, land, minister):
        _head, rows = lines(minister)
        assert list(rows) == ["BO", "SO-01", "SO-02"]
        assert rows["BO"][0] == rows["SO-01"][0] + rows["SO-02"][0] == 4

    def test_or_above_all_of_a_kind_beneath(self, land, minister):
        _head, rows = lines(minister, f"{MARCH}&loai=commune-committee")
        assert list(rows)[1:] == [c.code for c in land.communes]

    def test_going_down_keeps_the_columns(self, land, minister):
        text = minister.get(f"{PAGE}?{MARCH}&cs=roles&so-ky=2").text
        assert f"?don-vi={land.here.pk}&amp;ky=2026-03&amp;cs=roles&amp;so-ky=2" in text

    def test_nothing_of_the_neighbour(self, land, leader):
        beneath = {unit.code for unit in land.all if unit.path.startswith(land.here.path)}
        assert set(lines(leader)[1]) == beneath
        assert leader.get(f"{PAGE}?don-vi={land.there.pk}").status_code == 404

    def test_a_unit_with_none_beneath_shows_itself(self, land, leader):
        text = leader.get(f"{PAGE}?don-vi={land.school.pk}").text
        assert "Bên dưới không có đơn vị nào" in text and "Trường" in text

    def test_long_lists_have_pages_and_files_have_all(self, land, minister):
        for n in range(60):
            units.open_unit(code=f"T-{n:02}", name=f"Trường {n:02}", kind="school", parent=land.ministry)
        shown = [minister.get(f"{PAGE}?{MARCH}&trang={n}").text.count('scope="row"') for n in (1, 2)]
        assert shown == [1 + 50, 1 + 12]
        assert len(lines(minister)[1]) == 63


class TestColumns:
    def test_periods_of_each_indicator_stand_together(self, land, leader):
        country.indicator("yearly", kind="declared", period_type="year", title="Lớp")
        head, _rows = lines(leader, f"{MARCH}&cs=roles&cs=yearly&so-ky=3")
        assert head == ["Vai trò · tháng 1/2026", "Vai trò · tháng 2/2026", "Vai trò · tháng 3/2026", "Lớp · năm 2026"]
        text = b"".join(leader.get(f"{PAGE}?{MARCH}&cs=roles&tai=csv").streaming_content).decode()
        assert "Vai trò · 2026-03" in text  # programmes read the code

    def test_a_figure_opens_its_own_page(self, land, leader):
        address = f"/dieu-hanh/chi-so/roles/?don-vi={land.here.pk}&amp;ky=2026-03"
        assert address in leader.get(f"{PAGE}?{MARCH}&cs=roles").text
        assert leader.get(address.replace("&amp;", "&")).status_code == 200

    def test_at_most_twelve_indicators(self, land, leader):
        keys = [country.indicator(f"more-{n:02}").key for n in range(20)]
        assert len(lines(leader, "&".join(f"cs={key}" for key in keys))[0]) == 12

    @pytest.mark.parametrize(
        "query", ["cs=nonsense", "so-ky=x", "so-ky=0", "so-ky=-1", "so-ky=٣", "so-ky=999", "loai=x", "ky=x"]
    )
    def test_nonsense_in_the_address_is_named_and_not_applied(self, leader, query):
        page = leader.get(f"{PAGE}?{query}")
        assert page.status_code == 400 and 'role="alert"' in page.text and '<table class="figures' in page.text


def test_queries_do_not_grow_with_units_and_periods(land, minister, django_assert_max_num_queries):
    minister.get(PAGE)
    for n in range(30):
        units.open_unit(code=f"T-{n}", name=f"Trường {n}", kind="school", parent=land.ministry)
    with django_assert_max_num_queries(20):
        minister.get(f"{PAGE}?so-ky=12")


def test_without_indicators_it_says_so(land, leader):
    Indicator.objects.all().delete()
    assert "Chưa có chỉ số nào" in leader.get(PAGE).text
