"""A commune with its committee, a community digital team and helpers; a commune next door; a resident."""

from __future__ import annotations

from dataclasses import dataclass

from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units.models import Place, Unit
from hocvuso.units.services import close_unit, open_unit

__all__ = ["Commune", "close_unit", "commune", "helper"]


@dataclass
class Commune:
    """Hoa lives here; Tư helps at the committee, Tam at the team, Nga next door; Lan leads the province above."""

    province: Unit
    committee: Unit
    team: Unit
    next_door: Unit
    place: Place
    hoa: Person
    tu: Person
    tam: Person
    nga: Person
    lan: Person


def helper(name: str, unit: Unit, role: Role = Role.OFFICER) -> Person:
    """Somebody with a role at a unit."""
    made = Person.objects.create(name=name)
    roles.grant(person=made, role=role, unit=unit, by=None)
    return made


def commune() -> Commune:
    """Two communes of one province."""
    land = Place.objects.create(code="01", name="Tỉnh Một", kind="province", type="tinh")
    here, there = (
        Place.objects.create(code=code, name=name, kind="commune", type="xa", parent=land)
        for code, name in (("00001", "Xã Đây"), ("00002", "Xã Kia"))
    )
    province = open_unit(code="SO", name="Sở", kind="provincial-department", parent=None, place_code="01")
    committee = open_unit(code="X-1", name="Xã Đây", kind="commune-committee", parent=province, place_code="00001")
    team = open_unit(code="T-1", name="Tổ thôn Một", kind="digital-team", parent=committee, place_code="00001")
    next_door = open_unit(code="X-2", name="Xã Kia", kind="commune-committee", parent=province, place_code="00002")
    return Commune(
        province=province,
        committee=committee,
        team=team,
        next_door=next_door,
        place=here,
        hoa=Person.objects.create(name="Hoa", birth_year=1956, home_place=here),
        tu=helper("Tư", committee),
        tam=helper("Tam", team),
        nga=helper("Nga", next_door),
        lan=helper("Lan", province, Role.LEADER),
    )
