"""Approved plans change only by a request that a second person accepts; the baseline never changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hocvuso.base.errors import NeedsReason, NotAllowed, TwoEyes
from hocvuso.people.models import RoleGrant
from hocvuso.people.services import roles
from hocvuso.plans.models import ChangeRequest
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.services import changing, planning, working, writing
from hocvuso.plans.services.changing import (
    AlreadyAsked,
    AlreadyDecided,
    ChangedMeanwhile,
    DayGone,
    HasEvidence,
    NothingChanges,
    NotRunning,
)
from hocvuso.plans.services.writing import PlanText, TaskText

from .cabinet import cabinet, first_task, plan_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    return cabinet()


@pytest.fixture
def plan(there):
    return plan_in_force(there, TaskText(title="Mở lớp", lead_unit=there.one, due_on=date(2036, 6, 30)))


def later(there, **changes):
    return TaskText(**{"title": "Mở lớp", "lead_unit": there.one, "due_on": date(2036, 9, 30), **changes})


def test_a_moved_date_stands_beside_the_approved_one(there, plan):
    task = first_task(plan)
    asked = changing.ask_for_task(task=task, text=later(there), reason="Lũ lụt", by=there.nam)
    assert asked.changes == {"due_on": {"before": "2036-06-30", "after": "2036-09-30"}}
    task.refresh_from_db()
    assert task.due_on == date(2036, 6, 30)
    changing.accept(request=asked, by=there.thuy)
    task.refresh_from_db()
    assert task.due_on == date(2036, 9, 30)
    plan.refresh_from_db()
    found = queries.compared(plan, planning.snapshot(plan))
    assert [(m.field, m.before, m.after) for m in found.changed] == [("due_on", "2036-06-30", "2036-09-30")]


def test_no_task_is_made_late_by_moving_its_day_into_the_past(there, plan):
    gone = later(there, due_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(DayGone):
        changing.ask_for_task(task=first_task(plan), text=gone, reason="x", by=there.nam)


def test_one_request_at_a_time_which_the_asker_may_withdraw(there, plan):
    asked = changing.ask_for_task(task=first_task(plan), text=later(there), reason="Lũ lụt", by=there.nam)
    with pytest.raises(AlreadyAsked):
        changing.ask_for_task(task=first_task(plan), text=later(there, title="Khác"), reason="x", by=there.nam)
    assert queries.pending_changes(there.nam, plan, first_task(plan)) == [asked]
    assert queries.pending_changes(there.thuy, plan) == [asked]
    assert queries.pending_changes(there.xuan, plan) == []
    with pytest.raises(NotAllowed):
        changing.withdraw(request=asked, by=there.ha)
    changing.withdraw(request=asked, by=there.nam)
    with pytest.raises(AlreadyDecided):
        changing.accept(request=asked, by=there.thuy)
    changing.ask_for_task(task=first_task(plan), text=later(there), reason="Lũ lụt", by=there.nam)


def test_tasks_are_added_and_dropped_and_the_comparison_says_so(there, plan):
    more = TaskText(title="Mua máy", lead_unit=there.one, supporting_units=[there.two], leader=there.lan)
    changing.accept(request=changing.ask_to_add(plan=plan, text=more, reason="Thiếu máy", by=there.ha), by=there.thuy)
    drop = changing.ask_to_remove(task=first_task(plan), reason="Trùng", by=there.ha)
    drop = changing.accept(request=drop, by=there.thuy)
    drop.refresh_from_db()
    assert drop.task is None and drop.title == "Mở lớp"
    found = queries.compared(plan, planning.snapshot(plan))
    assert (found.added, found.removed) == (["Mua máy"], ["Mở lớp"])
    assert list(first_task(plan).supporting_units.all()) == [there.two] and first_task(plan).leader == there.lan


def test_the_period_of_a_plan_is_changed_likewise(there, plan):
    asked = changing.ask_for_plan(
        plan=plan, title="Kế hoạch", starts_on=plan.starts_on, ends_on=date(2027, 1, 1), reason="Kéo dài", by=there.ha
    )
    changing.accept(request=asked, by=there.thuy)
    plan.refresh_from_db()
    assert plan.ends_on == date(2027, 1, 1)


class TestDecision:
    def test_nobody_decides_what_they_asked_for(self, there, plan):
        asked = changing.ask_for_task(task=first_task(plan), text=later(there), reason="x", by=there.thuy)
        with pytest.raises(TwoEyes):
            changing.accept(request=asked, by=there.thuy)
        with pytest.raises(TwoEyes):
            changing.refuse(request=asked, answer="x", by=there.thuy)

    def test_only_who_approves_the_plan_decides(self, there, plan):
        asked = changing.ask_for_task(task=first_task(plan), text=later(there), reason="x", by=there.nam)
        for who in (there.lan, there.ha, there.xuan, there.tu):
            with pytest.raises(NotAllowed):
                changing.accept(request=asked, by=who)

    def test_it_is_decided_once_and_a_no_has_a_reason(self, there, plan):
        asked = changing.ask_for_task(task=first_task(plan), text=later(there), reason="x", by=there.nam)
        with pytest.raises(NeedsReason):
            changing.refuse(request=asked, answer="", by=there.thuy)
        changing.refuse(request=asked, answer="Giữ hạn", by=there.thuy)
        with pytest.raises(AlreadyDecided):
            changing.accept(request=asked, by=there.thuy)
        assert first_task(plan).due_on == date(2036, 6, 30)

    def test_a_request_that_time_overtook_is_not_applied(self, there, plan):
        task = first_task(plan)
        one = changing.ask_for_task(task=task, text=later(there), reason="x", by=there.nam)
        two = changing.ask_for_task(task=task, text=later(there, due_on=date(2036, 12, 1)), reason="x", by=there.ha)
        changing.accept(request=one, by=there.thuy)
        with pytest.raises(ChangedMeanwhile):
            changing.accept(request=two, by=there.thuy)

    def test_a_task_with_evidence_is_not_dropped_even_if_it_came_later(self, there, plan):
        asked = changing.ask_to_remove(task=first_task(plan), reason="x", by=there.ha)
        working.add_note(task=first_task(plan), text="Đã làm", by=there.nam)
        with pytest.raises(HasEvidence):
            changing.accept(request=asked, by=there.thuy)
        with pytest.raises(HasEvidence):
            changing.ask_to_remove(task=first_task(plan), reason="x", by=there.ha)


class TestAsking:
    def test_a_reason_and_a_difference_are_needed(self, there, plan):
        task = first_task(plan)
        with pytest.raises(NeedsReason):
            changing.ask_for_task(task=task, text=later(there), reason=" ", by=there.nam)
        same = later(there, due_on=task.due_on)
        with pytest.raises(NothingChanges):
            changing.ask_for_task(task=task, text=same, reason="x", by=there.nam)

    def test_neighbours_ask_for_nothing(self, there, plan):
        for who in (there.xuan, there.tu):
            with pytest.raises(NotAllowed):
                changing.ask_for_task(task=first_task(plan), text=later(there), reason="x", by=who)
        for who in (there.xuan, there.nam):
            with pytest.raises(NotAllowed):
                changing.ask_to_add(plan=plan, text=TaskText(title="T"), reason="x", by=who)

    def test_drafts_are_edited_not_requested(self, there):
        plan = writing.start(unit=there.one, text=PlanText(title="P"), by=there.nam)
        with pytest.raises(NotRunning):
            changing.ask_to_add(plan=plan, text=TaskText(title="T"), reason="x", by=there.nam)


def test_whose_role_ended_neither_sees_nor_takes_back_what_they_asked(there, plan):
    asked = changing.ask_for_task(task=first_task(plan), text=later(there), reason="Lũ lụt", by=there.nam)
    assert list(queries.changes_asked(there.nam)) == [asked]
    roles.end(grant=RoleGrant.objects.get(person=there.nam), by=None)
    nam = there.fresh("nam")
    with pytest.raises(NotAllowed):
        changing.withdraw(request=asked, by=nam)
    assert not ChangeRequest.objects.visible_to(nam).exists() and not queries.changes_asked(nam).exists()


def test_who_may_still_ask_takes_it_back(there, plan):
    asked = changing.ask_for_task(task=first_task(plan), text=later(there), reason="Lũ lụt", by=there.nam)
    assert changing.withdraw(request=asked, by=there.nam).state == ChangeRequest.State.WITHDRAWN


def test_the_leader_in_charge_is_shown_the_task_while_they_may_see_it(there):
    text = TaskText(title="Mở lớp", lead_unit=there.communes[0], leader=there.lan, due_on=date(2026, 11, 1))
    plan_in_force(there, text)
    assert queries.urgent_tasks(there.lan, date(2026, 11, 24)).count() == 1
    roles.end(grant=RoleGrant.objects.get(person=there.lan), by=None)
    assert not queries.urgent_tasks(there.fresh("lan"), date(2026, 11, 24)).exists()
