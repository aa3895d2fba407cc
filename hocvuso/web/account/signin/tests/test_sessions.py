"""How long a session lasts, what ends it on the server, and what asks for the second factor again."""

import re
import time

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from hocvuso.base import outbox
from hocvuso.base.models import OutboxMessage
from hocvuso.people.models import Person, RoleGrant, RoleOffer
from hocvuso.people.services import factors, signin
from tests import world

pytestmark = pytest.mark.django_db
OFFICE, MINE, SECOND, SET = "/dieu-hanh/", "/viec-hoc/", "/tai-khoan/buoc-hai/", "/tai-khoan/buoc-hai/cai/"
HOUR = 3600


@pytest.fixture
def clock(monkeypatch):
    """The clock, to be put forward."""
    began = time.time()
    there = [began]
    monkeypatch.setattr("hocvuso.web.kit.auth.time.time", lambda: there[0])
    return lambda seconds: there.__setitem__(0, there[0] + seconds)


def signed_in(person, *, strong=True):
    client = Client()
    world.sign_in(client, person, strong=strong)
    return client


def copy_of(client):
    """Somebody who has the cookie."""
    thief = Client()
    thief.cookies["hv_session"] = client.cookies["hv_session"].value
    return thief


def opens(client, path=MINE):
    return client.get(path).status_code == 200


class TestTime:
    def test_a_session_of_staff_ends_after_twelve_idle_hours(self, cast, clock):
        lan = signed_in(cast.lan)
        clock(11 * HOUR)
        assert opens(lan, OFFICE)
        clock(11 * HOUR)
        assert opens(lan, OFFICE)
        clock(12 * HOUR + 1)
        assert not opens(lan, MINE) and lan.get(OFFICE)["Location"].startswith("/tai-khoan/dang-nhap/")

    def test_and_after_a_week_however_much_it_is_used(self, cast, clock):
        lan = signed_in(cast.lan)
        for _ in range(7 * 24 // 8):
            assert opens(lan, OFFICE)
            clock(8 * HOUR)
        clock(1)
        assert not opens(lan, OFFICE) and not opens(lan)

    def test_a_learner_stays(self, cast, clock):
        hoa = signed_in(cast.hoa)
        clock(30 * 24 * HOUR)
        assert opens(hoa)

    def test_who_is_given_a_role_meanwhile_has_a_session_of_staff(self, cast, clock):
        hoa = signed_in(cast.hoa)
        RoleGrant.objects.create(person=cast.hoa, role="manager", unit=cast.here)
        hoa.get(OFFICE)
        clock(12 * HOUR + 1)
        assert not opens(hoa)

    def test_a_request_of_a_learner_writes_nothing_and_reads_one_row_for_its_session(
        self, cast, django_assert_num_queries
    ):
        hoa = signed_in(cast.hoa)
        hoa.get("/gioi-thieu/")
        with django_assert_num_queries(1):
            answer = hoa.get("/tai-khoan/dang-xuat/moi-noi/")  # refuses once it knows who asks
        assert answer.status_code == 405 and "hv_session" not in answer.cookies


class TestSigningOut:
    def test_a_copy_of_the_cookie_is_worth_nothing(self, cast):
        for person in (cast.hoa, cast.lan):
            client, other = signed_in(person), signed_in(person)
            thief = copy_of(client)
            assert opens(thief)
            client.post("/tai-khoan/dang-xuat/")
            assert not opens(thief) and opens(other)

    def test_after_very_many_all_sessions_end(self, cast):
        other = signed_in(cast.hoa)
        thieves = []
        for _ in range(signin.MOST_ENDED + 1):
            client = signed_in(Person.objects.get(pk=cast.hoa.pk))
            thieves.append(copy_of(client))
            client.post("/tai-khoan/dang-xuat/")
        assert not any(opens(thief) for thief in thieves) and not opens(other)

    def test_what_would_be_over_anyway_is_not_remembered(self, cast):
        Person.objects.filter(pk=cast.hoa.pk).update(ended_sessions="aaaa:1 bbbb:99999999999")
        signin.end_session(person=cast.hoa, session="cccc")
        assert [one.split(":")[0] for one in Person.objects.get(pk=cast.hoa.pk).ended_sessions.split()] == [
            "bbbb",
            "cccc",
        ]

    def test_somebody_who_is_not_signed_in_may_sign_out(self, client, db):
        assert client.post("/tai-khoan/dang-xuat/").status_code == 302


class TestChangingFactors:
    def set_up(self, client):
        secret = re.search(r"<code>(\w+)</code>", client.get(SET).text).group(1)
        code = pyotp.TOTP(secret).now()
        assert client.post(SET, {"code": code}).status_code == 302
        return secret, code

    def test_the_others_sessions_end_and_ones_own_goes_on(self, cast):
        lan, other = signed_in(cast.lan, strong=False), signed_in(cast.lan, strong=False)
        self.set_up(lan)
        assert opens(lan, OFFICE) and not opens(other)

    def test_the_owner_is_told_without_a_secret(self, cast, capfd):
        lan = signed_in(cast.lan, strong=False)
        secret, _code = self.set_up(lan)
        assert OutboxMessage.objects.get().receiver == f"{Person.word}:{cast.lan.pk}"
        outbox.send_due()
        told = capfd.readouterr().err
        assert world.PHONES["lan"].replace(" ", "")[-9:] in told.replace(" ", "") and "ứng dụng xác thực" in told
        assert secret not in told

    def test_the_code_of_setting_up_works_once(self, cast):
        _secret, code = self.set_up(signed_in(cast.lan, strong=False))
        thief = signed_in(Person.objects.get(pk=cast.lan.pk), strong=False)
        assert thief.post(SECOND, {"code": code}).status_code == 400 and not opens(thief, OFFICE)


class TestOneFactorAlone:
    @pytest.mark.parametrize(
        "path", ["/tai-khoan/sua/", "/tai-khoan/dia-chi/", "/tai-khoan/du-lieu/xoa/", "/tai-khoan/du-lieu/tai/"]
    )
    def test_changes_and_takes_nothing_of_an_account_of_staff(self, cast, path):
        lan = signed_in(cast.lan, strong=False)
        before = Person.objects.values().get(pk=cast.lan.pk)
        for answer in (lan.get(path), lan.post(path, {"name": "Kẻ khác", "address": "0900 000 009", "sure": "on"})):
            assert answer.status_code == 302 and answer["Location"].startswith(SECOND)
        assert Person.objects.values().get(pk=cast.lan.pk) == before

    def test_of_a_learner_it_does(self, cast):
        assert opens(signed_in(cast.hoa, strong=False), "/tai-khoan/sua/")


class TestAgain:
    @pytest.fixture
    def lan(self, cast, clock):
        self.secret = factors.new_totp_secret()
        factors.set_totp(person=cast.lan, secret=self.secret, code=pyotp.TOTP(self.secret).now())
        return signed_in(cast.lan)

    def grant(self, client, cast):
        unit = f"/dieu-hanh/don-vi/{cast.here.pk}/"
        typed = {"address": world.PHONES["hoa"], "role": "officer"}
        answer = client.post(f"{unit}vai-tro/", typed, headers={"Referer": f"http://testserver{unit}"})
        return answer["Location"] if answer.status_code == 302 else answer.text

    def test_within_a_quarter_of_an_hour_it_is_not_asked_for(self, lan, cast, clock):
        clock(14 * 60)
        assert self.grant(lan, cast) == f"/dieu-hanh/don-vi/{cast.here.pk}/"
        assert RoleOffer.objects.filter(unit=cast.here).exists()

    def test_later_a_role_is_given_only_after_it(self, lan, cast, clock):
        clock(16 * 60)
        there = self.grant(lan, cast)
        assert there == f"{SECOND}?next=/dieu-hanh/don-vi/{cast.here.pk}/"
        assert not RoleGrant.objects.filter(person=cast.hoa).exists()
        page = lan.get(there)
        assert "xác thực lại" in page.text
        Person.objects.update(totp_last=0)
        assert lan.post(SECOND, {"code": pyotp.TOTP(self.secret).now()}).status_code == 302
        assert self.grant(lan, cast) == f"/dieu-hanh/don-vi/{cast.here.pk}/"

    def test_pages_are_read_without_it(self, lan, cast, clock):
        clock(16 * 60)
        assert opens(lan, OFFICE) and opens(lan, f"/dieu-hanh/don-vi/{cast.here.pk}/")

    @pytest.mark.parametrize("path", ["/dieu-hanh/api/", "/tai-khoan/du-lieu/tai/"])
    def test_making_a_program_and_taking_data_away_ask_for_it(self, lan, clock, path):
        clock(16 * 60)
        answer = lan.get(path) if "tai/" in path else lan.post(path, {})
        assert answer.status_code == 302 and answer["Location"].startswith(SECOND)

    @pytest.mark.parametrize("name", ["edition-move", "certificate-move"])
    def test_publishing_and_revoking_ask_for_it(self, cast, clock, name):
        """Before it is even looked whether there is such a thing."""
        oanh = signed_in(cast.oanh)
        assert oanh.post(reverse(name, args=[cast.oanh.pk])).status_code == 404
        clock(16 * 60)
        assert oanh.post(reverse(name, args=[cast.oanh.pk]))["Location"].startswith(SECOND)
