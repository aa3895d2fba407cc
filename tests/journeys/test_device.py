"""Whose phone is it? Several people on one phone, with and without accounts; nobody's work is ever mixed."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import TimeoutError

from .conftest import phone
from .household import (
    LESSON,
    PICTURES,
    add,
    choose,
    learn,
    lock_up,
    press_pictures,
    put_cookie,
    until_waits,
)
from .line import people_of, signs_in, statements_of
from .walking import Touch, answer_checks, kept, practise, queue_sent, until

# A question of the lesson is due for review by the person with this key.
DUE = """
from uuid import UUID
from django.utils import timezone
from hocvuso.learning.models import ReviewCard
ReviewCard.objects.filter(person=UUID("{pk}")).update(due=timezone.now())
"""
# Somebody wrote something, after this page was opened.
WRITTEN = """(who) => new Promise((done) => {
  const at = "2099-01-01T00:00:00.000Z";
  const row = { key: ["lesson", who, "a/b", "step"], address: "a/b", state: "under-way", at, step: { text: "khoai" } };
  indexedDB.open("hocvuso").onsuccess = ({ target }) => {
    const change = target.result.transaction("rows", "readwrite");
    change.objectStore("rows").put(row, row.key);
    change.oncomplete = () => done(target.result.close());
  };
})"""
FOCUSED = "document.activeElement.innerText"


@pytest.fixture
def page(browser, line):
    line.faults.clear()
    with phone(browser, line) as opened:
        yield opened


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
        with suppress(TimeoutError):  # the page may hear of it, and load itself anew, before the practice is at its end
            practise(page, Touch())
        until(page, f"document.cookie.includes('{binh['key']}')")
        assert kept(page, "act", an["key"])
        assert all("practice" not in what for _verb, what in statements_of(line.site, binh))

    def test_a_mark_that_outlived_its_session_gives_nothing_to_its_account(self, page, line):
        an, binh = people_of(line.site, "An", "Bình")
        put_cookie(page, line, "hv_in", an["key"])
        put_cookie(page, line, "csrftoken", "a" * 32)
        page.goto(LESSON)
        until(page, "!document.cookie.includes('hv_in=')")
        until(page, "localStorage.getItem('hv.account') === '\"\"'")
        learn(page)
        assert kept(page, "act", an["key"]) == [] and len(kept(page, "act", "phone")) > 3
        signs_in(page, line, binh)
        page.goto("/viec-hoc/")
        page.get_by_role("button", name="Không, của người khác").tap()
        page.wait_for_load_state("networkidle")
        assert not statements_of(line.site, an) and not statements_of(line.site, binh)

    def test_what_somebody_wrote_is_not_handed_to_the_phone_when_their_session_ends(self, page, line):
        [an] = people_of(line.site, "An")
        page.goto(LESSON)
        until(page, "indexedDB.databases().then((all) => all.length)")
        page.evaluate(WRITTEN, an["key"])
        put_cookie(page, line, "hv_in", an["key"])
        put_cookie(page, line, "csrftoken", "a" * 32)
        with page.expect_event("framenavigated", lambda _frame: "hv_in" not in str(page.context.cookies())):
            page.goto(LESSON)  # it loads once more, as nobody's
        page.wait_for_load_state("networkidle")
        rows = {row["address"]: row for row in kept(page, "lesson")}
        assert rows["a/b"]["key"][1] == "phone" and rows["a/b"]["step"] is None

    def test_an_erased_account_takes_its_own_acts_along_and_no_others(self, page, line):
        an, binh = people_of(line.site, "An", "Bình")
        line.faults["/ghi/"] = 502
        for person in (an, binh):
            signs_in(page, line, person)
            page.goto(LESSON)
            until_waits(page, person)
        signs_in(page, line, None)
        put_cookie(page, line, "hv_erased", an["key"])
        page.goto("/")
        until(page, "localStorage.getItem('hv.account') === '\"\"'")
        assert kept(page, "act", binh["key"])
        signs_in(page, line, an)
        page.goto("/")
        until(page, f"localStorage.getItem('hv.account').includes('{an['key']}')")
        signs_in(page, line, None)
        put_cookie(page, line, "hv_erased", an["key"])
        page.goto("/")
        until(page, "localStorage.getItem('hv.account') === '\"\"'")
        assert kept(page, "act", an["key"]) == [] and kept(page, "act", binh["key"])

    def test_what_an_inspector_carried_along_is_gone_for_the_next(self, page, line):
        an, binh = people_of(line.site, "An", "Bình")
        signs_in(page, line, an)
        page.goto("/")
        until(page, f"(localStorage.getItem('hv.account') ?? '').includes('{an['key']}')")
        page.evaluate("caches.open('hv-visits').then((c) => c.put('/x/', new Response('x')))")
        signs_in(page, line, binh)
        page.goto("/")
        until(page, "caches.has('hv-visits').then((is) => !is)")

    def test_a_database_that_hangs_loses_nothing(self, page, line):
        [an] = people_of(line.site, "An")
        page.add_init_script("IDBFactory.prototype.open = () => ({})")
        signs_in(page, line, an)
        page.goto(LESSON)
        form = page.locator("form.check").first
        form.locator("input").first.check()
        form.get_by_role("button", name="Trả lời", exact=True).tap()
        for _try in range(150):
            if ("answered", "urn:hocvuso:item:hai-bai/bai-mot/c1") in statements_of(line.site, an):
                return
            page.wait_for_timeout(100)
        raise AssertionError("never sent")


class TestFamily:
    def test_pages_of_the_account_say_whose_they_are_and_keep_its_reviews(self, page, line):
        [an] = people_of(line.site, "An")
        signs_in(page, line, an)
        learn(page)
        queue_sent(page)
        line.site.python(DUE.format(**an))
        add(page, "Minh")
        choose(page, "Minh")
        page.get_by_text("Đang học: Minh").wait_for()
        page.goto("/viec-hoc/on-tap/")
        page.get_by_text("của tài khoản đang đăng nhập, không phải của Minh").wait_for()
        assert page.get_by_text("Đang học: Minh").count() == 0
        before = [row for row in kept(page, "lesson", an["key"]) if row["edition"]]
        answer_checks(page, Touch())
        queue_sent(page)
        assert statements_of(line.site, an).count(("answered", "urn:hocvuso:item:hai-bai/bai-mot/c1")) == 2
        assert all(row["key"][1] == an["key"] for row in kept(page, "lesson"))
        assert before and all(row["edition"] for row in kept(page, "lesson", an["key"]))
        page.get_by_role("button", name="Tôi là chủ tài khoản").tap()
        page.locator("[data-owner]").wait_for(state="detached")
        page.get_by_role("link", name="Ai đang học?").wait_for()

    def test_the_focus_comes_back_to_the_person(self, page):
        add(page, "Minh")
        assert "Minh" in page.evaluate(FOCUSED)
        page.get_by_role("button", name="Sửa Minh").tap()
        page.get_by_role("button", name="Xoá khỏi máy này").tap()
        page.get_by_role("button", name="Giữ lại").tap()
        until(page, f"{FOCUSED}.includes('Minh')")
        page.get_by_role("button", name="Sửa Minh").tap()
        page.get_by_role("button", name="Xoá khỏi máy này").tap()
        page.get_by_role("button", name="Xoá", exact=True).tap()
        until(page, f"{FOCUSED}.includes('Chưa đặt tên')")

    def test_a_face_is_chosen_and_home_greets_them(self, page):
        page.goto("/ai-hoc/")
        page.get_by_label("Gọi là gì").fill("Bà Nội")
        page.get_by_role("button", name="Thêm", exact=True).tap()
        page.get_by_role("group", name="Chọn một gương mặt").get_by_role("button", name="bà Lan").tap()
        page.get_by_role("button", name="bà Lan", pressed=True).wait_for()
        page.get_by_role("button", name="Xong").tap()
        page.locator(".person", has_text="Bà Nội").locator(".face.rose").wait_for()
        choose(page, "Bà Nội")
        page.get_by_role("heading", name="Chào Bà Nội!").wait_for()

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
        lock_up(page, "Minh")
        page.locator(".person", has_text="Minh").tap()
        press_pictures(page, *PICTURES)
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
