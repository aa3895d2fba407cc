"""A new author: from an empty studio to a lesson as learners see it; then two in one text, and a laptop that is shut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from .conftest import Site, phone, small_site
from .walking import Touch, sign_in_to_work

BY = Touch()
AN, BINH = "0911 222 001", "0911 222 002"
WIDE = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture(scope="module")
def ministry(tmp_path_factory) -> Iterator[Site]:
    """An installation with two authors at the ministry."""
    made = small_site(tmp_path_factory.mktemp("studio"), "nguoi-cao-tuoi")
    for address in (AN, BINH):
        made.run("grant", address, "author", "BGDDT")
    made.start()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def desks(browser, ministry) -> Iterator[list[Page]]:
    """Both at their laptops, signed in."""
    with ExitStack() as open_:
        pages = [open_.enter_context(phone(browser, ministry, **WIDE)) for _one in range(2)]
        for page, address in zip(pages, (AN, BINH), strict=True):
            sign_in_to_work(page, ministry, BY, address)
        yield pages


def saved(page: Page) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text("Đã lưu", timeout=10_000)


def written(page: Page, text: str) -> None:
    """A paragraph after the first, typed and saved."""
    page.locator(".ProseMirror > p").first.click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    with page.expect_response(lambda answer: answer.request.method == "POST" and text in (answer.json()["text"])):
        page.keyboard.type(text)
    saved(page)


def test_from_an_empty_studio_to_a_lesson(desks):
    page = desks[0]
    page.goto("/bien-soan/")
    page.get_by_role("link", name="Chương trình mới").click()
    page.get_by_label("Tên chương trình").fill("Gọi hình cho cháu")
    page.get_by_label("Dạy cho ai").select_option("elderly")
    page.get_by_role("button", name="Bắt đầu soạn").click()
    page.get_by_label("Mã").first.fill("GH-01")
    page.get_by_label("Năng lực").first.select_option(index=1)
    page.get_by_label("Bậc").first.fill("1")
    page.get_by_label("Học xong làm được gì").first.fill("Gọi hình cho con cháu")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name="Thêm bài").click()
    page.get_by_label("Tên bài").fill("Gọi đi")
    page.get_by_label("Để làm được gì").select_option("GH-01")
    page.get_by_label("Tên chương mới").fill("Gọi")
    page.get_by_role("button", name="Lưu").click()
    page.wait_for_url("**/bai/goi-di/")
    expect(page.locator("[data-lesson-checks]")).to_contain_text("chưa viết: title_en")
    written(page, "Cháu nghe máy rồi.")
    expect(page.frame_locator("[data-lesson-preview]").locator("body")).to_contain_text("Cháu nghe máy rồi.")


def test_two_write_in_one_lesson_and_nothing_is_lost(desks):
    an, binh = desks
    an.goto("/bien-soan/")
    an.get_by_role("link", name="Gọi hình cho cháu").click()
    an.get_by_role("link", name="Gọi đi").click()
    binh.goto(an.url)
    written(an, "An viết câu này.")
    binh.locator(".ProseMirror h2").first.click()
    binh.keyboard.press("End")
    binh.keyboard.type(": Bình viết câu kia.")
    saved(binh)
    for page in desks:
        page.reload()
        for said in ("An viết câu này.", "Bình viết câu kia."):
            expect(page.locator(".ProseMirror")).to_contain_text(said)


def test_a_laptop_shut_in_mid_sentence_loses_at_most_two_seconds(desks, ministry):
    page = desks[0]
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("Một câu dài gõ mãi chưa xong mà máy đã tắt mất rồi", delay=60)
    page.wait_for_timeout(2000)
    url = page.url
    page.goto("about:blank")
    desks[1].goto(url)
    expect(desks[1].locator(".ProseMirror")).to_contain_text(re.compile("máy đã tắt mất rồi"))
