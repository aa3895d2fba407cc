"""The first minute: somebody who has never been here does something right, and finds themselves when they come back."""

from __future__ import annotations

import pytest
from playwright.sync_api import TimeoutError

from .conftest import phone
from .test_budgets import KB, Loaded, over_the_wire
from .walking import Touch, answer_checks, claim, practise, queue_sent, sign_in

SMALL = {"width": 360, "height": 640}
TOUCH = Touch()


@pytest.fixture
def small(browser, site):
    with phone(browser, site, viewport=SMALL) as page:
        page.goto("/")
        yield page


def in_view(target) -> bool:
    """Whether all of it comes to stand on the screen, with nothing over its middle."""
    stands = """(node) => {
        const box = node.getBoundingClientRect();
        const there = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return box.top >= 0 && box.bottom <= innerHeight && (node.contains(there) || there.contains(node));
    }"""
    try:
        target.page.wait_for_function(stands, arg=target.element_handle(), timeout=3000)
    except TimeoutError:
        return False
    return True


def test_who_one_is_and_what_to_try_stand_on_the_first_screen(small):
    for face in small.locator(".personas a").all():
        assert in_view(face)
    assert in_view(small.locator("[data-try] summary").first)


def test_a_win_without_account_scrolling_or_reading(small):
    def press(target):
        assert in_view(target)
        target.tap()

    press(small.locator("[data-try] > summary"))
    dialog = small.get_by_role("dialog")
    press(dialog.get_by_role("button", name="Nghe"))
    press(dialog.get_by_text("Đọc sáu số cho xong chuyện"))
    assert in_view(dialog.get_by_text("Đọc mã là họ vào được tài khoản ngay."))
    press(dialog.get_by_role("button", name="Thử lại"))
    press(dialog.get_by_text("Chạm nút đỏ, tắt máy"))
    press(dialog.get_by_role("button", name="Tiếp"))
    press(dialog.get_by_text("Gọi cho con, bằng số đã lưu"))
    press(dialog.get_by_role("button", name="Tiếp"))
    assert in_view(dialog.get_by_role("heading", name="Bạn làm được rồi!"))
    press(dialog.get_by_role("link", name="Học trọn bài này"))
    small.get_by_role("heading", level=1, name="Số lạ gọi đến, khi nào tắt máy?").wait_for()


def test_opened_before_its_script_is_here_it_does_not_stand_empty(browser, site):
    with phone(browser, site, viewport=SMALL) as page:
        held = []

        def hold(route):
            held.append(route)

        page.route("**/home*.js", hold)
        page.goto("/", wait_until="commit")
        page.locator("[data-try] > summary").tap()
        page.locator("[data-try] .trial").wait_for()
        held[0].continue_()
        page.get_by_role("dialog").get_by_role("button", name="Nghe").wait_for()


def test_what_was_answered_is_read_out_and_the_way_back_is_found(small):
    opener = small.locator("[data-try] > summary")
    opener.focus()
    small.keyboard.press("Enter")
    small.get_by_role("button", name="Từ chối").press("Enter")
    assert "không nghe cũng chẳng sao" in small.evaluate("document.activeElement.innerText")
    small.keyboard.press("Escape")
    assert opener.evaluate("node => node === document.activeElement")


def test_the_practice_needs_no_javascript(browser, site):
    with phone(browser, site, viewport=SMALL, java_script_enabled=False) as page:
        page.goto("/")
        page.locator("[data-try] > summary").tap()
        choice = page.locator(".choice", has_text="Chạm nút đỏ, tắt máy")
        assert not choice.get_by_text("Công an thật không đòi mã").is_visible()
        choice.locator("summary").tap()
        assert choice.get_by_text("Công an thật không đòi mã").is_visible()
        assert page.get_by_role("link", name="Học trọn bài này").is_visible()
        assert not page.get_by_role("button", name="Tiếp").count()


def test_one_tap_later_stands_what_such_a_person_wants(small):
    small.get_by_role("link", name="Ông bà").tap()
    small.get_by_role("heading", level=1, name="Ông bà muốn làm được việc gì?").wait_for()
    assert small.locator('main .goal[href*="/hoc/nguoi-cao-tuoi/"]').count() == 8


def test_home_knows_who_comes_back_and_who_one_is(small):
    assert small.locator("[data-known]").is_hidden()
    small.get_by_role("link", name="Ông bà").tap()
    small.get_by_role("link", name="Gọi video cho con cháu").tap()
    small.locator(".player").wait_for()
    small.goto("/")
    known = small.locator("[data-known]")
    known.wait_for()
    assert "Người cao tuổi dùng điện thoại an toàn" in known.inner_text() and "0 trên 8" in known.inner_text()
    assert "0 trên 3 bài" in known.inner_text()
    assert known.locator(".face.rose").count() == 1
    TOUCH.press(known.get_by_role("link", name="Gọi video cho con cháu"))
    small.wait_for_url("**/hoc/nguoi-cao-tuoi/goi-video-cho-con/")


def test_home_knows_an_account_on_a_phone_that_is_new_to_it(browser, site):
    with phone(browser, site) as page:
        page.goto("/hoc/nguoi-cao-tuoi/goi-video-cho-con/")
        practise(page, TOUCH)
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
        sign_in(page, site, TOUCH, phone="0977 555 777")
        claim(page, TOUCH)
        queue_sent(page)
    with phone(browser, site) as page:
        page.goto("/tai-khoan/dang-nhap/?next=/")
        sign_in(page, site, TOUCH, phone="0977 555 777")
        page.goto("/")
        page.locator("[data-known]").get_by_text("Người cao tuổi dùng điện thoại an toàn").wait_for()


def test_the_end_of_a_lesson_says_how_far_the_week_is(small):
    small.goto("/hoc/nguoi-cao-tuoi/goi-video-cho-con/")
    practise(small, TOUCH)
    answer_checks(small, TOUCH)
    assert small.locator("[data-end] .week").inner_text().split("\n") == ["Tuần này", "1 trên 3 bài"]


def test_a_programme_has_one_thing_to_begin_or_go_on_with(small):
    small.goto("/chuong-trinh/nguoi-cao-tuoi/")
    begin = small.get_by_role("link", name="Bắt đầu: Chữ to, tiếng rõ")
    assert in_view(begin)
    TOUCH.press(begin)
    practise(small, TOUCH)
    answer_checks(small, TOUCH)
    small.locator("[data-end] .week").wait_for()
    small.goto("/chuong-trinh/nguoi-cao-tuoi/")
    assert in_view(small.get_by_role("link", name="Học tiếp: Gọi, nghe máy"))


def test_large_type_is_at_the_top_and_leaves_fewer_choices(small):
    shown = "all => all.filter((node) => node.getClientRects().length).length"
    links = small.locator("main a")
    before = links.evaluate_all(shown)
    large = small.get_by_role("button", name="Aa to")
    assert in_view(large)
    large.tap()
    assert links.evaluate_all(shown) < before / 3
    first = small.locator("main .goal:visible").first
    assert first.get_attribute("href").startswith("/hoc/nguoi-cao-tuoi/")
    assert small.evaluate("document.documentElement.scrollWidth") <= SMALL["width"]


def test_the_tabs_lie_over_nothing_that_is_reached_with_the_keyboard(small):
    small.goto("/chuong-trinh/ky-nang-so-thiet-yeu/")
    for _press in range(30):
        small.keyboard.press("Tab")
        focused = small.locator(":focus")
        if focused.count() and focused.evaluate("node => !node.closest('.site-nav, .skip')"):
            assert in_view(focused), focused.inner_text()


@pytest.mark.parametrize("address", ["/", "/cho/ong-ba/"])
def test_it_is_light(site, address):
    weight, html = over_the_wire(site.url + address)
    loaded = Loaded(html).found
    weight += sum(over_the_wire(site.url + one)[0] for one in loaded)
    print(address, weight, len(loaded) + 1)
    assert weight <= 40 * KB and len(loaded) + 1 <= 6
