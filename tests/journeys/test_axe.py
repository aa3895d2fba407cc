"""No page has a finding of axe-core or scrolls sideways: every kind of page and state, both themes, both languages."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pyotp
import pytest
from django.urls import resolve
from playwright.sync_api import Page

from .conftest import phone
from .walking import Touch, answer_checks, answer_question, practise, queue_sent, sign_in

AXE = Path(__file__).parents[1] / "npm" / "node_modules" / "axe-core" / "axe.min.js"
LEADER = "0987 654 321"
TOUCH = Touch()
PUBLIC = [
    "/",
    "/cho/ong-ba/",
    "/cho/lam-an/",
    "/chuong-trinh/",
    "/chuong-trinh/nguoi-cao-tuoi/",
    "/hoc/nguoi-cao-tuoi/cuoc-goi-la/huong-dan/",
    "/hoc/nguoi-cao-tuoi/cuoc-goi-la/trinh-chieu/",
    "/hoc/nguoi-cao-tuoi/cuoc-goi-la/nghe/",
    "/tim/",
    "/tim/?q=lua+dao",
    "/tim/?q=zzzz",
    "/khung-nang-luc/",
    "/khung-nang-luc/tt02-2025/",
    "/khung-nang-luc/tt02-2025/1.1/",
    "/xac-minh/",
    "/xac-minh/00000000-0000-7000-8000-000000000000",
    "/tai-khoan/dang-nhap/",
    "/kiem-tra/nguoi-cao-tuoi/",
    "/nho-giup/",
    "/gioi-thieu/",
    "/thanh-phan/",
    "/khong-co-trang-nay/",
]
MINE = [
    "/viec-hoc/",
    "/viec-hoc/on-tap/",
    "/viec-hoc/chung-nhan/",
    "/viec-hoc/muc-tieu/",
    "/viec-hoc/nhac-on/",
    "/tai-khoan/",
    "/tai-khoan/sua/",
    "/tai-khoan/dia-chi/",
    "/tai-khoan/giam-ho/",
    "/tai-khoan/khoa/",
    "/tai-khoan/du-lieu/",
    "/tai-khoan/du-lieu/xoa/",
    "/kiem-tra/nguoi-cao-tuoi/",
]
STAFF = ["/tai-khoan/", "/tai-khoan/buoc-hai/", "/tai-khoan/buoc-hai/cai/", "/dieu-hanh/don-vi/?q=zzzz"]


class Examiner:
    """Runs axe on what a page shows now, and keeps what it finds."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: dict[str, list[str]] = {}
        self.count = 0

    def language(self, code: str) -> None:
        """Interface language from the next page on."""
        self.page.context.clear_cookies(name="hv_lang")
        if code == "en":
            self.page.context.add_cookies([{"name": "hv_lang", "value": "en", "url": urljoin(self.page.url, "/")}])

    def look(self, name: str = "") -> None:
        """The page as it stands, light and dark."""
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.found.setdefault("scrolls sideways", []).append(name or self.page.url)
        self.page.evaluate(AXE.read_text("utf-8"))
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme)
            violations = self.page.evaluate(
                "axe.run({resultTypes: ['violations']}).then((result) => result.violations)"
            )
            self.count += 1
            where = f"{name or self.page.url} {theme} {self.page.locator('html').get_attribute('lang')}"
            for v in violations:
                self.found.setdefault(f"{v['id']}: {v['help']}", []).append(f"{where}: {v['nodes'][0]['html'][:200]}")

    def both(self, address: str = "") -> None:
        """A page (or the one that is open, loaded again) in both languages."""
        for code in ("en", "vi"):
            self.language(code)
            self.page.goto(address) if address else self.page.reload()
            self.look(address)


@contextmanager
def examined(browser: Any, site: Any) -> Iterator[Examiner]:
    """A phone with an examiner, who has found nothing when it is put away."""
    with phone(browser, site) as page:
        page.goto("/")
        examiner = Examiner(page)
        yield examiner
        assert examiner.found == {}, json.dumps(examiner.found, ensure_ascii=False, indent=1)


def test_pages_for_everybody(browser, site):
    with examined(browser, site) as examiner:
        for address in PUBLIC:
            examiner.both(address)


@pytest.mark.parametrize("code", ["vi", "en"])
def test_home_while_trying_and_for_who_comes_back(browser, site, code):
    with examined(browser, site) as examiner:
        examiner.language(code)
        page = examiner.page
        page.goto("/")
        page.locator("[data-try] > summary").tap()
        examiner.look("ringing")
        page.locator("[data-step] .take").tap()
        for choice, then in ((0, "[data-again]"), (2, "[data-next]"), (1, "[data-next]")):
            page.locator(".choice:visible summary").nth(choice).tap()
            examiner.look(f"choice {choice}")
            page.locator(f".verdict:visible {then}").tap()
        examiner.look("won")
        page.get_by_role("dialog").get_by_role("link").tap()
        page.locator(".player").wait_for()
        page.goto("/")
        page.locator("[data-known]").wait_for()
        examiner.look("known")
        page.locator("[data-toggle=elder]").tap()
        examiner.look("large type")


@pytest.mark.parametrize("code", ["vi", "en"])
def test_lessons_before_during_and_after_practice(browser, site, code):
    lessons = ["nguoi-cao-tuoi/goi-video-cho-con", "nguoi-cao-tuoi/tin-suc-khoe", "nguoi-cao-tuoi/cuoc-goi-la"]
    amiss = ".player .stage button, .player .bins button, .player .replies button"
    with examined(browser, site) as examiner:
        examiner.language(code)
        page = examiner.page
        for lesson in lessons:
            page.goto(f"/hoc/{lesson}/")
            examiner.look()
            page.locator(amiss).first.tap()
            page.locator(".player .feedback:not(:empty)").wait_for()
            examiner.look(f"{lesson} in the middle")
            page.reload()
            practise(page, TOUCH)
            answer_checks(page, TOUCH)
            page.locator("[data-end]").wait_for()
            examiner.look(f"{lesson} done")


def test_what_is_refused_to_everybody(browser, site):
    with examined(browser, site) as examiner:
        page = examiner.page
        for code in ("en", "vi"):
            examiner.language(code)
            page.goto("/tai-khoan/dang-nhap/")
            page.locator("#address").fill("không phải số")
            page.locator("main form[method=post] .button").tap()
            page.locator(".error:not(:empty)").wait_for()
            examiner.look("sign-in refused")
            page.goto("/xac-minh/")
            page.locator("#text").fill("{}")
            page.locator("form[data-checker] .button").tap()
            page.locator("[data-checker-result].warn").wait_for()
            examiner.look("checker refuses")


def test_signing_in_for_the_first_time(browser, site):
    with examined(browser, site) as examiner:
        page = examiner.page
        page.goto("/tai-khoan/dang-nhap/")
        page.get_by_label("Số điện thoại hoặc thư điện tử").fill("0977 000 111")
        page.get_by_role("button", name="Gửi mã cho tôi").tap()
        page.locator("#code").wait_for()
        examiner.both()
        page.locator("#code").fill("000000")
        page.get_by_role("button", name="Đăng nhập").tap()
        page.locator("#error-code").wait_for()
        examiner.look("code refused")
        page.locator("#code").fill(site.code())
        page.get_by_role("button", name="Đăng nhập").tap()
        page.locator("#birth_year").fill("19x8")
        examiner.look("a new person's profile")
        page.get_by_role("button", name="Tiếp tục").tap()
        page.locator("#error-birth_year").wait_for()
        examiner.look("profile refused")


def test_a_learner_with_tests_and_certificates(browser, site):
    with examined(browser, site) as examiner:
        page = examiner.page
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
        sign_in(page, site, TOUCH)
        for address in MINE[:3]:  # with nothing in them yet
            examiner.both(address)
        _make_reviews_due(page, site)
        seen: set[str] = set()
        _take_looking(examiner, "nguoi-cao-tuoi", seen)
        page.get_by_role("button", name="Nộp bài").tap()
        page.wait_for_url("**/ket-qua/")
        _open_details(page)
        examiner.look("result in full")
        page.get_by_label("Họ và tên in trên chứng nhận").fill("Nguyễn Thị Hoa")
        page.get_by_role("button", name="Nhận chứng nhận").tap()
        page.get_by_role("button", name="Đúng, cấp chứng nhận").wait_for()
        examiner.look("name shown before issuing")
        page.get_by_role("button", name="Đúng, cấp chứng nhận").tap()
        page.wait_for_url("**/chung-nhan/*/")
        own = page.url.removeprefix(site.url)
        public = page.get_by_role("link", name="Trang xác minh", exact=True).get_attribute("href")
        for address in [*MINE, own, public]:
            examiner.both(address)
        for programme in ("hoc-sinh-thcs", "ai-cho-moi-nguoi"):  # questions are drawn by chance: a type may be missing
            if len(seen) < 3:
                _take_looking(examiner, programme, seen)
        assert seen == {"choice", "multi", "order"}


def _make_reviews_due(page: Page, site: Any) -> None:
    page.goto("/hoc/nguoi-cao-tuoi/tin-suc-khoe/")
    answer_checks(page, TOUCH)
    queue_sent(page)
    site.python(
        "from django.utils import timezone\n"
        "from hocvuso.learning.models import ReviewCard\n"
        "assert ReviewCard.objects.update(due=timezone.now())"
    )
    page.goto("/viec-hoc/on-tap/")
    page.locator("form.check").first.wait_for()


def _take_looking(examiner: Examiner, programme: str, seen: set[str]) -> None:
    """Answer a test to its end, looking at the first question of each type that was not seen yet, and at the end."""
    page = examiner.page
    page.goto(f"/kiem-tra/{programme}/")
    page.get_by_role("button", name="Bắt đầu").tap()
    page.locator("form.check").wait_for()
    while page.locator("form.check").count():
        kind = page.locator("input[name=type]").get_attribute("value")
        if kind not in seen:
            seen.add(kind)
            examiner.both()
        answer_question(page, programme, TOUCH)
    examiner.both()


def _open_details(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.tap()


def test_a_failed_test_and_a_placement(browser, site):
    with examined(browser, site) as examiner:
        page = examiner.page
        page.goto("/tai-khoan/dang-nhap/?next=/kiem-tra/nguoi-cao-tuoi/")
        sign_in(page, site, TOUCH)
        page.goto("/kiem-tra/nguoi-cao-tuoi/")
        page.get_by_role("button", name="Bắt đầu").tap()
        page.locator("form.check").wait_for()
        page.get_by_role("button", name="Trả lời", exact=True).tap()
        page.locator("#error-response").wait_for()
        examiner.look("nothing chosen")
        answer_question(page, "nguoi-cao-tuoi", TOUCH)
        page.get_by_text("Nộp bài sớm").tap()
        page.get_by_role("button", name="Nộp bài bây giờ").tap()
        page.wait_for_url("**/ket-qua/")
        examiner.both()
        page.goto("/kiem-tra/nguoi-cao-tuoi/")
        page.get_by_text("không học lại thì từ").wait_for()
        examiner.look("too soon")
        page.get_by_role("button", name="Làm bài xếp bậc").tap()
        page.locator("form.check").wait_for()
        examiner.both()


def test_a_child_and_a_guardian(browser, site):
    with examined(browser, site) as examiner:
        page = examiner.page
        page.goto("/tai-khoan/dang-nhap/?next=/viec-hoc/")
        sign_in(page, site, TOUCH)
        page.goto("/tai-khoan/sua/")
        page.get_by_label("Năm sinh").fill("2015")
        page.get_by_role("button", name="Lưu").tap()
        page.wait_for_url("**/giam-ho/")
        examiner.both()
        page.get_by_label("Tên người giám hộ").fill("Lan")
        page.get_by_label("Số điện thoại hoặc thư điện tử của người giám hộ").fill("0977 222 333")
        page.get_by_role("button", name="Gửi lời nhờ").tap()
        page.wait_for_url("**/tai-khoan/")
        examiner.both()
        examiner.both("/viec-hoc/")
        examiner.both("/tai-khoan/giam-ho/")
        page.get_by_role("button", name="Lấy mã để đưa xem").tap()
        page.locator(".hand-code").wait_for()
        examiner.look("a code to be shown")
        _answer_wrongly(examiner, _told(site, r"/dong-y/[^/\s]+/"))
        examiner.both("/dong-y/khong-co/")


def _answer_wrongly(examiner: Examiner, link: str) -> None:
    """Open a guardian's link on the child's phone, and type a code that was never sent."""
    page = examiner.page
    examiner.both(link)
    page.get_by_role("button", name="Gửi mã tới").tap()
    page.locator("#code").fill("000000")
    page.get_by_role("button", name="Tôi đồng ý").tap()
    page.locator("#error-code").wait_for()
    examiner.look("not the guardian")


def _told(site: Any, pattern: str) -> str:
    """What was sent last of this shape; sending is not awaited by whoever asks."""
    for _try in range(100):
        if told := re.findall(pattern, (site.folder / "console.log").read_text()):
            return told[-1]
        time.sleep(0.1)
    raise AssertionError(pattern)


@pytest.fixture(scope="module")
def desk(browser, site):
    """A leader of the ministry, with the second factor set up and shown."""
    site.run("grant", LEADER, "leader", "BGDDT")
    with phone(browser, site) as page:
        page.goto("/tai-khoan/dang-nhap/?next=/dieu-hanh/")
        sign_in(page, site, TOUCH, phone=LEADER)
        page.get_by_label("Mã", exact=True).fill(pyotp.TOTP(page.locator("code").inner_text()).now())
        page.get_by_role("button", name="Xong").tap()
        page.wait_for_url(lambda url: "buoc-hai" not in url)
        yield page


@pytest.fixture
def leader(desk):
    """An examiner at the leader's desk."""
    examiner = Examiner(desk)
    yield examiner
    assert examiner.found == {}, json.dumps(examiner.found, ensure_ascii=False, indent=1)


def test_pages_of_work(leader):
    """One page of each kind that links lead to from the two desks, and a few that they do not."""
    queue, kinds = ["/dieu-hanh/", "/bien-soan/"], set()
    for address in queue:
        kind = resolve(address).view_name
        if kind in kinds or "text/html" not in leader.page.request.get(address).headers["content-type"]:
            continue
        kinds.add(kind)
        leader.both(address)
        links = leader.page.locator("main a").evaluate_all(
            "all => all.map((a) => new URL(a.href.baseVal ?? a.href, location.href).pathname)"
        )
        queue += [link for link in links if link.startswith(("/dieu-hanh/", "/bien-soan/", "/dong-gop/"))]
    assert len(kinds) > 75
    assert {"unit", "journal", "pledges", "edition", "edition-preview"} <= kinds
    for address in STAFF:
        leader.both(address)


def test_work_that_is_refused(leader):
    page = leader.page
    page.goto("/dieu-hanh/don-vi/?q=Ha+Noi")
    page.locator("main td a").first.tap()
    page.get_by_label("Số điện thoại hoặc thư điện tử").fill("0900 111")
    page.get_by_role("button", name="Mời", exact=True).tap()
    page.get_by_role("alert").wait_for()
    leader.look("no number to offer a role to")
    page.goto("/bien-soan/gui/")
    page.get_by_label("Tệp ZIP").set_input_files({"name": "x.zip", "mimeType": "application/zip", "buffer": b"x"})
    page.get_by_role("button", name="Gửi", exact=True).tap()
    page.get_by_role("alert").wait_for()
    leader.look("upload refused")
    for name, rows in {"sound": "T-1,Trường Một,school,BGDDT", "faulty": ",Trường Một,castle,KHONG-CO"}.items():
        page.goto("/dieu-hanh/don-vi/nhap/")
        content = f"mã,tên,loại,mã cấp trên\n{rows}\n".encode()
        page.get_by_label("Tệp danh sách").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
        page.get_by_role("button", name="Xem trước").tap()
        page.get_by_role("heading", name="Xem trước: a.csv").wait_for()
        leader.look(f"{name} list of units")


def test_the_studio(leader):
    """Every page of a draft that goes on from an edition."""
    page = leader.page
    page.goto("/bien-soan/soan/moi/")
    leader.both()
    page.goto("/bien-soan/")
    page.locator("main h3 a:not([href*='/soan/'])").first.tap()
    page.get_by_role("link", name="Soạn tiếp từ bản này").tap()
    page.get_by_role("heading", name="Soạn tiếp từ bản này").wait_for()
    leader.both()
    page.get_by_role("button", name="Soạn tiếp").tap()
    page.wait_for_url("**/soan/*/")
    draft = urlsplit(page.url).path
    lesson = urlsplit(page.locator(".draft-lesson a").first.evaluate("link => link.href")).path
    for address in (draft, *(f"{draft}{name}/" for name in ("chuong-trinh", "yeu-cau", "bai-moi"))):
        leader.both(address)
    leader.both(lesson)
    page.locator(".ProseMirror").wait_for()
    for name in ("thong-tin", "xem", "cau-hoi", "cau-hoi/moi", "cau-hoi/c1", "tep/practice.yaml", "tep/guide.md"):
        leader.both(f"{lesson}{name}/")
    _the_practice(leader, f"{lesson}thuc-hanh/")
    history = f"{draft}lich-su/programme.yaml"
    leader.both(history)
    page.goto(history)
    page.locator("main li a").first.tap()
    page.locator(".compared").wait_for()
    leader.both()
    leader.both("/bien-soan/soan/da-cat/")


def _the_practice(leader, practice):
    """The pages of a simulation, with a new screen and a new step."""
    page = leader.page
    leader.both(practice)
    leader.both(f"{practice}kieu/")
    for button in ("Thêm một màn hình", "Thêm một bước"):
        page.goto(practice)
        page.get_by_role("button", name=button).tap()
        page.wait_for_url("**/thuc-hanh/*/*/")
        leader.both()


def test_a_comment_on_an_edition(leader):
    page = leader.page
    page.goto("/bien-soan/")
    page.locator("main h3 a:not([href*='/soan/'])").first.tap()
    page.get_by_label("Góp ý").fill("Câu này dài quá.")
    page.get_by_role("button", name="Gửi góp ý").tap()
    page.get_by_text("Câu này dài quá.").wait_for()
    leader.both()


def test_the_examiner_sees_faults(page):
    page.goto("/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    examiner = Examiner(page)
    examiner.look()
    assert [name.partition(":")[0] for name in examiner.found] == ["image-alt"]
