"""Signing in by a code sent to a phone, coming back to where one was, and signing out."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from hocvuso.people.models import Person
from hocvuso.people.queries import person_with
from hocvuso.people.services.profile import erase
from tests import world

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
        return re.findall(r"\b\d{6}\b", capfd.readouterr().err)[-1]

    return send


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
        assert thief.post(CODE, {"code": digits}).status_code == 400 and not is_signed_in(thief)

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

    def test_an_erased_persons_sessions_end(self, cast, client):
        world.sign_in(client, cast.hoa)
        erase(person=cast.hoa)
        assert not is_signed_in(client)
