"""Who may go along: nobody who holds a role where the inspection goes."""

from __future__ import annotations

import pytest

from hocvuso.inspections import queries
from hocvuso.inspections.services import inspecting
from hocvuso.people.rules import Role
from hocvuso.people.services import roles

from .world import prepare


def test_nobody_inspects_where_they_hold_a_role(cast):
    world = prepare(cast, begin=False)
    inspection = world.inspection
    for role, unit in ((Role.TEACHER, cast.school), (Role.OFFICER, cast.next_door)):
        given = roles.grant(person=cast.binh, role=role, unit=unit, by=None)
        with pytest.raises(inspecting.Partial) as refused:
            inspecting.set_team(inspection=inspection, people=[cast.hoa, cast.binh], by=cast.hoa)
        assert refused.value.field == "team" and "Binh" in str(refused.value)
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
