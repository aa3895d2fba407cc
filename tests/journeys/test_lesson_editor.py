"""The lesson editor of the studio by itself: what is typed, pasted and moved becomes text, and the text is kept.

The answers of the site are put on by hand here, also those it seldom gives: no line, a session that ended, two who
changed the same place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

DIST = Path(__file__).parents[2] / "frontend" / "dist"
HOME = "http://studio.localhost"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
TEXT = "Gọi video là gọi điện.\n\n*  Dấu\n*  riêng\n\n::: warning\nTắt máy.\n:::\n\nCuối bài.\n"
PARTS = {"items": [{"key": "c1", "use": "check", "stem": "Chạm hình nào?"}], "practice": {}, "pictures": {}}
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Bài</title><link rel="stylesheet" href="/app.css">
<link rel="stylesheet" href="/studio.css"><script type="module" src="/studio.js"></script>
<main class="wrap"><p data-save-state role="status"></p><div data-lesson-checks></div>
<form method="post" action="/bai/" data-lesson-editor data-version="{version}"
data-pictures="/hinh/" data-preview="/xem/">
<input type="hidden" name="csrfmiddlewaretoken" value="x"><input type="hidden" name="version" value="{version}">
<input type="hidden" name="base" value="{base}">
<textarea name="text">\n{text}</textarea><button>Lưu</button></form>
<script type="application/json" id="lesson-parts">{parts}</script></main>"""
WORD = """<p class=MsoNormal><b>Đậm</b> <span style='font-style:italic'>nghiêng</span><o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.</span>Một</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.</span>Hai</p><h1>Đề</h1>"""


@dataclass
class Stage:
    """What the site answers: `way` is stored, conflict, ended or broken."""

    page: Page
    text: str = TEXT
    version: int = 1
    way: str = "stored"
    given_back: str = ""
    sent: list[dict[str, str]] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        request = route.request
        name = request.url.removeprefix(HOME + "/")
        if (DIST / name).is_file():
            route.fulfill(path=DIST / name)
        elif name == "bai/" and "json" in request.headers["accept"]:
            self.data(route)
        elif name == "bai/":
            shown, base = escape(self.given_back or self.text), escape(self.text)
            page = PAGE.format(version=self.version, text=shown, base=base, parts=json.dumps(PARTS))
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(body=page, content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.fulfill(status=404)

    def data(self, route: Route) -> None:
        if self.way == "broken":
            return route.abort()
        if self.way == "ended":
            return route.fulfill(status=403, body="<p>Hết phiên</p>", content_type="text/html")
        status = 200
        if route.request.method == "POST":
            parts = re.findall(r'name="(\w+)"\r\n\r\n(.*?)\r\n--', route.request.post_data or "", re.DOTALL)
            sent = {name: value.replace("\r\n", "\n") for name, value in parts}
            self.sent.append(sent)
            if self.way == "conflict" and int(sent["version"]) != self.version:
                status = 409
            else:
                self.text, self.version = sent["text"], self.version + 1
        told = {"version": self.version, "text": self.text, "by": "Lan", "at": "2026-11-30T14:05:00+07:00"}
        finding = {"level": "refusal", "what": "câu dài", "line": 7}
        return route.fulfill(status=status, json=told | {"merged": False, "findings": [finding], "minutes": 5.4})

    @property
    def written(self) -> str:
        return self.page.locator("[name=text]").input_value()

    def to_end_of(self, words: str) -> None:
        self.page.locator(".article p", has_text=words).click()
        self.page.keyboard.press("End")

    def open(self) -> None:
        self.page.goto(HOME + "/bai/")
        expect(self.page.locator(".article")).to_be_visible()

    def says(self, words: str) -> None:
        expect(self.page.locator("[data-save-state]")).to_contain_text(words)


@pytest.fixture
def stage(browser) -> Iterator[Stage]:
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    made = Stage(page)
    context.route("**/*", made.answer)
    made.open()
    yield made
    context.close()
    assert faults == []


def test_what_is_typed_is_saved_and_nothing_else_changes(stage):
    stage.to_end_of("Tắt máy.")
    assert stage.sent == []
    stage.page.keyboard.type(" **Gọi lại** số quen.")
    stage.says("Đã lưu lúc")
    assert stage.text == TEXT.replace("Tắt máy.", "Tắt máy. **Gọi lại** số quen.")
    assert stage.sent[0]["base"] == TEXT


def test_a_box_comes_from_the_menu_and_is_left_by_enter(stage):
    stage.to_end_of("Gọi video")
    keyboard = stage.page.keyboard
    keyboard.press("Enter")
    keyboard.type("/canh")
    keyboard.press("Enter")
    keyboard.type("Coi chừng.")
    keyboard.press("Enter")
    keyboard.press("Enter")
    keyboard.type("Sau khung")
    keyboard.press("Enter")
    keyboard.type("---")
    assert "điện.\n\n::: warning\nCoi chừng.\n:::\n\nSau khung\n\n---\n\n*  Dấu" in stage.written


def test_backspace_where_a_box_begins_takes_it_away_and_undo_brings_back_every_byte(stage):
    stage.to_end_of("Tắt máy.")
    stage.page.keyboard.press("Home")
    stage.page.keyboard.press("Backspace")
    assert "riêng\n\nTắt máy.\n\nCuối" in stage.written
    stage.page.keyboard.press("Control+z")
    assert stage.written == TEXT


def test_blocks_move_by_keys(stage):
    stage.to_end_of("Cuối bài.")
    stage.page.keyboard.press("Alt+ArrowUp")
    assert stage.written.endswith("*  riêng\n\nCuối bài.\n\n::: warning\nTắt máy.\n:::\n")


def test_what_comes_from_word_is_what_a_lesson_holds(stage):
    stage.to_end_of("Cuối bài.")
    stage.page.keyboard.press("Enter")
    stage.page.evaluate(
        """html => { const data = new DataTransfer(); data.setData("text/html", html);
        document.querySelector(".article").dispatchEvent(
          new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })) }""",
        WORD,
    )
    assert stage.written.endswith("Cuối bài.\n\n**Đậm** *nghiêng*\n\n1. Một\n2. Hai\n\n## Đề\n")


def test_a_finding_leads_to_its_block(stage):
    stage.page.get_by_role("button", name="câu dài").click()
    stage.page.keyboard.type("Đây: ")
    assert "::: warning\nĐây: Tắt máy.\n:::" in stage.written


def test_as_source_and_back(stage):
    stage.page.get_by_role("button", name="Sửa dạng chữ").click()
    stage.page.locator("[name=text]").fill(TEXT + "\n::: question c1\n:::\n")
    stage.page.get_by_role("button", name="Sửa dạng chữ").click()
    expect(stage.page.locator(".part")).to_contain_text("Chạm hình nào?")
    stage.says("Đã lưu lúc")
    assert stage.text == TEXT + "\n::: question c1\n:::\n"


def test_anothers_words_come_in_and_the_cursor_stays(stage):
    stage.to_end_of("Cuối bài.")
    stage.text, stage.version = TEXT.replace("điện.", "điện mà thấy mặt."), 2
    stage.page.evaluate("dispatchEvent(new Event('focus'))")
    stage.says("Lan vừa sửa")
    stage.page.keyboard.type(" Hết.")
    assert stage.written == stage.text.replace("Cuối bài.", "Cuối bài. Hết.")


def test_where_two_changed_one_place_both_are_shown(stage):
    stage.way, stage.version = "conflict", 2
    stage.text = TEXT.replace("Tắt máy.", "Tắt máy ngay.").replace("điện.", "điện thoại.")
    stage.to_end_of("Tắt máy.")
    stage.page.keyboard.type(" Gọi lại.")
    stage.says("cùng sửa một chỗ")
    stage.page.keyboard.type(" Ngay.")
    stage.page.get_by_role("button", name="Giữ chữ của tôi").click()
    stage.page.get_by_role("button", name="Lưu bản đã chọn").click()
    stage.says("Đã lưu lúc")
    assert stage.text == TEXT.replace("Tắt máy.", "Tắt máy. Gọi lại. Ngay.").replace("điện.", "điện thoại.")
    assert stage.sent[-1]["version"] == "2"


def test_without_a_line_it_stays_on_the_device_and_is_offered_again(stage):
    stage.way = "broken"
    stage.to_end_of("Cuối bài.")
    stage.page.keyboard.type(" Hết.")
    stage.says("Chưa gửi được, chữ của bạn còn ở máy này")
    stage.way = "stored"
    stage.text, stage.version = TEXT.replace("điện.", "điện thoại."), 2
    stage.page.context.set_offline(True)
    stage.page.goto("about:blank")
    stage.page.context.set_offline(False)
    stage.text, stage.version, stage.sent = TEXT.replace("điện.", "điện thoại."), 2, []
    stage.open()
    stage.page.get_by_role("button", name="Đưa vào bài").click()
    stage.says("Đã lưu lúc")
    assert stage.text == TEXT.replace("điện.", "điện thoại.").replace("Cuối bài.", "Cuối bài. Hết.")
    stage.open()
    stage.page.wait_for_timeout(300)
    assert stage.page.get_by_role("button", name="Đưa vào bài").count() == 0


def test_what_an_open_page_still_holds_is_offered_to_no_other(stage):
    stage.way = "broken"
    stage.to_end_of("Cuối bài.")
    stage.page.keyboard.type(" Hết.")
    stage.says("Chưa gửi được")
    beside = Stage(stage.page.context.new_page())
    beside.open()
    offer = beside.page.get_by_role("button", name="Đưa vào bài")
    beside.page.wait_for_timeout(300)
    assert offer.count() == 0
    stage.page.close()
    beside.open()
    expect(offer).to_be_visible()


def test_a_form_that_came_back_unsaved_is_saved(stage):
    stage.given_back = TEXT.replace("Cuối bài.", "Cuối bài. Hết.")
    stage.open()
    stage.says("Đã lưu lúc")
    assert stage.text == stage.given_back
    assert stage.sent[-1]["base"] == TEXT


def test_a_session_that_ended_is_told_and_saving_goes_on_after(stage):
    stage.way = "ended"
    stage.to_end_of("Cuối bài.")
    stage.page.keyboard.type(" Hết.")
    stage.says("Phiên đăng nhập đã hết")
    stage.way = "stored"
    stage.page.evaluate("dispatchEvent(new Event('focus'))")
    stage.says("Đã lưu lúc")
    assert stage.text.endswith("Cuối bài. Hết.\n")
