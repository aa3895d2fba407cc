"""What people do on the pages, by touch or with the keyboard alone."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
import yaml
from playwright.sync_api import CDPSession, Locator, Page

CONTENT = Path(__file__).parents[2] / "content"
PHONES = iter(f"0912 345 {number:03}" for number in range(1000))


class Touch:
    """A finger."""

    def press(self, target: Locator) -> None:
        target.scroll_into_view_if_needed()
        target.tap()

    def choose(self, target: Locator) -> None:
        self.press(target)

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def glide(self, page: Page, *points: tuple[float, float], stay: int = 0) -> None:
        """Put the finger down, move it along points in the view, stay there for a while, lift it."""
        line = page.context.new_cdp_session(page)
        for n, (x, y) in enumerate([*points, points[-1]]):
            kind = "touchMove" if n else "touchStart"
            line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
            page.wait_for_timeout(30)
        page.wait_for_timeout(max(stay, 200))  # lifted while it moves, a finger flings, and the next tap only ends that
        line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        line.detach()
        page.wait_for_timeout(300)

    def swipe(self, target: Locator, way: str) -> None:
        x, y = middle(target)
        right, down = WAYS[way]
        self.glide(target.page, *((x + right * gone, y + down * gone) for gone in range(0, 100, 20)))

    def hold(self, target: Locator) -> None:
        self.glide(target.page, middle(target), stay=900)

    def drag(self, target: Locator, level: int) -> None:
        start, y = level_at(target, int(target.input_value()))
        end, _y = level_at(target, level)
        self.glide(target.page, *((start + (end - start) * part / 5, y) for part in range(6)))

    def dial(self, keypad: Locator, number: str) -> None:
        for digit in number:
            self.press(keypad.locator(".key").filter(has_text=re.compile(f"^{re.escape(digit)}")))
        self.press(keypad.locator(".go"))


class Keyboard:
    """No pointer at all: Tab to the target, Enter or Space on it."""

    def reach(self, target: Locator) -> None:
        page = target.page
        for _press in range(400):
            if target.evaluate("node => node === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached with Tab")

    def press(self, target: Locator) -> None:
        self.reach(target)
        target.page.keyboard.press("Enter")

    def choose(self, target: Locator) -> None:
        """Radio buttons of a group are one Tab stop; arrows go on inside it."""
        page = target.page
        if target.get_attribute("type") == "radio":
            group = page.locator(f'input[name="{target.get_attribute("name")}"]')
            checked = group.locator("xpath=self::*[@checked]")
            self.reach(checked.first if checked.count() else group.first)
            page.keyboard.press("Space")
            for _press in range(group.count()):
                if target.is_checked():
                    return
                page.keyboard.press("ArrowDown")
        self.reach(target)
        page.keyboard.press("Space")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        target.page.keyboard.type(text)

    def swipe(self, target: Locator, way: str) -> None:
        self.reach(target)
        target.page.keyboard.press(f"Arrow{way.capitalize()}")

    def hold(self, target: Locator) -> None:
        self.reach(target)
        target.page.keyboard.down("Enter")
        target.page.wait_for_timeout(900)
        target.page.keyboard.up("Enter")

    def drag(self, target: Locator, level: int) -> None:
        self.reach(target)
        away = level - int(target.input_value())
        for _press in range(abs(away)):
            target.page.keyboard.press("ArrowRight" if away > 0 else "ArrowLeft")

    def dial(self, keypad: Locator, number: str) -> None:
        self.reach(keypad.locator(".key").first)
        keypad.page.keyboard.type(number)
        self.press(keypad.locator(".go"))


WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def middle(target: Locator) -> tuple[float, float]:
    """The middle of what is in view."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def level_at(slider: Locator, level: int) -> tuple[float, float]:
    """Where the thumb of a slider of 0 to 10 lies at a level; a thumb is 16 wide."""
    x, y = middle(slider)
    box = slider.bounding_box()
    assert box is not None
    return x + (level / 10 - 0.5) * (box["width"] - 16), y


def slow(page: Page) -> CDPSession:
    """Slow 3G: 400 kbit/s, 400 ms. Returns the session that also tells what goes over the wire."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000},
    )
    return line


def introduce(page: Page, by: Touch | Keyboard) -> None:
    """Answer the two questions of a first sign-in, where they are asked."""
    if urlsplit(page.url).path != "/tai-khoan/sua/":
        return
    if page.locator("#position").count():  # somebody who holds a role
        by.write(page.locator("#name"), "Người của đường đi")
        by.write(page.locator("#position"), "Chuyên viên")
    by.press(page.get_by_role("button", name="Tiếp tục"))
    page.wait_for_url(lambda url: urlsplit(url).path != "/tai-khoan/sua/")


def claim(page: Page, by: Touch | Keyboard) -> None:
    """Say that what was just done on this device is one's own, and wait until it is sent."""
    by.press(page.get_by_role("button", name="Đúng, của tôi"))
    page.locator("[data-whose]").wait_for(state="detached")


def sign_in(page: Page, site: Any, by: Touch | Keyboard, phone: str | None = None) -> None:
    """From the sign-in page to where one wanted to go."""
    by.write(page.get_by_label("Số điện thoại hoặc thư điện tử"), phone or next(PHONES))
    by.press(page.get_by_role("button", name="Gửi mã cho tôi"))
    page.get_by_label("Mã", exact=True).wait_for()
    by.write(page.get_by_label("Mã", exact=True), site.code())
    by.press(page.get_by_role("button", name="Đăng nhập"))
    page.wait_for_url(lambda url: "dang-nhap" not in url)
    introduce(page, by)
    if "/tai-khoan/dong-y/" in page.url:
        by.press(page.get_by_role("button", name="Tôi đồng ý"))
        page.wait_for_url(lambda url: "/tai-khoan/dong-y/" not in url)


def sign_in_to_work(page: Page, site: Any, by: Touch | Keyboard, phone: str) -> None:
    """As somebody with a role who signs in for the first time: code, then the second factor, set up and shown."""
    page.goto("/tai-khoan/dang-nhap/?next=/dieu-hanh/")
    sign_in(page, site, by, phone=phone)
    by.write(page.get_by_label("Mã", exact=True), pyotp.TOTP(page.locator("code").inner_text()).now())
    by.press(page.get_by_role("button", name="Xong"))
    page.wait_for_url(lambda url: "buoc-hai" not in url)
    introduce(page, by)


def sign_out(page: Page, by: Touch | Keyboard) -> None:
    """From the account's page back home."""
    page.goto("/tai-khoan/")
    by.press(page.get_by_role("button", name="Đăng xuất", exact=True))
    page.wait_for_url(lambda url: urlsplit(url).path == "/")


# Rows of the device's own database whose keys begin so; none while it was never opened.
KEPT = """async (begin) => {
  if (!(await indexedDB.databases()).some(({ name }) => name === "hocvuso")) return [];
  const asked = (request) => new Promise((tell, fail) => {
    request.onsuccess = () => tell(request.result);
    request.onerror = () => fail(request.error);
  });
  const db = await asked(indexedDB.open("hocvuso"));
  const rows = await asked(db.transaction("rows").objectStore("rows").getAll(IDBKeyRange.bound(begin, [...begin, []])));
  db.close();
  return rows;
}"""


def kept(page: Page, *begin: str) -> list[dict[str, Any]]:
    """What the device keeps: `act` (what waits to be sent), `lesson`, `person`; of one person, when named."""
    return page.evaluate(KEPT, list(begin))


def until(page: Page, script: str, *arguments: Any, seconds: float = 15) -> None:
    """Ask the page until it says yes, also by a promise, which `wait_for_function` takes for one."""
    for _try in range(int(seconds * 10)):
        if page.evaluate(script, *arguments):
            return
        page.wait_for_timeout(100)
    raise AssertionError(script)


def queue_sent(page: Page) -> None:
    """Wait until nothing of whoever is signed in waits to be sent any more."""
    account = next((c["value"] for c in page.context.cookies() if c["name"] == "hv_in"), "")
    for _try in range(100):
        if not kept(page, "act", account):
            return
        page.wait_for_timeout(100)
    raise AssertionError("statements still wait to be sent")


def practise(page: Page, by: Touch | Keyboard) -> None:
    """Do the practice of a lesson rightly, whatever its kind."""
    section = page.locator("section.practice")
    section.locator(".player .count").wait_for()  # the page is here, whole
    data = json.loads(section.locator("script").text_content() or "")
    {"simulation": _simulation, "inbox": _inbox, "chat": _chat, "making": _making}[data["kind"]](section, data, by)
    section.locator(".score").wait_for()


def _simulation(section: Locator, data: dict[str, Any], by: Touch | Keyboard) -> None:
    for step in data["steps"]:
        act_rightly(section, data, step, by)


def act_rightly(section: Locator, data: dict[str, Any], step: dict[str, Any], by: Touch | Keyboard) -> None:
    """One step of a simulation, as it asks."""
    act = next(name for name in ("tap", "field", "dial", "swipe", "hold", "drag") if step.get(name))
    target = section.locator(f'.stage [data-el="{step[act]}"]')
    match act:
        case "tap":
            by.press(target)
        case "field":
            by.write(target, step["type"][0])
            section.page.keyboard.press("Enter")
        case "dial":
            by.dial(target, step["type"][0])
        case "swipe":
            by.swipe(target, target.get_attribute("data-way") or "")
        case "hold":
            by.hold(target)
        case "drag":
            low, high = step.get("at_least", 0), step.get("at_most", 10)
            by.drag(target, (low + high) // 2)


def _making(section: Locator, data: dict[str, Any], by: Touch | Keyboard) -> None:
    if data.get("columns"):
        *parts, total = [line.split("|") for line in data["exemplar"].splitlines()]
        rows = section.locator("tbody tr").all()
        for row, cells in [*zip(rows, parts, strict=False), (rows[-1], total)]:
            for field, cell in zip(row.locator("input").all(), cells[-row.locator("input").count() :], strict=True):
                by.write(field, cell.strip())
    else:
        by.write(section.locator("textarea"), data["exemplar"])
    by.press(section.get_by_role("button", name="Kiểm tra"))
    by.press(section.get_by_role("button", name="Tự chấm"))
    for n in range(len(data["rubric"])):
        by.choose(section.get_by_role("checkbox").nth(n))
    by.press(section.get_by_role("button", name="Xem bài mẫu"))


def _inbox(section: Locator, data: dict[str, Any], by: Touch | Keyboard) -> None:
    for message in data["messages"]:
        by.press(section.locator(f'[data-bin="{message["bin"]}"]'))
        by.press(section.locator(".actions button").first)


def _chat(section: Locator, data: dict[str, Any], by: Touch | Keyboard) -> None:
    for turn in data["turns"]:
        good = next(n for n, reply in enumerate(turn["replies"]) if reply.get("good"))
        by.press(section.locator(".replies button").nth(good))
        by.press(section.locator(".actions button").first)


def answer_checks(page: Page, by: Touch | Keyboard) -> None:
    """Answer every question of the lesson rightly."""
    for form in page.locator("form.check").all():
        data = json.loads(form.locator("script").text_content() or "")
        if data["type"] == "order":
            for place in range(form.locator(".option.order").count()):
                _move(form.locator(f'[data-option="{place}"]'), place + 1, by)
        for n in data["right"]:
            by.choose(form.locator(f'input[value="{n}"]'))
        by.press(form.get_by_role("button", name="Trả lời", exact=True))
        form.locator(".feedback.good, .feedback.bad").wait_for()


@cache
def _bank(programme: str) -> dict[str, dict[str, Any]]:
    """Every test item of a programme's source, by its stem: the page itself never tells what is right."""
    files = (CONTENT / programme).glob("*/items.yaml")
    items = [item for file in files for item in yaml.safe_load(file.read_text("utf-8")) if item["use"] == "test"]
    return {" ".join(item["stem"].split()): item for item in items}


def _put_in_order(form: Locator, sequence: list[str], by: Touch | Keyboard) -> None:
    """Lines are moved up by their arrows; without JavaScript each is given the number of its place."""
    for place, line in enumerate(sequence, 1):
        row = form.locator(".option.order").filter(has=form.page.get_by_text(" ".join(line.split()), exact=True))
        if row.locator("select").count():
            row.locator("select").focus()
            form.page.keyboard.type(str(place))
            continue
        _move(row, place, by)


def _move(row: Locator, place: int, by: Touch | Keyboard) -> None:
    """A line to its place, counted from 1, by its arrow up."""
    while row.locator(".place").inner_text() != str(place):
        by.press(row.locator(".arrow").first)


def choose_rightly(page: Page, programme: str, by: Touch | Keyboard) -> None:
    """Fill the open question of a test in rightly, without sending it."""
    form = page.locator("form.check")
    item = _bank(programme)[" ".join((form.locator("h1").text_content() or "").split())]
    if item["type"] == "order":
        _put_in_order(form, item["sequence"], by)
    else:
        for option in item["options"]:
            if option.get("right"):
                by.choose(form.get_by_label(option["text"].strip(), exact=True))


def answer_question(page: Page, programme: str, by: Touch | Keyboard) -> None:
    """Answer the open question of a test rightly."""
    choose_rightly(page, programme, by)
    with page.expect_navigation(wait_until="domcontentloaded"):
        by.press(page.locator("form.check").get_by_role("button", name="Trả lời", exact=True))


def take_test(page: Page, programme: str, by: Touch | Keyboard) -> None:
    """All questions of a final test, and hand it in."""
    page.locator("form.check").wait_for()
    while page.locator("form.check").count():
        answer_question(page, programme, by)
    by.press(page.get_by_role("button", name="Nộp bài"))
    page.wait_for_url("**/ket-qua/")
