"""Whoever signs out on a phone that others use leaves nothing behind the button Back."""

from __future__ import annotations

import pytest

from .walking import Touch, sign_in, sign_out

TOUCH = Touch()


@pytest.mark.parametrize("path", ["/viec-hoc/", "/tai-khoan/du-lieu/", "/tai-khoan/"])
def test_back_shows_nothing_of_the_person(page, site, path):
    page.goto(f"/tai-khoan/dang-nhap/?next={path}")
    sign_in(page, site, TOUCH)
    page.goto(path)
    heading = page.locator("h1").inner_text()
    sign_out(page, TOUCH)
    for _back in range(3):
        page.go_back()
        assert page.locator("h1").inner_text() != heading
