"""From a published plan down to a commune, and back up as figures: plan, answer, assign, work, urge, report, review."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page

from .conftest import Site, phone, small_site
from .walking import Touch, sign_in_to_work

BY = Touch()
PROGRAMME = "nguoi-cao-tuoi"
COMMUNE, PLACE = "UBND-00004", "00004"  # Phường Ba Đình, Hà Nội
PEOPLE = {
    "focal": ("0911 000 001", "officer", "BGDDT"),
    "leader": ("0911 000 002", "leader", "BGDDT"),
    "department": ("0911 000 003", "officer", "BGDDT-HSSV"),
    "province": ("0911 000 004", "officer", "SGDDT-01"),
    "next": ("0911 000 005", "officer", "SGDDT-48"),
    "commune": ("0911 000 006", "officer", COMMUNE),
}
today = timezone.localdate
LAST_MONTH = today().replace(day=1) - timedelta(days=1)
TASK = "Học sinh, sinh viên tình nguyện phổ cập kỹ năng số"
DETAIL = "Mỗi tỉnh lập đội sinh viên tình nguyện"
RESULT = "Đội tình nguyện đã dạy từng nhà."
LEARNED = f"""
import json, uuid
from datetime import datetime, timedelta, UTC
from hocvuso.indicators.services import rollup
from hocvuso.library.models import Lesson
from hocvuso.people.models import Person
from hocvuso.records import services as records
from tests.world import agreeing
lessons = Lesson.objects.filter(listed=True)[:2]
month = datetime({LAST_MONTH.year}, {LAST_MONTH.month}, 15, 3, tzinfo=UTC)
for person in [agreeing(Person.objects.create(birth_year=1955, home_place_id="{PLACE}")) for _n in range(6)]:
    for lesson, at in zip(lessons, (month, datetime.now(UTC))):
        done = {{"id": str(uuid.uuid4()), "verb": {{"id": "http://adlnet.gov/expapi/verbs/completed"}},
                "object": {{"id": "urn:hocvuso:lesson:" + lesson.address}}, "timestamp": at.isoformat(),
                "result": {{"completion": True, "duration": "PT5M"}}}}
        assert records.append(person=person, batch=json.dumps([done]).encode())
rollup.roll_up(full=True)
"""


@pytest.fixture(scope="module")
def ministry(tmp_path_factory) -> Iterator[Site]:
    """An installation as set up, where six people of one ward of Hà Nội learned last month and today."""
    made = small_site(tmp_path_factory.mktemp("steering"), PROGRAMME)
    for address, role, unit in PEOPLE.values():
        made.run("grant", address, role, unit)
    made.python(LEARNED)
    made.start()
    yield made
    made.kill()


class Desks:
    """Everybody at their own device: the commune on a phone of 360 px, all others on a screen of 1200."""

    def __init__(self, browser: Any, site: Site, stack: ExitStack) -> None:
        self.pages: dict[str, Page] = {}
        self.browser, self.site, self.stack = browser, site, stack

    def __getitem__(self, name: str) -> Page:
        if name not in self.pages:
            size = {} if name == "commune" else {"viewport": {"width": 1200, "height": 900}}
            page = self.stack.enter_context(phone(self.browser, self.site, **size))
            sign_in_to_work(page, self.site, BY, phone=PEOPLE[name][0])
            self.pages[name] = page
        return self.pages[name]


@pytest.fixture(scope="module")
def desks(browser, ministry) -> Iterator[Desks]:
    with ExitStack() as stack:
        yield Desks(browser, ministry, stack)


def main(page: Page) -> Locator:
    return page.locator("main")


def go(page: Page, *names: str) -> None:
    """Press links one after the other, each on the page that the one before led to."""
    for name in names:
        with page.expect_navigation(wait_until="domcontentloaded"):
            BY.press(main(page).get_by_role("link", name=name).first)


def act(page: Page, name: str) -> None:
    """Press a link among the actions of a page: the menu has one of this name too."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        BY.press(main(page).locator(".actions").get_by_role("link", name=name))


def press(page: Page, name: str) -> None:
    with page.expect_navigation(wait_until="domcontentloaded"):
        BY.press(main(page).get_by_role("button", name=name, exact=True).first)


def confirm(page: Page, name: str) -> None:
    """Press a button that asks once more, and press it again; a double click would be one press."""
    BY.press(main(page).get_by_role("button", name=name, exact=True).first)
    armed = main(page).locator("button[data-armed]")
    armed.wait_for()
    page.wait_for_timeout(700)
    with page.expect_navigation(wait_until="domcontentloaded"):
        BY.press(armed)


def unfold(page: Page, name: str) -> None:
    BY.press(main(page).locator("summary", has_text=name).first)


def write(page: Page, label: str, text: str) -> None:
    BY.write(main(page).get_by_label(label).first, text)


def day(value: date) -> str:
    return f"{value.day:02}/{value.month:02}/{value.year}"


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_the_plan_of_the_ministry_to_a_document_about_its_results(desks):
    due = today() + timedelta(days=60)
    lead_and_due_day_by_request(desks, due)
    detailed_plan_approved_by_another(desks)
    assigned_to_all_provinces(desks)
    carried_out_by_a_province(desks)
    urged_by_hand(desks)
    regime_opened(desks)
    reported_by_a_commune(desks)
    summed_up_to_the_ministry(desks)
    reviewed_with_a_document(desks)


def lead_and_due_day_by_request(desks: Desks, due: date) -> None:
    focal, leader = desks["focal"], desks["leader"]
    go(focal, "Kế hoạch", "Kế hoạch hành động của ngành Giáo dục", TASK)
    assert "chưa rõ trong nguồn công bố" in main(focal).inner_text()
    go(focal, "Xin đổi nhiệm vụ")
    write(focal, "Đơn vị chủ trì", "BGDDT-HSSV")
    write(focal, "Hạn", due.isoformat())
    unfold(focal, "Chỉ số cho thấy kết quả")
    main(focal).get_by_label("Lượt bài học đã xong", exact=True).check()
    write(focal, "Vì sao xin đổi", "Phân công của Ban Chỉ đạo")
    press(focal, "Gửi đề nghị")
    leader.goto("/dieu-hanh/")
    go(leader, TASK)
    press(leader, "Đồng ý")
    focal.goto("/dieu-hanh/")
    go(focal, "Kế hoạch", "Kế hoạch hành động của ngành Giáo dục", TASK)
    shown = main(focal).inner_text()
    assert "Vụ Học sinh, sinh viên" in shown and f"hạn {day(due)}" in shown


def detailed_plan_approved_by_another(desks: Desks) -> None:
    department, leader = desks["department"], desks["leader"]
    go(department, "Kế hoạch", "Kế hoạch hành động của ngành Giáo dục", TASK)
    press(department, "Lập kế hoạch chi tiết")
    go(department, "Thêm nhiệm vụ")
    write(department, "Tên nhiệm vụ", DETAIL)
    write(department, "Đơn vị chủ trì", "BGDDT-HSSV")
    write(department, "Sản phẩm phải có", "Danh sách đội")
    write(department, "Hạn", (today() + timedelta(days=30)).isoformat())
    press(department, "Lưu")
    press(department, "Trình duyệt")
    assert main(department).get_by_role("button", name="Duyệt", exact=True).count() == 0
    leader.goto("/dieu-hanh/")
    go(leader, TASK)
    press(leader, "Duyệt")
    department.reload()
    press(department, "Đưa vào thực hiện")


def assigned_to_all_provinces(desks: Desks) -> None:
    focal = desks["focal"]
    focal.goto("/dieu-hanh/ke-hoach/?don-vi=BGDDT-HSSV")
    go(focal, TASK, DETAIL, "Giao xuống nhiều đơn vị")
    main(focal).get_by_label("Loại đơn vị").select_option("provincial-department")
    press(focal, "Xem trước")
    press(focal, "Giao cho các đơn vị đã đánh dấu")
    assert "Đã giao cho 34 đơn vị" in focal.locator("body").inner_text()
    assert "0 trên 34 đã duyệt" in main(focal).inner_text()


def carried_out_by_a_province(desks: Desks) -> None:
    for name in ("province", "next"):
        desks[name].goto("/dieu-hanh/")
        go(desks[name], DETAIL)
        press(desks[name], "Trình duyệt")
    leader, focal = desks["leader"], desks["focal"]
    leader.goto(focal.url)
    for box in main(leader).get_by_role("checkbox").all():
        box.check()
    press(leader, "Duyệt các kế hoạch đã chọn")
    assert "Đã duyệt 2 kế hoạch." in leader.locator("body").inner_text()
    for name in ("province", "next"):
        desks[name].reload()
        press(desks[name], "Đưa vào thực hiện")
    province = desks["province"]
    go(province, f"1. {DETAIL}")
    write(province, "Đã làm được gì", "Đã lập 30 đội")
    press(province, "Ghi tiến độ")
    press(province, "Báo hoàn thành")
    assert "đòi hỏi sản phẩm" in main(province).inner_text()
    unfold(province, "Nộp sản phẩm")
    main(province).get_by_label("Loại", exact=True).select_option("file")
    main(province).get_by_label("Tệp (PDF").set_input_files(
        {"name": "doi.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 doi"}
    )
    press(province, "Nộp")
    press(province, "Báo hoàn thành")
    assert f"xong {day(today())}" in main(province).inner_text()


def urged_by_hand(desks: Desks) -> None:
    focal, late = desks["focal"], desks["next"]
    focal.goto("/dieu-hanh/ke-hoach/?don-vi=SGDDT-48")
    go(focal, DETAIL, f"1. {DETAIL}")
    act(focal, "Đôn đốc")
    write(focal, "Lời nhắn kèm theo", "Đề nghị làm ngay trong tuần")
    press(focal, "Đôn đốc")
    assert "Đã đôn đốc 1 việc." in focal.locator("body").inner_text()
    late.goto("/dieu-hanh/")
    go(late, "Đôn đốc", "Hộp thư của tôi")
    assert "Đề nghị làm ngay trong tuần" in main(late).inner_text()
    press(late, "Xem và làm")
    assert DETAIL in main(late).locator("h1").inner_text()


def regime_opened(desks: Desks) -> None:
    focal = desks["focal"]
    focal.goto("/dieu-hanh/bao-cao/che-do/")
    go(focal, "Đặt chế độ báo cáo")
    write(focal, "Tên chế độ báo cáo", "Báo cáo tháng")
    for kind in ("provincial-department", "commune-committee"):
        main(focal).locator(f'input[name="kinds"][value="{kind}"]').check()
    main(focal).get_by_label("Đơn vị ban hành cũng có báo cáo").check()
    main(focal).get_by_label("Kỳ báo cáo", exact=True).select_option("month")
    for key in ("lessons-done", "digital-teams"):
        main(focal).locator(f'input[name="indicators"][value="{key}"]').check()
    write(focal, "Tên mục", "Kết quả nổi bật")
    main(focal).locator('input[name="sections-0-required"]').check()
    press(focal, "Lưu chế độ báo cáo")
    main(focal).get_by_label("Mở ngay một kỳ").select_option(f"{LAST_MONTH:%Y-%m}")
    press(focal, "Mở cho mọi đơn vị")
    opened = int(re.findall(r"Đã mở ([\d.]+) báo cáo", focal.locator("body").inner_text())[0].replace(".", ""))
    assert opened > 3000


def measured(page: Page) -> str:
    """The figure that nobody typed."""
    figure = main(page).locator(".figure-list li", has_text="Lượt bài học đã xong")
    return figure.locator("strong").inner_text()


def declared(page: Page) -> Locator:
    return main(page).locator(".figure-list li", has_text="Số tổ công nghệ số cộng đồng")


def reported_by_a_commune(desks: Desks) -> None:
    commune, province = desks["commune"], desks["province"]
    commune.goto("/dieu-hanh/")
    go(commune, "Trang của xã, phường")
    assert fits(commune)
    go(commune, "Báo cáo tháng")
    press(commune, "Bắt đầu lập báo cáo")
    assert measured(commune) == "6" and fits(commune)
    confirm(commune, "Nộp báo cáo")
    assert "Còn thiếu" in main(commune).inner_text()
    BY.write(declared(commune).get_by_label("Số khai"), "12")
    write(commune, "Kết quả nổi bật", RESULT)
    confirm(commune, "Nộp báo cáo")
    for answer in ("return", "accept"):
        province.goto("/dieu-hanh/bao-cao/?xem=cho-nhan")
        go(province, "Báo cáo tháng")
        if answer == "return":
            write(province, "Lý do, nếu trả lại", "Ghi rõ số người dạy")
            press(province, "Trả lại để sửa")
            commune.reload()
            assert "Ghi rõ số người dạy" in main(commune).inner_text() and fits(commune)
            write(commune, "Kết quả nổi bật", RESULT + " Có 40 người dạy.")
            confirm(commune, "Nộp báo cáo")
        else:
            press(province, "Nhận báo cáo")


def summed_up_to_the_ministry(desks: Desks) -> None:
    province, focal = desks["province"], desks["focal"]
    focal.goto("/dieu-hanh/bao-cao/che-do/")
    go(focal, "Báo cáo tháng", f"Tháng {LAST_MONTH.month}")
    period = focal.url
    province.goto("/dieu-hanh/bao-cao/?xem=can-lap&q=so+giao+duc")
    go(province, "Báo cáo tháng")
    press(province, "Tổng hợp từ cấp dưới")
    assert measured(province) == "6" and declared(province).locator("strong").inner_text() == "12"
    write(province, "Kết quả nổi bật", "Cả thành phố cùng học.")
    confirm(province, "Nộp báo cáo")
    focal.goto("/dieu-hanh/bao-cao/?xem=cho-nhan")
    go(focal, "Báo cáo tháng")
    press(focal, "Nhận báo cáo")
    focal.goto(period)
    go(focal, "Bộ Giáo dục và Đào tạo")
    press(focal, "Tổng hợp từ cấp dưới")
    assert measured(focal) == "6" and declared(focal).locator("strong").inner_text() == "12"
    assert "Còn thiếu 33 đơn vị." in focal.locator("body").inner_text()


def reviewed_with_a_document(desks: Desks) -> None:
    focal = desks["focal"]
    focal.goto("/dieu-hanh/bao-cao/danh-gia/")
    plan = "Kế hoạch hành động của ngành Giáo dục triển khai phong trào “Bình dân học vụ số”"
    main(focal).get_by_label("Kế hoạch", exact=True).select_option(label=f"{plan} · Bộ Giáo dục và Đào tạo")
    write(focal, "Tên", "Sơ kết phong trào")
    write(focal, "Từ ngày", f"{LAST_MONTH.year}-01-01")
    write(focal, "Đến ngày", today().isoformat())
    press(focal, "Lập từ các báo cáo đã nhận")
    shown = main(focal).inner_text()
    assert "Dựa trên 2 báo cáo đã nhận" in shown and "Lượt bài học đã xong" in shown
    unfold(focal, "Trích từ báo cáo của các đơn vị")
    assert RESULT in main(focal).inner_text()
    act(focal, "Soạn văn bản")
    main(focal).get_by_label("Đơn vị ban hành").select_option(label="Bộ Giáo dục và Đào tạo")
    press(focal, "Soạn bản dự thảo")
    assert "Sơ kết phong trào" in main(focal).inner_text()
    with focal.expect_download() as waiting:
        BY.press(main(focal).get_by_role("link", name="Tải .docx"))
    assert Path(waiting.value.path()).read_bytes()[:2] == b"PK"


def figures(page: Page) -> list[str]:
    """Links of the numbers that stand on a dashboard: cards, alerts, the ladder's first unit that has one."""
    return main(page).locator(".cards h3 a, ul.alerts a, td.num a").evaluate_all("all => all.map((a) => a.href)")


def test_every_figure_of_the_dashboard_opens_down_to_records_in_four_clicks(desks):
    page = desks["leader"]
    page.goto("/dieu-hanh/")
    go(page, "Tổng quan")
    dashboard, links = page.url, figures(page)
    assert len(links) > 30
    for link in dict.fromkeys(links):
        page.goto(dashboard)
        clicks = 1
        with page.expect_navigation(wait_until="domcontentloaded"):
            BY.press(main(page).locator(f'a[href="{link.removeprefix(desks.site.url)}"]').first)
        while not records(page):
            clicks += 1
            assert clicks <= 4, f"{link} ends at {page.url}"
            go(page, "Xem các bản ghi")


def test_the_records_are_as_many_as_the_figure_says(desks):
    page = desks["leader"]
    page.goto("/dieu-hanh/tong-quan/")
    card = main(page).locator(".cards li", has_text="Lượt bài học đã xong")
    assert card.locator(".headline").inner_text().startswith("6")
    go(page, "Lượt bài học đã xong", "Xem các bản ghi")
    assert "6 bản ghi" in main(page).inner_text() and main(page).locator("tbody tr").count() == 6
    page.goto("/dieu-hanh/tong-quan/")
    with page.expect_navigation(wait_until="domcontentloaded"):
        main(page).locator(".tile-map a", has_text="Hà Nội").click()
    assert "Sở Giáo dục và Đào tạo thành phố Hà Nội" in main(page).locator("h1").inner_text()


def records(page: Page) -> bool:
    """Whether the page shows what was counted, row by row, or says that there is none."""
    if "/chi-so/" not in page.url or "/canh-bao/" in page.url:
        return bool(main(page).locator("tbody tr, .doubt, .empty").count())
    return "/ban-ghi/" in page.url
