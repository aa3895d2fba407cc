"""Gestures with fingers, a mouse and keys alone, and what is made in a practice: on the smallest phone, to the end."""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest
import yaml

from .conftest import ROOT, phone, small_site
from .test_axe import examined
from .walking import Keyboard, Touch, act_rightly, answer_checks, kept, level_at, middle, practise

SMALL = {"width": 360, "height": 640}
NEW_EDITION = """
new MutationObserver(() => document.body && (document.body.dataset.edition = "another"))
  .observe(document, { childList: true, subtree: true });
"""
PRACTICES = ROOT / "tests" / "journeys" / "practices"
GESTURES, TABLE = "/hoc/hai-bai/bai-mot/", "/hoc/hai-bai/bai-hai/"
STEPS = yaml.safe_load((PRACTICES / "gestures.yaml").read_text("utf-8"))["steps"]
TOUCH, KEYS = Touch(), Keyboard()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A site whose two lessons have every gesture, and a table to fill in."""
    source = tmp_path_factory.mktemp("source") / "hai-bai"
    shutil.copytree(ROOT / "tests" / "programmes" / "hai-bai", source)
    shutil.copy(PRACTICES / "gestures.yaml", source / "bai-mot" / "practice.yaml")
    shutil.copy(PRACTICES / "table.yaml", source / "bai-hai" / "practice.yaml")
    made = small_site(tmp_path_factory.mktemp("gestures"), os.path.relpath(source, ROOT / "content"))
    made.start()
    yield made
    made.kill()


@pytest.fixture
def small(browser, home):
    with phone(browser, home, viewport=SMALL) as page:
        yield page


def begin(page, at=0, address=GESTURES):
    """The practice, its first steps done by keys."""
    page.goto(address)
    section = page.locator("section.practice")
    section.locator(".player .count").wait_for()
    data = json.loads(section.locator("script").text_content())
    if "steps" in data:
        section.get_by_role("button", name="Làm lại").tap()  # it may have been left in the middle
        for step in data["steps"][:at]:
            act_rightly(section, data, step, KEYS)
    return section


def now(section) -> str:
    return section.locator(".say").inner_text()


def said(section) -> str:
    return section.locator(".feedback").inner_text()


class TestEveryAct:
    @pytest.mark.parametrize("by", [TOUCH, KEYS], ids=["fingers", "keys"])
    def test_all_gestures_lead_to_the_end_and_true_praise(self, small, by):
        begin(small)
        practise(small, by)
        assert "Bạn làm đúng hết" in small.locator(".score").inner_text()
        small.get_by_text("Đang gọi.", exact=True).wait_for()  # the last words are seen

    @pytest.mark.parametrize("by", [TOUCH, KEYS], ids=["fingers", "keys"])
    def test_a_table_leads_to_the_end_of_the_lesson(self, small, by):
        begin(small, address=TABLE)
        practise(small, by)
        assert small.locator(".score").inner_text() == "Bài của bạn đủ cả 5 điều."
        answer_checks(small, by)
        small.get_by_role("heading", name="Bạn làm được rồi!").wait_for()


class TestSwipe:
    def test_a_mouse_swipes(self, small):
        section = begin(small)
        x, y = middle(section.locator('[data-el="mo-khoa"]'))
        self.pull(small, (x, y), (x + 100, y))
        assert now(section) == STEPS[1]["say"]

    @pytest.mark.parametrize("far", [0, 30, -90])
    def test_what_falls_short_is_no_slip_and_shows_the_button_that_stands_in(self, small, far):
        section = begin(small)
        instead = section.get_by_role("button", name="Vuốt sang phải: Mở khoá")
        assert instead.bounding_box()["width"] <= 1
        x, y = middle(section.locator('[data-el="mo-khoa"]'))
        TOUCH.glide(small, (x, y), (x + far, y))
        assert "đặt ngón tay lên" in said(section)
        assert instead.bounding_box()["height"] >= 44
        instead.tap()
        assert now(section) == STEPS[1]["say"]
        for step in STEPS[1:]:
            act_rightly(section, {}, step, KEYS)
        assert "Bạn làm đúng hết" in section.locator(".score").inner_text()

    def test_the_button_that_stands_in_is_seen_when_the_keyboard_reaches_it(self, small):
        section = begin(small)
        KEYS.press(section.get_by_role("button", name="Vuốt sang phải: Mở khoá"))
        assert now(section) == STEPS[1]["say"]

    def test_across_its_way_the_page_scrolls_and_nothing_is_judged(self, small):
        section = begin(small)
        x, y = middle(section.locator('[data-el="mo-khoa"]'))
        before = small.evaluate("scrollY")
        TOUCH.glide(small, *((x, y - gone) for gone in range(0, 160, 20)))
        assert small.evaluate("scrollY") > before
        for right, down, button in ((70, -90, "left"), (100, 0, "right")):
            x, y = middle(section.locator('[data-el="mo-khoa"]'))
            self.pull(small, (x, y), (x + right, y + down), button=button)
            assert said(section) == "" and now(section) == STEPS[0]["say"]

    def pull(self, page, start, end, **how):
        page.mouse.move(*start)
        page.mouse.down(**how)
        page.mouse.move(*end, steps=5)
        page.mouse.up(**how)

    def test_the_wrong_thing_says_why(self, small):
        section = begin(small)
        TOUCH.swipe(section.locator('[data-el="thong-bao"]'), "left")
        assert "Đó là thông báo." in said(section)


class TestKeypad:
    def test_keys_of_a_keyboard_dial_wherever_the_focus_is(self, small):
        section = begin(small, at=1)
        small.keyboard.type("24689")
        small.keyboard.press("Backspace")
        assert section.locator(".dialled").inner_text() == "••••"
        small.keyboard.press("Enter")
        assert now(section) == STEPS[2]["say"]

    def test_keys_that_the_browser_means_something_by_dial_nothing(self, small):
        section = begin(small, at=1)
        small.keyboard.press("Control+2")
        small.keyboard.press("Alt+4")
        assert section.locator(".dialled").inner_text() == ""

    def test_a_wrong_number_says_why_and_is_gone(self, small):
        section = begin(small, at=1)
        TOUCH.dial(section.locator(".el-keypad"), "1234")
        assert "Mã này ai cũng đoán được." in said(section)
        assert section.locator(".dialled").inner_text() == ""

    def test_to_call_without_a_number_is_no_slip(self, small):
        section = begin(small, at=9)
        section.get_by_role("button", name="Gọi", exact=True).tap()
        assert "Hãy bấm số trước." in said(section)
        TOUCH.dial(section.locator(".el-keypad"), "115")
        assert "Bạn làm đúng hết" in section.locator(".score").inner_text()


class TestHold:
    def test_a_quick_tap_is_no_slip_but_says_that_it_is_too_short(self, small):
        section = begin(small, at=3)
        section.locator('[data-el="tin-con"]').tap()
        assert "hãy giữ ngón tay" in said(section)
        section.get_by_role("button", name="Giữ lâu: Mai con về").tap()
        assert now(section) == STEPS[4]["say"]

    @pytest.mark.parametrize("key", ["ContextMenu", "Shift+F10", "Space"])
    def test_keys_hold(self, small, key):
        section = begin(small, at=3)
        KEYS.reach(section.locator('[data-el="tin-con"]'))
        if key == "Space":
            small.keyboard.down(key)
            small.wait_for_timeout(900)
            small.keyboard.up(key)
        else:
            small.keyboard.press(key)
        assert now(section) == STEPS[4]["say"]

    def test_lifting_the_finger_taps_nothing_that_came_in_its_place(self, small):
        section = begin(small, at=3)
        TOUCH.hold(section.locator('[data-el="tin-con"]'))
        assert now(section) == STEPS[4]["say"]
        assert "Bảng việc hiện ra." in said(section)
        TOUCH.drag(section.locator('[data-el="sang"]'), 7)
        assert now(section) == STEPS[5]["say"]

    def test_a_press_for_a_menu_that_follows_is_no_second_act(self, small):
        section = begin(small, at=3)
        wrong = section.locator('[data-el="tin-la"]')
        small.mouse.move(*middle(wrong))
        small.mouse.down()
        section.locator(".feedback.bad").wait_for()
        wrong.dispatch_event("contextmenu")
        small.mouse.up()
        assert not section.locator(".pointed").count()

    def test_a_key_that_goes_on_after_it_held_scrolls_nothing(self, small):
        section = begin(small, at=3)
        KEYS.reach(section.locator('[data-el="tin-con"]'))
        small.keyboard.down("Space")
        section.get_by_role("heading", name=STEPS[4]["say"]).wait_for()
        before = small.evaluate("scrollY")
        for _repeat in range(3):
            small.keyboard.down("Space")
        small.wait_for_timeout(300)
        assert small.evaluate("scrollY") == before
        small.keyboard.up("Space")

    def test_to_hold_what_is_to_be_tapped_is_no_slip(self, small):
        section = begin(small, at=8)
        TOUCH.hold(section.locator('[data-el="tin-la"]'))
        assert "Chỉ chạm nhẹ một cái." in said(section) and now(section) == STEPS[8]["say"]
        TOUCH.press(section.locator('[data-el="tin-la"]'))
        TOUCH.dial(section.locator(".el-keypad"), "115")
        assert "Bạn làm đúng hết" in section.locator(".score").inner_text()

    def test_the_wrong_thing_says_why(self, small):
        section = begin(small, at=3)
        TOUCH.hold(section.locator('[data-el="tin-la"]'))
        assert "Tin ấy lừa." in said(section)


class TestSeeing:
    def style(self, section, name):
        return section.locator(".screen").evaluate("(node, name) => getComputedStyle(node)[name]", name)

    def test_a_slider_changes_the_screen_while_it_moves_and_is_judged_when_it_is_let_go(self, small):
        section = begin(small, at=4)
        dark = self.style(section, "filter")
        x, y = level_at(section.locator('[data-el="sang"]'), 1)
        end, _y = level_at(section.locator('[data-el="sang"]'), 10)
        small.mouse.move(x, y)
        small.mouse.down()
        small.mouse.move(end, y, steps=4)
        small.wait_for_timeout(400)
        assert self.style(section, "filter") != dark and said(section) == "Đúng rồi. Bảng việc hiện ra."
        small.mouse.up()
        assert "Chói quá." in said(section)

    @pytest.mark.parametrize("key", ["Enter", "Tab"])
    def test_keys_at_a_wrong_place_hear_so_with_enter_or_when_they_leave_not_by_resting(self, small, key):
        section = begin(small, at=4)
        KEYS.drag(section.locator('[data-el="sang"]'), 3)
        assert section.get_by_text("Mũi tên để chỉnh").first.is_visible()
        small.wait_for_timeout(1800)
        assert "Còn tối." not in said(section)
        small.keyboard.press(key)
        assert "Còn tối." in said(section)

    def test_what_moves_it_without_keys_or_a_finger_comes_to_the_right_place_without_a_slip(self, small):
        section = begin(small, at=4)
        for level in range(2, 7):
            self.move(section.locator('[data-el="sang"]'), level)
        assert now(section) == STEPS[5]["say"]
        for step in STEPS[5:]:
            act_rightly(section, {}, step, KEYS)
        assert "Bạn làm đúng hết" in section.locator(".score").inner_text()

    def move(self, slider, level):
        """As a screen reader does: the value changes, and the page hears so."""
        slider.evaluate("(node, level) => (node.value = level)", level)
        slider.dispatch_event("input")
        slider.dispatch_event("change")

    def test_another_slider_goes_back(self, small):
        section = begin(small, at=4)
        TOUCH.drag(section.locator('[data-el="chu"]'), 9)
        assert "Đó là cỡ chữ." in said(section)
        assert section.locator('[data-el="chu"]').input_value() == "2"

    def test_a_screen_reader_hears_the_level(self, small):
        section = begin(small, at=4)
        assert section.get_by_role("slider", name="Độ sáng").get_attribute("aria-valuetext") == "nấc 1 trên 10"

    def test_letters_grow_the_ground_darkens_and_colours_go_and_stay_so_after_a_reload(self, small):
        section = begin(small, at=5)
        size, ground = self.style(section, "fontSize"), self.style(section, "backgroundColor")
        for step in STEPS[5:8]:
            act_rightly(section, {}, step, KEYS)
        small.reload()
        section.locator(".player .count").wait_for()
        small.wait_for_timeout(500)
        assert float(self.style(section, "fontSize")[:-2]) > 1.2 * float(size[:-2])
        assert self.style(section, "backgroundColor") != ground
        assert "grayscale" in self.style(section, "filter")


class TestMaking:
    def fill(self, section, *rows):
        for row, cells in zip(section.locator("tbody tr").all(), rows, strict=False):
            for field, cell in zip(row.locator("input").all(), cells, strict=False):
                field.fill(cell)

    def test_what_is_missing_is_said_and_one_may_write_on_or_stop(self, small):
        section = begin(small, address=TABLE)
        self.fill(section, ("Bán rau", "300.000", ""), ("Mua gạo", "", "120.000"))
        section.get_by_role("button", name="Kiểm tra").tap()
        assert re.findall(r"Chưa đủ: còn 2 trên 3|Chưa đủ ba khoản|Cột chi", said(section)) == [
            "Chưa đủ: còn 2 trên 3",
            "Chưa đủ ba khoản",
            "Cột chi",
        ]
        section.get_by_role("button", name="Để chưa đủ").tap()
        section.get_by_role("button", name="Xem bài mẫu").tap()
        assert section.locator(".score").inner_text() == "Bài mới được 1 trên 5 điều, chưa đủ. Ta viết thêm nhé."
        assert "Chưa đủ ba khoản." in section.locator(".missed").inner_text()
        assert "Mua gạo" in section.locator(".made").first.inner_text()
        section.get_by_role("button", name="Viết thêm").tap()
        assert section.locator("tbody input").nth(3).input_value() == "Mua gạo"

    def test_a_new_edition_of_the_lesson_finds_what_was_written(self, small):
        section = begin(small, address=TABLE)
        self.fill(section, ("Bán khoai", "300000", ""))
        small.wait_for_timeout(300)
        small.add_init_script(NEW_EDITION)
        for _visit in range(2):
            small.reload()
            section.locator(".player .count").wait_for()
            assert small.evaluate("document.body.dataset.edition") == "another"
            assert section.locator("tbody input").first.input_value() == "Bán khoai"

    def test_it_lies_on_the_device_alone_outlasts_a_reload_and_can_be_taken_along(self, small):
        sent = []
        small.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
        small.context.grant_permissions(["clipboard-read", "clipboard-write"])
        section = begin(small, address=TABLE)
        section.get_by_text("chỉ ở trong máy này").wait_for()
        self.fill(section, ("Bán khoai", "300000", ""))
        small.wait_for_timeout(300)
        small.reload()
        assert section.locator("tbody input").first.input_value() == "Bán khoai"
        section.get_by_role("button", name="Kiểm tra").tap()
        section.get_by_role("button", name="Để chưa đủ").tap()
        section.get_by_role("button", name="Xem bài mẫu").tap()
        section.get_by_role("button", name="Sao chép bài của tôi").tap()
        section.get_by_text("Đã chép.").wait_for()
        assert small.evaluate("navigator.clipboard.readText()").startswith("Bán khoai | 300000")
        acts = [row["statement"] for row in kept(small, "act")]
        assert [a["result"]["score"]["scaled"] for a in acts if "practice" in a["object"]["id"]] == [0.2]
        assert "khoai" not in json.dumps([acts, sent])
        section.get_by_role("button", name="Xoá bài").tap()
        section.get_by_text("Đã xoá bài").wait_for()
        small.wait_for_timeout(300)
        assert "khoai" not in json.dumps(kept(small, "lesson"))
        small.reload()
        assert section.locator("tbody input").first.input_value() == ""

    def test_nothing_written_scores_nothing_whatever_is_ticked(self, small):
        section = begin(small, address=TABLE)
        section.get_by_role("button", name="Kiểm tra").tap()
        assert "còn 3 trên 3" in said(section)
        assert small.evaluate("document.activeElement.textContent") == "Kiểm tra lại"
        section.get_by_role("button", name="Để chưa đủ").tap()
        for n in range(2):
            section.get_by_role("checkbox").nth(n).check()
        section.get_by_role("button", name="Xem bài mẫu").tap()
        assert section.locator(".score").inner_text() == "Bài mới được 0 trên 5 điều, chưa đủ. Ta viết thêm nhé."

    def test_what_is_changed_has_to_be_looked_at_again_and_can_be_erased(self, small):
        section = begin(small, address=TABLE)
        self.fill(section, ("Rau", "3", ""), ("Gạo", "", "2"), ("Điện", "", "1"), (), ("3", "3"))
        section.get_by_role("button", name="Kiểm tra").tap()
        section.get_by_role("button", name="Tự chấm").wait_for()
        self.fill(section, ("Rau",))
        assert said(section) == "" and section.get_by_role("button", name="Kiểm tra").is_visible()
        section.get_by_role("button", name="Xoá bài").tap()
        assert section.locator("tbody input").first.input_value() == ""


def test_a_player_that_does_not_come_leaves_what_is_to_be_done_to_be_read(browser, home):
    with phone(browser, home, viewport=SMALL, service_workers="block") as page:
        page.route("**/later/simulation*.js", lambda route: route.abort())
        page.goto(GESTURES)
        page.get_by_text("Chưa tải được phần tập làm.").wait_for()
        assert page.locator(".practice .plain ol > li").first.is_visible()


def test_a_player_that_cannot_begin_leaves_it_to_be_read_too(browser, home):
    broken = "export default (kit, section) => { kit.stage(section); throw new Error('broken'); };"
    with phone(browser, home, viewport=SMALL, service_workers="block") as page:
        page.route("**/later/simulation*.js", lambda route: route.fulfill(body=broken, content_type="text/javascript"))
        page.goto(GESTURES)
        page.get_by_text("Chưa tải được phần tập làm.").wait_for()
        assert page.locator(".practice .plain ol > li").first.is_visible()
        assert not page.locator(".practice .player").is_visible()


def test_no_state_of_them_has_a_finding_of_axe(browser, home):
    with examined(browser, home) as examiner:
        page = examiner.page
        for code in ("en", "vi"):
            examiner.language(code)
            for at in (0, 1, 3, 4):
                section = begin(page, at=at)
                examiner.look(f"step {at}")
            section = begin(page)
            section.locator('[data-el="mo-khoa"]').tap()
            examiner.look("a button stands in")
            section = begin(page, address=TABLE)
            examiner.look("a table")
            section.locator(".actions button").tap()
            examiner.look("checked")
            section.locator(".actions button").last.tap()
            examiner.look("to be ticked")
            section.locator(".actions button").first.tap()
            examiner.look("beside the exemplar")
