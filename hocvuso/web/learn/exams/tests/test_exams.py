"""Tests from the first page to the certificate: one question a page, resumable, one's own alone."""

import io
import re

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from hocvuso.assess.models import Answer, Attempt, Item
from hocvuso.credentials.models import Credential
from hocvuso.library import services as library
from hocvuso.people.rules_consent import Purpose, Said
from hocvuso.people.services import consents
from hocvuso.records import services as records
from tests import world
from tests.world import batch, statement, take_final

from .sitting import INTRO, START, answer_all, form, open_item, signed_in

pytestmark = pytest.mark.django_db


class TestIntro:
    def test_everybody_may_read_what_awaits_them(self, programme, client):
        page = client.get(INTRO).text
        assert "Không vội: không có đồng hồ đếm ngược." in page
        assert "Bạn sẽ được mời đăng nhập trước" in page

    def test_it_says_where_one_stands(self, hoa, test, cast, programme):
        assert "Làm tiếp" in hoa.get(INTRO).text and "mời đăng nhập" not in hoa.get(INTRO).text
        hoa.post(f"{test}nop/")
        page = hoa.get(INTRO).text
        assert "Lần gần nhất:" in page and f'href="{test}ket-qua/"' in page

    @pytest.mark.parametrize("path", ["/kiem-tra/khong-co/", "/kiem-tra/khong-co/bat-dau/"])
    def test_a_programme_that_is_not_there_has_none(self, hoa, path):
        assert hoa.get(path.replace("bat-dau/", "")).status_code == 404
        assert hoa.post(path).status_code in (404, 405)


class TestStarting:
    def test_a_stranger_signs_in_and_comes_back_to_the_page_with_the_button(self, programme, client):
        answer = client.post(START, {"kind": "final"}, headers={"Referer": f"http://testserver{INTRO}"})
        assert answer.status_code == 302 and answer["Location"].startswith("/tai-khoan/dang-nhap/?next=")
        page = client.get(answer["Location"]).text
        onward = re.search(r'name="next" value="([^"]*)"', page).group(1)
        assert onward.removeprefix("http://testserver") == INTRO
        assert not Attempt.objects.exists()

    def test_it_opens_the_first_question(self, hoa, test):
        page = hoa.get(test).text
        assert "Câu 1 trên 20" in page and 'name="position" value="0"' in page

    def test_starting_again_continues(self, hoa, test):
        assert hoa.post(START, {"kind": "final"})["Location"] == test
        assert Attempt.objects.count() == 1

    def test_a_retake_comes_after_study(self, hoa, cast, programme):
        take_final(cast.hoa, programme, right=False)
        page = hoa.post(START, {"kind": "final"})
        assert page.status_code == 409 and "Hãy học lại một bài" in page.text
        intro = hoa.get(INTRO).text
        assert "không học lại thì từ" in intro and 'value="final"' not in intro
        records.append(person=cast.hoa, batch=batch(statement()))
        assert hoa.post(START, {"kind": "final"}).status_code == 302

    def test_a_child_asks_a_guardian_first(self, hoa, cast):
        cast.hoa.birth_year = timezone.localdate().year - 12
        cast.hoa.save()
        page = hoa.post(START, {"kind": "final"})
        assert page.status_code == 409 and "Hãy nhờ người giám hộ đồng ý" in page.text
        assert not Attempt.objects.exists()

    def test_a_programme_with_too_few_questions_says_so(self, hoa):
        Item.objects.update(state="retired")
        page = hoa.post(START, {"kind": "final"})
        assert page.status_code == 409 and "chưa có bài kiểm tra" in page.text


class TestAnswering:
    def test_a_right_answer_is_kept_and_the_next_question_comes(self, hoa, test):
        assert hoa.post(test, form(test))["Location"] == test
        assert Answer.objects.get().correct
        assert "Câu 2 trên 20" in hoa.get(test).text

    def test_all_kinds_of_questions_are_marked_as_their_key_says(self, hoa, test):
        answer_all(hoa, test)
        assert set(Answer.objects.values_list("item__content__type", "correct")) == {
            ("choice", True),
            ("multi", True),
            ("order", True),
        }

    def test_on_another_device_one_goes_on_at_the_same_question(self, hoa, test, cast):
        hoa.post(test, form(test))
        page = signed_in(cast.hoa).get(test).text
        assert "Câu 2 trên 20" in page
        stem = re.search(r"<legend><h1>(.*?)</h1>", world.flat(page)).group(1)
        assert stem == re.search(r"<legend><h1>(.*?)</h1>", world.flat(hoa.get(test).text)).group(1)

    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"position": "0"},
            {"position": "x", "option": "0"},
            {"position": "0", "option": "99"},
            {"position": "0", "option": "-1"},
            {"position": "0", "option": "²"},
            {"position": "0", "option": ["0", "1", "2", "3"]},
            {"position": "0", "type": "order"},
            {"position": "0", "type": "order", "place-x": "1"},
            {"position": "0", "type": "order", "place-0": "1", "place-77": "2"},
        ],
    )
    def test_what_is_no_answer_is_said_beside_the_question_and_nothing_is_kept(self, hoa, test, typed):
        page = hoa.post(test, typed)
        assert page.status_code == 400
        assert "Hãy chọn câu trả lời trước." in page.text and "Câu 1 trên 20" in page.text
        assert not Answer.objects.exists()

    def test_equal_numbers_are_named_and_wipe_nothing(self, hoa, test):
        at, item = open_item(hoa, test, "order")
        typed = {"position": at, "type": "order", "place-0": "2", "place-1": "2", "place-2": "3"}
        page = hoa.post(test, typed)
        assert page.status_code == 400 and "Hãy cho mỗi việc một số khác nhau." in page.text
        for option in range(len(item.content["options"])):
            select = re.search(rf'<select name="place-{option}".*?</select>', page.text, re.S).group()
            chosen = re.findall(r'value="(\d+)"\s+selected', select)
            assert chosen == ([typed[f"place-{option}"]] if f"place-{option}" in typed else [])

    def test_ticks_stay_where_they_were_not_taken(self, hoa, test):
        page = hoa.post(test, {"position": "0", "option": ["0", "99"]})
        assert page.status_code == 400
        if 'name="option"' in page.text:
            assert re.search(r'value="0"\s+checked', page.text)

    def test_the_page_is_named_by_where_one_stands(self, hoa, test):
        title = re.search(r"<title>(.*?)</title>", hoa.get(test).text, re.S).group(1)
        assert "Câu 1 trên 20" in title

    def test_an_answer_is_final(self, hoa, test):
        first = form(test)
        hoa.post(test, first)
        changed = form(test, right=False) | {"position": 0}
        assert hoa.post(test, changed)["Location"] == test
        assert Answer.objects.get().correct

    @pytest.mark.parametrize("position", ["5", "-1", "99999999999999999999"])
    def test_no_question_is_answered_out_of_turn(self, hoa, test, position):
        assert hoa.post(test, {"position": position, "option": "0"})["Location"] == test
        assert not Answer.objects.exists()

    def test_the_source_of_the_page_holds_nothing_of_the_key(self, hoa, test):
        """Two sittings of one question, differing only in what is right, must look alike."""
        item = Item.objects.get(pk=Attempt.objects.get().form["items"][0]["id"])
        pages = []
        for options in ([0], [1], [0, 1]):
            key = {"sequence": options} if "sequence" in item.answer else {"right": options}
            Item.objects.filter(pk=item.pk).update(answer=key | {"why": f"BI-MAT {options}"})
            pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", hoa.get(test).text))
        assert len(set(pages)) == 1


class TestHandingIn:
    def test_when_all_is_answered_one_hands_in(self, hoa, test):
        answer_all(hoa, test)
        assert hoa.post(f"{test}nop/")["Location"] == f"{test}ket-qua/"
        assert hoa.get(test)["Location"] == f"{test}ket-qua/"

    def test_handing_in_early_counts_the_rest_as_wrong(self, hoa, test):
        hoa.post(test, form(test))
        page = hoa.get(hoa.post(f"{test}nop/")["Location"]).text
        assert "Đúng 1 trên 20 câu." in page and "Lần này bạn chưa chứng tỏ được." in page

    def test_handing_in_twice_is_handing_in_once(self, hoa, test):
        hoa.post(f"{test}nop/")
        scored = Attempt.objects.get().submitted_at
        hoa.post(f"{test}nop/")
        assert Attempt.objects.get().submitted_at == scored

    def test_an_answer_that_comes_too_late_changes_nothing(self, hoa, test):
        late = form(test)
        hoa.post(f"{test}nop/")
        assert hoa.post(test, late)["Location"] == f"{test}ket-qua/"
        assert not Answer.objects.exists()

    def test_there_is_no_result_before_the_end(self, hoa, test):
        assert hoa.get(f"{test}ket-qua/")["Location"] == test


class TestAfterWithdrawal:
    """A programme may be withdrawn while somebody sits its test: what they did stays theirs."""

    def test_the_result_can_still_be_read(self, hoa, test, programme):
        answer_all(hoa, test)
        hoa.post(f"{test}nop/")
        library.withdraw(edition=programme.current)
        page = hoa.get(f"{test}ket-qua/")
        assert page.status_code == 200 and "Bạn đã đạt." in page.text

    def test_an_open_test_can_still_be_read_and_answered(self, hoa, test, programme):
        library.withdraw(edition=programme.current)
        assert "Câu 1 trên 20" in hoa.get(test).text
        hoa.post(test, form(test))
        assert "Câu 2 trên 20" in hoa.get(test).text

    def test_it_can_be_handed_in(self, hoa, test, programme):
        answer_all(hoa, test)
        library.withdraw(edition=programme.current)
        assert "Bạn đã đạt." in hoa.get(hoa.post(f"{test}nop/")["Location"]).text

    def test_the_certificate_of_a_passed_one_can_be_claimed(self, hoa, test, programme):
        answer_all(hoa, test)
        hoa.post(f"{test}nop/")
        library.withdraw(edition=programme.current)
        assert hoa.post(f"{test}chung-nhan/", {"name": "Hoa", "confirmed": "Hoa"}).status_code == 302
        assert Credential.objects.get().edition == programme.current

    def test_no_new_one_can_be_started(self, hoa, programme):
        library.withdraw(edition=programme.current)
        assert hoa.post(START).status_code == 404

    def test_a_placement_under_way_ends_with_what_it_has(self, hoa, programme):
        url = hoa.post(START, {"kind": "placement"})["Location"]
        hoa.post(url, form(url))
        library.withdraw(edition=programme.current)
        assert hoa.post(url, form(url))["Location"] == url
        assert hoa.get(url)["Location"] == f"{url}ket-qua/"
        assert "Bạn nên bắt đầu từ bậc" in hoa.get(f"{url}ket-qua/").text


class TestComingBackToAnAddressForForms:
    """A page shown as the answer to a form has the form's address: a reload, a link or another language asks for it."""

    def test_a_refused_retake_can_be_read_in_another_language(self, hoa, cast, programme):
        take_final(cast.hoa, programme, right=False)
        refused = hoa.post(START, {"kind": "final"})
        assert refused.status_code == 409
        back = hoa.get("/ngon-ngu/?ma=en", headers={"Referer": f"http://testserver{START}"}, follow=True)
        assert back.status_code == 200 and back.redirect_chain[-1][0] == INTRO

    @pytest.mark.parametrize(("tail", "page"), [("nop/", ""), ("chung-nhan/", "ket-qua/")])
    def test_each_leads_to_its_page_and_does_nothing(self, hoa, test, tail, page):
        assert hoa.get(f"{test}{tail}")["Location"] == f"{test}{page}"
        assert Attempt.objects.get().state == "started"


class TestCertificate:
    @pytest.fixture
    def passed(self, hoa, test):
        answer_all(hoa, test)
        hoa.post(f"{test}nop/")
        return test

    def test_it_carries_the_name_its_holder_wrote(self, hoa, passed):
        assert "Nhận chứng nhận" in hoa.get(f"{passed}ket-qua/").text
        name = "Nguyễn Thị Hoa"
        answer = hoa.post(f"{passed}chung-nhan/", {"name": name, "confirmed": name})
        made = Credential.objects.get()
        assert answer["Location"] == f"/viec-hoc/chung-nhan/{made.pk}/"
        assert made.holder_name == "Nguyễn Thị Hoa"
        answer = hoa.get(f"/viec-hoc/chung-nhan/{made.pk}.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
        assert "Nguyễn Thị Hoa" in text and "Hai bài thử" in text

    def test_the_name_is_shown_before_anything_is_issued(self, hoa, passed):
        page = hoa.post(f"{passed}chung-nhan/", {"name": " Nguyễn Thị Hoa"})
        assert page.status_code == 200 and "Nguyễn Thị Hoa</p>" in page.text and "Đúng, cấp chứng nhận" in page.text
        assert not Credential.objects.exists()

    def test_what_was_changed_since_it_was_shown_is_shown_again(self, hoa, passed):
        page = hoa.post(f"{passed}chung-nhan/", {"name": "Trần Hoa", "confirmed": "Nguyễn Thị Hoa"})
        assert page.status_code == 200 and "Trần Hoa</p>" in page.text and not Credential.objects.exists()

    def test_letters_that_cannot_be_printed_are_named_at_once(self, hoa, passed):
        for sent in ({"name": "Hoa 陈"}, {"name": "Hoa 陈", "confirmed": "Hoa 陈"}):
            page = hoa.post(f"{passed}chung-nhan/", sent)
            assert page.status_code == 409 and "陈 (CJK UNIFIED IDEOGRAPH-9648)" in page.text
        assert not Credential.objects.exists()

    def test_the_result_leads_to_it_from_then_on(self, hoa, passed):
        hoa.post(f"{passed}chung-nhan/", {"name": "Hoa", "confirmed": "Hoa"})
        page = hoa.get(f"{passed}ket-qua/").text
        made = Credential.objects.get()
        assert f"/viec-hoc/chung-nhan/{made.pk}.pdf" in page and f"/xac-minh/{made.pk}" in page

    def test_a_second_claim_gives_the_first_one(self, hoa, passed):
        for name in ("Hoa", "Người khác"):
            hoa.post(f"{passed}chung-nhan/", {"name": name, "confirmed": name})
        assert Credential.objects.get().holder_name == "Hoa"

    def test_without_a_name_it_waits_for_one(self, hoa, passed, cast):
        cast.hoa.name = ""
        cast.hoa.save()
        page = hoa.post(f"{passed}chung-nhan/", {"name": "   "})
        assert page.status_code == 409 and "Hãy ghi họ tên" in page.text

    def test_there_is_none_without_passing(self, hoa, test):
        hoa.post(f"{test}nop/")
        for sent in ({"name": "Hoa"}, {"name": "Hoa", "confirmed": "Hoa"}):
            assert hoa.post(f"{test}chung-nhan/", sent).status_code == 409
        assert not Credential.objects.exists()


class TestOthers:
    @pytest.mark.parametrize("tail", ["", "ket-qua/", "nop/", "chung-nhan/"])
    @pytest.mark.parametrize("who", ["binh", "lan", "oanh"])
    def test_nobody_else_can_open_or_touch_it(self, hoa, test, cast, who, tail):
        other = signed_in(getattr(cast, who))
        assert other.get(test + tail).status_code == 404
        assert other.post(test + tail, {"position": 0, "option": "0"}).status_code in (404, 405)
        assert Attempt.objects.get().state == "started" and not Answer.objects.exists()

    def test_a_stranger_signs_in_first(self, test, client):
        assert client.get(test)["Location"] == f"/tai-khoan/dang-nhap/?next={test}"


class TestStaff:
    """Who holds a role takes tests and certificates with both factors; reading needs one."""

    def test_one_factor_starts_answers_hands_in_and_claims_nothing(self, cast, programme):
        full, lan = signed_in(cast.lan), Client()
        world.sign_in(lan, cast.lan, strong=False)
        assert lan.get(INTRO).status_code == 200
        assert lan.post(START, {"kind": "final"})["Location"].startswith("/tai-khoan/buoc-hai/")
        assert not Attempt.objects.exists()
        url = full.post(START, {"kind": "final"})["Location"]
        for path in (url, f"{url}nop/", f"{url}chung-nhan/"):
            assert lan.post(path, form(url))["Location"].startswith("/tai-khoan/buoc-hai/")
        assert not Answer.objects.exists() and Attempt.objects.get().state == "started"
        answer_all(full, url)
        full.post(f"{url}nop/")
        assert lan.get(f"{url}ket-qua/").status_code == 200


class TestConsentTakenBack:
    @pytest.fixture(autouse=True)
    def _taken_back(self, test, cast):
        consents.answer(person=cast.hoa, purpose=Purpose.LEARNING, said=Said.WITHDRAWN, evidence="test")

    def test_an_answer_is_not_taken_and_the_page_says_why(self, hoa, test):
        page = hoa.post(test, form(test))
        assert page.status_code == 400 and "Hãy đồng ý ở trang Tài khoản" in page.text and "Câu 1 trên 20" in page.text
        assert not Answer.objects.exists()

    def test_it_is_not_handed_in(self, hoa, test):
        page = hoa.post(f"{test}nop/")
        assert page.status_code == 409 and "Hãy đồng ý ở trang Tài khoản" in page.text
        assert Attempt.objects.get().state == "started"


def test_no_certificate_is_made_since_the_consent_was_taken_back(hoa, cast, programme):
    passed = take_final(cast.hoa, programme)
    consents.answer(person=cast.hoa, purpose=Purpose.LEARNING, said=Said.WITHDRAWN, evidence="test")
    page = hoa.post(f"/kiem-tra/bai/{passed.pk}/chung-nhan/", {"name": "Hoa", "confirmed": "Hoa"})
    assert page.status_code == 409 and "Bạn chưa đồng ý cho lưu kết quả học" in page.text
    assert not Credential.objects.exists()
