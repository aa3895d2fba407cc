"""Pictures of the running product for the README: `make pictures` keeps them, every run takes them."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest

from .walking import Touch, sign_in

SHOTS = {
    "home": ("/", 1000),
    "lesson": ("/hoc/ky-nang-so-thiet-yeu/nhan-ra-lua-dao/#thuc-hanh", 400),
    "programme": ("/chuong-trinh/ky-nang-so-thiet-yeu/", 1000),
}


@pytest.fixture
def folder(request, tmp_path):
    return Path(request.config.getoption("--pictures") or tmp_path)


@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_of_the_product(page, folder, name):
    address, width = SHOTS[name]
    page.set_viewport_size({"width": width, "height": 760})
    page.goto(address)
    page.wait_for_timeout(300)
    path = folder / f"{name}.png"
    page.screenshot(path=path)
    assert path.stat().st_size > 10_000


def test_a_picture_of_steering(page, site, folder):
    by = Touch()
    phone = "0912 999 001"
    site.run("grant", phone, "inspector", "BGDDT")
    page.goto("/tai-khoan/dang-nhap/?next=/dieu-hanh/tong-quan/")
    sign_in(page, site, by, phone)
    page.get_by_label("Mã", exact=True).fill(pyotp.TOTP(page.locator("code").inner_text()).now())
    page.get_by_role("button", name="Xong").tap()
    page.wait_for_url(lambda url: "buoc-hai" not in url)
    page.set_viewport_size({"width": 1200, "height": 900})
    page.goto("/dieu-hanh/tong-quan/")
    page.locator(".tile-map").wait_for()
    page.screenshot(path=folder / "steering.png")
