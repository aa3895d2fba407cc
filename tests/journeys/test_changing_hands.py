"""A phone changes hands: signing out sends first and tells the truth; who signs in is asked what is theirs."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from .conftest import phone
from .household import LESSON, PICTURES, add, learn, lock_up, names_in, press_pictures, until_waits
from .line import people_of, signs_in, statements_of
from .walking import Touch, kept, queue_sent, sign_in, sign_out, until

# This browser is one that the site calls; what ends it is noted.
CALLED = """
Object.defineProperty(Object.getPrototypeOf(navigator.serviceWorker), "getRegistration", { value: async () => ({
  pushManager: { getSubscription: async () => ({ unsubscribe: async () => localStorage.setItem("test.ended", "1") }) },
}) });
"""
ENDED = "localStorage.getItem('test.ended') === '1'"


@pytest.fixture
def page(browser, line):
    line.faults.clear()
    with phone(browser, line) as opened:
        yield opened


class TestSigningOut:
    def test_nothing_of_a_person_stays_after_signing_out(self, page, line):
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
        sign_in(page, line.site, Touch())
        learn(page)
        queue_sent(page)
        sign_out(page, Touch())
        until(page, "!localStorage.getItem('hv.account') || localStorage.getItem('hv.account') === '\"\"'")
        until(page, "indexedDB.databases().then(() => true)")
        assert kept(page, "act") == [] and kept(page, "lesson") == []

    def test_before_signing_out_what_waits_is_sent_or_asked_about(self, page, line):
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
        sign_in(page, line.site, Touch())
        line.faults["/ghi/"] = 429
        learn(page)
        page.goto("/tai-khoan/")
        page.get_by_role("button", name="Đăng xuất", exact=True).tap()
        page.get_by_text("kết quả chưa gửi được").wait_for()
        page.get_by_role("button", name="Đăng xuất và xoá").tap()
        page.wait_for_url(lambda url: urlsplit(url).path == "/")
        assert kept(page, "act") == []

    @pytest.mark.parametrize("button", ["Đăng xuất", "Đăng xuất khỏi mọi thiết bị"])
    def test_without_a_line_one_is_told_that_one_is_still_signed_in(self, page, line, button):
        [an] = people_of(line.site, "An")
        signs_in(page, line, an)
        line.faults["/ghi/"] = 502
        page.goto(LESSON)
        until_waits(page, an)
        page.goto("/tai-khoan/")
        page.locator("form[data-later] [role=status]").nth(1).wait_for(state="attached")
        page.context.set_offline(True)
        page.get_by_role("button", name=button, exact=True).tap()
        page.get_by_role("button", name="Đăng xuất và xoá").tap()
        page.get_by_text("Chưa đăng xuất được vì mất mạng. Bạn vẫn đang đăng nhập trên máy này.").wait_for()
        assert kept(page, "act", an["key"]) and names_in(page, "hv_in", "hv_session") == ["hv_session", "hv_in"]
        page.context.set_offline(False)
        page.get_by_role("button", name=button, exact=True).tap()
        page.get_by_role("button", name="Đăng xuất và xoá").tap()
        page.wait_for_url(lambda url: urlsplit(url).path == "/")
        assert kept(page, "act") == [] and names_in(page, "hv_in") == []

    def test_whoever_signed_out_is_called_no_more_on_this_phone(self, page, line):
        [an] = people_of(line.site, "An")
        page.add_init_script(CALLED)
        signs_in(page, line, an)
        sign_out(page, Touch())
        until(page, ENDED)

    def test_whoever_signs_in_after_another_is_not_called_for_them(self, page, line):
        an, binh = people_of(line.site, "An", "Bình")
        page.add_init_script(CALLED)
        for person in (an, None, an, None):  # a session that ended by itself ends nothing for its own person
            signs_in(page, line, person)
            page.goto("/")
            page.evaluate(f"localStorage.setItem('hv.push', '\"{an['key']}\"')")
            page.wait_for_load_state("networkidle")
        assert not page.evaluate(ENDED)
        signs_in(page, line, binh)
        page.goto("/")
        until(page, ENDED)


class TestAtSigningIn:
    def signed_in_after_learning(self, page, line):
        learn(page)
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
        sign_in(page, line.site, Touch())
        page.get_by_role("heading", name="Kết quả vừa làm trên máy này là của bạn?").wait_for()

    def test_mine_is_sent_as_mine(self, page, line):
        self.signed_in_after_learning(page, line)
        page.get_by_role("button", name="Đúng, của tôi").tap()
        page.get_by_text("Đã xong 1 trên 2 bài").wait_for()
        assert kept(page, "act") == [] and kept(page, "lesson", "phone") == []

    def test_somebody_elses_stays_with_the_phone_and_is_asked_about_once(self, page, line):
        self.signed_in_after_learning(page, line)
        page.get_by_role("button", name="Không, của người khác").tap()
        page.goto("/viec-hoc/")
        page.wait_for_load_state("networkidle")
        assert page.locator("[data-whose]").count() == 0
        assert kept(page, "act", "phone") and page.get_by_text("Bạn chưa học bài nào").is_visible()

    def test_a_half_filled_form_is_not_lost(self, page, line):
        learn(page)
        [an] = people_of(line.site, "An")
        signs_in(page, line, an)
        page.goto("/hoc/hai-bai/bai-hai/")
        field = page.locator("form.check input").first
        field.check()
        page.get_by_role("button", name="Đúng, của tôi").tap()
        page.get_by_text("Đã ghi là của bạn.").wait_for()
        assert field.is_checked()
        queue_sent(page)
        assert ("completed", "urn:hocvuso:lesson:hai-bai/bai-mot") in statements_of(line.site, an)

    def test_a_claim_that_fails_says_so(self, page, line):
        learn(page)
        [an] = people_of(line.site, "An")
        signs_in(page, line, an)
        page.goto("/viec-hoc/")
        page.get_by_role("button", name="Đúng, của tôi").wait_for()
        page.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new Error('full'); }; }")
        page.get_by_role("button", name="Đúng, của tôi").tap()
        page.get_by_text("Chưa ghi được cho bạn.").wait_for()
        assert kept(page, "act", "phone")

    def test_a_locked_persons_work_is_named_and_wants_their_pictures(self, page, line):
        add(page, "Minh")
        lock_up(page, "Minh")
        page.locator(".person", has_text="Minh").tap()
        press_pictures(page, *PICTURES)
        page.get_by_text("Đang học: Minh").wait_for()
        learn(page)
        [an] = people_of(line.site, "An")
        signs_in(page, line, an)
        page.goto("/viec-hoc/")
        page.get_by_role("heading", name="Kết quả Minh vừa làm trên máy này là của bạn?").wait_for()
        page.get_by_role("button", name="Đúng, của tôi").tap()
        page.get_by_role("heading", name="Bốn hình của Minh").wait_for()
        press_pictures(page, "Cá", "Cá", "Cá", "Cá")
        page.get_by_text("Chưa đúng").wait_for()
        assert kept(page, "act", an["key"]) == []
        page.get_by_text("0 trên 4 hình").wait_for()
        press_pictures(page, *PICTURES)
        page.get_by_text("Đã xong 1 trên 2 bài").wait_for()

    def test_it_is_not_asked_while_somebody_else_learns(self, page, line):
        learn(page)
        add(page, "Minh")
        [an] = people_of(line.site, "An")
        signs_in(page, line, an)
        page.goto("/ai-hoc/")
        page.locator("[data-whose]").wait_for()
        page.locator(".person", has_text="Minh").tap()
        page.get_by_text("Đang học: Minh").wait_for()
        page.wait_for_load_state("networkidle")
        assert page.locator("[data-whose]").count() == 0
