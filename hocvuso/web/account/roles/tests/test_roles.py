"""Offers on the pages of the person: at signing in, read, taken or declined; a role laid down; an account erased."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.people.models import RoleGrant, RoleOffer
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from tests import world

pytestmark = pytest.mark.django_db
OFFERS = "/tai-khoan/loi-moi/"


def signed_in(person, **how):
    client = Client()
    world.sign_in(client, person, **how)
    return client


@pytest.fixture
def hoa(cast):
    return signed_in(cast.hoa)


@pytest.fixture
def offer(cast):
    return roles.offer(address=world.PHONES["hoa"], role=Role.TEACHER, unit=cast.school, by=cast.lan)


def sign_in_by_code(client, address, capfd):
    client.post("/tai-khoan/dang-nhap/", {"address": address})
    code = re.findall(r"\b\d{6}\b", capfd.readouterr().err)[-1]
    return client.post("/tai-khoan/dang-nhap/ma/", {"code": code})


class TestOffers:
    def test_the_page_says_who_where_and_what_it_lets_one_do(self, hoa, offer):
        page = world.flat(hoa.get(OFFERS).text)
        assert "giáo viên · Trường Một" in page and "Lan mời bạn." in page
        assert "<li>xem đơn vị và vai trò</li>" in page and "bước xác thực thứ hai" in page

    def test_the_account_leads_to_it(self, hoa, offer):
        assert "Bạn được mời giữ 1 vai trò." in hoa.get("/tai-khoan/").text

    def test_taking_it_opens_the_pages(self, hoa, offer, cast):
        assert hoa.get("/dieu-hanh/").status_code == 404
        assert hoa.post(f"{OFFERS}{offer.pk}/nhan/")["Location"] == "/tai-khoan/"
        assert hoa.get("/dieu-hanh/").status_code == 200 and RoleGrant.objects.get(person=cast.hoa).unit == cast.school

    def test_declining_it_leaves_nothing(self, hoa, offer, cast):
        page = hoa.post(f"{OFFERS}{offer.pk}/tu-choi/", follow=True).text
        assert "Đơn vị không thấy tên của bạn." in page
        assert not RoleGrant.objects.filter(person=cast.hoa).exists()
        assert "Hiện không có lời mời nào cho bạn." in hoa.get(OFFERS).text

    @pytest.mark.parametrize("answer", ["nhan", "tu-choi"])
    def test_an_offer_to_somebody_else_does_not_exist(self, cast, offer, answer):
        assert signed_in(cast.binh).post(f"{OFFERS}{offer.pk}/{answer}/").status_code == 404
        assert RoleOffer.objects.get().state == "waiting"

    def test_opening_the_addresses_answers_nothing(self, hoa, offer):
        assert hoa.get(f"{OFFERS}{offer.pk}/nhan/").status_code == 405
        assert RoleOffer.objects.get().state == "waiting"

    def test_an_expired_one_is_gone(self, hoa, offer):
        RoleOffer.objects.update(expires_at=timezone.now())
        assert hoa.post(f"{OFFERS}{offer.pk}/nhan/").status_code == 404

    def test_who_holds_roles_shows_the_second_factor_first(self, cast):
        made = roles.offer(address=world.PHONES["an"], role=Role.OFFICER, unit=cast.here, by=cast.lan)
        weak = signed_in(cast.an, strong=False)
        assert weak.post(f"{OFFERS}{made.pk}/nhan/")["Location"].startswith("/tai-khoan/buoc-hai/")
        assert RoleOffer.objects.get().state == "waiting"


class TestSigningIn:
    def test_a_newcomer_meets_the_offer_after_the_profile(self, cast, capfd, client):
        roles.offer(address="0912 345 678", role=Role.VOLUNTEER, unit=cast.school, by=cast.lan, name="Bà Tư")
        onward = sign_in_by_code(client, "0912345678", capfd)["Location"]
        assert onward.startswith("/tai-khoan/sua/?moi=1&next=/tai-khoan/loi-moi/%3Fnext%3D/viec-hoc/")
        page = client.get(f"{OFFERS}?next=/viec-hoc/").text
        assert "tình nguyện viên" in page and "“Bà Tư”" in page and 'href="/viec-hoc/"' in page
        assert "không cho xem hay sửa dữ liệu của ai" in page

    def test_who_was_here_before_meets_it_at_the_next_signing_in(self, offer, capfd, client):
        assert sign_in_by_code(client, world.PHONES["hoa"], capfd)["Location"] == f"{OFFERS}?next=/viec-hoc/"

    def test_without_an_offer_nothing_stands_in_the_way(self, cast, capfd, client):
        assert sign_in_by_code(client, world.PHONES["hoa"], capfd)["Location"] == "/viec-hoc/"


class TestLeaving:
    def test_a_volunteer_leaves_from_the_account(self, hoa, cast):
        held = roles.grant(person=cast.hoa, role=Role.VOLUNTEER, unit=cast.school, by=None)
        address = f"/tai-khoan/vai-tro/{held.pk}/thoi/"
        assert address in hoa.get("/tai-khoan/").text
        assert "Kết quả học của bạn không thay đổi." in hoa.get(address).text
        assert "Bạn đã thôi vai trò." in hoa.post(address, follow=True).text
        held.refresh_from_db()
        assert held.ends_at and hoa.post(address).status_code == 404

    def test_the_last_leader_reads_what_follows(self, cast):
        page = signed_in(cast.lan).get(f"/tai-khoan/vai-tro/{cast.lan.grants.get().pk}/thoi/").text
        assert "ở Sở Một không còn ai mời được người khác" in page and "Bạn là người duy nhất" in page
        page = signed_in(cast.oanh).get(f"/tai-khoan/vai-tro/{cast.oanh.grants.get().pk}/thoi/").text
        assert "hệ thống không còn người vận hành" in page

    def test_nobody_lays_down_anothers_role_here(self, cast):
        held = cast.an.grants.get()
        assert signed_in(cast.lan).post(f"/tai-khoan/vai-tro/{held.pk}/thoi/").status_code == 404
        held.refresh_from_db()
        assert held.ends_at is None
