"""Forms: declare, define, set targets, work through flags; what was typed stays, refusals stand at their field."""

from __future__ import annotations

import json
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hocvuso.base.attachments import path_of
from hocvuso.base.models import Attachment
from hocvuso.indicators.models import Flag, Indicator, Target, Value
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from tests.world import flat, sign_in

pytestmark = pytest.mark.django_db
HOME = "/dieu-hanh/chi-so/"


class TestDeclaring:
    def send(self, client, **changes):
        given = {"period": "2026-03", "value": "12", "note": "theo sổ", "file": SimpleUploadedFile("s.pdf", b"%PDF-1")}
        return client.post(f"{HOME}said/khai/?ky=2026-03", given | changes)

    def test_it_is_kept_with_its_file_and_shown(self, land, leader):
        answer = self.send(leader)
        page = leader.get(answer["Location"]).text
        assert Value.objects.get().value == 12 and "s.pdf" in page and "theo sổ" in page

    def test_two_who_declare_at_once_see_both_numbers(self, land, leader):
        self.send(leader, version="0")
        page = self.send(leader, value="15", note="đếm lại", version="0")
        assert page.status_code == 409 and "12" in page.text and "theo sổ" in page.text and "đếm lại" in page.text
        assert "Riêng tệp thì phải chọn lại" in page.text and Value.objects.get().value == 12
        opened = leader.get(f"{HOME}said/khai/?ky=2026-03").context["form"]["version"].value()
        assert page.context["form"]["version"].value() == opened == Value.objects.get().version
        assert self.send(leader, value="15", note="đếm lại", version=opened).status_code == 302
        assert Value.objects.get().value == 15

    def test_what_was_typed_stays(self, land, leader):
        page = self.send(leader, value="rất nhiều")
        assert page.status_code == 400 and 'id="error-value"' in page.text
        assert "rất nhiều" in page.text and "theo sổ" in page.text
        page = self.send(leader, file=SimpleUploadedFile("x.exe", b"MZ"))
        assert page.status_code == 400 and 'id="error-file"' in page.text and not Value.objects.exists()

    def test_all_that_is_wrong_is_said_at_once(self, land, leader):
        page = self.send(leader, period="31/02", value="\0", note="x" * 100_000, file=SimpleUploadedFile("a.pdf", b""))
        assert page.status_code == 400 and "Có 4 chỗ cần sửa" in page.text and "x" * 100_000 in page.text
        assert all(f'id="error-{field}"' in page.text for field in ("period", "value", "note", "file"))
        assert not Value.objects.exists()

    def test_six_files_are_not_cut_to_five(self, land, leader):
        page = self.send(leader, file=[SimpleUploadedFile(f"{n}.pdf", b"%PDF-1") for n in range(6)])
        assert page.status_code == 400 and "nhiều nhất 5 tệp" in page.text and not Value.objects.exists()

    @pytest.mark.parametrize("value", ["-5", "1e9", "9" * 40, "१२", ""])
    def test_a_number_that_cannot_be_is_said_at_its_field(self, land, leader, value):
        page = self.send(leader, value=value)
        assert page.status_code == 400 and 'id="error-value"' in page.text and not Value.objects.exists()

    def test_evidence_that_is_needed_is_asked_for_at_its_field(self, land, minister):
        Indicator.objects.filter(key="said").update(definition={"aggregate": "sum", "evidence": True})
        page = self.send(minister, file=[])
        assert page.status_code == 400 and 'id="error-file"' in page.text
        assert "Tệp minh chứng (bắt buộc)" in flat(page.text)

    def test_evidence_opens_for_those_who_may_see_the_unit(self, client, land, leader):
        self.send(leader)
        file = Attachment.objects.get()
        answer = leader.get(f"{HOME}tep/{file.pk}/")
        assert b"".join(answer.streaming_content) == b"%PDF-1" and "attachment" in answer["Content-Disposition"]
        sign_in(client, land.neighbour)
        assert client.get(f"{HOME}tep/{file.pk}/").status_code == 404

    def test_a_file_that_the_disk_lost_is_said_to_be_lost(self, land, leader):
        self.send(leader)
        file = Attachment.objects.get()
        path_of(file.sha256).unlink()
        page = leader.get(f"{HOME}tep/{file.pk}/")
        assert page.status_code == 409 and "không còn trên máy chủ" in page.text

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
        [
            ({"definition": "{"}, "definition"), ({"key": "Sai mã"}, "key"), ({"decimals": "x"}, "decimals"),
            ({"key": "said"}, "key"), ({"title": "\0"}, "title"), ({"kind": "x"}, "kind"),
            ({"decimals": "-1"}, "decimals"),
            ({"period_type": "x"}, "period_type"),
            ({"minimum": "5", "maximum": "4"}, "maximum"), ({"note": "x" * 100_000}, "note"),
            ({"measured_in": "x" * 41}, "measured_in"),
        ],
    )  # fmt: skip
    def test_a_refusal_stands_at_its_field(self, land, minister, changes, field):
        page = minister.post(f"{HOME}moi/", self.fields(**changes))
        assert page.status_code == 400 and f'id="error-{field}"' in page.text

    @pytest.mark.parametrize(
        "definition",
        [
            "[" * 100_000, "[]", "1", '{"measure": ["x"]}', '{"numerator": ["roles"], "population": "all"}',
            '{"numerator": "roles", "population": ["all"]}',
            '{"numerator": "roles", "population": "all", "factor": "x"}',
            '{"numerator": "roles", "population": "all", "factor": 1e999}', '{"terms": 1}', '{"owed_by": ["x", []]}',
            '{"due": true}', '{"doubt": {"x": 1}}', '{"x": "\\u0000"}', '{"x": "\\ud800"}', '{"x": NaN}',
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("kind", Indicator.Kind.values)
    def test_a_definition_that_cannot_be_computed_is_refused(self, land, minister, definition, kind):
        page = minister.post(f"{HOME}moi/", self.fields(kind=kind, definition=definition))
        assert page.status_code == 400 and 'id="error-definition"' in page.text
        assert not Indicator.objects.filter(key="moi-nhat").exists()

    def test_all_that_is_wrong_is_said_at_once(self, land, minister):
        wrong = {"key": "", "title": "x" * 301, "decimals": "31/02", "minimum": "x", "definition": "{"}
        page = minister.post(f"{HOME}moi/", self.fields(**wrong))
        assert page.status_code == 400 and "Có 5 chỗ cần sửa" in page.text and "31/02" in page.text
        assert all(f'id="error-{field}"' in page.text for field in wrong)

    def test_two_who_change_it_at_once_see_both_texts(self, land, minister):
        address = f"{HOME}share/dinh-nghia/"
        opened = {**minister.get(address).context["form"].initial, "minimum": "", "maximum": "", "public": ""}
        opened["definition"] = json.dumps(opened["definition"])
        minister.post(address, opened | {"title": "Bản của Lan"})
        page = minister.post(address, opened | {"title": "Bản của Minh", "note": "giữ nguyên"})
        assert page.status_code == 409 and "Bản của Lan" in page.text and 'value="Bản của Minh"' in page.text
        assert "giữ nguyên" in page.text and Indicator.objects.current().get(key="share").title == "Bản của Lan"
        again = opened | {"title": "Bản của Minh", "version": page.context["form"]["version"].value()}
        assert minister.post(address, again).status_code == 302
        versions = Indicator.objects.filter(key="share").values_list("version", "title")
        assert list(versions) == [(3, "Bản của Minh"), (2, "Bản của Lan"), (1, "Tỉ lệ")]

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
        leader.post(f"{HOME}said/chi-tieu/{target.pk}/bo/", {"step": "remove", "version": target.version})
        assert not Target.objects.exists()

    @pytest.mark.parametrize(
        ("measured", "taken"), [("%", True), ("phần trăm", True), ("tỉ lệ Phần Trăm", True), ("người", False)]
    )
    def test_per_cent_is_a_target_of_what_is_measured_so(self, land, leader, measured, taken):
        Indicator.objects.filter(key="said").update(measured_in=measured)
        page = self.send(leader, value="61 %")
        assert Target.objects.exists() is taken
        assert taken or "phần trăm" in page.text

    def test_who_did_not_see_a_target_does_not_replace_it(self, land, minister, leader):
        self.send(leader, version="0")
        page = self.send(minister, value="90", source="KH 2", version="0")
        assert page.status_code == 409 and "KH 1" in page.text and 'value="KH 2"' in page.text
        assert Target.objects.get().value == 80
        seen = page.context["form"]["version"].value()
        assert self.send(minister, value="90", source="KH 2", version=seen).status_code == 302
        assert Target.objects.get().value == 90

    def test_a_target_that_was_changed_meanwhile_is_not_taken_away(self, land, leader):
        self.send(leader)
        seen = Target.objects.get()
        self.send(leader, value="85", version=seen.version)
        leader.post(f"{HOME}said/chi-tieu/{seen.pk}/bo/", {"step": "remove", "version": seen.version})
        assert Target.objects.get().value == 85 and "Có người đã lưu" in leader.get(f"{HOME}said/chi-tieu/").text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"unit": "SO-02"}, "unit"),
            ({"period": "x"}, "period"),
            ({"unit": "\0"}, "unit"),
            ({"period": "31/02"}, "period"),
            ({"value": ""}, "value"),
            ({"value": "-1"}, "value"),
            ({"source": ""}, "source"),
            ({"source": "x" * 100_000}, "source"),
        ],
    )
    def test_a_refusal_stands_at_its_field(self, land, leader, changes, field):
        page = self.send(leader, **changes)
        assert page.status_code == 400 and f'id="error-{field}"' in page.text

    def test_all_that_is_wrong_is_said_at_once(self, land, leader):
        page = self.send(leader, unit="SO-02", period="x", value="rất nhiều", source="")
        assert page.status_code == 400 and "Có 4 chỗ cần sửa" in page.text and "rất nhiều" in page.text
        assert not Target.objects.exists()

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

    @pytest.mark.parametrize(
        ("to", "note"), [("", "x"), ("x", "x"), ("\0", "x"), ("mended", "\0"), ("mended", "x" * 100_000)]
    )
    def test_what_cannot_be_changes_nothing(self, land, leader, to, note):
        page = self.settle(leader, to, note)
        assert page.status_code == 400 and 'role="alert"' in page.text
        assert Flag.objects.get().state == "open" and not Flag.objects.get().note

    def test_a_refusal_is_shown_at_its_flag_wherever_that_stands(self, land, leader):
        """Who explained does not dismiss: said at the flag, which the tab of open ones no longer lists."""
        self.settle(leader, "explained", "bận")
        page = self.settle(leader, "dismissed", "lời đã gõ")
        assert page.status_code == 400 and "không đổi (120)" in page.text
        [row] = page.context["rows"]
        assert row.flag == self.flag and str(row.form.non_field_errors()[0]) in unescape(page.text)
        assert 'value="lời đã gõ"' in page.text

    def test_who_has_not_seen_the_explanation_does_not_settle_it(self, land, leader, client):
        """A leader of the ministry dismisses from a page on which it was open."""
        seen = self.flag.version
        self.settle(leader, "explained", "trường nghỉ hè")
        sign_in(client, land.minister)
        typed = {"to": "dismissed", "note": "không thấy lý do", "version": seen}
        page = client.post(f"{HOME}canh-bao/{self.flag.pk}/", typed)
        assert page.status_code == 409
        assert "trường nghỉ hè" in page.text and 'value="không thấy lý do"' in page.text
        self.flag.refresh_from_db()
        assert (self.flag.state, self.flag.note) == ("explained", "trường nghỉ hè")
        again = page.context["rows"][0].form["version"].value()
        assert again == self.flag.version and f'value="{again}"' in page.text

    def test_a_neighbour_neither_sees_nor_settles(self, land, neighbour):
        assert "không đổi (120)" not in neighbour.get(f"{HOME}canh-bao/").text
        assert self.settle(neighbour, "mended").status_code == 404

    def test_filters_and_download(self, land, leader):
        for query in ("loai=implausible", "ky=2026-03", "trang-thai=", "tai=csv", "tai=xlsx"):
            assert leader.get(f"{HOME}canh-bao/?{query}").status_code == 200

    def test_what_a_filter_cannot_read_is_named_and_not_applied(self, land, leader):
        page = leader.get(f"{HOME}canh-bao/", {"loai": "x", "ky": "31/02", "trang-thai": "open", "don-vi": "\0"})
        assert page.status_code == 400 and "không đổi (120)" in page.text
        assert all(f'id="error-{name}"' in page.text for name in ("loai", "ky"))

    def test_the_neighbours_unit_narrows_nothing(self, land, neighbour):
        page = neighbour.get(f"{HOME}canh-bao/", {"don-vi": land.here.pk})
        assert page.status_code == 400 and "không đổi (120)" not in page.text

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
