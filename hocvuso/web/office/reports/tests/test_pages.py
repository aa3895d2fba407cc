"""Pages of reports: the commune writes and hands in, the province decides and sums, the neighbour finds nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import load_workbook

from hocvuso.base.numbers import typed
from hocvuso.base.periods import parse
from hocvuso.plans.tests.cabinet import plan_in_force
from hocvuso.reports.models import Regime, Report, Review
from hocvuso.reports.services import regimes, reporting, reviews
from hocvuso.reports.tests.world import country, filled, hand_in, on
from hocvuso.web.kit.figures import to_decimals
from tests.world import flat, sign_in

pytestmark = pytest.mark.django_db
TOP = "/dieu-hanh/bao-cao/"


@pytest.fixture
def there():
    return country()


@pytest.fixture
def as_(client, there):
    def enter(name):
        sign_in(client, there.cabinet.fresh(name))
        return client

    return enter


def at(report):
    return f"{TOP}{report.pk}/"


def form_of(report, **more):
    figures = {f.indicator.key: f.pk for f in report.figures.select_related("indicator")}
    return {
        "section-ket-qua": "Đã mở ba lớp.",
        f"value-{figures['may']}": "1.250,5",
        f"value-{figures['to']}": "2",
        f"numerator-{figures['ti-le']}": "30",
        f"denominator-{figures['ti-le']}": "40",
    } | more


class TestTheRoadOfAReport:
    def test_from_the_desk_to_the_sum(self, there, as_):
        client, report = as_("tu"), there.commune
        assert "Bắt đầu lập báo cáo" in client.get(at(report)).text
        client.post(f"{at(report)}lap/")
        answer = client.post(f"{at(report)}luu/", form_of(report, do="submit"), follow=True)
        assert "đã nộp" in answer.text and "1.250,5" in answer.text
        client = as_("nam")
        assert str(report.pk) in client.get(f"{TOP}?xem=cho-nhan").text
        client.post(f"{at(report)}quyet/", {"do": "accept"})
        report.refresh_from_db()
        assert report.state == "accepted"
        answer = client.post(f"{at(there.province)}tong-hop/", follow=True)
        assert "Còn thiếu 2 đơn vị" in answer.text
        assert "1.250,5" in answer.text

    def test_what_was_typed_stays_when_it_is_refused(self, there, as_):
        client, report = as_("tu"), there.commune
        client.post(f"{at(report)}lap/")
        figure_id = report.figures.get(indicator__key="may").pk
        answer = client.post(f"{at(report)}luu/", form_of(report) | {f"value-{figure_id}": "nhiều"})
        assert answer.status_code == 400
        assert "không phải là số" in answer.text
        assert "Đã mở ba lớp." in answer.text and 'value="nhiều"' in answer.text

    def test_a_refused_hand_in_keeps_what_was_saved(self, there, as_):
        client, report = as_("tu"), there.commune
        client.post(f"{at(report)}lap/")
        answer = client.post(f"{at(report)}luu/", {"section-ket-qua": "Đã mở ba lớp.", "do": "submit"})
        assert answer.status_code == 400
        assert report.sections.get(key="ket-qua").text == "Đã mở ba lớp."

    def test_evidence_is_attached_and_comes_back_as_a_download(self, there, as_):
        client, report = as_("tu"), there.commune
        client.post(f"{at(report)}lap/")
        figure_id = report.figures.get(indicator__key="may").pk
        file = SimpleUploadedFile("biên bản.pdf", b"%PDF-1.7 x")
        client.post(f"{at(report)}luu/", form_of(report) | {f"file-figure-{figure_id}": file})
        page = client.get(at(report)).text
        address = page.split("/tep/")[1].split("/")[0]
        answer = client.get(f"{at(report)}tep/{address}/")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert as_("xuan").get(f"{at(report)}tep/{address}/").status_code == 404

    def test_reports_of_those_beneath_are_counted_by_themselves(self, there, as_):
        assert 'Cần lập <span class="badge warn">1</span>' in as_("nam").get(TOP).text
        assert str(there.commune.pk) not in as_("nam").get(f"{TOP}?xem=can-lap").text
        assert str(there.commune.pk) in as_("nam").get(f"{TOP}?xem=cap-duoi").text

    def test_another_units_report_is_written_only_on_purpose(self, there, as_):
        reporting.draft(report=there.commune, by=there.cabinet.tu)
        nam = as_("nam")
        page = nam.get(at(there.commune)).text
        assert "Lập thay đơn vị" in page and "Nộp báo cáo" not in page
        assert "Nộp báo cáo" in nam.get(f"{at(there.commune)}?lam-thay=1").text
        saved = nam.post(f"{at(there.commune)}luu/", form_of(there.commune), follow=True)
        assert "Đã lưu" in saved.text and "Nộp báo cáo" in saved.text

    def test_a_bad_file_is_refused(self, there, as_):
        client, report = as_("tu"), there.commune
        client.post(f"{at(report)}lap/")
        file = SimpleUploadedFile("x.pdf", b"MZ...")
        answer = client.post(f"{at(report)}luu/", form_of(report) | {"file-section-ket-qua": file})
        assert answer.status_code == 400

    def test_a_return_without_a_reason_is_refused_in_place(self, there, as_):
        report = hand_in(there.commune, by=there.cabinet.tu)
        client = as_("nam")
        assert client.post(f"{at(report)}quyet/", {"do": "return"}).status_code == 400
        figure_id = report.figures.get(indicator__key="may").pk
        client.post(f"{at(report)}quyet/", {"do": "return", "note": "Xem lại", f"note-{figure_id}": "Nhiều quá"})
        assert "Nhiều quá" in as_("tu").get(at(report)).text

    def test_who_wrote_it_is_told_to_leave_it_to_another(self, there, as_):
        report = hand_in(there.commune, by=there.cabinet.nam)
        page = as_("nam").get(at(report)).text
        assert "người khác ở cấp trên" in page and "Nhận báo cáo" not in page
        assert as_("nam").post(f"{at(report)}quyet/", {"do": "accept"}).status_code == 400


class TestLists:
    def test_many_are_taken_in_with_one_press(self, there, as_):
        for unit in there.cabinet.communes[:3]:
            hand_in(there.report(unit), by=there.writer(unit))
        as_("lan").post(f"{TOP}nhan/", {"tat-ca": "1"})
        assert Report.objects.filter(state="accepted").count() == 3

    def test_only_marked_ones(self, there, as_):
        rows = [hand_in(there.report(unit), by=there.writer(unit)) for unit in there.cabinet.communes[:2]]
        as_("lan").post(f"{TOP}nhan/", {"bao-cao": [f"{rows[0].pk}@{rows[0].version}"]})
        assert [r.pk for r in Report.objects.filter(state="accepted")] == [rows[0].pk]

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("q=xa 1", 1),
            ("trang-thai=submitted", 1),
            ("ky=2026-09", 4),
            ("muon=1", 4),
        ],
    )
    def test_filters(self, there, as_, query, count):
        hand_in(there.commune, by=there.cabinet.tu, at=on(9))
        page = as_("nam").get(f"{TOP}?xem=tat-ca&{query}").text
        assert flat(page).count('<tr><td><a href="/dieu-hanh/bao-cao/') == count

    def test_the_file_has_a_column_for_each_indicator(self, there, as_):
        hand_in(there.commune, by=there.cabinet.tu)
        answer = as_("nam").get(f"{TOP}tai/?xem=tat-ca&che-do={there.regime.pk}&tep=xlsx")
        rows = list(load_workbook(BytesIO(answer.content)).active.values)
        assert rows[0][8].startswith("Máy dùng chung")
        assert [row[8] for row in rows[1:] if row[1] == "Xã 1"] == [10]
        assert as_("nam").get(f"{TOP}tai/?xem=tat-ca&tep=csv").status_code == 200

    def test_queries_do_not_grow(self, there, as_, django_assert_max_num_queries):
        client = as_("thuy")
        with django_assert_max_num_queries(25):
            client.get(f"{TOP}?xem=tat-ca")
        regimes.open_period(regime=there.regime, period=parse("2026-08"))
        with django_assert_max_num_queries(25):
            client.get(f"{TOP}?xem=tat-ca")

    def test_mine_are_on_the_first_page(self, there, as_):
        page = as_("tu").get("/dieu-hanh/").text
        assert "Báo cáo cần lập" in page
        hand_in(there.commune, by=there.cabinet.tu)
        assert "Báo cáo chờ nhận" in as_("nam").get("/dieu-hanh/").text


class TestFigurePages:
    def test_asked_and_answered(self, there, as_):
        report = hand_in(there.commune, by=there.cabinet.tu)
        address = f"{TOP}so/{report.figures.get(indicator__key='may').pk}/"
        assert as_("nam").post(f"{address}hoi/", {"text": " "}).status_code == 400
        as_("nam").post(f"{address}hoi/", {"text": "Vì sao tăng?"})
        assert "Vì sao tăng?" in as_("tu").get(address).text
        assert "Câu hỏi về số liệu" in as_("tu").get("/dieu-hanh/").text
        thread = report.figures.get(indicator__key="may").threads.get()
        assert "Câu hỏi về số liệu" not in as_("nam").get("/dieu-hanh/").text
        assert "Khép lại câu hỏi" not in as_("tu").get(address).text
        as_("tu").post(f"{address}hoi/{thread.pk}/", {"text": "Được tặng."})
        assert "Câu hỏi về số liệu" not in as_("tu").get("/dieu-hanh/").text
        assert "Câu hỏi về số liệu" in as_("nam").get("/dieu-hanh/").text
        assert "Khép lại câu hỏi" in as_("nam").get(address).text
        as_("nam").post(f"{address}hoi/{thread.pk}/", {"do": "resolve"})
        thread.refresh_from_db()
        assert thread.resolved_at
        assert as_("xuan").get(address).status_code == 404


class TestRegimePages:
    def fields(self, there, **more):
        return {
            "title": "Báo cáo quý", "issuer": str(there.cabinet.ministry.pk), "kinds": ["commune-committee"],
            "period_type": "quarter", "due_days": "10", "due_counts": "working", "opens_days": "7",
            "starts_on": "2026-07-01", "sections-TOTAL_FORMS": "2", "sections-INITIAL_FORMS": "0",
            "sections-0-title": "Kết quả", "sections-0-max_words": "300", "sections-0-required": "on", "active": "1",
        } | more  # fmt: skip

    def test_set_and_opened(self, there, as_):
        client = as_("ha")
        answer = client.post(f"{TOP}che-do/moi/", self.fields(there))
        made = Regime.objects.get(title="Báo cáo quý")
        assert answer.url.endswith(f"{made.pk}/")
        assert made.sections == [{"key": "ket-qua", "title": "Kết quả", "required": True, "max_words": 300}]
        code = client.get(answer.url).context["opening"].fields["period"].choices[1][0]
        client.post(f"{TOP}che-do/{made.pk}/mo/", {"ky": code})
        assert made.reports.count() == 5
        assert client.get(f"{TOP}che-do/{made.pk}/{code}/").status_code == 200

    @pytest.mark.parametrize(
        "more", [{"title": ""}, {"due_days": "x"}, {"starts_on": "hôm nay"}, {"units": "KHONG-CO"}]
    )
    def test_refused_beside_the_field_and_kept(self, there, as_, more):
        answer = as_("ha").post(f"{TOP}che-do/moi/", self.fields(there, basis="QĐ 899", **more))
        assert answer.status_code == 400
        assert 'class="error"' in answer.text and 'value="QĐ 899"' in answer.text

    def test_changed(self, there, as_):
        client = as_("ha")
        assert 'value="Báo cáo tháng"' in client.get(f"{TOP}che-do/{there.regime.pk}/sua/").text
        client.post(f"{TOP}che-do/{there.regime.pk}/sua/", self.fields(there))
        there.regime.refresh_from_db()
        assert there.regime.title == "Báo cáo quý"

    def test_a_commune_sees_its_regime_but_may_not_change_it(self, there, as_):
        client = as_("tu")
        address = f"{TOP}che-do/{there.regime.pk}/"
        assert "Sửa chế độ báo cáo" not in client.get(address).text
        assert client.post(f"{address}sua/", self.fields(there)).status_code == 404

    def test_period_page_and_its_files(self, there, as_):
        report = hand_in(there.commune, by=there.cabinet.tu, at=on(9))
        reporting.accept(report=report, by=there.cabinet.nam, at=on(10))
        address = f"{TOP}che-do/{there.regime.pk}/2026-09/"
        page = as_("ha").get(address).text
        assert "nộp muộn 4 ngày" in page
        assert as_("ha").get(f"{address}tai/?tep=csv").status_code == 200
        assert as_("ha").get(f"{TOP}che-do/{there.regime.pk}/khong/").status_code == 404


class TestReviewPages:
    def test_begun_edited_submitted_approved(self, there, as_):
        plan = plan_in_force(there.cabinet)
        client = as_("ha")
        fields = {
            "plan": str(plan.pk),
            "kind": "final",
            "title": "Tổng kết",
            "first": "2026-01-01",
            "last": "2026-12-31",
        }
        assert client.post(f"{TOP}danh-gia/lap/", fields | {"last": "2025-01-01"}).status_code == 400
        assert client.post(f"{TOP}danh-gia/lap/", fields | {"first": "x"}).status_code == 400
        client.post(f"{TOP}danh-gia/lap/", fields)
        review = Review.objects.get()
        address = f"{TOP}danh-gia/{review.pk}/"
        client.post(f"{address}luu/", {"title": "Tổng kết năm", "text-general": "Khá.", "do": "compose"})
        client.post(f"{address}luu/", {"title": "Tổng kết năm", "text-general": "Khá.", "do": "submit"})
        assert client.get(f"{TOP}danh-gia/").status_code == 200
        chief = as_("thuy")
        assert chief.post(f"{address}quyet/", {"do": "return"}).status_code == 400
        chief.post(f"{address}quyet/", {"do": "approve"})
        review.refresh_from_db()
        assert (review.state, review.text["general"]) == ("approved", "Khá.")
        assert "Khá." in chief.get(address).text
        assert as_("xuan").get(address).status_code == 404


class TestNeighbours:
    def test_nothing_of_another_province_is_there(self, there, as_):
        report = hand_in(there.commune, by=there.cabinet.tu)
        plan = plan_in_force(there.cabinet)
        review = reviews.begin(plan=plan, kind="final", title="T", first=date(2026, 1, 1), last=date(2026, 2, 1),
                               by=there.cabinet.ha)  # fmt: skip
        figure_id = report.figures.first().pk
        client = as_("xuan")
        for address in (at(report), f"{TOP}so/{figure_id}/", f"{TOP}danh-gia/{review.pk}/"):
            assert client.get(address).status_code == 404
        posts = [f"{at(report)}{verb}/" for verb in ("lap", "luu", "tong-hop", "quyet")]
        for address in [*posts, f"{TOP}so/{figure_id}/hoi/", f"{TOP}danh-gia/{review.pk}/luu/",
                        f"{TOP}danh-gia/{review.pk}/quyet/"]:  # fmt: skip
            assert client.post(address, {"do": "accept", "text": "x"}).status_code == 404
        assert str(report.pk) not in client.get(f"{TOP}?xem=tat-ca").text

    def test_without_a_role_there_is_no_such_page(self, there, client):
        from hocvuso.people.models import Person

        sign_in(client, Person.objects.create(name="Khách"))
        assert client.get(TOP).status_code == 404


class TestNumbers:
    def test_shown(self):
        assert (to_decimals(1234.5, 1), to_decimals(None), typed(12.5), typed(None)) == ("1.234,5", "—", "12,5", "")


def test_before_the_end_of_the_period_it_cannot_be_handed_in(there, as_):
    today = timezone.localdate()
    now = parse(f"{today:%Y-%m}")
    regimes.open_period(regime=there.regime, period=now)
    report = Report.objects.get(unit=there.cabinet.communes[0], period=now.code)
    reporting.draft(report=report, by=there.cabinet.tu, at=datetime.now(UTC))
    reporting.write(report=report, writing=filled(report), by=there.cabinet.tu)
    page = as_("tu").get(at(report)).text
    assert "disabled" in page
    assert as_("tu").post(f"{at(report)}luu/", form_of(report, do="submit")).status_code == 400
