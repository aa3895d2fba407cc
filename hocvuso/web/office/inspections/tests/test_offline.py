"""A visit on a phone without a line: carried along, filled in, photographed, sent when the line is back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import expect, sync_playwright

from hocvuso.inspections.models import Finding, VisitPhoto, VisitSheet
from hocvuso.inspections.services import visiting
from hocvuso.inspections.tests.world import conditional, prepare
from tests import world as cast_of_tests
from tests.journeys.walking import kept
from tests.world import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FLAGS = ["--no-sandbox", "--disable-gpu"]
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
)

CONTROLLED = """new Promise((done) => navigator.serviceWorker.controller
  ? done() : navigator.serviceWorker.addEventListener("controllerchange", () => done()))"""


@pytest.fixture
def checklist():
    """The questions; None for those of every inspection in tests."""
    return None


@pytest.fixture
def phone(live_server, transactional_db, client, monkeypatch, checklist):
    """A phone of the inspector's, signed in; its visit to Sở Một."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps a loop running in this thread
    cast = cast_of_tests.cast()
    inspected = prepare(cast, checklist=checklist)
    visit = inspected.visit(cast.here)
    sign_in(client, inspected.hoa)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        context = chromium.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
        cookies = {"hv_session": client.cookies["hv_session"].value, "hv_in": "1"}
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{live_server.url}/dieu-hanh/kiem-tra/luot/{visit.pk}/")
        page.evaluate(CONTROLLED)
        yield page, visit
        chromium.close()
        assert faults == []


def carried(page):
    return page.evaluate("caches.open('hv-visits').then((c) => c.match(location.pathname)).then(Boolean)")


def go_offline(page):
    """Lose the line, open the visit again: it was kept as it was opened."""
    expect(page.locator("[data-carry]")).to_have_attribute("aria-pressed", "true")
    page.context.set_offline(True)
    page.reload()


def fill_in(page):
    """Answers, a photo and a finding, saved."""
    page.get_by_label("Có", exact=True).check()
    page.get_by_label("Số lớp đã mở").fill("12")
    page.set_input_files("input[data-photo]", {"name": "phong.png", "mimeType": "image/png", "buffer": DOT})
    expect(page.get_by_text("phong.png")).to_be_visible()
    page.get_by_label("Nội dung").first.fill("Thiếu máy tính")
    page.get_by_role("button", name="Lưu, làm tiếp sau").tap()


class TestWithoutALine:
    def test_a_device_that_is_full_says_so(self, phone):
        page, _visit = phone
        page.evaluate("() => { IDBObjectStore.prototype.put = () => { throw new Error('full'); }; }")
        page.get_by_label("Số lớp đã mở").fill("12")
        expect(page.get_by_text("Máy này không còn giữ được gì thêm. Hãy gửi ngay.")).to_be_visible()
        page.set_input_files("input[data-photo]", {"name": "phong.png", "mimeType": "image/png", "buffer": DOT})
        expect(page.get_by_text("phong.png")).not_to_be_visible()

    def test_filled_in_offline_and_sent_when_the_line_is_back(self, phone):
        page, visit = phone
        status = page.locator("[data-visit-status]")
        go_offline(page)
        fill_in(page)
        expect(status).to_contain_text("Đang chờ gửi: 1 phiếu, 1 ảnh")
        page.reload()
        expect(page.get_by_label("Số lớp đã mở")).to_have_value("12")
        expect(status).to_contain_text("Đang chờ gửi: 1 phiếu, 1 ảnh")
        assert not VisitSheet.objects.exists()
        page.context.set_offline(False)
        expect(status).to_contain_text("Đã gửi hết", timeout=15000)
        visit.refresh_from_db()
        assert visit.answers == {"q1": "yes", "q2": 12}
        assert VisitPhoto.objects.get().attachment.kind == "image/jpeg"
        assert Finding.objects.get().text == "Thiếu máy tính"
        page.get_by_role("button", name="Kết thúc lượt kiểm tra").tap()
        expect(page.get_by_text("đã xong")).to_be_visible()
        assert not carried(page) and kept(page, "visit") == []
        assert Finding.objects.count() == 1

    def test_what_was_sent_is_seen_on_the_page_also_without_a_line(self, phone):
        page, _visit = phone
        go_offline(page)
        fill_in(page)
        page.context.set_offline(False)
        stored = page.locator("[data-stored=findings]")
        expect(stored).to_contain_text("Thiếu máy tính", timeout=15000)
        expect(page.locator("[data-stored]").get_by_role("link", name="Ảnh 1")).to_be_visible()
        expect(page.get_by_text("phong.png")).to_be_hidden()
        expect(page.get_by_label("Nội dung").first).to_have_value("")
        expect(page.get_by_label("Số lớp đã mở")).to_have_value("12")
        page.context.set_offline(True)
        page.reload()
        expect(stored).to_contain_text("Thiếu máy tính")

    def test_photos_of_a_refused_sheet_are_seen_too(self, phone):
        page, _visit = phone
        go_offline(page)
        page.get_by_label("Số lớp đã mở").fill("mười hai")
        page.set_input_files("input[data-photo]", {"name": "phong.png", "mimeType": "image/png", "buffer": DOT})
        expect(page.get_by_text("phong.png")).to_be_visible()
        page.get_by_role("button", name="Lưu, làm tiếp sau").tap()
        page.context.set_offline(False)
        expect(page.get_by_text("Hãy ghi một số.")).to_be_visible(timeout=15000)
        expect(page.locator("[data-stored]").get_by_role("link", name="Ảnh 1")).to_be_visible()

    def test_what_is_refused_comes_back_to_its_question(self, phone):
        page, visit = phone
        page.get_by_label("Số lớp đã mở").fill("mười hai")
        page.get_by_role("button", name="Kết thúc lượt kiểm tra").tap()
        expect(page.get_by_text("Hãy ghi một số.")).to_be_visible()
        page.get_by_label("Số lớp đã mở").fill("12")
        page.get_by_label("Không", exact=True).check()
        page.get_by_role("button", name="Kết thúc lượt kiểm tra").tap()
        expect(page.get_by_text("đã xong")).to_be_visible()
        visit.refresh_from_db()
        assert visit.answers == {"q1": "no", "q2": 12}

    def test_what_was_typed_before_the_line_was_lost_is_there_when_the_visit_is_opened_again(self, phone):
        page, _visit = phone
        expect(page.get_by_text("Đã mang theo")).to_be_visible()
        page.get_by_label("Số lớp đã mở").fill("12")
        page.context.set_offline(True)
        page.goto("about:blank")
        page.go_back()
        expect(page.get_by_label("Số lớp đã mở")).to_have_value("12")

    def test_a_visit_is_left_behind_by_the_button(self, phone):
        page, _visit = phone
        expect(page.locator("[data-carry]")).to_have_attribute("aria-pressed", "true")
        page.locator("[data-carry]").tap()
        expect(page.locator("[data-carry]")).to_have_attribute("aria-pressed", "false")
        assert not carried(page)

    def test_signed_out_the_answers_wait_on_the_phone(self, phone):
        page, visit = phone
        page.get_by_label("Có", exact=True).check()
        page.context.clear_cookies(name="hv_session")
        page.get_by_role("button", name="Lưu, làm tiếp sau").tap()
        expect(page.locator("[data-visit-status]")).to_contain_text("đăng nhập lại")
        expect(page.locator("[data-visit-status]")).to_contain_text("1 phiếu")

    def test_the_next_inspector_on_the_phone_neither_sees_nor_sends_what_one_typed(self, phone):
        page, _visit = phone
        go_offline(page)
        fill_in(page)
        page.context.add_cookies([{"name": "hv_in", "value": "0" * 20, "url": page.url}])
        page.context.set_offline(False)
        page.reload()
        expect(page.get_by_label("Số lớp đã mở")).to_have_value("")
        page.wait_for_load_state("networkidle")
        assert not VisitSheet.objects.exists()
        page.context.add_cookies([{"name": "hv_in", "value": "1", "url": page.url}])
        page.reload()
        expect(page.locator("[data-visit-status]")).to_contain_text("Đã gửi hết", timeout=15000)
        assert VisitSheet.objects.count() == 1

    def test_a_visit_carried_along_leaves_with_whoever_signs_out(self, phone):
        page, visit = phone
        expect(page.locator("[data-carry]")).to_have_attribute("aria-pressed", "true")
        page.context.clear_cookies()
        page.goto(page.url.split("/dieu-hanh/")[0] + "/gioi-thieu/")
        page.wait_for_load_state("networkidle")
        assert not page.evaluate("caches.has('hv-visits')")


class TestConditions:
    @pytest.fixture
    def checklist(self):
        return conditional()

    def test_questions_come_and_go_as_one_answers_also_without_a_line(self, phone):
        page, _visit = phone
        machines, exams, repairer = (page.get_by_label(text) for text in ("Số máy", "Thi", "Ai sửa?"))
        go_offline(page)
        for hidden in (machines, exams, repairer, page.get_by_text("Chỉ trả lời khi").first):
            expect(hidden).to_be_hidden()
        page.get_by_label("Có", exact=True).check()
        machines.fill("1.200")
        page.get_by_label("Học", exact=True).check()
        expect(repairer).to_be_hidden()
        exams.check()
        expect(repairer).to_be_visible()
        machines.fill("4,5")
        expect(repairer).to_be_hidden()
        page.get_by_label("Không", exact=True).check()
        expect(machines).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360

    def test_what_is_skipped_is_neither_needed_nor_sent(self, phone):
        page, visit = phone
        go_offline(page)
        page.get_by_label("Có", exact=True).check()
        page.get_by_label("Số máy").fill("12")
        for use in ("Học", "Thi", "Làm hồ sơ"):
            page.get_by_label(use, exact=True).check()
        page.get_by_label("Ai sửa?").fill("thợ")
        page.get_by_label("Thi").uncheck()
        page.get_by_role("button", name="Lưu, làm tiếp sau").tap()
        page.reload()
        expect(page.get_by_label("Làm hồ sơ")).to_be_checked()
        expect(page.get_by_label("Thi")).not_to_be_checked()
        page.context.set_offline(False)
        page.get_by_role("button", name="Kết thúc lượt kiểm tra").tap()
        expect(page.get_by_text("đã xong")).to_be_visible()
        expect(page.get_by_text("Học; Làm hồ sơ")).to_be_visible()
        visit.refresh_from_db()
        assert visit.answers == {"q1": "yes", "q2": 12, "q3": "c1 c3"}
        assert "q4" not in VisitSheet.objects.order_by("at").first().content["answers"]

    def test_what_another_phone_made_necessary_is_shown_where_it_is_missing(self, phone):
        page, visit = phone
        page.get_by_label("Không", exact=True).check()
        page.get_by_role("button", name="Lưu, làm tiếp sau").tap()
        expect(page.locator("[data-visit-status]")).to_contain_text("Đã gửi hết")
        by = visit.inspection.team.first()
        visiting.take_sheet(visit=visit, id=uuid4(), answers={"q1": "yes", "q2": "3"}, by=by)
        page.get_by_role("button", name="Kết thúc lượt kiểm tra").tap()
        expect(page.get_by_text("Câu này cần có câu trả lời.")).to_be_visible()
        page.get_by_label("Thi").check()
        page.get_by_role("button", name="Kết thúc lượt kiểm tra").tap()
        expect(page.get_by_text("đã xong")).to_be_visible()
        visit.refresh_from_db()
        assert visit.answers == {"q1": "yes", "q2": 3, "q3": "c2"}
