"""Pictures of the running product for the README: `make pictures` keeps them, every run takes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import phone

SHOTS = {"home": "/", "lesson": "/hoc/nguoi-cao-tuoi/goi-video-cho-con/"}


@pytest.fixture
def folder(request, tmp_path):
    return Path(request.config.getoption("--pictures") or tmp_path)


@pytest.mark.parametrize("name", SHOTS)
def test_a_picture_of_the_product(browser, site, folder, name):
    with phone(browser, site, device_scale_factor=2) as page:
        page.goto(SHOTS[name])
        page.wait_for_timeout(300)
        path = folder / f"{name}.png"
        page.screenshot(path=path)
    assert path.stat().st_size > 10_000
