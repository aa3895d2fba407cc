"""My account: what is known about me, my addresses, and a child's guardian from the request to the consent."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.base.models import JournalEntry
from hocvuso.people.models import Consent, Guardianship, Person
from hocvuso.people.queries import may_keep_records
from hocvuso.people.services import guardians
from hocvuso.units.models import Place
from hocvuso.units.services import load_places
from tests import world

pytestmark = pytest.mark.django_db
EDIT = "/tai-khoan/sua/"


def signed_in(person):
    client = Client()
    world.sign_in(client, person)
    return client


@pytest.fixture
def hoa(cast):
    return signed_in(cast.hoa)


def code_in(capfd):
    return re.findall(r"\b\d{6}\b", capfd.readouterr().err)[-1]


class TestOverview:
    def test_addresses_are_masked(self, hoa):
        page = hoa.get("/tai-khoan/").text
        assert "Hoa" in page and "…001" in page and "900000001" not in page

    def test_roles_are_shown_to_who_holds_them(self, hoa, cast):
        assert "Trang công việc" not in hoa.get("/tai-khoan/").text
        page = signed_in(cast.an).get("/tai-khoan/").text
        assert "người soạn · Sở Một" in page and 'href="/dieu-hanh/"' in page


class TestCorrecting:
    def test_a_commune_is_chosen_after_its_province(self, hoa, cast):
        load_places(world.ROOT / "data" / "places.csv")
        assert "Phường Hoàn Kiếm" not in hoa.get(EDIT).text
        assert "Phường Hoàn Kiếm" in hoa.post(EDIT, {"home_place": "01", "pick": "1"}).text
        commune = Place.objects.communes().filter(parent="01").first()
        hoa.post(EDIT, {"home_place": "01", "home_commune": commune.code})
        cast.hoa.refresh_from_db()
        assert cast.hoa.home_place == commune
        hoa.post(EDIT, {"home_place": "04", "home_commune": commune.code})
        cast.hoa.refresh_from_db()
        assert cast.hoa.home_place_id == "04"

    def test_what_one_writes_is_kept(self, hoa, cast):
        world.frameworks()
        load_places(world.ROOT / "data" / "places.csv")
        typed = {"name": " Nguyễn Thị Hoa ", "birth_year": "1960", "sex": "female", "audience": "citizens"}
        assert hoa.post(EDIT, typed | {"home_place": "01", "next": "/tai-khoan/"})["Location"] == "/tai-khoan/"
        cast.hoa.refresh_from_db()
        kept = (cast.hoa.name, cast.hoa.birth_year, cast.hoa.sex, cast.hoa.audience, cast.hoa.home_place_id)
        assert kept == ("Nguyễn Thị Hoa", 1960, "female", "citizens", "01")
        page = hoa.get(EDIT).text
        assert 'value="Nguyễn Thị Hoa"' in page and 'value="1960"' in page
        assert '<option value="01" selected>' in page and '<option value="citizens" selected>' in page

    def test_all_of_it_may_be_left_empty(self, hoa, cast):
        assert hoa.post(EDIT, {"name": "", "birth_year": ""})["Location"] == "/viec-hoc/"
        cast.hoa.refresh_from_db()
        assert (cast.hoa.name, cast.hoa.birth_year) == ("", None)

    @pytest.mark.parametrize("year", ["19x8", "1899", "2999", "198", "19888", "-196", "²²²²", "19 8"])
    def test_an_impossible_year_is_said_beside_its_field_and_all_that_was_typed_stays(self, hoa, cast, year):
        page = hoa.post(EDIT, {"name": "Tên vừa gõ", "birth_year": year, "sex": "male"})
        assert page.status_code == 400 and 'id="error-birth_year"' in page.text
        assert 'value="Tên vừa gõ"' in page.text and f'value="{year}"' in page.text
        assert '<option value="male" selected>' in page.text
        cast.hoa.refresh_from_db()
        assert (cast.hoa.name, cast.hoa.birth_year) == ("Hoa", None)

    @pytest.mark.parametrize(
        "typed", [{"sex": "khac"}, {"audience": "khong-co"}, {"home_place": "zz"}, {"home_place": "0\0"}]
    )
    def test_a_choice_that_is_not_offered_is_named_and_nothing_is_kept(self, hoa, cast, typed):
        page = hoa.post(EDIT, {"name": "Tên mới"} | typed)
        assert page.status_code == 400 and f'id="error-{next(iter(typed))}"' in page.text
        cast.hoa.refresh_from_db()
        assert cast.hoa.name == "Hoa" and (cast.hoa.sex, cast.hoa.audience, cast.hoa.home_place_id) == ("", "", None)

    def test_a_name_that_is_too_long_is_said_not_cut_and_a_name_is_text(self, hoa, cast):
        assert "ở đây đang có 503" in hoa.post(EDIT, {"name": "<b>" + "a" * 500}).text
        hoa.post(EDIT, {"name": "<b>" + "a" * 100})
        cast.hoa.refresh_from_db()
        assert len(cast.hoa.name) == 103
        assert "<b>a" not in hoa.get("/tai-khoan/").text

    def test_nobody_is_led_to_another_site(self, hoa):
        assert hoa.post(EDIT, {"name": "Hoa", "next": "https://evil.example/"})["Location"] == "/viec-hoc/"


class TestAddresses:
    ADD, CONFIRM = "/tai-khoan/dia-chi/", "/tai-khoan/dia-chi/ma/"

    def test_a_second_address_is_mine_after_its_code(self, hoa, cast, capfd):
        assert hoa.post(self.ADD, {"address": "hoa@vi-du.vn"})["Location"] == self.CONFIRM
        assert cast.hoa.identifiers.count() == 1
        answer = hoa.post(self.CONFIRM, {"code": code_in(capfd)}, follow=True)
        assert "Đã thêm địa chỉ." in answer.text and "ho…@vi-du.vn" in answer.text

    def test_a_wrong_code_adds_nothing(self, hoa, cast, capfd):
        hoa.post(self.ADD, {"address": "hoa@vi-du.vn"})
        wrong = f"{(int(code_in(capfd)) + 1) % 10**6:06}"
        page = hoa.post(self.CONFIRM, {"code": wrong})
        assert page.status_code == 400 and 'id="error-code"' in page.text
        assert cast.hoa.identifiers.count() == 1

    def test_the_address_of_another_account_is_refused(self, hoa, cast, capfd):
        hoa.post(self.ADD, {"address": world.PHONES["binh"]})
        page = hoa.post(self.CONFIRM, {"code": code_in(capfd)})
        assert page.status_code == 400 and "đã thuộc về một tài khoản khác" in page.text
        assert cast.binh.identifiers.count() == 1

    def test_what_is_no_address_stays_typed(self, hoa):
        page = hoa.post(self.ADD, {"address": "abc"})
        assert page.status_code == 400 and 'value="abc"' in page.text and 'id="error-address"' in page.text

    def test_without_asking_there_is_nothing_to_confirm(self, hoa):
        assert hoa.get(self.CONFIRM)["Location"] == self.ADD


class TestGuardian:
    """Hoa is twelve; Bình is her father."""

    ASK = "/tai-khoan/giam-ho/"

    @pytest.fixture
    def child(self, hoa, cast):
        answer = hoa.post(EDIT, {"name": "Hoa", "birth_year": str(timezone.localdate().year - 12)})
        assert answer["Location"] == self.ASK
        return hoa

    @pytest.fixture
    def link(self, child, capfd):
        capfd.readouterr()
        assert child.post(self.ASK, {"name": "Bố Bình", "address": world.PHONES["binh"]})["Location"] == "/tai-khoan/"
        sent = capfd.readouterr().err
        assert "Hoa muốn học cùng Học vụ số" in sent
        return re.search(r"/dong-y/[\w-]+/", sent).group()

    def records(self, cast):
        return may_keep_records(Person.objects.get(pk=cast.hoa.pk))

    def test_from_the_request_to_the_consent_to_its_withdrawal(self, child, link, cast, capfd):
        assert "người giám hộ" in child.get("/viec-hoc/").text and not self.records(cast)
        father = Client()
        page = father.get(link).text
        assert "Xin chào Bố Bình." in page and "<strong>Hoa</strong>" in page and "Đăng nhập để đồng ý" in page
        to_sign_in = father.post(link)["Location"]
        assert to_sign_in == f"/tai-khoan/dang-nhap/?next={link}" and not self.records(cast)
        father.post("/tai-khoan/dang-nhap/", {"address": world.PHONES["binh"], "next": link})
        assert father.post("/tai-khoan/dang-nhap/ma/", {"code": code_in(capfd)})["Location"] == link
        assert "Tôi đồng ý" in father.get(link).text
        assert "Bạn đã đồng ý ngày" in father.post(link).text
        assert self.records(cast) and "Nhờ người giám hộ" not in child.get("/viec-hoc/").text
        page = father.post(link, {"act": "withdraw"})
        assert page.status_code == 200 and not self.records(cast)

    def test_after_the_withdrawal_the_page_no_longer_says_that_one_consents(self, link, cast):
        father = signed_in(cast.binh)
        father.post(link)
        page = father.post(link, {"act": "withdraw"}).text
        assert "Bạn đã đồng ý ngày" not in page and 'value="withdraw"' not in page
        assert father.get(link).status_code == 410

    @pytest.mark.parametrize("who", ["hoa", "lan"])
    def test_neither_the_child_nor_a_stranger_can_consent(self, link, cast, who):
        page = signed_in(getattr(cast, who)).post(link)
        assert page.status_code == 400 and "Hãy đăng nhập bằng đúng số điện thoại" in page.text
        assert not self.records(cast)

    def test_only_who_consented_can_withdraw(self, link, cast):
        signed_in(cast.binh).post(link)
        for who in (cast.hoa, cast.lan):
            assert signed_in(who).post(link, {"act": "withdraw"}).status_code == 400
        assert self.records(cast)

    def test_a_member_of_staff_consents_with_both_factors(self, child, cast, capfd):
        child.post(self.ASK, {"name": "Cô Lan", "address": world.PHONES["lan"]})
        link = re.search(r"/dong-y/[\w-]+/", capfd.readouterr().err).group()
        lan = Client()
        world.sign_in(lan, cast.lan, strong=False)
        assert lan.get(link).status_code == 200
        answer = lan.post(link, headers={"Referer": f"http://testserver{link}"})
        assert answer["Location"] == f"/tai-khoan/buoc-hai/?next={link}"
        assert not self.records(cast)
        assert "Bạn đã đồng ý ngày" in signed_in(cast.lan).post(link).text and self.records(cast)

    def test_asking_twice_sends_one_letter(self, child, link, cast, capfd):
        asked = {"name": "Bố Bình", "address": "+84 900 000 002"}
        assert child.post(self.ASK, asked)["Location"] == "/tai-khoan/"
        assert "/dong-y/" not in capfd.readouterr().err and Guardianship.objects.count() == 1
        child.post(self.ASK, {"name": "Mẹ", "address": world.PHONES["an"]})
        assert "/dong-y/" in capfd.readouterr().err and Guardianship.objects.count() == 2

    def test_a_letter_that_got_lost_is_sent_anew_after_a_while(self, child, link, capfd):
        Guardianship.objects.update(created_at=timezone.now() - timedelta(minutes=11))
        child.post(self.ASK, {"name": "Bố Bình", "address": world.PHONES["binh"]})
        assert "/dong-y/" in capfd.readouterr().err and Guardianship.objects.count() == 2

    def test_consenting_and_withdrawing_twice_is_once(self, link, cast):
        father, asked = signed_in(cast.binh), Guardianship.objects.get()
        for _ in range(2):
            assert "Bạn đã đồng ý ngày" in father.post(link).text
        for verb in (guardians.guardian_withdraws, guardians.guardian_withdraws):
            verb(request=asked, by=cast.binh)  # both pages were open: the rows are as they were
        acts = ("guardian.consented", "guardian.withdrew")
        assert (
            Consent.objects.filter(evidence__startswith=Consent.GUARDIANSHIP).count() == 2
            and JournalEntry.objects.filter(act__in=acts).count() == 2
        )
        with pytest.raises(guardians.GuardianAsked):  # a consent that was taken back is not given by an old page
            guardians.guardian_consents(request=asked, by=cast.binh)
        assert not self.records(cast)

    def test_opening_the_link_is_not_consenting(self, link, cast):
        signed_in(cast.binh).get(link)
        assert not self.records(cast)

    def test_an_old_link_is_gone(self, link, client):
        Guardianship.objects.update(expires_at=timezone.now())
        page = client.get(link)
        assert page.status_code == 410 and "Đường dẫn này không còn dùng được." in page.text

    def test_a_made_up_link_is_gone(self, db, client):
        assert client.get("/dong-y/abc/").status_code == client.post("/dong-y/abc/").status_code == 410

    def test_what_is_no_address_stays_typed(self, child):
        page = child.post(self.ASK, {"name": "Bố", "address": "abc"})
        assert page.status_code == 400 and 'value="abc"' in page.text and 'value="Bố"' in page.text
        assert not Guardianship.objects.exists()

    def test_no_more_than_five_requests_a_day(self, child):
        for n in range(5):
            assert child.post(self.ASK, {"name": "Bố", "address": f"0911 111 11{n}"}).status_code == 302
        page = child.post(self.ASK, {"name": "Bố", "address": "0911 111 115"})
        assert page.status_code == 400 and "Bạn đã thử quá nhiều lần." in page.text

    def test_a_grown_up_is_told_that_none_is_needed(self, hoa):
        assert "không cần người giám hộ đồng ý" in hoa.get(self.ASK).text
