"""The budgets that keep it honest: weight, requests, first paint, narrow screens, no JavaScript."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest

from .conftest import phone
from .walking import Touch, sign_in, slow, take_test

KB = 1024
LESSON = "/hoc/ky-nang-so-thiet-yeu/nhan-ra-lua-dao/"
HEAVIEST = "/hoc/ky-nang-so-thiet-yeu/vneid/"
OF_EACH_KIND = [
    LESSON,
    "/hoc/ky-nang-so-thiet-yeu/thanh-toan-qr/",
    "/hoc/nguoi-cao-tuoi/cuoc-goi-la/",
    "/hoc/ai-cho-moi-nguoi/hoi-ai-cho-ro/",
]
FIRST_PAINT = """new Promise((tell) => new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByName("first-contentful-paint")) tell(entry.startTime);
}).observe({type: "paint", buffered: true}))"""
LOADED = {("link", "href"), ("script", "src"), ("img", "src")}
NAMED = {"canonical", "apple-touch-icon"}  # links that a page does not load


class Loaded(HTMLParser):
    """Addresses of what a page loads before it can be read in full."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if dict(attrs).get("rel") not in NAMED:
            self.found |= {value for name, value in attrs if (tag, name) in LOADED and value}


def over_the_wire(url: str) -> tuple[int, str]:
    """Bytes of an answer as a browser asks for it: headers, and the body as compressed; and the body as text."""
    with urlopen(Request(url, headers={"Accept-Encoding": "br, gzip"}), timeout=10) as answer:
        body = answer.read()
        headers = len(str(answer.headers))
    with urlopen(url, timeout=10) as answer:
        return len(body) + headers, answer.read().decode()


@pytest.fixture(scope="module")
def catalogue(site):
    """Every published programme: its lessons' paths."""
    _weight, text = over_the_wire(site.url + "/api/v1/catalogue")
    lessons = [urlsplit(found).path for found in re.findall(r'"url": "([^"]+/hoc/[^"]+)"', text)]
    by_programme = defaultdict(list)
    for path in lessons:
        by_programme[path.split("/")[2]].append(path)
    return by_programme


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("lesson", [LESSON, HEAVIEST])
def test_a_first_visit_on_slow_3g(page, site, lesson, language):
    page.context.add_cookies([{"name": "hv_lang", "value": language, "url": site.url}])
    answers, weights = {}, {}
    line = slow(page)
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    line.on("Network.responseReceived", lambda e: answers.update({e["requestId"]: e}))
    line.on("Network.loadingFinished", lambda e: weights.update({e["requestId"]: e["encodedDataLength"]}))
    page.goto(lesson)
    paint = page.evaluate(FIRST_PAINT)
    scripts = sum(weights[n] for n, e in answers.items() if e["type"] == "Script")
    measured = {"bytes": sum(weights.values()), "requests": len(answers), "scripts": scripts, "fcp_ms": paint}
    print(measured)
    assert measured["bytes"] <= 40 * KB
    assert measured["requests"] <= 6
    assert scripts <= 15 * KB
    assert paint <= 2000


def test_every_lesson_is_light(site, catalogue):
    shared: dict[str, int] = {}
    weights = {}
    for path in sum(catalogue.values(), []):
        weight, html = over_the_wire(site.url + path)
        loaded = Loaded(html).found
        for address in loaded - shared.keys():
            shared[address] = over_the_wire(urljoin(site.url, address))[0]
        weights[path] = weight + sum(shared[address] for address in loaded)
        assert len(loaded) + 1 <= 6
        assert sum(shared[address] for address in loaded if address.endswith(".js")) <= 15 * KB
    heaviest = max(weights, key=weights.__getitem__)
    print(heaviest, weights[heaviest])
    assert len(weights) >= 36 and weights[heaviest] <= 40 * KB


def test_a_whole_programme_fits_a_phone(page, catalogue):
    for programme in catalogue:
        offline = page.request.get(f"/hoc/{programme}/offline.json").json()
        kept = sum(len(page.request.get(address).body()) for address in offline["urls"])
        print(programme, kept)
        assert kept <= 10 * KB * KB
        assert 0 < offline["bytes"] < kept


def public_pages(page) -> list[str]:
    """Every page a stranger can reach by links from home, and those that no link leads to."""
    queue = ["/", "/thanh-phan/", "/khong-co-trang-nay/", "/tim/?q=lua+dao", "/tim/?q=zzzz"]
    for path in queue:
        for link in re.findall(r'<a [^>]*href="([^"]+)"', page.request.get(path).text()):
            there = urlsplit(urljoin(page.url, urljoin(path, link)))
            ours = there.netloc == urlsplit(page.url).netloc and there.path.endswith("/")
            personal = there.path.startswith(("/tai-khoan/", "/viec-hoc/")) and there.path != "/tai-khoan/dang-nhap/"
            if ours and not personal and there.path not in queue:
                queue.append(there.path)
    return queue


def test_no_page_scrolls_sideways_on_the_narrowest_phone(browser, site, catalogue):
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    faults = []
    with phone(browser, site, viewport={"width": 320, "height": 640}) as page:
        page.goto("/")
        pages = public_pages(page)
        assert {path for lessons in catalogue.values() for path in lessons} <= set(pages)
        for path in pages:
            page.goto(path)
            plain = page.evaluate(wide)
            page.evaluate("document.documentElement.dataset.elder = '1'")
            faults += [(path, plain, page.evaluate(wide))] if plain or page.evaluate(wide) else []
    assert faults == []


def test_reading_needs_no_javascript(browser, site):
    with phone(browser, site, java_script_enabled=False) as page:
        for path in OF_EACH_KIND:
            page.goto(path)
            assert page.locator(".article > p").first.is_visible()
            assert page.locator(".practice .plain ol > li").count() >= 3
            for details in (page.locator(".practice details").first, page.locator("form.check details").first):
                assert not details.locator("p").first.is_visible()
                details.locator("summary").click()
                assert details.locator("p").first.is_visible()
            assert not page.get_by_role("button", name="Trả lời", exact=True).count()


def test_the_final_test_needs_no_javascript(browser, site):
    by = Touch()
    with phone(browser, site, java_script_enabled=False) as page:
        page.goto("/kiem-tra/nguoi-cao-tuoi/")
        by.press(page.get_by_role("button", name="Bắt đầu"))
        sign_in(page, site, by)
        page.goto("/kiem-tra/nguoi-cao-tuoi/")
        by.press(page.get_by_role("button", name="Bắt đầu"))
        take_test(page, "nguoi-cao-tuoi", by)
        page.get_by_text("Bạn đã đạt.").wait_for()
