"""What is periodic is done by one command, again without harm, and one fault does not hold up the rest."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from datetime import date

import pytest

from hocvuso.indicators import services as indicators
from hocvuso.indicators.models import Watermark
from hocvuso.ops import periodic
from hocvuso.plans.models import Plan
from tests.world import ROOT

from .installation import Installation

BEGIN = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'hocvuso.settings'; django.setup()\n"


@pytest.mark.django_db
def test_a_plan_comes_into_force_on_its_day(cast):
    plan = Plan.objects.create(unit=cast.here, title="Kế hoạch", state=Plan.State.APPROVED, starts_on=date(2026, 1, 1))
    assert periodic.run() == 0
    plan.refresh_from_db()
    assert plan.state == Plan.State.IN_FORCE


@pytest.mark.django_db
def test_again_is_harmless(cast):
    assert periodic.run() == periodic.run() == 0


@pytest.mark.django_db
def test_doubts_are_looked_for_once_a_day(cast):
    indicators.check_quality_daily(today=date(2026, 5, 2))
    mark = Watermark.objects.get(measure="examine")
    periodic.run()
    assert periodic.run() == 0 and Watermark.objects.get(measure="examine").taken_until >= mark.taken_until


@pytest.mark.django_db
def test_one_fault_does_not_hold_up_the_rest(cast, capsys):
    failed = periodic._do("broken", lambda: 1 / 0)
    assert failed == 1 and periodic._do("whole", lambda: 3) == 0
    assert "whole: 3" in capsys.readouterr().out


APART = """
import hashlib, signal, time
from hocvuso.base.batches import Batch, each
from hocvuso.ops import periodic
periodic.PATIENCE, periodic.GRACE = 0.5, 6.0
periodic.LONGEST = {name: 1.5 / 60 for name in ("asleep", "deaf", "swallows")}
periodic.WORKS = {
    "asleep": lambda now: time.sleep(600),
    "deaf": lambda now: hashlib.pbkdf2_hmac("sha256", b"x", b"y", 10**9),
    "swallows": lambda now: each(range(600), lambda row: time.sleep(1) or 1, batch=Batch("sleepy", "x"), name=str),
    "crashes": lambda now: os.kill(os.getpid(), signal.SIGSEGV),
    "whole": lambda now: 3,
}
status = periodic.run_apart()
from hocvuso.base import marks
print(json.dumps([status, {name: mark.data for name, mark in marks.beginning("work:").items()}]))
"""


class TestApart:
    """Each part in a process of its own: what hangs, crashes or swallows its end keeps no other from its turn."""

    @pytest.fixture(scope="class")
    @staticmethod
    def site(tmp_path_factory):
        return Installation(tmp_path_factory.mktemp("periodic")).set_up()

    def test_what_is_stuck_is_ended_and_the_others_are_done(self, site):
        began = time.monotonic()
        said, _ = site.python("import json\n" + APART).communicate()
        status, known = json.loads(said.splitlines()[-1])
        assert status == 1 and time.monotonic() - began < 60
        assert "ok" in known["whole"]
        for name in ("asleep", "swallows"):
            assert "TooLong" in known[name]["error"], name
        assert "hung for" in known["deaf"]["error"] and "SIGSEGV" in known["crashes"]["error"]

    def test_what_another_round_still_does_is_left_to_it(self, site):
        code = "from hocvuso.ops import periodic\nwith periodic._alone('events'): print('mine', flush=True); input()"
        other = subprocess.Popen(
            [sys.executable, "-c", BEGIN + code], cwd=ROOT, env=site.environ,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert other.stdout.readline() == "mine\n"
        status, said = site.run("periodic")
        assert status == 0 and "events: still being done" in said and "outbox: 0" in said
        other.communicate("\n")
        assert "events: still" not in site.run("periodic")[1]

    def test_metrics_say_when_each_was_done(self, site):
        site.run("periodic")
        with site.served() as address, urllib.request.urlopen(f"{address}/metrics", timeout=30) as answer:
            told = answer.read().decode()
        assert 'hocvuso_periodic_done_timestamp_seconds{work="figures"} 1.' in told
