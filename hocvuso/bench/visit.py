"""A first visit in a real browser on slow 3G: what goes over the wire, and when something is seen."""

from __future__ import annotations

import shutil
from statistics import median
from typing import Any

from .figures import Figure

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PHONE = {"width": 360, "height": 740}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
KEYS = [("first_visit.bytes", "bytes", 40_000), ("first_visit.requests", "", 6), ("first_visit.fcp_ms", "ms", 2000)]


def first_visit(url: str, *, times: int) -> list[Figure]:
    """Bytes, requests and first contentful paint of a visit with nothing in the cache; medians of several."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return _without("Playwright is not installed")
    if found is None:
        return _without("no Chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        visits = [_visit(browser, url) for _ in range(times)]
        browser.close()
    return [
        Figure(key, median(values), unit, limit)
        for (key, unit, limit), values in zip(KEYS, zip(*visits, strict=True), strict=True)
    ]


def _without(why: str) -> list[Figure]:
    return [Figure(key, None, unit, limit, missing=why) for key, unit, limit in KEYS]


def _visit(browser: Any, url: str) -> tuple[float, float, float]:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    page = context.new_page()
    line = context.new_cdp_session(page)
    sizes: dict[str, float] = {}
    line.on("Network.requestWillBeSent", lambda e: sizes.setdefault(e["requestId"], 0))
    line.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    page.goto(url, wait_until="networkidle")
    paint = page.evaluate(FIRST_PAINT)
    context.close()
    return sum(sizes.values()), len(sizes), paint
