"""Sign-in with an OpenID provider such as VNeID: a real provider, in a process of its own."""

from __future__ import annotations

import subprocess

import pytest

from hocvuso.bench.site import free_port

from .conftest import ROOT, phone, small_site
from .walking import Touch

BY = Touch()


@pytest.fixture(scope="module")
def site_and_provider(tmp_path_factory):
    """A site that trusts a provider, and the provider."""
    port = free_port()
    site = small_site(
        tmp_path_factory.mktemp("oidc"),
        "nguoi-cao-tuoi",
        HOCVUSO_OIDC_ISSUER=f"http://localhost:{port}",
        HOCVUSO_OIDC_CLIENT_ID="hocvuso",
        HOCVUSO_OIDC_CLIENT_SECRET="bi-mat-cua-phep-thu",
    )
    command = ["node", ROOT / "tests" / "npm" / "oidc.mjs", str(port), f"{site.url}/tai-khoan/dang-nhap/ngoai/ve/"]
    provider = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert provider.stdout.readline() == "ready\n"
    site.start()
    yield site
    site.kill()
    provider.kill()
    provider.communicate()


def to_provider(page) -> None:
    page.goto("/tai-khoan/dang-nhap/?next=/tai-khoan/")
    BY.press(page.get_by_role("link", name="Đăng nhập bằng VNeID"))


def test_one_identity_is_one_person(browser, site_and_provider):
    people = []
    for new in (True, False):
        with phone(browser, site_and_provider) as page:
            to_provider(page)
            page.locator("[name=login]").fill("001099012345")
            page.locator("[name=password]").fill("gì cũng được")
            BY.press(page.locator("[type=submit]"))
            BY.press(page.get_by_role("button", name="Continue"))
            page.get_by_role("heading", level=1, name="Chào bạn" if new else "Sự đồng ý của tôi").wait_for()
            people.append(page.request.get("/tai-khoan/du-lieu/tai/").json()["person"])
    assert people[0] == people[1]


def test_a_refused_consent_comes_back_with_a_sentence(browser, site_and_provider):
    with phone(browser, site_and_provider) as page:
        to_provider(page)
        BY.press(page.get_by_role("link", name="Cancel"))
        page.get_by_text("Chưa đăng nhập được bằng danh tính số.").wait_for()
        page.get_by_label("Số điện thoại hoặc thư điện tử").wait_for()


def test_an_answer_nobody_asked_for_is_refused(browser, site_and_provider):
    with phone(browser, site_and_provider) as page:
        page.goto("/tai-khoan/dang-nhap/ngoai/ve/?code=abc&state=xyz")
        page.get_by_text("Chưa đăng nhập được bằng danh tính số.").wait_for()
