"""Called back: the goal of a week, a reminder chosen and ended on a phone, and what a closed page shows when called."""

from __future__ import annotations

import json
from urllib.parse import urljoin

import pytest

from .conftest import phone
from .test_axe import Examiner
from .walking import Touch, sign_in

NUMBER = "0912 777 001"
BY = Touch()
# What the clock would send to the browser of the person with this number, and its link.
DUE = f"""
import json
from hocvuso.learning.models import ReviewReminder
from hocvuso.learning.services import calling
from hocvuso.people.queries import person_with
from hocvuso.people.services.signin import read_address

reminder = ReviewReminder.objects.get(person=person_with(*read_address("{NUMBER}")))
stop = f"/thoi-nhac/{{calling.token_of(reminder)}}/"
words = {{"title": "Học vụ số: 2 câu sắp quên", "text": "Ôn lại chừng vài phút.", "open": "/viec-hoc/on-tap/"}}
print(json.dumps(words | {{"stop": stop, "end": "Thôi nhắc", "ended": "Đã thôi nhắc."}}))
"""
SHOWN = """navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
  .then((shown) => shown.map((one) => [one.title, one.body, one.actions.map((action) => action.title)]))"""
PRESS_STOP = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification, action: "stop" }));
}"""


@pytest.fixture
def signed_in(browser, own_site):
    with phone(browser, own_site, permissions=["notifications"]) as page:
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/nhac-on/")
        sign_in(page, own_site, BY, NUMBER)
        yield page


def choose_sms(page):
    page.goto("/viec-hoc/nhac-on/")
    BY.choose(page.get_by_label("Tin nhắn SMS"))
    BY.press(page.locator("form[data-push-key] .button"))
    page.get_by_text("Đang nhắc bạn bằng").wait_for()


def test_a_reminder_is_chosen_and_ended_on_a_phone(signed_in, own_site):
    page, examiner = signed_in, Examiner(signed_in)
    examiner.both("/viec-hoc/muc-tieu/")
    examiner.both("/viec-hoc/nhac-on/")
    page.goto("/viec-hoc/muc-tieu/")
    BY.choose(page.get_by_label("1 bài một tuần"))
    BY.press(page.get_by_role("button", name="Chọn"))
    page.get_by_text("0 trên 1 bài").wait_for()
    choose_sms(page)
    examiner.both("/viec-hoc/nhac-on/")
    link = json.loads(own_site.python(DUE))["stop"]
    page.context.clear_cookies()
    examiner.both(link)
    BY.press(page.get_by_role("button", name="Thôi nhắc"))
    page.get_by_role("heading", name="Đã thôi nhắc").wait_for()
    examiner.look("ended")
    assert examiner.found == {}, json.dumps(examiner.found, ensure_ascii=False, indent=1)


def test_a_closed_page_shows_what_is_due_and_ends_it_with_one_tap(signed_in, own_site):
    page = signed_in
    choose_sms(page)
    told = json.loads(own_site.python(DUE))
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    line = page.context.new_cdp_session(page)
    known = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    line.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    call = {"origin": urljoin(page.url, "/"), "registrationId": known[-1]["registrationId"], "data": json.dumps(told)}
    line.send("ServiceWorker.deliverPushMessage", call)
    page.wait_for_timeout(1000)
    assert page.evaluate(SHOWN) == [["Học vụ số: 2 câu sắp quên", "Ôn lại chừng vài phút.", ["Thôi nhắc"]]]
    page.context.service_workers[0].evaluate(PRESS_STOP)
    page.wait_for_timeout(1000)
    assert page.evaluate(SHOWN) == [["Đã thôi nhắc.", "", []]]
    page.goto("/viec-hoc/nhac-on/")
    page.get_by_text("Đã thôi nhắc: bạn đã thôi nhắc.").wait_for()


def test_a_browser_that_does_not_allow_it_is_told_what_to_do(browser, own_site):
    with phone(browser, own_site) as page:
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/nhac-on/")
        sign_in(page, own_site, BY, "0912 777 002")
        page.goto("/viec-hoc/nhac-on/")
        BY.choose(page.get_by_label("Thông báo trên máy này"))
        BY.press(page.get_by_role("button", name="Nhắc tôi"))
        page.locator("[data-push-status]:not(:empty)").wait_for()
        assert page.url.endswith("/viec-hoc/nhac-on/")
