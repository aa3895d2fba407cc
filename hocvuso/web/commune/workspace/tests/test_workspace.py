"""A commune's page: what it owes and by when, how its residents learn; nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hocvuso.base import periods
from hocvuso.indicators.models import Indicator, Value
from hocvuso.interop.tests.machine import machine
from hocvuso.overview.queries.communes import figures_owed
from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task
from hocvuso.units import services as units
from tests import world


@pytest.fixture
def commune(cast):
    """A commune with an officer (Bình); another one next to it."""
    made = units.open_unit(code="UBND-1", name="Uỷ ban xã Một", kind="commune-committee", parent=cast.here)
    roles.grant(person=cast.binh, role=Role.OFFICER, unit=made, by=None)
    return made


@pytest.fixture
def binh(client, cast, commune):
    world.sign_in(client, cast.binh)
    return client


@pytest.fixture
def plan(cast):
    return Plan.objects.create(unit=cast.here, title="Kế hoạch", state=Plan.State.IN_FORCE)


def day(n):
    return timezone.localdate() + timedelta(days=n)


def test_an_officer_of_one_commune_comes_straight_to_it(binh, commune):
    assert f"<h1>{commune.name}</h1>" in binh.get("/dieu-hanh/xa/").text


def test_a_quiet_morning_says_so(binh):
    assert "Hôm nay không có việc nào gấp." in binh.get("/dieu-hanh/xa/").text


def test_the_brief_counts_what_is_late_and_what_is_near(binh, commune, plan):
    for due in (-2, -1, 2, 30):
        Task.objects.create(plan=plan, title=f"Việc {due}", lead_unit=commune, due_on=day(due))
    text = binh.get("/dieu-hanh/xa/").text
    assert "Nhiệm vụ đã quá hạn: 2." in text and "Nhiệm vụ đến hạn trong ba ngày tới: 1." in text


def test_tasks_stand_by_due_day_and_done_ones_are_gone(binh, commune, plan):
    for title, due, done in [("Sau", 9, None), ("Trước", 3, None), ("Xong", 1, day(0))]:
        Task.objects.create(plan=plan, title=title, lead_unit=commune, due_on=day(due), done_on=done)
    work = binh.get("/dieu-hanh/xa/").context["work"]
    assert [task.title for task, _state in work.tasks] == ["Trước", "Sau"]


def test_a_figure_said_before_and_not_for_the_last_period_is_owed(cast, commune):
    indicator = Indicator.objects.create(key="lop", title="Lớp", kind="declared", period_type="month")
    last = periods.containing("month", timezone.localdate()).preceding()
    said = {"indicator": indicator, "unit": commune, "value": 1, "at": timezone.now()}
    Value.objects.create(period=last.preceding().code, **said)
    assert figures_owed(commune, timezone.localdate()) == [(indicator, last.code)]
    Value.objects.create(period=last.code, **said)
    assert figures_owed(commune, timezone.localdate()) == []


def test_a_department_chooses_among_its_communes(client, cast, commune):
    world.sign_in(client, cast.lan)
    units.open_unit(code="UBND-2", name="Uỷ ban xã Hai", kind="commune-committee", parent=cast.here)
    text = client.get("/dieu-hanh/xa/").text
    assert "Uỷ ban xã Một" in text and "Uỷ ban xã Hai" in text
    assert "Uỷ ban xã Hai" not in client.get("/dieu-hanh/xa/?q=xa+mot").text


def test_the_neighbour_finds_nothing(client, cast, commune):
    world.sign_in(client, cast.xuan)
    assert client.get(f"/dieu-hanh/xa/?unit={commune.pk}").status_code == 404


def test_it_asks_no_more_for_more_tasks(binh, commune, plan, django_assert_max_num_queries):
    for n in range(30):
        Task.objects.create(plan=plan, title=f"Việc {n}", lead_unit=commune, due_on=day(n))
    binh.get("/dieu-hanh/xa/")  # brings the roll-ups up to date
    with django_assert_max_num_queries(30):
        binh.get("/dieu-hanh/xa/")


class TestForPrograms:
    def test_it_tells_what_the_page_tells(self, commune, plan):
        Indicator.objects.create(
            key="learners", title="Người học", kind="measure", definition={"measure": "learning.learners"}
        )
        late = Task.objects.create(plan=plan, title="Muộn", lead_unit=commune, due_on=day(-2))
        page = machine(commune).one(f"communes/{commune.code}")
        assert page["brief"] == ["Nhiệm vụ đã quá hạn: 1."]
        assert page["tasks"] == [{"id": str(late.pk), "title": "Muộn", "due_on": str(day(-2)), "state": "late"}]
        assert page["learning"] == [{"indicator": "learners", "this_week": 0, "week_before": 0}]
        assert page["requests"] == {"open": 0, "unanswered": 0, "late": 0}

    def test_next_door_and_other_units_are_not_there(self, cast, commune):
        assert machine(cast.next_door).get(f"communes/{commune.code}").status_code == 404
        assert machine(cast.here).get(f"communes/{cast.here.code}").status_code == 404
