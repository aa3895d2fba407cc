"""Who comes, each by their own way, on a small phone and a slow line."""

from __future__ import annotations

import pytest

from .conftest import phone
from .saving import save
from .walking import Keyboard, Touch, answer_checks, practise, slow

TOUCH, KEYS = Touch(), Keyboard()
FOR_ELDERS, LESSON = "/chuong-trinh/nguoi-cao-tuoi/", "/hoc/nguoi-cao-tuoi/goi-video-cho-con/"


@pytest.fixture(params=[640, 740])
def page(request, browser, site):
    with phone(browser, site, viewport={"width": 360, "height": request.param}) as opened:
        slow(opened)
        yield opened


def learned(page, by):
    """From the top of a lesson to its last screen."""
    practise(page, by)
    answer_checks(page, by)
    page.locator("[data-end]").get_by_text("Bạn đã xong bài này.").wait_for()


def test_a_grandmother_in_large_type_learns_what_she_wants(page):
    page.goto("/")
    page.get_by_role("button", name="Aa to").tap()
    TOUCH.press(page.get_by_role("link", name="Gọi video cho con cháu").first)
    page.get_by_role("heading", level=1).wait_for()
    assert page.evaluate("document.documentElement.dataset.elder") == "1"
    learned(page, TOUCH)


def test_a_pupil_goes_from_his_face_to_the_end_of_a_lesson_and_to_the_next(page):
    page.goto("/")
    TOUCH.press(page.get_by_role("link", name="Học sinh đang đi học"))
    page.get_by_role("heading", name="Bạn học sinh muốn làm được việc gì?").wait_for()
    TOUCH.press(page.locator('main a[href*="/hoc/hoc-sinh-thcs/"]').first)
    page.locator(".player .count").wait_for()
    first = page.url
    learned(page, TOUCH)
    TOUCH.press(page.locator("[data-end]").get_by_role("link", name="Bài tiếp theo:"))
    page.wait_for_url(lambda url: url != first)


def test_a_student_finds_and_learns_with_the_keyboard_alone(page):
    page.goto("/")
    KEYS.write(page.get_by_role("searchbox").first, "lua dao")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1).wait_for()
    KEYS.press(page.locator('main a[href*="/nhan-ra-lua-dao/"]').first)
    page.get_by_role("heading", level=1, name="Dừng, nghi, kiểm, hỏi").wait_for()
    learned(page, KEYS)


def test_a_farmer_takes_lessons_to_the_field_where_there_is_no_line(page):
    page.goto(LESSON)
    save(page, TOUCH)
    page.context.set_offline(True)
    page.goto("/da-luu/")
    TOUCH.press(page.locator('main a[href*="/goi-va-luu-so/"]').first)
    page.locator(".player .count").wait_for()
    learned(page, TOUCH)


def test_an_employer_is_told_that_a_paper_proves_nothing(page, tmp_path):
    forged = tmp_path / "chung-nhan.json"
    forged.write_text('{"type": ["VerifiableCredential"], "credentialSubject": {"name": "Nguyễn Văn Giả"}}', "utf-8")
    page.goto("/")
    TOUCH.press(page.get_by_role("link", name="Xác minh chứng nhận"))
    page.get_by_role("heading", level=1, name="Xác minh chứng nhận").wait_for()
    page.wait_for_load_state("networkidle")
    page.locator("input[type=file]").set_input_files(forged)
    TOUCH.press(page.get_by_role("button", name="Kiểm tra", exact=True))
    page.locator("[data-checker-result]").get_by_text("Không đọc được chứng nhận này.").wait_for()


def test_a_foreigner_is_told_in_english_what_a_lesson_is_about_and_in_which_language(page):
    page.goto("/")
    TOUCH.press(page.get_by_role("button", name="English"))
    page.get_by_role("heading", name="Who are you?").wait_for()
    page.goto(LESSON)
    page.get_by_text("This lesson is in Vietnamese").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_blind_woman_hears_each_task_and_what_her_act_was_worth(page):
    page.goto(LESSON)
    page.locator(".player .count").wait_for()
    page.wait_for_load_state("networkidle")
    heard = """() => { window.heard = []; const line = document.querySelector(".practice [role=status]");
        new MutationObserver(() => line.textContent && heard.push(line.textContent)).observe(line, {childList: true});
        document.addEventListener("focusin", ({ target }) => heard.push(target.textContent)); }"""
    page.evaluate(heard)
    tasks = page.evaluate("JSON.parse(document.querySelector('.practice script').textContent).steps.map((s) => s.say)")
    practise(page, KEYS)
    said = page.evaluate("heard")
    assert [task for task in tasks[1:] if task not in said] == []
    assert sum("Đúng rồi." in words for words in said) == len(tasks) - 1
    assert "Bạn làm đúng hết" in page.evaluate("document.activeElement.textContent")
