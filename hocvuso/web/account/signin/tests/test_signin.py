"""Signing in by a code sent to a phone, coming back to where one was, and signing out."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.people.models import OneTimeCode, Person
from hocvuso.people.queries import person_with
from hocvuso.people.services.profile import erase
from hocvuso.people.services.signin import REPEAT
from hocvuso.reminders.models import PushDevice
from hocvuso.reminders.services import devices
from tests import world
from tests.browser_called import CalledBrowser

pytestmark = pytest.mark.django_db
ADDRESS, CODE = "/tai-khoan/dang-nhap/", "/tai-khoan/dang-nhap/ma/"
PHONE = "0912 345 678"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
]


@pytest.fixture
def ask(capfd):
    """Asks for a code in a browser and reads it from the console, where development shows it."""

    def send(client, address=PHONE, onward=""):
        answer = client.post(ADDRESS, {"address": address, "next": onward})
        assert (answer.status_code, answer.headers.get("Location")) == (302, CODE)
        return send.read()

    send.read = lambda: re.findall(r"\b\d{6}\b", capfd.readouterr().err)[-1]
    return send


def token_in(page):
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]


def is_signed_in(client):
    return client.get("/viec-hoc/").status_code == 200


def wrong(digits):
    return f"{(int(digits) + 1) % 10**6:06}"


class TestSigningIn:
    def test_a_new_person_is_welcomed_and_an_old_one_goes_on(self, client, ask):
        answer = client.post(CODE, {"code": ask(client, onward="/tim/")})
        assert answer["Location"] == "/tai-khoan/sua/?moi=1&next=/tim/"
        assert is_signed_in(client) and "Chào bạn" in client.get(answer["Location"]).text
        again = Client()
        assert again.post(CODE, {"code": ask(again, onward="/tim/")})["Location"] == "/tai-khoan/dong-y/?next=/tim/"
        assert Person.objects.count() == 1

    def test_without_a_wish_one_comes_to_ones_learning(self, cast, client, ask):
        assert client.post(CODE, {"code": ask(client, world.PHONES["hoa"])})["Location"] == "/viec-hoc/"

    def test_one_comes_back_to_the_page_that_asked_for_it(self, cast, client, ask):
        onward = parse_qs(urlsplit(client.get("/viec-hoc/on-tap/?a=1&b=2")["Location"]).query)["next"][0]
        answer = client.post(CODE, {"code": ask(client, world.PHONES["hoa"], onward)})
        assert answer["Location"] == "/viec-hoc/on-tap/?a=1&b=2"

    def test_also_when_one_is_new(self, client, ask):
        answer = client.post(CODE, {"code": ask(client, onward="/tim/?q=lua&trang=2")})
        assert parse_qs(urlsplit(answer["Location"]).query)["next"] == ["/tim/?q=lua&trang=2"]

    def test_an_e_mail_address_serves_as_well(self, client, ask):
        client.post(CODE, {"code": ask(client, "Hoa@Vi-Du.vn")})
        assert is_signed_in(client) and person_with("email", "hoa@vi-du.vn")

    def test_scripts_learn_that_somebody_is_signed_in_and_no_more(self, client, ask):
        client.post(CODE, {"code": ask(client)})
        assert len(client.cookies["hv_in"].value) == 20 and not client.cookies["hv_in"]["httponly"]

    @pytest.mark.parametrize("typed", ["123 456", "123456"])
    def test_a_code_may_be_typed_with_a_space(self, client, ask, typed):
        digits = ask(client)
        client.post(CODE, {"code": f"{digits[:3]} {digits[3:]}" if " " in typed else digits})
        assert is_signed_in(client)

    def test_no_number_is_shown_or_kept_in_clear_in_the_address(self, client, ask):
        ask(client)
        assert "0912" in client.get(CODE).text  # shown to who typed it, so that a slip is seen
        assert "0912" not in CODE


class TestFirstSteps:
    def test_a_new_person_is_asked_two_things_and_why(self, client, ask):
        page = client.get(client.post(CODE, {"code": ask(client, onward="/tim/")})["Location"]).text
        asked = re.findall(
            r'<(?:input|select|textarea)[^>]*name="(\w+)"', page[page.index("<main") : page.index("</main>")]
        )
        assert sorted(set(asked) - {"csrfmiddlewaretoken", "next"}) == ["birth_year", "name"]
        assert "in lên chứng nhận" in page and "bảo vệ trẻ em" in page
        answer = client.post("/tai-khoan/sua/?moi=1&next=/tim/", {"name": "Hoa", "birth_year": "1960", "next": "/tim/"})
        assert answer["Location"] == "/tai-khoan/dong-y/?next=/tim/"
        hoa = Person.objects.get()
        assert (hoa.name, hoa.birth_year) == ("Hoa", 1960)

    def test_what_is_not_asked_stays_as_it_was(self, cast, client):
        world.sign_in(client, cast.hoa)
        Person.objects.filter(pk=cast.hoa.pk).update(sex="female", birth_year=1950)
        client.post("/tai-khoan/sua/?moi=1", {"name": "Hoa", "birth_year": "1960"})
        hoa = Person.objects.get(pk=cast.hoa.pk)
        assert (hoa.sex, hoa.birth_year) == ("female", 1960)

    def test_staff_are_asked_for_name_and_position_until_they_said_them(self, cast, client, ask):
        welcome = "/tai-khoan/sua/?moi=1&next=/dieu-hanh/"
        assert client.post(CODE, {"code": ask(client, world.PHONES["lan"], "/dieu-hanh/")})["Location"] == welcome
        world.sign_in(client, cast.lan)
        missing = client.post(welcome, {"name": "Lan", "position": ""})
        assert missing.status_code == 400 and 'id="error-position"' in missing.text
        typed = {"name": "Lan", "position": "Phó Giám đốc", "next": "/dieu-hanh/"}
        assert client.post(welcome, typed)["Location"] == "/dieu-hanh/"
        again = Client()
        assert again.post(CODE, {"code": ask(again, world.PHONES["lan"], "/tim/")})["Location"] == "/tim/"
        assert "Phó Giám đốc" in client.get("/tai-khoan/").text

    def test_staff_without_a_name_are_no_learners(self, cast):
        Person.objects.all().update(name="")
        lan, hoa = Person.objects.get(pk=cast.lan.pk), Person.objects.get(pk=cast.hoa.pk)
        assert lan.plain_name == "Cán bộ" and str(lan).startswith("Cán bộ · ") and hoa.plain_name == "Người học"

    def test_one_line_says_what_is_kept(self, cast, client, ask):
        client.post(CODE, {"code": ask(client, world.PHONES["hoa"], "/tim/")})
        assert "vẫn được giữ trong tài khoản này" in client.get("/tim/").text

    def test_the_page_says_why_from_whom_and_what_the_message_looks_like(self, db, client, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_CONTROLLER": "Sở Một", "HOCVUSO_SMS_SENDER": "HOCVUSO"}
        page = client.get(ADDRESS).text
        assert all(part in page for part in ("không mất khi đổi máy", "Sở Một", "Từ: HOCVUSO", "123456 là mã"))
        assert "Mã lừa đảo là mã bạn không xin" in page and 'href="/gioi-thieu/#ai-lap"' in page


class TestRefusals:
    @pytest.mark.parametrize("typed", ["", "abc", "12", "a@b", "0912 345 678 9999", "²²²²²²²²²²"])
    def test_what_is_no_address_is_said_beside_the_field_and_stays_typed(self, db, client, typed):
        page = client.post(ADDRESS, {"address": typed})
        assert page.status_code == 400
        assert 'id="error-address"' in page.text and (not typed or f'value="{typed}"' in page.text)

    def test_without_asking_there_is_no_page_for_the_code(self, db, client):
        assert client.get(CODE)["Location"] == client.post(CODE, {"code": "123456"})["Location"] == ADDRESS

    def test_a_wrong_code_is_said_beside_the_field(self, client, ask):
        page = client.post(CODE, {"code": wrong(ask(client))})
        assert page.status_code == 400 and 'id="error-code"' in page.text
        assert not is_signed_in(client) and not Person.objects.exists()

    @pytest.mark.parametrize("typed", ["", "abc", "9" * 5000, "١٢٣٤٥٦", "²²²²²²"])
    def test_nonsense_is_a_wrong_code(self, client, ask, typed):
        ask(client)
        assert client.post(CODE, {"code": typed}).status_code == 400

    def test_after_a_slip_the_right_code_still_works_and_after_five_it_does_not(self, client, ask):
        digits = ask(client)
        client.post(CODE, {"code": wrong(digits)})
        assert client.post(CODE, {"code": digits}).status_code == 302
        other = Client()
        digits = ask(other)
        for _ in range(5):
            other.post(CODE, {"code": wrong(digits)})
        assert other.post(CODE, {"code": digits}).status_code == 400

    def test_a_used_code_is_refused_even_with_the_cookie_of_before(self, client, ask):
        digits = ask(client)
        thief = Client()
        thief.cookies["hv_session"] = client.cookies["hv_session"].value
        client.post(CODE, {"code": digits})
        OneTimeCode.objects.update(used_at=timezone.now() - REPEAT)
        assert thief.post(CODE, {"code": digits}).status_code == 400 and not is_signed_in(thief)

    def test_a_double_press_signs_in_once(self, client, ask):
        """Both presses leave the same page; the answer to the first is lost, as browsers drop it."""
        digits = ask(client)
        again = Client()
        again.cookies["hv_session"] = client.cookies["hv_session"].value
        first, second = client.post(CODE, {"code": digits}), again.post(CODE, {"code": digits})
        assert first.status_code == second.status_code == 302
        assert is_signed_in(again) and Person.objects.count() == 1
        assert client.session["sid"] == again.session["sid"]
        client.post("/tai-khoan/dang-xuat/")
        assert not is_signed_in(again)

    def test_a_second_press_after_the_answer_to_the_first_leads_on(self, ask):
        browser = Client(enforce_csrf_checks=True)
        form = {"csrfmiddlewaretoken": token_in(browser.get(ADDRESS)), "address": PHONE}
        browser.post(ADDRESS, form)
        digits = ask.read()
        pressed = {"csrfmiddlewaretoken": token_in(browser.get(CODE)), "code": digits}
        assert browser.post(CODE, pressed).status_code == 302
        assert browser.post(CODE, pressed)["Location"] == "/viec-hoc/"

    def test_the_first_of_two_codes_works(self, client, ask):
        digits = ask(client)
        ask(client)
        client.post(CODE, {"code": digits})
        assert is_signed_in(client)

    def test_two_presses_at_once_on_send_leave_both_codes_good(self, client, ask):
        client.get(ADDRESS)
        at_once = Client()
        at_once.cookies["hv_session"] = client.cookies["hv_session"].value
        first, _second = ask(at_once), ask(client)
        client.post(CODE, {"code": first})
        assert is_signed_in(client)

    def test_how_many_tries_are_left_is_said_and_then_what_to_do(self, client, ask):
        digits = ask(client)
        said = [client.post(CODE, {"code": wrong(digits)}).text for _ in range(6)]
        assert "còn nhập được 4 lần" in said[0] and "còn nhập được 1 lần" in said[3]
        assert all("bị nhập sai 5 lần" in page and "Xin mã mới" in page for page in said[4:])

    def test_a_key_of_twelve_digits_can_be_typed(self, client, ask):
        ask(client)
        field = re.search(r"<input[^>]*name=\"code\"[^>]*>", client.get(CODE).text).group()
        assert int(re.search(r'maxlength="(\d+)"', field)[1]) >= 14
        assert all(f in field for f in ('inputmode="numeric"', 'autocomplete="one-time-code"', "autofocus"))

    def test_a_code_opens_only_the_browser_that_asked_for_it(self, client, ask):
        digits = ask(client)
        stranger = Client()
        ask(stranger, "0987 654 321")
        assert stranger.post(CODE, {"code": digits}).status_code == 400 and not is_signed_in(stranger)

    def test_seven_codes_in_an_hour_are_too_many_also_for_a_known_browser(self, client, ask):
        client.post(CODE, {"code": ask(client)})
        for _ in range(6):
            ask(client)
        page = client.post(ADDRESS, {"address": PHONE})
        assert page.status_code == 400 and "Hãy đợi 60 phút" in page.text

    def test_where_no_message_goes_is_said_with_other_ways(self, db, client):
        page = client.post(ADDRESS, {"address": "+88213 123 456"})
        assert page.status_code == 400 and "bắt đầu bằng +84" in page.text and "khoá truy cập" in page.text

    def test_strangers_who_ask_cannot_lock_the_owner_out(self, client, ask):
        client.post(CODE, {"code": ask(client)})
        client.post("/tai-khoan/dang-xuat/")
        stranger = Client()
        for _ in range(20):
            assert stranger.post(ADDRESS, {"address": PHONE}).status_code == 302
        assert "Hôm nay đã gửi đủ tin" in stranger.get(CODE).text
        client.post(CODE, {"code": ask(client)})
        assert is_signed_in(client)

    def test_a_changed_cookie_of_a_known_browser_is_worth_nothing(self, client, ask):
        client.cookies["hv_known"] = "nonsense"
        client.post(CODE, {"code": ask(client)})
        assert is_signed_in(client)

    @pytest.mark.parametrize("onward", ELSEWHERE)
    def test_nobody_is_led_to_another_site(self, cast, client, ask, onward):
        assert onward not in client.get(ADDRESS, {"next": onward}).text
        assert client.post(CODE, {"code": ask(client, world.PHONES["hoa"], onward)})["Location"] == "/viec-hoc/"

    def test_without_a_gateway_the_page_says_so(self, db, client, settings):
        settings.ENV = {**settings.ENV, "HOCVUSO_CODES_ON_CONSOLE": False}
        page = client.post(ADDRESS, {"address": PHONE})
        assert page.status_code == 400 and "Chưa gửi được mã." in page.text

    def test_who_is_barred_does_not_come_in(self, cast, client, ask):
        Person.objects.filter(pk=cast.hoa.pk).update(is_active=False)
        page = client.post(CODE, {"code": ask(client, world.PHONES["hoa"])})
        assert page.status_code == 400 and not is_signed_in(client)

    def test_a_made_up_session_is_nobody(self, cast, client):
        client.cookies["hv_session"] = "eyJfYXV0aF91c2VyX2lkIjoxfQ:1abc:forged"
        assert not is_signed_in(client)

    def test_without_an_outside_identity_there_is_none(self, db, client):
        assert "/tai-khoan/dang-nhap/ngoai/" not in client.get(ADDRESS).text
        for path in ("ngoai/", "ngoai/ve/?code=a&state=b"):
            assert client.get(ADDRESS + path).status_code == 404


class TestSigningOut:
    def test_it_ends_this_session(self, cast, client):
        world.sign_in(client, cast.hoa)
        client.cookies["hv_in"] = "1"
        assert client.post("/tai-khoan/dang-xuat/")["Location"] == "/"
        assert not is_signed_in(client) and client.cookies["hv_in"].value == ""

    def test_a_mere_link_does_not(self, cast, client):
        world.sign_in(client, cast.hoa)
        assert client.get("/tai-khoan/dang-xuat/").status_code == 405
        assert client.get("/tai-khoan/dang-xuat/moi-noi/").status_code == 405
        assert is_signed_in(client)

    def test_everywhere_ends_all_of_ones_own_and_no_others(self, cast):
        phone, tablet, binh = Client(), Client(), Client()
        for client, person in ((phone, cast.hoa), (tablet, cast.hoa), (binh, cast.binh)):
            world.sign_in(client, person)
        phone.post("/tai-khoan/dang-xuat/moi-noi/")
        assert not is_signed_in(phone) and not is_signed_in(tablet) and is_signed_in(binh)

    def test_everywhere_a_lost_phone_is_called_no_more(self, cast, client):
        for person, name in ((cast.hoa, "hoa"), (cast.binh, "binh")):
            devices.take_in(person=person, subscription=CalledBrowser(f"http://127.0.0.1:9/{name}").subscription())
        world.sign_in(client, cast.hoa)
        client.post("/tai-khoan/dang-xuat/moi-noi/")
        assert PushDevice.objects.get().person == cast.binh

    def test_an_erased_persons_sessions_end(self, cast, client):
        world.sign_in(client, cast.hoa)
        erase(person=cast.hoa)
        assert not is_signed_in(client)
