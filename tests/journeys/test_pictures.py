"""Pictures of the running product for the README: `make pictures` keeps them, every run takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

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
