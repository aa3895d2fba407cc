"""A small country for tests of plans: a ministry, two provinces, their communes, and who works where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.services import planning, writing
from hocvuso.plans.services.writing import PlanText, TaskText
from hocvuso.units import services as units
from hocvuso.units.models import Unit

TODAY = date(2026, 11, 24)


@dataclass
class Cabinet:
    """Thúy leads the ministry, Hà writes there; Lan leads province one, Nam writes; Xuân leads two; Tư: commune."""

    ministry: Unit
    one: Unit
    two: Unit
    communes: list[Unit]
    thuy: Person
    ha: Person
    lan: Person
    nam: Person
    xuan: Person
    tu: Person

    def fresh(self, name: str) -> Person:
        """The person as a new request would load it."""
        return Person.objects.get(pk=getattr(self, name).pk)


def cabinet() -> Cabinet:
    """Units and people, with the real verbs."""
    ministry = units.open_unit(code="BO", name="Bộ", kind="ministry", parent=None)
    one = units.open_unit(code="SO-1", name="Sở Một", kind="provincial-department", parent=ministry)
    two = units.open_unit(code="SO-2", name="Sở Hai", kind="provincial-department", parent=ministry)
    communes = [
        units.open_unit(code=f"XA-{n}", name=f"Xã {n}", kind="commune-committee", parent=one if n <= 3 else two)
        for n in range(1, 6)
    ]
    people = {name: Person.objects.create(name=name.title()) for name in ("thuy", "ha", "lan", "nam", "xuan", "tu")}
    for name, role, unit in [
        ("thuy", Role.LEADER, ministry),
        ("ha", Role.OFFICER, ministry),
        ("lan", Role.LEADER, one),
        ("nam", Role.OFFICER, one),
        ("xuan", Role.LEADER, two),
        ("tu", Role.OFFICER, communes[0]),
    ]:
        roles.grant(person=people[name], role=role, unit=unit, by=None)
    return Cabinet(ministry=ministry, one=one, two=two, communes=communes, **people)


def plan_in_force(
    there: Cabinet, *texts: TaskText, unit: Unit | None = None, by: Person | None = None, title: str = "Kế hoạch"
) -> Plan:
    """A ministry plan written by Hà, approved by Thúy, in force."""
    writer = by or there.ha
    plan = writing.start(unit=unit or there.ministry, text=PlanText(title=title, starts_on=date(2026, 1, 1)), by=writer)
    for text in texts or (TaskText(title="Nhiệm vụ", lead_unit=there.one, due_on=date(2026, 12, 31)),):
        writing.add_task(plan=plan, text=text, by=writer)
    planning.submit(plan=plan, by=writer)
    plan = planning.approve(plan=plan, by=there.thuy)
    return planning.put_in_force(plan=plan, by=writer)


def first_task(plan: Plan) -> Task:
    """The first task of a plan."""
    return plan.tasks.order_by("position")[0]
