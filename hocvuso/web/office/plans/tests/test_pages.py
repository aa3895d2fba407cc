"""Pages of plans: the road from a draft to a closed plan, what is shown, who is kept out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hocvuso.base.attachments import attached_to
from hocvuso.plans.models import ChangeRequest, Plan, Product
from hocvuso.plans.services import assigning, changing, planning, working, writing
from hocvuso.plans.services.writing import PlanText, TaskText
from hocvuso.plans.tests.cabinet import cabinet, first_task, plan_in_force
from tests.world import flat, sign_in

HOME = "/dieu-hanh/ke-hoach/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    return cabinet()


@pytest.fixture
def enter(client):
    """Enter as one of the cabinet."""

    def as_(person):
        sign_in(client, person)
        return client

    return as_


@pytest.fixture
def draft(there):
    plan = writing.start(unit=there.one, text=PlanText(title="Kế hoạch của Sở"), by=there.nam)
    writing.add_task(plan=plan, text=TaskText(title="Mở lớp", lead_unit=there.communes[0]), by=there.nam)
    return plan


@pytest.fixture
def task(there):
    due = timezone.localdate() + timedelta(days=30)
    text = TaskText(title="Mở lớp", lead_unit=there.one, product="Báo cáo", due_on=due)
    return first_task(plan_in_force(there, text))


class TestTheRoad:
    def test_a_plan_is_written_submitted_returned_approved_carried_out_reviewed_and_closed(self, there, enter):
        nam = enter(there.nam)
        answer = nam.post(HOME + "moi/", {"unit": "SO-1", "title": "Kế hoạch 2027", "starts_on": "2027-01-01"})
        plan = Plan.objects.get()
        assert answer.headers["Location"] == f"{HOME}{plan.pk}/"
        typed = {
            "title": "Mở lớp",
            "lead_unit": "XA-1 · Xã 1",
            "supporting_units": "SO-2\nXã 2",
            "due_on": "31/12/2027",
        }
        nam.post(f"{HOME}{plan.pk}/nhiem-vu/moi/", typed)
        task = plan.tasks.get()
        assert task.lead_unit == there.communes[0] and task.supporting_units.count() == 2
        nam.post(f"{HOME}{plan.pk}/chuyen/", {"act": "submit"})
        lan = enter(there.lan)
        assert "Trả lại" in lan.get(f"{HOME}{plan.pk}/").text
        lan.post(f"{HOME}{plan.pk}/chuyen/", {"act": "return", "reason": "Thiếu sản phẩm"})
        nam = enter(there.nam)
        assert "Thiếu sản phẩm" in nam.get(f"{HOME}{plan.pk}/").text
        nam.post(f"{HOME}nhiem-vu/{task.pk}/sua/", {"title": "Mở lớp", "product": "Danh sách"})
        nam.post(f"{HOME}{plan.pk}/chuyen/", {"act": "submit"})
        enter(there.lan).post(f"{HOME}{plan.pk}/chuyen/", {"act": "approve"})
        nam = enter(there.nam)
        nam.post(f"{HOME}{plan.pk}/chuyen/", {"act": "start"})
        nam.post(f"{HOME}{plan.pk}/chuyen/", {"act": "review", "reason": "Đạt"})
        enter(there.lan).post(f"{HOME}{plan.pk}/chuyen/", {"act": "close"})
        plan.refresh_from_db()
        assert plan.state == "closed"

    def test_a_plan_not_yet_decided_is_taken_back_to_be_mended(self, there, enter, draft):
        planning.submit(plan=draft, by=there.nam)
        nam = enter(there.nam)
        assert "Rút lại để sửa" in nam.get(f"{HOME}{draft.pk}/").text
        nam.post(f"{HOME}{draft.pk}/chuyen/", {"act": "withdraw"})
        assert nam.get(f"{HOME}{draft.pk}/sua/").status_code == 200

    def test_a_task_due_outside_the_plan_is_kept_with_a_word(self, there, enter):
        text = PlanText(title="Năm nay", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
        plan = writing.start(unit=there.one, text=text, by=there.nam)
        typed = {"title": "Mở lớp", "due_on": "2027-01-15"}
        page = enter(there.nam).post(f"{HOME}{plan.pk}/nhiem-vu/moi/", typed, follow=True)
        assert "15/01/2027" in page.text and "nằm ngoài thời gian" in page.text and plan.tasks.count() == 1

    def test_whoever_submitted_is_told_that_another_will_look(self, there, enter, draft):
        planning.submit(plan=draft, by=there.lan)
        page = enter(there.lan).get(f"{HOME}{draft.pk}/")
        assert "một người khác có quyền duyệt" in page.text and 'value="approve"' not in page.text

    def test_a_refused_move_says_why_and_keeps_what_was_typed(self, there, enter, draft):
        planning.submit(plan=draft, by=there.nam)
        page = enter(there.lan).post(f"{HOME}{draft.pk}/chuyen/", {"act": "return", "reason": ""})
        assert page.status_code == 400 and 'id="error-reason-return"' in page.text
        page = enter(there.nam).post(f"{HOME}{draft.pk}/chuyen/", {"act": "return", "reason": "Giữ lại lời này"})
        assert page.status_code == 400 and "không có quyền" in page.text

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"title": "", "unit": "SO-1"}, "Hãy điền ô này"),
            ({"title": "Giữ lại tên", "unit": "Sở Không Có"}, "Không rõ “Sở Không Có”"),
            ({"title": "Giữ lại tên", "unit": "SO-1", "starts_on": "32/13/2026"}, "không phải một ngày"),
            (
                {"title": "Giữ lại tên", "unit": "SO-1", "starts_on": "2026-02-02", "ends_on": "2026-01-01"},
                "Ngày kết thúc",
            ),
        ],
    )
    def test_bad_input_is_named_at_its_field_and_the_rest_is_kept(self, there, enter, typed, says):
        page = enter(there.nam).post(HOME + "moi/", typed)
        assert page.status_code == 400 and says in page.text and typed["title"] in page.text
        assert not Plan.objects.exists()


class TestATask:
    def test_it_is_noted_evidenced_completed_and_reopened(self, there, enter, task, settings, tmp_path):
        from django.core.files.uploadedfile import SimpleUploadedFile

        settings.DATA = tmp_path
        nam, home = enter(there.nam), f"{HOME}nhiem-vu/{task.pk}/"
        nam.post(home + "tien-do/", {"text": "Đã mở 3 lớp"})
        refused = nam.post(home + "xong/")
        assert refused.status_code == 400 and "đòi hỏi sản phẩm" in refused.text
        bad = nam.post(home + "san-pham/", {"file": SimpleUploadedFile("a.exe", b"MZ..")})
        assert bad.status_code == 400 and "Tệp phải là" in bad.text
        nam.post(home + "san-pham/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x")})
        nam.post(home + "xong/")
        page = nam.get(home).text
        assert "Đã mở 3 lớp" in page and "a.pdf" in page and "xong trong hạn" in page
        product = Product.objects.get()
        file = nam.get(f"{HOME}san-pham/{product.pk}/")
        assert b"".join(file.streaming_content) == b"%PDF-1.7 x" and "attachment" in file["Content-Disposition"]
        assert attached_to(product)
        nam.post(home + "mo-lai/", {"reason": "Thiếu lớp"})
        task.refresh_from_db()
        assert task.done_on is None
        assert enter(there.xuan).get(f"{HOME}san-pham/{product.pk}/").status_code == 404

    def test_the_lead_unit_answers_it_with_a_plan(self, there, enter, task):
        nam = enter(there.nam)
        assert "chưa có kế hoạch chi tiết" in nam.get(f"{HOME}nhiem-vu/{task.pk}/").text
        nam.post(f"{HOME}nhiem-vu/{task.pk}/tra-loi/", {"unit": str(there.one.pk)})
        child = Plan.objects.get(answers=task)
        assert child.unit == there.one
        page = enter(there.thuy).get(f"{HOME}nhiem-vu/{task.pk}/").text
        assert "0 trên 1 đã duyệt" in page

    def test_what_the_source_does_not_say_is_shown_as_open(self, there, enter):
        data = {
            "key": "k",
            "unit": "BO",
            "number": "1",
            "issued_on": "2025-04-04",
            "title": "P",
            "basis": "",
            "source": "báo",
        }
        plan = planning.load_plan(data | {"tasks": [{"title": "T"}]})
        page = enter(there.ha).get(f"{HOME}{plan.pk}/").text
        assert page.count("chưa rõ trong nguồn công bố") == 2


class TestAssigning:
    def test_a_preview_then_one_press_then_taking_back(self, there, enter, task):
        ha, home = enter(there.ha), f"{HOME}nhiem-vu/{task.pk}/"
        page = ha.get(home + "giao/", {"kind": "commune-committee"})
        assert "Sẽ giao cho 5 đơn vị" in page.text and not Plan.objects.filter(answers=task).exists()
        boxes = {"kind": "commune-committee", "ticked": "1"}
        assert "ít nhất một đơn vị" in ha.post(home + "giao/", boxes).text
        one = ha.post(home + "giao/", boxes | {"unit": [str(there.communes[0].pk), str(there.one.pk)]}, follow=True)
        assert "Đã giao cho 1 đơn vị" in one.text
        ha.post(home + "thu-hoi/")
        done = ha.post(home + "giao/", {"kind": "commune-committee", "under": "SO-1"}, follow=True)
        assert "Đã giao cho 3 đơn vị" in done.text
        assert "Sẽ giao cho 2 đơn vị" in ha.get(home + "giao/", {"kind": "commune-committee"}).text
        assert "Đã thu hồi 3 kế hoạch" in ha.post(home + "thu-hoi/", follow=True).text
        assert "Không thu hồi gì" in ha.post(home + "thu-hoi/", follow=True).text
        again = ha.post(home + "giao/", {"kind": "commune-committee", "q": "không có"}, follow=True)
        assert "Chưa giao thêm cho đơn vị nào" in again.text and "Đã giao cho" not in again.text

    def test_chosen_answers_are_approved_with_one_press(self, there, enter, task):
        child = assigning.answer(task=task, unit=there.one, by=there.nam)
        child = planning.submit(plan=child, by=there.nam)
        thuy, home = enter(there.thuy), f"{HOME}nhiem-vu/{task.pk}/"
        assert "Duyệt các kế hoạch đã chọn" in thuy.get(home).text
        nothing = thuy.post(home + "duyet/", follow=True).text
        assert (
            '<p class="notice warn" role="status">Chưa duyệt kế hoạch nào.' in flat(nothing)
            and "Đã duyệt" not in nothing
        )
        ticked = {"plan": [f"{child.pk}@{child.version}"]}
        assert "Đã duyệt 1 kế hoạch" in thuy.post(home + "duyet/", ticked, follow=True).text

    def test_those_below_have_no_such_page(self, there, enter, task):
        assert enter(there.nam).get(f"{HOME}nhiem-vu/{task.pk}/giao/").status_code == 404


class TestChanges:
    def test_asked_decided_and_compared(self, there, enter, task):
        nam = enter(there.nam)
        nam.post(
            f"{HOME}nhiem-vu/{task.pk}/xin-doi/",
            {"title": "Mở lớp", "lead_unit": "SO-1", "product": "Báo cáo", "due_on": "2030-01-01", "why": "Lũ lụt"},
        )
        asked = ChangeRequest.objects.get()
        for page in (f"{HOME}nhiem-vu/{task.pk}/", f"{HOME}{task.plan_id}/", f"{HOME}xin-doi/"):
            assert "Đang xin đổi" in nam.get(page).text or "đang xin" in nam.get(page).text
        thuy = enter(there.thuy)
        assert "Mở lớp" in thuy.get(HOME + "xin-doi/").text
        assert "01/01/2030" in thuy.get(f"{HOME}xin-doi/{asked.pk}/").text
        thuy.post(f"{HOME}xin-doi/{asked.pk}/tra-loi/", {"act": "accept"})
        page = thuy.get(f"{HOME}{task.plan_id}/so-sanh/").text
        assert "<ins>01/01/2030</ins>" in page and "Lũ lụt" in page

    def test_a_reason_is_asked_for_at_its_field(self, there, enter, task):
        page = enter(there.nam).post(f"{HOME}nhiem-vu/{task.pk}/xin-doi/", {"title": "Mở lớp khác"})
        assert page.status_code == 400 and 'id="error-why"' in page.text and "Mở lớp khác" in page.text

    def test_a_plan_is_changed_and_a_task_added_by_request(self, there, enter, task):
        ha = enter(there.ha)
        ha.post(f"{HOME}{task.plan_id}/xin-doi/", {"title": "Tên mới", "ends_on": "2030-01-01", "why": "x"})
        ha.post(f"{HOME}{task.plan_id}/xin-them/", {"title": "Mua máy", "why": "x"})
        ha.post(f"{HOME}nhiem-vu/{task.pk}/xin-doi/", {"title": "", "drop": "1", "why": "x"})
        dropping = ChangeRequest.objects.get(kind="remove")
        assert sorted(ChangeRequest.objects.values_list("kind", flat=True)) == ["add", "plan", "remove"]
        assert "Rút đề nghị" in ha.get(f"{HOME}xin-doi/{dropping.pk}/").text
        ha.post(f"{HOME}xin-doi/{dropping.pk}/rut/")
        assert "đã rút" in ha.get(f"{HOME}xin-doi/{dropping.pk}/").text


class TestShown:
    @pytest.fixture
    def some(self, there):
        today = timezone.localdate()
        return plan_in_force(
            there,
            TaskText(title="Muộn rồi", lead_unit=there.one, due_on=today - timedelta(days=3)),
            TaskText(title="Sắp muộn", lead_unit=there.one, due_on=today + timedelta(days=3)),
            TaskText(title="=HYPERLINK(1)", lead_unit=there.two),
        )

    @pytest.mark.parametrize(
        "address", ["", "bang/", "bang/?cot=late", "nhiem-vu/", "lich/", "lich/?thang=2026-02", "mau/"]
    )
    def test_lists_open_for_everybody_who_sees_figures(self, there, enter, some, address):
        for who in (there.thuy, there.nam, there.tu, there.xuan):
            assert enter(who).get(HOME + address).status_code == 200

    @pytest.mark.parametrize("page", ["", "thoi-gian/", "so-sanh/", "nhat-ky/"])
    def test_pages_of_a_plan_open(self, there, enter, some, page):
        assert enter(there.thuy).get(f"{HOME}{some.pk}/{page}").status_code == 200

    @pytest.mark.parametrize("address", ["/dieu-hanh/ke-hoach/{}/", "/dieu-hanh/ke-hoach/nhiem-vu/"])
    def test_on_a_phone_rows_are_cards_that_name_their_cells(self, there, enter, some, address):
        text = enter(there.ha).get(address.format(some.pk)).text
        assert "as-cards" in text
        assert all(f'data-label="{name}"' in text for name in ("Chủ trì", "Hạn", "Trạng thái"))

    def test_the_board_has_each_task_in_its_column(self, there, enter, some):
        page = enter(there.nam).get(HOME + "bang/")
        piles = {pile.state.value: [card.task.title for card in pile.cards] for pile in page.context["piles"]}
        assert piles["late"] == ["Muộn rồi"] and piles["at-risk"] == ["Sắp muộn"] and piles["not-started"] == []

    def test_the_list_narrows_by_state_and_words(self, there, enter, some):
        ha = enter(there.ha)
        assert "Sắp muộn" not in ha.get(HOME + "nhiem-vu/?trang-thai=late").text
        assert "Muộn rồi" not in ha.get(HOME + "nhiem-vu/?q=Sắp").text
        assert "Sắp muộn" in ha.get(HOME + "nhiem-vu/?q=muon+sap").text
        assert "Muộn rồi" in ha.get(HOME + "nhiem-vu/?trang-thai=khong-co&tu=x&trang=999").text

    def test_a_page_that_no_number_names_is_the_last(self, there, enter, some):
        assert enter(there.ha).get(HOME + "bang/?cot=late&trang=" + "9" * 5000).status_code == 200

    def test_tables_download_without_formulas(self, there, enter, some):
        ha = enter(there.ha)
        text = b"".join(ha.get(HOME + "nhiem-vu/tai.csv").streaming_content).decode("utf-8-sig")
        assert "'=HYPERLINK(1)" in text and "Muộn rồi" in text
        assert ha.get(HOME + "nhiem-vu/tai.xlsx").content[:2] == b"PK"
        assert ha.get(HOME + "tai.xlsx").content[:2] == b"PK"
        assert b"".join(ha.get(HOME + "tai.csv").streaming_content)

    def test_the_calendar_counts_all_of_a_day_and_shows_the_first(self, there, enter):
        due = timezone.localdate() + timedelta(days=20)
        texts = [TaskText(title=f"Việc {n}", lead_unit=there.one, due_on=due) for n in range(9)]
        plan_in_force(there, *texts)
        page = enter(there.ha).get(f"{HOME}lich/?thang={due:%Y-%m}")
        [day] = [day for week in page.context["weeks"] for day in week if day.day == due]
        assert (len(day.cards), day.more) == (4, 5)

    def test_an_unknown_unit_finds_nothing_and_says_so(self, there, enter, some):
        for page in ("", "bang/", "nhiem-vu/", "lich/"):
            text = enter(there.ha).get(f"{HOME}{page}?don-vi=Không+có").text
            assert "Không rõ “Không có” là đơn vị nào." in text and "Muộn rồi" not in text

    def test_the_highest_unit_of_these_words_is_meant(self, there, enter, some):
        assert enter(there.ha).get(f"{HOME}bang/?don-vi=so+mot").context["form"].wanted.unit == there.one

    def test_the_calendar_file_has_an_event_a_due_day(self, there, enter, some):
        text = enter(there.ha).get(HOME + "lich.ics").content.decode()
        assert text.count("BEGIN:VEVENT") == 2 and text.endswith("END:VCALENDAR\r\n")
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))

    def test_mine_today_shows_what_is_late_and_what_waits(self, there, enter, some, draft):
        nam = enter(there.nam).get("/dieu-hanh/").text
        assert "Muộn rồi" in nam and "Kế hoạch cần soạn hoặc sửa" in nam and "Vai trò của tôi" in nam
        planning.submit(plan=draft, by=there.nam)
        assert "Kế hoạch chờ tôi duyệt" in enter(there.lan).get("/dieu-hanh/").text
        assert "Không có việc nào" not in nam
        assert "Hôm nay không có việc nào" in enter(there.xuan).get("/dieu-hanh/").text


class TestTheNeighbour:
    def test_every_page_of_a_plan_is_not_there(self, there, enter, draft, task):
        child = assigning.answer(task=task, unit=there.one, by=there.nam)
        asked = changing.ask_for_task(
            task=task, text=TaskText(title="X", lead_unit=there.one), reason="x", by=there.nam
        )
        working.add_product(task=task, kind="link", address="https://x.vn", by=there.nam)
        xuan = enter(there.xuan)
        own = first_task(child).pk
        for page in (
            *(f"{plan.pk}/{rest}" for plan in (draft, child) for rest in _PAGES_OF_PLANS),
            *(f"nhiem-vu/{key}/{rest}" for key in (task.pk, own) for rest in ("", "sua/", "giao/", "xin-doi/")),
            f"xin-doi/{asked.pk}/",
        ):
            assert xuan.get(HOME + page).status_code == 404, page

    def test_every_verb_is_refused(self, there, enter, draft, task):
        xuan = enter(there.xuan)
        for page in (
            *(f"{draft.pk}/{rest}" for rest in ("chuyen/", "xoa/", "luu-mau/", "sua/", "nhiem-vu/moi/", "xin-them/")),
            *(f"nhiem-vu/{task.pk}/{rest}" for rest in _VERBS_OF_TASKS),
        ):
            assert xuan.post(HOME + page, {"act": "submit", "title": "X"}).status_code == 404, page
        draft.refresh_from_db()
        assert draft.state == "draft" and draft.tasks.count() == 1

    def test_those_without_a_role_do_not_learn_that_pages_exist(self, there, enter):
        from hocvuso.people.models import Person

        stranger = enter(Person.objects.create(name="Khách"))
        assert all(stranger.get(HOME + page).status_code == 404 for page in ("", "bang/", "nhiem-vu/", "lich/"))


_PAGES_OF_PLANS = ("", "sua/", "thoi-gian/", "so-sanh/", "nhat-ky/", "nhiem-vu/moi/", "xin-doi/", "xin-them/")
_VERBS_OF_TASKS = (
    "tien-do/",
    "san-pham/",
    "xong/",
    "mo-lai/",
    "tra-loi/",
    "giao/",
    "thu-hoi/",
    "duyet/",
    "xoa/",
    "cho/",
    "sua/",
)
