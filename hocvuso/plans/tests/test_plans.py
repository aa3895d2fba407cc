"""Plans are written and carried out: who may write, what is refused, what counts as done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from hocvuso.base.errors import EndsBeforeItStarts, IllegalMove, NeedsReason, NeedsTitle, NotAllowed
from hocvuso.indicators.rules import REGISTER
from hocvuso.plans.models import Plan, Task, TaskOutcome
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.rules import PlanState, TaskState
from hocvuso.plans.services import assigning, planning, working, writing
from hocvuso.plans.services.planning import Fixed, NotInForce
from hocvuso.plans.services.working import AlreadyDone, NoSuchEvidence, NotALink, ProductMissing
from hocvuso.plans.services.writing import Kept, NotALeader, NotBeneath, PlanText, TaskText

from .cabinet import cabinet, first_task, plan_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    return cabinet()


@pytest.fixture
def draft(there):
    return writing.start(unit=there.one, text=PlanText(title="Kế hoạch"), by=there.nam)


class TestWriting:
    def test_only_those_who_plan_at_the_unit_start_one(self, there):
        for who in (there.xuan, there.tu):
            with pytest.raises(NotAllowed):
                writing.start(unit=there.one, text=PlanText(title="P"), by=who)

    def test_titles_and_days_are_checked_at_their_fields(self, there, draft):
        with pytest.raises(NeedsTitle):
            writing.edit(plan=draft, text=PlanText(title=" "), by=there.nam)
        wrong = TaskText(title="T", starts_on=date(2026, 2, 2), due_on=date(2026, 2, 1))
        with pytest.raises(EndsBeforeItStarts) as refusal:
            writing.add_task(plan=draft, text=wrong, by=there.nam)
        assert refusal.value.field == "due_on" and not draft.tasks.exists()

    def test_tasks_are_given_downwards_others_support(self, there, draft):
        with pytest.raises(NotBeneath):
            writing.add_task(plan=draft, text=TaskText(title="T", lead_unit=there.two), by=there.nam)
        text = TaskText(title="T", lead_unit=there.communes[0], supporting_units=[there.two])
        task = writing.add_task(plan=draft, text=text, by=there.nam)
        assert list(task.supporting_units.all()) == [there.two]

    def test_the_leader_in_charge_is_a_leader_there_or_above(self, there, draft):
        with pytest.raises(NotALeader):
            writing.add_task(plan=draft, text=TaskText(title="T", leader=there.xuan), by=there.nam)
        for leader in (there.lan, there.thuy):
            writing.add_task(plan=draft, text=TaskText(title="T", leader=leader), by=there.nam)

    def test_tasks_keep_the_order_they_are_given(self, there, draft):
        one, two, three = (writing.add_task(plan=draft, text=TaskText(title=t), by=there.nam) for t in "ABC")
        writing.move_task(task=three, up=True, by=there.nam)
        writing.move_task(task=one, up=True, by=there.nam)
        assert "".join(draft.tasks.values_list("title", flat=True)) == "ACB"
        writing.delete_task(task=two, by=there.nam)
        assert "".join(draft.tasks.values_list("title", flat=True)) == "AC"

    def test_what_was_submitted_is_fixed(self, there, draft):
        task = writing.add_task(plan=draft, text=TaskText(title="T"), by=there.nam)
        planning.submit(plan=draft, by=there.nam)
        for verb in (
            lambda: writing.edit(plan=draft, text=PlanText(title="X"), by=there.nam),
            lambda: writing.add_task(plan=draft, text=TaskText(title="X"), by=there.nam),
            lambda: writing.edit_task(task=task, text=TaskText(title="X"), by=there.nam),
            lambda: writing.delete_task(task=task, by=there.nam),
            lambda: writing.move_task(task=task, up=True, by=there.nam),
            lambda: writing.delete(plan=draft, by=there.nam),
        ):
            with pytest.raises(Fixed):
                verb()

    def test_until_it_is_decided_the_unit_may_take_it_back(self, there, draft):
        writing.add_task(plan=draft, text=TaskText(title="T"), by=there.nam)
        planning.submit(plan=draft, by=there.nam)
        with pytest.raises(NotAllowed):
            planning.withdraw(plan=draft, by=there.xuan)
        assert planning.withdraw(plan=draft, by=there.nam).state == PlanState.RETURNED
        writing.edit(plan=draft, text=PlanText(title="Sửa"), by=there.nam)
        planning.submit(plan=draft, by=there.nam)
        planning.approve(plan=draft, by=there.lan)
        with pytest.raises(IllegalMove):
            planning.withdraw(plan=draft, by=there.nam)

    def test_a_draft_is_deleted_a_returned_plan_is_kept(self, there, draft):
        other = writing.start(unit=there.one, text=PlanText(title="P"), by=there.nam)
        writing.delete(plan=other, by=there.nam)
        writing.add_task(plan=draft, text=TaskText(title="T"), by=there.nam)
        planning.submit(plan=draft, by=there.nam)
        planning.return_for_revision(plan=draft, reason="Sửa", by=there.lan)
        with pytest.raises(Kept):
            writing.delete(plan=draft, by=there.nam)


class TestCarryingOut:
    def test_notes_begin_a_task_products_and_completion_end_it(self, there):
        due = timezone.localdate() + timedelta(days=30)
        task = first_task(plan_in_force(there, TaskText(title="T", lead_unit=there.one, product="Báo cáo", due_on=due)))
        today = timezone.localdate()
        assert task.state_on(today) == TaskState.NOT_STARTED
        working.add_note(task=task, text="Đã mở 3 lớp", by=there.nam)
        task.refresh_from_db()
        assert task.state_on(today) == TaskState.ON_TRACK
        with pytest.raises(ProductMissing):
            working.complete(task=task, by=there.nam)
        working.add_product(task=task, kind="link", address="https://example.vn/bao-cao", by=there.nam)
        assert working.complete(task=task, by=there.nam).state_on(today) == TaskState.DONE

    def test_late_is_late_even_when_done(self, there):
        yesterday = timezone.localdate() - timedelta(days=1)
        task = first_task(plan_in_force(there, TaskText(title="T", lead_unit=there.one, due_on=yesterday)))
        assert working.complete(task=task, by=there.nam).state_on(timezone.localdate()) == TaskState.DONE_LATE

    def test_it_is_opened_again_only_with_a_reason(self, there):
        task = first_task(plan_in_force(there))
        with pytest.raises(AlreadyDone):
            working.reopen(task=task, reason="x", by=there.nam)
        working.complete(task=task, by=there.nam)
        with pytest.raises(AlreadyDone):
            working.complete(task=task, by=there.nam)
        with pytest.raises(NeedsReason):
            working.reopen(task=task, reason=" ", by=there.nam)
        assert working.reopen(task=task, reason="Chưa đủ lớp", by=there.nam).done_on is None

    def test_supporting_units_add_but_do_not_complete_neighbours_do_neither(self, there):
        text = TaskText(title="T", lead_unit=there.one, supporting_units=[there.communes[0]])
        task = first_task(plan_in_force(there, text))
        working.add_note(task=task, text="Xã đã làm", by=there.tu)
        with pytest.raises(NotAllowed):
            working.complete(task=task, by=there.tu)
        for verb in (
            lambda: working.add_note(task=task, text="x", by=there.xuan),
            lambda: working.add_product(task=task, kind="link", address="https://x.vn", by=there.xuan),
            lambda: working.complete(task=task, by=there.xuan),
            lambda: working.reopen(task=task, reason="x", by=there.xuan),
        ):
            with pytest.raises(NotAllowed):
                verb()

    def test_nothing_is_entered_before_it_is_in_force(self, there, draft):
        task = writing.add_task(plan=draft, text=TaskText(title="T"), by=there.nam)
        for verb in (
            lambda: working.add_note(task=task, text="x", by=there.nam),
            lambda: working.complete(task=task, by=there.nam),
        ):
            with pytest.raises(NotInForce):
                verb()

    @pytest.mark.parametrize(
        ("kind", "address", "refusal"),
        [
            ("link", "javascript:alert(1)", NotALink),
            ("link", "bao-cao", NotALink),
            ("edition", "khong-co", NoSuchEvidence),
            ("indicator", "khong-co", NoSuchEvidence),
        ],
    )
    def test_evidence_that_is_none_is_refused(self, there, kind, address, refusal):
        task = first_task(plan_in_force(there))
        with pytest.raises(refusal):
            working.add_product(task=task, kind=kind, title="Có tên", address=address, by=there.nam)

    def test_a_file_is_kept_as_evidence(self, there, settings, tmp_path):
        from hocvuso.base.attachments import attached_to

        settings.DATA = tmp_path
        task = first_task(plan_in_force(there))
        product = working.add_product(task=task, kind="file", name="a.pdf", content=b"%PDF-1.7 x", by=there.nam)
        assert [file.name for file in attached_to(product)] == ["a.pdf"]


class TestSettling:
    """What is counted of timeliness: how a task stood when its due day was over, once for ever."""

    @pytest.fixture
    def after(self, there):
        """The day after three tasks were due: done in time, done late, not done; and one without a day."""
        today = timezone.localdate()
        plan = Plan.objects.create(unit=there.ministry, title="P", state=Plan.State.IN_FORCE)
        for title, due, done in [("đúng", -5, -6), ("muộn", -5, -2), ("chưa", -5, None), ("không hạn", None, None)]:
            day, end = (None if n is None else today + timedelta(days=n) for n in (due, done))
            Task.objects.create(plan=plan, title=title, lead_unit=there.one, due_on=day, done_on=end)
        return today

    def test_each_once(self, there, after):
        assert (working.settle_due(after), working.settle_due(after)) == (3, 0)
        assert set(TaskOutcome.objects.values_list("task__title", "on_time")) == {
            ("đúng", True), ("muộn", False), ("chưa", False),
        }  # fmt: skip
        assert [REGISTER[name].rows().count() for name in ("tasks.due", "tasks.on-time")] == [3, 1]

    def test_not_before_the_day_is_over(self, there, after):
        assert working.settle_due(after - timedelta(days=5)) == 0

    def test_neither_completion_nor_another_day_changes_it(self, there, after):
        working.settle_due(after)
        Task.objects.filter(title="chưa").update(done_on=after, due_on=after)
        assert working.settle_due(after + timedelta(days=9)) == 0
        assert not TaskOutcome.objects.get(task__title="chưa").on_time

    def test_not_of_drafts_nor_of_remedies(self, there, after):
        for fields in ({"state": Plan.State.DRAFT}, {"kind": Plan.Kind.REMEDIES}):
            Plan.objects.update(**{"state": Plan.State.IN_FORCE, "kind": Plan.Kind.PLAN} | fields)
            assert working.settle_due(after) == 0


class TestWhoSees:
    def test_a_neighbour_sees_nothing(self, there, draft):
        assert list(Plan.objects.visible_to(there.nam)) == [draft]
        assert not Plan.objects.visible_to(there.xuan).exists()
        assert list(Plan.objects.visible_to(there.thuy)) == [draft]

    def test_below_one_sees_what_was_given_and_only_that(self, there):
        theirs = TaskText(title="Của Sở Hai", lead_unit=there.two)
        ours = TaskText(title="Của Sở Một", lead_unit=there.one)
        plan = plan_in_force(there, theirs, ours)
        assert list(Plan.objects.visible_to(there.lan)) == [plan]
        assert [task.title for task in Task.objects.visible_to(there.lan)] == ["Của Sở Một"]
        assert [task.title for task in queries.tasks_of(there.lan, plan)] == ["Của Sở Một"]
        assert len(queries.tasks_of(there.thuy, plan)) == 2

    def test_drafts_above_are_not_seen(self, there):
        plan = writing.start(unit=there.ministry, text=PlanText(title="P"), by=there.ha)
        writing.add_task(plan=plan, text=TaskText(title="T", lead_unit=there.one), by=there.ha)
        planning.submit(plan=plan, by=there.ha)
        assert not Plan.objects.visible_to(there.lan).exists()
        assert not Task.objects.visible_to(there.lan).exists()

    def test_templates_go_down_not_sideways(self, there, draft):
        template = assigning.save_as_template(plan=draft, title="Mẫu của Sở", by=there.nam)
        assert template in queries.templates(there.tu)
        assert template not in queries.templates(there.xuan)


class TestMineToday:
    def test_late_tasks_of_my_unit_and_of_my_charge(self, there):
        today = timezone.localdate()
        late = TaskText(title="Muộn", lead_unit=there.one, leader=there.thuy, due_on=today - timedelta(days=2))
        far = TaskText(title="Xa", lead_unit=there.one, due_on=today + timedelta(days=90))
        plan_in_force(there, late, far)
        for who in (there.lan, there.nam, there.thuy):
            assert [task.title for task in queries.urgent_tasks(who, today)] == ["Muộn"]
        for who in (there.ha, there.xuan, there.tu):
            assert not queries.urgent_tasks(who, today)

    def test_plans_wait_for_those_who_may_approve_and_did_not_write(self, there):
        task = first_task(plan_in_force(there))
        child = assigning.answer(task=task, unit=there.one, by=there.nam)
        assert list(queries.to_mend(there.nam)) == [child]
        planning.submit(plan=child, by=there.nam)
        assert list(queries.awaiting(there.thuy)) == [child]
        for who in (there.lan, there.nam, there.ha, there.xuan):
            assert not queries.awaiting(who).exists()
        planning.return_for_revision(plan=child, reason="Thiếu", by=there.thuy)
        assert list(queries.to_mend(there.nam)) == [child] and list(queries.to_mend(there.lan)) == [child]
