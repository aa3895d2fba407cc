"""Plans and tasks for programs: read by reach, worked on by the ordinary verbs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hocvuso.base.models import JournalEntry
from hocvuso.indicators.models import Indicator
from hocvuso.people.rules import Role
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.services import assigning, changing, working
from hocvuso.plans.services.writing import TaskText
from hocvuso.plans.tests.cabinet import cabinet, first_task, plan_in_force

from .machine import machine


@pytest.fixture
def there(db):
    return cabinet()


@pytest.fixture
def plan(there):
    """Province one leads a late task and one that asks for a product; province two leads another."""
    soon, past = timezone.localdate() + timedelta(days=60), timezone.localdate() - timedelta(days=3)
    return plan_in_force(
        there,
        TaskText(title="Muộn", lead_unit=there.one, due_on=past),
        TaskText(title="Có sản phẩm", lead_unit=there.one, due_on=soon, product="Báo cáo"),
        TaskText(title="Của Sở Hai", lead_unit=there.two, due_on=soon),
        title="Kế hoạch năm",
    )


@pytest.fixture
def one(there):
    return machine(there.one)


@pytest.fixture
def ministry(there):
    return machine(there.ministry)


class TestPlans:
    def test_a_plan_shows_its_head_and_counts_of_tasks(self, ministry, plan):
        found = ministry.one(f"plans/{plan.pk}")
        assert (found["title"], found["unit"], found["state"], found["answers"]) == (
            "Kế hoạch năm",
            "BO",
            "in-force",
            None,
        )
        assert found["tasks"] == {"late": 1, "not-started": 2}

    def test_whoever_was_given_tasks_sees_those_alone(self, one, plan):
        assert one.one(f"plans/{plan.pk}")["tasks"] == {"late": 1, "not-started": 1}
        assert {t["title"] for t in one.rows(f"plans/{plan.pk}/tasks")} == {"Muộn", "Có sản phẩm"}

    def test_a_child_plan_says_what_it_answers(self, there, one, plan):
        child = assigning.answer(task=first_task(plan), unit=there.one, by=there.nam)
        answered = one.one(f"plans/{child.pk}")["answers"]
        assert answered == {"id": str(first_task(plan).pk), "title": "Muộn", "plan": str(plan.pk)}
        assert [p["id"] for p in one.rows("plans", answers=first_task(plan).pk)] == [str(child.pk)]

    def test_next_door_finds_nothing(self, there, plan):
        own = plan_in_force(there, TaskText(title="Việc của Sở"), unit=there.one, by=there.nam)
        two = machine(there.two)
        assert two.get(f"plans/{own.pk}").status_code == two.get(f"plans/{own.pk}/tasks").status_code == 404
        assert two.get(f"tasks/{first_task(own).pk}").status_code == 404
        assert two.get(f"plans/{own.pk}")["Content-Type"] == "application/problem+json"

    def test_lists_are_narrowed_by_state_unit_and_day(self, there, ministry, plan):
        Plan.objects.filter(pk=plan.pk).update(created_at=timezone.now() - timedelta(days=10))
        own = plan_in_force(there, TaskText(title="Việc"), unit=there.one, by=there.nam)
        assert len(ministry.rows("plans")) == 2
        assert [p["id"] for p in ministry.rows("plans", unit="SO-1")] == [str(own.pk)]
        assert [p["id"] for p in ministry.rows("plans", since=timezone.localdate())] == [str(own.pk)]
        assert ministry.rows("plans", state="closed") == ministry.rows("plans", unit="SO-9") == []

    def test_a_state_that_there_is_not_is_named(self, ministry, db):
        answer = ministry.get("plans", state="done")
        assert answer.status_code == 400 and "state" in answer.json()["errors"][0]["field"]

    def test_changes_asked_for_are_listed_field_by_field(self, there, ministry, plan):
        task, day = first_task(plan), date(2037, 1, 31)
        text = TaskText(title="Muộn", lead_unit=there.one, due_on=day)
        changing.ask_for_task(task=task, text=text, reason="Chậm kinh phí", by=there.ha)
        [row] = ministry.rows("change-requests", state="asked", unit="BO", plan=plan.pk)
        assert (row["plan"], row["task"], row["reason"]) == (str(plan.pk), str(task.pk), "Chậm kinh phí")
        assert row["changes"]["due_on"]["after"] == "2037-01-31"
        assert machine(there.two).rows("change-requests") == []

    def test_lists_take_a_fixed_number_of_queries(self, there, ministry, plan):
        paths = ("plans", "tasks", f"plans/{plan.pk}/tasks", "change-requests")
        before = []
        for title in "ABC":
            before = before or [ministry.queries(path) for path in paths if title == "B"]
            plan_in_force(there, TaskText(title=title, lead_unit=there.two), title=title)
            task = Task.objects.create(plan=plan, title=title, lead_unit=there.communes[0])
            text = TaskText(title=title, lead_unit=there.one, due_on=date(2037, 1, 31))
            changing.ask_for_task(task=task, text=text, reason="x", by=there.ha)
        assert [ministry.queries(path) for path in paths] == before

    def test_a_long_list_has_pages(self, ministry, plan):
        Task.objects.bulk_create([Task(plan=plan, title=f"Việc {n}", position=n) for n in range(10, 210)])
        second = ministry.one(f"plans/{plan.pk}/tasks", page=2)
        assert (second["count"], second["page"], second["pages"], len(second["items"])) == (203, 2, 2, 3)


class TestTasks:
    def test_a_task_shows_state_reason_evidence_and_answers(self, there, one, plan):
        task = first_task(plan)
        working.add_note(task=task, text="Đã họp", by=there.nam)
        working.add_product(task=task, kind="file", name="bb.pdf", content=b"%PDF-1", by=there.nam)
        assigning.answer(task=task, unit=there.one, by=there.nam)
        found = one.one(f"tasks/{task.pk}")
        assert found["state"] == "late" and "3" in found["reason"] and found["lead_unit"] == "SO-1"
        assert "Đã họp" in one.get(f"tasks/{task.pk}").text  # as it is written, not escaped
        assert [(n["text"], n["by"]) for n in found["notes"]] == [("Đã họp", "Nam")]
        assert [p["files"] for p in found["products"]] == [["bb.pdf"]]
        assert found["child_plans_by_state"] == {"draft": 1} and found["child_plans"][0]["unit"] == "SO-1"

    def test_tasks_are_listed_by_state_unit_and_day(self, one, ministry, plan):
        assert [t["title"] for t in one.rows("tasks", state="late")] == ["Muộn"]
        assert [t["title"] for t in ministry.rows("tasks", unit="SO-2")] == ["Của Sở Hai"]
        assert [t["title"] for t in one.rows("tasks", due_from=timezone.localdate())] == ["Có sản phẩm"]


class TestWork:
    def test_notes_products_and_completion_go_through_the_ordinary_verbs(self, one, plan):
        task = plan.tasks.get(title="Có sản phẩm")
        refused = one.post(f"tasks/{task.pk}/complete")
        assert refused.status_code == 409 and refused.json()["type"].endswith("product-missing")
        note = one.post(f"tasks/{task.pk}/notes", text="Đã gửi")
        assert note.status_code == 201 and note.json()["by"] == "Máy SO-1"
        sent = one.post(f"tasks/{task.pk}/products", kind="link", address="https://so.example.vn/bc", title="Báo cáo")
        assert sent.status_code == 201 and sent.json()["address"] == "https://so.example.vn/bc"
        done = one.post(f"tasks/{task.pk}/complete")
        assert done.status_code == 200 and done.json()["state"] == "done"
        acts = JournalEntry.objects.filter(actor=str(one.client.account_id)).values_list("act", flat=True)
        assert set(acts) >= {"task.noted", "task.produced", "task.completed"}
        assert one.post(f"tasks/{task.pk}/complete").json()["type"].endswith("already-done")

    def test_an_indicator_is_a_product(self, one, plan):
        Indicator.objects.create(key="may", title="Máy", kind="declared")
        path = f"tasks/{first_task(plan).pk}/products"
        assert one.post(path, kind="indicator", address="may").json()["title"] == "Máy"
        assert one.post(path, kind="indicator", address="khong-co").status_code == 409
        assert one.post(path, kind="file", address="x").status_code == 400

    def test_refusals_name_the_field(self, one, plan):
        path = f"tasks/{first_task(plan).pk}"
        assert one.post(f"{path}/products", kind="link", address="javascript:x").json()["field"] == "address"
        assert one.post(f"{path}/notes", text="  ").json()["field"] == "text"
        assert one.post(f"{path}/notes", text="x" * 3001).status_code == 400

    def test_a_plan_that_is_not_in_force_takes_nothing(self, one, plan):
        Plan.objects.filter(pk=plan.pk).update(state="reviewed")
        assert one.post(f"tasks/{first_task(plan).pk}/notes", text="x").json()["type"].endswith("not-in-force")

    @pytest.mark.parametrize("role", [Role.STEWARD, Role.INSPECTOR])
    def test_the_role_decides(self, there, plan, role):
        reader = machine(there.one, role)
        assert reader.get(f"tasks/{first_task(plan).pk}").status_code == 200
        assert reader.post(f"tasks/{first_task(plan).pk}/notes", text="x").status_code == 403

    def test_next_door_works_on_nothing(self, there, plan):
        two = machine(there.two)
        for act, body in {
            "notes": {"text": "x"},
            "products": {"kind": "link", "address": "https://a.vn"},
            "complete": {},
        }.items():
            assert two.post(f"tasks/{first_task(plan).pk}/{act}", **body).status_code == 404

    def test_reading_is_not_writing(self, there, plan):
        reader = machine(there.one, scopes=["plans:read"])
        assert reader.post(f"tasks/{first_task(plan).pk}/complete").status_code == 403
