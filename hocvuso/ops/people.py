"""`hocvuso grant`: the first roles of an installation. `hocvuso forget-factors`: for who lost their devices."""

from __future__ import annotations

from hocvuso.base.errors import Refusal
from hocvuso.people.models import Person
from hocvuso.people.queries import person_with
from hocvuso.people.rules import Role
from hocvuso.people.services import factors, roles, signin
from hocvuso.reminders.services import devices
from hocvuso.units.models import Unit


def grant(address: str, role: str, unit_code: str) -> int:
    """Give a role; the person is made if new."""
    unit = Unit.objects.filter(code=unit_code).first()
    if unit is None or role not in Role.values:
        print(f"No unit {unit_code}." if unit is None else f"No role {role}; roles: {', '.join(Role.values)}.")
        return 1
    try:
        kind, value = signin.read_address(address)
        person = person_with(kind, value) or Person.objects.create()
        signin.add_identifier(person=person, kind=kind, value=value)
        roles.grant(person=person, role=Role(role), unit=unit, by=None)
    except Refusal as refusal:
        print(refusal)
        return 1
    print(f"{role} at {unit.name}: person {person.pk}")
    return 0


def forget_factors(address: str) -> int:
    """Take the second factor of the person with this address away, so that they can set up another."""
    try:
        person = person_with(*signin.read_address(address))
    except Refusal as refusal:
        print(refusal)
        return 1
    if person is None:
        print(f"Nobody has the address {address}.")
        return 1
    factors.forget_factors(person=person)
    devices.let_go(person=person)  # whoever found the phone reads no reminders on it
    print(f"person {person.pk}: signed out everywhere; the next sign-in sets up a second factor")
    return 0
