"""Roles offered and ended on the page of a unit, and the journal that tells of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.base import journal
from hocvuso.base.models import JournalEntry, Tries
from hocvuso.people.models import Person, RoleOffer
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from tests import world

pytestmark = pytest.mark.django_db


def signed_in(person):
    client = Client()
    world.sign_in(client, person)
    return client


@pytest.fixture
def lan(cast):
    return signed_in(cast.lan)


@pytest.fixture
def school(cast):
    """The address of the school's page."""
    return f"/dieu-hanh/don-vi/{cast.school.pk}/"


def give(client, unit, **typed):
    return client.post(f"{unit}vai-tro/", {"address": world.PHONES["hoa"], "role": "teacher"} | typed)


def end(client, grant):
    return client.post(f"/dieu-hanh/vai-tro/{grant.pk}/thoi/")


class TestOffering:
    def test_a_leader_offers_a_role_by_phone_and_sees_no_name_before_it_is_taken(self, lan, school, cast):
        hoa = signed_in(cast.hoa)
        page = lan.post(f"{school}vai-tro/", {"address": "+84 900 000 001", "role": "teacher"}, follow=True).text
        assert "Đã gửi lời mời." in page and "<strong>…001</strong> · giáo viên" in page
        assert "Hoa" not in page and "900000001" not in page and hoa.get(school).status_code == 404
        roles.accept(offer=RoleOffer.objects.get(), by=cast.hoa)
        page = lan.get(school).text
        assert "<strong>Hoa</strong> · giáo viên" in page and "…001" not in page
        assert hoa.get(school).status_code == 200

    @pytest.mark.parametrize("address", [world.PHONES["hoa"], "0999 999 999", "khong-quen@vi-du.vn"])
    def test_the_answer_does_not_tell_whether_there_is_an_account(self, lan, school, address):
        page = lan.post(f"{school}vai-tro/", {"address": address, "role": "teacher"}, follow=True).text
        page = re.sub(r"…001|…999|kh…@vi-du.vn|csrf\w*\W+value=\W\w+|[0-9a-f-]{36}", "", page)
        assert "Đã gửi lời mời." in page and "Hoa" not in page

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"address": "abc"}, "Hãy nhập số di động"),
            ({"address": ""}, "Hãy nhập số di động"),
            ({"address": world.PHONES["lan"]}, "Không ai tự giao vai trò cho chính mình."),
            ({"role": "operator"}, "Bạn không có quyền làm việc này ở đây."),
        ],
    )
    def test_what_cannot_be_is_said_and_what_was_typed_stays(self, lan, school, typed, said):
        page = give(lan, school, **typed)
        assert page.status_code == 400 and said in page.text
        assert typed.get("address", world.PHONES["hoa"]) in page.text
        assert not RoleOffer.objects.exists()

    def test_all_that_is_wrong_is_said_at_once(self, lan, school):
        page = give(lan, school, address="\0 31/02", name="x" * 100_000, role="king")
        assert page.status_code == 400 and "Có 3 chỗ cần sửa" in page.text
        assert all(f'id="error-{field}"' in page.text for field in ("address", "name", "role"))

    @pytest.mark.parametrize("role", ["", "king", "teacher "])
    def test_there_is_no_other_role(self, lan, school, role):
        assert give(lan, school, role=role).status_code == 400
        assert not RoleOffer.objects.exists()

    def test_a_role_is_offered_once_and_held_once(self, lan, school, cast):
        give(lan, school)
        page = give(lan, school)
        assert page.status_code == 400 and "đang chờ người ấy nhận" in page.text
        roles.accept(offer=RoleOffer.objects.get(), by=cast.hoa)
        page = give(lan, school)
        assert page.status_code == 400 and "Người này đã giữ vai trò này ở đây." in page.text

    @pytest.mark.parametrize("who", ["xuan", "an", "minh", "hoa"])
    def test_neighbours_authors_and_learners_cannot(self, cast, school, who):
        assert give(signed_in(getattr(cast, who)), school, address=world.PHONES["binh"]).status_code == 404
        assert not RoleOffer.objects.exists()

    def test_a_leader_cannot_above_and_beside(self, lan, cast):
        for unit in (cast.ministry, cast.next_door):
            assert give(lan, f"/dieu-hanh/don-vi/{unit.pk}/").status_code == 404

    def test_who_has_no_name_is_asked_for_it(self, cast):
        an = signed_in(cast.an)
        assert "Ghi họ tên của bạn" not in an.get("/dieu-hanh/").text
        type(cast.an).objects.filter(pk=cast.an.pk).update(name="")
        assert "Ghi họ tên của bạn" in an.get("/dieu-hanh/").text

    def test_the_form_is_shown_to_who_may_use_it(self, lan, cast, school):
        assert "Mời giữ vai trò" in lan.get(school).text
        give(lan, school)
        page = signed_in(cast.an).get(school).text
        assert "Mời giữ vai trò" not in page and "…001" not in page


class TestWithdrawing:
    def withdraw(self, client):
        return client.post(f"/dieu-hanh/loi-moi/{RoleOffer.objects.get().pk}/rut/")

    def test_an_offer_that_waits_is_taken_back(self, lan, school):
        give(lan, school)
        assert self.withdraw(lan)["Location"] == school
        assert RoleOffer.objects.get().state == "withdrawn" and "…001" not in lan.get(school).text
        assert self.withdraw(lan).status_code == 404

    @pytest.mark.parametrize("who", ["xuan", "an", "hoa"])
    def test_not_by_others(self, lan, cast, school, who):
        give(lan, school)
        assert self.withdraw(signed_in(getattr(cast, who))).status_code == 404
        assert RoleOffer.objects.get().state == "waiting"


class TestEnding:
    def test_a_leader_ends_a_role_in_reach(self, lan, cast):
        held = cast.an.grants.get()
        page = lan.post(f"/dieu-hanh/vai-tro/{held.pk}/thoi/", follow=True)
        assert "Đã thôi vai trò." in page.text and page.redirect_chain[-1][0] == f"/dieu-hanh/don-vi/{cast.here.pk}/"
        held.refresh_from_db()
        assert held.ends_at and signed_in(cast.an).get("/bien-soan/").status_code == 404

    def test_a_session_left_open_gives_and_ends_nothing(self, lan, school, cast):
        grant = cast.an.grants.get()
        world.leave_open(lan)
        for answer in (give(lan, school), end(lan, grant)):
            assert answer["Location"].startswith("/tai-khoan/buoc-hai/")
        grant.refresh_from_db()
        assert grant.ends_at is None and not RoleOffer.objects.exists()

    def test_one_lays_ones_own_down(self, cast):
        an = signed_in(cast.an)
        assert end(an, cast.an.grants.get())["Location"] == "/dieu-hanh/"
        assert an.get("/dieu-hanh/").status_code == 404

    def test_a_role_that_begins_later_can_be_ended_before(self, lan, cast):
        later = timezone.now() + timedelta(days=1)
        made = roles.grant(person=cast.hoa, role=Role.TEACHER, unit=cast.school, by=cast.lan, starts_at=later)
        assert end(lan, made).status_code == 302
        made.refresh_from_db()
        assert made.ends_at == made.starts_at

    def test_what_has_ended_does_not_end_again(self, lan, cast):
        held = cast.an.grants.get()
        end(lan, held)
        held.refresh_from_db()
        ended = held.ends_at
        assert end(lan, held).status_code == 404
        held.refresh_from_db()
        assert held.ends_at == ended

    @pytest.mark.parametrize("who", ["xuan", "minh", "hoa"])
    def test_neighbours_reviewers_and_learners_cannot(self, cast, who):
        held = cast.an.grants.get()
        assert end(signed_in(getattr(cast, who)), held).status_code == 404
        held.refresh_from_db()
        assert held.ends_at is None

    def test_a_leader_does_not_end_what_is_more_than_hers(self, lan, cast):
        held = roles.grant(person=cast.binh, role=Role.OPERATOR, unit=cast.school, by=None)
        assert end(lan, held).status_code == 403
        held.refresh_from_db()
        assert held.ends_at is None


class TestPeopleWithoutAName:
    @pytest.fixture
    def two(self, cast):
        """Two teachers of the school who gave no name."""
        made = [Person.objects.create(), Person.objects.create()]
        for one in made:
            roles.grant(person=one, role=Role.TEACHER, unit=cast.school, by=None)
        return made

    def test_those_with_reach_tell_them_apart(self, lan, school, two):
        page = lan.get(school).text
        assert str(two[0]) != str(two[1]) and all(str(one) in page for one in two)
        assert str(two[0]) == str(Person.objects.get(pk=two[0].pk))  # the same on every page, every day
        assert not any(str(one).rpartition(" ")[2] in str(one.pk).replace("-", "") for one in two)

    def test_they_themselves_read_no_mark(self, two):
        page = signed_in(two[0]).get("/tai-khoan/").text
        assert "Người học" not in page and str(two[0]) not in page

    def test_a_name_stands_alone(self, cast):
        assert str(cast.lan) == cast.lan.plain_name == "Lan"


class TestJournal:
    JOURNAL = "/dieu-hanh/nhat-ky/"

    def test_it_tells_who_did_what_latest_first(self, lan, school, cast):
        give(lan, school)
        end(lan, cast.an.grants.get())
        page = lan.get(self.JOURNAL).text
        assert "<td>Lan</td><td>mời giữ vai trò</td>" in world.flat(page) and "role.offered" not in page
        assert 0 < page.index("thôi vai trò</td>") < page.index("mời giữ vai trò</td>")

    def test_acts_of_neighbours_are_not_in_it(self, lan, school, cast):
        give(lan, school)
        xuan = signed_in(cast.xuan)
        assert "mời giữ vai trò" not in xuan.get(self.JOURNAL).text
        give(xuan, f"/dieu-hanh/don-vi/{cast.next_door.pk}/", address=world.PHONES["binh"])
        assert "<td>Xuan</td>" in xuan.get(self.JOURNAL).text and "<td>Xuan</td>" not in lan.get(self.JOURNAL).text

    def test_before_anything_was_done_it_says_so(self, lan):
        JournalEntry.objects.all().delete()
        assert "Chưa có việc nào được ghi trong phạm vi của bạn." in lan.get(self.JOURNAL).text

    def test_a_long_one_comes_in_pages(self, lan, cast):
        for number in range(60):
            journal.write("test.act", Tries(bucket=str(number)), by=cast.lan)
        first, second = lan.get(self.JOURNAL).text, lan.get(self.JOURNAL, {"trang": 2}).text
        assert first.count("test.act") == 50 and second.count("test.act") == 10
        assert "tries:59" in first and "tries:0<" in second

    def test_reading_it_changes_nothing(self, lan):
        before = JournalEntry.objects.count()
        assert lan.post(self.JOURNAL).status_code in (200, 405)
        lan.get(self.JOURNAL)
        assert JournalEntry.objects.count() == before and journal.first_broken() is None

    @pytest.mark.parametrize("who", ["an", "minh", "hoa"])
    def test_it_is_for_those_who_watch(self, cast, who):
        assert signed_in(getattr(cast, who)).get(self.JOURNAL).status_code == 404
