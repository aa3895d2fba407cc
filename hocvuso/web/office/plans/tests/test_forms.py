"""Forms of plans: every fault is named at once, what was typed stays, a neighbour's row is refused, and who saves over
somebody else's change sees both texts.
"""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.utils import timezone

from hocvuso.people.models import Person
from hocvuso.plans.models import ChangeRequest, Plan, Task
from hocvuso.plans.services import assigning, changing, planning, working, writing
from hocvuso.plans.services.writing import PlanText, TaskText
from hocvuso.plans.tests.cabinet import cabinet, first_task, plan_in_force
from tests.world import sign_in

HOME = "/dieu-hanh/ke-hoach/"
LONG = "a" * 100_000
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
    for title in ("Mở lớp", "Soạn bài"):
        writing.add_task(plan=plan, text=TaskText(title=title), by=there.nam)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def task(there):
    due = timezone.localdate() + timedelta(days=30)
    return first_task(plan_in_force(there, TaskText(title="Mở lớp", lead_unit=there.one, due_on=due)))


def faults(page):
    """The fields at which something is said."""
    return set(page.context["form"].errors)


class TestFaults:
    def test_of_a_new_plan(self, there, enter):
        typed = {
            "unit": "Sở Không Có", "title": LONG, "number": "x" * 61, "issued_on": "31/02/2026", "starts_on": "hôm nay",
            "ends_on": "\x00", "template": str(uuid4()), "basis": "Giữ lại \x00 lời này",
        }  # fmt: skip
        page = enter(there.nam).post(HOME + "moi/", typed)
        assert page.status_code == 400 and not Plan.objects.exists()
        assert faults(page) == {"unit", "title", "number", "issued_on", "starts_on", "template"}
        for kept in ("Sở Không Có", "31/02/2026", "hôm nay", "Giữ lại"):
            assert kept in page.text

    def test_of_a_plan_that_is_edited(self, there, enter, draft):
        typed = {"version": "x", "title": " ", "number": LONG, "issued_on": "-1", "ends_on": "31/02/2026"}
        page = enter(there.nam).post(f"{HOME}{draft.pk}/sua/", typed)
        assert page.status_code == 400 and faults(page) == {"version", "title", "number", "issued_on", "ends_on"}
        draft.refresh_from_db()
        assert draft.title == "Kế hoạch của Sở"

    @pytest.mark.parametrize("page", ["nhiem-vu/moi/", "xin-them/"])
    def test_of_a_task(self, there, enter, draft, task, page):
        plan = draft if page == "nhiem-vu/moi/" else task.plan
        typed = {
            "title": "", "lead_unit": "Sở \x00 Lạ", "supporting_units": "SO-2\nXã Lạ\nXã Khác", "leader": "ai đó",
            "product": LONG, "starts_on": "31/02/2026", "due_on": "mai", "indicators": ["không-có"],
            "description": "Giữ lại lời này",
        }  # fmt: skip
        before = Task.objects.count()
        found = enter(there.nam if plan is draft else there.ha).post(f"{HOME}{plan.pk}/{page}", typed)
        why = {"reason"} if page == "xin-them/" else set()
        assert found.status_code == 400 and faults(found) == {*typed, *why} - {"description"}
        assert Task.objects.count() == before and not ChangeRequest.objects.exists()
        for said in ("“Sở Lạ”", "“Xã Lạ”", "“Xã Khác”", "Giữ lại lời này", "31/02/2026"):
            assert said in " ".join(found.text.split()), said

    def test_more_units_than_can_support_are_refused_and_not_left_out(self, there, enter, draft):
        typed = {"title": "T", "supporting_units": "SO-2\n" * 201}
        page = enter(there.nam).post(f"{HOME}{draft.pk}/nhiem-vu/moi/", typed)
        assert page.status_code == 400 and "không quá 200 đơn vị" in page.text

    def test_of_a_change_asked_for(self, there, enter, task):
        for address in (f"nhiem-vu/{task.pk}/xin-doi/", f"{task.plan_id}/xin-doi/"):
            page = enter(there.ha).post(HOME + address, {"title": LONG, "starts_on": "x", "why": LONG, "version": "-"})
            assert page.status_code == 400 and faults(page) == {"title", "starts_on", "reason", "version"}
            assert 'id="error-why"' in page.text

    def test_for_dropping_a_task_only_the_reason_counts(self, there, enter, task):
        ha, address = enter(there.ha), f"{HOME}nhiem-vu/{task.pk}/xin-doi/"
        page = ha.post(address, {"title": "", "due_on": "x", "drop": "1"})
        assert page.status_code == 400 and faults(page) == {"reason"}
        assert ha.post(address, {"title": "", "due_on": "x", "drop": "1", "why": "Thôi"}).status_code == 302

    @pytest.mark.parametrize(
        ("act", "typed", "error"),
        [
            ("tien-do/", {"text": ""}, "error-text"),
            ("tien-do/", {"text": LONG}, "error-text"),
            ("san-pham/", {"kind": "gì", "address": LONG, "title": LONG}, "error-product-address"),
            ("san-pham/", {"kind": "link", "address": "javascript:alert(1)"}, "error-product-address"),
            ("san-pham/", {"kind": "file"}, "error-product-file"),
            ("mo-lai/", {"version": "x", "reason": LONG}, "Có 1 chỗ cần sửa"),
            ("xong/", {"version": "không"}, "notice warn"),
            ("tra-loi/", {"unit": "x"}, "“x” không có trong danh sách"),
            ("duyet/", {"plan": ["x", "y@1"]}, "Hãy chọn một mục"),
        ],
    )
    def test_of_work_on_a_task(self, there, enter, task, act, typed, error):
        page = enter(there.thuy).post(f"{HOME}nhiem-vu/{task.pk}/{act}", typed)
        assert page.status_code == 400 and error in page.text
        assert not task.notes.exists() and not task.products.exists()

    def test_of_moves_and_of_the_order(self, there, enter, draft):
        nam, first = enter(there.nam), first_task(draft)
        for address, typed in (
            (f"{draft.pk}/chuyen/", {"act": "submit", "version": "x"}),
            (f"{draft.pk}/xoa/", {"version": LONG}),
            (f"{draft.pk}/luu-mau/", {"title": ""}),
            (f"nhiem-vu/{first.pk}/cho/", {"to": "trên"}),
            (f"nhiem-vu/{first.pk}/xoa/", {"version": "1.5"}),
        ):
            page = nam.post(HOME + address, typed)
            assert page.status_code == 400 and "notice warn" in page.text, address
        for act in ("", "bay", "\x00"):
            assert nam.post(f"{HOME}{draft.pk}/chuyen/", {"act": act}).status_code == 404
        draft.refresh_from_db()
        assert draft.state == "draft" and draft.tasks.count() == 2

    def test_of_giving_a_task_to_many(self, there, enter, task):
        typed = {"kind": "x", "under": "Sở Lạ", "q": LONG, "ticked": "1", "unit": ["x"], "template": "x"}
        page = enter(there.ha).post(f"{HOME}nhiem-vu/{task.pk}/giao/", typed)
        assert page.status_code == 400 and faults(page) == {"kind", "under", "text", "units", "template"}
        assert not Plan.objects.filter(answers=task).exists()
        page = enter(there.ha).get(f"{HOME}nhiem-vu/{task.pk}/giao/?under=Sở+Lạ&kind=commune-committee")
        assert page.status_code == 400 and "“Sở Lạ”" in page.text and "Sẽ giao cho" not in page.text

    def test_boxes_keep_their_ticks_when_something_else_is_wrong(self, there, enter, task):
        first, second = there.communes[:2]
        typed = {"kind": "commune-committee", "ticked": "1", "unit": [str(first.pk)], "template": "x"}
        page = enter(there.ha).post(f"{HOME}nhiem-vu/{task.pk}/giao/", typed)
        assert page.status_code == 400 and page.context["preview"].kept == {str(first.pk)}
        assert page.text.count("checked") == 1 and str(second.pk) in page.text

    def test_of_the_answer_to_a_request(self, there, enter, task):
        asked = changing.ask_for_task(task=task, text=TaskText(title="X"), reason="x", by=there.nam)
        thuy, address = enter(there.thuy), f"{HOME}xin-doi/{asked.pk}/tra-loi/"
        for answer in ("", LONG):
            page = thuy.post(address, {"act": "refuse", "answer": answer})
            assert page.status_code == 400 and 'id="error-answer"' in page.text
        assert thuy.post(address, {"act": "bay"}).status_code == 404
        asked.refresh_from_db()
        assert asked.state == "asked"

    @pytest.mark.parametrize("page", ["bang/", "nhiem-vu/", "lich/"])
    def test_of_a_filter(self, there, enter, task, page):
        query = {"q": LONG, "don-vi": "Lạ", "trang-thai": "x", "ke-hoach": "x", "tu": "31/02/2026", "den": "x"}
        found = enter(there.ha).get(HOME + page, query)
        assert found.status_code == 400
        assert faults(found) == {"text", "unit", "state", "tree", "due_from", "due_until"}
        assert "31/02/2026" in found.text and "“Lạ”" in found.text

    def test_a_file_of_a_list_is_not_made_with_a_filter_that_cannot_be_read(self, there, enter, task):
        for page in ("tai.csv", "nhiem-vu/tai.xlsx", "lich.ics"):
            answer = enter(there.ha).get(HOME + page, {"don-vi": "Lạ"}, follow=True)
            assert answer.status_code == 400 and "“Lạ”" in answer.text


class TestTheNeighbour:
    def test_a_template_and_a_unit_of_another_s_are_no_choice(self, there, enter, draft):
        template = assigning.save_as_template(plan=draft, title="Mẫu của Sở Một", by=there.nam)
        typed = {"unit": "SO-1", "title": "X", "template": str(template.pk)}
        page = enter(there.xuan).post(HOME + "moi/", typed)
        assert page.status_code == 400 and faults(page) == {"unit", "template"}
        assert "Mẫu của Sở Một" not in enter(there.xuan).get(HOME + "moi/").text

    def test_a_leader_from_next_door_is_no_choice(self, there, enter, draft):
        page = enter(there.nam).post(f"{HOME}{draft.pk}/nhiem-vu/moi/", {"title": "X", "leader": str(there.xuan.pk)})
        assert page.status_code == 400 and faults(page) == {"leader"}

    def test_a_unit_from_next_door_is_given_nothing(self, there, enter, draft):
        page = enter(there.nam).post(f"{HOME}{draft.pk}/nhiem-vu/moi/", {"title": "X", "lead_unit": "SO-2"})
        assert page.status_code == 400 and faults(page) == {"lead_unit"} and draft.tasks.count() == 2

    def test_nobody_answers_for_another_or_approves_another_s(self, there, enter, task):
        page = enter(there.nam).post(f"{HOME}nhiem-vu/{task.pk}/tra-loi/", {"unit": str(there.two.pk)})
        assert page.status_code == 400 and not Plan.objects.filter(answers=task).exists()
        other = planning.submit(plan=writing_of(there), by=there.xuan)
        ticked = {"plan": [f"{other.pk}@{other.version}"]}
        assert enter(there.thuy).post(f"{HOME}nhiem-vu/{task.pk}/duyet/", ticked).status_code == 400
        other.refresh_from_db()
        assert other.state == "submitted"

    def test_a_tree_that_one_may_not_see_narrows_nothing(self, there, enter, draft):
        page = enter(there.xuan).get(HOME + "bang/", {"ke-hoach": str(draft.pk)})
        assert page.status_code == 400 and faults(page) == {"tree"} and draft.title not in page.text

    def test_those_above_may_be_given_to_only_within_the_plan(self, there, enter, draft):
        planning.submit(plan=draft, by=there.nam)
        planning.approve(plan=draft, by=there.lan)
        typed = {"kind": "provincial-department", "ticked": "1", "unit": [str(there.two.pk)]}
        page = enter(there.nam).post(f"{HOME}nhiem-vu/{first_task(draft).pk}/giao/", typed)
        assert page.status_code == 400 and faults(page) == {"units"}


def writing_of(there):
    """A draft of the second province, with a task."""
    plan = writing.start(unit=there.two, text=PlanText(title="Của Sở Hai"), by=there.xuan)
    writing.add_task(plan=plan, text=TaskText(title="X"), by=there.xuan)
    return plan


class TestKept:
    def test_what_is_shown_is_what_is_saved(self, there, enter):
        """Opening the form and saving it changes nothing."""
        text = TaskText(
            title="Mở lớp", description="Một\nHai", lead_unit=there.communes[0], supporting_units=[there.two],
            leader=there.lan, product="Danh sách", starts_on=date(2026, 1, 2), due_on=date(2026, 3, 4),
            indicators=["da-bo"],
        )  # fmt: skip
        plan = writing.start(unit=there.one, text=PlanText(title="P"), by=there.nam)
        task = writing.add_task(plan=plan, text=text, by=there.nam)
        nam, address = enter(there.nam), f"{HOME}nhiem-vu/{task.pk}/sua/"
        form = nam.get(address).context["form"]
        sent = {field.html_name: field.value() for field in form if field.value() not in (None, "")}
        assert nam.post(address, sent).status_code == 302
        before, task = planning.snapshot_of_task(task), Task.objects.get()
        assert planning.snapshot_of_task(task) == before and task.version == 2

    def test_all_that_was_typed_goes_before_what_the_template_says(self, there, enter, draft):
        template = assigning.save_as_template(plan=draft, title="Mẫu", by=there.nam)
        typed = {
            "unit": "SO-1", "template": str(template.pk), "title": "Từ mẫu", "number": "2/KH", "basis": "Luật A",
            "starts_on": "2027-01-01", "ends_on": "2027-12-31",
        }  # fmt: skip
        enter(there.nam).post(HOME + "moi/", typed)
        made = Plan.objects.get(title="Từ mẫu")
        assert (made.number, made.basis, made.ends_on) == ("2/KH", "Luật A", date(2027, 12, 31))
        assert made.starts_on == date(2027, 1, 1) and made.tasks.count() == 2

    def test_a_leader_whose_role_ended_is_not_dropped_in_silence(self, there, enter, draft):
        gone = Person.objects.create(name="Đã nghỉ")
        task = first_task(draft)
        Task.objects.filter(pk=task.pk).update(leader=gone)
        nam, address = enter(there.nam), f"{HOME}nhiem-vu/{task.pk}/sua/"
        assert "Đã nghỉ" in nam.get(address).text
        page = nam.post(address, {"title": "Mở lớp", "leader": str(gone.pk)})
        assert page.status_code == 400 and "không giữ vai trò lãnh đạo" in page.text


def field_of(page, name):
    """What stands in the input or text of this name."""
    form = page.context["form"]
    return form[next(key for key in form.fields if form[key].html_name == name)].value()


class TestTwoPeople:
    def test_both_texts_of_a_plan_are_shown_and_saving_again_works(self, there, enter, draft):
        address = f"{HOME}{draft.pk}/sua/"
        seen = enter(there.nam).get(address).context["form"]["version"].value()
        writing.edit(plan=draft, text=PlanText(title="Tên của Lan", basis="Luật của Lan"), by=there.lan)
        mine = {"version": seen, "title": "Tên của Nam", "number": "7/KH"}
        page = enter(there.nam).post(address, mine)
        assert page.status_code == 409
        for text in ("Tên của Lan", "Tên của Nam", "Luật của Lan", "7/KH", "Lan đã lưu thay đổi khác"):
            assert text in page.text, text
        draft.refresh_from_db()
        assert draft.title == "Tên của Lan"
        again = mine | {"version": field_of(page, "version"), "basis": "Luật của Lan"}
        assert enter(there.nam).post(address, again).status_code == 302
        draft.refresh_from_db()
        assert (draft.title, draft.number, draft.basis) == ("Tên của Nam", "7/KH", "Luật của Lan")

    @pytest.mark.parametrize("asking", [False, True])
    def test_both_texts_of_a_task_too(self, there, enter, draft, task, asking):
        if asking:
            person, address = there.ha, f"{HOME}nhiem-vu/{task.pk}/xin-doi/"
        else:
            task = first_task(draft)
            person, address = there.nam, f"{HOME}nhiem-vu/{task.pk}/sua/"
        seen = enter(person).get(address).context["form"]["version"].value()
        text = TaskText(title="Tên của Lan", lead_unit=there.one, supporting_units=[there.two], leader=there.lan)
        if asking:
            asked = changing.ask_for_task(task=task, text=text, reason="x", by=there.nam)
            changing.accept(request=asked, by=there.thuy)
        else:
            writing.edit_task(task=task, text=text, by=there.lan)
        mine = {"version": seen, "title": "Tên của tôi", "lead_unit": "XA-1", "supporting_units": "XA-2", "why": "Vì"}
        page = enter(person).post(address, mine)
        assert page.status_code == 409
        for said in ("Tên của Lan", "Tên của tôi", "SO-1 · Sở Một", "XA-1", "SO-2 · Sở Hai", "XA-2", "Lan"):
            assert said in unescape(page.text), said
        task.refresh_from_db()
        assert task.title == "Tên của Lan"
        again = mine | {"version": field_of(page, "version")}
        assert enter(person).post(address, again).status_code == 302
        task.refresh_from_db()
        assert asking or (task.title, task.lead_unit) == ("Tên của tôi", there.communes[0])

    def test_it_names_whoever_changed_it_not_whoever_wrote_of_it_last(self, there, enter, task):
        text = TaskText(title="Mới", lead_unit=there.one)
        asked = changing.ask_for_task(task=task, text=text, reason="x", by=there.nam)
        changing.accept(request=asked, by=there.thuy)
        working.add_note(task=task, text="Đang làm", by=there.nam)
        typed = {"version": task.version, "title": "Tên của tôi", "lead_unit": "SO-1", "why": "Vì"}
        page = enter(there.ha).post(f"{HOME}nhiem-vu/{task.pk}/xin-doi/", typed)
        assert page.status_code == 409 and f"{there.thuy} đã lưu thay đổi khác" in page.text

    def test_a_task_that_changed_is_not_dropped_unseen(self, there, enter, task):
        seen = task.version
        text = TaskText(title="Mới", lead_unit=there.one)
        asked = changing.ask_for_task(task=task, text=text, reason="x", by=there.nam)
        changing.accept(request=asked, by=there.thuy)
        typed = {"version": seen, "drop": "on", "why": "Trùng"}
        assert enter(there.ha).post(f"{HOME}nhiem-vu/{task.pk}/xin-doi/", typed).status_code == 409

    @pytest.mark.parametrize("act", ["chuyen/", "xoa/", "cho/"])
    def test_nothing_is_done_to_a_draft_that_changed_the_page_shows_it_as_it_is_now(self, there, enter, draft, act):
        seen = draft.version
        writing.add_task(plan=draft, text=TaskText(title="Việc của Lan"), by=there.lan)
        address = f"nhiem-vu/{first_task(draft).pk}/{act}" if act == "cho/" else f"{draft.pk}/{act}"
        page = enter(there.nam).post(HOME + address, {"act": "submit", "to": "down", "version": seen})
        assert page.status_code == 409 and "Việc của Lan" in page.text and "Có người đã lưu" in page.text
        draft.refresh_from_db()
        assert draft.state == "draft" and first_task(draft).title == "Mở lớp"
        assert f'name="version" value="{draft.version}"' in page.text

    def test_a_plan_sent_in_again_since_it_was_opened_is_not_returned_or_approved_unseen(self, there, enter, draft):
        seen = planning.submit(plan=draft, by=there.nam).version
        planning.withdraw(plan=draft, by=there.nam)
        planning.submit(plan=draft, by=there.nam)
        lan = enter(there.lan)
        for act in ("approve", "return"):
            typed = {"act": act, "version": seen, "reason": "Giữ lại lời này"}
            page = lan.post(f"{HOME}{draft.pk}/chuyen/", typed)
            assert page.status_code == 409 and "Có người đã lưu" in page.text
            assert act == "approve" or "Giữ lại lời này" in page.text
        draft.refresh_from_db()
        assert draft.state == "submitted"

    def test_a_task_is_not_completed_after_a_change_that_was_not_seen(self, there, enter, task):
        text = TaskText(title="Mở ba lớp", lead_unit=there.one)
        asked = changing.ask_for_task(task=task, text=text, reason="x", by=there.nam)
        changing.accept(request=asked, by=there.thuy)
        page = enter(there.nam).post(f"{HOME}nhiem-vu/{task.pk}/xong/", {"version": task.version})
        assert page.status_code == 409 and "Mở ba lớp" in page.text
        task.refresh_from_db()
        assert task.done_on is None
