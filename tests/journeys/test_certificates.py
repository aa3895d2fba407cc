"""A certificate in a stranger's browser: as PDF, picture, JSON; with a line, without one, without JavaScript."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page

from .conftest import phone

# Issued at half past one in the morning in Vietnam, which is the day before in UTC; one that was revoked; one forged.
FILES = """
import json
from base64 import b64encode
from datetime import UTC, datetime
from hocvuso.base import signing
from hocvuso.credentials import documents, pdf, pictures, rules, services
from hocvuso.library.models import Programme
from hocvuso.people.models import Person
from tests.world import agreeing, take_final

def made(name):
    programme = Programme.objects.get(key="nguoi-cao-tuoi")
    return services.issue(attempt=take_final(agreeing(Person.objects.create(name=name)), programme))

def files(credential):
    kinds = {
        "pdf": pdf.render(credential),
        "png": pictures.for_holder(credential, "portrait"),
        "json": json.dumps(credential.signed, ensure_ascii=False).encode(),
    }
    return {kind: b64encode(content).decode() for kind, content in kinds.items()}

sound, revoked, forged = made("Nguyễn Thị Hoa"), made("Lê Văn Nam"), made("Trần Thị Lan")
plain = {name: value for name, value in sound.signed.items() if name != "proof"}
sound.signed = rules.with_proof(
    plain | {"awardedDate": "2026-11-28T18:30:00Z", "validFrom": "2026-11-28T18:20:00Z"},
    method=documents.method_of(sound.key), at=datetime(2026, 11, 28, 18, 20, tzinfo=UTC),
    sign=lambda data: signing.sign(sound.key.sealed, data),
)
sound.save()
services.revoke(credential=revoked, reason="sai")
forged.signed["name"] = "Tiến sĩ"
print(json.dumps({"sound": files(sound), "revoked": files(revoked), "forged": files(forged)}))
"""
KINDS = ("pdf", "png", "json")


@pytest.fixture(scope="module")
def files(site) -> dict[str, dict[str, str]]:
    made: dict[str, dict[str, str]] = json.loads(site.python(FILES))
    return made


@contextmanager
def checking(browser: Any, site: Any, **options: Any) -> Iterator[Page]:
    with phone(browser, site, timezone_id="America/New_York", **options) as page:
        page.goto("/xac-minh/")
        yield page


def check(page: Page, content: str, kind: str, name: str) -> str:
    """What the page says of a file."""
    page.locator("[name=file]").set_input_files(
        {"name": f"a.{kind}", "mimeType": "application/octet-stream", "buffer": b64decode(content)}
    )
    page.locator("[name=name]").fill(name)
    page.get_by_role("button", name="Kiểm tra").tap()
    said = page.locator("[data-checker-result]:not(:empty), [data-checker-result] .notice").first
    said.wait_for()
    return said.inner_text()


@pytest.mark.parametrize("kind", KINDS)
class TestEachKind:
    def test_it_is_valid_named_and_dated_as_in_vietnam(self, browser, site, files, kind):
        with checking(browser, site) as page:
            said = check(page, files["sound"][kind], kind, "NGUYỄN  THỊ HOA")
            assert "Chứng nhận còn hiệu lực. Tên khớp." in said and "29/11/2026" in said
            assert (
                page.url.endswith("/xac-minh/") and not page.locator(".verdict").count()
            )  # the browser itself said so

    def test_another_name_is_never_valid(self, browser, site, files, kind):
        with checking(browser, site) as page:
            said = check(page, files["sound"][kind], kind, "Nguyễn Thị Hòa")
            assert "Tên không khớp." in said and "còn hiệu lực" not in said

    def test_a_forged_one_is_forged(self, browser, site, files, kind):
        with checking(browser, site) as page:
            assert "Chữ ký không đúng." in check(page, files["forged"][kind], kind, "")

    def test_the_issuer_is_asked_when_there_is_a_line(self, browser, site, files, kind):
        with checking(browser, site) as page:
            assert "Chứng nhận không còn hiệu lực." in check(page, files["revoked"][kind], kind, "Lê Văn Nam")

    def test_without_a_line_that_is_said(self, browser, site, files, kind):
        with checking(browser, site) as page:
            page.context.set_offline(True)
            said = check(page, files["revoked"][kind], kind, "Lê Văn Nam")
            assert "Chữ ký đúng:" in said and "Tên khớp." in said and "Chưa hỏi được" in said

    @pytest.mark.parametrize("name", ["", "Nguyễn Thị Hoa", "Trần Văn Nam"])
    def test_without_javascript_the_server_says_the_same(self, browser, site, files, kind, name):
        with checking(browser, site, java_script_enabled=False) as page:
            said = check(page, files["sound"][kind], kind, name)
            assert ("còn hiệu lực" in said) is (name != "Trần Văn Nam")


@pytest.mark.parametrize("name", ["Nguyễn Thị Hoa", "Trần Văn Nam"])
def test_a_browser_without_ed25519_leaves_it_to_the_server(browser, site, files, name):
    with checking(browser, site) as page:
        page.evaluate("crypto.subtle.importKey = () => Promise.reject(new Error()), null")
        said = check(page, files["sound"]["json"], "json", name)
        page.locator(".verdict").wait_for()
        assert ("còn hiệu lực" in page.locator(".verdict").inner_text()) is (name == "Nguyễn Thị Hoa") and said


def test_the_name_on_the_paper_is_compared_without_javascript(browser, site, files):
    public = json.loads(b64decode(files["sound"]["json"]))["id"]
    with phone(browser, site, java_script_enabled=False) as page:
        page.goto(public)
        for name, words in (("nguyễn thị hoa", "Tên khớp."), ("Hoa", "Tên không khớp.")):
            page.get_by_label("Tên ghi trên giấy").fill(name)
            page.get_by_role("button", name="Đối chiếu tên").tap()
            page.get_by_text(words).wait_for()
