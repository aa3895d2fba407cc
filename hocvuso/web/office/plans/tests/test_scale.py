"""A country's worth of plans: every board opens with a bounded number of queries, whoever asks."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hocvuso.people.rules import Role
from hocvuso.people.services import roles
from hocvuso.plans.models import Plan, Task
from hocvuso.plans.tests.cabinet import cabinet, first_task, plan_in_force
from hocvuso.units.models import Unit
from hocvuso.units.rules import base36
from tests.world import sign_in

pytestmark = pytest.mark.django_db
HOME = "/dieu-hanh/ke-hoach/"
PROVINCES, COMMUNES, TASKS = 34, 99, 40_000
MOST_QUERIES = 25  # “Việc của tôi” asks each subject once


def the_country(there):
    """34 departments with 99 communes each, a child plan for each of the 3,400, and 40,000 tasks in force."""
    departments = [_unit(there.ministry, 100 + n, "provincial-department") for n in range(PROVINCES)]
    Unit.objects.bulk_create(departments)
    communes = [_unit(d, n + 1, "commune-committee") for d in departments for n in range(COMMUNES)]
    Unit.objects.bulk_create(communes)
    root = plan_in_force(there, title="Kế hoạch quốc gia")
    units = departments + communes
    plans = Plan.objects.bulk_create(
        [
            Plan(unit=u, answers=first_task(root), root=root, title=f"Kế hoạch {u}", state=state)
            for u, state in zip(units, _states(len(units)), strict=True)
        ],
        batch_size=500,
    )
    Task.objects.bulk_create(_tasks(plans), batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # PostgreSQL would do it by itself, but not inside the transaction of a test
    return root, departments, communes


def _unit(parent, number, kind):
    path = f"{parent.path}{base36(number)}."
    return Unit(code=f"U{path}", name=f"Đơn vị {path}", kind=kind, parent=parent, path=path, search=f"don vi {path}")


def _states(n):
    return random.Random(3).choices(["in-force", "in-force", "in-force", "submitted", "draft"], k=n)


def _tasks(plans):
    chance, today = random.Random(7), timezone.localdate()
    for n in range(TASKS):
        plan = plans[n % len(plans)]
        due = today + timedelta(days=chance.randint(-120, 200))
        done = due + timedelta(days=chance.randint(-20, 10)) if chance.random() < 0.4 else None
        begun = chance.random() < 0.6
        yield Task(
            plan=plan,
            position=n,
            title=f"Nhiệm vụ {n}",
            lead_unit_id=plan.unit_id,
            due_on=due,
            done_on=done,
            begun=begun,
        )


def test_any_board_opens_with_few_queries_and_in_no_time(client):
    there = cabinet()
    root, departments, communes = the_country(there)
    roles.grant(person=there.xuan, role=Role.LEADER, unit=departments[0], by=None)
    roles.grant(person=there.tu, role=Role.OFFICER, unit=communes[0], by=None)
    task = first_task(root)
    pages = [
        "", "?q=quoc", "bang/", f"bang/?ke-hoach={root.pk}", "bang/?cot=late&trang=20", "bang/?cot=done", "nhiem-vu/",
        "nhiem-vu/?trang-thai=at-risk&trang=3", "lich/", f"{root.pk}/", f"{root.pk}/thoi-gian/", f"nhiem-vu/{task.pk}/",
        "mau/",
    ]  # fmt: skip
    taken = {}
    for name in ("thuy", "xuan", "tu"):
        sign_in(client, there.fresh(name))
        for page in ["/dieu-hanh/", *(HOME + page for page in pages)]:
            with CaptureQueriesContext(connection) as asked:
                began = time.process_time()
                answer = client.get(page)
                took = time.process_time() - began
            if answer.status_code == 404:
                continue  # the root task is led by province one; not everybody has it
            assert len(asked) <= MOST_QUERIES, (name, page, [q["sql"][:200] for q in asked])
            taken[name, page] = (round(took * 1000), len(asked))
    slowest = sorted(taken.items(), key=lambda item: -item[1][0])
    assert slowest[0][1][0] <= 900, slowest[:5]  # three times what is promised, for slow and busy machines
