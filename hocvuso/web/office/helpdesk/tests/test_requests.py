"""The desk of residents' requests: as an officer of the commune works it, and as a neighbour does not."""

from __future__ import annotations

import pytest
from django.utils import timezone, translation

from hocvuso.helpdesk.models import RequestTerm, ResidentRequest
from hocvuso.helpdesk.services import requests
from hocvuso.people.rules import Role
from hocvuso.resources.tests import world as giving
from hocvuso.web.office.helpdesk.forms import TakeForm, TermForm
from tests import world
from tests.commune import commune, helper

pytestmark = pytest.mark.django_db
URL = "/dieu-hanh/yeu-cau/"


@pytest.fixture
def there():
    return commune()


@pytest.fixture
def asked(there):
    return requests.ask(unit=there.committee, topic="service", text="Nộp hồ sơ", by=there.hoa)


@pytest.fixture
def tu(client, there):
    world.sign_in(client, there.tu)
    return client


def act(client, asked, do, **more):
    return client.post(f"{URL}{asked.pk}/lam/", {"do": do, **more})


class TestTheDesk:
    def test_it_shows_what_waits_and_so_does_the_first_page(self, tu, asked):
        assert "Nộp hồ sơ" in tu.get(URL).text
        assert f"{URL}{asked.pk}/" in tu.get("/dieu-hanh/").text

    def test_an_empty_desk_says_how_requests_come(self, tu):
        assert "Không ai đang chờ" in tu.get(URL).text

    @pytest.mark.parametrize(
        ("query", "shown"),
        [("", True), ("loai=service", True), ("loai=device", False), ("xem=toi-nhan", False), ("xem=da-xong", False),
         ("xem=qua-han", False), ("xem=nonsense", True), ("trang=99", True), ("don-vi=nonsense", True)],
    )  # fmt: skip
    def test_views(self, tu, asked, query, shown):
        assert ("Nộp hồ sơ" in tu.get(f"{URL}?{query}").text) is shown

    def test_files_hold_no_words_and_no_names(self, tu, asked):
        text = b"".join(tu.get(f"{URL}?tai=csv").streaming_content).decode()
        assert "Xã Đây" in text and "Nộp hồ sơ" not in text and "Hoa" not in text
        assert tu.get(f"{URL}?tai=xlsx").content[:2] == b"PK"

    def test_queries_do_not_grow(self, tu, there, django_assert_max_num_queries):
        for n in range(30):
            requests.write_down(
                unit=there.committee, topic="other", text=f"Việc {n}", channel="desk", caller=requests.Caller(),
                by=there.tu,
            )  # fmt: skip
        tu.get(URL)
        with django_assert_max_num_queries(6):
            assert len(tu.get(URL).context["rows"]) == 25


class TestOne:
    def test_taken_answered_and_solved(self, tu, asked, there):
        day = timezone.localdate().isoformat()
        act(tu, asked, "take", day=day)
        act(tu, asked, "say", text="Mời chị lên xã")
        assert act(tu, asked, "solve").status_code == 400
        act(tu, asked, "solve", text="Đã nộp")
        asked.refresh_from_db()
        assert asked.state == "solved" and asked.due_on.isoformat() == day and asked.taken_by == there.tu
        text = tu.get(f"{URL}{asked.pk}/").text
        assert "Mời chị lên xã" in text and "Đã nộp" in text

    @pytest.mark.parametrize("day", ["hôm qua", "2020-01-01"])
    def test_a_wrong_day_is_told_at_the_field(self, tu, asked, day):
        answer = act(tu, asked, "take", day=day)
        assert answer.status_code == 400 and 'id="error-day"' in answer.text

    def test_handed_to_the_team(self, tu, asked, there, client):
        assert "Tổ thôn Một" in tu.get(f"{URL}{asked.pk}/").text
        act(tu, asked, "hand", to=there.team.pk)
        world.sign_in(client, there.tam)
        assert client.get(f"{URL}{asked.pk}/").status_code == 200
        assert 'href="#to"' in act(client, asked, "hand", to=there.committee.pk).text

    def test_nobody_to_hand_to_is_not_asked(self, client, asked, there):
        requests.hand_over(request=asked, to=there.team, by=there.tu)
        world.sign_in(client, there.tam)
        assert 'name="to"' not in client.get(f"{URL}{asked.pk}/").text
        act(client, asked, "take")
        assert "người khác cùng đơn vị" in client.get(f"{URL}{asked.pk}/").text

    @pytest.mark.parametrize(
        ("typed", "faults"),
        [({"do": "take", "day": "31/02/2026"}, ["day"]), ({"do": "say", "text": " "}, ["text"]),
         ({"do": "solve", "text": "a" * 2001}, ["text"]), ({"do": "hand", "to": "\0"}, ["to"]), ({}, []),
         ({"do": "hand"}, ["to"]), ({"do": "burn"}, [])],
    )  # fmt: skip
    def test_what_cannot_be_done_is_said_and_nothing_happens(self, tu, asked, typed, faults):
        answer = tu.post(f"{URL}{asked.pk}/lam/", typed)
        assert answer.status_code == 400 and 'class="notice warn" role="alert"' in answer.text
        assert all(f'id="error-{name}"' in answer.text for name in faults)
        asked.refresh_from_db()
        assert asked.state == "asked" and not asked.replies.exists()

    def test_it_is_not_handed_to_the_commune_next_door(self, tu, asked, there):
        answer = act(tu, asked, "hand", to=there.next_door.pk)
        assert answer.status_code == 400 and 'id="error-to"' in answer.text

    def test_a_neighbour_finds_nothing(self, client, asked, there):
        world.sign_in(client, there.nga)
        assert client.get(f"{URL}{asked.pk}/").status_code == 404 == act(client, asked, "take").status_code
        assert "Nộp hồ sơ" not in client.get(URL).text

    def test_the_resident_who_holds_no_role_finds_no_desk(self, client, asked, there):
        world.sign_in(client, there.hoa)
        assert client.get(URL).status_code == 404


class TestWritingDown:
    def test_who_comes_without_an_account(self, tu, there):
        typed = {"unit": there.committee.pk, "topic": "safety", "text": "Bị lừa", "channel": "visit"}
        answer = tu.post(f"{URL}ghi/", typed | {"name": "Bà Sáu", "phone": "0912 345 678"})
        text = tu.get(answer["Location"]).text
        assert "Bà Sáu" in text and "+84912345678" in text

    def test_a_wrong_phone_is_told_and_nothing_is_lost(self, tu, there):
        typed = {"unit": there.committee.pk, "topic": "safety", "text": "Bị lừa", "channel": "desk", "phone": "12"}
        answer = tu.post(f"{URL}ghi/", typed)
        assert answer.status_code == 400 and 'id="error-phone"' in answer.text and "Bị lừa" in answer.text
        assert not ResidentRequest.objects.exists()

    def test_whoever_reaches_many_begins_at_the_page_of_a_commune(self, client, there, monkeypatch):
        monkeypatch.setattr("hocvuso.web.office.helpdesk.acts.MOST_UNITS", 1)
        world.sign_in(client, there.lan)
        page = client.get(f"{URL}ghi/?unit={there.next_door.pk}")
        offered = page.context["form"].fields["unit"].queryset
        assert list(offered) == [there.next_door] and 'href="/dieu-hanh/xa/"' in page.text

    def test_not_for_the_commune_next_door(self, tu, there):
        typed = {"unit": there.next_door.pk, "topic": "safety", "text": "x", "channel": "desk"}
        answer = tu.post(f"{URL}ghi/", typed)
        assert answer.status_code == 400 and 'id="error-unit"' in answer.text and not ResidentRequest.objects.exists()

    def test_all_faults_are_named_at_once_and_nothing_is_cut(self, tu, there):
        typed = {
            "unit": "x",
            "topic": "\0",
            "text": "a" * 100_000,
            "channel": "page",
            "name": "b" * 121,
            "phone": "c" * 41,
        }
        answer = tu.post(f"{URL}ghi/", typed)
        assert answer.status_code == 400 and "a" * 100_000 in answer.text
        assert all(f'id="error-{name}"' in answer.text for name in typed)
        assert tu.post(f"{URL}ghi/", {}).status_code == 400 and not ResidentRequest.objects.exists()


class TestTerms:
    def test_a_leader_promises_and_takes_back(self, client, there):
        world.sign_in(client, there.lan)
        client.post(f"{URL}thoi-han/", {"unit": there.province.pk, "days": "5", "basis": "Kế hoạch 9"})
        assert "Kế hoạch 9" in client.get(f"{URL}thoi-han/").text
        emptied = client.post(f"{URL}thoi-han/", {"unit": there.province.pk, "days": ""})
        assert emptied.status_code == 400 and RequestTerm.objects.exists()  # saved by the way, nothing is lost
        client.post(f"{URL}thoi-han/", {"unit": there.province.pk, "stop": "1"})
        assert not RequestTerm.objects.exists()

    def test_two_who_promise_at_once_see_both(self, client, there):
        world.sign_in(client, there.lan)
        promise = {"unit": there.province.pk, "days": "5", "basis": "Kế hoạch 9", "version": "0"}
        client.post(f"{URL}thoi-han/", promise)
        page = client.post(f"{URL}thoi-han/", promise | {"days": "7", "basis": "Kế hoạch 10"})
        assert page.status_code == 409 and "Kế hoạch 9" in page.text and 'value="Kế hoạch 10"' in page.text
        assert (
            client.post(f"{URL}thoi-han/", {"unit": there.province.pk, "stop": "1", "version": "9"}).status_code == 409
        )
        assert RequestTerm.objects.get().days == 5

    @pytest.mark.parametrize("days", ["0", "99", "năm", "1.5", "1234"])
    def test_days_that_cannot_be(self, client, there, days):
        world.sign_in(client, there.lan)
        answer = client.post(f"{URL}thoi-han/", {"unit": there.province.pk, "days": days})
        assert answer.status_code == 400 and 'id="error-days"' in answer.text and not RequestTerm.objects.exists()

    def test_all_faults_are_named_at_once(self, client, there):
        world.sign_in(client, there.lan)
        for typed in ({"unit": "x", "days": "-1", "basis": "a" * 301}, {"unit": "\0", "stop": "1"}):
            answer = client.post(f"{URL}thoi-han/", typed)
            assert answer.status_code == 400 and 'href="#unit"' in answer.text
        answer = client.post(f"{URL}thoi-han/", {"unit": "x", "days": "-1", "basis": "a" * 301})
        assert all(f'id="error-{name}"' in answer.text for name in ("unit", "days", "basis"))
        assert not RequestTerm.objects.exists()

    def test_a_data_steward_finds_the_page_and_no_way_to_requests(self, client, there):
        world.sign_in(client, helper("Dữ", there.province, Role.STEWARD))
        assert f'<a href="{URL}thoi-han/">' in client.get("/dieu-hanh/").text
        page = client.get(f"{URL}thoi-han/").text
        assert f'<a href="{URL}thoi-han/" aria-current="page">' in page and f'<a href="{URL}"' not in page

    def test_where_both_are_in_the_menu_one_is_current(self, client, there):
        world.sign_in(client, there.lan)
        for address in (URL, f"{URL}thoi-han/"):
            page = client.get(address).text
            assert f'<a href="{address}" aria-current="page">' in page and page.count('aria-current="page"') == 1

    def test_not_for_officers(self, tu):
        assert tu.get(f"{URL}thoi-han/").status_code == 404


class TestTheCommunesPage:
    def test_it_says_who_waits(self, tu, asked, there):
        text = tu.get("/dieu-hanh/xa/").text
        assert "Người dân đang chờ có người nhận giúp: 1." in text and f"{URL}{asked.pk}/" in text

    def test_whoever_does_not_help_sees_the_count_and_not_the_words(self, client, asked, there):

        world.sign_in(client, helper("Kiểm", there.province, Role.INSPECTOR))
        text = client.get(f"/dieu-hanh/xa/?unit={there.committee.pk}").text
        assert "1 yêu cầu đang mở" in text and "Nộp hồ sơ" not in text

    def test_it_says_what_is_given_needed_and_around(self, tu, there):
        here = giving.available(there, title="Hội trường xã", kind="hall", place=there.place)
        need = giving.ask(there, title="Cần máy tính bảng")
        giving.give(there, giving.available(there, title="Máy của xã bên"), need)
        text = tu.get("/dieu-hanh/xa/").text
        assert all(title in text for title in ("Máy của xã bên", "Cần máy tính bảng", "Hội trường xã"))
        assert f"/dong-gop/{here.pk}/" in text and f"/dong-gop/nhu-cau/{need.pk}/" in text


def test_help_is_read_in_the_language_of_the_page():
    with translation.override("en"):
        assert "From 1 to " in str(TermForm.base_fields["days"].help_text)


def test_the_one_field_of_a_form_says_that_it_may_be_left_empty():
    form = TakeForm(row=ResidentRequest())
    assert "(không bắt buộc)" in form["day"].as_field_group()
