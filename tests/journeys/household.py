"""A household and its phone: what its people do on it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from .line import Line
from .walking import Touch, answer_checks, kept, practise

LESSON = "/hoc/hai-bai/bai-mot/"
DONE = "Bạn đã xong bài này."
PICTURES = ("Cá", "Cá", "Chim", "Ô")


def learn(page: Page) -> None:
    """The lesson, all of it."""
    page.goto(LESSON)
    practise(page, Touch())
    answer_checks(page, Touch())
    page.get_by_text(DONE).wait_for()


def choose(page: Page, name: str) -> None:
    """In the chooser."""
    page.goto("/ai-hoc/")
    page.locator(".person", has_text=name).tap()


def add(page: Page, name: str) -> None:
    page.goto("/ai-hoc/")
    page.get_by_label("Gọi là gì").fill(name)
    page.get_by_role("button", name="Thêm", exact=True).tap()
    page.get_by_role("button", name="Xong").tap()
    page.locator(".person", has_text=name).wait_for()


def lock_up(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"Sửa {name}").tap()
    page.get_by_role("button", name="Khoá bằng bốn hình").tap()
    for _twice in range(2):
        press_pictures(page, *PICTURES)
        page.wait_for_timeout(200)
    page.get_by_text("có khoá bốn hình").wait_for()


def until_waits(page: Page, person: dict[str, str]) -> None:
    for _try in range(100):
        if kept(page, "act", person["key"]):
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing waits")


def press_pictures(page: Page, *names: str) -> None:
    for name in names:
        page.locator(".pin-key", has_text=name).tap()


def put_cookie(page: Page, line: Line, name: str, value: str) -> None:
    page.context.add_cookies([{"name": name, "value": value, "url": line.url}])


def names_in(page: Page, *cookies: str) -> list[Any]:
    return [c["name"] for c in page.context.cookies() if c["name"] in cookies]
