"""What is kept follows the site: editions, what was withdrawn, the reader's language; and a form without a line."""

from __future__ import annotations

import pytest

from .conftest import phone
from .saving import CONTROLLED, IS_KEPT, LESSON, PROGRAMME, pins, put_page, save, until_kept
from .walking import Touch, until

SHELL_IN_ENGLISH = """caches.open("hv-pages").then((c) => c.match("/da-luu/"))
  .then((a) => a.headers.get("Content-Language") === "en")"""
LANGUAGES = """caches.open("hv-pages").then(async (c) => {
  const lessons = (await c.keys()).filter((one) => one.url.includes("/hoc/"));
  const answers = await Promise.all(lessons.map((one) => c.match(one)));
  return [...new Set(answers.map((one) => one.headers.get("Content-Language") ?? "vi"))];
})"""


@pytest.fixture
def at(browser, line):
    """A phone on that line, whose worker is there."""
    line.faults.clear()
    line.slow.clear()
    with phone(browser, line) as page:
        page.goto(LESSON)
        page.evaluate(CONTROLLED)
        yield page


class TestFollowing:
    def test_what_the_site_withdrew_is_not_kept(self, at, line):
        put_page(at, f"/hoc/{PROGRAMME}/khong-con/", pin=PROGRAMME)
        line.faults[f"/hoc/{PROGRAMME}/khong-con/"] = 404  # a proxy's word says nothing
        at.goto(f"/hoc/{PROGRAMME}/khong-con/")
        at.wait_for_timeout(500)
        assert at.evaluate(IS_KEPT, f"/hoc/{PROGRAMME}/khong-con/")
        line.faults.clear()
        assert at.goto(f"/hoc/{PROGRAMME}/khong-con/").status == 404
        until(at, f"() => ({IS_KEPT})('/hoc/{PROGRAMME}/khong-con/').then((is) => !is)")

    def test_a_saved_programme_gains_lessons_and_loses_others(self, at):
        """As if it had been saved when it had another lesson, and one less; what is kept to listen to stays."""
        put_page(at, f"{LESSON}nghe/", pin="nghe")
        save(at, Touch())
        gained = f"/hoc/{PROGRAMME}/tin-suc-khoe/"
        at.evaluate("path => caches.open('hv-pages').then((c) => c.delete(path))", gained)
        put_page(at, f"/hoc/{PROGRAMME}/bai-cu/", pin=PROGRAMME)
        put_page(at, LESSON, pin=PROGRAMME)  # as it stood before
        at.goto(LESSON)
        until_kept(at, gained)
        until(at, f"() => ({IS_KEPT})('/hoc/{PROGRAMME}/bai-cu/').then((is) => !is)")
        assert set(pins(at)) == {PROGRAMME, "nghe"}

    @pytest.mark.parametrize("enctype", ["application/x-www-form-urlencoded", "multipart/form-data"])
    def test_a_form_that_could_not_be_sent_says_so_and_keeps_what_was_written(self, at, enctype):
        at.goto("/tai-khoan/dang-nhap/")
        at.locator("main form").first.evaluate("(form, enctype) => { form.enctype = enctype; }", enctype)
        field = at.get_by_label("Số điện thoại hoặc thư điện tử")
        field.fill("0912 000 111")
        at.context.set_offline(True)
        at.get_by_role("button", name="Gửi mã cho tôi").tap()
        at.get_by_text("Chưa gửi được vì mất mạng. Những gì bạn viết vẫn còn đây").wait_for()
        assert field.input_value() == "0912 000 111"


def test_what_to_do_after_a_fraud_opens_without_a_line(at):
    """It says to cut the line of a phone on which a strange app was installed."""
    until_kept(at, LESSON)
    at.context.set_offline(True)
    at.goto("/nho-giup/")
    at.get_by_role("link", name="Vừa bị lừa? Làm ngay").tap()
    at.get_by_role("link", name="Gọi công an 113").wait_for()


class TestLanguage:
    """Cookies of a reader who chose English."""

    @pytest.fixture
    def english(self, at, line):
        until_kept(at, LESSON)
        at.context.add_cookies([{"name": "hv_lang", "value": "en", "url": line.url}])
        yield at
        line.slow.clear()

    def test_a_slow_line_brings_no_page_of_another_language(self, english, line):
        line.slow[LESSON] = 4
        english.goto(LESSON)
        assert english.evaluate("document.documentElement.lang") == "en"

    def test_a_slow_line_brings_what_is_kept_in_ones_own(self, at, line):
        until_kept(at, LESSON)
        line.slow[LESSON] = 6
        at.goto(LESSON)
        line.slow.clear()
        assert at.evaluate("performance.getEntriesByType('navigation')[0].responseStart") < 5000

    def test_what_opens_without_a_line_is_in_the_language_that_is_read(self, english):
        english.goto(LESSON)
        until(
            english,
            SHELL_IN_ENGLISH,
        )
        english.context.set_offline(True)
        english.goto("/viec-hoc/")
        assert english.evaluate("document.documentElement.lang") == "en"

    def test_a_saved_programme_stays_whole_in_one_language(self, at, line):
        save(at, Touch())
        at.context.add_cookies([{"name": "hv_lang", "value": "en", "url": line.url}])
        at.goto(f"/hoc/{PROGRAMME}/cuoc-goi-la/")
        assert at.evaluate("document.documentElement.lang") == "en"
        until(
            at,
            SHELL_IN_ENGLISH,
        )
        assert at.evaluate(LANGUAGES) == ["vi"]
