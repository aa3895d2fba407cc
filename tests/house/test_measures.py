"""A measure may not change once counted: counted as records come in, or all at the end, it is the same."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.urls import resolve
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocvuso.assess.models import Attempt
from hocvuso.credentials import services as credentials
from hocvuso.credentials.models import Credential
from hocvuso.indicators import queries
from hocvuso.indicators import services as indicators
from hocvuso.indicators.models import Cell, Total
from hocvuso.indicators.queries.sources import dated
from hocvuso.indicators.rules import REGISTER
from hocvuso.indicators.services import rollup
from hocvuso.library.models import Lesson
from hocvuso.people.models import RoleGrant
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.records import services as records
from hocvuso.records.models import Statement
from tests.world import batch, statement

LESSONS = ["hai-bai/bai-mot", "hai-bai/bai-hai"]
ACTS = [
    ("initialized", "lesson"), ("progressed", "lesson"), ("completed", "lesson"), ("completed", "lesson"),
    ("completed", "practice"), ("answered", "item"),
]  # fmt: skip
which, some = st.integers(0, 9), st.integers(0, 2)
told = st.tuples(
    st.just("told"), some, st.sampled_from(ACTS), st.sampled_from(LESSONS), st.integers(-2, 40), st.integers(0, 900),
    st.sampled_from(["", "d1", "d2"]),
)  # fmt: skip
acts = (
    told
    | told
    | st.tuples(st.sampled_from(["again", "void", "correct"]), which)
    | st.tuples(st.just("edition"), st.integers(0, 30))
    | st.tuples(st.just("tested"), some, st.booleans())
    | st.tuples(st.sampled_from(["suspend", "restore", "revoke"]), which)
    | st.tuples(st.sampled_from(["role", "end-role"]), some)
)


class World:
    """What happens to three people, by the verbs of the rooms. Nothing happens where an act does not fit."""

    def __init__(self, cast, programme):
        self.people = [cast.hoa, cast.binh, cast.lan]
        self.cast, self.programme = cast, programme
        self.sent = []

    def do(self, act, *values):
        getattr(self, act.replace("-", "_"))(*values)

    def told(self, person, act, lesson, days_ago, seconds, device):
        verb, kind = act
        made = statement(verb, kind, lesson)
        made["timestamp"] = (datetime.now(UTC) - timedelta(days=days_ago)).isoformat()
        made["result"] = {"success": seconds % 2 == 0, "duration": f"PT{seconds}S"}
        made["context"] = {"extensions": {"urn:hocvuso:device": device}}
        self._send(self.people[person], made)

    def _send(self, person, made):
        assert not records.append(person=person, batch=batch(made)).refused
        self.sent.append((person, made))

    def again(self, n):
        for person, made in self.sent[n : n + 1]:
            records.append(person=person, batch=batch(made))

    def void(self, n):
        for person, made in self.sent[n : n + 1]:
            records.void(statement=Statement.objects.get(pk=made["id"]), reason="nhầm", by=person)

    def correct(self, n):
        self.void(n)
        for person, made in self.sent[n : n + 1]:
            self._send(person, made | {"id": str(uuid.uuid4()), "result": {"success": True, "duration": "PT100S"}})

    def edition(self, minutes):
        Lesson.objects.update(minutes=minutes)

    def tested(self, person, passed):
        one, edition = self.people[person], self.programme.published_edition
        result = {"tier": 1 + passed, "passed": passed, "outcomes": {}, "right": 1, "asked": 1, "theta": 0.0, "se": 1.0}
        attempt = Attempt.objects.create(
            person=one, programme=self.programme, edition=edition, kind="final", seed=1, state="scored", form={},
            result=result, submitted_at=timezone.now(),
        )  # fmt: skip
        if passed:
            credentials.issue(attempt=attempt, holder_name=one.name)

    def _certificate(self, n, state, verb, **by):
        for credential in Credential.objects.filter(state__in=state).order_by("pk")[n : n + 1]:
            verb(credential=credential, reason="xem lại", **by)

    def suspend(self, n):
        self._certificate(n, ["issued"], credentials.suspend, by=None)

    def restore(self, n):
        self._certificate(n, ["suspended"], credentials.restore, by=None)

    def revoke(self, n):
        self._certificate(n, ["issued", "suspended"], credentials.revoke)

    def role(self, person):
        self.end_role(person)
        roles.grant(person=self.people[person], role=Role.TEACHER, unit=self.cast.school, by=None)

    def end_role(self, person):
        for grant in RoleGrant.objects.filter(person=self.people[person], role=Role.TEACHER, ends_at=None)[:1]:
            roles.end(grant=grant, by=None)


def counted():
    cells = Cell.objects.order_by("measure", "day", "area", "unit_path", "audience", "sex", "age_band", "ethnicity")
    values = cells.values_list("measure", "day", "area", "unit_path", "audience", "sex", "age_band", "value")
    totals = Total.objects.order_by("measure", "month", "scope").values_list("measure", "month", "scope", "value")
    nothing = 1e-9  # what was counted and taken back may leave a cell of nothing
    return [[(*of, round(value, 6)) for *of, value in rows if abs(value) > nothing] for rows in (values, totals)]


@pytest.mark.django_db
class TestCountedOnceForAll:
    @pytest.fixture(autouse=True)
    def _ready(self, cast, programme, monkeypatch):
        monkeypatch.setattr(rollup, "OVERLAP", timedelta(0))  # it would count again whatever a test does
        self.cast, self.programme = cast, programme

    @settings(max_examples=40, suppress_health_check=list(HealthCheck))
    @given(batches=st.lists(st.lists(acts, min_size=1, max_size=6), min_size=2, max_size=5))
    def test_as_they_come_in_or_all_at_the_end(self, batches):
        with transaction.atomic():
            world = World(self.cast, self.programme)
            for one_batch in batches:
                for act in one_batch:
                    world.do(*act)
                indicators.roll_up()
            incremental = counted()
            indicators.roll_up(full=True)
            assert incremental == counted()
            transaction.set_rollback(True)

    def test_every_record_says_what_it_is_and_opens_where_it_is_shown(self):
        world = World(self.cast, self.programme)
        for act in [*(("told", 0, kind, LESSONS[0], 1, 60, "d1") for kind in ACTS), ("void", 2), ("tested", 0, True)]:
            world.do(*act)
        told = {m.name: [queries.told(m, row) for row in dated(m)] for m in REGISTER.values()}
        learnt = {"learning.lessons-done", "learning.minutes", "learning.practice-done", "learning.learners"}
        assert learnt | {"assess.taken", "credentials.issued", "people.roles"} <= {name for name in told if told[name]}
        for record in (record for one in told.values() for record in one):
            assert record.label
            if record.url:
                resolve(record.url)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="what PostgreSQL plans depends on how much is there")
@pytest.mark.parametrize("name", sorted(REGISTER))
def test_no_measure_looks_through_many_rows_for_each_of_its_rows(name):
    plan = dated(REGISTER[name]).explain()
    steps = [line.split(" ", 3) for line in plan.splitlines()]  # of each its number, and the number of its parent
    inner = {number for number, _parent, _zero, what in steps if what.startswith("CORRELATED")}
    for number, parent, _zero, what in steps:
        if parent in inner:
            inner.add(number)
            assert not what.startswith("SCAN") and ("=?" in what or not what.startswith("SEARCH")), plan
