"""Forms: declare, define, set targets, work through flags; what was typed stays, refusals stand at their field."""

from __future__ import annotations

import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hocvuso.base.models import Attachment
from hocvuso.indicators.models import Flag, Indicator, Target, Value
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.web.office.indicators.declaring import NotANumber, number
from tests.world import flat, sign_in

pytestmark = pytest.mark.django_db
HOME = "/dieu-hanh/chi-so/"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234), ("1.234,5", 1234.5), (" 56,5 ", 56.5), ("0,25", 0.25), ("1 000", 1000), ("1.500", 1500),
        ("12.345.678", 12345678), ("-1.500", -1500), ("12,5", 12.5), ("0,125", 0.125),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, value):
    assert number(text, field="value") == value


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1,2,3", "0.25", "12.5", "1500.125"])
def test_what_is_no_number(text):
    with pytest.raises(NotANumber):
        number(text, field="value")


class TestDeclaring:
    def send(self, client, **changes):
        given = {"period": "2026-03", "value": "12", "note": "theo sổ", "file": SimpleUploadedFile("s.pdf", b"%PDF-1")}
        return client.post(f"{HOME}said/khai/?ky=2026-03", given | changes)

    def test_it_is_kept_with_its_file_and_shown(self, land, leader):
        answer = self.send(leader)
        page = leader.get(answer["Location"]).text
        assert Value.objects.get().value == 12 and "s.pdf" in page and "theo sổ" in page

    def test_what_was_typed_stays(self, land, leader):
        page = self.send(leader, value="rất nhiều")
        assert page.status_code == 400 and 'id="error-value"' in page.text
        assert "rất nhiều" in page.text and "theo sổ" in page.text
        page = self.send(leader, file=SimpleUploadedFile("x.exe", b"MZ"))
        assert page.status_code == 400 and 'id="error-file"' in page.text and not Value.objects.exists()

    def test_evidence_opens_for_those_who_may_see_the_unit(self, client, land, leader):
        self.send(leader)
        file = Attachment.objects.get()
        answer = leader.get(f"{HOME}tep/{file.pk}/")
        assert b"".join(answer.streaming_content) == b"%PDF-1" and "attachment" in answer["Content-Disposition"]
        sign_in(client, land.neighbour)
        assert client.get(f"{HOME}tep/{file.pk}/").status_code == 404

    def test_a_file_of_something_else_is_not_evidence(self, land, leader):
        other = Attachment.objects.create(subject="task-product:1", name="x", sha256="0" * 64, size=1, kind="x")
        assert leader.get(f"{HOME}tep/{other.pk}/").status_code == 404

    def test_not_for_a_neighbour_nor_an_inspector(self, client, land, neighbour):
        assert neighbour.post(f"{HOME}said/khai/?don-vi={land.here.pk}", {"value": "1"}).status_code == 404
        inspector = Person.objects.create(name="x")
        roles.grant(person=inspector, role=Role.INSPECTOR, unit=land.here, by=None)
        sign_in(client, inspector)
        assert client.get(f"{HOME}said/khai/").status_code == 404
        assert not Value.objects.exists()


class TestDefining:
    def fields(self, **changes):
        given = {
            "key": "moi-nhat", "title": "Mới", "kind": "ratio", "period_type": "month", "decimals": "1",
            "definition": json.dumps({"numerator": "roles", "denominator": "said"}), "public": "1",
        }  # fmt: skip
        return given | changes

    def test_a_new_one_and_a_new_version(self, land, minister):
        minister.post(f"{HOME}moi/", self.fields())
        assert Indicator.objects.get(key="moi-nhat").public
        minister.post(f"{HOME}moi-nhat/dinh-nghia/", self.fields(title="Mới hơn", public=""))
        assert [i.title for i in Indicator.objects.filter(key="moi-nhat")] == ["Mới hơn", "Mới"]
        assert "Mới hơn" in minister.get(f"{HOME}moi-nhat/dinh-nghia/").text

    def test_units_of_measure_in_two_languages(self, land, minister):
        words = {"measured_in": "lớp", "measured_in_en": "classes"}
        minister.post(f"{HOME}moi/", self.fields(kind="declared", definition="{}", **words))
        address = f"{HOME}moi-nhat/chi-tieu/"
        assert "Giá trị (lớp)" in flat(minister.get(address).text)
        minister.get("/ngon-ngu/?ma=en")
        assert "Value (classes)" in flat(minister.get(address).text)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"definition": "{"}, "definition"), ({"key": "Sai mã"}, "key"), ({"decimals": "x"}, "decimals")],
    )
    def test_a_refusal_stands_at_its_field(self, land, minister, changes, field):
        page = minister.post(f"{HOME}moi/", self.fields(**changes))
        assert page.status_code == 400 and f'id="error-{field}"' in page.text

    def test_a_province_sees_definitions_and_changes_none(self, land, leader):
        assert "people.roles" in leader.get(f"{HOME}roles/dinh-nghia/").text
        assert leader.get(f"{HOME}moi/").status_code == 404
        assert leader.post(f"{HOME}roles/dinh-nghia/", self.fields()).status_code == 403
        assert Indicator.objects.filter(key="roles").count() == 1


class TestTargets:
    def send(self, client, **changes):
        given = {"unit": "SO-01", "period": "2026", "value": "80", "source": "KH 1"}
        return client.post(f"{HOME}said/chi-tieu/", given | changes)

    def test_set_and_take_away(self, land, leader):
        self.send(leader)
        target = Target.objects.get()
        page = leader.get(f"{HOME}said/chi-tieu/").text
        assert target.value == 80 and "KH 1" in page and "<td>năm 2026</td>" in page
        leader.post(f"{HOME}said/chi-tieu/{target.pk}/bo/")
        assert not Target.objects.exists()

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"unit": "SO-02"}, "unit"),
            ({"period": "x"}, "period"),
            ({"value": ""}, "value"),
            ({"source": ""}, "source"),
        ],
    )
    def test_a_refusal_stands_at_its_field(self, land, leader, changes, field):
        page = self.send(leader, **changes)
        assert page.status_code == 400 and f'id="error-{field}"' in page.text

    def test_a_neighbour_neither_sees_nor_removes(self, client, land, leader):
        self.send(leader)
        sign_in(client, land.neighbour)
        assert "KH 1" not in client.get(f"{HOME}said/chi-tieu/").text
        assert client.post(f"{HOME}said/chi-tieu/{Target.objects.get().pk}/bo/").status_code == 404


class TestFlags:
    @pytest.fixture(autouse=True)
    def _flag(self, land):
        self.flag = Flag.objects.create(
            kind="implausible", detector="unmoved", indicator="said", unit=land.here, period="2026-03",
            facts={"value": 120, "periods": 3},
        )  # fmt: skip

    def settle(self, client, to, note="đã kiểm tra"):
        return client.post(f"{HOME}canh-bao/{self.flag.pk}/", {"to": to, "note": note})

    def test_the_queue_says_why_and_is_worked_through(self, land, leader):
        page = leader.get(f"{HOME}canh-bao/").text
        assert "không đổi (120) trong 3 kỳ" in page and "Số lớp" in page
        assert "Sở 01 · tháng 3/2026" in page
        self.settle(leader, "dismissed")
        self.flag.refresh_from_db()
        assert (self.flag.state, self.flag.by) == ("dismissed", land.leader)
        assert "đã kiểm tra" in leader.get(f"{HOME}canh-bao/?trang-thai=dismissed").text
        assert "không đổi (120)" not in leader.get(f"{HOME}canh-bao/").text

    def test_it_waits_with_the_unit_whose_figure_it_is(self, land, leader):
        assert "Số liệu cần giải trình" in leader.get("/dieu-hanh/").text
        self.settle(leader, "explained")
        assert "Số liệu cần giải trình" not in leader.get("/dieu-hanh/").text

    def test_it_does_not_wait_next_door_nor_with_everybody_above(self, land, client):
        for person in (land.neighbour, land.minister):
            sign_in(client, person)
            assert "Số liệu cần giải trình" not in client.get("/dieu-hanh/").text

    def test_without_words_it_stays(self, land, leader):
        page = self.settle(leader, "mended", note="")
        assert page.status_code == 400 and "Hãy viết vài lời" in page.text

    def test_a_refusal_is_shown_at_its_flag_wherever_that_stands(self, land, leader):
        """Who explained does not dismiss: said at the flag, which the tab of open ones no longer lists."""
        self.settle(leader, "explained", "bận")
        page = self.settle(leader, "dismissed", "lời đã gõ")
        assert page.status_code == 400 and "không đổi (120)" in page.text
        [row] = page.context["rows"]
        assert row["refusal"] is not None and str(row["refusal"]) in unescape(page.text)

    def test_a_neighbour_neither_sees_nor_settles(self, land, neighbour):
        assert "không đổi (120)" not in neighbour.get(f"{HOME}canh-bao/").text
        assert self.settle(neighbour, "mended").status_code == 404

    def test_filters_and_download(self, land, leader):
        for query in ("loai=implausible", "ky=2026-03", "trang-thai=x", "tai=csv", "tai=xlsx"):
            assert leader.get(f"{HOME}canh-bao/?{query}").status_code == 200

    def test_a_period_is_examined_on_demand(self, land, leader):
        assert leader.post(f"{HOME}canh-bao/xet/", {"period": "2026-03"}).status_code == 302
        page = leader.post(f"{HOME}canh-bao/xet/", {"period": "x"})
        assert page.status_code == 400 and 'id="error-period"' in page.text

    def test_the_queue_takes_the_same_queries_for_many(self, land, leader, django_assert_max_num_queries):
        for n in range(24):
            Flag.objects.create(
                kind="late",
                detector="late",
                indicator="said",
                unit=land.here,
                period=f"2025-{n}",
                facts={"days": 1, "due": "2026-01-31"},
            )
        with django_assert_max_num_queries(12):
            leader.get(f"{HOME}canh-bao/")
