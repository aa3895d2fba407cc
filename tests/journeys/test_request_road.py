"""A resident is stuck, asks on the phone, is helped by the ward, and says how it was."""

from __future__ import annotations

from .conftest import phone
from .test_axe import examined
from .walking import Touch, sign_in, sign_in_to_work

BY = Touch()
OFFICER, WARD = "0987 654 329", "UBND-00004"  # Phường Ba Đình, Hà Nội
STUCK = "Có người gọi xưng công an, bảo tôi chuyển tiền. Tôi phải làm sao?"


def live_in_the_ward(page):
    """The place is chosen once, from the page that needs it."""
    page.get_by_role("link", name="Chọn nơi ở").tap()
    page.get_by_label("Nơi ở (tỉnh").select_option("01")
    page.get_by_role("button", name="Chọn tỉnh rồi chọn xã, phường").tap()
    page.get_by_label("Xã, phường").select_option("00004")
    page.get_by_role("button", name="Lưu").tap()
    page.get_by_label("Việc bạn cần giúp").wait_for()


def ask(page):
    """In one's own words; lessons that may help are there at once."""
    page.get_by_label("Loại việc").select_option("safety")
    page.get_by_label("Việc bạn cần giúp").fill(STUCK)
    page.get_by_role("button", name="Gửi", exact=True).tap()
    page.get_by_text("Mấy bài này có thể giúp được ngay").wait_for()
    offered = [link.get_attribute("href") for link in page.locator(".said a").all()]
    assert len(offered) == 3 and offered[0] == "/hoc/ky-nang-so-thiet-yeu/nhan-ra-lua-dao/"


def help_from_the_wards_page(page):
    """The morning brief says that somebody waits; two presses lead to the request."""
    page.goto("/dieu-hanh/xa/")
    assert page.get_by_text("Người dân đang chờ có người nhận giúp: 1.").is_visible()
    page.get_by_role("link", name=STUCK).tap()
    page.get_by_role("button", name="Tôi nhận việc này").tap()
    page.get_by_label("Lời nhắn, hoặc").fill("Bác đừng chuyển tiền. Chiều nay tổ qua nhà bác.")
    page.get_by_role("button", name="Đã giúp xong").tap()
    page.get_by_role("status").filter(has_text="Đã ghi là xong").wait_for()


def test_from_the_question_to_the_rating(browser, site):
    site.run("grant", OFFICER, "officer", WARD)
    with examined(browser, site) as resident, phone(browser, site) as officer:
        page = resident.page
        page.goto("/tai-khoan/dang-nhap/?next=/nho-giup/")
        sign_in(page, site, BY)
        resident.both("/nho-giup/")
        live_in_the_ward(page)
        resident.both()
        ask(page)
        resident.both()
        sign_in_to_work(officer, site, BY, OFFICER)
        help_from_the_wards_page(officer)
        page.reload()
        assert page.get_by_text("Chiều nay tổ qua nhà bác.").is_visible()
        resident.both()
        page.get_by_label("5", exact=True).check()
        page.get_by_role("button", name="Gửi đánh giá").tap()
        page.get_by_text("Bạn đã đánh giá 5 trên 5").wait_for()
        officer.reload()
        assert officer.get_by_text("5/5").is_visible()
