"""The forms of reporting: what cannot be read is named at its field, neighbours' rows are refused, nobody overwrites
what they did not see."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hocvuso.plans.tests.cabinet import plan_in_force
from hocvuso.reports.models import FigureMessage, Regime, Report, Review
from hocvuso.reports.services import reporting, reviews, threads
from hocvuso.reports.services.reporting import Writing
from hocvuso.reports.tests.world import country, filled, hand_in
from tests.world import sign_in

pytestmark = pytest.mark.django_db
TOP = "/dieu-hanh/bao-cao/"
LONG = "x" * 100_000
GARBAGE = ["\x00", "abc", "31/02/2026", "-1", "01a22679-a510-728a-8e46-34e3accb9319", LONG]


@pytest.fixture
def there():
    return country()


@pytest.fixture
def as_(client, there):
    def enter(name):
        sign_in(client, there.cabinet.fresh(name))
        return client

    return enter


@pytest.fixture
def begun(there):
    return reporting.draft(report=there.commune, by=there.cabinet.tu)


def figure(report, key):
    return report.figures.get(indicator__key=key).pk


def faults(answer, *ids):
    assert answer.status_code == 400
    for name in ids:
        assert f'id="error-{name}"' in answer.text, name


class TestAReport:
    def test_all_faults_are_named_at_once_and_what_was_typed_stays(self, as_, begun):
        may, share, teams = (figure(begun, key) for key in ("may", "ti-le", "to"))
        typed = {
            f"value-{may}": "nhiều",
            f"numerator-{share}": "1,2,3",
            f"denominator-{share}": "31/02",
            f"value-{teams}": "-4",
            f"comment-{may}": "c" * 1001,
            "section-ket-qua": "chữ " * 51,
            "section-kien-nghi": LONG,
            "version": "x",
        }
        answer = as_("tu").post(f"{TOP}{begun.pk}/luu/", typed)
        names = [name for name in typed if name != "version"]
        faults(answer, *names)
        assert 'value="nhiều"' in answer.text and LONG in answer.text
        assert not begun.sections.exclude(text="").exists()

    def test_what_a_share_is_made_of_is_counted_not_in_per_cent(self, as_, begun):
        share = figure(begun, "ti-le")
        typed = {f"numerator-{share}": "50 %", f"denominator-{share}": "80", "version": begun.version}
        faults(as_("tu").post(f"{TOP}{begun.pk}/luu/", typed), f"numerator-{share}")

    @pytest.mark.parametrize("value", GARBAGE)
    def test_garbage_is_refused_and_nothing_is_saved(self, as_, begun, value):
        typed = {f"value-{figure(begun, 'may')}": f"{value}?", "section-ket-qua": "Tốt.", "do": value}
        assert as_("tu").post(f"{TOP}{begun.pk}/luu/", typed).status_code == 400
        assert not begun.sections.exclude(text="").exists()

    def test_fields_of_a_neighbour_s_report_change_nothing(self, there, as_, begun):
        other = reporting.draft(report=there.province, by=there.cabinet.nam)
        theirs = figure(other, "may")
        typed = {f"value-{theirs}": "5", f"comment-{theirs}": "Của người khác"}
        as_("tu").post(f"{TOP}{begun.pk}/luu/", typed)
        row = other.figures.get(pk=theirs)
        assert (row.own_value, row.comment) == (None, "")

    def test_with_a_bad_file_nothing_is_saved(self, as_, begun):
        typed = {"section-ket-qua": "Tốt.", "file-section-ket-qua": SimpleUploadedFile("x.pdf", b"MZ...")}
        answer = as_("tu").post(f"{TOP}{begun.pk}/luu/", typed)
        faults(answer, "file-section-ket-qua")
        assert "Tốt." in answer.text and not begun.sections.exclude(text="").exists()

    def test_what_is_not_sent_stays_as_it_is(self, there, as_, begun):
        reporting.write(report=begun, writing=filled(begun), by=there.cabinet.tu)
        before = begun.figures.get(indicator__key="may").own_value
        as_("tu").post(f"{TOP}{begun.pk}/luu/", {"section-ket-qua": "Mới."})
        assert begun.figures.get(indicator__key="may").own_value == before is not None
        assert begun.sections.get(key="ket-qua").text == "Mới."

    def test_two_people_write_in_it(self, there, as_, begun):
        client, may = as_("tu"), figure(begun, "may")
        seen = client.get(f"{TOP}{begun.pk}/").context["writing"]["version"].value()
        reporting.write(report=begun, writing=Writing(texts={"ket-qua": "Của đồng nghiệp"}), by=there.cabinet.tu)
        typed = {"section-ket-qua": "Của tôi", f"value-{may}": "12", "version": seen, "do": "save"}
        answer = client.post(f"{TOP}{begun.pk}/luu/", typed)
        assert answer.status_code == 409 and "Của đồng nghiệp" in answer.text
        assert "Của tôi" in answer.text and f'name="value-{may}" value="12"' in answer.text
        assert begun.sections.get(key="ket-qua").text == "Của đồng nghiệp"
        assert client.get(f"{TOP}{begun.pk}/luu/").url == f"{TOP}{begun.pk}/"
        now = answer.context["form"]["version"].value()
        assert client.post(f"{TOP}{begun.pk}/luu/", typed | {"version": now}).status_code == 302
        assert begun.sections.get(key="ket-qua").text == "Của tôi"

    def test_a_file_that_cannot_be_kept_is_named_and_saving_ones_own_hands_nothing_in(self, there, as_, begun):
        client, file = as_("tu"), SimpleUploadedFile("so.pdf", b"%PDF-1.4 x", "application/pdf")
        seen = client.get(f"{TOP}{begun.pk}/").context["writing"]["version"].value()
        reporting.write(report=begun, writing=Writing(texts={"ket-qua": "Mới."}), by=there.cabinet.tu)
        typed = {"section-ket-qua": "Tôi", "version": seen, "do": "submit", "file-section-ket-qua": file}
        answer = client.post(f"{TOP}{begun.pk}/luu/", typed)
        assert answer.status_code == 409 and "tệp thì phải chọn lại" in answer.text
        assert 'name="do"' not in answer.text

    def test_after_a_refused_hand_in_one_goes_on_with_what_was_saved(self, as_, begun):
        client = as_("tu")
        seen = client.get(f"{TOP}{begun.pk}/").context["writing"]["version"].value()
        answer = client.post(f"{TOP}{begun.pk}/luu/", {"section-ket-qua": "Tốt.", "do": "submit", "version": seen})
        assert answer.status_code == 400
        typed = {"section-ket-qua": "Tốt hơn.", "version": answer.context["writing"]["version"].value()}
        assert client.post(f"{TOP}{begun.pk}/luu/", typed).status_code == 302

    def test_what_is_written_after_a_colleague_handed_it_in_is_not_lost(self, there, as_):
        report = hand_in(there.commune, by=there.cabinet.tu)
        answer = as_("tu").post(f"{TOP}{report.pk}/luu/", {"section-ket-qua": "Viết dở"})
        assert answer.status_code == 400 and "Viết dở" in answer.text


class TestADecision:
    @pytest.fixture
    def sent(self, there):
        return hand_in(there.commune, by=there.cabinet.tu)

    def test_faults_are_named_at_once(self, as_, sent):
        note = f"note-{figure(sent, 'may')}"
        answer = as_("nam").post(f"{TOP}{sent.pk}/quyet/", {"do": "return", "note": "n" * 1001, note: "n" * 1001})
        faults(answer, "note", note)

    @pytest.mark.parametrize("do", ["", *GARBAGE])
    def test_a_decision_that_is_none_is_refused(self, as_, sent, do):
        assert as_("nam").post(f"{TOP}{sent.pk}/quyet/", {"do": do, "note": "Xem lại"}).status_code == 400
        assert Report.objects.get(pk=sent.pk).state == "submitted"

    def test_what_was_handed_in_anew_is_not_decided_on_unseen(self, there, as_, sent):
        client = as_("nam")
        seen = client.get(f"{TOP}{sent.pk}/").context["deciding"]["version"].value()
        reporting.return_for_revision(report=sent, note="Xem lại", by=there.cabinet.nam)
        reporting.submit(report=sent, by=there.cabinet.tu)
        typed = {"do": "return", "note": "Vẫn thiếu", "version": seen}
        answer = client.post(f"{TOP}{sent.pk}/quyet/", typed)
        assert answer.status_code == 409 and "Vẫn thiếu" in answer.text and "Xem lại" in answer.text
        now = answer.context["deciding"]["version"].value()
        assert client.post(f"{TOP}{sent.pk}/quyet/", typed | {"version": now}).status_code == 302


class TestTakingInMany:
    def test_those_that_changed_meanwhile_are_left_out_and_named(self, there, as_):
        rows = [hand_in(there.report(unit), by=there.writer(unit)) for unit in there.cabinet.communes[:2]]
        client = as_("lan")
        marked = [f"{row.pk}@{row.version}" for row in rows]
        assert all(f'value="{tick}"' in client.get(f"{TOP}?xem=cho-nhan").text for tick in marked)
        reporting.return_for_revision(report=rows[0], note="Xem lại", by=there.cabinet.lan)
        answer = client.post(f"{TOP}nhan/", {"bao-cao": marked}, follow=True)
        assert f"{rows[0].unit}: Có người đã lưu thay đổi khác" in answer.text and "Đã nhận 1 báo cáo" in answer.text
        assert [row.pk for row in Report.objects.filter(state="accepted")] == [rows[1].pk]

    @pytest.mark.parametrize("tick", GARBAGE)
    def test_a_mark_that_is_none_is_refused_and_the_others_stay(self, there, as_, tick):
        row = hand_in(there.commune, by=there.cabinet.tu)
        good = f"{row.pk}@{row.version}"
        answer = as_("lan").post(f"{TOP}nhan/?xem=cho-nhan", {"bao-cao": [good, f"{tick}@1"]})
        assert answer.status_code == 400 and answer.context["ticked"] >= {str(row.pk)}
        assert not Report.objects.filter(state="accepted").exists()

    def test_a_neighbour_s_report_is_refused(self, there, as_):
        row = hand_in(there.commune, by=there.cabinet.tu)
        assert as_("xuan").post(f"{TOP}nhan/", {"bao-cao": f"{row.pk}@{row.version}"}).status_code == 400
        assert Report.objects.get(pk=row.pk).state == "submitted"

    def test_nothing_is_taken_in_by_a_filter_that_cannot_be_read(self, there, as_):
        hand_in(there.commune, by=there.cabinet.tu)
        answer = as_("lan").post(f"{TOP}nhan/?xem=cho-nhan&ky=thang-chin", {"tat-ca": "1"})
        faults(answer, "ky")
        assert not Report.objects.filter(state="accepted").exists()


class TestTheFilter:
    @pytest.mark.parametrize("name", ["che-do", "ky", "trang-thai", "don-vi", "xem"])
    @pytest.mark.parametrize("value", GARBAGE)
    def test_what_cannot_be_read_is_named_and_not_applied(self, there, as_, name, value):
        answer = as_("nam").get(TOP, {"xem": "tat-ca", name: value, "trang": value})
        assert answer.status_code == 400 and str(there.commune.pk) in as_("nam").get(TOP, {"xem": "tat-ca"}).text
        if name not in ("don-vi", "xem"):
            faults(answer, name)
        assert as_("nam").get(f"{TOP}tai/", {name: value}).status_code == 400


class TestQuestions:
    def test_a_question_too_long_stays_where_it_was_typed(self, there, as_):
        report = hand_in(there.commune, by=there.cabinet.tu)
        address = f"{TOP}so/{figure(report, 'may')}/"
        faults(as_("nam").post(f"{address}hoi/", {"text": "q" * 2001}), "text")
        thread = threads.ask(figure=report.figures.get(indicator__key="may"), text="Vì sao?", by=there.cabinet.nam)
        answer = as_("tu").post(f"{address}hoi/{thread.pk}/", {"text": "a" * 2001, "do": LONG})
        faults(answer, f"{thread.pk}-text")
        assert "a" * 2001 in answer.text and FigureMessage.objects.count() == 1
        faults(as_("tu").post(f"{address}hoi/{thread.pk}/", {"text": ""}), f"{thread.pk}-text")

    def test_a_thread_of_another_figure_is_refused(self, there, as_):
        report = hand_in(there.commune, by=there.cabinet.tu)
        thread = threads.ask(figure=report.figures.get(indicator__key="may"), text="Vì sao?", by=there.cabinet.nam)
        address = f"{TOP}so/{figure(report, 'to')}/hoi/{thread.pk}/"
        assert as_("tu").post(address, {"text": "x"}).status_code == 404


class TestRegimes:
    def test_all_faults_are_named_at_once_and_what_was_typed_stays(self, there, as_):
        typed = {
            "title": "", "basis": "b" * 301, "issuer": str(there.cabinet.one.pk), "kinds": "castle",
            "period_type": "eon", "due_days": "-1", "due_counts": "moon", "opens_days": "121",
            "starts_on": "31/02/2026", "ends_on": "mai", "indicators": "khong-co", "sections-TOTAL_FORMS": "2",
            "sections-INITIAL_FORMS": "0", "sections-0-title": "m" * 301, "sections-1-max_words": "ít",
        }  # fmt: skip
        answer = as_("ha").post(f"{TOP}che-do/moi/", typed)
        names = [name for name in typed if not name.endswith("_FORMS")]
        faults(answer, *names, "sections-1-title")
        assert 'value="31/02/2026"' in answer.text and 'value="ít"' in answer.text
        assert Regime.objects.count() == 1

    def test_sections_that_are_not_touched_stay(self, there, as_):
        client, address = as_("ha"), f"{TOP}che-do/{there.regime.pk}/sua/"
        shown = client.get(address).context["form"]
        typed = {name: shown[name].value() for name in shown.fields}
        for number, row in enumerate(shown.rows["sections"]):
            typed |= {f"sections-{number}-{name}": row[name].value() for name in ("title", "max_words", "required")}
        typed |= {"sections-TOTAL_FORMS": str(number + 1), "sections-INITIAL_FORMS": "2"}
        sent = {name: value for name, value in typed.items() if value not in (None, False)}
        before = there.regime.sections
        assert client.post(address, sent).status_code == 302
        there.regime.refresh_from_db()
        assert there.regime.sections == before

    def test_two_people_change_it(self, there, as_):
        client, address = as_("ha"), f"{TOP}che-do/{there.regime.pk}/sua/"
        shown = client.get(address).context["form"]
        typed = {name: value for name in shown.fields if (value := shown[name].value()) not in (None, False)}
        typed |= {"sections-TOTAL_FORMS": "0", "sections-INITIAL_FORMS": "0"}
        assert client.post(address, typed | {"title": "Của bạn ấy"}).status_code == 302
        answer = client.post(address, typed | {"title": "Của tôi"})
        assert answer.status_code == 409 and "Của bạn ấy" in answer.text and 'value="Của tôi"' in answer.text
        now = answer.context["form"]["version"].value()
        assert client.post(address, typed | {"title": "Của tôi", "version": now}).status_code == 302
        there.regime.refresh_from_db()
        assert there.regime.title == "Của tôi"

    @pytest.mark.parametrize("code", ["", "2020-01", *GARBAGE])
    def test_a_period_that_is_not_offered_is_not_opened(self, there, as_, code):
        faults(as_("ha").post(f"{TOP}che-do/{there.regime.pk}/mo/", {"ky": code}), "ky")


class TestReviews:
    @pytest.fixture
    def review(self, there):
        plan = plan_in_force(there.cabinet)
        return reviews.begin(
            plan=plan, kind="final", title="Tổng kết", first=date(2026, 1, 1), last=date(2026, 12, 31),
            by=there.cabinet.ha,
        )  # fmt: skip

    def test_all_faults_are_named_at_once(self, as_):
        typed = {"plan": "x", "kind": "x", "title": "t" * 301, "first": "31/02/2026", "last": ""}
        answer = as_("ha").post(f"{TOP}danh-gia/lap/", typed)
        faults(answer)
        assert set(answer.context["form"].errors) == set(typed)

    def test_a_neighbour_s_plan_is_refused(self, as_, review):
        typed = {"plan": str(review.plan_id), "kind": "final", "first": "2026-01-01", "last": "2026-12-31"}
        assert as_("xuan").post(f"{TOP}danh-gia/lap/", typed).status_code == 400
        assert Review.objects.count() == 1

    def test_faults_in_its_words_are_named_and_the_words_stay(self, as_, review):
        typed = {"title": "", "text-general": LONG, "text-next": LONG, "do": "save"}
        answer = as_("ha").post(f"{TOP}danh-gia/{review.pk}/luu/", typed)
        faults(answer, "title", "text-general", "text-next")
        assert LONG in answer.text

    def test_a_refused_hand_in_saves_nothing_and_keeps_what_was_typed(self, as_, review):
        answer = as_("ha").post(f"{TOP}danh-gia/{review.pk}/luu/", {"title": "Tên khác", "do": "submit"})
        faults(answer, "text-general")
        assert 'value="Tên khác"' in answer.text and Review.objects.get().title == "Tổng kết"

    @pytest.mark.parametrize("do", ["", *GARBAGE])
    def test_a_button_that_is_none_is_refused(self, as_, review, do):
        assert as_("ha").post(f"{TOP}danh-gia/{review.pk}/luu/", {"title": "T", "do": do}).status_code == 400
        assert as_("thuy").post(f"{TOP}danh-gia/{review.pk}/quyet/", {"do": do}).status_code == 400

    def test_two_people_write_in_it(self, there, as_, review):
        client, address = as_("ha"), f"{TOP}danh-gia/{review.pk}/"
        seen = client.get(address).context["writing"]["version"].value()
        reviews.edit(review=review, title="Tổng kết", text={"general": "Của bạn ấy"}, by=there.cabinet.ha)
        typed = {"title": "Tổng kết", "text-general": "Của tôi", "do": "submit", "version": seen}
        answer = client.post(f"{address}luu/", typed)
        assert answer.status_code == 409 and "Của bạn ấy" in answer.text and "Của tôi" in answer.text
        assert client.get(f"{address}luu/").url == address
        now = answer.context["form"]["version"].value()
        assert client.post(f"{address}luu/", typed | {"version": now}).status_code == 302
        review.refresh_from_db()
        assert (review.state, review.text["general"]) == ("submitted", "Của tôi")

    def test_what_was_changed_meanwhile_is_not_approved_unseen(self, there, as_, review):
        ha, thuy = there.cabinet.ha, there.cabinet.thuy
        reviews.edit(review=review, title="Tổng kết", text={"general": "Khá."}, by=ha)
        reviews.submit(review=review, by=ha)
        client, address = as_("thuy"), f"{TOP}danh-gia/{review.pk}/"
        seen = client.get(address).context["deciding"]["version"].value()
        reviews.decide(review=review, approve=False, note="Thêm số", by=thuy)
        reviews.submit(review=review, by=ha)
        answer = client.post(f"{address}quyet/", {"do": "approve", "version": seen})
        assert answer.status_code == 409 and "Có người đã lưu thay đổi khác" in answer.text
        now = answer.context["deciding"]["version"].value()
        assert client.post(f"{address}quyet/", {"do": "approve", "version": now}).status_code == 302
