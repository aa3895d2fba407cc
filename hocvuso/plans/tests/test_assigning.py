"""One press gives a task to everybody; what is untouched can be taken back; templates; the starter plan."""

from __future__ import annotations

import time
from datetime import date

import pytest
import yaml
from django.conf import settings

from hocvuso.base.errors import NotAllowed
from hocvuso.base.models import JournalEntry
from hocvuso.base.versions import Stale
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.queries import planning as queries
from hocvuso.plans.rules import PlanState
from hocvuso.plans.services import assigning, planning, working, writing
from hocvuso.plans.services.assigning import AlreadyAnswered, Assigned, NotAgreedYet
from hocvuso.plans.services.writing import NotBeneath, PlanText, TaskText
from hocvuso.units import services as units
from hocvuso.units.models import Unit

from .cabinet import TODAY, cabinet, first_task, plan_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    return cabinet()


@pytest.fixture
def task(there):
    return first_task(
        plan_in_force(there, TaskText(title="Mở lớp", product="Danh sách lớp", due_on=date(2026, 12, 31)))
    )


def communes():
    return Unit.objects.filter(kind="commune-committee")


class TestAnswering:
    def test_a_child_plan_begins_with_the_tasks_dates_and_product(self, there):
        task = first_task(plan_in_force(there, TaskText(title="T", lead_unit=there.one, product="P", due_on=TODAY)))
        child = assigning.answer(task=task, unit=there.one, by=there.nam)
        copied = first_task(child)
        assert (child.root, child.answers, child.ends_on) == (task.plan, task, TODAY)
        assert (copied.product, copied.due_on, copied.lead_unit) == ("P", TODAY, there.one)
        task.refresh_from_db()
        assert task.begun
        with pytest.raises(AlreadyAnswered):
            assigning.answer(task=task, unit=there.one, by=there.lan)

    def test_the_tree_shares_its_root(self, there):
        root = plan_in_force(there)
        child = assigning.answer(task=first_task(root), unit=there.one, by=there.nam)
        planning.submit(plan=child, by=there.nam)
        planning.approve(plan=child, by=there.thuy)
        below = assigning.answer(task=first_task(child), unit=there.communes[0], by=there.tu)
        assert below.root == root
        assert set(Plan.objects.of_tree(root)) == {root, child, below}

    def test_only_those_who_were_given_it_answer(self, there, task):
        for who, unit in [(there.nam, there.one), (there.xuan, there.two), (there.xuan, there.one)]:
            with pytest.raises(NotAllowed):
                assigning.answer(task=task, unit=unit, by=who)

    def test_a_draft_is_not_answered(self, there):
        plan = writing.start(unit=there.ministry, text=PlanText(title="P"), by=there.ha)
        task = writing.add_task(plan=plan, text=TaskText(title="T", lead_unit=there.one), by=there.ha)
        with pytest.raises(NotAgreedYet):
            assigning.answer(task=task, unit=there.one, by=there.ha)


class TestAMinistrysDepartment:
    """It acts for the ministry in what the ministry gave it: ministry → department → province → commune."""

    @pytest.fixture
    def office(self, there):
        """Mai leads the department, Phi writes there; the ministry gave it a task."""
        made = units.open_unit(code="CUC", name="Cục", kind="department", parent=there.ministry)
        there.mai, there.phi = (Person.objects.create(name=name) for name in ("Mai", "Phi"))
        for person, role in ((there.mai, Role.LEADER), (there.phi, Role.OFFICER)):
            roles.grant(person=person, role=role, unit=made, by=None)
        return made

    @pytest.fixture
    def given(self, there, office):
        """A task of the department's plan, approved by the ministry, led by province one."""
        asked = first_task(plan_in_force(there, TaskText(title="Việc của Cục", lead_unit=office)))
        plan = assigning.answer(task=asked, unit=office, by=there.phi)
        task = writing.add_task(plan=plan, text=TaskText(title="Việc của Sở", lead_unit=there.one), by=there.phi)
        planning.submit(plan=plan, by=there.phi)
        with pytest.raises(NotAllowed):
            planning.approve(plan=plan, by=there.mai)
        planning.approve(plan=plan, by=there.thuy)
        return task

    def test_provinces_answer_it_and_the_department_decides(self, there, given):
        child = assigning.answer(task=given, unit=there.one, by=there.nam)
        writing.add_task(plan=child, text=TaskText(title="Thêm"), by=there.nam)
        planning.submit(plan=child, by=there.nam)
        assert list(queries.awaiting(there.mai)) == [child]
        assert queries.tasks_of(there.phi, child).count() == 2
        planning.approve(plan=child, by=there.mai)
        assert child in Plan.objects.visible_to(there.phi)
        assert set(child.tasks.all()) <= set(Task.objects.visible_to(there.phi))

    def test_all_provinces_with_one_press(self, there, given):
        everywhere = Unit.objects.filter(kind="provincial-department")
        assert assigning.assign(task=given, units=everywhere, by=there.phi).made == 2
        assert set(queries.units_to_assign(given, kind="provincial-department")) == set(everywhere)

    def test_not_the_ministry_itself(self, there, given):
        assert there.ministry not in queries.units_to_assign(given)

    def test_not_by_a_plan_of_its_own_that_the_ministry_did_not_approve(self, there, office):
        plan = writing.start(unit=office, text=PlanText(title="P"), by=there.phi)
        with pytest.raises(NotBeneath):
            writing.add_task(plan=plan, text=TaskText(title="T", lead_unit=there.one), by=there.phi)
        task = writing.add_task(plan=plan, text=TaskText(title="T"), by=there.phi)
        planning.submit(plan=plan, by=there.phi)
        planning.approve(plan=plan, by=there.mai)
        assert assigning.assign(task=task, units=Unit.objects.all(), by=there.phi).made == 0

    def test_a_neighbouring_department_sees_none_of_it(self, there, given):
        other = units.open_unit(code="VU", name="Vụ", kind="department", parent=there.ministry)
        who = Person.objects.create(name="Ai")
        roles.grant(person=who, role=Role.OFFICER, unit=other, by=None)
        child = assigning.answer(task=given, unit=there.one, by=there.nam)
        assert child not in Plan.objects.visible_to(who)
        assert not Task.objects.visible_to(who).filter(plan__in=[child, given.plan]).exists()


class TestAssigning:
    def test_one_press_one_entry_and_again_changes_nothing(self, there, task):
        before = JournalEntry.objects.count()
        assert assigning.assign(task=task, units=communes(), by=there.ha) == Assigned(made=5, already=0)
        assert JournalEntry.objects.count() == before + 1
        assert assigning.assign(task=task, units=communes(), by=there.ha) == Assigned(made=0, already=5)
        assert JournalEntry.objects.count() == before + 1
        child = Plan.objects.get(unit=there.communes[0])
        assert first_task(child).product == "Danh sách lớp" and first_task(child).lead_unit == there.communes[0]

    def test_a_neighbour_and_those_below_cannot(self, there, task):
        for who in (there.xuan, there.nam, there.tu):
            with pytest.raises(NotAllowed):
                assigning.assign(task=task, units=communes(), by=who)

    def test_it_reaches_no_further_than_ones_reach(self, there):
        plan = writing.start(unit=there.one, text=PlanText(title="P"), by=there.nam)
        task = writing.add_task(plan=plan, text=TaskText(title="T"), by=there.nam)
        planning.submit(plan=plan, by=there.nam)
        planning.approve(plan=plan, by=there.lan)
        assert assigning.assign(task=task, units=communes(), by=there.nam).made == 3

    def test_with_a_template_its_tasks_come_with_their_dates_moved(self, there):
        source = writing.start(
            unit=there.ministry, text=PlanText(title="Mẫu", starts_on=date(2026, 1, 1)), by=there.ha, kind="template"
        )
        for title in ("Một", "Hai"):
            writing.add_task(plan=source, text=TaskText(title=title, due_on=date(2026, 1, 11)), by=there.ha)
        task = first_task(plan_in_force(there, TaskText(title="T", starts_on=date(2026, 3, 1))))
        assigning.assign(task=task, units=communes(), by=there.ha, template=source)
        child = Plan.objects.get(unit=there.communes[0], kind="plan")
        assert [(t.title, t.due_on) for t in child.tasks.all()] == [
            ("Một", date(2026, 3, 11)),
            ("Hai", date(2026, 3, 11)),
        ]

    def test_what_nobody_touched_is_taken_back_the_rest_stays(self, there, task):
        assigning.assign(task=task, units=communes(), by=there.ha)
        mine = Plan.objects.get(unit=there.communes[0])
        writing.edit(plan=mine, text=PlanText(title="Đã viết"), by=there.tu)
        assert assigning.withdraw(task=task, by=there.ha) == 4
        assert list(Plan.objects.filter(answers=task)) == [mine]
        task.refresh_from_db()
        assert task.begun
        with pytest.raises(NotAllowed):
            assigning.withdraw(task=task, by=there.nam)

    def test_taking_all_back_leaves_the_task_as_it_was(self, there, task):
        assigning.assign(task=task, units=communes(), by=there.ha)
        assert assigning.withdraw(task=task, by=there.ha) == 5
        task.refresh_from_db()
        assert not task.begun

    def test_who_pressed_may_approve_what_the_unit_wrote(self, there, task):
        assigning.assign(task=task, units=communes(), by=there.thuy)
        child = Plan.objects.get(unit=there.communes[0])
        planning.submit(plan=child, by=there.tu)
        assert planning.approve(plan=child, by=there.thuy).state == PlanState.APPROVED

    def test_the_roll_up_counts_what_one_may_see(self, there, task):
        assigning.assign(task=task, units=communes(), by=there.ha)
        child = Plan.objects.get(unit=there.communes[0])
        planning.submit(plan=child, by=there.tu)
        planning.approve(plan=child, by=there.thuy)
        rolled = queries.roll_up(queries.child_plans(there.thuy, task), TODAY)
        assert (rolled.total, rolled.agreed, rolled.late) == (5, 1, 0)
        planning.put_in_force(plan=child, by=there.tu)
        assert queries.roll_up(queries.child_plans(there.thuy, task), date(2027, 1, 1)).late == 1
        assert queries.roll_up(queries.child_plans(there.xuan, task), TODAY).total == 2

    def test_all_communes_take_less_than_ten_seconds_and_a_bounded_number_of_queries(
        self, there, django_assert_max_num_queries
    ):
        bgddt = the_country()
        roles.grant(person=there.ha, role=Role.OFFICER, unit=bgddt, by=None)
        roles.grant(person=there.thuy, role=Role.LEADER, unit=bgddt, by=None)
        there.ha, there.thuy = there.fresh("ha"), there.fresh("thuy")
        task = first_task(plan_in_force(there, TaskText(title="Mở lớp"), unit=bgddt))
        began = time.process_time()
        with django_assert_max_num_queries(40):
            assert assigning.assign(task=task, units=communes(), by=there.ha).made == 3321
        assert time.process_time() - began < 10
        began = time.process_time()
        assert assigning.withdraw(task=task, by=there.ha) == 3321
        assert time.process_time() - began < 10

    def test_several_answers_are_approved_with_one_press_but_not_ones_own(self, there, task):
        assigning.assign(task=task, units=communes(), by=there.ha)
        for child in Plan.objects.filter(answers=task):
            planning.submit(plan=child, by=there.thuy if child.unit == there.communes[4] else there.ha)
        done, refused = planning.approve_all(plans=seen(Plan.objects.filter(answers=task)), by=there.thuy)
        assert done == 4 and [unit for unit, _why in refused] == [there.communes[4]]

    def test_of_several_answers_one_that_changed_meanwhile_is_left_out_and_named(self, there, task):
        assigning.assign(task=task, units=communes(), by=there.ha)
        for child in Plan.objects.filter(answers=task):
            planning.submit(plan=child, by=there.ha)
        ticked = seen(Plan.objects.filter(answers=task))
        planning.withdraw(plan=ticked[0][0], by=there.ha)
        planning.submit(plan=ticked[0][0], by=there.ha)
        done, [(unit, why)] = planning.approve_all(plans=ticked, by=there.thuy)
        assert done == 4 and unit == ticked[0][0].unit and isinstance(why, Stale)


def seen(plans):
    """Plans, each with the version at which it is seen."""
    return [(plan, plan.version) for plan in plans]


def the_country():
    """The ministry of the reference data, with all its departments and communes."""
    units.load_places(settings.REFERENCE_DATA / "places.csv")
    units.load_units(settings.REFERENCE_DATA / "units.csv")
    units.open_commune_committees()
    return Unit.objects.get(code="BGDDT")


class TestTemplates:
    def test_a_plan_becomes_a_template_and_a_template_a_plan(self, there):
        plan = plan_in_force(there, TaskText(title="T", lead_unit=there.one, due_on=date(2026, 1, 11)))
        template = assigning.save_as_template(plan=plan, title="Mẫu năm", by=there.ha)
        assert template.state == PlanState.DRAFT and template not in Plan.objects.real()
        text = PlanText("Kế hoạch 2027", number="1/KH", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))
        made = assigning.start_from(template=template, unit=there.one, text=text, by=there.nam)
        assert [(t.title, t.due_on) for t in made.tasks.all()] == [("T", date(2027, 1, 11))]
        assert (made.number, made.starts_on, made.ends_on) == ("1/KH", text.starts_on, text.ends_on)
        with pytest.raises(NotAllowed):
            assigning.start_from(template=template, unit=there.one, text=PlanText("X"), by=there.xuan)

    def test_a_template_is_not_carried_out(self, there):
        template = assigning.save_as_template(plan=plan_in_force(there), title="Mẫu", by=there.ha)
        with pytest.raises(planning.IsTemplate):
            planning.submit(plan=template, by=there.ha)


class TestStarterPlan:
    @pytest.fixture
    def data(self):
        return yaml.safe_load((settings.REFERENCE_DATA / "plans" / "899-qd-bgddt.yaml").read_text("utf-8"))

    def test_it_is_in_force_with_ten_tasks_and_its_source_and_loads_once(self, data):
        the_country()
        plan = planning.load_plan(data)
        assert (plan.state, plan.number, plan.tasks.count()) == (PlanState.IN_FORCE, "899/QĐ-BGDĐT", 10)
        assert plan.source and plan.issued_on == date(2025, 4, 4) and plan.approved_by is None
        assert planning.load_plan(data) == plan and Plan.objects.count() == 1

    def test_what_the_sources_do_not_state_stays_open(self, data):
        assert not any(task.get("lead_unit") or task.get("due_on") for task in data["tasks"])


def test_a_task_of_a_child_plan_is_worked_on_where_it_lies(there, task):
    assigning.assign(task=task, units=communes(), by=there.ha)
    child = Plan.objects.get(unit=there.communes[0])
    planning.submit(plan=child, by=there.tu)
    planning.approve(plan=child, by=there.thuy)
    planning.put_in_force(plan=child, by=there.tu)
    assert working.add_note(task=first_task(child), text="Đã mở", by=there.tu)


def test_who_was_given_a_task_sees_it_and_the_plan_it_stands_in(there):
    """Also where they neither lead nor support it: their own plan answers it."""
    task = first_task(plan_in_force(there))
    assigning.assign(task=task, units=Unit.objects.filter(pk=there.two.pk), by=there.ha)
    assert Task.objects.visible_to(there.xuan).filter(pk=task.pk).exists()
    assert Plan.objects.visible_to(there.xuan).filter(pk=task.plan_id).exists()
    Plan.objects.filter(answers=task, unit=there.two).delete()
    assert not Task.objects.visible_to(there.xuan).filter(pk=task.pk).exists()
