"""The main job: from "I want to be able to …" to a certificate that a stranger can check."""

from __future__ import annotations

import pytest

from .walking import Keyboard, Touch, answer_checks, claim, practise, queue_sent, sign_in, slow, take_test

PROGRAMME = "ky-nang-so-thiet-yeu"


@pytest.mark.parametrize("by", [Touch(), Keyboard()], ids=["touch", "keyboard"])
def test_from_a_wish_to_a_certificate_on_a_cheap_phone(page, site, by):
    slow(page)
    page.goto("/")
    by.press(page.get_by_role("link", name="Nhận ra tin nhắn và cuộc gọi lừa đảo").first)
    page.get_by_role("heading", level=1, name="Dừng, nghi, kiểm, hỏi").wait_for()
    practise(page, by)
    answer_checks(page, by)
    page.get_by_text("Bạn đã xong bài này.").wait_for()

    by.press(page.locator("[data-end]").get_by_role("link", name="Đăng nhập"))
    sign_in(page, site, by)
    claim(page, by)
    page.goto(f"/chuong-trinh/{PROGRAMME}/")
    page.locator('[data-address$="nhan-ra-lua-dao"][data-state="done"]').wait_for()

    by.press(page.get_by_role("link", name="Làm bài kiểm tra", exact=True))
    by.press(page.get_by_role("button", name="Bắt đầu"))
    take_test(page, PROGRAMME, by)
    page.get_by_text("Bạn đã đạt.").wait_for()
    by.write(page.get_by_label("Họ và tên in trên chứng nhận"), "Nguyễn Thị Hoa")
    by.press(page.get_by_role("button", name="Nhận chứng nhận"))
    page.get_by_role("heading", name="Đọc lại tên").wait_for()
    by.press(page.get_by_role("button", name="Đúng, cấp chứng nhận"))
    page.get_by_role("heading", name="Chứng nhận của bạn").wait_for()

    by.press(page.get_by_role("link", name="Trang xác minh", exact=True))
    page.get_by_text("Chứng nhận còn hiệu lực").wait_for()
    assert "Nguyễn Thị Hoa" not in page.content()


def test_what_was_done_before_signing_in_is_merged_once(page, site):
    by = Touch()
    page.goto(f"/hoc/{PROGRAMME}/nhan-ra-lua-dao/")
    practise(page, by)
    answer_checks(page, by)
    page.get_by_text("Bạn đã xong bài này.").wait_for()
    page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
    sign_in(page, site, by)
    claim(page, by)
    queue_sent(page)
    page.goto("/viec-hoc/")
    page.get_by_text("Đã xong 1 trên 12 bài").wait_for()
    export = page.request.get("/tai-khoan/du-lieu/tai/").json()
    [completions] = [line["tables"]["completion"] for line in export["processings"] if "completion" in line["tables"]]
    assert len(completions) == 1


def test_the_final_test_never_shows_its_keys(page, site):
    by = Touch()
    page.goto("/tai-khoan/dang-nhap/?next=/kiem-tra/ky-nang-so-thiet-yeu/")
    sign_in(page, site, by)
    page.goto(f"/kiem-tra/{PROGRAMME}/")
    by.press(page.get_by_role("button", name="Bắt đầu"))
    page.locator("form.check").wait_for()
    text = page.content()
    assert '"right"' not in text and "data-right" not in text and '<script type="application/json"' not in text
    bundle = page.request.get("/api/v1/catalogue").text()
    assert '"right"' not in bundle
