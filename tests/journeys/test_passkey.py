"""A passkey of a (virtual) device: added, signed in with, removed."""

from __future__ import annotations

from .conftest import phone
from .walking import Touch, sign_in, sign_out

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_signs_in(browser, own_site):
    by = Touch()
    with phone(browser, own_site) as page:
        line = page.context.new_cdp_session(page)
        line.send("WebAuthn.enable")
        device = line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
        page.goto("/tai-khoan/dang-nhap/?next=/tai-khoan/khoa/")
        sign_in(page, own_site, by)
        page.get_by_label("Đặt tên cho thiết bị này").fill("Điện thoại của Hoa")
        by.press(page.get_by_role("button", name="Thêm khoá truy cập"))
        page.get_by_text("Điện thoại của Hoa").wait_for()
        sign_out(page, by)

        page.goto("/tai-khoan/dang-nhap/?next=/tai-khoan/khoa/")
        by.press(page.get_by_role("button", name="Đăng nhập bằng khoá truy cập"))
        page.get_by_text("Điện thoại của Hoa").wait_for()

        by.press(page.get_by_role("button", name="Xoá"))
        page.get_by_text("Bạn chưa có khoá truy cập nào.").wait_for()
        sign_out(page, by)
        page.goto("/tai-khoan/dang-nhap/")
        by.press(page.get_by_role("button", name="Đăng nhập bằng khoá truy cập"))
        page.get_by_text("Khoá truy cập này không được chấp nhận.").wait_for()

        line.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
        by.press(page.get_by_role("button", name="Đăng nhập bằng khoá truy cập"))
        page.get_by_text("Bạn đã dừng lại.").wait_for()


def test_no_passkeys_are_offered_where_browsers_give_none(page):
    """Browsers give passkeys to sites with a name only, not to an address of numbers."""
    page.goto("/tai-khoan/dang-nhap/")
    page.get_by_role("button", name="Gửi mã cho tôi").wait_for()
    assert page.locator("[data-passkey]").is_hidden()
