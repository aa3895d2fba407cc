"""The hand inside the installation: makes who acts there, holds its database, puts rotten rows in, counts at the end.

A process of its own with the installation's settings. It is told by lines of JSON `[what, arguments]`, and answers each
by a line.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import django

from .acts import MEASURED, VALUES_EACH

LEADER, STEWARD, OFFICER = "leader", "steward", "officer"


def world(learners: int, officers: int, tasks: int = 0) -> dict[str, Any]:
    """Who acts, with what they are known by: sessions of learners and officers, secrets of programs; a task for each
    officer, and as many more as `tasks` says.
    """
    from hocvuso.base.ids import uuid7
    from hocvuso.people.models import Person
    from hocvuso.people.rules import Role
    from hocvuso.people.rules_consent import Purpose
    from hocvuso.people.services import consents, roles
    from hocvuso.plans.models import Plan, Task
    from hocvuso.units.models import Unit

    ministry = Unit.objects.get(code="BGDDT")
    people = [Person(name=f"Người học {n}", birth_year=1960) for n in range(learners)]
    Person.objects.bulk_create(people)
    consents.give_for_all(people=people, purpose=Purpose.LEARNING, evidence="bench")
    leaders = [Person(id=uuid7(), name=f"Cán bộ {n}") for n in range(officers)]
    Person.objects.bulk_create(leaders)
    for leader in leaders:
        roles.grant(person=leader, role=Role(LEADER), unit=ministry, by=None)
    plan = Plan.objects.create(unit=ministry, title="Kế hoạch", state=Plan.State.IN_FORCE)
    made = Task.objects.bulk_create(
        (Task(plan=plan, position=n, title=f"Nhiệm vụ {n}", lead_unit=ministry) for n in range(officers + tasks)),
        batch_size=2000,
    )
    _indicators()
    return {
        "learners": [_session(person) for person in people],
        "officers": [_session(person, strong=True) for person in leaders],
        "tasks": [str(task.pk) for task in made[:officers]],
        "values": _program(ministry, STEWARD, "values:write"),
        "requests": _program(ministry, OFFICER, "requests:write"),
        "units": _communes(),
    }


def _indicators() -> None:
    from hocvuso.indicators.models import Indicator

    facts = {"kind": Indicator.Kind.DECLARED, "minimum": 0, "maximum": 10**9, "definition": {"aggregate": "none"}}
    Indicator.objects.bulk_create(Indicator(key=f"faults-{n}", title=f"Chỉ số {n}", **facts) for n in range(MEASURED))


def _communes() -> list[str]:
    from hocvuso.units.models import Unit

    found = Unit.objects.filter(kind=Unit.Kind.COMMUNE_COMMITTEE).order_by("path")
    return list(found.values_list("code", flat=True))


def table(file: str, rows: int) -> str:
    """Write a table of so many values, and say where it is."""
    communes = _communes()
    with open(file, "w", encoding="utf-8") as out:
        out.write("indicator,unit,period,value\n")
        for n in range(rows):
            out.write(f"faults-{n // len(communes) % MEASURED},{communes[n % len(communes)]},2025-01,{n}\n")
    return file


def _session(person: Any, *, strong: bool = False) -> dict[str, str]:
    """The cookies of a browser that this person signed in with."""
    from django.conf import settings
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person)
    session: Any = client.session
    session["strong"] = time.time() if strong else 0
    session.save()
    return {settings.SESSION_COOKIE_NAME: session.session_key, "csrftoken": "t" * 32}


def _program(unit: Any, role: str, scope: str) -> str:
    from hocvuso.interop import services
    from hocvuso.people.rules import Role

    return services.make_client(name="Máy", scopes=[scope], unit=unit, role=Role(role), by=None)[1]


def hold(seconds: float) -> float:
    """Hold the database as somebody else's long work does: nobody else writes."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE records_statement, base_doneonce, base_tries IN EXCLUSIVE MODE")
        else:
            cursor.execute("UPDATE base_mark SET name = name WHERE name = ''")
        time.sleep(seconds)
    return seconds


def poison(number: int) -> int:
    """Rows that no door lets in: of a learner, of an event, of the outbox. Returns how many."""
    from hocvuso.base.ids import uuid7
    from hocvuso.base.models import OutboxMessage, PendingEvent
    from hocvuso.people.models import Person
    from hocvuso.records.models import Statement

    now = datetime.now(UTC)
    victim, _new = Person.objects.get_or_create(name="Hàng hỏng")
    never = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    Statement.objects.create(
        id=uuid7(), person=victim, verb="completed", object="urn:hocvuso:lesson:không/có", content={"id": str(uuid7())},
        content_hash="0" * 32, at=never, stored_at=now, seconds=2**31 - 1,
    )  # fmt: skip
    PendingEvent.objects.create(kind=f"nothing.known-{number}", data={"gone": None})
    PendingEvent.objects.create(kind="credential.issued", data={"other": number})
    OutboxMessage.objects.create(id=uuid7(), source="nobody", receiver=f"nobody:{number}")
    return 4


def count(acts: dict[str, list[list[Any]]]) -> dict[str, Any]:
    """What became of all acts: by kind, how many that were acknowledged are not there, and how many are there twice."""
    lost: Counter[str] = Counter()
    twice: Counter[str] = Counter()
    for kind, told in acts.items():
        found = _found(kind, [key for key, _acknowledged in told])
        for key, acknowledged in told:
            lost[kind] += acknowledged and not found[key]
            twice[kind] += max(found[key] - 1, 0)
    return {"lost": dict(lost), "twice": dict(twice)}


def _found(kind: str, keys: list[Any]) -> Counter[Any]:
    """How often each key is stored."""
    from hocvuso.helpdesk.models import ResidentRequest
    from hocvuso.plans.models import ProgressNote
    from hocvuso.records.models import Statement

    if kind == "values":
        return Counter({key: _imported(key) for key in keys})
    rows: Iterable[Any] = {
        "statement": Statement.objects.values_list("pk", flat=True),
        "note": ProgressNote.objects.values_list("text", flat=True),
        "request": ResidentRequest.objects.values_list("text", flat=True),
    }[kind]
    return Counter(str(key) for key in rows)


def _imported(number: int) -> int:
    """1: all values of an import are there; 0: not all."""
    from hocvuso.indicators.models import Value

    return int(Value.objects.filter(value=number).count() == VALUES_EACH)


def projections() -> str:
    """What is concluded from statements, as a fingerprint."""
    from hocvuso.learning.models import LessonProgress, ReviewCard

    return _digest([LessonProgress.objects.all(), ReviewCard.objects.all()])


def figures(full: bool) -> str:
    """What is counted, as a fingerprint: what came in since the last time, or everything again."""
    from hocvuso.indicators import services
    from hocvuso.indicators.models import Cell, Total

    services.roll_up(full=full)
    return _digest([Cell.objects.all(), Total.objects.all()])


def _digest(tables: list[Any]) -> str:
    hashed = sha256()
    for rows in tables:
        names = sorted(f.attname for f in rows.model._meta.concrete_fields if f.attname not in ("id", "created_at"))
        for row in sorted(map(str, rows.values_list(*names))):
            hashed.update(row.encode())
    return hashed.hexdigest()


def journal() -> str:
    """What is wrong with the journal; empty: nothing."""
    from hocvuso.base import journal

    broken = journal.first_broken()
    return journal.what_is_cut() if broken is None else f"broken at entry {broken}"


ACTS = {act.__name__: act for act in (world, table, hold, poison, count, projections, figures, journal)}


def main() -> None:
    """Do what the lines say, until there are no more."""
    django.setup()
    for line in sys.stdin:
        what, arguments = json.loads(line)
        try:
            told: Any = ACTS[what](**arguments)
        except Exception as fault:  # said to whoever asked, who ends the run
            told = {"failed": f"{type(fault).__name__}: {fault}"}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
