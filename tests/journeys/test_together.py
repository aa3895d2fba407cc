"""Learning together: an invitation that greets, and two people at one phone."""

from __future__ import annotations

import pytest

from .conftest import phone
from .test_budgets import KB, over_the_wire
from .walking import Touch, answer_checks, practise

TOUCH = Touch()
SMALL = {"width": 360, "height": 640}
PATH, LESSON = "/chuong-trinh/nguoi-cao-tuoi/", "/hoc/nguoi-cao-tuoi/cuoc-goi-la/"


@pytest.fixture
def small(browser, site):
    with phone(browser, site, viewport=SMALL) as page:
        yield page


def take_turns(page, first="Bà", second="Cháu"):
    page.get_by_role("button", name="Học hai người").tap()
    page.get_by_label("Ai làm trước?").fill(first)
    page.get_by_label("Ai làm sau?").fill(second)
    page.get_by_role("button", name="Bắt đầu").tap()


def test_an_invitation_is_shared_with_who_invites_whom(small):
    small.add_init_script("navigator.share = async (what) => { window.shared = what; };")
    small.goto(PATH)
    small.get_by_text("Mời người thân cùng học").tap()
    small.get_by_label("Ai mời ai?").select_option("Con mời mẹ")
    small.get_by_role("button", name="Gửi lời mời").tap()
    shared = small.evaluate("shared")
    assert shared["text"].startswith("Con mời mẹ cùng học: ") and shared["url"].endswith(f"{PATH}#moi=con-me")


def test_where_a_phone_cannot_share_the_invitation_is_copied(browser, site):
    with phone(browser, site, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.add_init_script("Object.defineProperty(navigator, 'share', { value: undefined });")
        page.goto(PATH)
        page.get_by_text("Mời người thân cùng học").tap()
        page.get_by_role("button", name="Gửi lời mời").tap()
        page.get_by_text("Đã chép lời mời. Hãy dán vào tin nhắn.").wait_for()
        assert "#moi=chau-ba" in page.evaluate("navigator.clipboard.readText()")


def test_whoever_comes_by_it_reads_who_sent_it(small):
    small.goto(f"{LESSON}#moi=chau-ba")
    small.get_by_text("Cháu mời bà học bài này.").wait_for()


def test_words_of_strangers_are_not_shown(small):
    small.goto(f"{LESSON}#moi=<b>Gửi tiền cho tôi</b>")
    small.wait_for_load_state("networkidle")
    assert small.locator(".notice.good:visible").count() == 0


def test_without_a_script_the_address_can_be_copied(browser, site):
    with phone(browser, site, java_script_enabled=False) as page:
        page.goto(PATH)
        page.get_by_text("Mời người thân cùng học").tap()
        assert page.locator(".invite code").inner_text().endswith(PATH)


def test_each_step_says_whose_it_is_and_the_end_names_both(small):
    small.goto(LESSON)
    take_turns(small, second="Na")
    small.evaluate(
        """() => {
            const turn = document.querySelector("[data-practice] .turn");
            window.turns = [turn.textContent];
            new MutationObserver(() => turns.push(turn.textContent)).observe(turn, { childList: true });
        }"""
    )
    practise(small, TOUCH)
    *turns, end = small.evaluate("turns")
    assert len(turns) > 3 and all(turn == ("Lượt của bà", "Lượt của Na")[n % 2] for n, turn in enumerate(turns))
    assert end == "Bà và Na đã cùng làm xong."
    answer_checks(small, TOUCH)
    small.locator("[data-end] .turn").filter(has_text="Bà và Na đã cùng học xong bài này.").wait_for()


def test_whose_turn_it_is_stays_in_view(small):
    small.goto(LESSON)
    take_turns(small)
    small.locator("[data-practice] .player button").last.scroll_into_view_if_needed()
    top = small.locator("[data-practice] .turn").bounding_box()["y"]
    assert 0 <= top <= SMALL["height"]


def test_the_two_go_on_in_the_next_lesson_and_stop_when_they_like(small):
    small.goto(LESSON)
    take_turns(small)
    small.goto("/hoc/nguoi-cao-tuoi/goi-cap-cuu/")
    small.get_by_role("button", name="Thôi, học một mình").tap()
    assert small.locator(".turn").count() == 0
    assert small.evaluate("sessionStorage.length") == 0


def test_names_stay_in_the_tab(small):
    asked = []
    small.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))
    small.goto(LESSON)
    take_turns(small, first="Bà Đào")
    small.reload()
    small.get_by_text("Bà Đào và cháu đang học chung máy này.").wait_for()
    assert not any("Đào" in line or "%C4%90" in line for line in asked)
    assert "Đào" not in small.evaluate("JSON.stringify(localStorage)")


def test_nothing_of_it_is_loaded_before_somebody_asks(small):
    asked = []
    small.on("request", lambda request: asked.append(request.url))
    small.goto(LESSON)
    small.wait_for_load_state("networkidle")
    assert asked and not any("together" in address for address in asked)


def test_it_weighs_little_when_it_is_asked_for(small, site):
    small.goto(LESSON)
    weight, _text = over_the_wire(site.url + small.locator("button[data-together]").get_attribute("data-together"))
    assert weight <= 4 * KB


def test_english_readers_are_offered_english_words_of_kin(browser, site):
    with phone(browser, site) as page:
        page.context.add_cookies([{"name": "hv_lang", "value": "en", "url": site.url}])
        page.goto(LESSON)
        page.get_by_role("button", name="Learn in twos").tap()
        assert page.get_by_label("Who goes first?").input_value() == "Grandma"
        page.get_by_role("button", name="Start").tap()
        turn = page.locator("[data-practice] .turn")
        assert turn.inner_text() == "Grandma, your turn" and turn.get_attribute("lang") == "en"


def test_what_could_not_be_loaded_says_so(browser, site):
    with phone(browser, site, viewport=SMALL, service_workers="block") as small:  # what a worker loads is not stopped
        small.goto(LESSON)
        small.route("**/together*.js", lambda route: route.abort())
        small.get_by_role("button", name="Học hai người").tap()
        small.get_by_text("Chưa tải được phần này.").wait_for()
