"""The goal of a week, reminders of reviews, and their end with one tap."""

import json
import re
from datetime import time, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from hocvuso.learning.models import ReviewCard, ReviewReminder
from hocvuso.learning.services import calling
from hocvuso.records import services as records
from hocvuso.reminders.models import PushDevice, ReminderPreference
from hocvuso.reminders.services import devices
from tests import world
from tests.browser_called import CalledBrowser
from tests.world import batch, flat, statement

pytestmark = pytest.mark.django_db
CHOICE = {"way": "phone", "often": "twice", "hour": "19"}


@pytest.fixture(autouse=True)
def _gateways_print(monkeypatch):
    monkeypatch.setitem(settings.ENV, "HOCVUSO_CODES_ON_CONSOLE", True)


@pytest.fixture
def hoa(cast, programme):
    client = Client()
    world.sign_in(client, cast.hoa)
    return client


@pytest.fixture
def link(cast, hoa):
    hoa.post("/viec-hoc/nhac-on/", CHOICE)
    return f"/thoi-nhac/{calling.token_of(ReviewReminder.objects.get())}/"


def is_on():
    return ReviewReminder.objects.filter(ended_at=None).exists()


class TestGoal:
    def test_the_week_stands_on_my_learning(self, hoa, cast):
        act = statement(verb="completed", kind="lesson", address="hai-bai/bai-mot")
        records.append(person=cast.hoa, batch=batch(act))
        page = flat(hoa.get("/viec-hoc/").text)
        assert "1 trên 3 bài" in page and page.count('<i class="done">') == 1 and page.count("<i>") == 2

    def test_a_smaller_one_is_chosen_and_reached(self, hoa, cast):
        act = statement(verb="completed", kind="lesson", address="hai-bai/bai-mot")
        records.append(person=cast.hoa, batch=batch(act))
        page = hoa.post("/viec-hoc/muc-tieu/", {"lessons": "1"}, follow=True).text
        assert "Đã đổi mục tiêu." in page and "1 bài. Đủ mục tiêu tuần!" in page

    def test_nobody_is_told_of_a_chain_that_is_none(self, hoa):
        page = hoa.get("/viec-hoc/").text
        assert "nối liền nhau" not in page and "0 trên 3 bài" in page

    def test_the_page_shows_what_holds_now(self, hoa):
        hoa.post("/viec-hoc/muc-tieu/", {"lessons": "5"})
        [chosen] = re.findall(r'value="(\d)"[^>]* checked', hoa.get("/viec-hoc/muc-tieu/").text)
        assert chosen == "5"

    def test_one_lesson_is_one_in_english_too(self, hoa):
        hoa.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = hoa.get("/viec-hoc/muc-tieu/").text
        assert "1 lesson a week" in page and "3 lessons a week" in page

    @pytest.mark.parametrize("lessons", ["", "2", "x"])
    def test_other_numbers_are_refused(self, hoa, lessons):
        assert hoa.post("/viec-hoc/muc-tieu/", {"lessons": lessons}).status_code == 400

    def test_home_asks_for_it_with_ones_progress(self, hoa):
        hoa.post("/viec-hoc/muc-tieu/", {"lessons": "5"})
        assert hoa.get("/viec-hoc/trang-thai.json").json()["week"] == {"done": 0, "goal": 5, "chain": 0}


class TestChoosing:
    def test_a_way_an_hour_how_often(self, hoa):
        page = hoa.post("/viec-hoc/nhac-on/", CHOICE, follow=True).text
        assert "Đã đặt." in page and "nhiều nhất tuần hai lần, lúc 19 giờ" in flat(page)
        assert "Đang nhắc ôn bài" in hoa.get("/viec-hoc/").text

    def test_only_ways_that_lead_somewhere_are_offered(self, hoa):
        page = hoa.get("/viec-hoc/nhac-on/").text
        assert 'value="phone"' in page and 'value="push"' in page and 'value="email"' not in page

    def test_the_page_tells_the_browser_who_will_call(self, hoa):
        assert f'data-push-key="{devices.public_key()}"' in hoa.get("/viec-hoc/nhac-on/").text

    def test_the_browsers_leave_comes_with_the_form(self, hoa):
        browser = CalledBrowser("http://127.0.0.1:9/x")
        hoa.post("/viec-hoc/nhac-on/", CHOICE | {"way": "push", "subscription": browser.subscription()})
        assert is_on() and PushDevice.objects.count() == 1

    @pytest.mark.parametrize("subscription", ["", "x", json.dumps({"endpoint": "http://10.0.0.1/"})])
    def test_without_it_the_way_is_refused_at_its_field(self, hoa, subscription):
        answer = hoa.post("/viec-hoc/nhac-on/", CHOICE | {"way": "push", "subscription": subscription})
        assert answer.status_code == 400 and "chưa cho phép nhận thông báo" in answer.text and not is_on()

    @pytest.mark.parametrize("change", [{"hour": "3"}, {"often": "hourly"}, {"way": "email"}, {"way": "pigeon"}])
    def test_what_is_not_offered_is_refused(self, hoa, change):
        assert hoa.post("/viec-hoc/nhac-on/", CHOICE | change).status_code == 400 and not is_on()

    def test_quiet_hours_chosen_later_are_told_of(self, hoa, cast, link):
        assert "giờ yên tĩnh" not in hoa.get("/viec-hoc/nhac-on/").text
        ReminderPreference.objects.create(person=cast.hoa, quiet_from=time(18), quiet_to=time(7))
        assert "nằm trong giờ yên tĩnh" in hoa.get("/viec-hoc/nhac-on/").text
        refused = hoa.post("/viec-hoc/nhac-on/", CHOICE)
        assert refused.status_code == 400 and "(18:00–07:00)" in refused.text

    def test_it_ends_with_one_button(self, hoa, link):
        page = hoa.post("/viec-hoc/nhac-on/thoi/", follow=True).text
        assert "Đã thôi nhắc: bạn đã thôi nhắc." in page and not is_on()

    def test_why_it_ended_by_itself_is_said(self, hoa, link):
        ReviewReminder.objects.update(ended_at=timezone.now(), ended_why="unanswered")
        assert "nhắc nhiều lần mà bạn chưa ôn" in hoa.get("/viec-hoc/nhac-on/").text

    def test_a_neighbour_neither_sees_nor_ends_it(self, hoa, cast, link):
        binh = Client()
        world.sign_in(binh, cast.binh)
        assert "Đang nhắc bạn" not in binh.get("/viec-hoc/nhac-on/").text
        binh.post("/viec-hoc/nhac-on/thoi/")
        assert is_on()


class TestLink:
    def test_it_shows_first_and_ends_when_pressed_without_signing_in(self, client, link):
        assert "Thôi nhắc ôn bài?" in client.get(link).text and is_on()
        assert "Đã thôi nhắc" in client.post(link).text and not is_on()

    def test_what_scans_mail_ends_nothing(self, client, link):
        client.head(link)
        assert is_on()

    def test_a_mail_program_ends_it_as_rfc_8058_says(self, link):
        outside = Client(enforce_csrf_checks=True)
        answer = outside.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and not is_on() and "sessionid" not in answer.cookies

    def test_again_says_the_same(self, client, link):
        client.post(link)
        assert client.post(link).status_code == 200 and "Đã thôi nhắc" in client.get(link).text

    def test_a_link_that_is_none_leads_to_the_page(self, client, link):
        for bad in (link[:-2] + "x/", "/thoi-nhac/x/", "/thoi-nhac/a.b/"):
            answer = client.post(bad)
            assert answer.status_code == 404 and 'href="/viec-hoc/nhac-on/"' in answer.text
        assert is_on()

    def test_it_says_nothing_of_whose_it_is(self, client, link):
        page = client.get(link).text
        assert "Hoa" not in page and 'content="noindex"' in page and "no-store" in client.get(link)["Cache-Control"]


def test_what_is_due_is_told_by_the_clock(hoa, cast, link, capsys):
    records.append(person=cast.hoa, batch=batch(statement()))
    ReviewCard.objects.update(due=timezone.now())
    tomorrow = timezone.localtime().replace(hour=19, minute=0) + timedelta(days=1)
    assert calling.call(tomorrow) == 1
