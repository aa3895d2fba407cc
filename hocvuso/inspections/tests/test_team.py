"""Who may go along: whoever inspects today, and nobody who holds a role where the inspection goes."""

from __future__ import annotations

import uuid

import pytest

from hocvuso.base.errors import NotAllowed
from hocvuso.inspections import queries
from hocvuso.inspections.models import Inspection, Visit
from hocvuso.inspections.services import inspecting, remedying, visiting
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units.queries import NotAddressable

from .world import PNG, prepare


def test_nobody_inspects_where_they_hold_a_role(cast):
    world = prepare(cast, begin=False)
    inspection = world.inspection
    for role, unit in ((Role.TEACHER, cast.school), (Role.OFFICER, cast.next_door)):
        given = roles.grant(person=cast.binh, role=role, unit=unit, by=None)
        with pytest.raises(inspecting.Partial) as refused:
            inspecting.set_team(inspection=inspection, people=[cast.hoa, cast.binh], by=cast.hoa)
        assert refused.value.field == "people" and "Binh" in str(refused.value)
        with pytest.raises(inspecting.Partial):
            inspecting.start(inspection=inspection, by=cast.hoa)
        offered = {inspector.person.name for inspector in queries.inspectors_for(inspection)}
        assert offered == {"Hoa", "Oanh"}
        roles.end(grant=given, by=cast.oanh)
    inspecting.start(inspection=inspection, by=cast.hoa)


def test_a_unit_may_inspect_its_own_house(cast):
    made = inspecting.plan_inspection(unit=cast.here, by=cast.lan, title="Tự kiểm tra")
    inspecting.set_scope(inspection=made, units=[cast.here, cast.school], by=cast.lan)
    inspecting.set_team(inspection=made, people=[cast.lan], by=cast.lan)
    assert made.team.get() == cast.lan


def again(person):
    """The person as a new request sees them."""
    return Person.objects.get(pk=person.pk)


def dismissed(person, role=Role.INSPECTOR):
    """The person, whose role has ended."""
    roles.end(grant=RoleGrant.objects.get(person=person, role=role, ends_at=None), by=None)
    return again(person)


def acts_on(visit, finding, remedy, by):
    """All that an inspector does at a visit and afterwards."""
    photo = {"id": uuid.uuid4(), "question": "q5", "name": "a.png", "content": PNG}
    yield lambda: visiting.take_sheet(visit=visit, id=uuid.uuid4(), answers={"q1": "yes"}, finish=True, by=by)
    yield lambda: visiting.add_photo(visit=visit, by=by, **photo)
    yield lambda: visiting.record_finding(visit=visit, text="x", by=by)
    yield lambda: visiting.amend_finding(finding=finding, text="x", severity="minor", evidence="", by=by)
    yield lambda: remedying.ask_remedy(finding=finding, title="x", due_on=None, by=by)
    yield lambda: remedying.verify(remedy=remedy, by=by)
    yield lambda: remedying.reopen(remedy=remedy, why="x", by=by)
    yield lambda: inspecting.draft_conclusion(inspection=visit.inspection, text="x", by=by)


class TestAfterwards:
    """Membership of a team gives nothing by itself: the role of today does."""

    @pytest.fixture
    def world(self, cast):
        return prepare(cast)

    @pytest.fixture
    def reported(self, world, cast):
        """A finding of Hoa's at the department, whose remedy it reports done."""
        finding = world.find(cast.here)
        return remedying.propose(remedy=world.ask(finding), text="Xong", by=cast.an).finding

    def test_an_inspector_whose_role_ended_does_nothing_more(self, world, cast, reported):
        hoa = dismissed(cast.hoa)
        for act in acts_on(world.visit(cast.here), reported, reported.remedy, hoa):
            with pytest.raises(NotAllowed):
                act()

    def test_neither_do_they_see_it_nor_are_they_asked_to_go(self, world, cast):
        assert Visit.objects.to_make_by(cast.hoa).count() == 2
        hoa = dismissed(cast.hoa)
        assert not Visit.objects.to_make_by(hoa).exists() and not Visit.objects.visible_to(hoa).exists()
        assert not Inspection.objects.held_by(hoa).exists() and not Inspection.objects.visible_to(hoa).exists()

    def test_somebody_given_a_role_there_does_not_answer_on_themselves(self, world, cast, reported):
        roles.grant(person=cast.hoa, role=Role.OFFICER, unit=cast.here, by=None)
        hoa = again(cast.hoa)
        for act in acts_on(world.visit(cast.here), reported, reported.remedy, hoa):
            with pytest.raises(inspecting.Partial):
                act()
        assert [visit.unit for visit in Visit.objects.to_make_by(hoa)] == [cast.next_door]
        visiting.record_finding(visit=world.visit(cast.next_door), text="Thiếu máy", by=hoa)

    def test_a_role_beneath_the_unit_visited_counts_too(self, world, cast):
        roles.grant(person=cast.hoa, role=Role.TEACHER, unit=cast.school, by=None)
        with pytest.raises(inspecting.Partial):
            visiting.record_finding(visit=world.visit(cast.here), text="x", by=again(cast.hoa))

    def test_an_inspector_of_another_unit_in_the_sphere_still_goes(self, world, cast):
        roles.grant(person=cast.hoa, role=Role.INSPECTOR, unit=cast.school, by=None)
        roles.end(grant=RoleGrant.objects.get(person=cast.hoa, unit=cast.ministry), by=None)
        visiting.record_finding(visit=world.visit(cast.next_door), text="Thiếu máy", by=again(cast.hoa))

    def test_it_does_not_begin_with_somebody_whose_role_ended(self, cast):
        world = prepare(cast, begin=False)
        dismissed(cast.binh)
        with pytest.raises(NotAddressable):
            inspecting.start(inspection=world.inspection, by=cast.hoa)

    def test_whoever_wrote_any_of_the_conclusion_does_not_issue_it(self, world, cast):
        for unit in (cast.here, cast.next_door):
            world.send(unit, finish=True)
        inspecting.draft_conclusion(inspection=world.inspection, text="Tốt", by=cast.hoa)
        inspecting.draft_conclusion(inspection=world.inspection, text="Tốt.", by=cast.binh)
        assert not queries.conclusions_waiting_for(cast.hoa)
        with pytest.raises(inspecting.TwoEyes):
            inspecting.conclude(inspection=world.inspection, by=cast.hoa)
        assert inspecting.conclude(inspection=world.inspection, by=cast.oanh).state == "concluded"
