"""A lesson to listen to, with the real voice: it plays, shows where it is, begins where one taps, and is kept."""

from __future__ import annotations

import re

import pytest

from .conftest import phone, small_site
from .saving import CONTROLLED
from .test_axe import examined

PROGRAMME = "../tests/programmes/hai-bai"
LESSON = "/hoc/hai-bai/bai-mot/"
PAGE = LESSON + "nghe/"
NOW = "document.querySelector('audio').currentTime"
SOUNDS = """
from hocvuso.ops import worker
print(worker.drain())
"""


@pytest.fixture(scope="module")
def speaking(tmp_path_factory):
    """A site that speaks, with its lessons spoken by the command that does long work."""
    site = small_site(tmp_path_factory.mktemp("speaking"), PROGRAMME, HOCVUSO_SPEECH="built-in")
    assert site.python(SOUNDS).strip() == "1"
    site.start()
    yield site
    site.kill()


def test_it_plays_and_lights_what_is_said(browser, speaking):
    with phone(browser, speaking) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(LESSON)
        page.get_by_role("link", name="Nghe bài này").tap()
        page.wait_for_url("**" + PAGE)
        page.get_by_text("Chạm vào một đoạn để nghe từ đó.").wait_for()
        assert not [url for url in asked if url.endswith(".weba")]
        page.get_by_role("button", name="Nghe", exact=True).tap()
        page.wait_for_function(f"() => {NOW} > 1")
        assert page.locator("h1.now").count() == 1
        page.get_by_role("button", name="1,25×").tap()
        assert page.evaluate("document.querySelector('audio').playbackRate") == 1.25
        page.get_by_role("button", name="Dừng").tap()
        page.wait_for_function("() => document.querySelector('audio').paused")
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_paragraph_that_is_tapped_is_said_from_there_and_by_key_too(browser, speaking):
    with phone(browser, speaking) as page:
        page.goto(PAGE)
        piece = page.locator(".piece").nth(4)
        piece.locator("p, h2").tap()
        at = float(piece.get_attribute("data-at"))
        page.wait_for_function(f"() => {NOW} > {at + 0.3}")
        assert "now" in piece.get_attribute("class") and piece.get_attribute("aria-current") == "true"
        other = page.locator(".piece").nth(2)
        other.get_by_role("link").focus()
        page.keyboard.press("Enter")
        at = float(other.get_attribute("data-at"))
        page.wait_for_function(f"() => {NOW} > {at} && {NOW} < {at + 3}")
        assert page.url.endswith(PAGE)


def test_who_cannot_hear_the_device_is_led_there(browser, speaking):
    with phone(browser, speaking) as page:
        page.goto(LESSON)
        page.get_by_role("button", name="Đọc to").tap()
        status = page.locator("[data-aloud-status]")
        status.get_by_text("Máy này chưa có giọng đọc tiếng Việt.").wait_for()
        status.get_by_role("link", name="Nghe bài này").tap()
        page.wait_for_url("**" + PAGE)


@pytest.mark.parametrize(("width", "elder"), [(320, False), (360, True), (1280, False)])
def test_anybody_can_use_it(browser, speaking, width, elder):
    with examined(browser, speaking) as examiner:
        page = examiner.page
        page.set_viewport_size({"width": width, "height": 640})
        if elder:
            page.locator("[data-toggle=elder]").tap()
        examiner.both(PAGE)
        page.get_by_role("button", name="Nghe", exact=True).tap()
        page.wait_for_function(f"() => {NOW} > 0.5")
        examiner.look("while it plays")


def test_without_javascript_the_browser_s_own_player_is_there(browser, speaking):
    with phone(browser, speaking, java_script_enabled=False) as page:
        page.goto(PAGE)
        audio = page.locator("audio")
        assert audio.is_visible() and audio.get_attribute("controls") is not None
        assert not page.get_by_role("button", name="Nghe", exact=True).is_visible()
        assert re.search(r"Khoảng \d+ phút, [\d,]+ MB", page.locator("main").inner_text())


def test_what_is_kept_is_heard_without_a_line(browser, speaking):
    with phone(browser, speaking) as page:
        page.goto(PAGE)
        page.evaluate(CONTROLLED)
        assert not page.evaluate("caches.match(document.querySelector('audio').src).then(Boolean)")
        page.get_by_role("button", name="Giữ trên máy").tap()
        page.get_by_text("Mất mạng vẫn nghe được.").wait_for()
        page.context.set_offline(True)
        page.goto(PAGE)
        page.get_by_role("button", name="Nghe", exact=True).tap()
        page.wait_for_function(f"() => {NOW} > 1")
        page.locator(".from").last.tap()
        page.wait_for_function(f"() => {NOW} > {float(page.locator('.piece').last.get_attribute('data-at'))}")
        page.goto("/da-luu/")
        page.get_by_role("heading", name="Bài để nghe").wait_for()
