"""The second factor of staff, and passkeys, answered by a small authenticator of our own."""

import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

import cbor2
import pyotp
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.test import Client

from hocvuso.people.models import OneTimeCode, Passkey, Person, RoleOffer
from hocvuso.people.services import factors
from tests import world

pytestmark = pytest.mark.django_db
OFFICE, SECOND, SET = "/dieu-hanh/", "/tai-khoan/buoc-hai/", "/tai-khoan/buoc-hai/cai/"


def signed_in(person, *, strong=False):
    client = Client()
    world.sign_in(client, person, strong=strong)
    return client


def now(secret):
    return pyotp.TOTP(secret).at(time.time())


@pytest.fixture
def lan(cast):
    """Lan leads a department and has shown one factor."""
    return signed_in(cast.lan)


@pytest.fixture
def secret(cast):
    """Lan's authenticator app, set up long ago."""
    secret, salt = factors.new_totp_secret(), Person.objects.get(pk=cast.lan.pk).session_salt
    factors.set_totp(person=cast.lan, secret=secret, code=now(secret))
    Person.objects.filter(pk=cast.lan.pk).update(totp_last=0, session_salt=salt)
    return secret


class TestSettingUp:
    def test_staff_set_the_app_up_before_their_first_page(self, lan, cast):
        first = lan.get(OFFICE)["Location"]
        assert first == f"{SECOND}?next={OFFICE}"
        page = lan.get(first, follow=True)
        assert page.redirect_chain[-1][0] == f"{SET}?next={OFFICE}" and "<svg" in page.text
        secret = re.search(r"<code>(\w+)</code>", page.text).group(1)
        assert lan.post(SET, {"code": now(secret), "next": OFFICE})["Location"] == OFFICE
        assert lan.get(OFFICE).status_code == 200
        assert secret not in Person.objects.get(pk=cast.lan.pk).totp_sealed

    def test_a_wrong_code_shows_the_same_key_again(self, lan, cast):
        keys = [re.search(r"<code>(\w+)</code>", page.text).group(1) for page in (lan.get(SET), lan.get(SET))]
        page = lan.post(SET, {"code": "000000"})
        assert page.status_code == 400 and 'id="error-code"' in page.text
        assert {*keys, re.search(r"<code>(\w+)</code>", page.text).group(1)} == {keys[0]}
        assert Person.objects.get(pk=cast.lan.pk).totp_sealed == "" and lan.get(OFFICE).status_code == 302

    def test_whoever_has_one_shows_it_before_setting_another(self, lan, secret, cast):
        sealed = Person.objects.get(pk=cast.lan.pk).totp_sealed
        assert lan.get(SET)["Location"].startswith(SECOND)
        assert lan.post(SET, {"code": "123456"})["Location"].startswith(SECOND)
        assert Person.objects.get(pk=cast.lan.pk).totp_sealed == sealed

    def test_a_learner_may_have_one_and_needs_none(self, cast):
        hoa = signed_in(cast.hoa)
        assert hoa.get(SET).status_code == hoa.get("/viec-hoc/").status_code == 200


class TestGate:
    @pytest.mark.parametrize("path", ["/dieu-hanh/don-vi/", "/bien-soan/", "/dieu-hanh/nhat-ky/"])
    def test_one_factor_opens_no_page_of_staff(self, lan, secret, path):
        assert lan.get(path)["Location"] == f"{SECOND}?next={path}"

    def test_the_code_opens_them_and_leads_back(self, lan, secret):
        page = lan.get(lan.get("/dieu-hanh/don-vi/?q=a&trang=2")["Location"])
        onward = re.search(r'name="next" value="([^"]*)"', page.text).group(1)
        assert onward == "/dieu-hanh/don-vi/?q=a&amp;trang=2"
        answer = lan.post(SECOND, {"code": now(secret), "next": onward.replace("&amp;", "&")})
        assert answer["Location"] == "/dieu-hanh/don-vi/?q=a&trang=2" and lan.get(OFFICE).status_code == 200

    def test_the_way_to_setting_up_keeps_where_one_wanted_to_go(self, lan):
        answer = lan.get(lan.get("/dieu-hanh/don-vi/?q=a&trang=2")["Location"], follow=True)
        assert 'name="next" value="/dieu-hanh/don-vi/?q=a&amp;trang=2"' in answer.text

    def test_a_form_that_was_sent_leads_back_to_its_page(self, lan, cast, secret):
        unit = f"/dieu-hanh/don-vi/{cast.school.pk}/"
        answer = lan.post(f"{unit}vai-tro/", {}, headers={"Referer": f"http://testserver{unit}"})
        assert answer["Location"] == f"{SECOND}?next={unit}"

    def test_each_session_shows_it_anew(self, lan, secret, cast):
        lan.post(SECOND, {"code": now(secret)})
        assert signed_in(cast.lan).get(OFFICE).status_code == 302

    def test_a_code_works_once(self, lan, secret, cast):
        code = now(secret)
        assert lan.post(SECOND, {"code": code}).status_code == 302
        thief = signed_in(cast.lan)
        assert thief.post(SECOND, {"code": code}).status_code == 400 and thief.get(OFFICE).status_code == 302

    @pytest.mark.parametrize("code", ["", "abc", "000000", "²²²²²²", "9" * 3000])
    def test_a_wrong_code_opens_nothing(self, lan, secret, code):
        page = lan.post(SECOND, {"code": code})
        assert page.status_code == 400 and 'id="error-code"' in page.text and lan.get(OFFICE).status_code == 302

    def test_guessing_is_stopped(self, lan, secret):
        for _ in range(9):  # setting up was the first try
            assert "Mã chưa đúng" in lan.post(SECOND, {"code": "abc"}).text
        assert "Bạn đã thử quá nhiều lần." in lan.post(SECOND, {"code": now(secret)}).text
        assert lan.get(OFFICE).status_code == 302

    @pytest.mark.parametrize("onward", ["//evil.example", "evil", "home", "a:b", "2026-12"])
    def test_nobody_is_led_to_another_site(self, lan, secret, onward):
        assert lan.post(SECOND, {"code": now(secret), "next": onward})["Location"] == "/viec-hoc/"

    def test_learning_needs_no_second_factor(self, lan):
        assert lan.get("/viec-hoc/").status_code == 200


def b64(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    """A device with one key, as WebAuthn Level 2 describes it."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.count = b"device-1", 0

    def _client_data(self, kind, options):
        data = {"type": f"webauthn.{kind}", "challenge": options["challenge"], "origin": settings.BASE_URL}
        return json.dumps(data).encode()

    def _data(self, options, extra=b""):
        self.count += 1
        site = options.get("rpId") or options["rp"]["id"]
        flags = 0x05 | (0x40 if extra else 0)
        return sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big") + extra

    def _answer(self, response):
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}

    def register(self, options, label="Điện thoại"):
        point = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        data = self._data(options, bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client_data = self._client_data("create", options)
        self.user = urlsafe_b64decode(options["user"]["id"] + "==")
        response = {"clientDataJSON": b64(client_data), "attestationObject": b64(attestation)}
        return self._answer(response) | {"label": label}

    def sign_in(self, options):
        data, client_data = self._data(options), self._client_data("get", options)
        signature = self.key.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {"authenticatorData": data, "clientDataJSON": client_data, "signature": signature}
        return self._answer({name: b64(value) for name, value in response.items()} | {"userHandle": b64(self.user)})


def send(client, path, body=None):
    return client.post(path, json.dumps(body if body is not None else {}), content_type="application/json")


NONSENSE = ["", "{", "[]", "3", '{"id": 3}', '{"id": ["a"]}', '{"id": "x", "response": 1}']
NONSENSE += ['{"id": "\\ud800\\u0000"}', "[" * 100_000]


class TestPasskeys:
    PAGE, ADD = "/tai-khoan/khoa/", "/tai-khoan/khoa/them/"
    OPTIONS, IN = "/tai-khoan/dang-nhap/khoa/", "/tai-khoan/dang-nhap/khoa/xong/"

    @pytest.fixture
    def device(self, cast):
        """An authenticator whose key Lan has added."""
        device, client, half = Authenticator(), signed_in(cast.lan, strong=True), "Điện thoại\ud800"  # cleaned
        assert send(client, self.ADD, device.register(send(client, self.ADD).json(), half)).json() == {
            "next": self.PAGE
        }
        return device

    def test_none_yet(self, cast):
        assert "Bạn chưa có khoá truy cập nào." in signed_in(cast.hoa).get(self.PAGE).text

    def test_one_that_was_added_is_listed_by_its_name(self, device, cast):
        page = signed_in(cast.lan).get(self.PAGE).text
        assert "Điện thoại" in page and f"/tai-khoan/khoa/{Passkey.objects.get().pk}/xoa/" in page

    def test_it_signs_in_and_is_two_factors_at_once(self, device, client):
        answer = send(client, self.IN, device.sign_in(send(client, self.OPTIONS).json()))
        assert answer.json() == {"next": "/viec-hoc/"} and len(client.cookies["hv_in"].value) == 20
        assert client.get(OFFICE).status_code == 200

    def test_an_answer_seen_on_the_way_cannot_be_used_again(self, device, client):
        seen = device.sign_in(send(client, self.OPTIONS).json())
        send(client, self.IN, seen)
        thief = Client()
        assert send(thief, self.IN, seen).status_code == 400
        send(thief, self.OPTIONS)
        assert send(thief, self.IN, seen).status_code == 400 and thief.get("/viec-hoc/").status_code == 302

    def test_a_session_put_back_does_not_make_an_answer_good_again(self, device, client):
        """The session lies with the browser: a thief of it and of the answer sends both once more."""
        options = send(client, self.OPTIONS).json()
        session, seen = client.cookies["hv_session"].value, device.sign_in(options)
        assert send(client, self.IN, seen).status_code == 200
        thief = Client()
        thief.cookies["hv_session"] = session
        assert send(thief, self.IN, seen).status_code == 400 and thief.get("/viec-hoc/").status_code == 302

    def test_a_wrong_answer_uses_the_challenge_up(self, device, client):
        options = send(client, self.OPTIONS).json()
        session = client.cookies["hv_session"].value
        assert send(client, self.IN, device._answer({})).status_code == 400
        again = Client()
        again.cookies["hv_session"] = session
        assert send(again, self.IN, device.sign_in(options)).status_code == 400

    def test_an_old_challenge_serves_no_more(self, device, client, monkeypatch):
        answer = device.sign_in(send(client, self.OPTIONS).json())
        monkeypatch.setattr(factors, "CHALLENGE_MINUTES", -1)
        assert send(client, self.IN, answer).status_code == 400

    def test_who_is_barred_does_not_come_in_by_one(self, device, cast, client):
        Person.objects.filter(pk=cast.lan.pk).update(is_active=False)
        assert send(client, self.IN, device.sign_in(send(client, self.OPTIONS).json())).status_code == 400

    def test_the_key_of_another_device_does_not_fit(self, device, client):
        other = Authenticator()
        other.user = device.user
        assert send(client, self.IN, other.sign_in(send(client, self.OPTIONS).json())).status_code == 400
        assert client.get("/viec-hoc/").status_code == 302

    @pytest.mark.parametrize("body", NONSENSE, ids=lambda body: body[:12])
    @pytest.mark.parametrize("path", [IN, ADD])
    def test_nonsense_is_refused_as_a_problem_document(self, device, cast, path, body):
        client = signed_in(cast.lan, strong=True)
        send(client, self.OPTIONS)
        answer = client.post(path, body or " ", content_type="application/json")
        assert answer.status_code == 400 and json.loads(answer.content)["type"] == "urn:hocvuso:problem:bad-passkey"
        assert Passkey.objects.count() == 1

    def test_a_broken_answer_of_a_known_device_is_refused(self, device, client):
        for response in (None, {}, {"clientDataJSON": "!!", "authenticatorData": "", "signature": ""}, "x"):
            send(client, self.OPTIONS)
            assert send(client, self.IN, device._answer(response)).status_code == 400

    def test_it_can_be_removed_by_its_owner_alone(self, device, cast):
        path = f"/tai-khoan/khoa/{Passkey.objects.get().pk}/xoa/"
        assert signed_in(cast.hoa).post(path).status_code == 404 and Passkey.objects.exists()
        assert "Đã xoá khoá truy cập." in signed_in(cast.lan, strong=True).post(path, follow=True).text
        assert not Passkey.objects.exists()

    def test_nobody_is_led_to_another_site(self, device, client):
        answer = device.sign_in(send(client, self.OPTIONS).json())
        assert send(client, f"{self.IN}?next=https://evil.example/", answer).json() == {"next": "/viec-hoc/"}


class TestOneFactorIsNotEnoughToMakeAnother:
    """Whoever took over the phone of a member of staff must not be able to give themselves a second factor."""

    PAGE, ADD = TestPasskeys.PAGE, TestPasskeys.ADD

    def add(self, client, device):
        options = send(client, self.ADD)
        return send(client, self.ADD, device.register(options.json())) if options.status_code == 200 else options

    @pytest.fixture
    def passkey(self, cast):
        salt = Person.objects.get(pk=cast.lan.pk).session_salt
        self.add(signed_in(cast.lan, strong=True), Authenticator())
        Person.objects.filter(pk=cast.lan.pk).update(session_salt=salt)  # added long ago
        return Passkey.objects.get()

    def test_an_app_that_is_set_up_stands_before_a_passkey(self, lan, secret):
        answer = self.add(lan, Authenticator())
        assert answer.status_code == 403
        assert json.loads(answer.content)["type"] == "urn:hocvuso:problem:second-factor-first"
        assert not Passkey.objects.exists() and lan.get(OFFICE).status_code == 302

    def test_also_when_the_options_were_asked_for_before(self, lan, cast):
        device, options = Authenticator(), send(lan, self.ADD).json()
        secret = factors.new_totp_secret()
        factors.set_totp(person=cast.lan, secret=secret, code=now(secret))
        refused = send(lan, self.ADD, device.register(options))  # the session ended with the change
        assert refused["Location"].startswith("/tai-khoan/dang-nhap/") and not Passkey.objects.exists()

    def test_a_passkey_stands_before_another_one_and_before_an_app(self, lan, passkey, cast):
        other = Authenticator()
        other.id = b"device-2"
        assert self.add(lan, other).status_code == 403 and Passkey.objects.count() == 1
        assert lan.get(SET)["Location"].startswith(SECOND)
        assert lan.post(SET, {"code": "123456"})["Location"].startswith(SECOND)
        assert Person.objects.get(pk=cast.lan.pk).totp_sealed == ""

    def test_a_passkey_cannot_be_taken_away_first(self, lan, passkey):
        answer = lan.post(f"{self.PAGE}{passkey.pk}/xoa/", headers={"Referer": f"http://testserver{self.PAGE}"})
        assert answer["Location"] == f"{SECOND}?next={self.PAGE}" and Passkey.objects.exists()

    def test_who_has_a_passkey_alone_is_asked_for_it(self, lan, passkey):
        page = lan.get(f"{SECOND}?next={OFFICE}")
        assert (
            page.status_code == 200 and 'data-passkey="sign-in"' in page.text and f'data-next="{OFFICE}"' in page.text
        )
        assert 'id="code"' not in page.text and "account.js" in page.text and lan.cookies["csrftoken"].value

    def test_who_has_both_may_choose(self, lan, secret, passkey):
        page = lan.get(SECOND).text
        assert 'data-passkey="sign-in"' in page and 'id="code"' in page

    def test_the_second_factor_opens_the_way(self, lan, secret):
        lan.post(SECOND, {"code": now(secret)})
        assert self.add(lan, Authenticator()).status_code == 200

    def test_who_has_none_at_all_may_begin_with_a_passkey(self, lan):
        assert self.add(lan, Authenticator()).status_code == 200 and lan.get(OFFICE).status_code == 200

    def test_learners_add_and_remove_as_they_like(self, cast):
        hoa = signed_in(cast.hoa)
        self.add(hoa, Authenticator())
        other = Authenticator()
        other.id = b"device-2"
        assert self.add(hoa, other).status_code == 200
        hoa.post(f"{self.PAGE}{Passkey.objects.first().pk}/xoa/")
        assert Passkey.objects.count() == 1


class TestAFactorShownLongAgoIsNotEnoughEither:
    """A session left open must not make itself fresh by a factor of its own, nor change how the owner signs in."""

    PAGE, ADD = TestPasskeys.PAGE, TestPasskeys.ADD

    @pytest.fixture
    def left_open(self, lan, secret):
        lan.post(SECOND, {"code": now(secret)})
        world.leave_open(lan)
        return lan

    @pytest.fixture
    def offer(self, left_open, cast):
        def offer():
            page = f"/dieu-hanh/don-vi/{cast.here.pk}/"
            typed = {"address": "0911111111", "role": "leader"}
            return left_open.post(f"{page}vai-tro/", typed, headers={"Referer": f"http://testserver{page}"})

        return offer

    def test_it_sets_no_app_and_gives_no_role(self, left_open, offer, cast):
        sealed = Person.objects.get(pk=cast.lan.pk).totp_sealed
        assert offer()["Location"].startswith(SECOND)
        assert left_open.get(SET)["Location"] == f"{SECOND}?next={SET}" and "totp" not in left_open.session
        mine = factors.new_totp_secret()
        session = left_open.session
        session["totp"] = mine
        session.save()
        left_open.cookies["hv_session"] = session.session_key
        assert left_open.post(SET, {"code": now(mine)})["Location"].startswith(SECOND)
        assert offer()["Location"].startswith(SECOND) and not RoleOffer.objects.exists()
        assert Person.objects.get(pk=cast.lan.pk).totp_sealed == sealed

    def test_it_adds_and_removes_no_passkey(self, left_open, cast):
        salt = Person.objects.get(pk=cast.lan.pk).session_salt
        client = signed_in(cast.lan, strong=True)
        send(client, self.ADD, Authenticator().register(send(client, self.ADD).json()))
        Person.objects.filter(pk=cast.lan.pk).update(session_salt=salt)  # added long ago
        page = left_open.get(self.PAGE).text
        assert 'data-passkey="add"' not in page and f"{SECOND}?next={self.PAGE}" in page
        assert send(left_open, self.ADD).status_code == 403
        assert left_open.post(f"{self.PAGE}{Passkey.objects.get().pk}/xoa/")["Location"].startswith(SECOND)
        assert Passkey.objects.count() == 1

    @pytest.mark.parametrize("path", ["/tai-khoan/dia-chi/", "/tai-khoan/dia-chi/ma/"])
    def test_it_adds_no_address(self, left_open, path):
        assert left_open.get(path)["Location"] == f"{SECOND}?next={path}"
        assert left_open.post(path, {"address": "0911111111", "code": "123456"})["Location"].startswith(SECOND)
        assert not OneTimeCode.objects.exists()

    def test_who_shows_it_again_goes_on(self, left_open, offer, secret, cast):
        Person.objects.filter(pk=cast.lan.pk).update(totp_last=0)
        assert left_open.post(SECOND, {"code": now(secret), "next": SET})["Location"] == SET
        assert left_open.get(SET).status_code == 200 and offer().status_code == 302 and RoleOffer.objects.exists()

    def test_a_learner_who_has_a_passkey_shows_it_too(self, cast):
        hoa = signed_in(cast.hoa)
        send(hoa, self.ADD, Authenticator().register(send(hoa, self.ADD).json()))
        world.leave_open(hoa)
        assert send(hoa, self.ADD).status_code == 403
        assert hoa.post(f"{self.PAGE}{Passkey.objects.get().pk}/xoa/")["Location"].startswith(SECOND)
        assert (
            hoa.get("/tai-khoan/dia-chi/")["Location"].startswith(SECOND) and hoa.get("/viec-hoc/").status_code == 200
        )
