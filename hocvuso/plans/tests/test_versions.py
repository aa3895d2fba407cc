"""Whoever changes a plan or a task says what they saw: a change made in between is not overwritten."""

from __future__ import annotations

from datetime import date

import pytest

from hocvuso.base.versions import Stale
from hocvuso.plans.services import changing, planning, working, writing
from hocvuso.plans.services.writing import PlanText, TaskText

from .cabinet import cabinet, first_task, plan_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    return cabinet()


@pytest.fixture
def draft(there):
    plan = writing.start(unit=there.one, text=PlanText(title="Kế hoạch"), by=there.nam)
    for title in ("Một", "Hai"):
        writing.add_task(plan=plan, text=TaskText(title=title), by=there.nam)
    plan.refresh_from_db()
    return plan


def test_what_is_written_of_a_plan_its_tasks_and_their_order_is_its_next_version(there, draft):
    seen, task = draft.version, first_task(draft)
    writing.edit(plan=draft, text=PlanText(title="Mới"), by=there.nam)
    writing.edit_task(task=task, text=TaskText(title="Một, sửa"), by=there.nam)
    writing.move_task(task=task, up=False, by=there.nam)
    writing.delete_task(task=task, by=there.nam)
    draft.refresh_from_db()
    assert draft.version == seen + 4


@pytest.mark.parametrize(
    "verb",
    [
        lambda plan, by, version: writing.edit(plan=plan, text=PlanText(title="Khác"), by=by, version=version),
        lambda plan, by, version: writing.move_task(task=first_task(plan), up=False, by=by, version=version),
        lambda plan, by, version: writing.delete(plan=plan, by=by, version=version),
        lambda plan, by, version: planning.submit(plan=plan, by=by, version=version),
    ],
)
def test_a_draft_in_which_somebody_wrote_is_not_changed_deleted_or_submitted_unseen(there, draft, verb):
    writing.add_task(plan=draft, text=TaskText(title="Ba"), by=there.lan)
    with pytest.raises(Stale):
        verb(draft, there.nam, draft.version)
    draft.refresh_from_db()
    assert draft.title == "Kế hoạch" and draft.state == "draft" and draft.tasks.count() == 3


@pytest.mark.parametrize("delete", [True, False])
def test_a_task_that_somebody_rewrote_is_not_changed_or_deleted_unseen(there, draft, delete):
    task = first_task(draft)
    writing.edit_task(task=task, text=TaskText(title="Của Lan"), by=there.lan)
    with pytest.raises(Stale):
        if delete:
            writing.delete_task(task=task, by=there.nam, version=task.version)
        else:
            writing.edit_task(task=task, text=TaskText(title="Của Nam"), by=there.nam, version=task.version)
    assert first_task(draft).title == "Của Lan"


def test_one_task_is_changed_while_somebody_changes_another(there, draft):
    first, second = draft.tasks.order_by("position")
    writing.edit_task(task=first, text=TaskText(title="Của Lan"), by=there.lan, version=first.version)
    writing.edit_task(task=second, text=TaskText(title="Của Nam"), by=there.nam, version=second.version)
    assert {task.title for task in draft.tasks.all()} == {"Của Lan", "Của Nam"}


def test_nobody_approves_a_plan_that_was_taken_back_and_changed_since_they_opened_it(there, draft):
    seen = planning.submit(plan=draft, by=there.nam)
    planning.withdraw(plan=draft, by=there.nam)
    writing.edit(plan=draft, text=PlanText(title="Khác hẳn"), by=there.nam)
    planning.submit(plan=draft, by=there.nam)
    with pytest.raises(Stale):
        planning.approve(plan=draft, by=there.lan, version=seen.version)


@pytest.fixture
def task(there):
    return first_task(plan_in_force(there, TaskText(title="Mở lớp", lead_unit=there.one, due_on=date(2036, 6, 30))))


def test_asking_starts_from_what_is_stored_so_that_no_accepted_change_is_taken_back_unseen(there, task):
    moved = TaskText(title="Mở lớp", lead_unit=there.one, due_on=date(2036, 9, 30))
    asked = changing.ask_for_task(task=task, text=moved, reason="Lũ lụt", by=there.nam, version=task.version)
    changing.accept(request=asked, by=there.thuy)
    renamed = TaskText(title="Mở nhiều lớp", lead_unit=there.one, due_on=task.due_on)
    with pytest.raises(Stale):
        changing.ask_for_task(task=task, text=renamed, reason="Tên", by=there.nam, version=task.version)
    plan = task.plan
    with pytest.raises(Stale):
        changing.ask_for_plan(
            plan=plan, title="Khác", starts_on=None, ends_on=None, reason="Tên", by=there.ha, version=plan.version
        )


def test_a_task_is_completed_and_reopened_as_it_was_seen(there, task):
    working.complete(task=task, by=there.nam, version=task.version)
    with pytest.raises(Stale):
        working.reopen(task=task, reason="Thiếu", by=there.nam, version=task.version)
    task.refresh_from_db()
    working.reopen(task=task, reason="Thiếu", by=there.nam, version=task.version)
