"""On a small phone everything that must be read or pressed after an act is in view, in every lesson, right or wrong."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .conftest import phone
from .walking import Keyboard, answer_checks, practise

SMALL = {"width": 360, "height": 640}
PLAY = Path(__file__).with_name("in_view.js").read_text("utf-8")
LESSON = "/hoc/nguoi-cao-tuoi/goi-video-cho-con/"


def lessons(page) -> list[str]:
    text = page.request.get("/api/v1/catalogue").text()
    return [urlsplit(found).path for found in re.findall(r'"url": ?"([^"]+/hoc/[^"]+)"', text)]


@pytest.mark.parametrize("rightly", [True, False], ids=["right", "wrong"])
def test_every_practice_and_question_answers_in_view(browser, site, rightly):
    faults = {}
    with phone(browser, site, viewport=SMALL) as page:
        paths = lessons(page)
        assert len(paths) >= 36
        for path in paths:
            page.goto(path)
            page.locator(".player .count").wait_for()
            played = page.evaluate(PLAY, rightly)
            if played["top"] >= 2 * SMALL["height"]:
                played["faults"].append(f"practice begins on screen {played['top'] / SMALL['height']:.1f}")
            if played["weak"] is rightly:
                played["faults"].append("the praise at the end is not true")
            if played["faults"]:
                faults[path] = played["faults"]
    assert faults == {}


def test_the_keyboard_alone_is_led_from_the_practice_to_the_end(browser, site):
    by = Keyboard()
    with phone(browser, site, viewport=SMALL) as page:
        page.goto(LESSON)
        practise(page, by)
        by.press(page.get_by_role("button", name="Đọc bài"))
        assert page.evaluate("document.activeElement.id") == "doc-bai"
        answer_checks(page, by)
        by.press(page.get_by_role("button", name="Xem kết quả"))
        assert page.evaluate("document.activeElement.textContent") == "Bạn làm được rồi!"
        page.get_by_role("heading", name="Tối nay, thử một việc thật").wait_for()


def test_the_practice_is_played_on_a_wide_screen_too(browser, site):
    with phone(browser, site, viewport={"width": 1280, "height": 800}) as page:
        page.goto(LESSON)
        practise(page, Keyboard())
        assert "Bạn làm đúng hết" in page.locator(".score").inner_text()


def test_each_new_task_is_what_is_focused(browser, site):
    with phone(browser, site, viewport=SMALL) as page:
        page.goto(LESSON)
        page.locator('.stage [data-el="nhan-tin"]').tap()
        assert page.evaluate("document.activeElement.textContent") == "Chạm vào tên Lan."
        assert page.get_by_role("heading", name="Chạm vào tên Lan.").is_visible()


def test_a_ticked_wrong_answer_looks_and_reads_wrong(browser, site):
    with phone(browser, site, viewport=SMALL) as page:
        page.goto(LESSON)
        form = page.locator("form.check").first
        plain = form.locator(".option").nth(2).evaluate("node => getComputedStyle(node).borderColor")
        form.locator("input").first.check()
        form.get_by_role("button", name="Trả lời", exact=True).tap()
        wrong = form.locator(".option").first
        assert "chưa đúng" in wrong.inner_text()
        style = wrong.evaluate("node => [getComputedStyle(node).borderStyle, getComputedStyle(node).borderColor]")
        assert style[0] == "dashed" and style[1] != plain
        form.locator("input").nth(1).check()
        assert "chưa đúng" not in form.inner_text()
