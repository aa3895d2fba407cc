"""Pages that a device keeps: opened, saved, and as they stood before."""

from __future__ import annotations

from playwright.sync_api import Page

from .walking import Touch, until

PROGRAMME = "nguoi-cao-tuoi"
LESSON = f"/hoc/{PROGRAMME}/goi-va-luu-so/"
CONTROLLED = """new Promise((done) => navigator.serviceWorker.controller
  ? done() : navigator.serviceWorker.addEventListener("controllerchange", () => done()))"""
IS_KEPT = "path => caches.open('hv-pages').then((c) => c.match(path)).then(Boolean)"


def put_page(page: Page, path: str, pin: str) -> None:
    """A page on this device, saved with that programme, whose words are old."""
    page.evaluate(
        """async ([path, pin]) => { const c = await caches.open("hv-pages"); const a = await c.match("/");
        const note = { pin, bytes: 1, opened: 1, since: 1, files: [], title: path };
        await c.put(path, new Response(await a.text(), { headers: { "Content-Type": "text/html",
          "Hv-Kept": encodeURIComponent(JSON.stringify(note)) } })); }""",
        [path, pin],
    )


def pins(page: Page) -> list[str]:
    """Of each kept lesson, the programme with which it was saved."""
    return page.evaluate(
        """async () => { const c = await caches.open("hv-pages"); const found = [];
        for (const r of await c.keys()) if (r.url.includes("/hoc/")) found.push(JSON.parse(
          decodeURIComponent((await c.match(r)).headers.get("Hv-Kept"))).pin); return found; }"""
    )


def save(page: Page, by: Touch) -> None:
    """Save the whole programme of the lesson at hand."""
    by.press(page.get_by_role("button", name="Lưu vào máy"))
    page.get_by_text("Đã lưu cả chương trình").wait_for()


def until_kept(page: Page, path: str) -> None:
    until(page, IS_KEPT, path)
