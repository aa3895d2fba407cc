"""Whose phone is it? Several people on one phone, with and without accounts; nobody's work is ever mixed."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from .conftest import phone, small_site
from .line import Line, people_of, signs_in, statements_of
from .walking import Touch, answer_checks, kept, practise, queue_sent, sign_in, sign_out, until

LESSON = "/hoc/hai-bai/bai-mot/"
DONE = "Bạn đã xong bài này."


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """A small site behind a line that can fail."""
    site = small_site(tmp_path_factory.mktemp("device"), "../tests/programmes/hai-bai")
    site.settings["HOCVUSO_BASE_URL"] = f"http://127.0.0.1:{site.port}"
    site.start()
    made = Line(site)
    yield made
    made.shutdown()
    made.server_close()
    site.kill()


@pytest.fixture
def page(browser, line):
    line.faults.clear()
    with phone(browser, line) as opened:
        yield opened


def learn(page):
    """The lesson, all of it."""
    page.goto(LESSON)
    practise(page, Touch())
    answer_checks(page, Touch())
    page.get_by_text(DONE).wait_for()


def choose(page, name):
    """In the chooser."""
    page.goto("/ai-hoc/")
    page.locator(".person", has_text=name).tap()


def add(page, name):
    page.goto("/ai-hoc/")
    page.get_by_label("Gọi là gì").fill(name)
    page.get_by_role("button", name="Thêm", exact=True).tap()
    page.get_by_role("button", name="Xong").tap()
    page.locator(".person", has_text=name).wait_for()


def press_pictures(page, *names):
    for name in names:
        page.locator(".pin-key", has_text=name).tap()


class TestAccounts:
    def test_what_one_did_does_not_make_it_done_for_the_next(self, page, line):
        an, binh = people_of(line.site, "An", "Bình")
        for person in (an, binh):
            signs_in(page, line, person)
            learn(page)
            queue_sent(page)
        for person in (an, binh):
            assert ("completed", "urn:hocvuso:lesson:hai-bai/bai-mot") in statements_of(line.site, person)

    def test_what_waits_of_one_is_never_sent_by_the_next(self, page, line):
        an, binh = people_of(line.site, "An", "Bình")
        signs_in(page, line, an)
        line.faults["/ghi/"] = 502
        learn(page)
        line.faults.clear()
        signs_in(page, line, binh)
        page.goto(LESSON)
        queue_sent(page)
        assert kept(page, "act", an["key"]) and not statements_of(line.site, an)
        assert len(statements_of(line.site, binh)) == 1
        signs_in(page, line, an)
        page.goto("/")
        queue_sent(page)
        assert ("completed", "urn:hocvuso:lesson:hai-bai/bai-mot") in statements_of(line.site, an)

    def test_the_server_refuses_what_another_account_did(self, page, line):
        """The session became somebody else's behind the page's back."""
        an, binh = people_of(line.site, "An", "Bình")
        signs_in(page, line, an)
        page.goto(LESSON)
        queue_sent(page)
        signs_in(page, line, binh)
        page.context.add_cookies([{"name": "hv_in", "value": an["key"], "url": line.url}])
        practise(page, Touch())
        until(page, f"document.cookie.includes('{binh['key']}')")
        assert kept(page, "act", an["key"])
        assert all("practice" not in what for _verb, what in statements_of(line.site, binh))

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


class TestFamily:
    def test_each_has_their_own_progress(self, page):
        add(page, "Bà Lan")
        add(page, "Minh")
        choose(page, "Bà Lan")
        page.get_by_text("Đang học: Bà Lan").wait_for()
        learn(page)
        choose(page, "Minh")
        page.get_by_text("Đang học: Minh").wait_for()
        learn(page)
        assert len({row["key"][1] for row in kept(page, "lesson")}) == 2

    def test_a_lock_of_four_pictures_keeps_others_out(self, page):
        add(page, "Bà Lan")
        page.get_by_role("button", name="Sửa Bà Lan").tap()
        page.get_by_role("button", name="Khoá bằng bốn hình").tap()
        press_pictures(page, "Cá", "Hoa", "Nhà", "Sao")
        page.get_by_text("Bấm lại bốn hình ấy").wait_for()
        press_pictures(page, "Cá", "Hoa", "Nhà", "Sao")
        page.get_by_text("có khoá bốn hình").wait_for()
        [pin] = [row["pin"] for row in kept(page, "person")]
        assert set(pin) == {"salt", "hash", "tries", "until"}
        page.locator(".person", has_text="Bà Lan").tap()
        for _try in range(5):
            press_pictures(page, "Cá", "Hoa", "Nhà", "Nhà")
            page.get_by_text("Chưa đúng").wait_for()
            page.get_by_text("0 trên 4 hình").wait_for()
        page.reload()
        page.locator(".person", has_text="Bà Lan").tap()
        press_pictures(page, "Cá", "Hoa", "Nhà", "Sao")
        page.get_by_text("Hãy đợi ít phút").wait_for()
        page.goto("/")
        assert page.get_by_text("Đang học: Bà Lan").count() == 0

    def test_the_right_pictures_open(self, page):
        add(page, "Minh")
        page.get_by_role("button", name="Sửa Minh").tap()
        page.get_by_role("button", name="Khoá bằng bốn hình").tap()
        for _twice in range(2):
            press_pictures(page, "Cá", "Cá", "Chim", "Ô")
            page.wait_for_timeout(200)
        page.locator(".person", has_text="Minh").tap()
        press_pictures(page, "Cá", "Cá", "Chim", "Ô")
        page.get_by_text("Đang học: Minh").wait_for()

    def test_whoever_is_removed_takes_all_along(self, page):
        add(page, "Minh")
        choose(page, "Minh")
        page.get_by_text("Đang học: Minh").wait_for()
        learn(page)
        page.goto("/ai-hoc/")
        page.get_by_role("button", name="Sửa Minh").tap()
        page.get_by_role("button", name="Xoá khỏi máy này").tap()
        page.get_by_role("button", name="Xoá", exact=True).tap()
        page.get_by_text("Chưa đặt tên").wait_for()
        assert kept(page, "act") == kept(page, "lesson") == kept(page, "person") == []
