"""A small country for tests: two provinces of two communes, their units, a school, and roles given on chosen days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hocvuso.indicators.models import Indicator
from hocvuso.indicators.rules import ZONE
from hocvuso.people.models import Person, RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.units import services as units
from hocvuso.units.models import Place, Unit

EPOCH = date(2026, 1, 1)


@dataclass
class Country:
    """The units by name, and people who lead the ministry and the two departments."""

    ministry: Unit
    here: Unit
    there: Unit
    communes: list[Unit]
    school: Unit
    minister: Person
    leader: Person
    neighbour: Person

    @property
    def all(self) -> list[Unit]:
        return [self.ministry, self.here, self.there, *self.communes, self.school]


def country() -> Country:
    """Built by the real verbs, but for places, which come from a file in a real installation."""
    vn = Place.objects.create(code="VN", name="Việt Nam", kind="country", type="quoc-gia")
    for code in ("01", "02"):
        province = Place.objects.create(code=code, name=f"Tỉnh {code}", kind="province", type="tinh", parent=vn)
        for n in (1, 2):
            Place.objects.create(
                code=f"{code}00{n}", name=f"Xã {code}{n}", kind="commune", type="xa", parent=province,
                special_difficulty=n == 1,
            )  # fmt: skip
    top = units.open_unit(code="BO", name="Bộ", kind="ministry", parent=None, place_code="VN")
    departments = [
        units.open_unit(code=f"SO-{c}", name=f"Sở {c}", kind="provincial-department", parent=top, place_code=c)
        for c in ("01", "02")
    ]
    units.open_commune_committees()
    school = units.open_unit(code="T", name="Trường", kind="school", parent=departments[0], place_code="01001")
    people = [Person.objects.create(name=name) for name in ("Bộ trưởng", "Giám đốc", "Láng giềng")]
    for person, unit in zip(people, [top, *departments], strict=True):
        roles.grant(person=person, role=Role.LEADER, unit=unit, by=None)
    RoleGrant.objects.update(starts_at=moment(-400), created_at=moment(-400))
    communes = list(Unit.objects.filter(kind="commune-committee").order_by("path"))
    return Country(top, departments[0], departments[1], communes, school, *people)


def moment(day: int, hour: int = 12) -> datetime:
    """Noon (or so) in Vietnam, `day` days after 1 January 2026."""
    on = EPOCH + timedelta(days=day)
    return datetime(on.year, on.month, on.day, hour, tzinfo=ZONE)


def given(unit: Unit, *, day: int, stored: int | None = None, **about: object) -> RoleGrant:
    """A role given on a day, stored on the same day or later."""
    person = Person.objects.create(name="x", **about)
    made = roles.grant(person=person, role=Role.VOLUNTEER, unit=unit, by=None, starts_at=moment(day))
    RoleGrant.objects.filter(pk=made.pk).update(created_at=moment(day if stored is None else stored))
    return made


def indicator(key: str, **fields: object) -> Indicator:
    """An indicator as reference data would load it."""
    return Indicator.objects.create(**({"key": key, "title": key, "kind": "measure"} | fields))
