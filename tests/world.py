"""Builds the world of tests with the real verbs, so that it cannot lie about what is possible."""

from __future__ import annotations

import json
import re
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import yaml

from hocvuso.assess import services as assess
from hocvuso.assess.models import Attempt, Item
from hocvuso.library import services as library
from hocvuso.library.models import Programme
from hocvuso.people.models import Person
from hocvuso.people.rules import Role
from hocvuso.people.rules_consent import Purpose, Said
from hocvuso.people.services import consents, roles, signin
from hocvuso.skills import services as skills
from hocvuso.units import services as units
from hocvuso.units.models import Unit

ROOT = Path(__file__).parent.parent
PHONES = {
    name: f"0900 000 {number:03}" for number, name in enumerate(("hoa", "binh", "an", "minh", "lan", "oanh", "xuan"), 1)
}


@dataclass
class Cast:
    """Hoa learns; Bình learns next door; An writes, Minh reviews, Lan leads the department.

    Oanh operates; Xuân leads next door.
    """

    ministry: Unit
    here: Unit
    school: Unit
    next_door: Unit
    hoa: Person
    binh: Person
    an: Person
    minh: Person
    lan: Person
    oanh: Person
    xuan: Person


def person(name: str) -> Person:
    """A person who signed in by phone, as everybody does."""
    kind, value = signin.read_address(PHONES[name])
    made = Person.objects.create(name=name.title())
    signin.add_identifier(person=made, kind=kind, value=value)
    return agreeing(made)


def agreeing(who: Person) -> Person:
    """The person, who agrees to have results kept."""
    consents.answer(person=who, purpose=Purpose.LEARNING, said=Said.GIVEN, evidence="test")
    return who


def owner() -> Unit:
    """The department that the tests' programmes belong to, where Lan leads; opened when it is first asked for."""
    found = Unit.objects.select_related("parent").filter(code="SO-1").first()
    if found is None:
        ministry = units.open_unit(code="BO", name="Bộ", kind="ministry", parent=None)
        found = units.open_unit(code="SO-1", name="Sở Một", kind="provincial-department", parent=ministry)
    return found


def cast() -> Cast:
    """The cast with their roles."""
    here = owner()
    ministry = here.parent
    school = units.open_unit(code="T-1", name="Trường Một", kind="school", parent=here)
    next_door = units.open_unit(code="SO-2", name="Sở Hai", kind="provincial-department", parent=ministry)
    people = {name: person(name) for name in PHONES}
    for name, role, unit in [
        ("an", Role.AUTHOR, here),
        ("minh", Role.REVIEWER, here),
        ("lan", Role.LEADER, here),
        ("oanh", Role.OPERATOR, ministry),
        ("xuan", Role.LEADER, next_door),
    ]:
        roles.grant(person=people[name], role=role, unit=unit, by=None)
    return Cast(ministry=ministry, here=here, school=school, next_door=next_door, **people)


@cache
def _yaml(path: str) -> object:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def frameworks() -> None:
    """The real frameworks, crosswalks and audiences."""
    for path in sorted((ROOT / "data" / "frameworks").glob("*.yaml")):
        skills.load_framework(_yaml(f"data/frameworks/{path.name}"))
    for path in sorted((ROOT / "data" / "crosswalks").glob("*.yaml")):
        skills.load_crosswalk(_yaml(f"data/crosswalks/{path.name}"))
    skills.load_audiences(_yaml("data/audiences.yaml"))


def publish(folder: Path, *, unit: Unit | None = None) -> Programme:
    """A programme of a unit, published from a source folder."""
    edition = library.publish_folder(folder=folder, unit=unit or owner())
    return Programme.objects.select_related("current").get(pk=edition.programme_id)


def sign_in(client, who: Person, *, strong: bool = True) -> None:
    """A session as after signing in; `strong` with the second factor shown."""
    client.force_login(Person.objects.get(pk=who.pk))  # a change of factors since then ended older sessions
    session = client.session
    session["strong"] = time.time() if strong else 0
    session.save()
    client.cookies["hv_session"] = session.session_key


def leave_open(client, *, hours: float = 6) -> None:
    """The session stays open: the second factor was shown that long ago."""
    session = client.session
    session["strong"] = time.time() - hours * 3600
    session.save()
    client.cookies["hv_session"] = session.session_key


def statement(
    verb: str = "answered", kind: str = "item", address: str = "hai-bai/bai-mot", item: str = "c1", **changes
) -> dict:
    """A statement as a device makes it."""
    made = {
        "id": str(uuid.uuid4()),
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": f"urn:hocvuso:{kind}:{address}" + (f"/{item}" if kind == "item" else "")},
        "timestamp": datetime.now(UTC).isoformat(),
        "result": {"success": True, "duration": "PT20S"},
    }
    return made | changes


def batch(*statements: dict) -> bytes:
    """A batch as it goes over the wire."""
    return json.dumps(list(statements)).encode()


def right_response(item: Item) -> list[int]:
    """What the key says."""
    return item.answer.get("right") or item.answer["sequence"]


def wrong_response(item: Item) -> list[int]:
    """Something the key does not say."""
    if "sequence" in item.answer:
        return item.answer["sequence"][::-1]
    return [next(n for n in range(len(item.content["options"])) if n not in item.answer["right"])]


def take_final(who: Person, programme: Programme, *, right: bool = True) -> Attempt:
    """A final test taken to the end."""
    attempt = assess.start(person=who, programme=programme, kind=Attempt.Kind.FINAL)
    for position, placed in enumerate(attempt.form["items"]):
        item = Item.objects.get(pk=placed["id"])
        assess.answer(
            attempt=attempt, position=position, response=right_response(item) if right else wrong_response(item)
        )
    return assess.submit(attempt=attempt)


def flat(page: str) -> str:
    """A page as a reader of its source would tell it: white space squeezed, and none beside a tag."""
    return re.sub(r"\s*(<[^>]*?)\s*>\s*", r"\1>", re.sub(r"\s+", " ", page))
