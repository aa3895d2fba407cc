"""Reading aloud, sharing, sound and paper: what a lesson offers besides itself."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from .conftest import phone

LESSON = "/hoc/nguoi-cao-tuoi/goi-video-cho-con/"
# The speech of the device, at its last call: no browser here has a voice.
VOICE = """(language) => {
  window.spoken = [];
  const voices = [{ lang: language, name: "x" }];
  const speech = new EventTarget();
  Object.assign(speech, {
    getVoices: () => voices,
    cancel() {},
    speak(said) { window.spoken.push(said.text); said.onstart?.(); window.finish = () => said.onend?.(); },
  });
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""


def spoken(page, count):
    page.wait_for_function("count => window.spoken.length >= count", arg=count)
    return page.evaluate("window.spoken")


class TestReadingAloud:
    @pytest.mark.parametrize("voice", [None, "en-US"])
    def test_without_a_vietnamese_voice_it_says_so(self, browser, site, voice):
        with phone(browser, site) as page:
            if voice:
                page.add_init_script(f"({VOICE})({voice!r})")
            page.goto(LESSON)
            page.get_by_role("button", name="Đọc to").tap()
            page.get_by_text("Máy này chưa có giọng đọc tiếng Việt.").wait_for()
            page.get_by_role("button", name="Đọc to").wait_for()

    def test_it_says_so_where_it_cannot_be_loaded(self, browser, site):
        with phone(browser, site, service_workers="block") as page:  # nothing is kept
            page.route("**/extras*.js", lambda route: route.abort())
            page.goto(LESSON)
            page.get_by_role("button", name="Đọc to").tap()
            page.get_by_text("Chưa tải được phần này.").wait_for()

    def test_it_reads_practice_text_and_questions_and_shows_where_it_is(self, browser, site):
        with phone(browser, site) as page:
            page.add_init_script(f"({VOICE})('vi-VN')")
            page.goto(LESSON)
            page.get_by_role("button", name="Đọc to").tap()
            assert spoken(page, 1) == ["Gọi video cho con cháu"]
            assert page.locator(".aloud").inner_text() == "Gọi video cho con cháu"
            for count in range(2, 60):
                page.evaluate("window.finish()")
                if page.get_by_role("button", name="Đọc to").is_visible():
                    break
                said = spoken(page, count)
            heard = "\n".join(said)
            for text in ("Mở ứng dụng nhắn tin Zalo.", "nhìn thấy mặt nhau", "Bạn chạm vào hình nào?", "Hình máy quay"):
                assert text in heard
            assert "Gợi ý" not in heard

    def test_a_paragraph_that_is_tapped_is_read(self, browser, site):
        with phone(browser, site) as page:
            page.add_init_script(f"({VOICE})('vi-VN')")
            page.goto(LESSON)
            page.get_by_role("button", name="Đọc to").tap()
            spoken(page, 1)
            page.get_by_text("Mở ứng dụng nhắn tin, ví dụ Zalo.").tap()
            assert spoken(page, 2)[1] == "Mở ứng dụng nhắn tin, ví dụ Zalo."
            page.evaluate("window.finish()")
            page.wait_for_timeout(200)
            assert len(page.evaluate("window.spoken")) == 2


def test_the_sound_is_off_until_it_is_wanted_and_stays_as_it_was_left(browser, site):
    with phone(browser, site) as page:
        page.goto(LESSON)
        button = page.get_by_role("button", name="Âm thanh")
        assert button.get_attribute("aria-pressed") == "false"
        button.tap()
        page.locator('[data-sound][aria-pressed="true"]').wait_for()
        page.goto("/hoc/nguoi-cao-tuoi/goi-cap-cuu/")
        assert page.get_by_role("button", name="Âm thanh").get_attribute("aria-pressed") == "true"


def test_inviting_copies_the_address_where_nothing_can_be_shared(browser, site):
    with phone(browser, site, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(LESSON)
        page.evaluate("document.querySelector('[data-end]').hidden = false")
        page.get_by_role("button", name="Mời con cháu cùng học").tap()
        page.get_by_text("Đã chép đường dẫn.").wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.endswith(LESSON) and "Gọi video cho con cháu" in copied


def test_nothing_of_it_is_loaded_before_it_is_asked_for(browser, site):
    with phone(browser, site) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(LESSON)
        page.wait_for_load_state("networkidle")
        assert not any("extras" in url for url in asked)


def test_paper_shows_what_is_folded(browser, site):
    with phone(browser, site) as page:
        page.goto("/hoc/nguoi-cao-tuoi/tin-suc-khoe/")
        text = " ".join("".join(part.extract_text() for part in PdfReader(BytesIO(page.pdf())).pages).split())
        assert "Cục An toàn thực phẩm" in text
        assert page.locator("details[open]").count() == 0


def test_no_motion_for_who_wants_none(browser, site):
    with phone(browser, site, reduced_motion="reduce") as page:
        page.goto(LESSON)
        page.evaluate("document.querySelector('[data-end]').hidden = false")
        assert page.evaluate("document.getAnimations().length") == 0
